"""Who sent a form, as a table of what browsers say."""

import pytest

from widget.web.same_origin import Sender, sender

OWN = "https://comments.example"
PARTNER = "https://partner.example"
SAME, ANONYMOUS, FOREIGN = Sender.SAME, Sender.ANONYMOUS, Sender.FOREIGN


@pytest.mark.parametrize(
    ("who", "site", "origin", "expected"),
    [
        ("our page", "same-origin", OWN, SAME),
        ("our page behind a proxy that hides the name we know", "same-origin", "http://127.0.0.1:8000", SAME),
        ("our page, Origin withheld by a no-referrer policy", "same-origin", "null", SAME),
        ("our page, no Origin sent", "same-origin", None, SAME),
        ("our page in an older browser, or over plain http", None, OWN, SAME),
        ("a command line or a very old browser", None, None, ANONYMOUS),
        ("a partner's sandbox without allow-same-origin", "cross-site", "null", ANONYMOUS),
        ("the same sandbox in an older browser", None, "null", ANONYMOUS),
        ("another site's page", "cross-site", PARTNER, FOREIGN),
        ("another site's page in an older browser", None, PARTNER, FOREIGN),
        ("a sibling host's page", "same-site", "https://www.example", FOREIGN),
        ("a sibling host's page that withholds its Origin", "same-site", "null", FOREIGN),
        ("a sibling host's page, no Origin sent", "same-site", None, FOREIGN),
        ("another site's page that claims our Origin", "cross-site", OWN, FOREIGN),
        ("another site's page, no Origin sent", "cross-site", None, FOREIGN),
        ("a browser's own doing", "none", None, FOREIGN),
        ("a browser's own doing, with an Origin", "none", OWN, FOREIGN),
        ("our host, other port", None, f"{OWN}:8443", FOREIGN),
        ("our host, no encryption", None, "http://comments.example", FOREIGN),
        ("a host that begins like ours", None, f"{OWN}.evil.test", FOREIGN),
        ("our Origin with a path", None, f"{OWN}/", FOREIGN),
        ("our Origin in capitals, as no browser writes it", None, OWN.upper(), FOREIGN),
        ("an empty Origin", None, "", FOREIGN),
        ("NULL in capitals", None, "NULL", FOREIGN),
        ("an empty Sec-Fetch-Site", "", OWN, FOREIGN),
        ("a Sec-Fetch-Site nobody knows", "same-planet", OWN, FOREIGN),
        ("capitals in Sec-Fetch-Site", "Same-Origin", OWN, FOREIGN),
        ("bytes that are no text", "\xff\x00", "\xfe", FOREIGN),
    ],
)
def test_who_sent_it(who: str, site: str | None, origin: str | None, expected: Sender) -> None:
    said = [(b"sec-fetch-site", site), (b"origin", origin), (b"referer", f"{OWN}/embed/a")]
    headers = [(name, value.encode("latin-1")) for name, value in said if value is not None]
    assert sender(headers, OWN) is expected, who


@pytest.mark.parametrize("name", [b"sec-fetch-site", b"origin"])
def test_a_header_said_twice_is_believed_neither_time(name: bytes) -> None:
    value = {b"sec-fetch-site": b"same-origin", b"origin": OWN.encode()}[name]
    assert sender([(name, value)], OWN) is SAME
    assert sender([(name, value), (name, value)], OWN) is FOREIGN

"""What must hold of our parsers whatever they are given: tried by Hypothesis in the tests, by atheris for minutes."""

import base64
from contextlib import suppress

from tests.markup.allowed import assert_allowed
from widget.clock import DAY
from widget.errors import MalformedAddress, StaleForm
from widget.markup.clean import clean, clean_imported
from widget.markup.links import links_in, safe_website
from widget.markup.plain import plain
from widget.markup.render import to_html
from widget.markup.source import as_markdown
from widget.sites.keys import Keys
from widget.sites.settings_forms import ANNOUNCING, APPEARANCE, COMMENTS, EMBEDDING, FIELDS, GENERAL, read_form
from widget.threads.address import canonical, page_key
from widget.web.signing import FormSigner, Purpose, peek

NOW = 1_790_000_000_000
_SIGNER = FormSigner(Keys([b"k" * 40]))
_GROUPS = (GENERAL, EMBEDDING, COMMENTS, ANNOUNCING, FIELDS, APPEARANCE)


def a_token_is_ours_or_none(text: str) -> None:
    """What nobody has signed opens nothing; what it claims can be looked at without harm."""
    for token in (text, _packed(text), f"{_packed(text)}.{text[:40]}"):
        with suppress(StaleForm):
            _SIGNER.open(Purpose.POST, token, NOW, DAY)
            raise AssertionError(f"it was opened: {token!r}")
        claimed = peek(token)
        assert claimed is None or isinstance(claimed["t"], int)


def a_signed_token_says_what_was_signed(text: str) -> None:
    """Any text comes back as it was put in, and for no other purpose."""
    token = _SIGNER.sign(Purpose.POST, {"u": text}, NOW)
    with suppress(StaleForm):  # too long
        assert _SIGNER.open(Purpose.POST, token, NOW, DAY) == {"u": text, "t": NOW}
    with suppress(StaleForm):
        _SIGNER.open(Purpose.EDIT, token, NOW, DAY)
        raise AssertionError("it was opened for something else")


def an_address_has_one_spelling(text: str) -> None:
    """It is refused, or its canonical form is its own canonical form and holds nothing that ends an attribute."""
    for url in (text, f"https://a.example/{text}", f"https://{text}/"):
        with suppress(MalformedAddress):
            read = canonical(url)
            assert canonical(read.url) == read, url
            assert page_key(read.url) == page_key(url), url
            assert read.url.isascii(), url
            assert not set(read.url) & set('"<>\\ \t\r\n'), url
            assert read.url.startswith(read.origin + "/"), url


def markup_is_harmless(text: str) -> None:
    """Whatever is typed or imported becomes allowed elements alone, cleaning again changes nothing."""
    for made in (to_html(text), clean(text), clean_imported(text)):
        assert_allowed(made)
        assert clean(made) == made, text
        plain(made)
        links_in(made)
        as_markdown(made)
    website = safe_website(text)
    assert website is None or website.startswith(("http://", "https://")), text


def a_form_is_read_or_at_fault(text: str) -> None:
    """Settings are values in their one spelling, or faults beside the fields that they belong to."""
    for group in _GROUPS:
        names = (*group.rules, "name", "origins", "no-such-field")
        form, change = read_form(group, [(name, text) for name in names])
        assert not (form.faults and change.rules), text


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()

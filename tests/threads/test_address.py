"""A page's address and its key: one for every spelling of the same page, another for another page."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.corpora import naughty_strings, needs_corpora, xss_strings
from widget.errors import MalformedAddress
from widget.threads.address import LONGEST, WORDPRESS_KEEP, canonical, page_key

SEGMENTS = st.text(alphabet=string.ascii_letters + string.digits + "-._~%/;:@é漢 +'\"[]|&=", max_size=12).map(
    lambda text: text.replace(" ", "%20")
)
PATHS = st.lists(
    st.one_of(
        SEGMENTS, st.sampled_from(["", ".", "..", "%2e", "%2E%2e", "%2f", "index.html", "index.php", "default.aspx"])
    ),
    max_size=8,
).map("/".join)
QUERIES = st.text(alphabet="pageid_=&%41zé?/+x", max_size=20)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("https://a.example", "https://a.example/"),
        ("HTTPS://A.Example:443/Path", "https://a.example/Path"),
        ("https://a.example/x#part", "https://a.example/x"),
        ("https://a.example/x?b=1&a=2#part", "https://a.example/x?b=1&a=2"),
        ("https://a.example/x?", "https://a.example/x?"),
        ("https://a.example/a/./b/../c", "https://a.example/a/c"),
        ("https://a.example/a/%2e%2E/c", "https://a.example/c"),
        ("https://a.example/../../c", "https://a.example/c"),
        ("https://a.example/a/..", "https://a.example/"),
        ("https://a.example/a/b/.", "https://a.example/a/b/"),
        ("https://a.example/%7Eada/%c3%a9", "https://a.example/~ada/%C3%A9"),
        ("https://a.example/é", "https://a.example/%C3%A9"),
        ("https://a.example/%e9", "https://a.example/%E9"),
        ("https://a.example/a%2Fb", "https://a.example/a%2Fb"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/%%34%31", "https://a.example/%2541"),
        ("https://a.example/%2541", "https://a.example/%2541"),
        ("https://a.example/a;b=c", "https://a.example/a;b=c"),
        ("https://bücher.example./x", "https://xn--bcher-kva.example/x"),
        ("https://a.example/?x=<b>", "https://a.example/?x=%3Cb%3E"),
    ],
)
def test_an_address_has_one_spelling(typed: str, url: str) -> None:
    assert canonical(typed).url == url
    assert canonical(url).url == url


def test_an_address_knows_its_origin() -> None:
    assert canonical("https://A.example:8443/x").origin == "https://a.example:8443"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "missing"),
        ("/x", "not-absolute"),
        ("a.example/x", "not-absolute"),
        ("//a.example/x", "not-absolute"),
        ("https:/a.example/x", "not-absolute"),
        ("https:a.example", "not-absolute"),
        ("ftp://a.example/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"),
        ("https://good.example@evil.test/", "userinfo"),
        ("https://:@a.example/", "userinfo"),
        ("https:///x", "host"),
        ("https://a.example:0/", "host"),
        ("https://a.example:65536/", "host"),
        ("https://a.example:80:80/", "host"),
        ("https://[::1/", "host"),
        ("https://a%00.example/", "host"),
        ("https://a.example/\x00", "characters"),
        ("https://a.example/\x7f", "characters"),
        ("https://a.example/a b", "characters"),
        ("https://a.example/a\nb", "characters"),
        (" https://a.example/", "characters"),
        ("ht\ttps://a.example/", "characters"),
        ("https://a.example/\u2028", "characters"),
        ("https://a.example/\ud800", "characters"),
        ("https://a.example\\@evil.test/", "characters"),
        ("https://a.example/" + "a" * LONGEST, "too-long"),
        ("https://a.example/" + "é" * 500, "too-long"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(typed: str, why: str) -> None:
    for read in (canonical, page_key):
        with pytest.raises(MalformedAddress) as refused:
            read(typed)
        assert (refused.value.url, refused.value.why) == (typed, why)


def test_the_longest_address_is_taken() -> None:
    longest = "https://a.example/".ljust(LONGEST, "a")
    assert canonical(longest).url == longest
    with pytest.raises(MalformedAddress):
        canonical(longest + "a")


@pytest.mark.parametrize(
    "spelling",
    [
        "https://a.example/Post",
        "http://A.EXAMPLE:80/Post",
        "https://a.example:443/Post/",
        "https://a.example//Post",
        "https://a.example/Post/index.html",
        "https://a.example/Post/index.htm",
        "https://a.example/Post/index.php",
        "https://a.example/Post/default.aspx",
        "https://a.example/./x/../Post#top",
        "https://a.example/%50ost",
        "https://a.example/Post?utm_source=feed&fbclid=1",
        "https://other.example/Post",
    ],
)
def test_every_spelling_of_a_page_has_the_same_key(spelling: str) -> None:
    assert page_key(spelling) == "1:/Post"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("https://a.example", "1:/"),
        ("https://a.example/index.html", "1:/"),
        ("https://a.example/index.php/index.html", "1:/"),
        ("https://a.example/post", "1:/post"),
        ("https://a.example/Post/Index.html", "1:/Post/Index.html"),
        ("https://a.example/my-index.html", "1:/my-index.html"),
        ("https://a.example/index.html.txt", "1:/index.html.txt"),
        ("https://a.example/a%2fb", "1:/a%2Fb"),
        ("https://a.example/a%3Fp=1", "1:/a%3Fp=1"),
        ("https://a.example/a;p=1", "1:/a;p=1"),
    ],
)
def test_another_page_has_another_key(typed: str, key: str) -> None:
    assert page_key(typed) == key


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("?p=12", "1:/?p=12"),
        ("?utm=1&p=12&x", "1:/?p=12"),
        ("?page_id=3&p=12", "1:/?p=12&page_id=3"),
        ("?p=12&p=12", "1:/?p=12"),
        ("?P=12", "1:/"),
        ("?p=%31%32", "1:/?p=12"),
        ("?p=1%26page_id=2", "1:/?p=1%26page_id=2"),
        ("?p=", "1:/?p"),
        ("?p", "1:/?p"),
        ("?", "1:/"),
    ],
)
def test_only_the_parameters_of_the_keep_list_count(query: str, key: str) -> None:
    assert page_key(f"https://a.example/{query}", WORDPRESS_KEEP) == key


@given(PATHS, QUERIES)
def test_a_key_is_the_key_of_itself(path: str, query: str) -> None:
    url = f"https://a.example/{path}?{query}"
    for keep in ((), WORDPRESS_KEEP):
        key = page_key(url, keep)
        assert page_key(f"http://b.example:8080{key[2:]}", keep) == key
        assert key.startswith("1:/")
        assert key.isascii()


@given(PATHS, QUERIES)
def test_a_canonical_address_stays_as_it_is(path: str, query: str) -> None:
    address = canonical(f"https://a.example/{path}?{query}")
    assert canonical(address.url) == address


@given(PATHS.filter(lambda path: "?" not in path), st.sampled_from(["/", "//", "#x", "/./", "/x/../", "/index.html"]))
def test_other_spellings_have_the_same_key(path: str, tail: str) -> None:
    assert page_key(f"HTTP://A.Example:80//{path}{tail}") == page_key(f"https://a.example/{path}")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for typed in (text, f"https://{text}", f"https://a.example/{text}"):
        try:
            address = canonical(typed)
        except MalformedAddress:
            continue
        assert address.url.startswith(f"{address.origin}/")
        assert address.url.isascii()
        assert canonical(address.url) == address


@needs_corpora
def test_hostile_strings_are_addresses_or_refused() -> None:
    for text in [*xss_strings(), *naughty_strings()]:
        try:
            url = canonical(f"https://a.example/{text}").url
        except MalformedAddress:
            continue
        assert not set(url) & set('<>"\\` \t\n')
        assert page_key(url) == page_key(f"https://a.example/{text}")


@given(st.text(alphabet="ab/", max_size=10), st.text(alphabet="ab/", max_size=10))
def test_pages_with_other_letters_have_other_keys(one: str, two: str) -> None:
    assume([part for part in one.split("/") if part] != [part for part in two.split("/") if part])
    assert page_key(f"https://a.example/{one}") != page_key(f"https://a.example/{two}")

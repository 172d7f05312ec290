"""Shapes of Markdown that make careless renderers slow, sent as a reader sends them; and what of a text stays text."""

import time

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.corpora import grown, needs_corpora, pathological_shapes
from tests.readers import all_of, frame, marked, write
from tests.security.dead import assert_texts_allowed
from tests.security.scene import an_open_site
from widget.comments.comment import LONGEST_BODY
from widget.sites.site import Site

pytestmark = pytest.mark.anyio

SLOWEST = 0.3
"""Seconds of the processor for an answer."""


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    return await an_open_site(app)


@needs_corpora
@pytest.mark.case("C10")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_no_shape_makes_an_answer_slow(app: App, site: Site, reader: Browser) -> None:
    form = (await reader.open(frame())).form("write")
    token, slow = form.values["token"], {}
    for shape in pathological_shapes():
        for times in (1, 2, 4):
            fields = [("token", token), ("body", grown(shape, LONGEST_BODY * times)), ("action", "preview")]
            begun = time.process_time()
            answer = await reader._client.post(
                "/comments", data=dict(fields), headers={"sec-fetch-site": "same-origin"}
            )
            took = time.process_time() - begun
            assert answer.status_code in (200, 413, 422), shape["name"]
            if took > SLOWEST:
                slow[shape["name"], times] = took
    assert not slow


@pytest.mark.case("C7", "C9")
async def test_code_is_shown_and_nothing_of_html_survives(app: App, site: Site, reader: Browser) -> None:
    shown = {
        "```\n<script>alert(1)</script>\n```": "<script>alert(1)</script>",
        "`<b onclick=x>`": "<b onclick=x>",
        "    <style>p {}</style>": "<style>p {}</style>",
        '<p style="color: red" class="badge" id="c-1">Red</p>': '<p style="color: red" class="badge" id="c-1">Red</p>',
        "<style>* { display: none }</style>": "<style>* { display: none }</style>",
        "$$\\unicode[color:red]{x}$$ $\\href{javascript:1}{y}$": "$$\\unicode[color:red]{x}$$",
        "<!-- nobody sees this -->": "<!-- nobody sees this -->",
        "[a]{.badge style=x} {: .badge}": "{.badge style=x}",
    }
    for text in shown:
        await write(reader, text)
    page = await reader.open(frame())
    assert assert_texts_allowed(page) == len(shown)
    texts = ["".join(one.itertext()) for one in all_of(page, "div", "words")]
    assert [text for text, told in zip(texts, shown.values(), strict=True) if told not in text] == []
    assert marked(page, "badge") == []

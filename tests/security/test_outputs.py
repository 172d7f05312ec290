"""What leaves the server beside pages: exports, heads of answers, mails, lines of the log, refused forms."""

import csv
import io
import json
from email.message import Message
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from tests.browser import Browser, Form, Page
from tests.conftest import App
from tests.corpora import needs_corpora
from tests.mail.relay import Kept, a_relay
from tests.privacy.test_proving import all_done, imported
from tests.readers import another_process
from tests.scene import PASSWORD
from tests.security.columns import fill
from tests.security.dead import Shape, assert_dead, shapes
from tests.security.payloads import sample
from tests.security.scene import Scene, an_open_site, furnished
from tests.security.sinks import every_page
from widget import clock
from widget.comments.comment import LONGEST_BODY
from widget.sites.site import Site

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

AWKWARD = "a \"quoted\" 'word' </script>, \\ and a\u2028line & <b>more</b>"
TYPES = {
    "text/html; charset=utf-8",
    "text/css; charset=utf-8",
    "text/csv; charset=utf-8",
    "text/plain; charset=utf-8",
    "application/json; charset=utf-8",
    "application/jsonl; charset=utf-8",
    "application/xml; charset=utf-8",
}


@pytest.fixture
async def site(app: App) -> Site:
    """A partner that publishes at once."""
    return await an_open_site(app)


@pytest.fixture
async def scene(app: App, site: Site, reader: Browser) -> Scene:
    """One of everything."""
    return await furnished(app, site, reader)


async def exported(scene: Scene, kind: str) -> Page:
    """A site's export, as its owner gets it."""
    form = (await scene.owner.open(f"/admin/site/{scene.site.slug}/transfer")).form("format")
    return await form.press(format=kind)


@pytest.mark.case("C13")
async def test_every_answer_names_its_type_and_nobody_may_guess_another(scene: Scene) -> None:
    pages = await every_page(scene)
    files = {kind: await exported(scene, kind) for kind in ("jsonl", "wxr", "artrans", "csv")}
    files |= {kind: await scene.owner.open(f"/admin/log/{kind}") for kind in ("jsonl", "csv")}
    for name, page in {**pages, **files}.items():
        assert page.headers["x-content-type-options"] == "nosniff", name
        assert page.headers["content-type"].removesuffix("; header=present") in TYPES, (
            name,
            page.headers["content-type"],
        )
    for name, page in files.items():
        assert page.headers["content-disposition"].startswith("attachment; filename="), name
        assert "html" not in page.headers["content-type"], name


@pytest.mark.case("C80")
async def test_exports_say_what_was_typed(app: App, scene: Scene) -> None:
    written = await fill(app.state["db"], [AWKWARD])
    lines = [json.loads(line) for line in (await exported(scene, "jsonl")).html.split("\n") if line]
    told = json.dumps(lines, ensure_ascii=False)
    for column in ("thread.title", "comment.author_name", "comment.body", "comment.source_id"):
        assert json.dumps(written[column], ensure_ascii=False)[1:-1] in told, column
    mine = json.loads((await scene.reader.open(f"{scene.privates[0]}/data.json")).html)
    assert {one["text"] for one in mine["comments"]} == {written["comment.body"]}
    log = [json.loads(line) for line in (await scene.owner.open("/admin/log/jsonl")).html.split("\n") if line]
    assert {one["reason"] for one in log} == {written["log_entry.reason"], ""}, "the exports are entries too"
    table = list(csv.DictReader(io.StringIO((await exported(scene, "csv")).html.removeprefix("\ufeff"), newline="")))
    assert {row["text"] for row in table} - {""} == {written["comment.body"]}
    assert {row["name"] for row in table} - {""} == {written["comment.author_name"]}


@needs_corpora
@pytest.mark.case("C4")
async def test_no_payload_ends_up_in_a_head(app: App, scene: Scene) -> None:
    await fill(app.state["db"], ["Plain"])
    names = {address: set(page.headers) for address, page in (await every_page(scene)).items()}
    for turn in range(2):
        written = await fill(app.state["db"], sample(2), turn)
        for address, page in (await every_page(scene)).items():
            assert set(page.headers) == names[address], address
            told = "\n".join(page.headers.values())
            assert told.isascii(), address
            assert not [text for text in written.values() if text in told], address


@pytest.mark.case("C75", "C77", "C78", "C81")
@pytest.mark.parametrize(
    "name",
    [
        "The Post\r\nBcc: eve@example.org\r\n\r\n<b>Hello</b>",
        "\x00Zeit=?utf-8?q?=0ABcc:_eve@example.org?=",
        "Д" * 10_000,
        "bücher.example <script>alert(1)</script> \U0001f98b \u202egnp.exe",
    ],
)
async def test_a_mail_holds_names_as_text_and_goes_to_one(app: App, site: Site, reader: Browser, name: str) -> None:
    await imported(app.state["db"], site, "Old words", "ada@example.org")
    async with app.state["db"].transaction() as tx:
        await tx.run("update site set name = :name where id = :id", name=name, id=site.id)
    with a_relay() as (kept, url):
        mail = await _mailed(app, kept, url)
    assert sorted(mail) == sorted({*mail}), "no head is there twice"
    assert (mail["to"], mail["from"]) == ("ada@example.org", "Comments <comments@example.org>")
    assert mail["x-rcptto"] == "ada@example.org", "one recipient, whatever stands in a head"
    assert not {"bcc", "cc", "reply-to", "sender"} & {head.lower() for head in mail}
    assert (mail.get_content_type(), mail.is_multipart()) == ("text/plain", False)
    assert max(map(len, mail.as_bytes().split(b"\n"))) <= 998
    text = bytes(mail.get_payload(decode=True) or b"").decode()
    link = next(word for word in text.split() if word.startswith("https://"))
    assert link.rpartition("/")[2].isalnum()
    assert "ada" not in urlsplit(link).path


async def _mailed(app: App, kept: Kept, url: str) -> Message:
    async with another_process(app, smtp_url=url, mail_from="Comments <comments@example.org>") as sending:
        browser = sending.browser()
        await (await browser.open("/privacy/partner")).form("ask").press(email="ada@example.org")
        await all_done(sending, clock.now())
        await browser.close()
    (mail,) = kept.mails
    return mail


@pytest.mark.case("C158")
async def test_no_line_of_the_log_holds_what_is_secret(app: App, site: Site, reader: Browser) -> None:
    with capture_logs() as lines:
        scene = await furnished(app, site, reader)
        await every_page(scene)
        await reader.open(f"/privacy/partner?email=ruth@mail.example&x={PASSWORD}")
    assert len(lines) > 100
    told = json.dumps(lines, default=repr).lower()
    secrets = [*scene.privates, scene.receipt, scene.proved, scene.mailed, scene.objects.keys["token"]]
    secrets = [one.rpartition("/")[2].rpartition("-")[2] for one in secrets]
    cookies = [value for browser in (scene.owner, scene.reader) for value in browser.cookies.values()]
    planted = [
        PASSWORD,
        "ruth@mail",
        "ada@example",
        "maker@example",
        "tortoise",
        "Hello",
        "Bob",
        "203.0.113.7",
        "k" * 40,
    ]
    assert not [one for one in (*secrets, *cookies, *planted) if one.lower() in told]


@needs_corpora
@pytest.mark.case("C11")
async def test_no_form_that_is_refused_gives_back_anything_alive(scene: Scene) -> None:
    """Every form of every page, sent with a payload in all of its fields, with too much, and with nothing special."""
    harmless, answers = set[Shape](), list[tuple[Page, str]]()
    payloads = sample(60)
    for number, form in enumerate(await _forms(scene, harmless)):
        payload = f"{payloads[number % len(payloads)]}~{number}"
        for typed in (payload, "x" * (LONGEST_BODY + 1), "Plain"):
            answer = await form.press(**dict.fromkeys(_fields(form), typed))
            assert answer.status < 500, (answer.url, answer.text[:500])
            if typed == payload:
                answers.append((answer, payload))
            else:
                harmless |= shapes(answer)
    assert len(answers) > 30
    for answer, payload in answers:
        assert_dead(answer, harmless)
        assert "<" not in payload or payload not in answer.html, answer.url


async def _forms(scene: Scene, harmless: set[Shape]) -> list[Form]:
    """One of each kind of form that somebody types into."""
    found: dict[tuple[str, str, frozenset[str]], Form] = {}
    for page in (await every_page(scene)).values():
        harmless |= shapes(page)
        for one in page.tree.iter("form"):
            form = Form(page, one)
            if _fields(form) and form.buttons:
                found.setdefault((urlsplit(page.url).path[:14], one.get("id", ""), frozenset(form.names)), form)
    return list(found.values())


def _fields(form: Form) -> list[str]:
    """The names of the fields that anything can be typed into, once each."""
    typed = ("text", "search", "email", "url", "password", "")
    fields = [one for one in form._controls() if one.tag == "textarea" or one.get("type", "") in typed]
    fields = [one for one in fields if one.tag in ("textarea", "input")]
    return list(dict.fromkeys(one.get("name", "") for one in fields))

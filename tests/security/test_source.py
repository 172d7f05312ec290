"""What no setting can reach, since there is no way to it in the program; and words of templates stay words."""

import ast
from pathlib import Path

import pytest

from tests.browser import Browser
from tests.conftest import App
from tests.house.tree import modules, named, parsed
from tests.readers import alone, another_process, frame, stored, write
from tests.scene import a_site
from widget.sites.site import Site, SiteRules

RUNS_CODE = {"eval", "exec", "compile", "__import__", "from_string", "Template", "system", "popen"}
LOADS_CODE = {"pickle", "marshal", "shelve", "runpy"}
STARTS_PROGRAMS = {"widget/db/pg_programs.py", "widget/transfer/content_apart.py", "widget/cli/workers.py"}
"""pg_dump and pg_restore; and ourselves."""

WORDS = "{{7*7}} {% include 'base.html' %} {0.__class__} %(name)s %s ${7*7} #{7*7}"


def _called(module: Path) -> set[str]:
    calls = (node.func for node in ast.walk(parsed(module)) if isinstance(node, ast.Call))
    names = {one.id for one in calls if isinstance(one, ast.Name)}
    return names | {
        node.func.attr
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "re"
    }


def _imported(module: Path) -> set[str]:
    found = set()
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.case("C85")
def test_nothing_makes_code_or_templates_of_texts() -> None:
    assert not [(named(one), bad) for one in modules() if (bad := _called(one) & RUNS_CODE)]
    assert not [(named(one), bad) for one in modules() if (bad := _imported(one) & LOADS_CODE)]
    starting = {named(one) for one in modules() if _imported(one) & {"subprocess", "multiprocessing"}}
    assert starting <= STARTS_PROGRAMS
    assert not [named(one) for one in modules() if "shell=True" in one.read_text("utf-8")]


@pytest.mark.case("C85")
@pytest.mark.anyio
async def test_a_template_in_a_rule_is_text(app: App, reader: Browser) -> None:
    texts = dict.fromkeys(("anonymous", "announcement", "house_rules", "contact"), WORDS)
    assert set(texts) <= set(SiteRules.model_fields)
    texts["anonymous"] = WORDS[:60]
    site = await a_site(app.state["db"], "open", rule="post", **texts)
    async with app.state["db"].transaction() as tx:
        await tx.run("update site set name = :name where id = :id", name=WORDS, id=site.id)
    await write(reader, "Hello", at=frame("open", title=WORDS))
    for address in (frame("open"), alone("open"), "/privacy/open"):
        page = await reader.open(address)
        assert page.status == 200
        assert "49" not in page.text
        assert "__class__" not in page.text or "{0.__class__}" in page.text
        assert WORDS[:20] in page.text


@pytest.mark.case("C37")
@pytest.mark.anyio
async def test_the_same_post_after_a_restart_is_one_comment(app: App, reader: Browser, site: Site) -> None:
    """Nothing that makes a post known stands in the memory of a process; C125 kills it for real."""
    fields = [("token", (await reader.open(frame())).form("write").values["token"]), ("body", "Once")]
    async with another_process(app) as before:
        first = await before.browser().send("POST", "/comments", fields)
    again = await reader.send("POST", "/comments", fields)
    assert again.path == first.path
    assert [one.body for one in await stored(app.state["db"], site)] == ["Once"]

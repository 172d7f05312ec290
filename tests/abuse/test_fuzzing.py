"""Random requests along every page and form, signed in and not: no answer is an error of ours (C113)."""

import pytest

from tests.abuse.fuzzing import Fuzzed, Fuzzer, fuzz
from tests.abuse.learning import learn
from tests.browser import Browser
from tests.conftest import App
from tests.readers import bare
from tests.security.scene import an_open_site, furnished
from tests.security.sinks import owners_addresses, readers_addresses

pytestmark = pytest.mark.anyio

REQUESTS = 600


@pytest.mark.case("C113")
async def test_random_requests_along_all_pages_and_forms_make_no_error_of_ours(app: App, reader: Browser) -> None:
    site = await an_open_site(app)
    scene = await furnished(app, site, reader)
    read = [address for some in readers_addresses(scene).values() for address in some]
    cookie = "; ".join(f"{name}={value}" for name, value in scene.owner.cookies.items())
    async with bare(app, "198.51.100.9") as client:
        visitors = [
            await learn(client, "", read, len(read)),
            await learn(client, cookie, owners_addresses(scene), len(owners_addresses(scene))),
        ]
        assert [len(one.forms) >= 8 for one in visitors] == [True, True], "the pages have forms"
        seen = Fuzzed()
        await fuzz(client, Fuzzer(20_260_921, visitors), REQUESTS, seen)
        assert not seen.faults, "\n".join(seen.faults)
        account = await client.get("/admin/account", headers={"cookie": cookie})
        assert account.status_code == 200, "the owner is still signed in, so what was behind the door was tried"
    assert seen.answers[303] > 20, seen.answers
    assert seen.answers[422] > 20, seen.answers

"""A file in place of a text, in every form there is: refused, and never an error of ours (C101)."""

import pytest

from tests.abuse.learning import Met, learn
from tests.browser import Browser
from tests.conftest import App
from tests.readers import bare
from tests.security.scene import an_open_site, furnished
from tests.security.sinks import owners_addresses, readers_addresses

pytestmark = pytest.mark.anyio

ENDS = ("/sign-out",)
"""Its form has a token alone, and nothing else to put a file into."""


def with_a_file(form: Met, spoiled: str) -> bytes:
    """The form as it stands, with a file where that field would be."""
    parts = [
        f'--b\r\ncontent-disposition: form-data; name="{name}"'
        + ('; filename="a.json"' if name == spoiled else "")
        + f"\r\n\r\n{value}\r\n"
        for name, value in form.fields
    ]
    return ("".join(parts) + "--b--\r\n").encode()


@pytest.mark.case("C101")
async def test_a_file_for_a_text_is_refused_by_every_form(app: App, reader: Browser) -> None:
    site = await an_open_site(app)
    scene = await furnished(app, site, reader)
    cookie = "; ".join(f"{name}={value}" for name, value in scene.owner.cookies.items())
    read = [address for some in readers_addresses(scene).values() for address in some]
    owned = owners_addresses(scene)
    async with bare(app, "198.51.100.9") as client:
        visitors = [await learn(client, "", read, len(read)), await learn(client, cookie, owned, len(owned))]
        for visitor in visitors:
            for form in visitor.forms:
                if form.method != "POST" or form.action.endswith(ENDS):
                    continue
                for spoiled in {name for name, _ in form.fields}:
                    headers = {"cookie": visitor.cookie, "sec-fetch-site": "same-origin"}
                    headers["content-type"] = "multipart/form-data; boundary=b"
                    answer = await client.post(form.action, content=with_a_file(form, spoiled), headers=headers)
                    assert answer.status_code in (303, 400, 404, 409, 410, 422, 429), (form, spoiled)
                    assert answer.status_code != 303 or spoiled not in ("token", "body"), (form, spoiled)

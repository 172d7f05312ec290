"""GET /demo/: an article with the snippet in it, served while a site called demo is registered for this address."""

import base64
import hashlib
import re
from functools import partial

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from widget import assets
from widget.errors import NotFound
from widget.rendering import negotiated
from widget.sites import snippet as snippets
from widget.sites import store as sites
from widget.web.responses import Keep, html
from widget.web.static_files import squeezed
from widget.wiring import AppState

SLUG = "demo"


async def article(request: Request[AppState]) -> Response:
    """The article. `lang` and `theme` go on into its frame, to look at the thread in all its forms."""
    state = request.state
    base_url = state["settings"].base_url
    site = await sites.by_slug(state["db"], SLUG)
    if site is None or base_url not in site.origins:
        raise NotFound
    language = negotiated(request.query_params.get("lang", ""), "en")
    word = partial(state["pages"].word, language=language)
    pasted = snippets.snippet(base_url, site, snippets.encoded(f"{base_url}/demo/"), language, word)
    if request.query_params.get("theme") in ("light", "dark"):
        pasted = pasted.replace("theme=auto", f"theme={request.query_params['theme']}")
    css = squeezed((assets.STATIC / "css" / "demo" / "article.css").read_text())
    text = state["pages"].render("demo/article.html", "en", snippet=Markup(pasted), demo_css=Markup(css))  # noqa: S704
    styles = " ".join(_hash(style) for style in (css, *re.findall(r"<style>(.*?)</style>", pasted, re.DOTALL)))
    policy = f"default-src 'none'; style-src {styles}; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    return await html(request, text, keep=Keep.PRIVATE, headers={"content-security-policy": policy})


def _hash(style: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"

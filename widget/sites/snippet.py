"""The lines that a partner pastes: embed-snippet.html with the addresses of this server, site and article in it."""

import re
from collections.abc import Callable
from urllib.parse import quote

from widget import assets
from widget.sites.site import Site

PLATFORMS = {
    "html": "https%3A%2F%2Fyour-site.example%2Farticle",
    "hugo": "{{ .Permalink | urlquery }}",
    "jekyll": "{{ page.url | absolute_url | url_encode }}",
    "eleventy": "{{ site.url | append: page.url | url_encode }}",
    "wordpress": "<?php echo rawurlencode( get_permalink() ); ?>",
    "ghost": '{{encode (url absolute="true")}}',
}
"""How each platform writes the address of its own article, percent-encoded."""

_SAMPLE = re.compile(r"https://comments\.example/(embed|thread)/news\?url=https%3A%2F%2Fsite\.example%2Farticle")


def snippet(base_url: str, site: Site, article: str, language: str, word: Callable[[str], str]) -> str:
    """The snippet for a site, its title and link in the site's language.

    `article` is its article's address, percent-encoded, or a platform's word for it; `word` translates.
    """
    text = _SAMPLE.sub(lambda found: f"{base_url}/{found[1]}/{site.slug}?url={article}", assets.SNIPPET.read_text())
    text = text.replace("Reader comments", word("Reader comments"))
    text = text.replace("Open the comments on their own page", word("Open the comments on their own page"))
    return text.replace("lang=en", f"lang={language}")


def encoded(url: str) -> str:
    """An article's address as a query parameter holds it."""
    return quote(url, safe="")

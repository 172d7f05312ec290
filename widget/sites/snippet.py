"""The lines that a partner pastes: embed-snippet.html with the addresses of this server, site and article in it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from widget import assets
from widget.sites.site import Site


@dataclass(frozen=True, slots=True)
class Platform:
    """What a partner's pages are made with: its name, how it writes an article's address, percent-encoded, and where.

    `place` is the file or the spot that the snippet is pasted into; empty where there is none of that name.
    """

    name: str
    address: str
    place: str = ""


_JOOMLA = "\\Joomla\\CMS\\Uri\\Uri::getInstance()->toString(['scheme', 'host', 'port', 'path'])"

PLATFORMS = {
    "html": Platform("HTML", "https%3A%2F%2Fyour-site.example%2Farticle"),
    "astro": Platform(
        "Astro", "${encodeURIComponent(new URL(Astro.url.pathname, Astro.site).href)}", "src/layouts/Article.astro"
    ),
    "craft": Platform("Craft CMS", "{{ entry.url|url_encode }}", "templates/article.twig"),
    "django": Platform("Django", '{{ request.build_absolute_uri|urlencode:"" }}', "templates/article.html"),
    "drupal": Platform(
        "Drupal",
        "{{ url('entity.node.canonical', {'node': node.id})|render|url_encode }}",
        "templates/node--article.html.twig",
    ),
    "eleventy": Platform("Eleventy", "{{ site.url | append: page.url | url_encode }}", "_includes/article.liquid"),
    "ghost": Platform("Ghost", '{{encode (url absolute="true")}}', "post.hbs"),
    "grav": Platform("Grav", "{{ page.url(true)|url_encode }}", "templates/item.html.twig"),
    "hexo": Platform("Hexo", "<%= encodeURIComponent(page.permalink) %>", "layout/post.ejs"),
    "hugo": Platform("Hugo", "{{ .Permalink | urlquery }}", "layouts/_default/single.html"),
    "jekyll": Platform("Jekyll", "{{ page.url | absolute_url | url_encode }}", "_layouts/post.html"),
    "joomla": Platform("Joomla", f"<?php echo rawurlencode({_JOOMLA}); ?>", "html/com_content/article/default.php"),
    "kirby": Platform("Kirby", "<?= rawurlencode($page->url()) ?>", "site/templates/article.php"),
    "pelican": Platform("Pelican", "{{ (SITEURL ~ '/' ~ article.url)|urlencode }}", "templates/article.html"),
    "shopify": Platform("Shopify", "{{ shop.url | append: article.url | url_encode }}", "sections/main-article.liquid"),
    "statamic": Platform("Statamic", "{{ permalink | rawurlencode }}", "resources/views/article.antlers.html"),
    "webflow": Platform("Webflow", "https%3A%2F%2Fyour-site.example%2Farticles%2FSLUG", "Code Embed"),
    "wordpress": Platform("WordPress", "<?php echo rawurlencode( get_permalink() ); ?>", "single.php"),
    "zola": Platform("Zola", "{{ page.permalink | urlencode_strict }}", "templates/page.html"),
}
"""Only those whose word for the article's own address is certain, and which encode it."""

_EXPRESSION = re.compile(r'(src|href)="([^"]*\$\{[^"]*)"')
_SAMPLE = re.compile(r"https://comments\.example/(embed|thread)/news\?url=https%3A%2F%2Fsite\.example%2Farticle")


def snippet(base_url: str, site: Site, article: str, language: str, word: Callable[[str], str]) -> str:
    """The snippet for a site, its title and link in the site's language.

    `article` is its article's address, percent-encoded, or a platform's word for it; `word` translates.
    """
    text = _SAMPLE.sub(lambda found: f"{base_url}/{found[1]}/{site.slug}?url={article}", assets.SNIPPET.read_text())
    text = text.replace("Reader comments", word("Reader comments"))
    text = text.replace("Open the comments on their own page", word("Open the comments on their own page"))
    text = text.replace("lang=en", f"lang={language}")
    return _with_expressions(text) if article.startswith("${") else text


def _with_expressions(text: str) -> str:
    """As JSX-like templates want it: an attribute with an expression in it is one, and styles are left alone."""
    return _EXPRESSION.sub(r"\1={`\2`}", text).replace("<style>", "<style is:inline>")


def encoded(url: str) -> str:
    """An article's address as a query parameter holds it."""
    return quote(url, safe="")

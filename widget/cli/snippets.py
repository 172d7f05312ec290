"""`comment-widget snippet`: what a partner pastes below his articles."""

from functools import partial

import click

from widget.cli.database import registered, with_database
from widget.reading_settings import load_settings
from widget.rendering import Pages
from widget.sites import snippet as snippets


@click.command()
@click.option("--site", "slug", required=True, help="The site's short name.")
@click.option("--platform", type=click.Choice(list(snippets.PLATFORMS)), default="html", show_default=True)
@click.option("--url", help="The address of one article, written into the snippet.")
def snippet(*, slug: str, platform: str, url: str | None) -> None:
    """Print the snippet of a site."""
    settings = load_settings({})
    site = with_database(lambda db: registered(db, slug), settings)
    article = snippets.encoded(url) if url else snippets.PLATFORMS[platform].address
    language = site.rules.language
    word = partial(Pages().word, language=language)
    click.echo(snippets.snippet(settings.base_url, site, article, language, word).rstrip())
    if platform in ("html", "webflow") and not url:
        click.echo(f"Replace {article} by each article's own address.", err=True)

"""The finder of bare words sees what people read, and lets be what they don't."""

import pytest

from tests.house.bare_text import bare_text

BARE = {
    "<p>Hello</p>": "Hello",
    "<p>{% trans %}Hello{% endtrans %}, you</p>": ", you",
    "{% if a %}<b>Yes</b>{% endif %}": "Yes",
    "<{{ 'h2' if a else 'h1' }} id='x'>Comments ({{ n }})</h1>": "Comments ( )",
    '<a title="See it" href="/">→</a>': "See it",
    "<input type=\"submit\" value='Go'>": "Go",
    '<p aria-label="{{ "close" }}">': "close",
    '{% macro m() %} title="In a macro"{% endmacro %}': "In a macro",
    "<p>{{ 'edited' }}</p>": "edited",
    "<p>{{ name or 'nobody' }}</p>": "nobody",
    "<p>{{ _('One') if a else 'other' }}</p>": "other",
    "<p>{{ name|default('nobody') }}</p>": "nobody",
    "<p>{{ 'by ' ~ name }}</p>": "by ",
    "{{ field('Name') }}": "Name",
    "{% set titles = {'404': 'Not found'} %}": "Not found",
    "{% for one, word in (('a', 'Oldest first'),) %}{{ word }}{% endfor %}": "Oldest first",
    "<p>The list is open</p>": "The list is open",
    "<code>serve</code> starts it": "starts it",
}
NOT_BARE = (
    "{% macro place(n) %}id='c-{{ n }}'{% if n %} itemscope itemprop=\"comment\"{% endif %}{% endmacro %}",
    "{# Some words #}<p class='Big Red'>&nbsp;· {{ number }} (5)</p>",
    "{% trans n=1 %}One{% pluralize %}{{ n }} of many{% endtrans %}",
    "<{{ 'h2' if a else 'h1' }} class='a b'>{{ title }}</{{ 'h2' if a else 'h1' }}>",
    "{% block body_class %} class=\"{{ 'framed' if a else 'alone' }}\"{% endblock %}",
    "<input value='Some text' type='text'{% if state == 'open' %} disabled{% endif %}>",
    "<p title=\"{{ _('Why') }}\">{{ _('One') if a == 'b' else _('Two words') }} {{ d['key'] }} {{ url('reply') }}</p>",
    "<pre><code>comment-widget site add {{ slug }}</code></pre><style>a { color: red }</style>",
    "{% extends 'admin/base.html' %}{% include 'comments/_body.html' %}<meta name='robots' content='noindex'>",
)


@pytest.mark.parametrize("source", BARE)
def test_a_bare_word_is_seen(source: str) -> None:
    assert bare_text(source) == [BARE[source]]


@pytest.mark.parametrize("source", NOT_BARE)
def test_what_is_no_word_is_let_be(source: str) -> None:
    assert bare_text(source) == []

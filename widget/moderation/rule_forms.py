"""The form of a site's rules for what is held."""

from widget.sites.settings_forms import Group

RULES = Group(
    "rules",
    (
        *("rule", "trust_after", "hold_links", "refuse_links", "host_threads"),
        *("hold_words", "spam_words", "bayes", "bayes_percent"),
    ),
)

"""ASVS 5.0, chapters 1 and 2: texts that come in and go out, and the rules of the product."""

from tests.house.asvs import NO_SCRIPT, Row

ROWS = (
    Row(
        "1.1.1",
        "2",
        "Input is decoded once, then checked.",
        by=(
            "tests/threads/test_address.py::test_any_text_is_an_address_or_refused",
            "tests/comments/test_text.py::test_a_text_is_stored_as_it_was_typed_but_for_what_disturbs",
        ),
    ),
    Row(
        "1.1.2",
        "2",
        "Escaping is the last step before output.",
        by=(
            "C80",
            "tests/house/test_templates.py::test_unescaped_text_stands_in_one_place",
        ),
    ),
    Row("1.2.1", "1", "Every text is escaped for the place where it stands.", by=("C1", "C4", "C6", "C8", "C11")),
    Row(
        "1.2.2",
        "1",
        "Links lead to known schemes only, and hold nothing that ends them.",
        by=(
            "C5",
            "tests/markup/test_links.py::test_hostile_strings_are_refused_or_harmless",
            "tests/markup/test_links.py::test_a_target_stays_as_it_is_once_it_is_one",
        ),
    ),
    Row("1.2.3", "1", "JSON is written by a writer of JSON.", by=("C80",)),
    Row(
        "1.2.4",
        "1",
        "Values reach SQL as parameters, never as part of a statement.",
        by=(
            "tests/house/test_sql.py::test_only_constants_and_placeholders_are_put_into_sql",
            "tests/moderation/test_queue.py::test_hostile_words_stay_words",
        ),
    ),
    Row(
        "1.2.5",
        "1",
        "No text becomes part of a command of the system.",
        by=(
            "tests/security/test_source.py::test_nothing_makes_code_or_templates_of_texts",
            "tests/backups/test_backing_up.py::test_a_password_is_handed_to_programs_in_their_environment_alone",
        ),
    ),
    Row("1.2.6 1.2.7 1.2.8", "2", "LDAP, XPath and LaTeX are guarded.", absent="None of them is used."),
    Row(
        "1.2.9",
        "2",
        "What is typed as a word is no pattern.",
        by=(
            "tests/spam/test_words.py::test_any_string_can_be_on_a_list_and_finds_itself_or_nothing",
            "tests/spam/test_words.py::test_a_thousand_words_take_less_than_five_milliseconds",
        ),
    ),
    Row(
        "1.2.10",
        "3",
        "No cell of a table is a formula.",
        by=(
            "tests/moderation/test_log.py::test_no_cell_is_a_formula",
            "tests/transfer/test_other_writers.py::test_no_cell_is_a_formula",
        ),
    ),
    Row(
        "1.3.1",
        "1",
        "HTML of others goes through a known cleaner with a list of what is allowed.",
        by=(
            "C1",
            "C14",
            "tests/markup/test_clean.py::test_any_html_keeps_nothing_but_what_is_allowed",
        ),
    ),
    Row(
        "1.3.2",
        "1",
        "Nothing evaluates code that comes as text.",
        by=("tests/security/test_source.py::test_nothing_makes_code_or_templates_of_texts",),
    ),
    Row(
        "1.3.3",
        "2",
        "What is dangerous for its place is refused, and lengths are bounded.",
        by=(
            "C17",
            "C18",
            "tests/comments/test_refusing.py::test_a_text_of_the_longest_length_fits_and_one_more_letter_does_not",
        ),
    ),
    Row(
        "1.3.4",
        "2",
        "Drawings (SVG) of others are cleaned.",
        by=("tests/markup/test_clean.py::test_nothing_is_left_of_a_drawing_or_a_frame",),
    ),
    Row(
        "1.3.5",
        "2",
        "Markdown makes neither raw HTML nor styles.",
        by=(
            "C7",
            "C9",
            "tests/markup/test_render.py::test_nothing_but_its_lines_is_made_of_raw_html",
        ),
    ),
    Row("1.3.6", "2", "No address that somebody types is ever asked (SSRF).", by=("C112", "C115")),
    Row("1.3.7 1.3.10", "2", "Templates and formats in texts stay texts.", by=("C85",)),
    Row("1.3.8 1.3.9", "2", "JNDI and memcache are guarded.", absent="Neither is used."),
    Row("1.3.11", "2", "Nothing typed makes a head or a recipient of a mail.", by=("C77", "C78")),
    Row("1.3.12", "3", "No pattern runs away.", by=("C10", "tests/security/test_patterns.py::test_no_pattern_is_slow")),
    Row("1.4.1 1.4.3", "2", "Memory is safe.", absent="Python; the extensions are on the list of components (15.1.2)."),
    Row(
        "1.4.2",
        "2",
        "Numbers out of range are refused.",
        by=(
            "tests/people/test_same_origin.py::test_a_comment_that_is_nobodys_is_not_found",
            "tests/limits/test_store.py::test_the_widest_rates_fit_the_column",
            "tests/moderation/test_queue.py::test_strange_addresses_show_a_queue",
        ),
    ),
    Row(
        "1.5.1",
        "1",
        "XML is read without entities and without asking anybody.",
        by=(
            "tests/transfer/test_opening.py::test_an_external_entity_opens_nothing",
            "tests/transfer/test_opening.py::test_hostile_xml_is_refused_in_one_sentence_within_two_seconds",
            "tests/transfer/test_hostile_files.py::test_hostile_xml_is_refused_by_every_reader",
        ),
    ),
    Row(
        "1.5.2",
        "2",
        "Files of others become plain rows, never objects.",
        by=(
            "tests/security/test_source.py::test_nothing_makes_code_or_templates_of_texts",
            "tests/transfer/test_hostile_files.py::test_hostile_json_is_refused_or_read_by_every_reader",
            "tests/transfer/test_own_files.py::test_html_goes_through_the_filter_and_no_id_is_believed",
        ),
    ),
    Row(
        "1.5.3",
        "3",
        "One reader of addresses decides everywhere.",
        by=(
            "tests/sites/test_origins.py::test_any_text_is_an_origin_in_one_spelling_or_refused",
            "tests/threads/test_address.py::test_any_text_is_an_address_or_refused",
        ),
    ),
    Row(
        "2.1.1 2.1.2",
        "1-2",
        "What may be typed, alone and together, is written down.",
        told=(
            "docs/settings.md#Rules of a site",
            "docs/importing.md#",
        ),
    ),
    Row("2.1.3", "2", "Limits of use are written down.", told=("docs/settings.md#Limits of a site",)),
    Row(
        "2.2.1 2.2.2",
        "1",
        "Everything that comes in is checked against what is expected, on the server.",
        by=(
            "C15",
            "C23",
            "tests/comments/test_refusing.py::test_a_form_that_no_browser_sends_is_refused_with_its_text",
        ),
    ),
    Row("2.2.3", "2", "What belongs together is checked together: comment, thread, site.", by=("C25", "C87")),
    Row(
        "2.3.1",
        "1",
        "No step of a sequence can be skipped.",
        by=(
            "C63",
            "C72",
            "tests/people/test_two_factor.py::test_a_token_of_another_purpose_is_no_half_of_a_sign_in",
        ),
    ),
    Row(
        "2.3.2",
        "2",
        "The limits that are written down are kept.",
        by=(
            "C44",
            "C68",
            "tests/comments/test_replying.py::test_a_reply_to_the_deepest_is_refused_with_its_text",
            "tests/sites/test_limits_page.py::test_readers_are_held_to_it_at_once_and_the_log_has_it",
        ),
    ),
    Row(
        "2.3.3",
        "2",
        "What belongs together is kept together or not at all.",
        by=(
            "C125",
            "tests/db/test_engine.py::test_a_block_that_fails_leaves_nothing",
        ),
    ),
    Row(
        "2.3.4",
        "2",
        "Nothing can be had twice by asking at once.",
        by=(
            "C36",
            "tests/people/test_team.py::test_two_at_once_use_a_link_once",
        ),
    ),
    Row(
        "2.3.5",
        "3",
        "Some decisions take two people.",
        left="A site's owner alone answers for it; deleting asks for his"
        " password and the site's name (tests/sites/test_deleting.py::test_a_slip_deletes_nothing).",
    ),
    Row("2.4.1", "2", "Programs that try again and again are slowed.", by=("C44", "C46", "C48", "C49", "C56", "C57")),
    Row(
        "2.4.2",
        "3",
        "Nobody types faster than a person.",
        by=("tests/comments/test_judging.py::test_haste_alone_holds_nothing",),
    ),
    Row("3.2.3 15.3.6", "2-3", "Scripts are safe from clobbered names and prototypes.", absent=NO_SCRIPT),
)

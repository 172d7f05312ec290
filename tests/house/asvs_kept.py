"""ASVS 5.0, chapters 14 to 17: personal data, components, logs."""

from tests.house.asvs import Row

ROWS = (
    Row(
        "14.1.1 14.1.2",
        "2",
        "What is kept about people, and how it is guarded, is written down.",
        told=(
            "docs/architecture.md#What is kept about somebody",
            "docs/security.md#What can be relied on",
        ),
    ),
    Row(
        "14.2.1",
        "1",
        "No address holds a secret, but the links that are made to be secret.",
        by=("C30", "C75"),
        told=("docs/architecture.md#Tokens, links, cookies",),
    ),
    Row(
        "14.2.2",
        "2",
        "No server in between keeps what is somebody's own.",
        by=(
            "tests/web/test_caching.py::test_a_page_for_one_reader_is_kept_by_nobody_else",
            "tests/deploy/test_nginx.py::test_nothing_of_anybody_s_own_is_ever_kept",
        ),
    ),
    Row(
        "14.2.3",
        "2",
        "Nothing about readers goes to others.",
        by=(
            "tests/web/test_caching.py::test_looking_at_everything_changes_nothing_and_loads_nothing",
            "tests/screens/test_frame.py::test_one_answer_is_all_and_leaves_no_cookie",
        ),
    ),
    Row(
        "14.2.4 14.2.7",
        "2-3",
        "Personal data goes when its time is over.",
        by=(
            "C153",
            "tests/moderation/test_bans.py::test_where_a_comment_came_from_is_forgotten_after_a_day",
            "tests/reports/test_notices.py::test_who_gave_notice_is_forgotten_half_a_year_after_the_decision",
        ),
    ),
    Row(
        "14.2.5",
        "3",
        "No page is kept under a name that only looks like a file.",
        by=(
            "tests/security/test_heads.py::test_what_is_a_moderators_is_kept_by_nobody_under_any_name",
            "tests/deploy/test_nginx.py::test_no_private_page_can_be_had_kept_under_another_name",
        ),
    ),
    Row("14.2.6", "3", "As little as is needed is shown.", by=("C70",)),
    Row("14.2.8", "3", "Files lose what they tell about their maker.", absent="No file of a reader is taken."),
    Row(
        "14.3.1",
        "1",
        "After signing out nothing is left in the browser.",
        by=(
            "tests/house/test_asvs.py::test_signing_out_empties_the_browsers_memory",
            "tests/people/test_signing_in.py::test_signing_out_ends_the_session_for_good",
        ),
    ),
    Row(
        "14.3.2",
        "2",
        "Browsers don't keep what is confidential.",
        by=(
            "tests/people/test_same_origin.py::test_nobody_keeps_or_frames_these_pages",
            "tests/web/test_caching.py::test_a_page_for_one_reader_is_kept_by_nobody_else",
        ),
    ),
    Row(
        "14.3.3",
        "2",
        "What a browser stores holds no personal data.",
        by=(
            "tests/web/test_identity.py::test_a_cookie_is_set_only_when_it_was_asked_for",
            "tests/house/test_templates.py::test_nothing_shipped_holds_script_or_inline_style",
        ),
    ),
    Row(
        "15.1.1",
        "1",
        "How soon components with known faults are replaced is written down.",
        told=("docs/asvs.md#Components",),
    ),
    Row(
        "15.1.2",
        "2",
        "A list of all components (SBOM) is made with each release.",
        by=("tests/house/test_release.py::test_the_list_of_components_is_that_of_the_lock_file",),
    ),
    Row(
        "15.1.3 15.2.2",
        "2",
        "What costs much is written down, bounded and limited.",
        by=(
            "C10",
            "C100",
            "C130",
        ),
        told=("docs/faults.md#How long anybody waits",),
    ),
    Row("15.1.4 15.1.5", "3", "Risky components and functions are named.", told=("docs/architecture.md#Dependencies",)),
    Row("15.2.1", "1", "No component is older than it may be; none has a fault that has been known for long."),
    Row(
        "15.2.3",
        "2",
        "What is shipped holds the program and nothing else.",
        by=("tests/house/test_wheel.py::test_the_wheel_holds_the_program_and_nothing_else",),
    ),
    Row(
        "15.2.4",
        "3",
        "Components come from where they are expected, byte for byte.",
        by=(
            "tests/house/test_requirements.py::test_every_package_is_hashed",
            "tests/house/test_requirements.py::test_a_lock_names_no_index_and_no_path",
        ),
    ),
    Row(
        "15.2.5",
        "3",
        "What reads files of others is apart.",
        left="Texts are cleaned in processes of their own while a file is imported; the file is read by the one that"
        " imports, which isn't the process that serves when an operator does it.",
    ),
    Row("15.3.1", "1", "Only what is needed is given out.", by=("C70",)),
    Row("15.3.2", "2", "No redirect is followed.", absent="Nothing is asked by HTTP (1.3.6)."),
    Row(
        "15.3.3",
        "2",
        "A form sets its own fields and no others.",
        by=("tests/sites/test_settings_pages.py::test_foreign_fields_are_ignored",),
    ),
    Row("15.3.4", "2", "Whose address counts can't be chosen.", by=("C48", "C50", "C51", "C52", "C53")),
    Row(
        "15.3.5 15.3.7",
        "2",
        "Doubled fields and files in place of texts are refused.",
        by=(
            "tests/comments/test_refusing.py::test_a_form_that_no_browser_sends_is_refused_with_its_text",
            "tests/web/test_same_origin.py::test_a_header_said_twice_is_believed_neither_time",
        ),
    ),
    Row(
        "15.4.1 15.4.2 15.4.3 15.4.4",
        "3",
        "What happens at once ends as if it had happened in turn.",
        by=(
            "C73",
            "tests/comments/test_locks.py::test_changes_in_one_branch_never_stop_each_other",
            "tests/comments/test_editing.py::test_a_decision_meanwhile_is_not_overwritten",
            "tests/moderation/test_deciding.py::test_moderators_of_the_same_threads_never_wait_crosswise",
        ),
    ),
    Row(
        "16.1.1",
        "2",
        "What is logged, and where, is written down.",
        told=(
            "docs/command.md#serve",
            "docs/security.md#What can be relied on",
        ),
    ),
    Row(
        "16.2.1 16.2.2 16.2.4",
        "2",
        "Each line says when, who and what, in UTC, as one object of JSON.",
        by=(
            "tests/house/test_asvs.py::test_a_line_is_json_with_its_time_in_utc_and_the_number_of_its_request",
            "tests/web/test_middleware.py::test_each_request_has_an_id_of_its_own_while_it_lasts",
        ),
    ),
    Row(
        "16.2.3",
        "2",
        "Lines go where they are said to go, and nowhere else.",
        told=("docs/command.md#serve",),
    ),
    Row(
        "16.2.5",
        "2",
        "No line holds a secret or tells about a person.",
        by=(
            "C158",
            "tests/reports/test_reporting.py::test_nothing_about_a_reporter_is_logged",
            "tests/web/test_middleware.py::test_one_line_for_each_request_without_query_token_or_full_address",
        ),
    ),
    Row(
        "16.3.1",
        "2",
        "Signing in and out is logged.",
        by=("tests/security/test_events.py::test_every_sign_in_and_sign_out_is_a_line",),
    ),
    Row(
        "16.3.2",
        "2",
        "What was refused is logged.",
        by=("tests/security/test_events.py::test_what_is_refused_is_a_line_with_its_status",),
    ),
    Row(
        "16.3.3",
        "2",
        "Tries to get around the guards are logged.",
        by=(
            "tests/security/test_events.py::test_too_many_tries_are_told_apart",
            "tests/limits/test_fallback.py::test_it_is_logged_once_a_minute",
        ),
    ),
    Row(
        "16.3.4",
        "2",
        "Faults are logged.",
        by=("tests/web/test_middleware.py::test_a_program_that_fails_is_logged_and_fails_on",),
    ),
    Row(
        "16.4.1",
        "2",
        "Nothing in a line is obeyed by who reads it.",
        by=(
            "tests/web/test_middleware.py::test_nothing_in_a_line_is_obeyed",
            "tests/web/test_middleware.py::test_every_text_of_a_line_is_escaped",
        ),
    ),
    Row(
        "16.4.2 16.4.3",
        "2",
        "Lines are kept safe, elsewhere.",
        left="They go to standard error; keeping them is the"
        " operator's. The log of decisions is a chain that the database refuses to change"
        " (tests/logbook/test_chain.py::test_the_database_itself_refuses_to_change_the_log).",
    ),
    Row(
        "16.5.1",
        "2",
        "A fault is told without its inside.",
        by=(
            "tests/comments/test_refusing.py::test_the_text_survives_what_goes_wrong_on_our_side",
            "tests/pages/test_setup_errors.py::test_what_is_not_there_is_told_without_a_trace",
        ),
    ),
    Row(
        "16.5.2 16.5.3",
        "2",
        "When something else fails, the product goes on and lets nobody in.",
        by=(
            "C54",
            "C128",
            "C132",
            "C133",
            "tests/limits/test_fallback.py::test_a_store_that_is_gone_leaves_the_rate_for_that_in_force",
        ),
    ),
    Row(
        "16.5.4",
        "3",
        "Every fault that nobody expected is caught in the end.",
        by=("tests/comments/test_refusing.py::test_the_text_survives_what_goes_wrong_on_our_side",),
    ),
    Row("17.1.1 17.2.1 17.3.1", "2-3", "WebRTC, the whole chapter.", absent="It isn't used."),
)

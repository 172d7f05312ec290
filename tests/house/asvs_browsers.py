"""ASVS 5.0, chapters 3 to 5: browsers, HTTP and files."""

from tests.house.asvs import NO_SCRIPT, Row

ROWS = (
    Row(
        "3.1.1 3.7.5",
        "3",
        "What a browser needs is written down; without it the page works or says so.",
        told=("README.md#Put it on your site",),
    ),
    Row("3.2.1", "1", "Nothing is shown as what it isn't: types are named, exports are downloads.", by=("C13",)),
    Row(
        "3.2.2 3.7.1",
        "1-2",
        "Texts are shown by means that don't run them; no plug-in is needed.",
        by=(
            "C22",
            "tests/house/test_templates.py::test_nothing_shipped_holds_script_or_inline_style",
        ),
    ),
    Row(
        "3.3.1 3.3.3",
        "1-2",
        "Cookies are Secure and bound to the host (__Host-).",
        by=(
            "tests/people/test_signing_in.py::test_the_cookie_is_for_this_host_and_our_own_pages_alone",
            "tests/web/test_identity.py::test_a_cookie_is_set_only_when_it_was_asked_for",
            "tests/security/test_making_secrets.py::test_cookies_are_set_in_two_places",
        ),
    ),
    Row(
        "3.3.2",
        "2",
        "SameSite fits what a cookie is for: Strict, and None in the reader's own partition.",
        by=(
            "tests/people/test_signing_in.py::test_the_cookie_is_for_this_host_and_our_own_pages_alone",
            "tests/web/test_identity.py::test_a_cookie_is_set_only_when_it_was_asked_for",
        ),
    ),
    Row(
        "3.3.4 3.3.5",
        "2-3",
        "No script reads a cookie (HttpOnly), and none is long.",
        by=(
            "tests/people/test_signing_in.py::test_the_cookie_is_for_this_host_and_our_own_pages_alone",
            "tests/web/test_identity.py::test_a_cookie_is_set_only_when_it_was_asked_for",
        ),
    ),
    Row(
        "3.4.1",
        "1",
        "Where https is configured, HSTS for a year.",
        by=(
            "tests/security/test_heads.py::test_every_answer_carries_its_guards",
            "tests/web/test_middleware.py::test_without_https_nothing_is_promised_about_it",
        ),
    ),
    Row(
        "3.4.2",
        "1",
        "No other origin may read an answer (no CORS).",
        by=("tests/security/test_heads.py::test_every_answer_carries_its_guards",),
    ),
    Row(
        "3.4.3",
        "2",
        "A content security policy on every answer, that allows no script.",
        by=(
            "tests/security/test_heads.py::test_every_answer_carries_its_guards",
            "tests/security/test_heads.py::test_refusals_carry_them_too",
        ),
    ),
    Row(
        "3.4.4 3.4.5",
        "2",
        "nosniff, and a Referrer-Policy that tells other hosts at most the origin.",
        by=(
            "C13",
            "tests/security/test_heads.py::test_every_answer_carries_its_guards",
        ),
    ),
    Row(
        "3.4.6",
        "2",
        "Who may frame a page is said on it.",
        by=(
            "C64",
            "tests/pages/test_thread_html.py::test_the_frame_names_exactly_who_may_frame_it",
            "tests/screens/test_frame.py::test_another_site_cannot_frame_it",
            "tests/people/test_same_origin.py::test_nobody_keeps_or_frames_these_pages",
        ),
    ),
    Row(
        "3.4.7",
        "3",
        "Browsers report what the policy stopped.",
        left="Reports would come from readers' browsers and tell"
        " about readers; C22 looks for violations in real browsers instead.",
    ),
    Row(
        "3.4.8",
        "3",
        "Pages of moderators open in a group of their own (COOP).",
        by=("tests/people/test_same_origin.py::test_nobody_keeps_or_frames_these_pages",),
    ),
    Row("3.5.1", "1", "No other site's page acts for somebody.", by=("C58", "C59", "C60", "C61", "C62")),
    Row("3.5.2", "1", "Where a preflight guards, it always happens.", absent="Nothing relies on a preflight (3.5.1)."),
    Row(
        "3.5.3",
        "1",
        "GET and HEAD change nothing.",
        by=(
            "tests/people/test_same_origin.py::test_looking_writes_nothing",
            "tests/web/test_caching.py::test_looking_at_everything_changes_nothing_and_loads_nothing",
            "tests/db/test_engine.py::test_a_write_outside_a_transaction_is_refused",
        ),
    ),
    Row(
        "3.5.4",
        "2",
        "What is apart stands on hosts apart.",
        left="Moderation and threads share a host, so that the product"
        " needs one name only; their cookies differ (3.3), and the frame is sandboxed (3.4.6).",
    ),
    Row(
        "3.5.5 3.5.6 3.5.7", "2-3", "Messages between windows, JSONP and data in scripts are guarded.", absent=NO_SCRIPT
    ),
    Row("3.5.8", "3", "What belongs to moderators is loaded by our own pages alone.", by=("C60",)),
    Row(
        "3.6.1",
        "3",
        "Pages load nothing from elsewhere.",
        by=(
            "tests/web/test_caching.py::test_looking_at_everything_changes_nothing_and_loads_nothing",
            "tests/screens/test_frame.py::test_one_answer_is_all_and_leaves_no_cookie",
        ),
    ),
    Row(
        "3.7.2",
        "2",
        "Nobody is led to another host.",
        by=(
            "tests/people/test_signing_in.py::test_signing_in_leads_nowhere_else",
            "C111",
        ),
    ),
    Row(
        "3.7.3",
        "3",
        "Who follows a link away is warned.",
        left="Links in comments open a tab of their own and give the"
        " site nothing of their reader (rel=noopener noreferrer); a page in between would keep nobody safer.",
    ),
    Row("3.7.4", "3", "The host stands in browsers' lists for HSTS.", left="That is the operator's to ask for."),
    Row(
        "4.1.1",
        "1",
        "Every answer names its type and charset.",
        by=(
            "C13",
            "tests/security/test_heads.py::test_every_answer_carries_its_guards",
        ),
    ),
    Row("4.1.2", "2", "http leads to https for pages.", by=("tests/deploy/test_nginx.py::test_http_leads_to_https",)),
    Row(
        "4.1.3",
        "2",
        "Heads that a proxy sets can't be set by anybody else.",
        by=(
            "C50",
            "C51",
            "C52",
            "C53",
            "tests/deploy/test_nginx.py::test_what_a_client_claims_about_himself_ends_at_the_door",
        ),
    ),
    Row(
        "4.1.4",
        "3",
        "Methods that aren't used are refused.",
        by=(
            "tests/people/test_route_roles.py::test_other_methods_do_nothing",
            "tests/web/test_guard.py::test_an_unknown_method_is_told_the_known_ones",
            "tests/pages/test_setup_errors.py::test_what_is_not_there_is_told_without_a_trace",
        ),
    ),
    Row("4.1.5", "3", "Messages are signed one by one.", left="Forms are (9.1.1); no machine talks to another here."),
    Row(
        "4.2.1",
        "2",
        "Where a message ends is told in one way.",
        by=(
            "tests/web/test_guard.py::test_a_body_whose_end_is_told_in_two_ways_is_refused",
            "tests/web/test_front_desk.py::test_malformed_requests_end_as_listed_and_harm_nobody",
            "tests/web/test_front_desk.py::test_a_body_that_looks_like_a_request_is_none",
        ),
    ),
    Row(
        "4.2.2 4.2.3 4.2.4 4.2.5",
        "3",
        "Heads are as long as said, hold no line breaks, and have bounds.",
        by=(
            "tests/web/test_front_desk.py::test_a_head_has_bounds",
            "tests/web/test_front_desk.py::test_trailers_are_no_headers",
            "tests/web/test_caching.py::test_each_encoding_holds_the_same_page",
            "tests/security/test_outputs.py::test_no_payload_ends_up_in_a_head",
        ),
    ),
    Row(
        "4.3.1 4.3.2 4.4.1 4.4.2 4.4.3 4.4.4", "1-2", "GraphQL and WebSockets are guarded.", absent="Neither is served."
    ),
    Row("5.1.1", "2", "Which files are taken is written down.", told=("docs/importing.md#", "docs/formats.md#")),
    Row(
        "5.2.1",
        "1",
        "Files have a longest length.",
        by=(
            "tests/web/test_uploads.py::test_a_file_that_is_too_large_is_read_and_refused",
            "tests/web/test_uploads.py::test_a_file_without_end_is_cut_off",
            "tests/web/test_uploads.py::test_any_other_form_keeps_its_limit",
        ),
    ),
    Row(
        "5.2.2",
        "1",
        "What a file is, its content says.",
        by=(
            "tests/transfer/test_opening.py::test_packing_is_told_by_content_never_by_name",
            "tests/transfer/test_formats.py::test_a_format_is_told_by_its_content",
        ),
    ),
    Row(
        "5.2.3",
        "2",
        "Packed files are unpacked within bounds.",
        by=(
            "tests/transfer/test_opening.py::test_a_bomb_is_refused_long_before_it_is_unpacked",
            "tests/transfer/test_opening.py::test_many_entries_that_are_each_below_the_cap_are_not_together",
        ),
    ),
    Row(
        "5.2.4",
        "3",
        "Nobody fills the disk with files.",
        by=(
            "tests/transfer/test_admin_import.py::test_one_import_at_a_time",
            "tests/web/test_uploads.py::test_nobody_uploads_without_a_session",
        ),
    ),
    Row(
        "5.2.5",
        "3",
        "Links inside archives are refused.",
        by=("tests/transfer/test_opening.py::test_archives_that_hold_anything_else_are_refused",),
    ),
    Row("5.2.6", "3", "Pictures have bounds.", absent="No picture is taken."),
    Row("5.3.1", "1", "What was uploaded is never run or served.", by=("C115",)),
    Row(
        "5.3.2 5.3.3",
        "1-3",
        "No name that somebody gives becomes a path.",
        by=(
            "tests/transfer/test_opening.py::test_archives_that_hold_anything_else_are_refused",
            "C114",
        ),
    ),
    Row("5.4.1 5.4.2", "2", "Downloads have names of ours.", by=("C13",)),
    Row("5.4.3", "2", "Files of others are searched for viruses.", absent="No file of others is handed out."),
)

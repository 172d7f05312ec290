"""ASVS 5.0, chapters 7 to 10: sessions, rights, tokens."""

from tests.house.asvs import NO_SIGNED_IDENTITIES, Row

ROWS = (
    Row(
        "7.1.1 7.1.2",
        "2",
        "How long sessions live, and how many there may be, is written down.",
        told=("docs/architecture.md#Tokens, links, cookies",),
    ),
    Row("7.1.3 7.6.1 7.6.2", "2", "Sessions of others' identities end with them.", absent=NO_SIGNED_IDENTITIES),
    Row(
        "7.2.1 7.2.2",
        "1",
        "Sessions are random references, checked on the server.",
        by=(
            "tests/people/test_signing_in.py::test_a_changed_cookie_is_no_session",
            "tests/people/test_signing_in.py::test_each_sign_in_has_a_new_session_and_ends_the_old_one",
        ),
    ),
    Row(
        "7.2.3",
        "1",
        "They have 128 random bits at least.",
        by=("tests/security/test_making_secrets.py::test_what_is_drawn_has_128_bits",),
    ),
    Row(
        "7.2.4",
        "1",
        "Signing in makes a new one and ends the old.",
        by=(
            "tests/people/test_signing_in.py::test_each_sign_in_has_a_new_session_and_ends_the_old_one",
            "tests/people/test_account.py::test_a_changed_password_renews_this_session",
        ),
    ),
    Row(
        "7.3.1",
        "2",
        "Half an hour without a click ends it.",
        by=(
            "tests/people/test_signing_in.py::test_half_an_hour_of_silence_ends_a_session",
            "tests/people/test_signing_in.py::test_an_old_cookie_is_as_dead_as_an_idle_session",
        ),
    ),
    Row(
        "7.3.2",
        "2",
        "Twelve hours end it however busy.",
        by=(
            "tests/people/test_signing_in.py::test_twelve_hours_end_a_session_however_busy",
            "tests/people/test_account.py::test_a_renewed_session_lives_no_longer",
        ),
    ),
    Row(
        "7.4.1",
        "1",
        "Signing out ends it for good.",
        by=("tests/people/test_signing_in.py::test_signing_out_ends_the_session_for_good",),
    ),
    Row(
        "7.4.2",
        "1",
        "Who is disabled or removed is out at once.",
        by=(
            "C74",
            "tests/people/test_team.py::test_whoever_is_disabled_is_out_at_once_with_his_links",
        ),
    ),
    Row(
        "7.4.3",
        "2",
        "A new password or factor ends the other sessions.",
        by=(
            "tests/people/test_account.py::test_a_password_is_changed_and_other_sessions_end",
            "tests/people/test_two_factor.py::test_switching_it_on_signs_out_everywhere_else",
        ),
    ),
    Row(
        "7.4.4",
        "2",
        "Every page has a way to sign out.",
        by=("tests/people/test_same_origin.py::test_every_page_can_be_left",),
    ),
    Row(
        "7.4.5",
        "2",
        "An operator can end all sessions of somebody.",
        by=(
            "tests/cli/test_moderators.py::test_one_is_disabled_and_enabled",
            "tests/people/test_team.py::test_whoever_is_disabled_is_out_at_once_with_his_links",
        ),
    ),
    Row(
        "7.5.1 7.5.3",
        "2-3",
        "What weighs much asks for the password again.",
        by=(
            "tests/people/test_team.py::test_nothing_changes_without_the_password",
            "tests/people/test_two_factor.py::test_it_takes_password_and_code_to_switch_it_off",
            "tests/sites/test_embedding.py::test_no_secret_without_the_password_and_a_fresh_form",
            "tests/sites/test_deleting.py::test_a_slip_deletes_nothing",
        ),
    ),
    Row(
        "7.5.2",
        "2",
        "Everybody sees his sessions and can end them.",
        by=(
            "tests/people/test_account.py::test_sessions_are_listed_with_this_one_first",
            "tests/people/test_account.py::test_one_session_is_ended_and_then_all_others",
        ),
    ),
    Row(
        "8.1.1 8.1.2",
        "1-2",
        "Who may do what is written down, as the table that the tests are made of.",
        by=("tests/people/test_route_roles.py::test_every_route_has_its_line",),
    ),
    Row("8.1.3 8.1.4 8.2.4", "3", "Rights follow place, time and device.", absent="They follow the role alone."),
    Row(
        "8.2.1 8.3.1",
        "1",
        "Every function asks on the server who it is.",
        by=(
            "tests/people/test_route_roles.py::test_everybody_gets_what_the_table_says",
            "tests/people/test_route_roles.py::test_asking_without_a_form_changes_nothing",
        ),
    ),
    Row("8.2.2", "1", "Nobody reaches what belongs to others by its number.", by=("C87", "C88")),
    Row(
        "8.2.3",
        "2",
        "Nobody sees or sets fields that aren't for him.",
        by=(
            "C70",
            "tests/sites/test_settings_pages.py::test_foreign_fields_are_ignored",
            "tests/sites/test_settings_pages.py::test_only_owners_see_and_change_settings",
        ),
    ),
    Row(
        "8.3.2",
        "3",
        "A change of rights holds at the next click.",
        by=(
            "tests/people/test_team.py::test_a_role_is_changed_and_holds_at_the_next_click",
            "tests/people/test_signing_in.py::test_a_role_that_is_taken_is_gone_at_the_next_click",
        ),
    ),
    Row(
        "8.3.3",
        "3",
        "Who acts for somebody has that one's rights.",
        by=("tests/people/test_team.py::test_links_die_with_the_role_of_their_maker",),
    ),
    Row("8.4.1", "2", "Sites are apart.", by=("C86", "C87", "C88", "C89", "C93", "C94")),
    Row(
        "8.4.2",
        "3",
        "Moderation is guarded in several ways.",
        by=(
            "C60",
            "tests/people/test_same_origin.py::test_a_stranger_sees_nothing",
            "tests/people/test_same_origin.py::test_a_browser_that_says_nothing_has_no_say",
        ),
    ),
    Row("9.1.1 9.1.2 9.1.3", "1", "Tokens are signed, by one algorithm and our own keys.", by=("C24", "C26", "C35")),
    Row("9.2.1", "1", "Tokens have a time.", by=("C27", "C28", "C40")),
    Row("9.2.2 9.2.3 9.2.4", "2", "A token is good for its purpose, site and object alone.", by=("C25", "C32", "C34")),
    Row(
        "10.1.1 10.2.1 10.3.1 10.4.1 10.5.1 10.6.1 10.7.1",
        "1-3",
        "OAuth and OpenID Connect, the whole chapter.",
        absent="Neither is used.",
    ),
)

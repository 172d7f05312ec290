"""ASVS 5.0, chapter 6: moderators' accounts."""

from tests.house.asvs import NO_SIGNED_IDENTITIES, Row

ROWS = (
    Row(
        "6.1.1 6.1.3",
        "1-2",
        "How tries are slowed and the ways in are written down.",
        told=(
            "docs/security.md#What can be relied on",
            "docs/command.md#moderator",
        ),
    ),
    Row(
        "6.1.2 6.2.11",
        "2",
        "Words of the product and of the account are no passwords.",
        by=("tests/people/test_passwords.py::test_weak_ones_are_refused",),
    ),
    Row(
        "6.2.1 6.2.9",
        "1-2",
        "A password has at least 8 characters, and may have far more than 64.",
        by=(
            "tests/people/test_passwords.py::test_weak_ones_are_refused",
            "tests/people/test_passwords.py::test_any_characters_will_do",
        ),
    ),
    Row(
        "6.2.2 6.2.3",
        "1",
        "Everybody can change his password, with the present one.",
        by=(
            "tests/people/test_account.py::test_a_password_is_changed_and_other_sessions_end",
            "tests/people/test_account.py::test_a_refused_password_says_why_and_changes_nothing",
        ),
    ),
    Row(
        "6.2.4",
        "1",
        "The 3,000 most common passwords are refused.",
        by=(
            "tests/people/test_passwords.py::test_three_thousand_common_ones_and_more_are_refused",
            "tests/people/test_passwords.py::test_what_people_use_most_is_refused",
        ),
    ),
    Row(
        "6.2.5 6.2.8",
        "1",
        "Any characters will do, and are compared as they were typed.",
        by=(
            "tests/people/test_passwords.py::test_any_characters_will_do",
            "tests/people/test_passwords.py::test_what_was_typed_is_what_counts",
            "tests/people/test_signing_in.py::test_a_password_is_compared_exactly",
        ),
    ),
    Row(
        "6.2.6 6.2.7",
        "1",
        "Passwords are masked; pasting and password managers work.",
        by=("tests/house/test_asvs.py::test_fields_for_passwords_are_masked_and_known_to_password_managers",),
    ),
    Row(
        "6.2.10",
        "2",
        "No password has to be changed because of its age.",
        absent="Nothing in the program knows a password's age, so there is nothing to show.",
    ),
    Row(
        "6.2.12",
        "2",
        "Passwords that were found in breaches are refused.",
        left="The lists are larger than the program, and"
        " asking a service would tell about passwords; 6.2.4 refuses how such passwords are made.",
    ),
    Row(
        "6.3.1",
        "1",
        "Guessing is slowed, for the account and for the address, and shuts nobody else out.",
        by=(
            "C56",
            "tests/limits/test_policy.py::test_one_address_can_not_try_account_after_account",
            "tests/people/test_account.py::test_guessing_the_password_in_a_form_is_as_limited_as_signing_in",
        ),
    ),
    Row(
        "6.3.2",
        "1",
        "There is no account that nobody made.",
        by=("tests/house/test_asvs.py::test_a_new_database_has_no_account",),
    ),
    Row(
        "6.3.3",
        "2",
        "A second factor is there, and a site can ask for it.",
        by=(
            "tests/people/test_two_factor.py::test_once_on_the_code_is_asked_for_on_the_same_page",
            "tests/people/test_team.py::test_a_site_that_asks_for_two_factors_leads_to_set_them_up",
            "tests/people/test_team.py::test_an_owner_asks_everybody_once_he_has_it_himself",
        ),
    ),
    Row(
        "6.3.4",
        "2",
        "Every way in asks for the same.",
        by=(
            "tests/people/test_two_factor.py::test_a_token_of_another_purpose_is_no_half_of_a_sign_in",
            "tests/people/test_team.py::test_one_who_joined_signs_in_again",
            "tests/people/test_same_origin.py::test_a_stranger_sees_nothing",
        ),
    ),
    Row(
        "6.3.5 6.3.7",
        "3",
        "Mails tell of strange sign-ins and of changes.",
        left="Mails to moderators aren't sent; sessions"
        " are listed with browser and time (7.5.2), and changes stand in the log of the site.",
    ),
    Row("6.3.6 6.6.1", "2-3", "Neither mail nor telephone is a factor.", absent="Neither is one."),
    Row(
        "6.3.8",
        "3",
        "Unknown people and wrong passwords can't be told apart.",
        by=(
            "tests/people/test_signing_in.py::test_unknown_people_and_wrong_passwords_have_one_answer",
            "tests/people/test_signing_in.py::test_unknown_people_wait_as_long",
        ),
    ),
    Row(
        "6.4.1",
        "1",
        "What lets somebody in for the first time is random, short-lived and good once.",
        by=(
            "tests/people/test_team.py::test_a_link_is_good_once",
            "tests/people/test_team.py::test_a_link_is_good_for_seven_days",
            "tests/people/test_team.py::test_a_link_is_shown_once_and_its_secret_is_not_stored",
        ),
    ),
    Row("6.4.2", "1", "There are no hints and secret questions.", absent="There are none."),
    Row(
        "6.4.3 6.4.4 6.4.6",
        "2-3",
        "A new password takes no second factor away; a lost one is another step.",
        by=(
            "tests/cli/test_moderators.py::test_a_lost_second_factor_is_reset",
            "tests/people/test_signing_in.py::test_a_new_password_signs_out_everywhere",
        ),
    ),
    Row("6.4.5", "3", "Whoever has to renew a factor is reminded.", absent="Factors have no end."),
    Row(
        "6.5.1",
        "2",
        "Codes work once.",
        by=(
            "tests/people/test_two_factor.py::test_a_code_works_once",
            "tests/people/test_two_factor.py::test_a_recovery_code_signs_in_once",
        ),
    ),
    Row(
        "6.5.2 6.5.3 6.5.4",
        "2",
        "Recovery codes are random, long enough and stored as hashes.",
        by=(
            "tests/people/test_two_factor.py::test_a_recovery_code_signs_in_once",
            "tests/people/test_two_factor.py::test_new_recovery_codes_take_the_place_of_the_old",
            "tests/security/test_making_secrets.py::test_chance_comes_from_the_system_alone",
        ),
    ),
    Row(
        "6.5.5 6.5.8",
        "2-3",
        "Codes live half a minute by the server's clock.",
        by=(
            "tests/people/test_two_factor.py::test_a_clock_may_be_half_a_minute_off",
            "tests/people/test_two_factor.py::test_the_page_that_asks_for_the_code_is_good_for_five_minutes",
        ),
    ),
    Row(
        "6.5.6",
        "3",
        "A factor can be taken back.",
        by=(
            "tests/people/test_two_factor.py::test_it_takes_password_and_code_to_switch_it_off",
            "tests/cli/test_moderators.py::test_a_lost_second_factor_is_reset",
        ),
    ),
    Row(
        "6.5.7 6.6.4 6.7.1 6.7.2",
        "3",
        "Fingers, pushed questions and certificates are guarded.",
        absent="None is used.",
    ),
    Row(
        "6.6.2",
        "2",
        "A code is bound to the sign-in that it was asked for.",
        by=(
            "tests/people/test_two_factor.py::test_a_new_password_ends_a_sign_in_that_is_half_done",
            "tests/people/test_two_factor.py::test_a_token_of_another_purpose_is_no_half_of_a_sign_in",
        ),
    ),
    Row(
        "6.6.3",
        "2",
        "Codes can't be guessed.",
        by=("tests/people/test_two_factor.py::test_codes_are_limited_for_the_account_from_wherever",),
    ),
    Row("6.8.1 6.8.2 6.8.3 6.8.4", "2", "Identities of others are proved and stay apart.", absent=NO_SIGNED_IDENTITIES),
)

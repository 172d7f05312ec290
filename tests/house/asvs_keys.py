"""ASVS 5.0, chapters 11 to 13: keys, connections, configuration."""

from tests.house.asvs import Row

ROWS = (
    Row(
        "11.1.1 11.1.2",
        "2",
        "Which keys there are, what they make and how they change is written down.",
        told=(
            "docs/architecture.md#Tokens, links, cookies",
            "docs/settings.md#WIDGET_SECRET_KEYS",
        ),
    ),
    Row(
        "11.1.3 11.1.4",
        "3",
        "Where cryptography stands, and what follows it, is written down.",
        told=("docs/architecture.md#Tokens, links, cookies",),
    ),
    Row(
        "11.2.1",
        "2",
        "Cryptography comes from known libraries.",
        left="Signatures, hashes and passwords do (itsdangerous,"
        " hashlib, argon2-cffi). The keys of authenticator apps are sealed by 40 lines of ours on HMAC-SHA-256"
        " (widget/people/sealing.py), because no library that is needed anyway has a cipher.",
    ),
    Row(
        "11.2.2",
        "2",
        "Keys and parameters can be changed while it runs.",
        by=(
            "C35",
            "tests/people/test_two_factor.py::test_what_is_sealed_survives_a_rotation_and_is_sealed_again",
            "tests/people/test_signing_in.py::test_a_hash_made_with_older_parameters_is_renewed",
            "tests/sites/test_embedding.py::test_a_new_secret_takes_over_while_the_old_one_lasts",
        ),
    ),
    Row(
        "11.2.3 11.5.1",
        "2",
        "Secrets have 128 bits at least, from the system's chance.",
        by=(
            "tests/security/test_making_secrets.py::test_what_is_drawn_has_128_bits",
            "tests/security/test_making_secrets.py::test_chance_comes_from_the_system_alone",
            "tests/test_settings.py::test_weak_keys_are_refused_and_not_repeated",
        ),
    ),
    Row(
        "11.2.4",
        "3",
        "Secrets are compared in a time that tells nothing.",
        by=("tests/security/test_making_secrets.py::test_secrets_are_compared_in_one_time",),
    ),
    Row("11.2.5", "3", "All faults of a token have one answer.", by=("C24", "C28")),
    Row(
        "11.3.1 11.3.2",
        "1",
        "What is encrypted is so by an approved cipher.",
        left="Only the keys of authenticator apps are:"
        " 20 bytes, by a one-time pad that HMAC-SHA-256 makes of the server's key and a nonce (11.2.1).",
    ),
    Row(
        "11.3.3 11.3.4",
        "2-3",
        "What is encrypted can't be changed, and no nonce is used twice.",
        by=(
            "tests/people/test_two_factor.py::test_a_copy_of_the_database_holds_no_secret",
            "tests/people/test_two_factor.py::test_what_is_sealed_survives_a_rotation_and_is_sealed_again",
        ),
    ),
    Row(
        "11.3.5",
        "3",
        "Encrypted first, authenticated then.",
        by=("tests/people/test_two_factor.py::test_what_is_sealed_survives_a_rotation_and_is_sealed_again",),
    ),
    Row(
        "11.4.1 11.4.3",
        "1-2",
        "Hashes are SHA-256.",
        by=("tests/security/test_making_secrets.py::test_no_weak_hash_is_used",),
    ),
    Row(
        "11.4.2 11.4.4",
        "2",
        "Passwords are stored by argon2id: 19 MiB, three passes.",
        by=(
            "tests/people/test_passwords.py::test_what_was_typed_is_what_counts",
            "tests/people/test_signing_in.py::test_a_hash_made_with_older_parameters_is_renewed",
        ),
    ),
    Row(
        "11.5.2 11.6.1 11.6.2 11.7.1 11.7.2",
        "2-3",
        "Chance under load, key pairs and encrypted memory.",
        left="Chance is the kernel's; there are no key pairs; memory is the operator's.",
    ),
    Row(
        "12.1.1 12.1.2",
        "1-2",
        "TLS 1.2 and later alone.",
        by=(
            "tests/house/test_asvs.py::test_the_shipped_front_speaks_tls_1_2_and_later",
            "tests/deploy/test_nginx.py::test_nginx_finds_no_fault_in_the_shipped_file",
        ),
    ),
    Row(
        "12.1.3 12.1.4 12.1.5 12.3.5",
        "2-3",
        "Certificates of clients, revoked ones, hidden names.",
        left="The operator's: TLS ends at the proxy.",
    ),
    Row(
        "12.2.1 12.2.2",
        "1",
        "Everything between browsers and the product is https, with a known certificate.",
        by=(
            "tests/deploy/test_nginx.py::test_http_leads_to_https",
            "tests/deploy/test_nginx.py::test_unknown_hosts_are_hung_up_on",
            "tests/test_settings.py::test_http_is_warned_of_outside_this_machine_only",
        ),
    ),
    Row(
        "12.3.1 12.3.2",
        "2",
        "Mails are handed on encrypted, to a relay whose certificate is checked.",
        by=(
            "tests/mail/test_encrypting.py::test_a_relay_that_anybody_could_be_gets_nothing",
            "tests/mail/test_encrypting.py::test_a_relay_whose_certificate_is_trusted_gets_the_mail",
        ),
    ),
    Row(
        "12.3.3 12.3.4",
        "2",
        "Connections inside are encrypted too.",
        left="Proxy and program share a machine in the shipped"
        " files (127.0.0.1); PostgreSQL does as its address says (`sslmode=verify-full`).",
    ),
    Row("13.1.1", "2", "What is connected to is written down.", told=("docs/security.md#What can be relied on",)),
    Row(
        "13.1.2 13.1.3",
        "3",
        "Pools, waits and what happens at their end are written down.",
        told=("docs/faults.md#How long anybody waits",),
    ),
    Row(
        "13.1.4 13.3.4",
        "3",
        "Which secrets there are, and when they change, is written down.",
        told=("docs/architecture.md#Tokens, links, cookies",),
    ),
    Row(
        "13.2.1 13.2.3",
        "2",
        "Connections inside need credentials, and none is a default.",
        by=(
            "tests/test_settings.py::test_another_database_needs_a_key_of_its_own",
            "tests/house/test_docs.py::test_keys_in_examples_are_the_sample_that_is_refused",
        ),
    ),
    Row(
        "13.2.2",
        "2",
        "They have the rights that they need and no more.",
        by=("tests/db/test_engine.py::test_a_write_outside_a_transaction_is_refused",),
        told=("docs/command.md#migrate",),
    ),
    Row("13.2.4 13.2.5", "2", "Only known services are asked.", by=("C112", "C115")),
    Row(
        "13.2.6",
        "3",
        "When no connection is free, there is an answer soon.",
        by=(
            "C132",
            "tests/db/test_postgres.py::test_without_a_free_session_it_is_unavailable",
        ),
    ),
    Row(
        "13.3.1",
        "2",
        "Secrets stand in no source.",
        by=(
            "tests/house/test_docs.py::test_keys_in_examples_are_the_sample_that_is_refused",
            "tests/test_settings.py::test_a_key_is_made_once_and_for_the_owner_alone",
            "tests/test_settings.py::test_nothing_that_prints_settings_tells_a_secret",
        ),
    ),
    Row(
        "13.3.2",
        "2",
        "Secrets can be read by those who need them alone.",
        by=(
            "tests/test_settings.py::test_a_secret_that_everybody_can_read_is_refused",
            "tests/house/test_wheel.py::test_what_it_makes_is_for_its_owner_alone",
        ),
    ),
    Row("13.3.3", "3", "A device keeps the keys.", left="An operator who has one can hand the keys over by a file."),
    Row(
        "13.4.1 13.4.3 13.4.7",
        "1-3",
        "Nothing but the program's own routes is served: no .git, no lists of files.",
        by=("tests/pages/test_setup_errors.py::test_what_is_not_there_is_told_without_a_trace",),
    ),
    Row(
        "13.4.2",
        "2",
        "There is no mode for finding faults.",
        by=("tests/comments/test_refusing.py::test_the_text_survives_what_goes_wrong_on_our_side",),
    ),
    Row(
        "13.4.4",
        "2",
        "TRACE is refused.",
        by=(
            "tests/web/test_guard.py::test_an_unknown_method_is_told_the_known_ones",
            "tests/pages/test_setup_errors.py::test_what_is_not_there_is_told_without_a_trace",
        ),
    ),
    Row(
        "13.4.5 13.4.6",
        "2-3",
        "Neither versions nor numbers of the inside are told to everybody.",
        by=(
            "tests/security/test_heads.py::test_every_answer_carries_its_guards",
            "tests/house/test_asvs.py::test_health_is_told_in_a_word",
        ),
    ),
)

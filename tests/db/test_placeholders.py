"""`:name` becomes `$n`, and nothing else does."""

import pytest

from widget.db.placeholders import numbered


@pytest.mark.parametrize(
    ("sql", "text", "names"),
    [
        ("select 1", "select 1", ()),
        ("where a = :a and b = :b", "where a = $1 and b = $2", ("a", "b")),
        ("(:b, :a, :b)", "($1, $2, $1)", ("b", "a")),
        ("cast(:x as text), :x::text", "cast($1 as text), $1::text", ("x",)),
        ("select a::int, 1::bigint", "select a::int, 1::bigint", ()),
        ("select ':no', :yes", "select ':no', $1", ("yes",)),
        ("select 'it''s :no', :yes", "select 'it''s :no', $1", ("yes",)),
        (r"select e'\' :no', :yes", r"select e'\' :no', $1", ("yes",)),
        (r"select '\', :yes", r"select '\', $1", ("yes",)),
        ('select ":no", "a"":no", :yes', 'select ":no", "a"":no", $1', ("yes",)),
        ("select 1 -- it's :no\n, :yes", "select 1 -- it's :no\n, $1", ("yes",)),
        ("select /* don't :no\n :no */ :yes", "select /* don't :no\n :no */ $1", ("yes",)),
        ("select $$ :no $$, $a$ :no $$ :no $a$, :yes", "select $$ :no $$, $a$ :no $$ :no $a$, $1", ("yes",)),
        ("select 'a' || :x || 'b:c'", "select 'a' || $1 || 'b:c'", ("x",)),
        (":id_0, :id_1, :id_10", "$1, $2, $3", ("id_0", "id_1", "id_10")),
        ("select a[1:2], :yes", "select a[1:2], $1", ("yes",)),
    ],
)
def test_numbered(sql: str, text: str, names: tuple[str, ...]) -> None:
    assert numbered(sql) == (text, names)


def test_a_statement_is_renamed_once() -> None:
    assert numbered("select :once") is numbered("select :once")

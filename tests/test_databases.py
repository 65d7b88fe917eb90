"""Every test begins with a database of its own, migrated and empty, on either database."""

from collections.abc import Callable

import sqlalchemy as sa

from casework import database


def tables(url: str) -> set[str]:
    engine = sa.create_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_a_new_database_is_migrated(database_url: str) -> None:
    assert "audit_event" in tables(database_url)


def test_what_one_database_is_given_another_does_not_see(
    new_database_url: Callable[[], str],
) -> None:
    first, second = new_database_url(), new_database_url()
    engine = sa.create_engine(first)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE seen (number INTEGER)"))
    engine.dispose()
    assert "seen" in tables(first)
    assert "seen" not in tables(second)


def test_the_kind_of_database_is_the_one_named(database_url: str, database_kind: str) -> None:
    assert sa.make_url(database_url).get_backend_name().startswith(database_kind)


def test_upgrading_again_changes_nothing(database_url: str) -> None:
    before = tables(database_url)
    database.upgrade(database_url)
    assert tables(database_url) == before

"""Databases like a template, handed out again once they are empty: to copy one takes PostgreSQL half a second.

A database that a test has changed in another way (a table, a trigger, a migration) is dropped, and the next one copied.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg  # type: ignore[import-untyped]

from tests.postgres import Cluster

_ALONE = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""
_EMPTY = """
do $$
declare one text;
begin
  set local session_replication_role = replica;
  for one in select quote_ident(tablename) from pg_tables where schemaname = 'public' and tablename <> 'migration' loop
    execute 'delete from ' || one;
  end loop;
end
$$
"""
_SHAPE = """
select md5(string_agg(part, ' ' order by part)) from (
  select concat_ws('.', 'class', nspname, relname, relkind, relpersistence, reloptions::text) as part
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where nspname <> 'information_schema' and nspname not like 'pg%'
  union all
  select concat_ws('.', 'column', attrelid::regclass, attname, atttypid, attnotnull, attnum)
  from pg_attribute join pg_class on pg_class.oid = attrelid
  where relnamespace = 'public'::regnamespace and attnum > 0
  union all
  select concat_ws('.', 'trigger', tgrelid::regclass, tgname, tgenabled) from pg_trigger where not tgisinternal
  union all
  select concat_ws('.', 'rule', conrelid::regclass, conname, md5(pg_get_constraintdef(oid)))
  from pg_constraint where connamespace = 'public'::regnamespace
  union all
  select concat_ws('.', 'function', proname, md5(prosrc)) from pg_proc where pronamespace = 'public'::regnamespace
  union all
  select concat_ws('.', 'setting', setdatabase, setconfig::text) from pg_db_role_setting
  union all
  select concat_ws('.', 'migration', to_jsonb(migration)::text) from migration
) as parts
"""


class Databases:
    """The databases of one run."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self._cluster = cluster
        self._template = template
        self._free: list[str] = []
        self._numbers = itertools.count()
        self._shape = ""

    @contextlib.contextmanager
    def one(self) -> Iterator[str]:
        """The address of a database that is as the template is, for one test."""
        name = self._free.pop() if self._free else self._copied()
        try:
            yield self._cluster.url(name)
        finally:
            with ThreadPoolExecutor(1) as thread:
                is_as_it_was = thread.submit(asyncio.run, self._emptied(name)).result()
            if is_as_it_was:
                self._free.append(name)
            else:
                self._cluster.drop(name)

    def _copied(self) -> str:
        name = f"pooled_{next(self._numbers)}"
        self._cluster.copy(self._template, name)
        if not self._shape:
            with ThreadPoolExecutor(1) as thread:
                self._shape = thread.submit(asyncio.run, self._shape_of(name)).result()
        return name

    async def _shape_of(self, name: str) -> str:
        session = await asyncpg.connect(self._cluster.url(name))
        try:
            return str(await session.fetchval(_SHAPE))
        finally:
            await session.close()

    async def _emptied(self, name: str) -> bool:
        """Delete all rows; False where that doesn't make it what it was."""
        try:
            session = await asyncpg.connect(self._cluster.url(name))
        except asyncpg.PostgresError:
            return False
        try:
            await session.execute(_ALONE)
            await session.execute(_EMPTY)
            return str(await session.fetchval(_SHAPE)) == self._shape
        except asyncpg.PostgresError:
            return False
        finally:
            await session.close()

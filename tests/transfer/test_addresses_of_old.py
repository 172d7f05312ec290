"""What imports kept of e-mail addresses before anybody was asked is gone with migration 0018."""

import pytest

from tests.conftest import NOW
from tests.transfer import rows
from tests.transfer.conftest import Importer
from tests.transfer.wxr import comment, export, item
from widget.db.engine import Db
from widget.db.migrate import migrate

pytestmark = pytest.mark.anyio


async def test_addresses_that_were_kept_readable_are_gone(db: Db, bring_in: Importer) -> None:
    await bring_in(export(item(comment(1))))
    async with db.transaction() as tx:
        await tx.run("update comment set author_email = 'ada@reader.example'")
        await tx.run("drop index comment_original_email")
        await tx.run("alter table comment_original drop column email_mark")
        await tx.run("delete from migration where name = '0018_addresses'")
    assert await migrate(db, now=NOW) == ["0018_addresses"]
    assert await rows.email_marks(db) == set()

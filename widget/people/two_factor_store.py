"""The tables of the second factor: what an authenticator app shares with us, and the recovery codes."""

from collections.abc import Sequence
from dataclasses import dataclass

from widget.db.engine import Reader, Tx


@dataclass(frozen=True, slots=True)
class Totp:
    """What is kept of a moderator's authenticator; `secret` is sealed."""

    moderator_id: int
    secret: str
    last_step: int


async def totp_of(db: Reader, moderator_id: int) -> Totp | None:
    """The moderator's authenticator, or None: two-factor sign-in is off."""
    row = await db.row(
        """
        select moderator_id, secret, last_step
        from moderator_totp
        where moderator_id = :moderator_id
        """,
        moderator_id=moderator_id,
    )
    return Totp(**row) if row else None


async def switch_on(tx: Tx, totp: Totp, now: int) -> None:
    """Keep a moderator's authenticator. Raises Conflict where he has one."""
    await tx.run(
        """
        insert into moderator_totp (moderator_id, secret, last_step, created_at)
        values (:moderator_id, :secret, :last_step, :now)
        """,
        moderator_id=totp.moderator_id,
        secret=totp.secret,
        last_step=totp.last_step,
        now=now,
    )


async def switch_off(tx: Tx, moderator_id: int) -> bool:
    """Forget a moderator's authenticator and recovery codes; whether there was one."""
    await tx.run("delete from moderator_recovery where moderator_id = :moderator_id", moderator_id=moderator_id)
    return await tx.run("delete from moderator_totp where moderator_id = :moderator_id", moderator_id=moderator_id) > 0


async def use_step(tx: Tx, moderator_id: int, step: int) -> bool:
    """Use up the code of a time step and all before it. False: it was used already, perhaps this very moment."""
    changed = await tx.run(
        """
        update moderator_totp
        set last_step = :step
        where moderator_id = :moderator_id and last_step < :step
        """,
        moderator_id=moderator_id,
        step=step,
    )
    return changed > 0


async def keep_secret(tx: Tx, moderator_id: int, secret: str) -> None:
    """Keep the same secret, sealed anew."""
    await tx.run(
        "update moderator_totp set secret = :secret where moderator_id = :moderator_id",
        moderator_id=moderator_id,
        secret=secret,
    )


async def recovery_hash(db: Reader, moderator_id: int, number: int) -> str | None:
    """The hash of the recovery code of that number, or None: used, or there never was one."""
    row = await db.row(
        """
        select code_hash
        from moderator_recovery
        where moderator_id = :moderator_id and number = :number
        """,
        moderator_id=moderator_id,
        number=number,
    )
    return str(row["code_hash"]) if row else None


async def recovery_codes_left(db: Reader, moderator_id: int) -> int:
    """How many recovery codes have not been used."""
    row = await db.row(
        "select count(*) as n from moderator_recovery where moderator_id = :moderator_id", moderator_id=moderator_id
    )
    return int(row["n"]) if row else 0


async def replace_recovery_codes(tx: Tx, moderator_id: int, hashes: Sequence[str]) -> None:
    """From now on these codes are good, numbered from 0, and no others."""
    await tx.run("delete from moderator_recovery where moderator_id = :moderator_id", moderator_id=moderator_id)
    await tx.run_many(
        """
        insert into moderator_recovery (moderator_id, number, code_hash)
        values (:moderator_id, :number, :code_hash)
        """,
        [
            {"moderator_id": moderator_id, "number": number, "code_hash": code_hash}
            for number, code_hash in enumerate(hashes)
        ],
    )


async def use_recovery_code(tx: Tx, moderator_id: int, number: int, code_hash: str) -> bool:
    """Use up a recovery code. False: it was used already, perhaps this very moment."""
    changed = await tx.run(
        """
        delete from moderator_recovery
        where moderator_id = :moderator_id and number = :number and code_hash = :code_hash
        """,
        moderator_id=moderator_id,
        number=number,
        code_hash=code_hash,
    )
    return changed > 0

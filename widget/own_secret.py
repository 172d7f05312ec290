"""The server's signing keys as files: read, refused when weak or open to others, and made where none is."""

import hashlib
import os
import secrets
import stat
from pathlib import Path

SHORTEST = 32
"""Bytes of a key that is accepted."""

PUBLISHED_SAMPLE = "replace-me-with-the-output-of-openssl-rand-base64-48"
"""What stands for a key in docs/ and deploy/; a server that was given it refuses to start."""

_MADE = 48


class SettingsError(Exception):
    """A setting is refused; the message is one sentence that names it and the remedy."""


def strong(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys, when all may sign. Raises ValueError."""
    if any(len(key.encode()) < SHORTEST for key in keys):
        raise ValueError(f"a key is shorter than {SHORTEST} bytes")
    if PUBLISHED_SAMPLE in keys:
        raise ValueError("a key is the published sample that everybody knows")
    return keys


def masked(key: str) -> str:
    """What may be shown of a key: enough to compare two servers, nothing to sign with."""
    return f"{len(key)} characters, sha256 {hashlib.sha256(key.encode()).hexdigest()[:8]}"


def content_of(path: Path, setting: str, *, secret: bool) -> str:
    """The text of a file that a setting names, without the blank around it. Raises SettingsError."""
    if secret:
        refuse_if_world_readable(path, setting)
    try:
        return path.read_text("utf-8").strip()
    except (OSError, ValueError) as broken:
        raise SettingsError(f"{setting} names {path}, which cannot be read ({broken}): correct the path.") from None


def refuse_if_world_readable(path: Path, setting: str) -> None:
    """Raises SettingsError when every account of the machine can read the secret in this file."""
    if path.exists() and path.stat().st_mode & stat.S_IROTH:
        raise SettingsError(f"{setting}: everybody on this machine can read {path}; type: chmod 600 {path}")


def kept_in(folder: Path) -> str | None:
    """The key that was made in this folder before, or None. Raises SettingsError."""
    path = folder / "secret"
    if not path.exists():
        return None
    key = content_of(path, str(path), secret=True)
    if len(key.encode()) < SHORTEST:
        raise SettingsError(f"{path} holds a key shorter than {SHORTEST} bytes: delete the file and a new one is made.")
    return key


def made_in(folder: Path) -> str:
    """A new key, kept in this folder for the next start; only its owner can read it.

    Raises SettingsError when the folder can't be written.
    """
    key = secrets.token_urlsafe(_MADE)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / "secret", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(key + "\n")
    except OSError as broken:
        raise SettingsError(
            f"No key could be kept in {folder}/ ({broken}): start in a folder that can be written, or set "
            "WIDGET_SECRET_KEYS and WIDGET_DATABASE_URL."
        ) from None
    return key

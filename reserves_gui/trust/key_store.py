"""Where the report key lies: in the operating system's keyring, or else in a file that only its owner can read.

The public half lies beside it in a file of its own. It also remembers that there is a key: where the secret half
cannot be had (a locked keyring), the program says so instead of making another key, which others would not know.
"""

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.trust.minisign import PublicKey, SecretKey, parse_public_key
from reserves_gui.trust.passwords import from_keyring, into_keyring
from reserves_gui.trust.secret_key_file import secret_key_text

_USER = "report key"
SECRET_NAME = "report-key"  # noqa: S105 - a file name
PUBLIC_NAME = "report-key.pub"
_FILE_BYTES = 4096


class KeyPlace(StrEnum):
    """Where the secret half lies."""

    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """The secret half as text (plain or locked) and its place. Its repr shows nothing."""

    text: str
    place: KeyPlace

    def __repr__(self) -> str:
        return f"StoredKey(…, {self.place})"


class KeyStore:
    """The report key of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def public(self) -> PublicKey | None:
        """The public half, or None where no key was made yet. Raises ``format.shape``, ``store.unusable``."""
        path = self._folder / PUBLIC_NAME
        if not path.exists():
            return None
        return parse_public_key(_read(path), str(path))

    def secret(self) -> StoredKey | None:
        """The secret half, or None where no key was made yet.

        Raises ``store.unusable`` where there is a key and it cannot be had, or where others can read its file.
        """
        path = self._folder / SECRET_NAME
        if path.exists():
            _owner_only(path)
            return StoredKey(_read(path), KeyPlace.FILE)
        public = self.public()
        if public is None:
            return None
        text = from_keyring(f"{_USER} {public.shown_id}")
        if text is None:
            raise ReservesError(ErrorCode.STORE_UNUSABLE, say("key.unreachable", id=public.shown_id), str(self._folder))
        return StoredKey(text, KeyPlace.KEYRING)

    def keep(self, key: SecretKey, passphrase: str | None) -> KeyPlace:
        """Keep ``key``, in the keyring where that works. A key kept before under another id is replaced."""
        text = secret_key_text(key, passphrase)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            place = KeyPlace.FILE
            if into_keyring(f"{_USER} {key.public.shown_id}", text):
                place = KeyPlace.KEYRING
                (self._folder / SECRET_NAME).unlink(missing_ok=True)
            else:
                _write(self._folder / SECRET_NAME, text)
            _write(self._folder / PUBLIC_NAME, key.public.text())
        except OSError:
            raise ReservesError(ErrorCode.STORE_UNUSABLE, say("key.not_kept"), str(self._folder)) from None
        return place


def _read(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_FILE_BYTES).decode("ascii")
    except (OSError, ValueError):
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("key.unreadable"), str(path)) from None


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _owner_only(path: Path) -> None:
    """Windows keeps the data folder private by its own rules; elsewhere the mode says who may read."""
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("key.readable_by_others"), str(path))

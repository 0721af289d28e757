"""A keyring for the tests: in memory, and as moody as those of real systems."""

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Ring(KeyringBackend):
    """A keyring in memory that can be locked, or that forgets."""

    priority = 1

    def __init__(self, *, forgets: bool = False) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.forgets = forgets

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.forgets:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@contextmanager
def keyring_in_place() -> Iterator[Ring]:
    """The keyring of this process for a while."""
    before, one = keyring.get_keyring(), Ring()
    keyring.set_keyring(one)
    try:
        yield one
    finally:
        keyring.set_keyring(before)

"""Passwords of proxies and databases: in the operating system's keyring, or else in this run's memory only.

They are never written to a file of ours: where no keyring keeps them, the user is asked again after the next start.
"""

import threading
from contextlib import suppress

SERVICE = "Reserves"
_GUARD = threading.Lock()
_THIS_RUN: dict[str, str] = {}


def from_keyring(user: str) -> str | None:
    """What the keyring keeps under ``user``; None where it has nothing or cannot be had."""
    import keyring
    from keyring.errors import KeyringError

    try:
        text = keyring.get_password(SERVICE, user)
    except (KeyringError, OSError, RuntimeError):
        return None
    return text if isinstance(text, str) else None


def into_keyring(user: str, text: str) -> bool:
    """Whether the keyring took ``text`` and gives it back: some backends accept everything and keep nothing."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, user, text)
    except (KeyringError, OSError, RuntimeError):
        return False
    return from_keyring(user) == text


def keep_password(place: str, password: str) -> bool:
    """Keep the password of ``place`` (a URL without one); whether it outlives this run."""
    with _GUARD:
        _THIS_RUN.pop(place, None)
        if into_keyring(place, password):
            return True
        _THIS_RUN[place] = password
        return False


def forget_password(place: str) -> None:
    """Forget the password of ``place``, if there is one."""
    import keyring
    from keyring.errors import KeyringError

    with _GUARD:
        _THIS_RUN.pop(place, None)
        if from_keyring(place) is not None:
            with suppress(KeyringError, OSError, RuntimeError):
                keyring.delete_password(SERVICE, place)


def kept_password(place: str) -> str | None:
    """The password of ``place``; None where there is none."""
    with _GUARD:
        return _THIS_RUN.get(place) or from_keyring(place)

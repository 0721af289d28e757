"""Where the store lies, as the window's settings have it: what was typed taken apart, looked at, named for people."""

from pathlib import Path

from reserves_gui.chain.policy import Host
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.services.keeping import usual_store
from reserves_gui.services.ways import Place, split_password


def file_place(path: str) -> Place:
    """A SQLite file. Raises ``store.unusable`` for a path that is not a whole one."""
    from reserves_gui.history.database import sqlite_url

    place = Path(path.strip()).expanduser()
    if not path.strip() or not place.is_absolute():
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.no_path"))
    return Place(url=sqlite_url(place))


def server_place(text: str, password: str = "") -> Place:
    """A PostgreSQL database by its URL; a password in it is taken out. Raises ``store.unusable``."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise _no_server() from None
    if url.get_backend_name() != "postgresql":
        raise _no_server()
    asked = url.query.get("password")
    password = password or url.password or (asked if isinstance(asked, str) else "")
    if password and not url.username:
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("store.no_user"))
    # Taken out of the text: `URL.set` passes over a password of None.
    bare, _password = split_password(url.difference_update_query(["password"]).render_as_string(hide_password=False))
    named = url.host or url.query.get("host") or ""
    first = named if isinstance(named, str) else named[0]
    other = None if not first or first.startswith("/") else Host(first.lower(), url.port or 5432)
    return Place(
        url=bare,
        password=password,
        host=None if other is None or other.loopback else other.authority,
    )


def other_host(url: str) -> str | None:
    """The other computer (``host:port``) that a URL of settings leads to; None for this one, or where it is no URL."""
    try:
        return server_place(url).host if url.startswith("postgresql") else None
    except ReservesError:
        return None


def look_at_place(place: Place | None) -> Message:
    """What is found there (None: at the usual place); nothing is made or changed.

    Raises ``store.unusable`` with the reason, ``store.newer``.
    """
    from reserves_gui.history.looking import look_at

    return look_at(usual_store() if place is None else place.full()).message


def _no_server() -> ReservesError:
    return ReservesError(ErrorCode.STORE_UNUSABLE, say("store.no_server"))

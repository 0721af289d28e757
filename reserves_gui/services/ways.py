"""Through which proxy a run goes out and in which store it keeps things, fixed when the run begins.

The command line names both for each run. The window has them as settings: it lays them down here, every job takes what
stands here when it starts, and what is changed meanwhile counts from the next job on. So no request can forget the
proxy, and no job spreads what it keeps over two stores.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from reserves_gui.trust.passwords import forget_password, keep_password, kept_password


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """URLs without passwords, as settings keep them; None: straight out, the store of the environment or the usual one.

    A password that belongs to one of them is looked up when it is needed, never before.
    """

    proxy: str | None = None
    db: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A proxy or a store as it was typed. ``url`` is what settings keep; ``password`` was beside it, empty for none.

    ``host`` (``host:port``): another computer that is contacted by using it; None for this one.
    """

    url: str
    password: str = field(default="", repr=False)
    host: str | None = None

    def full(self) -> str:
        """The URL with the password typed, or else the one kept for it."""
        return put_password(self.url, self.password) if self.password else with_password(self.url)

    def keep(self) -> bool:
        """Keep the password, if one was typed; whether it will still be there after the program ends."""
        return keep_password(self.url, self.password) if self.password else True


def change_place(before: str, place: Place | None) -> bool:
    """Keep the password of ``place`` and forget the one of the URL ``before``; whether it outlives the program."""
    if before and (place is None or place.url != before):
        forget_password(before)
    return place is None or place.keep()


_NONE = Ways()
_WAYS: ContextVar[Ways] = ContextVar("ways", default=_NONE)


def use_ways(*, proxy: str, db: str) -> None:
    """What settings say (empty: nothing), from now on, for the runs that this thread starts."""
    _WAYS.set(Ways(proxy=proxy or None, db=db or None))


def proxy_of(named: str | None) -> str | None:
    """The proxy of this run: the named one, or the one laid down, with its password."""
    chosen = named or _WAYS.get().proxy
    return chosen if chosen is None else with_password(chosen)


def db_of_ways() -> str | None:
    """The store laid down, with its password; None where none was."""
    chosen = _WAYS.get().db
    return None if chosen is None else with_password(chosen)


def with_password(url: str) -> str:
    """``url`` with the password that is kept for it; unchanged where it names no user, or where none is kept."""
    password = kept_password(url) if "@" in url else None
    return url if password is None else put_password(url, password)


def put_password(url: str, password: str) -> str:
    """``url`` with ``password`` for the user it names; unchanged where it names none."""
    scheme, mark, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    user, at, host = place.rpartition("@")
    if not at or not user or ":" in user:
        return url
    return f"{scheme}{mark}{user}:{quote(password, safe='')}@{host}{slash}{path}"


def split_password(url: str) -> tuple[str, str]:
    """``url`` without its password, as it may be shown and kept, and the password (empty: none in it)."""
    scheme, mark, rest = url.strip().partition("://")
    place, slash, path = rest.partition("/")
    before, at, host = place.rpartition("@")
    user, _colon, password = before.partition(":")
    return f"{scheme}{mark}{user}{at if user else ''}{host}{slash}{path}", unquote(password)

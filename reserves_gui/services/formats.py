"""What this program can read, for the faces: every format with its guarantees, its form and its guide."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import DEFAULT_LANGUAGE, say
from reserves_gui.publishers import registry
from reserves_gui.publishers.port import Format, ListTraits
from reserves_gui.verdict import Guarantees


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    """One field of a guided form. ``kind``: text, secret, hex, assets, path or amount."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatInfo:
    """One supported format as the faces show it. ``family`` and ``sample`` are the values of the publishers' enums.

    A wallet list has ``listing`` in place of ``guarantees``.
    """

    id: str
    exchange: str
    exchanges: tuple[str, ...]
    family: str
    since: str
    guarantees: Guarantees | None
    listing: ListTraits | None
    sample: str
    experimental: bool
    guide: str | None
    user_fields: tuple[str, ...]
    form: tuple[FieldInfo, ...]
    unbound: tuple[str, ...]


_UNRANKED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """How a user gets the file of one exchange. ``where`` are the steps in order; empty texts are unknown.

    ``rank``: the lower, the more users look for it; most guides have none.
    """

    id: str
    title: str
    where: tuple[str, ...]
    file: str
    private: str
    root: str
    note: str
    rank: int = _UNRANKED


def formats() -> tuple[FormatInfo, ...]:
    """Every supported format, newest first."""
    return tuple(_info(declared) for declared in registry.formats().values())


def format_info(format_id: str) -> FormatInfo:
    """One supported format. Raises ``usage``."""
    return _info(registry.by_id(format_id))


def leaf_text(format_id: str, fields: Mapping[str, object]) -> str | None:
    """The text that is hashed into the leaf, from the fields of a form as far as filled in; None while incomplete."""
    declared = registry.by_id(format_id)
    if declared.leaf_text is None:
        return None
    try:
        return declared.leaf_text(fields)
    except ReservesError:
        # Half-typed numbers are the normal state of a form; the error is shown when the form is judged.
        return None


def guide(guide_id: str, language: str = DEFAULT_LANGUAGE) -> Guide:
    """The guide of that id, or of the format of that id. Raises ``usage``."""
    declared = registry.formats().get(guide_id)
    name = declared.guide if declared is not None and declared.guide is not None else guide_id
    tables = _guides().get(name)
    if tables is None:
        raise ReservesError(ErrorCode.USAGE, say("error.unknown_guide", id=guide_id[:80]))
    table = {**tables.get(DEFAULT_LANGUAGE, {}), **tables.get(language, {})}
    where = table.get("where", ())
    return Guide(
        id=name,
        title=str(table.get("title", name)),
        where=(where,) if isinstance(where, str) else tuple(where),
        file=str(table.get("file", "")),
        private=str(table.get("private", "")),
        root=str(table.get("root", "")),
        note=str(table.get("note", "")),
        rank=int(str(tables.get("start", {}).get("rank", _UNRANKED))),
    )


def guides(language: str = DEFAULT_LANGUAGE) -> tuple[Guide, ...]:
    """All guides by title."""
    return tuple(sorted((guide(name, language) for name in _guides()), key=lambda one: one.title.casefold()))


@cache
def _guides() -> Mapping[str, Mapping[str, Mapping[str, str | list[str]]]]:
    folder = resources.files("reserves_gui.resources") / "guides"
    if not folder.is_dir():
        return {}
    return {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda item: item.name)
        if entry.name.endswith(".toml")
    }


def _info(declared: Format) -> FormatInfo:
    return FormatInfo(
        id=declared.id,
        exchange=declared.exchange,
        exchanges=declared.exchanges or (declared.exchange,),
        family=declared.family.value,
        since=declared.since,
        guarantees=declared.guarantees,
        listing=declared.listing,
        sample=declared.sample.value,
        experimental=declared.experimental,
        guide=declared.guide,
        user_fields=declared.user_fields,
        form=tuple(FieldInfo(name=one.name, kind=one.kind, required=one.required) for one in declared.form),
        unbound=declared.unbound,
    )

"""Messages as keys with arguments; the sentence itself is looked up when it is shown.

Engines never build sentences. They return a :class:`Message`; ``cli``, ``gui`` and ``report`` render it in a language.
The sentences live in ``resources/messages/<language>/*.toml``: every file there is one table of ``key = "sentence"``
pairs, with ``{name}`` for arguments. A file per room keeps additions apart.

2026-11-22: catalogues are TOML and not gettext, because the engine needs stable keys for its JSON and reports, and the
sentences are complete thoughts with arguments rather than translations of English source text.
"""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be: a catalogue key and its arguments, all of them text or whole numbers (amounts are text)."""

    key: str
    args: Mapping[str, str | int] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted(self.args.items()))))


def say(key: str, /, **args: str | int) -> Message:
    """Shorthand for ``Message(key, args)``."""
    return Message(key, args)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of ``language``, merged from its files. Unknown languages give an empty catalogue."""
    folder = resources.files("reserves_gui.resources") / "messages" / language
    merged: dict[str, str] = {}
    if not folder.is_dir():
        return merged
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            table = tomllib.loads(entry.read_text(encoding="utf-8"))
            repeated = merged.keys() & table.keys()
            if repeated:
                raise ValueError(f"message keys defined twice: {sorted(repeated)}")
            merged.update(table)
    return merged


class _Arguments(string.Formatter):
    """``str.format`` restricted to plain ``{name}`` fields: no attribute or index access into arguments."""

    def get_field(
        self,
        field_name: str,
        args: object,  # noqa: ARG002
        kwargs: Mapping[str, object],
    ) -> tuple[object, str]:
        return kwargs[field_name], field_name


_ARGUMENTS = _Arguments()


def render(message: Message, language: str = DEFAULT_LANGUAGE) -> str:
    """The sentence of ``message``. Falls back to English, then to the bare key with its arguments."""
    template = catalogue(language).get(message.key) or catalogue(DEFAULT_LANGUAGE).get(message.key)
    if template is None:
        listed = ", ".join(f"{name}={value}" for name, value in sorted(message.args.items()))
        return f"{message.key} ({listed})" if listed else message.key
    shown = {name: visible(str(value)) for name, value in message.args.items()}
    return _ARGUMENTS.vformat(template, (), shown)


# Bidirectional controls, zero-width characters and line separators: invisible or re-ordering, so never shown raw.
_HIDDEN = {*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F)}
_HIDDEN |= {*range(0x2060, 0x2070), 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, *range(0xD800, 0xE000), *range(0xE0000, 0xE0080)}


def visible(text: str) -> str:
    r"""``text`` with control, bidirectional and zero-width characters written as ``\u{202E}``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{{{ord(char):04X}}}" if ord(char) in _HIDDEN else char for char in text)

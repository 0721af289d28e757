"""Messages as keys with arguments; the sentence itself is looked up when it is shown.

Engines never build sentences. They return a :class:`Message`; ``cli``, ``gui`` and ``report`` render it in a language.
The sentences live in ``resources/messages/<language>/*.toml``: every file there is one table of ``key = "sentence"``
pairs. A file per room keeps additions apart. In a sentence

- ``{name}`` is an argument. Another message (or several) as an argument is rendered in the language of the sentence;
- ``{name|row|rows}`` chooses the form for one and for any other number; ``#`` in a form is the number itself:
  ``{name|The only row is|All # rows are}``;
- ``{name:amount}`` is an amount in a text argument: like whole numbers it is written as the reader's language does
  where the place of rendering asks for that (the window does; files, copies and the terminal stay plain);
- ``{name:time}`` is a time in ISO 8601, written as the reader's language does in the same places.

2026-11-22: catalogues are TOML and not gettext, because the engine needs stable keys for its JSON and reports, and the
sentences are complete thoughts with arguments rather than translations of English source text.

2026-11-27: two forms are all that English and German have. A language with more of them needs a rule here first.
"""

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TypeAlias

DEFAULT_LANGUAGE = "en"
LANGUAGES = ("en", "de")
"""Those with a whole catalogue."""

Argument: TypeAlias = "str | int | Message | tuple[Message, ...]"
"""What a sentence can hold: text (amounts too), a whole number, another sentence, or several."""

Numerals: TypeAlias = Callable[[str], str]
"""How plain decimal digits are written for a reader; other texts come back unchanged."""

_NAMING = frozenset(
    {"batch", "column", "day", "entry", "file_line", "first", "header", "height", "index", "level", "line", "month"}
    | {"node", "number", "offset", "position", "row", "round", "status", "tag", "tip", "year"}
)
"""Whole numbers under these names say which one, not how many: never grouped, as they are looked up digit by digit."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be: a catalogue key and its arguments (amounts are text; nothing in it is rendered yet)."""

    key: str
    args: Mapping[str, Argument] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted(self.args.items(), key=lambda item: item[0]))))


def say(key: str, /, **args: Argument) -> Message:
    """Shorthand for ``Message(key, args)``."""
    return Message(key, args)


def arguments_data(message: Message) -> dict[str, object]:
    """The arguments of ``message`` as JSON can hold them: a sentence inside it as its own key and arguments."""
    return {name: _data(value) for name, value in message.args.items()}


def message_data(message: Message) -> dict[str, object]:
    """A message as JSON can hold it, with its English sentence for those who only read."""
    return {"key": message.key, "args": arguments_data(message), "text": render(message)}


def _data(value: Argument) -> object:
    if isinstance(value, Message):
        return {"key": value.key, "args": arguments_data(value)}
    return [_data(one) for one in value] if isinstance(value, tuple) else value


def message_of(key: object, data: object) -> Message:
    """The reverse of :func:`arguments_data`. ``TypeError`` for anything that no message can hold."""
    if not (isinstance(key, str) and isinstance(data, Mapping)):
        raise TypeError("not a message")
    return Message(key, {str(name): _argument(value) for name, value in data.items()})


def _argument(value: object) -> Argument:
    if isinstance(value, (list, tuple)):
        return tuple(_inner(one) for one in value)
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return value
    return _inner(value)


def _inner(value: object) -> Message:
    if not isinstance(value, Mapping):
        raise TypeError("not a message")
    return message_of(value.get("key"), value.get("args"))


def language_of(locale_name: str) -> str:
    """The language for a system's locale such as ``de_AT.UTF-8``: one we speak, else English."""
    short = locale_name.replace("-", "_").partition("_")[0].lower()
    return short if short in LANGUAGES else DEFAULT_LANGUAGE


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of ``language``, merged from its files. Unknown languages give an empty catalogue."""
    folder = resources.files("reserves_gui.resources") / "messages" / language
    merged: dict[str, str] = {}
    if not folder.is_dir():
        return merged
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            table = _pairs(entry.read_text(encoding="utf-8"))
            repeated = merged.keys() & table.keys()
            if repeated:
                raise ValueError(f"message keys defined twice: {sorted(repeated)}")
            merged.update(table)
    return merged


_PAIR = re.compile(r"""^"([^"\\\n]+)" = (?:"([^"\\\n]*)"|'([^'\n]*)')$""", re.MULTILINE)


def _pairs(text: str) -> dict[str, str]:
    """The table of a file. Every start reads all files, so lines of the usual form are not left to the full parser."""
    found = _PAIR.findall(text)
    if len(found) == sum(1 for line in text.splitlines() if line and not line.startswith("#")):
        table = {key: plain or literal for key, plain, literal in found}
        if len(table) == len(found):
            return table
    import tomllib

    return tomllib.loads(text)


def render(message: Message, language: str = DEFAULT_LANGUAGE, numerals: Numerals = str, times: Numerals = str) -> str:
    """The sentence of ``message``, its numbers written by ``numerals`` and its times by ``times``.

    Falls back to English, then to the bare key with its arguments.
    """
    template = catalogue(language).get(message.key) or catalogue(DEFAULT_LANGUAGE).get(message.key)
    if template is None:
        plain = _Sentence(language, str, str)
        listed = ", ".join(f"{name}={plain.shown(one, str)}" for name, one in sorted(message.args.items()))
        return f"{message.key} ({listed})" if listed else message.key
    return _Sentence(language, numerals, times).vformat(template, (), message.args)


class _Sentence(string.Formatter):
    """``str.format`` restricted to the fields named above: no attribute or index access into arguments."""

    def __init__(self, language: str, numerals: Numerals, times: Numerals) -> None:
        self._language = language
        self._numerals = numerals
        self._times = times

    def get_field(
        self,
        field_name: str,
        args: object,  # noqa: ARG002
        kwargs: Mapping[str, Argument],
    ) -> tuple[str, str]:
        name, *forms = field_name.split("|")
        value = kwargs[name]
        numerals = str if name in _NAMING else self._numerals
        text = self.shown(value, numerals)
        if forms:
            counted = numerals(text) if isinstance(value, str) else text
            text = forms[0 if str(value) == "1" else -1].replace("#", counted)
        return text, name

    def format_field(self, value: str, format_spec: str) -> str:
        if format_spec in ("amount", "time"):
            return (self._numerals if format_spec == "amount" else self._times)(value)
        return str(super().format_field(value, format_spec))

    def shown(self, value: Argument, numerals: Numerals) -> str:
        """An argument as text; whole numbers by ``numerals``."""
        if isinstance(value, Message):
            return render(value, self._language, numerals, self._times)
        if isinstance(value, tuple):
            return _joined([render(one, self._language, numerals, self._times) for one in value])
        return visible(value) if isinstance(value, str) else numerals(str(value))


def _joined(texts: list[str]) -> str:
    """Sentences one after the other, anything else with commas between."""
    return (" " if all(text.endswith(".") for text in texts) else ", ").join(texts)


# Bidirectional controls, zero-width characters and line separators: invisible or re-ordering, so never shown raw.
_HIDDEN = {*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F)}
_HIDDEN |= {*range(0x2060, 0x2070), 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, *range(0xD800, 0xE000), *range(0xE0000, 0xE0080)}


def visible(text: str) -> str:
    r"""``text`` with control, bidirectional and zero-width characters written as ``\u{202E}``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{{{ord(char):04X}}}" if ord(char) in _HIDDEN else char for char in text)

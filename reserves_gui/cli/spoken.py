"""The language of what people read on the command line: named, else from the environment, else English.

Only sentences change: ids of checks, codes and figures stay, and what machines read (`--json`, CSV) is English always.

2026-11-27: the language is laid down once a run and not handed through every function that writes a line. One process
answers one command, and a message that is rendered here has no other reader than the one who gave it.
"""

import os
from collections.abc import Mapping, Sequence
from contextvars import ContextVar

from reserves_gui import messages
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import DEFAULT_LANGUAGE, LANGUAGES, Message, language_of, say

OPTION = "--language"
VARIABLE = "RESERVES_LANGUAGE"
_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX asks them (Base Definitions, 8.2); the first that is set decides."""
_LANGUAGE: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def language_from(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """The language for a command line. Raises ``usage`` for one that is not spoken here."""
    named = _named(words) or environment.get(VARIABLE, "").strip().lower()
    if named:
        if named not in LANGUAGES:
            raise ReservesError(ErrorCode.USAGE, say("error.language", text=named[:20], known=", ".join(LANGUAGES)))
        return named
    return language_of(next((environment[name] for name in _SYSTEM if environment.get(name)), ""))


def _named(words: Sequence[str]) -> str | None:
    """Before the command line is parsed: errors in it are said in the language, too."""
    for at, word in enumerate(words):
        if word == "--":
            return None
        if word == OPTION and at + 1 < len(words):
            return words[at + 1]
        if word.startswith(f"{OPTION}="):
            return word.partition("=")[2]
    return None


def speak(language: str) -> None:
    """From now on."""
    _LANGUAGE.set(language)


def spoken() -> str:
    """The language of this run."""
    return _LANGUAGE.get()


def render(message: Message) -> str:
    """The sentence of ``message`` for whoever reads this terminal."""
    return messages.render(message, _LANGUAGE.get())

"""The manual page of `reserves`, written from its own parser so that it cannot say anything else.

python manual.py OUT VERSION DATE
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from reserves_gui.cli.main import whole_parser

EXITS = (
    ("0", "verified; for commands without a verdict: done"),
    ("1", "failed: at least one check failed"),
    ("2", "unusable: not readable, not a known format, over a limit, or a wrong command line; nothing is claimed"),
    ("3", "undecided: nothing failed, but something required could not be checked"),
    ("130", "cancelled by the user"),
)
ENVIRONMENT = (
    ("RESERVES_OFFLINE", "set to 1, nothing is contacted"),
    ("RESERVES_DB", "the store, as with --db"),
    ("RESERVES_LANGUAGE", "en or de, as with --language; without it the language of LC_ALL, LC_MESSAGES or LANG"),
)


def page(version: str, date: str) -> str:
    """The page in the man macros."""
    parser, commands = whole_parser()
    lines = [
        f'.TH RESERVES 1 "{date}" "Reserves {version}" "User Commands"',
        ".SH NAME",
        r"reserves \- verify proofs of reserves and proofs of liabilities",
        ".SH SYNOPSIS",
        r".B reserves",
        r"[\fIoptions\fR] \fIcommand\fR [\fIarguments\fR]",
        ".SH DESCRIPTION",
        "Recomputes what an exchange published about its debts and its reserves, and answers each question by itself.",
        "Nothing is uploaded; only sources named on the command line are contacted.",
        "What was not checked never counts as passed.",
        ".SH OPTIONS",
        *_options(parser, skipped=set()),
        ".SH COMMANDS",
    ]
    general = {text for action in parser._actions for text in action.option_strings}  # noqa: SLF001 - argparse has no other way to ask
    for name, command in commands.items():
        lines += [
            f".SS {_plain(name)}",
            f"{_plain(_sentence(command.description or name))}",
            *_options(command, skipped=general),
        ]
    lines += [".SH EXIT STATUS"]
    for code, meaning in EXITS:
        lines += [".TP", rf"\fB{code}\fR", _plain(meaning)]
    lines += [".SH ENVIRONMENT"]
    for variable, meaning in ENVIRONMENT:
        lines += [".TP", rf"\fB{variable}\fR", _plain(meaning)]
    lines += [".SH SEE ALSO", r".BR reserves\-gui (1)"]
    return "\n".join(lines) + "\n"


def window_page(version: str, date: str) -> str:
    """The page of the window."""
    lines = [
        f'.TH RESERVES\\-GUI 1 "{date}" "Reserves {version}" "User Commands"',
        ".SH NAME",
        r"reserves\-gui \- window that verifies proofs of reserves",
        ".SH SYNOPSIS",
        r".B reserves\-gui",
        r"[\fB\-\-example\fR] [\fIfile\fR ...]",
        ".SH DESCRIPTION",
        "Opens the window and verifies the files. If it is open already, the files are handed to it.",
        ".SH OPTIONS",
        ".TP",
        r"\fB\-\-example\fR",
        "open the first bundled example",
        ".TP",
        r"\fB\-\-version\fR",
        "say which version this is, and end",
        ".SH SEE ALSO",
        ".BR reserves (1)",
    ]
    return "\n".join(lines) + "\n"


def _options(parser: argparse.ArgumentParser, skipped: set[str]) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for name, command in action.choices.items():
                if skipped:
                    yield ".TP"
                    yield rf"\fB{_plain(name)}\fR"
                    yield _plain(_sentence(command.description or name))
                    yield ".RS"
                    yield from _options(command, skipped)
                    yield ".RE"
            continue
        if action.option_strings and set(action.option_strings) <= skipped:
            continue
        value = action.metavar if isinstance(action.metavar, str) else ""
        if not value and action.choices:
            value = "|".join(str(choice) for choice in action.choices)
        names = ", ".join(rf"\fB{_plain(text)}\fR" for text in action.option_strings)
        shown = " ".join(part for part in (names, rf"\fI{_plain(value)}\fR" if value else "") if part)
        yield ".TP"
        yield shown
        yield _plain(action.help or "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".")


def _plain(text: str) -> str:
    made = text.replace("\\", r"\e").replace("-", r"\-").replace("%%", "%")
    return rf"\&{made}" if made[:1] in {".", "'"} else made


if __name__ == "__main__":
    out, number, day = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    (out / "reserves.1").write_text(page(number, day), encoding="utf-8")
    (out / "reserves-gui.1").write_text(window_page(number, day), encoding="utf-8")

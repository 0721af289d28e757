"""`reserves`: one program, a command per question."""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType, ModuleType
from typing import Any, NoReturn

from reserves_gui import __version__
from reserves_gui.cli.spoken import OPTION, VARIABLE, language_from, speak
from reserves_gui.cli.terminal import Terminal
from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.messages import DEFAULT_LANGUAGE, LANGUAGES, say
from reserves_gui.verdict import ExitCode

# Modules are loaded when their command is used, so that `--version` and `--help` start at once. In the order of help.
COMMANDS = {
    "verify": "verify a proof or a whole tree of liabilities",
    "coverage": "reserves against liabilities per asset, from files or from the store",
    "history": "the stored snapshots and series",
    "journal": "your own balances over time",
    "watch": "keep observing listed wallets; print and record alerts",
    "headline": "is a reported outflow possible?",
    "receipt": "compare what several users were shown of one snapshot",
    "wallets": "check who controls the addresses of a wallet list",
    "balances": "look listed addresses up on chain, and compare the sources",
    "report": "verify, and write a report: .json .html .pdf .txt .reserves",
    "check-report": "is a report unchanged, and does its evidence still give the same result?",
    "timestamp": "time a report by OpenTimestamps: only a hash leaves this computer",
    "key": "the report key's public half: show it, write it for others",
    "formats": "every supported format, with its guarantees; how a user gets the file",
}


class _Parser(argparse.ArgumentParser):
    """Errors as exceptions, so that a wrong command line ends like every other unusable input."""

    def error(self, message: str) -> NoReturn:
        raise ReservesError(ErrorCode.USAGE, say("error.usage", problem=message, program=self.prog))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code of contract section 3. No traceback reaches the user."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    terminal = Terminal(quiet="--quiet" in words, machine="--json" in words)
    speak(DEFAULT_LANGUAGE)
    try:
        speak(language_from(words))
        return _run(words, terminal)
    except Cancelled as error:
        terminal.complain(error)
        return ExitCode.CANCELLED
    except ReservesError as error:
        terminal.fail(error)
        return ExitCode.UNUSABLE
    except KeyboardInterrupt:
        terminal.complain(Cancelled())
        return ExitCode.CANCELLED
    except BrokenPipeError:
        # The reader of the output went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.UNUSABLE
    except Exception as error:  # noqa: BLE001 - the outermost handler: a defect of ours, said plainly and without values
        terminal.defect(error)
        return ExitCode.UNUSABLE


def _run(words: list[str], terminal: Terminal) -> int:
    parser, commands = _parser()
    chosen = next((word for word in words if word in COMMANDS), None)
    module: ModuleType | None = None
    if chosen is not None:
        module = importlib.import_module(f"reserves_gui.cli.{chosen.replace('-', '_')}")
        module.add_arguments(commands[chosen])
    options = parser.parse_args(words)
    if options.command is None:
        parser.print_help()
        return ExitCode.UNUSABLE
    if module is None or options.command != chosen:
        module = importlib.import_module(f"reserves_gui.cli.{options.command.replace('-', '_')}")
    previous = signal.getsignal(signal.SIGINT)
    try:
        _answer_interrupts(terminal)
        return int(module.run(options, terminal))
    finally:
        if previous is not None and terminal.owns_interrupts:
            signal.signal(signal.SIGINT, previous)


def whole_parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser and the commands' own ones with every option in place: for the manual page, and to parse examples."""
    parser, commands = _parser()
    for name, command in commands.items():
        importlib.import_module(f"reserves_gui.cli.{name.replace('-', '_')}").add_arguments(command)
    return parser, dict(commands)


def _parser() -> tuple[_Parser, dict[str, _Parser]]:
    parser = _Parser(
        prog="reserves", description="Verify proofs of reserves and proofs of liabilities.", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"reserves {__version__}")
    _global_options(parser, default=None)
    chosen = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    commands = {}
    for name, summary in COMMANDS.items():
        command = chosen.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        _global_options(command, default=argparse.SUPPRESS)
        commands[name] = command
    return parser, commands


def _global_options(parser: argparse.ArgumentParser, *, default: Any) -> None:
    offline = os.environ.get("RESERVES_OFFLINE", "") == "1" if default is None else default
    parser.add_argument("--offline", action="store_true", default=offline, help="contact nothing (RESERVES_OFFLINE=1)")
    parser.add_argument(
        "--proxy", metavar="URL", default=default, help="SOCKS or HTTP proxy; only this computer is asked directly"
    )
    parser.add_argument("--db", metavar="URL", default=default, help="the store (RESERVES_DB)")
    parser.add_argument(
        OPTION, choices=LANGUAGES, default=default, help=f"of sentences and of HTML, PDF and text ({VARIABLE})"
    )
    quiet = False if default is None else default
    parser.add_argument("--quiet", action="store_true", default=quiet, help="no progress on standard error")


def _answer_interrupts(terminal: Terminal) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        if terminal.progress.cancelled:
            raise KeyboardInterrupt
        terminal.progress.cancel()

    try:
        signal.signal(signal.SIGINT, stop)
        terminal.owns_interrupts = True
    except ValueError:
        # Not the main thread (a test, an embedding program): whoever runs it decides about interrupts.
        terminal.owns_interrupts = False

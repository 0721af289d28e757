"""`reserves verify`."""

import argparse
import getpass
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reserves_gui.cli.show import show_verdict
from reserves_gui.cli.terminal import Terminal
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.journal import journal_balances
from reserves_gui.services.keeping import readable_store
from reserves_gui.services.own_balances import balances_at_snapshot
from reserves_gui.services.results import error_json, verdict_json
from reserves_gui.services.root_logs import remembered, verify_and_remember
from reserves_gui.services.verify import VerifyRequest, verify, verify_each
from reserves_gui.verdict import ExitCode, State, Verdict, exit_code, worst

AT_SNAPSHOT = "snapshot"
_SECRET_FILE_BYTES = 64 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `verify`."""
    add_verify_options(parser)
    parser.add_argument("--each", action="store_true", help="take every file by itself")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def add_verify_options(parser: argparse.ArgumentParser) -> None:
    """What `verify` and `report` share."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="file, folder, zip or tar.gz as downloaded, or - for pasted text"
    )
    parser.add_argument("--root", action="append", default=[], metavar="HEX", help="the published root")
    parser.add_argument(
        "--published", action="append", default=[], metavar="PATH", help="what was saved from the publisher"
    )
    parser.add_argument("--expect", action="append", default=[], metavar="ASSET=AMOUNT", help="the balance you expect")
    parser.add_argument(
        "--journal", metavar="TIME", help="expect what your journal says you had at that time, or: snapshot"
    )
    parser.add_argument("--journal-exchange", metavar="NAME", help="the exchange, where the journal has several")
    parser.add_argument(
        "--user", action="append", default=[], metavar="KEY=VALUE", help="own values; VALUE @FILE or - keeps it secret"
    )
    parser.add_argument("--pin", action="append", default=[], metavar="SHA256", help="a verifying key you trust")
    parser.add_argument("--proofs", default="all", metavar="all|chain|N", help="batch proofs to verify")
    parser.add_argument("--format", metavar="ID", help="read the files as this format")
    parser.add_argument("--jobs", type=_count, default=1, metavar="N", help="worker processes")
    parser.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler to spread the work over")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Verify and show."""
    # A report must not rest on what only this computer remembers; an answer on the screen may, and says so.
    request = replace(request_at_snapshot(options, terminal.progress), db=readable_store(options.db))
    if options.each:
        return _run_each(request, options, terminal)
    verdict = verify_and_remember(request, terminal.progress, db=options.db)
    if options.json:
        terminal.json(verdict_json(verdict))
    else:
        show_verdict(verdict, terminal)
    return verdict.exit_code


def request_at_snapshot(options: argparse.Namespace, progress: Progress) -> VerifyRequest:
    """The request that the options describe; with `--journal snapshot` the files are asked for their time first.

    Raises ``usage`` and what verifying raises.
    """
    if options.journal != AT_SNAPSHOT:
        return request_from(options)
    if options.expect:
        raise ReservesError(ErrorCode.USAGE, say("journal.and_expect"))
    request = request_from(argparse.Namespace(**{**vars(options), "journal": None}))
    known = balances_at_snapshot(verify(request, progress), options.journal_exchange, options.db)
    return replace(request, expected=known.pairs)


def request_from(options: argparse.Namespace) -> VerifyRequest:
    """The request that the options of `verify` describe. Raises ``usage``."""
    if not options.files and not (options.format and options.user):
        raise ReservesError(ErrorCode.USAGE, say("error.no_input"))
    return VerifyRequest(
        files=tuple(options.files),
        roots=tuple(options.root),
        published=tuple(options.published),
        expected=_expected(options),
        user=own_values(options.user),
        pins=tuple(_pin(pin) for pin in options.pin),
        proofs=_proofs(options.proofs),
        format=options.format,
        jobs=options.jobs,
        cluster=options.cluster,
    )


def _expected(options: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    if options.journal is None:
        return expectations(options.expect)
    if options.expect:
        raise ReservesError(ErrorCode.USAGE, say("journal.and_expect"))
    if options.journal == AT_SNAPSHOT:
        raise ReservesError(ErrorCode.USAGE, say("journal.snapshot_here"))
    return journal_balances(options.journal, options.journal_exchange).pairs


def own_values(pairs: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The values of `--user`, by name in the order given. Raises ``usage`` and ``input.*``."""
    user: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name:
            raise ReservesError(ErrorCode.USAGE, say("error.user_grammar"))
        user[name] = (*user.get(name, ()), _own_value(name, value))
    return user


def expectations(pairs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The values of `--expect` as (asset, amount text). Raises ``usage``."""
    return tuple(_expectation(pair) for pair in pairs)


def _run_each(request: VerifyRequest, options: argparse.Namespace, terminal: Terminal) -> int:
    states: list[State] = []
    unusable = False
    for name, outcome in verify_each(request, terminal.progress):
        if isinstance(outcome, Verdict):
            verdict = remembered(outcome, request, db=options.db, now=int(time.time()))
            states.append(verdict.state)
            if options.json:
                terminal.json(verdict_json(verdict))
            else:
                terminal.line(name, "bold")
                show_verdict(verdict, terminal)
                terminal.line()
        else:
            unusable = True
            if options.json:
                terminal.json(error_json(outcome))
            terminal.complain(outcome)
    if State.FAILED in states:
        return ExitCode.FAILED
    return ExitCode.UNUSABLE if unusable else exit_code(worst(states))


def _own_value(name: str, value: str) -> str:
    if value == "-":
        return getpass.getpass(f"{name}: ")
    if value.startswith("@"):
        try:
            data = Path(value[1:]).read_bytes()[: _SECRET_FILE_BYTES + 1]
            if len(data) > _SECRET_FILE_BYTES:
                raise ReservesError(
                    ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=_SECRET_FILE_BYTES), f"--user {name}"
                )
            return data.decode("utf-8").rstrip("\r\n")
        except (OSError, ValueError):
            raise ReservesError(ErrorCode.INPUT_NOT_FOUND, say("error.not_found"), f"--user {name}") from None
    return value


def _expectation(pair: str) -> tuple[str, str]:
    asset, separator, amount = pair.partition("=")
    if not separator or not asset or not amount:
        raise ReservesError(ErrorCode.USAGE, say("error.expect_grammar"))
    return asset, amount


def _pin(text: str) -> str:
    pin = text.lower()
    if len(pin) != 64 or any(digit not in "0123456789abcdef" for digit in pin):
        raise ReservesError(ErrorCode.USAGE, say("error.pin_grammar"))
    return pin


def _proofs(text: str) -> str:
    if text in {"all", "chain"} or (text.isascii() and text.isdecimal() and 0 < len(text) < 10):
        return text
    raise ReservesError(ErrorCode.USAGE, say("error.proofs_grammar"))


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:6]) <= 256:
        raise argparse.ArgumentTypeError("a number from 1 to 256")
    return int(text)

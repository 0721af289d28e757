"""`reserves key`: the report key's public half, and the passphrase of its secret half."""

import argparse
import getpass
import os
from pathlib import Path

from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.services.signing import (
    PASSPHRASE_VARIABLE,
    ReportKey,
    Signer,
    change_passphrase,
    export_public_key,
    open_signer,
    replace_report_key,
    report_key,
)
from reserves_gui.verdict import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `key`."""
    actions = parser.add_subparsers(dest="action", metavar="show|export|passphrase|replace", required=True)
    show = actions.add_parser("show", help="the public half, and where the secret half lies", allow_abbrev=False)
    show.add_argument("--json", action="store_true", help="print one JSON object")
    export = actions.add_parser("export", help="write the public half for others", allow_abbrev=False)
    export.add_argument("--out", required=True, metavar="PATH", help="a .pub file, as minisign takes it")
    actions.add_parser("passphrase", help="set, change or remove the passphrase", allow_abbrev=False)
    actions.add_parser("replace", help="another key for one that is lost or was seen", allow_abbrev=False)


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Show, export, or lock."""
    if options.action == "export":
        key = export_public_key(Path(options.out))
        terminal.note(say("key.exported", id=key.id, path=options.out))
        return ExitCode.VERIFIED
    if options.action == "replace":
        made = replace_report_key()
        terminal.note(say("key.replaced", id=made.id, public=made.public))
        return ExitCode.VERIFIED
    existing = report_key()
    if existing is None:
        raise ReservesError(ErrorCode.USAGE, say("key.none"))
    if options.action == "passphrase":
        return _relock(existing, terminal)
    if options.json:
        terminal.json(_json(existing))
    else:
        lock = say("key.lock.yes") if existing.locked else say("key.lock.no")
        rows = (
            (say("key.id"), existing.id),
            (say("key.public"), existing.public),
            (say("key.place"), render(Message(f"key.place.{existing.place}"))),
            (say("key.lock"), render(lock)),
        )
        terminal.facts([(render(label), value) for label, value in rows])
    return ExitCode.VERIFIED


def ask_signer() -> Signer:
    """The report key, ready to sign; a passphrase that it needs is asked for, without echo."""
    existing = report_key()
    asked = existing is not None and existing.locked and not os.environ.get(PASSPHRASE_VARIABLE)
    return open_signer(getpass.getpass(f"{render(say('key.lock'))}: ") if asked else None)


def _relock(key: ReportKey, terminal: Terminal) -> int:
    old = getpass.getpass(f"{render(say('key.lock'))}: ") if key.locked else None
    new = getpass.getpass(f"{render(say('key.new_passphrase'))}: ")
    if new != getpass.getpass(f"{render(say('key.once_more'))}: "):
        raise ReservesError(ErrorCode.USAGE, say("key.passphrase_differs"))
    change_passphrase(old, new or None)
    terminal.note(say("key.relocked", id=key.id))
    return ExitCode.VERIFIED


def _json(key: ReportKey) -> dict[str, object]:
    return {
        "schema": "reserves/key/1",
        "id": key.id,
        "public": key.public,
        "place": key.place.value,
        "locked": key.locked,
    }

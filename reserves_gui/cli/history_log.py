"""`reserves history log`: the root log handed to a friend, held against a friend's, and proofs of single entries."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from reserves_gui.cli.key import ask_signer
from reserves_gui.cli.spoken import render
from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message, say
from reserves_gui.messages import render as in_english
from reserves_gui.services.log_comparing import LogComparison, compare_log, import_log
from reserves_gui.services.log_heads import HeadSignature, Signed
from reserves_gui.services.root_logs import check_proof, export_log, prove_entry
from reserves_gui.services.signing import Signer, read_public_key, ready_signer
from reserves_gui.verdict import ExitCode, State, exit_code


class _Actions(Protocol):
    def add_parser(self, name: str, *, help: str, allow_abbrev: bool) -> argparse.ArgumentParser: ...  # noqa: A002


def add_arguments(actions: _Actions) -> None:
    """The action `log` and its own actions."""
    log = actions.add_parser("log", help="the root log and a friend's", allow_abbrev=False)
    inner = log.add_subparsers(dest="log_action", metavar="export|compare|import|prove|check", required=True)
    export = inner.add_parser("export", help="write the whole log for somebody else", allow_abbrev=False)
    compare = inner.add_parser("compare", help="hold a friend's exported log against the own one", allow_abbrev=False)
    taken = inner.add_parser("import", help="the same, and take over what the friend saw", allow_abbrev=False)
    prove = inner.add_parser("prove", help="prove that one entry is in the log", allow_abbrev=False)
    prove.add_argument("index", type=_index, metavar="INDEX", help="of the entry, from 0")
    for one in (export, prove):
        one.add_argument("--out", required=True, metavar="PATH")
        one.add_argument(
            "--sign", action="store_true", help="sign the head, asking for the passphrase (unlocked keys sign anyway)"
        )
    check = inner.add_parser("check", help="check such a proof", allow_abbrev=False)
    check.add_argument("--head", metavar="HEAD", help="the log's head as you have it from elsewhere: file or text")
    for one in (compare, taken, check):
        one.add_argument("file", metavar="FILE")
        one.add_argument("--key", metavar="KEY", help="who must have signed the head: a .pub file or its line")
    for one in inner.choices.values():
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Do one of the actions."""
    if options.log_action == "export":
        count = export_log(Path(options.out), _signer(options))
        return _done("exported", [("entries", count)], options, terminal)
    if options.log_action == "prove":
        prove_entry(options.index, Path(options.out), _signer(options))
        return _done("proven", [("index", options.index)], options, terminal)
    if options.log_action == "check":
        return _check(options, terminal)
    if options.log_action == "compare":
        return _compared(compare_log(Path(options.file), _key(options)), None, options, terminal)
    compared, added = import_log(Path(options.file), now=int(time.time()), key=_key(options))
    return _compared(compared, added, options, terminal)


def _signer(options: argparse.Namespace) -> Signer | None:
    return ask_signer() if options.sign else ready_signer()


def _key(options: argparse.Namespace) -> str | None:
    return None if options.key is None else read_public_key(options.key)


def _check(options: argparse.Namespace, terminal: Terminal) -> int:
    checked = check_proof(Path(options.file), options.head, _key(options))
    proven, state = checked.proven, checked.state
    if options.json:
        terminal.json(
            {
                "schema": "reserves/log-check/1",
                "verdict": state.value,
                "checkpoint": None if proven is None else proven.handed.note,
                "index": None if proven is None else proven.index,
                "entry": None if proven is None else dict(proven.entry),
                "signature": _signature(checked.signature),
            }
        )
        return exit_code(state)
    wrong = checked.signature.signed is Signed.WRONG
    terminal.line(render(Message(f"log.check.{state}")), "bold red" if state is State.FAILED else None)
    terminal.line(render(checked.signature.reason), "bold red" if wrong else None)
    if proven is not None:
        terminal.facts([(name, str(value)) for name, value in proven.entry.items() if value is not None])
        for line in proven.handed.note.rstrip("\n").split("\n"):
            terminal.line(line)
    return exit_code(state)


def _compared(compared: LogComparison, added: int | None, options: argparse.Namespace, terminal: Terminal) -> int:
    if options.json:
        terminal.json(_json(compared, added))
        return compared.exit_code
    bad = compared.state is State.FAILED
    terminal.line(render(Message(f"log.relation.{compared.relation}")), "bold red" if bad else None)
    wrong = compared.signature.signed is Signed.WRONG
    terminal.line(render(compared.signature.reason), "bold red" if wrong else None)
    for note in compared.notes:
        terminal.line(render(note))
    terminal.line(render(say("log.shared", count=compared.shared, conflicts=len(compared.conflicts))))
    for one in compared.conflicts:
        what = say("log.conflict", exchange=one.exchange, snapshot=one.snapshot, format=one.format)
        terminal.item("✘", render(what), "bold red")
        terminal.item(" ", f"{one.ours}  ({one.ours_source}, {one.ours_seen})", indent=2)
        terminal.item(" ", f"{one.theirs}  ({one.theirs_source}, {one.theirs_seen})", indent=2)
    if added is not None:
        terminal.line(render(say("log.added", count=added)))
    return compared.exit_code


def _json(compared: LogComparison, added: int | None) -> dict[str, object]:
    result: dict[str, object] = {
        "schema": "reserves/log-comparison/1",
        "verdict": compared.state.value,
        "relation": compared.relation.value,
        "ours": compared.ours,
        "theirs": compared.theirs,
        "shared": compared.shared,
        "conflicts": [{name: getattr(one, name) for name in one.__slots__} for one in compared.conflicts],
        "signature": _signature(compared.signature),
        "notes": [in_english(one) for one in compared.notes],
    }
    return result if added is None else {**result, "added": added}


def _signature(signature: HeadSignature) -> dict[str, object]:
    return {"state": signature.signed.value, "key": signature.key}


def _done(what: str, values: Sequence[tuple[str, int]], options: argparse.Namespace, terminal: Terminal) -> int:
    if options.json:
        terminal.json({"schema": "reserves/log-done/1", "done": what, **dict(values)})
    else:
        terminal.note(Message(f"log.done.{what}", {**dict(values), "path": options.out}))
    return ExitCode.VERIFIED


def _index(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    raise argparse.ArgumentTypeError("the number of an entry, from 0")

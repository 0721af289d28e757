"""`reserves history log`: the root log handed to a friend, held against a friend's, and proofs of single entries."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import Message, render, say
from reserves_gui.services.root_logs import (
    LogComparison,
    check_proof,
    compare_log,
    export_log,
    import_log,
    prove_entry,
)
from reserves_gui.verdict import ExitCode, State


class _Actions(Protocol):
    def add_parser(self, name: str, *, help: str, allow_abbrev: bool) -> argparse.ArgumentParser: ...  # noqa: A002


def add_arguments(actions: _Actions) -> None:
    """The action `log` and its own actions."""
    log = actions.add_parser("log", help="the root log and a friend's", allow_abbrev=False)
    inner = log.add_subparsers(dest="log_action", metavar="export|compare|import|prove|check", required=True)
    export = inner.add_parser("export", help="write the whole log for somebody else", allow_abbrev=False)
    export.add_argument("--out", required=True, metavar="PATH")
    for name, words in (
        ("compare", "hold a friend's exported log against the own one"),
        ("import", "the same, and take over what the friend saw"),
    ):
        inner.add_parser(name, help=words, allow_abbrev=False).add_argument("file", metavar="FILE")
    prove = inner.add_parser("prove", help="prove that one entry is in the log", allow_abbrev=False)
    prove.add_argument("index", type=_index, metavar="INDEX", help="of the entry, from 0")
    prove.add_argument("--out", required=True, metavar="PATH")
    check = inner.add_parser("check", help="check such a proof", allow_abbrev=False)
    check.add_argument("file", metavar="FILE")
    check.add_argument("--head", metavar="HEAD", help="the log's head as you have it from elsewhere: file or text")
    for one in inner.choices.values():
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Do one of the actions."""
    if options.log_action == "export":
        count = export_log(Path(options.out))
        return _done("exported", [("entries", count)], options, terminal)
    if options.log_action == "prove":
        prove_entry(options.index, Path(options.out))
        return _done("proven", [("index", options.index)], options, terminal)
    if options.log_action == "check":
        return _check(options, terminal)
    if options.log_action == "compare":
        return _compared(compare_log(Path(options.file)), None, options, terminal)
    compared, added = import_log(Path(options.file), now=int(time.time()))
    return _compared(compared, added, options, terminal)


def _check(options: argparse.Namespace, terminal: Terminal) -> int:
    proven = check_proof(Path(options.file), options.head)
    state = State.FAILED if proven is None else State.VERIFIED if options.head is not None else State.UNDECIDED
    if options.json:
        terminal.json(
            {
                "schema": "reserves/log-check/1",
                "verdict": state.value,
                "checkpoint": None if proven is None else proven.head.text(),
                "index": None if proven is None else proven.index,
                "entry": None if proven is None else dict(proven.entry),
            }
        )
    else:
        terminal.line(render(Message(f"log.check.{state}")), "bold red" if proven is None else None)
        if proven is not None:
            terminal.facts([(name, str(value)) for name, value in proven.entry.items() if value is not None])
            for line in proven.head.text().split("\n"):
                terminal.line(line)
    return {State.FAILED: ExitCode.FAILED, State.VERIFIED: ExitCode.VERIFIED}.get(state, ExitCode.UNDECIDED)


def _compared(compared: LogComparison, added: int | None, options: argparse.Namespace, terminal: Terminal) -> int:
    if options.json:
        terminal.json(_json(compared, added))
        return compared.exit_code
    bad = compared.state is State.FAILED
    terminal.line(render(Message(f"log.relation.{compared.relation}")), "bold red" if bad else None)
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
    }
    return result if added is None else {**result, "added": added}


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

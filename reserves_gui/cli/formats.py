"""`reserves formats`."""

import argparse

from reserves_gui.cli.spoken import render, spoken
from reserves_gui.cli.terminal import Terminal
from reserves_gui.messages import DEFAULT_LANGUAGE, Message
from reserves_gui.services.formats import FormatInfo, Guide, formats, guide
from reserves_gui.services.results import guarantees_json
from reserves_gui.verdict import ExitCode


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `formats`."""
    parser.add_argument("--guide", metavar="ID", help="how a user gets the file of this format or exchange")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """List formats, or show one guide."""
    if options.guide is not None:
        _show_guide(guide(options.guide, DEFAULT_LANGUAGE if options.json else spoken()), options, terminal)
    elif options.json:
        terminal.json({"schema": "reserves/formats/1", "formats": [_format_json(one) for one in formats()]})
    else:
        headings = [
            render(Message(f"show.formats.{name}"))
            for name in ("id", "exchange", "binding", "negative", "identity", "bits", "sample")
        ]
        known = sorted(formats(), key=lambda info: info.id)
        rows = [
            (
                one.id,
                ", ".join(one.exchanges),
                one.guarantees.sum_binding,
                one.guarantees.negative_balances,
                one.guarantees.leaf_identity,
                str(one.guarantees.hash_bits),
                render(Message(f"show.sample.{one.sample}")),
            )
            for one in known
            if one.guarantees is not None
        ]
        terminal.table(headings, rows, mono=(0,))
        _show_lists([one for one in known if one.listing is not None], terminal)
    return ExitCode.VERIFIED


def _show_lists(lists: list[FormatInfo], terminal: Terminal) -> None:
    headings = [
        render(Message(f"show.formats.{name}")) for name in ("id", "exchange", "signed", "dated", "amounts", "height")
    ]
    rows = [
        (
            one.id,
            ", ".join(one.exchanges),
            *(render(Message(f"show.answer.{answer}")) for answer in (one.listing.signed, one.listing.dated)),
            *(_yes_no(stated) for stated in (one.listing.amounts, one.listing.height)),
        )
        for one in lists
        if one.listing is not None
    ]
    if rows:
        terminal.line("")
        terminal.table(headings, rows, mono=(0,))


def _yes_no(stated: bool) -> str:  # noqa: FBT001 - the answer itself
    return render(Message("show.answer.yes" if stated else "show.answer.no"))


def _list_json(one: FormatInfo) -> dict[str, object] | None:
    if one.listing is None:
        return None
    return {
        "signed": one.listing.signed.value,
        "dated": one.listing.dated.value,
        "amounts": one.listing.amounts,
        "height": one.listing.height,
    }


def _format_json(one: FormatInfo) -> dict[str, object]:
    return {
        "id": one.id,
        "exchange": one.exchange,
        "exchanges": list(one.exchanges),
        "family": one.family,
        "since": one.since,
        "guarantees": None if one.guarantees is None else guarantees_json(one.guarantees),
        "list": _list_json(one),
        "sample": one.sample,
        "experimental": one.experimental,
        "guide": one.guide,
        "user": list(one.user_fields),
        "form": [{"name": item.name, "kind": item.kind, "required": item.required} for item in one.form],
        "unbound": list(one.unbound),
    }


def _show_guide(one: Guide, options: argparse.Namespace, terminal: Terminal) -> None:
    if options.json:
        terminal.json(
            {
                "schema": "reserves/guide/1",
                "id": one.id,
                "title": one.title,
                "where": list(one.where),
                "file": one.file,
                "private": one.private,
                "root": one.root,
                "note": one.note,
            }
        )
        return
    terminal.line(one.title, "bold")
    for number, step in enumerate(one.where, 1):
        terminal.line(f"{number}. {step}")
    for name in ("file", "root", "private", "note"):
        if text := getattr(one, name):
            terminal.line(f"{render(Message(f'show.guide.{name}'))} {text}")

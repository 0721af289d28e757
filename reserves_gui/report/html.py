"""A report as one HTML file: no script, nothing remote, everything from files escaped (attacks.md section 6).

The canonical document stands in the file as hidden text, so that ``check-report`` can recompute it. The file's own
hash stands in a ``meta`` element (taken with sixty-four zeros in its place), so that a changed byte anywhere is seen.
"""

import hashlib
import re
from html import escape, unescape
from typing import Any

from reserves_gui.messages import render, say
from reserves_gui.report import canonical
from reserves_gui.report.coverage_svg import coverage_svg
from reserves_gui.report.glyph_svg import glyph
from reserves_gui.report.html_style import style
from reserves_gui.report.leaf_svg import leaf_svg
from reserves_gui.report.path_svg import path_svg
from reserves_gui.report.sheet import CheckRow, ClaimCard, Fact, Listing, Part, Sheet, asset_label

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_ZEROS = "0" * 64
_MONO = ' class="mono"'
_SEAL = re.compile(rb'<meta name="reserves-file" content="([0-9a-f]{64})">')
_DATA = re.compile(rb'<pre id="report-data" hidden>([^<]*)</pre>')
_LANGUAGE = re.compile(rb'<html lang="([a-z]{2})">')


def html_report(sheet: Sheet, document: dict[str, Any]) -> bytes:
    """The file: ``sheet`` is what people see, ``document`` the report's JSON that is kept in it."""
    text = _page(sheet, escape(canonical.readable_json(document), quote=False))
    plain = text.encode("utf-8")
    seal = hashlib.sha256(plain).hexdigest()
    return plain.replace(f'content="{_ZEROS}">'.encode(), f'content="{seal}">'.encode(), 1)


def html_seal_holds(data: bytes) -> bool:
    """Whether the file's own hash is that of its bytes."""
    match = _SEAL.search(data)
    if match is None:
        return False
    zeroed = data[: match.start(1)] + _ZEROS.encode() + data[match.end(1) :]
    return hashlib.sha256(zeroed).hexdigest().encode() == match[1]


def html_data(data: bytes) -> bytes | None:
    """The JSON kept in the file, if it is there."""
    match = _DATA.search(data)
    return None if match is None else unescape(match[1].decode("utf-8", "replace")).encode("utf-8")


def html_language(data: bytes) -> str | None:
    """The language the file is written in."""
    match = _LANGUAGE.search(data[:200])
    return None if match is None else match[1].decode("ascii")


def _page(sheet: Sheet, data: str) -> str:
    title = escape(sheet.title)
    reference = f'<p class="reference">{escape(sheet.reference_label)} <code>{escape(sheet.reference)}</code></p>'
    body = "\n".join(
        (
            _head_card(sheet),
            *(_part(part, sheet) for part in sheet.parts),
            _files(sheet),
            *(_listing(one) for one in sheet.listings),
            _reference(sheet),
        )
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(sheet.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="reserves-file" content="{_ZEROS}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{style()}</style>\n</head>\n<body>\n<main>\n"
        f'<header><p class="kind">{title} · {escape(sheet.kind)}</p>{reference}</header>\n{body}\n</main>\n'
        f'<footer class="paper">{escape(sheet.reference_label)} {escape(sheet.reference)}</footer>\n'
        f'<pre id="report-data" hidden>{data}</pre>\n</body>\n</html>\n'
    )


def _reference(sheet: Sheet) -> str:
    return (
        f'<section class="card"><h2>{escape(sheet.reference_label)}</h2><p><code>{escape(sheet.reference)}</code></p>'
        f'<p>{escape(sheet.reference_note)}</p><p class="reference">{escape(sheet.made)}</p></section>'
    )


def _head_card(sheet: Sheet) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in sheet.not_shown)
    return (
        f'<section class="card"><h1>{escape(sheet.headline)}</h1>{_facts(sheet.facts)}'
        f'<div class="notshown"><strong>{escape(sheet.not_shown_title)}</strong><ul>{items}</ul></div></section>'
    )


def _facts(facts: tuple[Fact, ...]) -> str:
    if not facts:
        return ""
    items = "".join(
        f"<div><dt>{escape(one.label)}</dt><dd{_MONO if one.exact else ''}>{escape(one.value)}</dd></div>"
        for one in facts
    )
    return f'<dl class="facts">{items}</dl>'


def _part(part: Part, sheet: Sheet) -> str:
    title = f"<h2>{escape(part.title)}</h2>" if part.title else ""
    claims = "".join(_claim(card, sheet) for card in part.claims)
    balances = ""
    if part.balances:
        balances = f'<section class="card"><h2>{escape(sheet.labels.balances)}</h2>{_facts(part.balances)}</section>'
    return f'{title}{balances}<section class="card claims">{claims}</section>{_pictures(part, sheet)}'


def _pictures(part: Part, sheet: Sheet) -> str:
    found = []
    for picture in part.paths:
        asset = next(iter(picture.assets), None)
        suffix = f" · {escape(asset_label(asset))}" if asset and any(node.sums for node in picture.nodes) else ""
        drawn = path_svg(picture, asset=asset, language=sheet.language)
        found.append(f"<h2>{escape(sheet.labels.path)}{suffix}</h2>{drawn}")
    if part.leaf_sizes is not None:
        for asset in part.leaf_sizes.counts:
            drawn = leaf_svg(part.leaf_sizes, asset=asset, language=sheet.language)
            zeros = part.leaf_sizes.zeros.get(asset, 0)
            beside = render(say("report.sizes.zeros", count=zeros), sheet.language) if zeros else ""
            found.append(
                f"<h2>{escape(sheet.labels.sizes)} · {escape(asset_label(asset))}</h2>{drawn}"
                f'<p class="kind">{escape(beside)}</p>'
            )
    return "".join(f'<section class="card picture">{one}</section>' for one in found)


def _claim(card: ClaimCard, sheet: Sheet) -> str:
    rows = "".join(_check(row, sheet) for row in card.checks)
    return (
        f'<article class="claim {card.state}"><header>{glyph(card.state)}'
        f'<div class="heading"><h3>{escape(card.name)}</h3>'
        f'<span class="word word-{card.state}">{escape(card.word)}</span></div>'
        f'<div class="question">{escape(card.question)}</div><div class="count">{escape(card.count)}</div></header>'
        f'<ul class="checks">{rows}</ul></article>'
    )


def _check(row: CheckRow, sheet: Sheet) -> str:
    values = "".join(
        f'<dt>{escape(label)}</dt><dd class="mono">{escape(value)}</dd>'
        for label, value in ((sheet.labels.expected, row.expected), (sheet.labels.seen, row.seen))
        if value is not None
    )
    listed = f'<dl class="values">{values}</dl>' if values else ""
    return (
        f"<li>{glyph(row.outcome, size=16)}<div>{escape(row.reason)} "
        f'<span class="id"><span class="word-{row.outcome}">{escape(row.word)}</span> · '
        f"<code>{escape(row.id)}</code></span>"
        f"{listed}</div></li>"
    )


def _files(sheet: Sheet) -> str:
    rows = "".join(
        f'<tr><td>{escape(one.name)}</td><td>{escape(one.use)}</td><td class="size">{escape(one.size)}</td>'
        f'<td class="mono">{escape(one.sha256)}</td></tr>'
        for one in sheet.files
    )
    labels = sheet.labels
    head = "".join(f"<th>{escape(text)}</th>" for text in (labels.file, labels.use, labels.size, "SHA-256"))
    return f'<section class="card"><h2>{escape(sheet.files_title)}</h2><table><tr>{head}</tr>{rows}</table></section>'


def _listing(listing: Listing) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in listing.sentences)
    sentences = f'<ul class="plain">{items}</ul>' if items else ""
    spoken = {one.label: f"{one.label}: {one.value}" for one in listing.facts}
    bars = coverage_svg([(asset, bar, spoken.get(asset, asset)) for asset, bar in listing.bars])
    return f'<section class="card"><h2>{escape(listing.title)}</h2>{sentences}{bars}{_facts(listing.facts)}</section>'

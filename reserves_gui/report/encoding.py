"""A report as JSON (schema ``reserves/report/1``).

The document holds ``content`` (everything that was found), ``reference`` (SHA-256 of the canonical content),
``created`` (the wall clock), where there is one ``log_head`` (of the maker's root log), and ``envelope`` (SHA-256 of
the canonical document with the reference in place of the content), so that no byte of meaning lies outside both hashes
while the reference knows no clock.
"""

from typing import Any

from reserves_gui.evidence import LeafSizes, PathNode, PathPicture
from reserves_gui.messages import arguments_data, message_data, render
from reserves_gui.report import canonical
from reserves_gui.report.caveats import caveats
from reserves_gui.report.model import REPORT_SCHEMA, Report, Settings
from reserves_gui.report.verdict_json import verdict_json
from reserves_gui.verdict import Check, InputRecord, Outcome, Verdict


def report_json(report: Report) -> dict[str, Any]:
    """The whole document, ready to be written."""
    content = content_json(report)
    document: dict[str, Any] = {
        "schema": REPORT_SCHEMA,
        "created": report.created,
        "reference": canonical.reference(content),
        "content": content,
    }
    if report.log_head is not None:
        document["log_head"] = report.log_head
    document["envelope"] = envelope(document)
    return document


def envelope(document: dict[str, Any]) -> str:
    """The hash over everything but the content, which its reference stands for."""
    return canonical.reference({key: item for key, item in document.items() if key not in ("content", "envelope")})


def content_json(report: Report) -> dict[str, Any]:
    """The part of a report that its reference stands for: no clock, no secrets, texts for all amounts."""
    content = {
        "schema": REPORT_SCHEMA,
        "program": {"name": "Reserves", "version": report.program},
        "settings": _settings(report.settings),
        "verdict": _verdict(report.verdict),
        "not_checked": not_checked(report.verdict),
        "limits": [message_data(one) for one in caveats(report.verdict)],
        "disclosure": report.disclosure.value,
        "removed": [message_data(one) for one in report.removed],
    }
    cleaned: dict[str, Any] = canonical.without_surrogates(content)
    return cleaned


def not_checked(verdict: Verdict) -> list[str]:
    """The ids of the checks that were not made, in the order of the claims."""
    return [check.id for claim in verdict.claims for check in claim.checks if check.outcome is Outcome.NOT_CHECKED]


def _settings(settings: Settings) -> dict[str, Any]:
    given: dict[str, Any] = {
        "format": settings.format,
        "roots": list(settings.roots),
        "expected": [list(pair) for pair in settings.expected],
        "published": [_file(one) for one in settings.published],
        "user": list(settings.user),
        "pins": list(settings.pins),
        "proofs": settings.proofs,
    }
    # Only wallet lists have these: a report without them reads as it always did.
    if settings.chains:
        given["chains"] = list(settings.chains)
    if settings.message is not None:
        given["message"] = settings.message
    return given


def _verdict(verdict: Verdict) -> dict[str, Any]:
    """The contract's object, with what rendering and comparing need beside it."""
    result = verdict_json(verdict)
    result["decisive"] = list(verdict.decisive)
    result["extra"] = sorted(verdict.extra)
    result["claims"] = [
        {
            "id": claim.id,
            "state": claim.state.value,
            "ceiling": claim.ceiling.value,
            "checks": [_check(check) for check in claim.checks],
        }
        for claim in verdict.claims
    ]
    result["warnings"] = [message_data(one) for one in verdict.warnings]
    result["notes"] = [message_data(one) for one in verdict.notes]
    result["picture"] = None if verdict.picture is None else _picture(verdict.picture)
    result["leaf_sizes"] = None if verdict.leaf_sizes is None else _leaf_sizes(verdict.leaf_sizes)
    result["proofs"] = [_verdict(one) for one in verdict.proofs]
    return result


def _check(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "outcome": check.outcome.value,
        "reason": render(check.reason),
        "key": check.reason.key,
        "args": arguments_data(check.reason),
        "expected": check.expected,
        "seen": check.seen,
        "required": check.required,
        "private": check.private,
    }


def _file(record: InputRecord) -> dict[str, Any]:
    return {"name": record.name, "sha256": record.sha256, "bytes": record.bytes}


def _picture(picture: PathPicture) -> dict[str, Any]:
    result: dict[str, Any] = {"assets": list(picture.assets), "nodes": [_node(node) for node in picture.nodes]}
    if picture.more:
        result["more"] = [_picture(one) for one in picture.more]
    return result


def _node(node: PathNode) -> dict[str, Any]:
    return {
        "level": node.level,
        "kind": node.kind.value,
        "side": None if node.side is None else node.side.value,
        "hash": node.hash,
        "sums": dict(node.sums),
        "state": node.state.value,
        "stated_hash": node.stated_hash,
        "stated_sums": None if node.stated_sums is None else dict(node.stated_sums),
    }


def _leaf_sizes(sizes: LeafSizes) -> dict[str, Any]:
    """Classes as texts: JSON keys are texts."""
    return {
        "counts": {asset: {str(k): n for k, n in classes.items()} for asset, classes in sizes.counts.items()},
        "zeros": dict(sizes.zeros),
        "own": {asset: sorted(classes) for asset, classes in sizes.own.items()},
        "unit_decimals": dict(sizes.unit_decimals),
    }

"""The JSON object of a verdict, exactly as the contract has it (section 4): text amounts, stable keys."""

from collections.abc import Mapping
from typing import Any

from reserves_gui.errors import ReservesError
from reserves_gui.messages import DEFAULT_LANGUAGE, Message, render
from reserves_gui.verdict import Check, Guarantees, Verdict

VERDICT_SCHEMA = "reserves/verdict/1"
ERROR_SCHEMA = "reserves/error/1"


def verdict_json(verdict: Verdict, language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """The object that ``--json`` prints."""
    result: dict[str, Any] = {
        "schema": VERDICT_SCHEMA,
        "verdict": verdict.state.value,
        "format": verdict.format,
        "exchange": verdict.exchange,
        "snapshot": {
            "id": verdict.snapshot.id,
            "time": verdict.snapshot.time,
            "height": verdict.snapshot.height,
        },
        "root": verdict.root,
        "balances": dict(verdict.balances),
        "total": None if verdict.total is None else dict(verdict.total),
        "claims": [
            {
                "id": claim.id,
                "state": claim.state.value,
                "checks": [check_json(check, language) for check in claim.checks],
            }
            for claim in verdict.claims
        ],
        "guarantees": None if verdict.guarantees is None else guarantees_json(verdict.guarantees),
        "inputs": [{"name": one.name, "sha256": one.sha256, "bytes": one.bytes} for one in verdict.inputs],
    }
    optional = {
        "leaves": None if verdict.leaves is None else list(verdict.leaves),
        "leaf_count": verdict.leaf_count,
        "padding_leaves": verdict.padding_leaves,
        "snapshot_height_bound": verdict.snapshot_height_bound,
        "warnings": _messages(verdict.warnings, language) or None,
        "notes": _messages(verdict.notes, language) or None,
        "proofs": [verdict_json(one, language) for one in verdict.proofs] or None,
    }
    result |= {key: value for key, value in optional.items() if value is not None}
    result |= verdict.extra
    return result


def check_json(check: Check, language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """One check; ``expected`` and ``seen`` stand only where two values were compared."""
    result: dict[str, Any] = {
        "id": check.id,
        "outcome": check.outcome.value,
        "reason": render(check.reason, language),
        "key": check.reason.key,
        "required": check.required,
    }
    if check.expected is not None:
        result["expected"] = check.expected
    if check.seen is not None:
        result["seen"] = check.seen
    return result


def guarantees_json(guarantees: Guarantees) -> dict[str, str | int | bool]:
    """What the format itself can prove (contract section 2)."""
    return {
        "sum_binding": guarantees.sum_binding.value,
        "negative_balances": guarantees.negative_balances.value,
        "leaf_identity": guarantees.leaf_identity.value,
        "hash_bits": guarantees.hash_bits,
        "domain_separation": guarantees.domain_separation,
        "per_asset": guarantees.per_asset,
    }


def error_json(error: ReservesError, language: str = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """The object printed for unusable input (exit code 2)."""
    return {
        "schema": ERROR_SCHEMA,
        "error": {"code": error.code.value, "message": render(error.message, language), "where": error.where},
    }


def _messages(messages: tuple[Message, ...], language: str) -> list[Mapping[str, str]]:
    return [{"key": one.key, "text": render(one, language)} for one in messages]

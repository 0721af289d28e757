"""Checks of what the user says: expected amounts and ids. Without anything to compare, nothing is required."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reserves_gui.amounts import ZERO, parse_plain, stripped
from reserves_gui.messages import say
from reserves_gui.verdict import Check, Checks, Outcome


def check_expected(checks: Checks, expected: Sequence[tuple[str, str]], amounts: Mapping[str, Decimal] | None) -> None:
    """``leaf.expected``: one check for each asset the user states, compared as numbers. Raises ``number.grammar``.

    ``amounts`` is None where nothing is known of what the leaf holds.
    """
    if not expected:
        reason = say("mpath.expected_none")
        checks.add(Check("leaf.expected", Outcome.NOT_CHECKED, reason, required=False, private=True))
    for asset, text in expected:
        wanted = parse_plain(text, asset)
        if amounts is None:
            reason = say("mpath.expected_unknown", asset=asset)
            checks.not_checked("leaf.expected", reason, expected=stripped(wanted), private=True)
            continue
        held = amounts.get(asset, ZERO)
        values = {"expected": stripped(wanted), "seen": stripped(held)}
        if held == wanted:
            checks.passed("leaf.expected", say("mpath.expected_ok", asset=asset), private=True, **values)
        else:
            checks.failed("leaf.expected", say("mpath.expected_bad", asset=asset), private=True, **values)


def check_identity(checks: Checks, stated: Mapping[str, str | None], leaf: Mapping[str, str]) -> bool:
    """``leaf.identity``: ids the user states against those in the leaf. True if any was given and all agree."""
    given = {name: value for name, value in stated.items() if value is not None}
    if not given:
        reason = say("mpath.identity_none")
        checks.add(Check("leaf.identity", Outcome.NOT_CHECKED, reason, required=False, private=True))
        return False
    wrong = [name for name, value in given.items() if leaf.get(name) != value]
    for name in wrong:
        checks.failed("leaf.identity", say("mpath.identity_bad", name=name), private=True)
    if not wrong:
        checks.passed("leaf.identity", say("mpath.identity_ok", names=", ".join(sorted(given))), private=True)
    return not wrong

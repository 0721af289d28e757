"""What the user expected against what was found, for every format that finds own leaves."""

from collections.abc import Mapping, Sequence

from reserves_gui.amounts import parse_plain, stripped
from reserves_gui.messages import say
from reserves_gui.verdict import Checks


def compare_expected(checks: Checks, expected: Sequence[tuple[str, str]], balances: Mapping[str, str]) -> None:
    """Add ``leaf.expected``: every expected amount against the balance found (an asset that is not there is 0).

    Without expectations the check is ``not_checked`` and not required. Raises ``number.grammar``.
    """
    if not expected:
        checks.not_checked("leaf.expected", say("trees.nothing_expected"), required=False)
        return
    for asset, text in expected:
        wanted = parse_plain(text, f"--expect {asset}")
        seen = parse_plain(balances.get(asset, "0"))
        values: dict[str, str | bool | None] = {
            "expected": f"{stripped(wanted)} {asset}",
            "seen": f"{stripped(seen)} {asset}",
            "private": True,
        }
        args = {"asset": asset, "expected": stripped(wanted), "seen": stripped(seen)}
        if wanted == seen:
            checks.passed("leaf.expected", say("trees.expected_passed", **args), **values)
        else:
            checks.failed("leaf.expected", say("trees.expected_failed", **args), **values)

"""The public hosts of these tests follow a Bitcoin chain that was mined here."""

from dataclasses import replace
from typing import Any

import pytest

from reserves_gui import limits
from reserves_gui.chain import chains as table
from tests.chain.ledger import GENESIS


def change_bitcoin(monkeypatch: pytest.MonkeyPatch, **how: Any) -> None:
    """Bitcoin as these fields say, wherever the table is asked for it."""
    old = table.chains()["bitcoin"]
    for known in (table.chains(), table._by_alias()):
        for name in [name for name, chain in known.items() if chain == old]:
            monkeypatch.setitem(known, name, replace(old, **how))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _mined_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bitcoin by the start and the easy work of the tests' own chain: a public host is held to both.

    The pause between two questions to one host is looked at elsewhere; skipped, it would run up to what is a time-out
    for all others.
    """
    monkeypatch.setattr(limits, "PUBLIC_HOST_SPACING", 0.0)
    change_bitcoin(monkeypatch, identity=GENESIS, test_identity="", easiest_bits=0)

"""The public hosts of these tests follow a Bitcoin chain that was mined here."""

from dataclasses import replace

import pytest

from reserves_gui.chain import chains as table
from tests.chain.ledger import GENESIS


@pytest.fixture(autouse=True)
def _mined_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bitcoin by the start and the easy work of the tests' own chain: a public host is held to both."""
    bitcoin = table.chains()["bitcoin"]
    here = replace(bitcoin, identity=GENESIS, test_identity="", easiest_bits=0)
    for known in (table.chains(), table._by_alias()):
        for name in [name for name, chain in known.items() if chain == bitcoin]:
            monkeypatch.setitem(known, name, here)  # type: ignore[arg-type]

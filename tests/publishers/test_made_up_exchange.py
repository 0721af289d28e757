"""Adding an exchange of a known family is one declaration, found through an entry point, and nothing else."""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from reserves_gui.progress import silent
from reserves_gui.publishers import registry
from reserves_gui.services.formats import format_info
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.verdict import State
from tests.publishers import northsea
from tests.publishers.installing import install

BALANCES = [{"BTC": "1.5"}, {"ETH": "20", "BTC": "0.25"}, {"BTC": "3"}, {"ETH": "0.5"}]


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    install(northsea.__name__, tmp_path_factory.mktemp("packages"), monkeypatch)
    yield
    registry.formats.cache_clear()


def _listed(balances: dict[str, str]) -> str:
    return ",".join(f"{coin}:{balances[coin]}" for coin in sorted(balances))


def _sum(left: dict[str, str], right: dict[str, str]) -> dict[str, str]:
    coins = sorted({*left, *right})
    return {coin: f"{(Decimal(left.get(coin, '0')) + Decimal(right.get(coin, '0'))).normalize():f}" for coin in coins}


def _proof(index: int) -> dict[str, object]:
    """One user's file of the tree over ``BALANCES``, written from the two formulas above the declaration."""
    ids = [hashlib.sha256(f"client {number}".encode()).hexdigest() for number in range(4)]
    row = [
        (hashlib.sha256(f"{one}#{_listed(balances)}".encode()).hexdigest(), balances)
        for one, balances in zip(ids, [dict(balances) for balances in BALANCES], strict=True)
    ]

    def entry(node: tuple[str, dict[str, str]], kind: int, level: int) -> dict[str, object]:
        return {"snapshot": "2026-10-31", "hash": node[0], "balances": node[1], "type": kind, "level": level}

    own = {**entry(row[index], 1 + (index & 1), 0), "clientHash": ids[index]}
    path, level = [], 0
    while len(row) > 1:
        sibling = index ^ 1
        path.append(entry(row[sibling], 1 + (sibling & 1), level))
        level += 1
        parents = []
        for at in range(0, len(row), 2):
            sums = _sum(row[at][1], row[at + 1][1])
            text = f"{row[at][0]}#{row[at + 1][0]}#{_listed(sums)}#{level}"
            parents.append((hashlib.sha256(text.encode()).hexdigest(), sums))
        row, index = parents, index // 2
    return {"client": own, "siblings": [*path, entry(row[0], 3, level)]}


def _judged(tmp_path: Path, proof: dict[str, object], *roots: str):
    path = tmp_path / "northsea.json"
    path.write_text(json.dumps(proof), encoding="utf-8")
    return verify(VerifyRequest(files=(str(path),), roots=roots), silent())


@pytest.mark.parametrize("index", range(4))
def test_every_users_proof_verifies_with_the_published_root(index: int, tmp_path: Path) -> None:
    proof = _proof(index)
    verdict = _judged(tmp_path, proof, proof["siblings"][-1]["hash"])
    assert verdict.state is State.VERIFIED
    assert verdict.exchange == "Northsea"
    assert verdict.total == {"BTC": "4.75", "ETH": "20.5"}


def test_an_edited_balance_fails(tmp_path: Path) -> None:
    proof = _proof(1)
    proof["client"]["balances"]["BTC"] = "0.26"
    assert _judged(tmp_path, proof).state is State.FAILED


def test_the_format_is_listed_like_any_other() -> None:
    assert format_info("northsea-merkle").unbound == ("snapshot",)

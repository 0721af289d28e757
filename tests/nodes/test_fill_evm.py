"""The past of coins and tokens from archive nodes: what every block says of the accounts, and which transfers made it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.cli.main import main
from reserves_gui.history.database import sqlite_url
from reserves_gui.services.keeping import shown_time
from tests.nodes.evm_chain import EvmChain
from tests.nodes.starting import nodes

pytestmark = pytest.mark.nodes
DAY = 86_400
COLD, HOT = "0x" + "ab" * 20, "0x" + "cd" * 20
# Tokens that come to either account, day by day, in hundredths.
DAYS = ((500, 50), (0, 20), (30, 0), (0, 0), (0, 70), (10, 10), (0, 0))


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    monkeypatch.setenv("RESERVES_DB", sqlite_url(tmp_path / "filled.sqlite"))


def _ask(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code = main([*words, "--json"])
    return {"exit": code, **json.loads(capsys.readouterr().out.strip().splitlines()[-1])}


def test_the_days_of_a_token_come_back_from_two_archive_nodes(
    evm: tuple[EvmChain, EvmChain], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = nodes.FIRST_TIME // DAY * DAY + DAY
    for chain in evm:
        for number, (cold, hot) in enumerate(DAYS):
            chain.wait_until(start + number * DAY)
            for address, hundredths in ((COLD, cold), (HOT, hot)):
                if hundredths:
                    chain.pay_tokens(address, hundredths * 10**6)
                    chain.pay(address, 10**18)
        chain.wait_until(start + len(DAYS) * DAY)
        chain.pay(HOT, 0)
    listed = tmp_path / "list.csv"
    rows = [f"ethereum,{asset},{address}," for asset in ("WBTC", "ETH") for address in (COLD, HOT)]
    listed.write_text("\n".join(("chain,asset,address,amount", *rows)) + "\n", encoding="utf-8")
    sources = [word for chain in evm for word in ("--source", f"evm+http://127.0.0.1:{chain.port}")]
    # Every noon: what came at midnight is there.
    span = ("--from", shown_time(start + DAY // 2), "--to", shown_time(start + len(DAYS) * DAY))
    filled = _ask(capsys, "history", "fill", str(listed), "--exchange", "Northsea", *span, *sources)
    assert filled["exit"] == 0, filled
    held, coins, wanted = 0, 0, []
    for cold, hot in DAYS:
        held, coins = held + cold + hot, coins + bool(cold) + bool(hot)
        wanted.append((Decimal(held) / 100, Decimal(coins)))
    seen = {
        asset: _ask(capsys, "history", "series", "--exchange", "Northsea", "--asset", asset)
        for asset in ("WBTC", "ETH")
    }
    for at, asset in enumerate(("WBTC", "ETH")):
        points = seen[asset]["reserves"]
        assert all(one["agreed"] for one in points)
        # A day without a block has no round of its own.
        assert [Decimal(one["low"]) for one in points] == list(dict.fromkeys(one[at] for one in wanted))
    # Transfers of a token are in the node's log; what single transactions did to a coin it does not tell.
    days = {asset: next(one for one in seen[asset]["derived"]["windows"] if one["name"] == "24h") for asset in seen}
    assert (days["WBTC"]["gross_in"], days["WBTC"]["gross_out"], days["WBTC"]["gross_complete"]) == ("0.2", "0", True)
    assert (days["ETH"]["net"], days["ETH"]["gross_in"]) == ("2", None)

"""Providers put keys into URLs: none is part of what is shown, reported or kept of a source."""

from pathlib import Path

import pytest

from reserves_gui.chain.policy import shown_url
from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest, observe_balances
from tests.chain.servers import serving, text

_KEY = "Kx93lqPz07VbTwcE"
_ROWS = (
    "bitcoin,BTC,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2,4",
    "ethereum,ETH,0x70997970c51812dc3a010c7d01b50e0d17dc79c8,1",
    "tron,TRX,TJRabPrwbZy45sbavfcjinPJC18kjpRTv8,1",
    "solana,SOL,4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA,1",
    "xrp,XRP,rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh,1",
)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/api", "https://example.org/api"),
        ("https://example.org/testnet/api/", "https://example.org/testnet/api"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("ssl://user:word@example.org:50002", "ssl://example.org:50002"),
        (f"https://example.org/v3/{_KEY}", "https://example.org"),
        (f"https://example.org/api?key={_KEY}", "https://example.org/api"),
        (f"https://example.org?key=/{_KEY}", "https://example.org"),
        (f"https://example.org/api#{_KEY}", "https://example.org/api"),
        ("", ""),
    ],
)
def test_a_url_is_shown_without_what_may_be_a_key(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@pytest.mark.parametrize("place", ["path", "user", "query"])
@pytest.mark.parametrize("kind", ["", "esplora+", "bitcoind+", "evm+", "evm-proof+", "tron+", "solana+", "xrp+"])
@pytest.mark.parametrize("status", [401, 404])
def test_a_key_is_in_nothing_that_is_said_of_a_source(kind: str, place: str, status: int, tmp_path: Path) -> None:
    path = tmp_path / "wallets.csv"
    path.write_text("\n".join(("chain,asset,address,amount", *_ROWS, "")), encoding="utf-8")
    with serving(lambda _method, _path, _body: text("no", status)) as server:
        url = {
            "path": f"http://127.0.0.1:{server.port}/v3/{_KEY}",
            "user": f"http://me:{_KEY}@127.0.0.1:{server.port}/api",
            "query": f"http://127.0.0.1:{server.port}/api?key={_KEY}",
        }[place]
        verdict = observe_balances(BalancesRequest(files=(str(path),), sources=(kind + url,)), Progress())
        assert server.log
    assert f"127.0.0.1:{server.port}" in repr(verdict)
    assert _KEY not in repr(verdict)

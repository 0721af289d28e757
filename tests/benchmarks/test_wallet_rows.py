"""How many secp256k1 rows a second a wallet list is checked at, with one process and with as many as there are cores.

The aim is 8,000 rows a second on two cores. Figures are printed and kept by the benchmark; no time fails a test.
"""

import base64
import os
from pathlib import Path

import pytest
from coincurve import PrivateKey
from pytest_benchmark.fixture import BenchmarkFixture

from reserves_gui.progress import Progress
from reserves_gui.services.wallets import WalletsRequest, check_wallets
from reserves_gui.verdict import State
from reserves_gui.wallets import bitcoin_address
from reserves_gui.wallets.hashing import hash160, sha256d
from tests.wallets.lists import address_list

ROWS = 20_000
MESSAGE = "I am an address of Example Exchange, block 900000"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A list of signed addresses, every one with a key of its own."""
    digest = sha256d(b"\x18Bitcoin Signed Message:\n" + bytes([len(MESSAGE)]) + MESSAGE.encode())
    rows = []
    for number in range(1, ROWS + 1):
        key = PrivateKey(number.to_bytes(32, "big"))
        made = key.sign_recoverable(digest, hasher=None)
        program = bitcoin_address.Program(bitcoin_address.ProgramType.P2PKH, hash160(key.public_key.format()))
        rows.append(
            {
                "chain": "bitcoin",
                "asset": "BTC",
                "amount": "1",
                "address": bitcoin_address.encode(program, "btc"),
                "message": MESSAGE,
                "signature": base64.b64encode(bytes([31 + made[64]]) + made[:64]).decode(),
            }
        )
    return address_list(tmp_path_factory.mktemp("rows"), rows)


@pytest.mark.benchmark
@pytest.mark.parametrize("jobs", sorted({1, min(2, os.cpu_count() or 1)}))
def test_signed_rows_a_second(signed: str, jobs: int, benchmark: BenchmarkFixture) -> None:
    request = WalletsRequest(files=(signed,), jobs=jobs)
    verdict = benchmark.pedantic(check_wallets, args=(request, Progress()), rounds=1, iterations=1)
    assert verdict.claims[0].state is State.VERIFIED
    assert Path(signed).exists()
    if benchmark.stats is not None:
        rate = int(ROWS / benchmark.stats.stats.min)
        benchmark.extra_info["rows_per_second"] = rate
        print(f"\n{jobs} processes: {rate:,} rows a second")

"""Many balances in one call of a real node: with Multicall3, without it, and with a counterfeit in its place."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reserves_gui.chain import multicall
from reserves_gui.chain.chains import chains
from reserves_gui.chain.evm import Evm
from reserves_gui.chain.port import Account, Asset, Observation, Seen
from reserves_gui.progress import Progress
from tests.chain.conftest import open_door
from tests.nodes.evm_chain import TOKEN, EvmChain

pytestmark = pytest.mark.nodes
_ETH = Asset(name="ETH", decimals=18)
_WBTC = Asset(name="WBTC", decimals=None, contract=TOKEN)
_NONE = Asset(name="NONE", decimals=None, contract="0x" + "77" * 20)


def _accounts(first: int, count: int) -> list[Account]:
    return [Account(f"0x{number:040x}", number.to_bytes(20, "big")) for number in range(first, first + count)]


@contextmanager
def _code(chain: EvmChain, code: str) -> Iterator[None]:
    """Other code in the place of Multicall3 for a while."""
    genuine = chain.rpc("eth_getCode", multicall.ADDRESS, "latest")
    chain.rpc("anvil_setCode", multicall.ADDRESS, code)
    try:
        yield
    finally:
        chain.rpc("anvil_setCode", multicall.ADDRESS, genuine)


def _seen(chain: EvmChain, asset: Asset, accounts: list[Account]) -> tuple[list[Observation], list[str]]:
    """What the source says, and the bodies of what it asked."""
    url = f"http://127.0.0.1:{chain.port}"
    door = open_door(url)
    source = Evm(url, door.transport)
    source.probe([chains()["ethereum"]], Progress())
    at = source.block(chain.height(), Progress())
    found = list(source.observe(asset, accounts, at, Progress()))
    return found, [one.body.decode() for one in door.sent]


def _calls(bodies: list[str], word: str) -> int:
    return sum(body.count(word) for body in bodies)


@pytest.mark.parametrize("stands", ["genuine", "nothing", "a counterfeit"])
def test_the_same_balances_come_out_whatever_stands_there(stands: str, evm: tuple[EvmChain, EvmChain]) -> None:
    chain = evm[0]
    accounts = _accounts(0x61000, 12)
    for number, account in enumerate(accounts[:5]):
        chain.rpc("anvil_setBalance", account.address, hex(10**18 + number))
        chain.hold_tokens(account.address, 10**12 + number)
    genuine = chain.rpc("eth_getCode", multicall.ADDRESS, "latest")
    code = {"genuine": genuine, "nothing": "0x", "a counterfeit": "0x60ff60005260206000f3"}[stands]
    with _code(chain, code):
        for asset, first in ((_ETH, 10**18), (_WBTC, 10**12)):
            found, bodies = _seen(chain, asset, accounts)
            assert [one.amount for one in found] == [first + number for number in range(5)] + [0] * 7
            # One call for all, besides the one for the token's decimals.
            assert _calls(bodies, '"eth_call"') == (1 if asset is _ETH else 2)
            assert _calls(bodies, '"eth_getBalance"') == 0
            assert _calls(bodies, '"code":') == (0 if stands == "genuine" else 1)


def test_more_accounts_than_one_call_takes_are_read_in_chunks(evm: tuple[EvmChain, EvmChain]) -> None:
    chain = evm[0]
    accounts = _accounts(0x70000, 1203)
    for number in (0, 499, 500, 1202):
        chain.rpc("anvil_setBalance", accounts[number].address, hex(7 + number))
    with _code(chain, "0x"):
        found, bodies = _seen(chain, _ETH, accounts)
    assert {number: one.amount for number, one in enumerate(found) if one.amount} == {
        0: 7,
        499: 506,
        500: 507,
        1202: 1209,
    }
    assert _calls(bodies, '"eth_call"') == 3


@pytest.mark.parametrize("code", ["genuine", "0x"])
def test_what_is_no_token_is_not_zero(code: str, evm: tuple[EvmChain, EvmChain]) -> None:
    chain = evm[0]
    genuine = chain.rpc("eth_getCode", multicall.ADDRESS, "latest")
    # A token that knows its decimals and nothing else.
    from tests.chain.contracts import answering, word

    chain.rpc("anvil_setCode", _NONE.contract, "0x" + answering({"313ce567": word(8)}).hex())
    with _code(chain, genuine if code == "genuine" else code):
        found, _ = _seen(chain, _NONE, _accounts(0x61000, 9))
    assert {one.outcome for one in found} == {Seen.UNKNOWN}


def test_a_past_block_is_read_as_it_was(evm: tuple[EvmChain, EvmChain]) -> None:
    chain = evm[0]
    accounts = _accounts(0x62000, 9)
    chain.pay(accounts[0].address, 5)
    before = chain.height()
    chain.pay(accounts[0].address, 6)
    chain.pay(accounts[0].address, 7)
    url = f"http://127.0.0.1:{chain.port}"
    with _code(chain, "0x"):
        source = Evm(url, open_door(url).transport)
        source.probe([chains()["ethereum"]], Progress())
        amounts = [
            next(iter(source.observe(_ETH, accounts, source.block(height, Progress()), Progress()))).amount
            for height in (before, before + 1, before + 2)
        ]
    assert amounts == [5, 11, 18]

"""Many balances of an EVM chain in one call: through the genuine Multicall3, else through a program lent for the call.

Both tell the block they ran in, which must be the one asked for. A server on which neither works is asked singly.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from reserves_gui.chain import multicall, reader_code
from reserves_gui.chain.answers import is_unusable
from reserves_gui.chain.port import Block, unusable
from reserves_gui.chain.trie import keccak256
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

TOGETHER_FROM = 8
"""Fewer accounts are asked one by one, in a batch."""

_MULTICALL = bytes.fromhex(multicall.ADDRESS[2:])
_LENT_TO = bytes.fromhex(reader_code.ADDRESS[2:])


class Reader(Protocol):
    """What of an endpoint is needed here."""

    def code(self, address: bytes, at: Block, progress: Progress) -> bytes:
        """The code of an account at a block."""
        ...

    def read(
        self, contract: bytes, data: bytes, at: Block, progress: Progress, *, lent: Mapping[str, object] | None = None
    ) -> bytes:
        """The answer of a contract at a block, under a state override if one is given."""
        ...


class Way(StrEnum):
    """How many balances are read at once."""

    MULTICALL = "multicall"
    LENT = "lent"
    SINGLY = "singly"


class Together:
    """The ways found out for one endpoint, by block: Multicall3 stands from some block on, and not on every chain."""

    def __init__(self) -> None:
        self._ways: dict[int, Way] = {}

    def amounts(
        self, reader: Reader, token: bytes | None, accounts: Sequence[bytes], at: Block, progress: Progress
    ) -> dict[bytes, int | None] | None:
        """Account -> amount (None: the token is no contract), or None where the accounts must be asked singly.

        ``token`` None: the chain's coin. Raises only ``Cancelled``.
        """
        way = self._ways.get(at.height) or self._first_way(reader, at, progress)
        found = None
        if way is not Way.SINGLY:
            try:
                found = self._read(way, reader, token, accounts, at, progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                # A contract with the right code that answers wrongly was not run: nothing lent would be, either.
                way = Way.SINGLY
        self._ways[at.height] = way
        return found

    @staticmethod
    def _first_way(reader: Reader, at: Block, progress: Progress) -> Way:
        """By the hash of the code that stands at the address of Multicall3 at this block."""
        try:
            code = reader.code(_MULTICALL, at, progress)
        except ReservesError as error:
            if not is_unusable(error):
                raise
            return Way.SINGLY
        return Way.MULTICALL if keccak256(code).hex() == multicall.CODE_HASH else Way.LENT

    @staticmethod
    def _read(
        way: Way, reader: Reader, token: bytes | None, accounts: Sequence[bytes], at: Block, progress: Progress
    ) -> dict[bytes, int | None]:
        """Chunks of 500, each with the block number in it, compared with the block asked for."""
        found: dict[bytes, int | None] = {}
        for start in range(0, len(accounts), multicall.CHUNK):
            progress.checkpoint()
            part = accounts[start : start + multicall.CHUNK]
            chunk = _through_multicall if way is Way.MULTICALL else _through_lent_code
            found.update(zip(part, chunk(reader, token, part, at, progress), strict=True))
        return found


def _through_multicall(
    reader: Reader, token: bytes | None, accounts: Sequence[bytes], at: Block, progress: Progress
) -> list[int | None]:
    selector = multicall.GET_ETH_BALANCE if token is None else multicall.BALANCE_OF
    calls = [(_MULTICALL, multicall.GET_BLOCK_NUMBER)]
    calls += [(token or _MULTICALL, multicall.with_address(selector, account)) for account in accounts]
    answers = multicall.results(reader.read(_MULTICALL, multicall.aggregate3(calls), at, progress), len(calls))
    if answers[0] is None or int.from_bytes(answers[0], "big") != at.height:
        raise unusable("chain.multicall")
    return [None if answer is None else int.from_bytes(answer, "big") for answer in answers[1:]]


def _through_lent_code(
    reader: Reader, token: bytes | None, accounts: Sequence[bytes], at: Block, progress: Progress
) -> list[int | None]:
    data = reader_code.call_data(token, accounts)
    answer = reader.read(_LENT_TO, data, at, progress, lent=reader_code.override())
    return reader_code.results(answer, len(accounts), at.height)

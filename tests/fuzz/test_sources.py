"""Servers that answer rubbish: whatever comes, only the program's own error leaves a source."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from reserves_gui.chain.answers import Answer, parse_answer
from reserves_gui.chain.bitcoin_wire import read_header, read_transaction
from reserves_gui.chain.chains import chains
from reserves_gui.chain.evm import Evm
from reserves_gui.chain.evm_proof import check_account, check_slot
from reserves_gui.chain.multicall import results
from reserves_gui.chain.policy import Policy
from reserves_gui.chain.port import Observation, Outpoint, OutputSource, Seen
from reserves_gui.chain.price_sources import ask_prices, parse_price_source
from reserves_gui.chain.prices import price_file
from reserves_gui.chain.recorded import read_recorded
from reserves_gui.chain.recorded_calls import OwnerAnswers, RecordedCall, RecordedWithdrawal, read_owner_answers
from reserves_gui.chain.sources import open_source, parse_source
from reserves_gui.chain.transport import Reply, Transport
from reserves_gui.chain.trie import (
    EMPTY_CODE,
    EMPTY_ROOT,
    keccak256,
    mapping_slot,
    prove_account,
    rlp_decode,
    rlp_encode,
)
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress, silent
from tests.chain.faults import Answering, json_reply
from tests.chain.honest import HONEST, LOWER, TOP, evm
from tests.fuzz.mutating import changed, mutated

_ROUNDS = 600
_NONE: frozenset[int] = frozenset()


class _Wrong(Transport):
    """A door behind which the answers are made here; those to the requests numbered in ``wrong`` are mutated."""

    def __init__(self, honest: Answering, draw: Random, wrong: frozenset[int]) -> None:
        super().__init__(Policy(offline=False))
        self._honest = honest
        self._draw = draw
        self._wrong = wrong
        self.count = 0

    def told(self, path: str, body: bytes | None) -> bytes:
        answer = self._honest("GET" if body is None else "POST", path, body or b"").body
        self.count += 1
        return mutated(answer, self._draw) if self.count in self._wrong else answer

    def fetch(self, url: str, progress: Progress, *, body: bytes | None = None, **_: Any) -> Reply:
        progress.checkpoint()
        kind = "text/plain" if body is None else "application/json"
        return Reply(200, self.told("/" + url.partition("://")[2].partition("/")[2], body), kind)


class _Line:
    """The same as a connection of lines."""

    def __init__(self, transport: _Wrong, *_: object) -> None:
        self._transport = transport
        self._waiting = b""

    def send(self, line: bytes, _progress: Progress) -> None:
        self._waiting = self._transport.told("", line)

    def receive(self, _progress: Progress) -> bytes:
        return self._waiting

    def close(self) -> None:
        pass


def _asked(kind: str, transport: _Wrong, height: int) -> Iterator[Observation]:
    honest = HONEST[kind]
    (source,) = open_source(parse_source(honest.source("127.0.0.1:9"), {}), transport, lambda _: None, silent())
    source.probe([chains()[honest.chain]], silent())
    at = source.block(height, silent())
    accounts = [honest.account(honest.addresses[0])]
    for asset in honest.assets:
        yield from source.observe(asset, accounts, at, silent())
    deltas = getattr(source, "deltas", None)
    if deltas is not None:
        for one in deltas(accounts, LOWER, silent()):
            source.parties(one, silent())
            if isinstance(source, OutputSource):
                named = [Outpoint(one.transaction, place, accounts[0].key) for place in (0, 1)]
                assert len(list(source.outputs(named, at, silent()))) == len(named)
    if isinstance(source, Evm):
        token = honest.assets[1]
        for one in source.token_deltas(token, accounts, LOWER, silent()):
            source.token_parties(token, one, silent())


@pytest.fixture(autouse=True)
def _lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reserves_gui.chain.electrum_wire.LineLink", _Line)


@pytest.mark.parametrize("kind", HONEST)
def test_the_unchanged_answers_are_read(kind: str) -> None:
    """Else the rounds below would mutate what nobody reads to the end."""
    with _Wrong(HONEST[kind].make(), Random(0), _NONE) as transport:
        seen = list(_asked(kind, transport, TOP))
        transport.cache.close()
    assert [(one.outcome, one.reason) for one in seen] == [(Seen.SEEN, None)] * len(seen)
    assert seen


@pytest.mark.parametrize("kind", HONEST)
def test_only_the_programs_own_error_leaves_a_source(kind: str) -> None:
    """One or two answers of a run are wrong: the first as often as the last."""
    honest = HONEST[kind].make()
    with _Wrong(honest, Random(0), _NONE) as transport:
        list(_asked(kind, transport, LOWER))
        transport.cache.close()
        requests = transport.count
    refused = 0
    for seed in range(_ROUNDS):
        draw = Random(f"{kind} {seed}")
        wrong = frozenset(draw.randrange(requests) + 1 for _ in range(draw.choice((1, 1, 2))))
        with _Wrong(honest, draw, wrong) as transport:
            try:
                for one in _asked(kind, transport, draw.choice((TOP, LOWER))):
                    assert (one.amount is None) == (one.outcome is not Seen.SEEN)
                    assert one.amount is None or one.amount >= 0
                    refused += one.outcome is Seen.UNKNOWN
            except ReservesError:
                refused += 1
            transport.cache.close()
    assert refused > _ROUNDS // 4


def _refused_or_read(read: Callable[[bytes], object], seed: bytes, name: str) -> None:
    refused = 0
    for number in range(_ROUNDS):
        try:
            read(mutated(seed, Random(f"{name} {number}")))
        except ReservesError:
            refused += 1
    assert refused


def _hex(data: bytes) -> bytes:
    return b"0x" + data.hex().encode()


_SLOT = mapping_slot(bytes.fromhex(evm.OWNER[2:]), 0)
_PROOF = parse_answer(json.dumps(evm.proof(evm.TOKEN, ["0x" + _SLOT.hex()])).encode())
_OWNER = bytes.fromhex(evm.OWNER[2:])
_LEAF = rlp_encode([b"\x20" + keccak256(_OWNER), rlp_encode([b"\x01", b"\x05", EMPTY_ROOT, EMPTY_CODE])])
_READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "answer": (parse_answer, b'{"a":[1,2.5,"x",null,true],"b":{"c":-1}}'),
    "header": (read_header, bytes(80)),
    "transaction": (
        read_transaction,
        b"\x01\0\0\0\x01" + bytes(36) + b"\0" + bytes(4) + b"\x01" + bytes(8) + b"\x01\x51" + bytes(4),
    ),
    "multicall": (
        lambda data: results(data, 1),
        b"".join(one.to_bytes(32, "big") for one in (32, 1, 32, 1, 64, 32, 7)),
    ),
    "rlp": (rlp_decode, _PROOF["accountProof"].entries()[0].data()),
    # The root is that of the mutated node itself: what stands inside is looked at, not only its hash.
    "trie": (lambda data: prove_account(keccak256(data), _OWNER, [data]), _LEAF),
}


@pytest.mark.parametrize("name", _READERS)
def test_only_the_programs_own_error_leaves_a_reader_of_bytes(name: str) -> None:
    read, seed = _READERS[name]
    _refused_or_read(read, seed, name)


_ITEMS: tuple[Any, ...] = (b"", b"\x00", b"\x20", b"\x40", b"\x3f" * 33, bytes(32), [], [b""], [[]], [b""] * 17)


def test_nodes_of_any_items_are_refused_or_read() -> None:
    """Well-formed nodes under their own hash, which changed bytes hardly ever are."""
    path = b"\x20" + keccak256(_OWNER)
    refused = 0
    for number in range(_ROUNDS):
        draw = Random(number)
        rest = draw.choice((*_ITEMS, _LEAF, rlp_encode([draw.choice(_ITEMS) for _ in range(4)])))
        node: list[Any] = [draw.choice((*_ITEMS, path, path)), rest]
        if draw.random() < 0.3:
            node = [draw.choice((*_ITEMS, node)) for _ in range(draw.choice((1, 3, 17, 17)))]
        try:
            prove_account(keccak256(rlp_encode(node)), _OWNER, [rlp_encode(node)])
        except ReservesError:
            refused += 1
    assert refused


@pytest.mark.parametrize("name", ["balance", "accountProof", "storageProof", "codeHash", "address"])
def test_a_proof_with_one_field_changed_is_false_or_refused(name: str) -> None:
    root = Answer(_PROOF["accountProof"].entries()[0].value).data()

    def check(data: bytes) -> object:
        answer = parse_answer(data)
        account = check_account(answer, keccak256(root), bytes.fromhex(evm.TOKEN[2:]))
        return check_slot(answer, account, _PROOF["storageProof"].entries()[0]["key"].data(32))

    whole = json.loads(json.dumps(_PROOF.value))
    assert check(json.dumps(whole).encode()) == 7_000
    for number in range(_ROUNDS):
        draw = Random(f"{name} {number}")
        other = {**whole, name: changed(whole[name], draw)}
        if other == whole:
            continue
        try:
            assert check(json.dumps(other).encode()) == 7_000
        except ReservesError:
            continue


_FILES = {
    "observations": (
        b'{"schema":"reserves/observations/1","observations":[{"chain":"bitcoin","asset":"BTC","address":"1A","height":5,'
        b'"block_hash":null,"units":"7","decimals":8,"asked_at":"2026-11-01T00:00:00Z","source":"x","time":5}]}'
    ),
    "outputs": (
        b'{"schema":"reserves/observations/1","observations":[],"outputs":[{"chain":"bitcoin","transaction":"'
        + b"11" * 32
        + b'","index":0,"fate":"unspent","units":"7","created":4,"spent":null,"height":5,"block_hash":null,'
        b'"asked_at":"2026-11-01T00:00:00Z","source":"x"}]}'
    ),
    "own.csv": b"chain,address,height,asset,amount,time\nbitcoin,1A,5,BTC,0.5,1668400000\n",
}


@pytest.mark.parametrize("name", _FILES)
def test_only_the_programs_own_error_leaves_a_recorded_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name

    def read(data: bytes) -> None:
        path.write_bytes(data)
        for one in read_recorded(path):
            one.probe([], silent())

    read(_FILES[name])
    _refused_or_read(read, _FILES[name], name)


def test_only_the_programs_own_error_leaves_recorded_answers_about_owners() -> None:
    call = RecordedCall(
        chain="ethereum",
        source="x",
        height=5,
        block_hash="ab" * 32,
        to="0x" + "51" * 20,
        data="0x8da5cb5b",
        result="0x",
    )
    withdrawal = RecordedWithdrawal(source="y", slot=9, validator="ab" * 48, address="51" * 20)
    told = OwnerAnswers({call.key: call}, {("y", withdrawal.validator): withdrawal})

    def read(data: bytes) -> None:
        found = read_owner_answers(parse_answer(data))
        assert found.json["calls"] is not None

    whole = json.dumps(told.json).encode()
    assert read_owner_answers(parse_answer(whole)).json == told.json
    _refused_or_read(read, whole, "owners")


def test_only_the_programs_own_error_leaves_a_price_file(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        price_file(path)

    _refused_or_read(read, b"asset,time,price\nBTC,1668400000,16000.5\n", "prices")


def test_only_the_programs_own_error_leaves_a_price_server() -> None:
    told = {"coins": {"coingecko:bitcoin": {"price": 16000.5, "timestamp": 1_668_400_000, "confidence": 0.99}}}

    def read(seed: int) -> None:
        with _Wrong(lambda *_: json_reply(told), Random(seed), frozenset({1})) as transport:
            source = parse_price_source("http://127.0.0.1:9")
            found, refused = ask_prices(source, {"BTC": [1_668_400_000]}, transport, silent())
            transport.cache.close()
        assert len(found) + len(refused) == 1

    for seed in range(_ROUNDS):
        read(seed)

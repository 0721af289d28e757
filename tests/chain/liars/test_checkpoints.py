"""Sources on another chain than the known one, and headers that do not lead from a known block to the newest."""

import json
from typing import Any

import pytest

from reserves_gui.chain import checkpoints as known_blocks
from reserves_gui.chain.checkpoints import Checkpoint, HeaderRoot
from reserves_gui.verdict import State
from tests.chain.faults import Fault
from tests.chain.honest import LOWER, NOW, TOP
from tests.chain.honest.bitcoin import ALICE, bitcoind, electrum, rooted, small_chain
from tests.chain.ledger import GENESIS, Facade, sha256d
from tests.chain.liars.kit import Seen, hosts, key_of, look, put, result

_HELD = {ALICE: "0.000004"}
_KINDS = ("esplora", "electrum", "bitcoind")
_SERVERS = {"esplora": Facade, "electrum": electrum, "bitcoind": bitcoind}


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks 5 and 12 of the honest chain are known, and one above the newest."""
    chain = small_chain(tip_time=NOW)
    rows = tuple(
        Checkpoint(chain="bitcoin", genesis=GENESIS, height=height, hash=block_hash)
        for height, block_hash in ((5, chain.hashes[5]), (12, chain.hashes[12]), (900, "ab" * 32))
    )
    monkeypatch.setattr(known_blocks, "checkpoints", lambda: rows)


@pytest.mark.parametrize("kind", _KINDS)
def test_sources_on_the_known_chain_agree(kind: str, tmp_path: Any) -> None:
    with hosts(kind) as found:
        seen = look(kind, found, tmp_path, held=_HELD)
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 1})


@pytest.mark.parametrize("kind", _KINDS)
def test_a_source_on_another_chain_is_refused(kind: str, tmp_path: Any) -> None:
    def fork() -> Any:
        return _SERVERS[kind](small_chain(tip_time=NOW, fork=b"\x01"))  # type: ignore[operator]

    with hosts(kind, liar=fork) as found:
        seen = look(kind, found, tmp_path, held=_HELD)
    assert seen.rows == {"single_source": 1}
    assert key_of(seen.source("liar")["problem"]) == "chain.checkpoint"
    assert seen.source("liar")["code"] == "source.wrong_chain"
    assert seen.source("honest")["problem"] is None


def _raw(change: Any) -> Any:
    """A change of the headers in one answer, as a list of 80 bytes each."""

    def changed(told: dict[str, Any]) -> dict[str, Any]:
        data = bytes.fromhex(told["hex"])
        headers = change([data[at : at + 80] for at in range(0, len(data), 80)])
        return {**told, "count": len(headers), "hex": b"".join(headers).hex()}

    return result(changed)


def _without_work(header: bytes) -> bytes:
    nonce = 0
    while int.from_bytes(sha256d(header), "little") < 1 << 255:
        header, nonce = header[:76] + nonce.to_bytes(4, "little"), nonce + 1
    return header


def _relinked(headers: list[bytes]) -> list[bytes]:
    """Block 15 without work, and all after it linked to it."""
    found = headers[:3]
    for number, header in enumerate(headers[3:]):
        linked = header[:4] + sha256d(found[-1]) + header[36:]
        found.append(_without_work(linked) if number == 0 else linked)
    return found


# (the liar's fault in the headers 12 to 20, the reason)
_HEADERS = {
    "one left out": (_raw(lambda found: found[:4] + found[5:]), "chain.header_link"),
    "two exchanged": (_raw(lambda found: [*found[:4], found[5], found[4], *found[6:]]), "chain.header_link"),
    "one without work": (_raw(_relinked), "chain.header_work"),
    "another known block": (_raw(lambda found: [found[1], *found[1:]]), "chain.header_hash"),
    "another newest block": (_raw(lambda found: [*found[:-1], found[-1][:68] + found[-1][69:] + b"\0"]), None),
    "none": (_raw(lambda found: []), "chain.answer_shape"),
    "more than asked for": (_raw(lambda found: [*found, found[-1]]), "chain.answer_shape"),
    "a count that is not theirs": (result(put("count", value=3)), "chain.answer_shape"),
    "half a header": (result(put("hex", by=lambda text: text[:-80])), "chain.answer_shape"),
    "no hex": (result(put("hex", value="xy")), "chain.answer_shape"),
}  # fmt: skip


@pytest.mark.parametrize("name", _HEADERS)
def test_headers_that_do_not_lead_to_the_newest_block_are_no_source(name: str, tmp_path: Any) -> None:
    change, key = _HEADERS[name]
    with hosts("electrum", Fault("block.headers", change=change)) as found:
        seen = look("electrum", found, tmp_path, held=_HELD)
    assert seen.rows == {"single_source": 1}
    problem = key_of(seen.source("liar")["problem"])
    assert problem == key if key else problem in ("chain.header_link", "chain.header_work")
    assert seen.state is State.UNDECIDED


def test_made_up_headers_on_top_are_followed_and_found(tmp_path: Any) -> None:
    """A tip ahead whose newest two headers fit one another, but hang on nothing."""

    def ahead() -> Any:
        chain = small_chain(tip_time=NOW, fork=b"\x02")
        honest = small_chain(tip_time=NOW)
        chain.headers[:15], chain.hashes[:15] = honest.headers[:15], honest.hashes[:15]
        return electrum(chain)

    with hosts("electrum", liar=ahead) as found:
        seen = look("electrum", found, tmp_path, held=_HELD)
    assert key_of(seen.source("liar")["problem"]) == "chain.header_link"
    assert seen.rows == {"single_source": 1}


def _rooted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The root over the headers up to 15 is known, and no block above."""
    root, _ = rooted([bytes.fromhex(one)[::-1] for one in small_chain(tip_time=NOW).hashes[:16]], 0)
    known = HeaderRoot(chain="bitcoin", genesis=GENESIS, height=15, root=root[::-1].hex())
    monkeypatch.setattr(known_blocks, "header_roots", lambda: (known,))
    monkeypatch.setattr(known_blocks, "checkpoints", lambda: ())


def test_a_header_under_the_known_root_is_proven_by_one_answer(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _rooted(monkeypatch)
    with hosts("electrum") as found:
        seen = look("electrum", found, tmp_path, held={ALICE: "0.000006"}, at={"bitcoin": LOWER})
        asked = [
            json.loads(one.body)["params"] for one in found["liar"].log if b'"blockchain.block.header"' in one.body
        ]
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 1})
    assert [LOWER, 15] in asked
    assert [TOP - 1] in asked


@pytest.mark.parametrize("name", ["another root", "another branch", "another header", "another chain"])
def test_a_header_that_does_not_lead_to_the_known_root_is_refused(
    name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _rooted(monkeypatch)

    def changed(told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        if name == "another root":
            return {**told, "root": "ab" * 32}
        if name == "another branch":
            return {**told, "branch": told["branch"][::-1]}
        return {**told, "header": told["header"][:-2] + "99"} if name == "another header" else told

    def server() -> Any:
        fork = b"\x01" if name == "another chain" else b""
        return electrum(small_chain(tip_time=NOW, fork=fork))

    with hosts("electrum", Fault("block.header$", change=result(changed)), liar=server) as found:
        seen = look("electrum", found, tmp_path, held={ALICE: "0.000006"}, at={"bitcoin": LOWER})
    assert seen.rows == {"single_source": 1}
    assert "merkle_branch" in {key.rpartition(".")[2] for key in _why(seen)}


def _why(seen: Seen) -> set[str]:
    problem = seen.source("liar")["problem"]
    return seen.why("liar") | ({key_of(problem)} if problem else set())


def test_headers_in_small_answers_are_followed_just_as_well(tmp_path: Any) -> None:
    with hosts("electrum", Fault("block.headers", change=_raw(lambda found: found[:2]))) as found:
        seen = look("electrum", found, tmp_path, held=_HELD)
        asked = [one for one in found["liar"].log if b"block.headers" in one.body]
    assert seen.state is State.VERIFIED
    assert len(asked) == -(-(TOP - 12 + 1) // 2)

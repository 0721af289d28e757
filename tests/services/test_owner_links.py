"""What owner accounts control, asked of servers that answer well, badly, or not at all."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from reserves_gui.chain.recorded_calls import OwnerAnswers
from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.opening import open_all
from reserves_gui.messages import Message
from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest, observe_balances
from reserves_gui.services.looked_list import owner_answers_of
from reserves_gui.services.lookup import Looking
from reserves_gui.services.owner_links import OwnerLookUp
from reserves_gui.services.wallets import ListedRow, RowState, WalletsRequest, check_documents, check_wallets
from reserves_gui.verdict import State, Verdict
from tests.chain.contracts import GET_OWNERS, GET_THRESHOLD, OWNER, POD_OWNER, address_array, word
from tests.chain.evm_stub import EvmStub, RpcFailure, block_hash
from tests.chain.servers import Fault, Reply, Server, json_reply, serving, text
from tests.wallets.owner_rows import ANN, BEN, CID, owner_list, plain, row

_SAFE = "0x" + "5afe" * 10
_POD = "0x" + "e19e" * 10
_SAFE_OF_ANN = {_SAFE: {GET_OWNERS: address_array([ANN.address]), GET_THRESHOLD: word(1)}}
_STAKE = "Native ETH Staking"
_RESTAKE = "Eigenlayer Staking"
_VALIDATOR = "0x" + "ab" * 48


def _look(path: str, *sources: str, **options: Any) -> tuple[Verdict, list[ListedRow]]:
    told: list[ListedRow] = []
    looking = Looking(sources=sources, **options)
    verdict = check_wallets(WalletsRequest(files=(path,), row_sink=told.append, looking=looking), Progress())
    noted = owner_answers_of(verdict)
    if noted:
        _same_again(path, noted, told, verdict)
    return verdict, told


def _same_again(path: str, noted: OwnerAnswers, told: list[ListedRow], verdict: Verdict) -> None:
    """What the nodes said, given again without them, comes to the same."""
    again: list[ListedRow] = []
    request = WalletsRequest(files=(path,), row_sink=again.append)
    with OwnerLookUp(Looking(sources=(), offline=True), Progress(), recorded=noted) as links:
        repeated = check_documents(open_all([path]), request, Progress(), links=links)
    assert [(one.state, one.notes) for one in again] == [(one.state, one.notes) for one in told]
    assert [claim.state for claim in repeated.claims] == [claim.state for claim in verdict.claims]
    assert owner_answers_of(repeated).json == noted.json


@contextmanager
def _evm(stub: EvmStub) -> Iterator[str]:
    with serving(stub) as server:
        yield f"evm+{server.url}"


def _keys(rows: list[ListedRow]) -> list[tuple[str, str]]:
    return [(one.state.value, one.reason.key) for one in rows]


def test_a_source_that_can_never_be_used_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ReservesError) as caught:
        _look(owner_list(tmp_path, [row(_SAFE, ANN)]), "evm+http://public.example")
    assert caught.value.code is ErrorCode.SOURCE_UNUSABLE
    assert main(["wallets", str(tmp_path / "owners.csv"), "--source", "gopher://x", "--json"]) == 2


def test_offline_nothing_is_asked_and_the_rows_stay_unlinked(tmp_path: Path) -> None:
    stub = EvmStub(_SAFE_OF_ANN)
    with _evm(stub) as source:
        verdict, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN)]), source, offline=True)
    assert stub.asked == []
    assert _keys(rows) == [("owner_unlinked", "chain.offline")]
    assert verdict.state is State.UNDECIDED


def test_without_rows_of_owners_or_accounts_no_source_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "wallets.csv"
    path.write_text("chain,asset,address,amount\nbitcoin,BTC,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2,1\n", encoding="utf-8")
    stub = EvmStub({})
    with _evm(stub) as source:
        verdict, _ = _look(str(path), source, f"esplora+{source.removeprefix('evm+')}")
    assert stub.asked == []
    assert [note.key for note in verdict.notes if note.key.startswith("wallets.owner")] == ["wallets.owner.unused"]


def test_one_contract_under_two_coins_is_asked_once(tmp_path: Path) -> None:
    stub = EvmStub(_SAFE_OF_ANN)
    with _evm(stub) as source:
        verdict, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN), row(_SAFE, ANN, coin="USDC")]), source)
    assert _keys(rows) == [("verified", "wallets.owner.safe")] * 2
    assert rows[0].reason.args["height"] == 200
    assert stub.count("eth_getCode") == 1
    assert verdict.state is State.VERIFIED
    assert verdict.extra["sources"][0]["name"] == source  # type: ignore[index]


def test_own_keys_and_owners_are_told_apart_in_the_sentence(tmp_path: Path) -> None:
    with _evm(EvmStub(_SAFE_OF_ANN)) as source:
        verdict, _ = _look(owner_list(tmp_path, [row(_SAFE, ANN), plain(BEN)]), source)
    checks = {check.id: check for claim in verdict.claims for check in claim.checks}
    assert checks["ownership.signatures"].reason == Message(
        "wallets.signatures.passed_linked", {"rows": 2, "own": 1, "linked": 1}
    )
    assert checks["ownership.owner_link"].reason.key == "wallets.owner_link.passed"


def _limited(method: str, params: list[Any]) -> Any:
    if method == "eth_call":
        raise RpcFailure(-32005, "daily request count exceeded")
    return None


def _moving() -> Any:
    asked = [0]

    def fault(method: str, params: list[Any]) -> Any:
        if method != "eth_getBlockByNumber":
            return None
        asked[0] += 1
        height = int(params[0], 16)
        told = block_hash(height if asked[0] < 3 else height + 1)
        return {"number": hex(height), "hash": told, "timestamp": hex(1_700_000_000)}

    return fault


_BAD = {
    "an error that is no revert": (_limited, "chain.rpc_error"),
    "another block at the end": (_moving(), "chain.reorganised"),
    "code that is none": (lambda method, _: "0xzz" if method == "eth_getCode" else None, "chain.answer_shape"),
    "another chain": (lambda method, _: "0x539" if method == "eth_chainId" else None, "chain.wrong_chain"),
    "addresses with rubbish before them": (
        lambda method, params: "0x" + "11" * 96 if method == "eth_call" else None, "wallets.owner.silent",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _BAD)
def test_a_server_that_misbehaves_links_nothing(name: str, tmp_path: Path) -> None:
    fault, key = _BAD[name]
    with _evm(EvmStub(_SAFE_OF_ANN, fault=fault)) as source:
        verdict, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN)]), source)
    assert _keys(rows) == [("owner_unlinked", key)]
    assert verdict.state is State.UNDECIDED
    assert verdict.exit_code == 3


def test_a_server_that_hangs_up_links_nothing(tmp_path: Path) -> None:
    with serving(EvmStub(_SAFE_OF_ANN)) as server:
        server.faults.append(Fault(body=b"<html>", content_type="text/html"))
        _, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN)]), f"evm+{server.url}")
    assert _keys(rows) == [("owner_unlinked", "chain.answer_type")]


def test_without_old_state_the_newest_block_is_looked_at_and_named(tmp_path: Path) -> None:
    with _evm(EvmStub(_SAFE_OF_ANN, oldest=150)) as source:
        _, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN, height="100")]), source)
        assert _keys(rows) == [("verified", "wallets.owner.safe")]
        assert rows[0].reason.args["height"] == 200
        _, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN, height="160")]), source)
        assert rows[0].reason.args["height"] == 160


def test_one_source_that_says_no_is_enough_to_doubt(tmp_path: Path) -> None:
    other = {_SAFE: {GET_OWNERS: address_array([CID.address]), GET_THRESHOLD: word(1)}}
    with _evm(EvmStub(_SAFE_OF_ANN)) as one, _evm(EvmStub(other)) as two:
        verdict, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN)]), one, two)
    assert _keys(rows) == [("owner_unlinked", "wallets.owner.differ")]
    assert verdict.warnings[0].key == "wallets.owner.alarm"


def test_a_silent_source_leaves_it_to_the_other(tmp_path: Path) -> None:
    with _evm(EvmStub(_SAFE_OF_ANN)) as one, _evm(EvmStub({}, fault=_limited)) as two:
        _, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN)]), one, two)
        assert _keys(rows) == [("owner_unlinked", "wallets.owner.differ")]
    with _evm(EvmStub(_SAFE_OF_ANN)) as one, _evm(EvmStub(_SAFE_OF_ANN, fault=_limited)) as two:
        _, rows = _look(owner_list(tmp_path, [row(_SAFE, ANN)]), one, two)
        assert _keys(rows) == [("verified", "wallets.owner.safe")]


def test_a_row_that_fails_is_not_saved_by_the_chain(tmp_path: Path) -> None:
    bad = row(_SAFE, ANN)
    bad[7] = BEN.signature
    with _evm(EvmStub(_SAFE_OF_ANN)) as source:
        verdict, rows = _look(owner_list(tmp_path, [bad, row(_SAFE, ANN)]), source)
    assert [one.state for one in rows] == [RowState.FAILED, RowState.FAILED]
    assert verdict.state is State.FAILED


def test_remarks_on_accounts_do_not_use_up_what_owners_need(tmp_path: Path) -> None:
    rows = [plain(ANN), row(_SAFE, ANN)]
    with _evm(EvmStub(_SAFE_OF_ANN)) as source:
        verdict, told = _look(owner_list(tmp_path, rows), source, requests_per_run=0)
        assert [one.state for one in told] == [RowState.VERIFIED, RowState.VERIFIED]
        assert "wallets.owner.not_asked" not in [note.key for note in verdict.notes]
        # 300 rows are two rounds; by the second one the first has used more than half of nothing.
        many = [plain(ANN)] + [row(_SAFE, ANN)] * 256 + [plain(BEN)]
        verdict, _ = _look(owner_list(tmp_path, many), source, requests_per_run=0)
    assert [note.args["count"] for note in verdict.notes if note.key == "wallets.owner.not_asked"] == [1]


# Validators ----------------------------------------------------------------------------------------------------------


class _BeaconStub:
    """A beacon node: validators by public key with their credentials, one slot."""

    def __init__(self, credentials: Mapping[str, str], *, optimistic: bool = False, moving: bool = False) -> None:
        self.credentials = credentials
        self.optimistic = optimistic
        self.slot = 9000
        self._moving = moving

    def __call__(self, _method: str, path: str, _body: bytes) -> Reply:
        if path == "/eth/v1/beacon/genesis":
            return json_reply({"data": {"genesis_validators_root": "0x" + "77" * 32, "genesis_time": "1"}})
        if path == "/eth/v1/beacon/headers/finalized":
            self.slot += 32 * self._moving
            header = {"message": {"slot": str(self.slot)}}
            return json_reply({"execution_optimistic": self.optimistic, "data": {"root": "0x", "header": header}})
        head, _, wanted = path.partition("?id=")
        if head != "/eth/v1/beacon/states/finalized/validators":
            return text("not found", 404)
        found = [
            {"index": "1", "validator": {"pubkey": key, "withdrawal_credentials": self.credentials[key]}}
            for key in wanted.split(",")
            if key in self.credentials
        ]
        return json_reply({"execution_optimistic": self.optimistic, "data": found})


def _pays(address: str, first: str = "01") -> str:
    return "0x" + first + "00" * 11 + address[2:]


_ANNS_POD = {_POD: {POD_OWNER: word(ANN.address)}}
_STAKED = {
    "to the signer": (_pays(ANN.address), _STAKE, "", "verified", "wallets.owner.withdrawal"),
    "to the signer, compounding": (_pays(ANN.address, "02"), _STAKE, "", "verified", "wallets.owner.withdrawal"),
    "to somebody": (_pays(CID.address), _STAKE, "", "owner_unlinked", "wallets.owner.no_code"),
    "to a key": ("0x00" + "11" * 31, _STAKE, "", "owner_unlinked", "wallets.owner.no_address"),
    "to rubbish": ("0x01" + "11" * 31, _STAKE, "", "owner_unlinked", "wallets.owner.no_address"),
    "to a pod": (_pays(_POD), _RESTAKE, _POD, "verified", "wallets.owner.pod"),
    "to a pod that is not named": (_pays(_POD), _RESTAKE, "", "verified", "wallets.owner.pod"),
    "past the pod": (_pays(CID.address), _RESTAKE, _POD, "owner_unlinked", "wallets.owner.withdrawal_other"),
    "unknown": (None, _STAKE, "", "owner_unlinked", "wallets.owner.no_validator"),
}


@pytest.mark.parametrize("name", _STAKED)
def test_a_validator_is_its_signers_if_it_pays_to_him(name: str, tmp_path: Path) -> None:
    credentials, staking, contract, state, key = _STAKED[name]
    told = {} if credentials is None else {_VALIDATOR: credentials}
    with ExitStack() as stack:
        beacon = stack.enter_context(serving(_BeaconStub(told)))
        evm = stack.enter_context(_evm(EvmStub(_ANNS_POD)))
        path = owner_list(tmp_path, [row(_VALIDATOR, ANN, staking=staking, contract=contract)])
        _, rows = _look(path, f"beacon+{beacon.url}", evm)
    assert _keys(rows) == [(state, key)]


def test_a_pod_of_somebody_else_links_nothing(tmp_path: Path) -> None:
    others = {_POD: {POD_OWNER: word(CID.address)}}
    path = owner_list(
        tmp_path, [row(_VALIDATOR, ANN, staking=_RESTAKE, contract=_POD), row(_POD, ANN, staking=_RESTAKE)]
    )
    with serving(_BeaconStub({_VALIDATOR: _pays(_POD)})) as beacon, _evm(EvmStub(others)) as evm:
        _, rows = _look(path, f"beacon+{beacon.url}", evm)
    assert _keys(rows) == [("owner_unlinked", "wallets.owner.pod_other")] * 2


def test_a_listed_pod_needs_no_beacon(tmp_path: Path) -> None:
    with _evm(EvmStub(_ANNS_POD)) as evm:
        _, rows = _look(owner_list(tmp_path, [row(_POD, ANN, staking=_RESTAKE)]), evm)
    assert _keys(rows) == [("verified", "wallets.owner.pod")]


def _asked_of(stub: _BeaconStub, path: str, *more: Server) -> list[ListedRow]:
    with serving(stub) as beacon:
        return _look(path, f"beacon+{beacon.url}", *(f"beacon+{one.url}" for one in more))[1]


def test_a_validator_without_a_beacon_or_with_a_bad_one_stays_unlinked(tmp_path: Path) -> None:
    path = owner_list(tmp_path, [row(_VALIDATOR, ANN, staking=_STAKE)])
    good = {_VALIDATOR: _pays(ANN.address)}
    with _evm(EvmStub({})) as evm:
        assert _keys(_look(path, evm)[1]) == [("owner_unlinked", "wallets.owner.no_beacon")]
    assert _keys(_asked_of(_BeaconStub(good, optimistic=True), path)) == [("owner_unlinked", "chain.beacon_optimistic")]
    assert _keys(_asked_of(_BeaconStub(good, moving=True), path)) == [("owner_unlinked", "chain.moving")]
    with serving(_BeaconStub({_VALIDATOR: _pays(CID.address)})) as other:
        assert _keys(_asked_of(_BeaconStub(good), path, other)) == [("owner_unlinked", "wallets.owner.differ")]
        other.faults.append(Fault(status=404))
        assert _keys(_asked_of(_BeaconStub(good), path, other)) == [("verified", "wallets.owner.withdrawal")]


def test_balances_are_not_asked_of_a_beacon(tmp_path: Path) -> None:
    path = owner_list(tmp_path, [row(_SAFE, ANN)])
    with serving(_BeaconStub({})) as beacon:
        verdict = observe_balances(BalancesRequest(files=(path,), sources=(f"beacon+{beacon.url}",)), Progress())
        assert beacon.log == []
    assert verdict.exit_code == 3
    assert "validators only" in json.dumps(verdict.extra["sources"])


# The command ---------------------------------------------------------------------------------------------------------


def test_the_command_shows_why_rows_stay_unlinked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    path = owner_list(tmp_path, [row(_SAFE, ANN), row(_POD, ANN)])
    with _evm(EvmStub({**_SAFE_OF_ANN, _POD: {OWNER: word(CID.address)}})) as source:
        assert main(["wallets", path, "--source", source]) == 3
    shown = " ".join(capsys.readouterr().out.split())
    assert "another owner than the signers" in shown
    assert "For 1 of 2 rows signed by owner accounts" in shown


def test_several_lists_share_one_look_up(tmp_path: Path) -> None:
    one = owner_list(tmp_path, [row(_SAFE, ANN)], "one.csv")
    two = owner_list(tmp_path, [row(_SAFE, BEN)], "two.csv")
    stub = EvmStub(_SAFE_OF_ANN)
    with _evm(stub) as source:
        looking = Looking(sources=(source,))
        verdict = check_wallets(WalletsRequest(files=(one, two), looking=looking), Progress())
    assert verdict.extra["rows"]["verified"] == 1  # type: ignore[index]
    assert [entry["file"] for entry in verdict.extra["unlinked"]] == ["two.csv"]  # type: ignore[attr-defined]
    assert stub.count("eth_chainId") == 1

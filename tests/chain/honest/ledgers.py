"""Honest TRON, Solana and XRP servers over a few made-up balances."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from reserves_gui.chain.chains import chains, tokens
from tests.chain.faults import Answering, Reply, json_reply
from tests.chain.lines import rpc

TOP = 20
SPACING = 60
TRON = ("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TGkWdpawVNfeset3P6uTBbLaPY7nZVZvXY")
TRON_SUN = dict(zip(TRON, (5_000, 1_000), strict=True))
TRON_TOKEN = tokens()["tron", "USDT"].contract
SOLANA = ("4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA", "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR")
SOLANA_TOKEN = tokens()["solana", "USDT"].contract
XRP = ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "rLpgximdBvEHy8TxUwyj6mjCRNcJju5qGG")
XRP_DROPS = dict(zip(XRP, (123, 77), strict=True))
_XRP_EPOCH = 946_684_800


def tron(*, tip_time: int, top: int = TOP, fork: bytes = b"") -> Answering:
    """A TRON gateway with history."""

    def block(height: int) -> dict[str, Any]:
        own = chains()["tron"].identity if height == 0 else f"{height:016x}" + fork.hex().ljust(48, "a")
        moment = 1000 * (tip_time - SPACING * (TOP - height))
        return {"blockID": own, "block_header": {"raw_data": {"number": height, "timestamp": moment}}}

    def moved() -> dict[str, Any]:
        ends = {"from": TRON[0], "to": "T" + "1" * 33, "value": "12", "block_timestamp": 1000 * tip_time}
        return {"data": [{**ends, "transaction_id": "22" * 32, "token_info": {"address": TRON_TOKEN}}], "meta": {}}

    def balance(asked: Mapping[str, Any]) -> dict[str, Any]:
        held = TRON_SUN.get(asked["account_identifier"]["address"], 0)
        return {"balance": held, "block_identifier": asked["block_identifier"]}

    def account(address: str) -> dict[str, Any]:
        return {"address": address, "balance": TRON_SUN[address]} if address in TRON_SUN else {}

    def honest(_method: str, path: str, body: bytes) -> Reply:
        asked = json.loads(body or b"{}")
        parts = urlsplit(path)
        if parts.path.endswith("/trc20"):
            assert parse_qs(parts.query)["only_confirmed"] == ["true"]
            return json_reply(moved())
        answer = {
            "/wallet/getnowblock": lambda: block(top),
            "/wallet/getblockbynum": lambda: block(asked["num"]) if asked["num"] <= top else {},
            "/wallet/getaccount": lambda: account(asked["address"]),
            "/wallet/getaccountbalance": lambda: balance(asked),
            "/wallet/triggerconstantcontract": lambda: {
                "constant_result": [f"{6 if asked['function_selector'] == 'decimals()' else 900:064x}"]
            },
        }.get(parts.path)
        return json_reply({}, 404) if answer is None else json_reply(answer())

    return honest


def solana(*, tip_time: int, top: int = TOP) -> Answering:
    """A Solana node. The first account: 70 lamports before slot 18, 90 after it; the second: always 5."""

    def account(owner: str) -> dict[str, Any]:
        info = {"mint": SOLANA_TOKEN, "owner": owner, "tokenAmount": {"amount": "900", "decimals": 6}}
        return {
            "context": {"slot": top},
            "value": [{"pubkey": f"held by {owner}", "account": {"data": {"parsed": {"info": info}}}}],
        }

    def transaction(signature: str) -> dict[str, Any]:
        message = {"accountKeys": [{"pubkey": SOLANA[0]}, {"pubkey": "other"}]}
        slot, before, after = {"five": (18, 70, 90), "four": (9, 0, 70)}[signature]
        meta = {"preBalances": [before, 5], "postBalances": [after, 5]}
        return {"slot": slot, "transaction": {"message": message}, "meta": meta}

    def signatures(owner: str) -> list[dict[str, Any]]:
        own = owner == SOLANA[0]
        return [{"signature": "five", "slot": 18}, {"signature": "four", "slot": 9}] if own else []

    def answer(method: str, params: Any) -> object:
        return {
            "getGenesisHash": lambda: chains()["solana"].identity,
            "getSlot": lambda: top,
            "getBlockTime": lambda: tip_time - SPACING * (TOP - params[0]),
            "getBalance": lambda: {"context": {"slot": top}, "value": 90 if params[0] == SOLANA[0] else 5},
            "getTokenAccountsByOwner": lambda: account(params[0]),
            "getSignaturesForAddress": lambda: signatures(params[0]),
            "getTransaction": lambda: transaction(params[0]),
        }[method]()

    return rpc(answer)


def xrp(*, tip_time: int, top: int = TOP, fork: bytes = b"") -> Answering:
    """A full-history XRP Ledger server."""

    def honest(_method: str, _path: str, body: bytes) -> Reply:
        asked = json.loads(body)
        (params,) = asked["params"]
        wanted = params.get("ledger_index")
        index = top if wanted == "validated" else wanted
        if asked["method"] == "server_info":
            return json_reply({"result": {"info": {"network_id": 0}}})
        if not 0 < index <= top:
            return json_reply({"result": {"error": "lgrNotFound", "status": "error"}})
        state = {"validated": True, "ledger_index": index, "ledger_hash": f"{index:02X}{fork.hex():0>62}"}
        if asked["method"] == "ledger":
            closed = tip_time - _XRP_EPOCH - SPACING * (TOP - index)
            return json_reply({"result": {**state, "ledger": {"close_time": closed}}})
        owner = params["account"]
        if owner not in XRP_DROPS:
            return json_reply({"result": {**state, "error": "actNotFound", "status": "error"}})
        held = {"Account": owner, "Balance": str(XRP_DROPS[owner])}
        return json_reply({"result": {**state, "account_data": held}})

    return honest

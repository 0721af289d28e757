"""What leaves the computer in whole runs with a user's proof loaded: of every kind of server, everything it received."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import quote, unquote

import pytest

from reserves_gui.chain.bitcoin_wire import script_hash
from reserves_gui.chain.chains import chains, tokens
from reserves_gui.chain.trie import mapping_slot
from reserves_gui.cli.main import main
from reserves_gui.services.examples import examples
from tests.chain.faults import Request, Server
from tests.chain.honest import HONEST, LOWER, NOW
from tests.chain.honest.bitcoin import small_chain
from tests.chain.ledger import script_of
from tests.chain.servers import line_server, serving
from tests.encoders.sum_trees import okx

# Amounts nobody holds, so that each is found wherever it is sent; none is a number a server is told for another reason.
_LISTED = "73412.90218453"
_TOKENS = {"ethereum": "WBTC", "tron": "USDT", "solana": "USDT"}


@dataclass
class Run:
    """The servers by kind, the files of a user and of an exchange, and all that must not be sent."""

    servers: Mapping[str, Server]
    proof: Path
    root: str
    expected: str
    wallets: Path
    secrets: set[str]

    @property
    def sources(self) -> list[str]:
        """All of them: two or more of a chain are compared."""
        return [
            word
            for kind, server in self.servers.items()
            for word in ("--source", HONEST[kind].source(f"127.0.0.1:{server.port}"))
        ]

    @property
    def received(self) -> list[tuple[str, Request]]:
        return [(kind, request) for kind, server in self.servers.items() for request in server.log]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.delenv("RESERVES_OFFLINE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    published = okx(Random(11), 16)
    proof = tmp_path / "proof.json"
    proof.write_bytes(published.bytes_of(5))
    own = published.proofs[5]["self"]
    asset, balance = max(own["balances"].items(), key=lambda one: len(one[1]))
    wallets = tmp_path / "wallets.csv"
    rows = [
        f"{honest.chain},{asset},{address},{_LISTED}"
        for honest in HONEST.values()
        for asset in {honest.coin, _TOKENS.get(honest.chain, honest.coin)}
        for address in honest.addresses
    ]
    wallets.write_text("chain,asset,address,amount\n" + "\n".join(sorted(set(rows))) + "\n", "utf-8")
    with ExitStack() as stack:
        servers = {
            kind: stack.enter_context((line_server if honest.lines else serving)(honest.make()))
            for kind, honest in HONEST.items()
        }
        secrets = _secrets(proof.read_text("utf-8")) | _spellings(_LISTED)
        yield Run(servers, proof, published.root, f"{asset}={balance}", wallets, secrets)


def _secrets(proof: str) -> set[str]:
    """Hashes, nonces, ids and balances of a proof, in all the ways they might be written."""
    words = {word for word in re.findall(r"[0-9A-Za-z.\-]+", proof) if any(map(str.isdigit, word))}
    return {spelling for word in words for spelling in _spellings(word)}


def _spellings(word: str) -> set[str]:
    found = {word, word.lower(), word.upper(), quote(word), base64.b64encode(word.encode()).decode().rstrip("=")}
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", word):
        digits = word.replace(".", "").lstrip("0") or "0"
        whole, _, part = word.partition(".")
        padded = (whole + part.ljust(8, "0")).lstrip("0") or "0"
        found |= {digits, padded, f"{int(digits):x}", f"{int(padded):x}"}
    # Shorter ones, and a one with its zeros, stand in any text by chance.
    return {one for one in found if len(one) >= 9 and len(set(one)) > 3}


def _text_of(request: Request) -> str:
    """Method, path, headers and body as one text."""
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    return f"{request.method} {unquote(request.path)}\n{headers}\n{request.body.decode('utf-8')}"


# Everything a question is made of beside addresses, blocks and transactions.
_WORDS = frozenset(
    """GET POST LINE jsonrpc id method params true false null 2 0 0x
    blocks tip height hash block header address addresses txs chain summary max_txs scripthash
    server version reserves 1 4 features blockchain headers subscribe get_balance get_history transaction get get_merkle
    getblockhash getbestblockhash getblockheader getblock scantxoutset start status raw
    eth_chainId eth_blockNumber eth_getBlockByNumber eth_getBalance eth_call eth_getCode eth_getProof eth_getLogs
    to data latest fromBlock toBlock topics
    wallet getblockbynum getnowblock getaccountbalance getaccount triggerconstantcontract num account_identifier block_identifier
    number visible owner_address contract_address function_selector parameter decimals balanceOf v1 accounts transactions
    trc20 limit only_confirmed min_timestamp fingerprint
    getGenesisHash getSlot getBlockTime getBalance getTokenAccountsByOwner getSignaturesForAddress getTransaction
    commitment finalized mint encoding jsonParsed before maxSupportedTransactionVersion
    server_info ledger ledger_index validated account_info account""".split()  # noqa: SIM905 - thirteen lines, not ninety
)
_HEADERS = {
    "User-Agent": "reserves",
    "Accept-Encoding": "gzip, identity",
    "Accept": "*/*",
    "Connection": "keep-alive",
    "Content-Type": "application/json",
    "Authorization": "Basic " + base64.b64encode(b"u:p").decode(),
}


def _known() -> set[str]:
    """What may be named: listed addresses and what they decode to, contracts, blocks and transactions of the chains."""
    chain = small_chain(tip_time=NOW)
    found = {*chain.hashes, *(one.id for one in chain.all()), "five", "four", chains()["tron"].identity}
    for honest in HONEST.values():
        for address in honest.addresses:
            key = honest.account(address).key or b""
            found |= {address, address.lower(), key.hex(), key[-20:].hex()}
            if honest.chain == "ethereum":
                found.add(mapping_slot(key, 0).hex())
            if honest.chain == "bitcoin":
                found |= {script_hash(script_of(address))[::-1].hex(), script_hash(script_of(address)).hex()}
    for token in tokens().values():
        found |= {token.contract, token.contract.removeprefix("0x")}
    return {one for one in found if len(one) > 3}


def _unexplained(request: Request, known: list[str]) -> list[str]:
    """Words of a request that are neither a question's own, nor named by the list or the chain, nor a small number."""
    text = unquote(request.path) + " " + request.body.decode("utf-8")
    for one in known:
        text = text.replace(one, " ")
    # Call data: a method's number and a padded address, which is gone by now; block ids and block times of TRON.
    text = re.sub(
        r"0x(?:70a08231|313ce567)0*|\b0{24}\b|\b0{14}[01][0-9a-f]a{48}\b|(?<=min_timestamp=)16[0-9]{11}\b", " ", text
    )
    words = [word for word in re.findall(r"[0-9A-Za-z_]+", text) if word not in _WORDS]
    return [word for word in words if not _small(word)]


def _small(word: str) -> bool:
    """Numbers of requests, heights, page sizes."""
    if re.fullmatch(r"[0-9]{1,4}", word):
        return True
    return re.fullmatch(r"0x[0-9a-f]{1,2}", word) is not None


def _hold(run: Run) -> None:
    assert {kind for kind, _ in run.received} == set(HONEST)
    known = sorted(_known(), key=len, reverse=True)
    for kind, request in run.received:
        text = _text_of(request)
        assert [secret for secret in run.secrets if secret in text] == [], f"{kind}: {text}"
        assert _unexplained(request, known) == [], f"{kind}: {text}"
        for name, value in request.headers.items():
            if name not in ("Host", "Content-Length"):
                assert _HEADERS[name] == value, f"{kind}: {name}"
            assert name != "Authorization" or kind == "bitcoind"


def test_the_net_catches(run: Run) -> None:
    """Else the tests below would say nothing."""
    for secret in (json.loads(run.proof.read_text("utf-8"))["self"]["nonce"], _LISTED.replace(".", "")):
        told = Request("POST", "/", json.dumps({"method": "getblock", "params": [secret]}).encode(), 0.0)
        assert [one for one in run.secrets if one in _text_of(told)]
        assert _unexplained(told, [])


def _at(height: int | None) -> list[str]:
    if height is None:
        return []
    return [word for honest in HONEST.values() for word in ("--at", f"{honest.chain}={height}")]


@pytest.mark.parametrize("height", [LOWER, None], ids=["at a height", "now"])
def test_coverage_of_a_proof_sends_none_of_it(run: Run, height: int | None, capsys: pytest.CaptureFixture[str]) -> None:
    own = ["--root", run.root, "--expect", run.expected]
    main(["coverage", str(run.proof), str(run.wallets), *own, *run.sources, *_at(height), "--json"])
    answer = json.loads(capsys.readouterr().out)
    states = {claim["id"]: claim["state"] for claim in answer["claims"]}
    assert (states["path"], states["root"]) == ("verified", "verified")
    _hold(run)


def test_watching_beside_a_store_of_proofs_and_own_balances_sends_none_of_them(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asset, _, balance = run.expected.partition("=")
    mine = tmp_path / "mine.csv"
    mine.write_text(f"time,asset,amount\n2026-10-01,{asset},{balance}\n", "utf-8")
    # The kept account numbers and nonces of an example are the user's, too.
    example = next(one for one in examples() if one.user)
    run.secrets |= {spelling for value in example.user.values() for spelling in _spellings(value)}
    for words in (
        ["journal", "import", str(mine)],
        ["history", "add", str(run.proof), "--exchange", "North", "--time", "2026-10-31"],
        ["verify", *example.files, *(word for name, value in example.user.items() for word in ("--user", f"{name}={value}"))],
        ["balances", str(run.wallets), *run.sources],
        ["watch", str(run.wallets), "--exchange", "North", *run.sources, "--once"],
        ["watch", str(run.wallets), "--exchange", "North", *run.sources, "--once"],
    ):  # fmt: skip
        assert main([*words, "--json"]) != 2, capsys.readouterr().out
    _hold(run)

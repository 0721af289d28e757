"""What the command line says of a lying server, in words and by its exit code; the user's own nodes lie here."""

from pathlib import Path

import pytest

from reserves_gui.cli.main import main
from tests.chain.faults import Fault
from tests.chain.honest import HONEST
from tests.chain.liars.kit import put, result
from tests.chain.liars.lies import one_off
from tests.chain.servers import line_server, serving

_DIFFERING = [kind for kind in HONEST if kind not in ("evm-proof", "esplora-pages")]
_FORKING = [kind for kind in HONEST if kind not in ("solana", "esplora-pages")]


def _said(
    kind: str, folder: Path, capsys: pytest.CaptureFixture[str], *faults: Fault, fork: bytes = b""
) -> tuple[int, str, list[str]]:
    """Exit code and words of `balances`, and the two sources, the honest one first."""
    honest = HONEST[kind]
    path = folder / "wallets.csv"
    address, amount = next(iter(honest.held.items()))
    path.write_text(f"chain,asset,address,amount\n{honest.chain},{honest.coin},{address},{amount}\n", "utf-8")
    serve = line_server if honest.lines else serving
    with serve(honest.make()) as one, serve(honest.make(**({"fork": fork} if fork else {}))) as other:
        other.faults += faults
        sources = [honest.source(f"127.0.0.1:{server.port}") for server in (one, other)]
        code = main(["balances", str(path), *(word for source in sources for word in ("--source", source))])
    return int(code), capsys.readouterr().out, [f"127.0.0.1:{server.port}" for server in (one, other)]


@pytest.fixture(autouse=True)
def _online(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.parametrize("kind", _DIFFERING)
def test_a_difference_is_undecided_and_shows_both_figures(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, words, (honest, liar) = _said(kind, tmp_path, capsys, one_off(kind, 1))
    amount = next(iter(HONEST[kind].held.values()))
    (row,) = [line for line in words.splitlines() if "sources differ" in line.lower() and honest in line]
    assert code == 3
    assert f"{honest}: {amount};" in row
    assert liar in row


@pytest.mark.parametrize("kind", _FORKING)
def test_another_block_is_an_alarm(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, words, _ = _said(kind, tmp_path, capsys, fork=b"other")
    assert code == 3
    assert f"Sources follow different chains: they name different blocks of {HONEST[kind].chain}" in words


def test_a_false_proof_is_a_lie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    false = Fault("eth_getProof", change=result(put("balance", value="0x1")))
    code, words, (_, liar) = _said("evm-proof", tmp_path, capsys, false)
    assert code == 0
    (line,) = {line.strip() for line in words.splitlines() if "caught lying" in line and "Not used" not in line}
    assert liar in line

"""One customer's proof, zero-knowledge proofs, the JSON gate, and the start of the command line."""

import hashlib
import json
import random
import sys

import pytest

from reserves_gui.intake.json_gate import parse_json
from reserves_gui.progress import silent
from reserves_gui.services.examples import FIRST, example
from reserves_gui.services.verify import verify
from reserves_gui.zk import groth16
from reserves_gui.zk.gnark import read_key, read_proof
from reserves_gui.zk.pairing_mcl import NativePairings, PairingError
from reserves_gui.zk.pairings import pure_pairings
from reserves_gui.zk.plonky2.verifier import check_argument
from reserves_gui.zk.poseidon_goldilocks import permute
from tests.benchmarks.measuring import Figure, Table, median_child, median_of, reserves
from tests.zk.plonky2.plans import EVERY_GATE
from tests.zk.plonky2.prover import build
from tests.zk.simulated import Setup

pytestmark = pytest.mark.benchmark


def test_start_of_the_command_line(table: Table) -> None:
    bare = median_child([sys.executable, "-c", "import argparse, json"], runs=9)
    ours = median_child(reserves("--version"), runs=9)
    table.processes("reserves --version", ours, "Python with argparse and json", bare.seconds)


@pytest.mark.parametrize("name", [FIRST, "many-coins"])
def test_a_path_proof(name: str, table: Table) -> None:
    shown = example(name)
    levels = 6 if name == FIRST else 8

    def hashing() -> None:
        for _ in range(levels):
            hashlib.sha256(bytes(2000)).hexdigest()

    engine = median_of(lambda: verify(shown.request(), silent()), runs=15)
    table.compare(f"path proof {shown.format}, engine", engine, "its hashes alone", median_of(hashing, runs=15))
    words = [*shown.files, *(part for path in shown.published for part in ("--published", path))]
    ran = median_child(reserves("verify", *words), runs=9)
    assert ran.code == 0
    start = median_child(reserves("--version"), runs=9)
    table.processes(f"path proof {shown.format}, whole process", ran, "reserves --version", start.seconds)


@pytest.mark.parametrize("kind", ["plain", "with a commitment"])
def test_groth16_proofs_of_a_batch(kind: str, table: Table) -> None:
    setup = Setup(7, committed=None if kind == "plain" else ())
    key = read_key(setup.key())
    statements = [[random.Random(at).randrange(1, 1 << 250)] for at in range(200)]
    proofs = [(setup.proof(one), one) for one in statements[:50]] * 4
    pure = pure_pairings().prepare(key)
    assert pure is not None
    proof, inputs = proofs[0]
    slow = median_of(lambda: groth16.verify(key, pure, read_proof(proof), inputs), runs=1)
    try:
        native = NativePairings().prepare(key)
    except PairingError:
        table.add(Figure(what=f"Groth16 {kind}, pure Python", ours=f"{1 / slow:.2f}/s"))
        return
    assert native is not None

    def batch() -> None:
        for data, public in proofs:
            assert groth16.verify(key, native, read_proof(data), public) is groth16.Judgement.HOLDS

    seconds = median_of(batch, runs=3) / len(proofs)
    table.add(
        Figure(
            what=f"Groth16 {kind}, one core, with [zk]",
            ours=f"{1 / seconds:.0f}/s",
            other="pure Python",
            others=f"{1 / slow:.2f}/s",
            ratio=slow / seconds,
        )
    )


def test_a_plonky2_proof_over_a_circuit_with_every_gate(table: Table) -> None:
    circuit, proof = build(EVERY_GATE)
    ours = median_of(lambda: list(check_argument(circuit, proof, silent(), None)), runs=3)
    state = list(range(12))
    one = median_of(lambda: [permute(state) for _ in range(200)]) / 200
    table.compare("plonky2 proof, every gate", ours, "1,000 Poseidon permutations", one * 1000)


def test_the_json_gate(table: Table) -> None:
    entry = {"auditId": "x" * 32, "balances": {f"C{at}": f"{at}.12345678" for at in range(40)}, "hash": "ab" * 32}
    data = json.dumps([{**entry, "height": at} for at in range(4000)]).encode()
    gate = median_of(lambda: parse_json(data, "file"), runs=5)
    plain = median_of(lambda: json.loads(data), runs=5)
    table.compare(f"JSON gate, {len(data) / 1e6:.1f} MB", gate, "json.loads without rules", plain)

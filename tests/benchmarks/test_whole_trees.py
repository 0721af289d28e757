"""Whole trees: a process of its own, start-up and imports included, beside the hashing alone.

The hashing alone is the limit: one SHA-256 per node, and two per leaf to look for one's own, in the tightest loop that
the standard library allows, with nothing read, converted, summed or compared.
"""

import hashlib
import os
import struct
from pathlib import Path

import pytest

from tests.benchmarks.measuring import Figure, Table, median_child, median_of, reserves
from tests.benchmarks.trees import LargeTree, write_tree

pytestmark = pytest.mark.benchmark
BITS = int(os.environ.get("RESERVES_BENCH_BITS", "20"))
STANDARD = ("polars", "polars_hash")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> LargeTree:
    return write_tree(tmp_path_factory.mktemp("tree") / "liabilities.csv", BITS)


@pytest.fixture(scope="module")
def limit() -> float:
    """Seconds of hashing alone for the tree's nodes and leaves."""
    block = bytes(80) * 4096
    single, double = hashlib.sha256, bytes(80)

    def nodes() -> None:
        for (message,) in struct.iter_unpack("80s", block):
            single(message).digest()

    def leaves() -> None:
        for _ in range(4096):
            single(double + single(double).digest()).digest()

    return (median_of(nodes) + median_of(leaves)) * (1 << BITS) / 4096


@pytest.mark.parametrize("kind", ["standard library", "with [fast]"])
def test_a_whole_tree_with_ones_own_leaves(kind: str, tree: LargeTree, limit: float, table: Table) -> None:
    if kind == "with [fast]":
        pytest.importorskip("polars_hash")
    without = STANDARD if kind == "standard library" else ()
    ran = median_child(reserves("verify", tree.path, *tree.own(), without=without))
    assert ran.code == 0
    table.processes(f"whole tree, 2^{BITS} leaves, {kind}", ran, "hashing alone", limit)


def test_a_wrong_node_costs_no_more_than_an_honest_file(tmp_path: Path, tree: LargeTree, table: Table) -> None:
    wrong = write_tree(tmp_path / "wrong.csv", BITS, wrong_node=(1 << (BITS - 1)) + 5)
    honest = median_child(reserves("verify", tree.path, *tree.own(), without=STANDARD), runs=1)
    failing = median_child(reserves("verify", wrong.path, *wrong.own(), without=STANDARD), runs=1)
    assert failing.code == 1
    table.processes(f"the same with one wrong node, 2^{BITS}", failing, "honest file", honest.seconds)


def test_memory_does_not_grow_with_the_tree(tmp_path: Path, table: Table) -> None:
    small, large = (
        median_child(reserves("verify", made.path, *made.own(), without=STANDARD), runs=1)
        for made in (write_tree(tmp_path / f"{bits}.csv", bits) for bits in (BITS - 3, BITS))
    )
    table.add(
        Figure(
            what=f"memory, 2^{BITS} leaves, standard library",
            ours=f"{large.peak:.0f} MiB",
            other=f"2^{BITS - 3} leaves",
            others=f"{small.peak:.0f} MiB",
            ratio=large.peak / small.peak,
        )
    )

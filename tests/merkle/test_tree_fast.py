"""The vectorised kernel and the standard one give the same answers on whole, wrong and broken trees."""

import io
import random
import subprocess
import sys
from typing import Any

import pytest

from reserves_gui.merkle import kernels
from reserves_gui.merkle.sum_rows import Kernel, LeafKey, Rows, StandardKernel
from reserves_gui.merkle.tree import TreeReport, verify_tree
from reserves_gui.progress import silent
from tests.encoders.keyed_tree import leaf_digest, make, nonce_of

pytest.importorskip("polars_hash")
from reserves_gui.merkle import tree_fast


@pytest.fixture(scope="module")
def fast() -> Kernel:
    kernel = tree_fast.fast_kernel()
    assert kernel is not None
    return kernel


def report(content: bytes, keys: list[LeafKey], kernel: Kernel) -> dict[str, Any]:
    found: TreeReport = verify_tree(
        lambda: io.BytesIO(content), keys, kernel=kernel, progress=silent(), size=len(content)
    )
    kinds = ("grammar", "hash", "sum", "range", "negative", "unhashable")
    return {
        "facts": (found.nodes, found.leaf_count, found.root, found.root_value, found.total, found.hashed, found.own),
        "sizes": (found.sizes.counts, found.sizes.zeros),
        **{kind: (getattr(found, kind).count, getattr(found, kind).first) for kind in kinds},
    }


def small_blocks(kernel: Kernel) -> Kernel:
    kernel.block_bytes = 9000
    return kernel


@pytest.mark.parametrize("seed", range(25))
def test_both_kernels_report_the_same_on_corrupted_trees(seed: int, fast: Kernel) -> None:
    draw = random.Random(seed)
    tree = make(seed, draw.randrange(1, 150), river=bool(seed % 2))
    keys = [LeafKey.of(nonce_of(one.account_nonce, tree.height, one.account)) for one in tree.users[:2]]
    keys.append(LeafKey.of(nonce_of(bytes(32), tree.height, 0)))
    lines = tree.lines
    for _ in range(draw.randrange(0, 5)):
        at = draw.randrange(1, len(lines))
        digest, _, value = lines[at].partition(",")
        lines[at] = draw.choice(
            [
                f"{bytes(32).hex()},{value}",
                f"{digest},{int(value or 0) + 1}",
                f"{digest},-{int(value or 0) + 1}",
                f"{digest},{2**64}",
                f"{digest},{2**64 - 1}",
                f"{digest.upper()},{value}",
                f"{digest},0{value}",
                "",
            ]
        )
    content = "\n".join(lines[: len(lines) - draw.choice([0, 0, 0, 1, 4])]).encode() + b"\n"
    assert report(content, keys, small_blocks(fast)) == report(content, keys, small_blocks(StandardKernel()))


def test_an_own_leaf_is_never_taken_from_astride_two_rows(fast: Kernel) -> None:
    key = bytes(range(32))
    macs = [leaf_digest(key, value, index) for index, value in enumerate((3, 4, 5, 6))]
    stream = b"".join(macs)
    for shift in range(1, 32):
        digests = bytearray(b"\xff" * 128)
        digests[32 - shift : 64 - shift] = stream[32 - shift : 64 - shift]
        rows = Rows(bytes(digests), [3, 4, 5, 6])
        assert fast.own(rows, 0, [LeafKey.of(key)]) == []
    rows = Rows(macs[0] + macs[1] + bytes(32) + macs[3], [3, 4, 5, 6])
    assert fast.own(rows, 0, [LeafKey.of(bytes(32)), LeafKey.of(key)]) == [(1, 0), (1, 1), (1, 3)]


def test_a_batch_hash_that_disagrees_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_fast.FastKernel, "agrees_with_hashlib", lambda self: False)
    assert tree_fast.fast_kernel() is None


def test_without_the_packages_the_standard_kernel_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "find_spec", lambda name: None)
    kernels.fastest_kernel.cache_clear()
    assert isinstance(kernels.kernel_for(2**40), StandardKernel)
    kernels.fastest_kernel.cache_clear()
    assert isinstance(kernels.kernel_for(1000), StandardKernel)


def test_buffers_are_given_back(fast: Kernel) -> None:
    fast.parents(Rows(bytes(64 * 8), list(range(16))))
    assert tree_fast._lent == {}


def test_a_process_that_used_it_ends_cleanly() -> None:
    code = (
        "from reserves_gui.merkle.tree_fast import fast_kernel\n"
        "from reserves_gui.merkle.sum_rows import Rows\n"
        "print(len(fast_kernel().parents(Rows(bytes(640), list(range(20))))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")

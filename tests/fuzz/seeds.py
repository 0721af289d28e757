"""Honest files of many formats, made by our encoders, with all that belongs together: what the rounds mutate."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.encoders import (
    committed_tree,
    flat_lists,
    nested_tree,
    olalonde,
    piped_tree,
    plain_trees,
    sum_trees,
    swissborg,
)
from tests.publishers.bitgo import accounts


@dataclass(frozen=True)
class Seed:
    """Files that belong together, and what the user gives with them. ``format`` is who reads them unchanged."""

    name: str
    format: str
    files: dict[str, bytes]
    user: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _paths() -> list[Seed]:
    encoders = {**sum_trees.ENCODERS, **plain_trees.ENCODERS}
    return [
        Seed(kind, kind.partition("/")[0], {"proof.json": make(Random(1), 5).bytes_of(0)})
        for kind, make in encoders.items()
    ]


def _trees() -> list[Seed]:
    audit = swissborg.make(1, 4)
    old = olalonde.make(1, 5)
    nested, leaves = nested_tree.make(1, 4)
    stamped, users = flat_lists.stamped(1, 4)
    piped = piped_tree.make(1, 4)
    committed = committed_tree.make(1, 3, 3)
    someone, anyone = next(iter(piped.places)), next(iter(committed.users))
    root, partial = _dumped(old.root), _dumped(old.partial(old.users[0]))
    numbered, given = flat_lists.numbered(1, 4).with_metadata(0), {"credential": (audit.credentials[0],)}
    listed = b"id,asset,amount\nabcd,BTC,1\nefgh,ETH,2\n"
    return [
        Seed(
            "swissborg", "swissborg-merkle", {"a.json": _dumped(audit.roots), "b.json": _dumped(audit.users[0])}, given
        ),
        Seed("olalonde-partial", "olalonde-merkle", {"a.json": root, "b.json": partial}, {"uid": (old.users[0],)}),
        Seed("olalonde-complete", "olalonde-merkle", {"a.json": root, "b.json": _dumped(old.complete)}),
        Seed("nested", "cake-tree", {"a.json": _dumped(nested)}, {"uid": (leaves[0]["hash"],)}),
        Seed("numbered", "weex-list", numbered),
        Seed("stamped", "coinfloor-list", {"a.txt": stamped}, {"key": (users[0][0],)}),
        Seed("piped", "lemon-tree", {"a": piped.root_file(), "b": piped.user_file(someone)}),
        Seed("piped-whole", "lemon-tree", {"a": piped.tree_file(), "b": piped.root_file()}, {"uid": (someone,)}),
        Seed("three-layers", "bitgo-zk", {"accountproof.json": _dumped(accounts.fresh())}),
        Seed("hashed-list", "hashed-list", {"a.csv": listed}, {"uid": ("abcd",)}),
        Seed(
            "committed",
            "dapol",
            {"b.json": _dumped(committed.proof(anyone)), "c.json": _dumped(committed.root)},
            committed.args(anyone),
        ),
        Seed(
            "addresses",
            "address-list",
            {
                "wallets.csv": b"chain,asset,address,amount,message,signature,public_key\n"
                b"bitcoin,BTC,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2,0.5,signed here,H" + b"A" * 86 + b"=,\n"
                b"ethereum,ETH,0x70997970c51812dc3a010c7d01b50e0d17dc79c8,3,signed here,0x" + b"1b" * 65 + b",\n"
            },
        ),
    ]


SEEDS = {seed.name: seed for seed in (*_paths(), *_trees())}

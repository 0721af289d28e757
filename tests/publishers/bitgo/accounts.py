"""Whole files of one user, made here: three small layers, proofs whose setup is known, and nothing of the product."""

import base64
import copy
import random
from functools import cache

from Crypto.Hash import keccak

from tests.zk.simulated import R, Setup

ASSETS = [
    "ALGO",
    "ARBETH",
    "AVAXC",
    "AVAXP",
    "BTC",
    "BCH",
    "ADA",
    "CSPR",
    "TIA",
    "COREUM",
    "ATOM",
    "DASH",
    "DOGE",
    "EOS",
    "ETH",
    "ETC",
    "HBAR",
    "LTC",
    "NEAR",
    "OSMO",
    "DOT",
    "POLYGON",
    "SEI",
    "SOL",
    "STX",
    "XLM",
    "SUI",
    "TRX",
    "XRP",
    "ZEC",
    "ZETA",
    "BLD",
    "BSC",
    "TON",
    "COREDAO",
    "BERA",
    "TAO",
    "APT",
    "XDC",
    "WEMIX",
]


@cache
def _constants() -> tuple[int, ...]:
    digest = keccak.new(digest_bits=256, data=b"seed").digest()
    found = []
    for _ in range(110):
        digest = keccak.new(digest_bits=256, data=digest).digest()
        found.append(int.from_bytes(digest, "big") % R)
    return tuple(found)


def digest(*inputs: int) -> int:
    h = 0
    for m in inputs:
        x = m
        for c in _constants():
            x = pow(x + h + c, 5, R)
        h = (x + 2 * h + m) % R
    return h


@cache
def _padding() -> tuple[int, ...]:
    """The hash of an empty subtree, by height."""
    found = [0]
    for _ in range(10):
        found.append(digest(found[-1], found[-1]))
    return tuple(found)


def path_of(leaves: list[int], position: int) -> tuple[list[int], int]:
    """The ten siblings of a leaf, lowest first, and the root."""
    row, siblings = list(leaves), []
    for height in range(10):
        if len(row) % 2:
            row.append(_padding()[height])
        beside = position ^ 1
        siblings.append(row[beside] if beside < len(row) else _padding()[height])
        row = [digest(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        position >>= 1
    return siblings, row[0]


def b64(value: int) -> str:
    return base64.b64encode(value.to_bytes(32, "big")).decode()


def setups() -> list[Setup]:
    return [Setup(seed, public=2, committed=(1,) if seed == 72 else None) for seed in (71, 72, 73)]


def account_file(seed: int = 1) -> dict:
    dice = random.Random(seed)
    wallet = "-".join(f"{dice.randrange(16**4):04x}" for _ in range(8))
    users = [[dice.randrange(10**9) for _ in ASSETS] for _ in range(3)]
    ids = [int(wallet.replace("-", ""), 36), 5, 6]
    own = dice.randrange(3)
    ids[0], ids[own] = ids[own], ids[0]
    leaves = [digest(identity, digest(*amounts)) for identity, amounts in zip(ids, users, strict=True)]
    sums = [sum(column) for column in zip(*users, strict=True)]
    layers, hashes, position = [], leaves, own
    user_path, root = path_of(hashes, position)
    paths = [user_path]
    for at, setup in enumerate(setups()):
        summed = digest(root, digest(*sums))
        layers.append(
            {
                "Proof": base64.b64encode(setup.proof([root, summed])).decode(),
                "VerificationKey": base64.b64encode(setup.key()).decode(),
                "MerkleRoot": b64(root),
                "MerkleRootWithAssetSumHash": b64(summed),
            }
        )
        if at < 2:
            position = dice.randrange(2)
            hashes = [dice.randrange(R) for _ in range(2)]
            hashes[position] = summed
            siblings, root = path_of(hashes, position)
            layers[-1] |= {"MerklePath": [b64(one) for one in siblings], "MerklePosition": position}
    layers[-1]["AssetSum"] = [str(one) for one in sums]
    return {
        "AccountInfo": {
            "WalletId": wallet,
            "Balance": [{"Asset": a, "Amount": str(x)} for a, x in zip(ASSETS, users[own], strict=True)],
        },
        "ProofInfo": {
            "UserMerklePath": [b64(one) for one in paths[0]],
            "UserMerklePosition": own,
            "BottomProof": layers[0],
            "MiddleProof": layers[1],
            "TopProof": layers[2],
        },
    }


@cache
def _made() -> dict:
    return account_file()


def fresh() -> dict:
    """A copy that a test may alter."""
    return copy.deepcopy(_made())

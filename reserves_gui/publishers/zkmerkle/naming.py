"""What the files of a round are called and how they name their parts: all that recognising them needs."""

import csv
from dataclasses import dataclass

from reserves_gui.intake.document import Document
from reserves_gui.verdict import Guarantees, LeafIdentity, NegativeBalances, SumBinding

USER, LIST, TABLE, KEY = "user", "list", "table", "key"

GUARANTEES = Guarantees(
    sum_binding=SumBinding.ZERO_KNOWLEDGE,
    negative_balances=NegativeBalances.HIDDEN,
    leaf_identity=LeafIdentity.OPAQUE,
    hash_bits=254,
    domain_separation=True,
    per_asset=True,
)

ASSETS = "CexAssetsInfo"
ORIGINAL_TABLE, ORIGINAL_KEY, TIERS = "ProofTable", "ZkKeyName", "AssetsCountTiers"
FORK_TABLE, FORK_KEY = "ProofCsv", "ZkKeyVKDirectoryAndPrefix"
PROOF, COMMITMENT = "proof_info", "batch_commitment"


@dataclass(frozen=True, slots=True)
class Names:
    """The keys of a user file in one dialect."""

    index: str
    identity: str
    equity: str
    debt: str
    assets: str
    root: str
    proof: str

    @property
    def all(self) -> frozenset[str]:
        """Every key a file of this dialect must have."""
        return frozenset((self.index, self.identity, self.equity, self.debt, self.assets, self.root, self.proof))


ORIGINAL = Names("AccountIndex", "AccountIdHash", "TotalEquity", "TotalDebt", "Assets", "Root", "Proof")
FORK = Names(
    "Arrangement",
    "UniqueIdentification",
    "TotalAssetEquity",
    "TotalAssetDebt",
    "AssetDetails",
    "TreeRootHash",
    "MerkleProofEncode",
)
COLLATERAL = "TotalCollateral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """What one format adds: its id and the exchanges whose releases it covers."""

    format_id: str
    exchange: str
    releases: tuple[str, ...]


def dialect(keys: frozenset[str]) -> Names | None:
    """The dialect of a JSON object with these top-level keys, None if it is no user file."""
    return next((names for names in (ORIGINAL, FORK) if len(keys & names.all) >= len(names.all) - 1), None)


def is_fork_list(keys: frozenset[str]) -> bool:
    """Whether these top-level keys are those of the forks' list."""
    return bool(keys & {FORK_TABLE, FORK_KEY})


def has_tiers(keys: frozenset[str]) -> bool:
    """Whether the list is one of a round with collateral."""
    return TIERS in keys


def is_table(document: Document) -> bool:
    """Whether the first line is the header of a table of batch proofs."""
    try:
        names = next(csv.reader([document.first_line.decode("utf-8")]), [])
    except (UnicodeDecodeError, csv.Error):
        return False
    return {name.strip(" \t") for name in names} >= {PROOF, COMMITMENT}

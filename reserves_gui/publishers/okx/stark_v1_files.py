"""The files of the first generation, read: configuration, sums, sum proofs, inclusion proofs.

Source: okx/proof-of-reserves zk_STARK @2962a895. A missing key or a wrong JSON type raises ``format.shape``; byte
strings and lists are taken as they come, because a wrong length is a failed check and no error.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.json_gate import parse_json
from reserves_gui.intake.shape import Shape, not_hex, wrong_type
from reserves_gui.messages import say
from reserves_gui.publishers.okx.stark_v1 import TOTAL
from reserves_gui.zk.stark import Entry, SumProof
from reserves_gui.zk.stark_fri import Branches, Round

# Published example configurations name 156 coins.
COINS_LIMIT = 1000
_BATCH_KEYS = frozenset(
    ("batch_mtree_root", "user_id", TOTAL, "random_number", "user_index", "batch_index", "uts", "merkle_path")
)
_TRUNK_KEYS = frozenset(("trunk_mtree_root", "batch_id", TOTAL, "random_number", "merkle_path"))
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*", re.ASCII)
_SIGNED = re.compile(r"-?(?:0|[1-9][0-9]{0,77})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Config:
    """The coins in order; the first ``main`` of them are the main coins."""

    main: int
    coins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """What one sum_values.json states: the coins as named there, and the sum of all users' totals."""

    coins: dict[str, int]
    total: int

    def ordered(self, config: Config) -> tuple[int, ...]:
        """The sums in the order of the configuration; both name the same coins."""
        return tuple([self.coins[coin] for coin in config.coins])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One leaf with its branch: a user's in a batch, or a batch's in the trunk. ``coins`` as named in the file."""

    root: bytes
    id: bytes
    total: int
    coins: dict[str, int]
    random: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """A user's file."""

    user: Row
    trunk: Row
    user_index: int
    batch_index: int
    uts: int
    config: Config


def read_config(shape: Shape) -> Config:
    """``{"main_coins_num", "coins"}``: distinct names, none of them another key of the proof."""
    coins = tuple([entry.text(longest=limits.LABEL_CHARS) for entry in shape["coins"].entries(COINS_LIMIT)])
    main = _whole(shape["main_coins_num"])
    if len(set(coins)) != len(coins) or not coins or set(coins) & (_BATCH_KEYS | _TRUNK_KEYS):
        shape["coins"].refuse(say("okx_stark_v1.files.coins"))
    if not 0 <= main <= len(coins):
        shape["main_coins_num"].refuse(say("okx_stark_v1.files.main"))
    return Config(main, coins)


def read_sums(document: Document) -> Sums:
    """``{coin: int, ..., "total_value": int}``."""
    shape = document.shape()
    values = {key: _whole(entry) for key, entry in shape.items()}
    if TOTAL not in values:
        shape.refuse(say("error.missing_key", key=TOTAL))
    return Sums({key: value for key, value in values.items() if key != TOTAL}, values[TOTAL])


def read_inclusion(document: Document) -> Inclusion:
    """The user's file. Raises ``format.shape``, ``number.grammar``, ``limit.entries``."""
    shape = document.shape()
    batch, trunk = shape["batch_inclusion_proof"], shape["trunk_inclusion_proof"]
    return Inclusion(
        user=_row(batch, root="batch_mtree_root", identity="user_id", known=_BATCH_KEYS),
        trunk=_row(trunk, root="trunk_mtree_root", identity="batch_id", known=_TRUNK_KEYS),
        user_index=_whole(batch["user_index"]),
        batch_index=_whole(batch["batch_index"]),
        uts=_whole(batch["uts"]),
        config=read_config(shape["config"]),
    )


def read_sum_proof(name: str, data: bytes) -> SumProof:
    """One sum_proof.json. The parsed tree is not kept: a round has hundreds of these files."""
    shape = Shape(parse_json(data, name), name)
    folding = shape["low_degree_proof"].entries(limits.PATH_ENTRIES)
    return SumProof(
        name=name,
        steps=_whole(shape["steps"]),
        uts=_whole(shape["uts"]),
        root=_bytes(shape["mtree_root"]),
        combination_root=_bytes(shape["l_mtree_root"]),
        nonce=_bytes(shape["pow_nonce"]),
        branches=_branches(shape["mtree_branches"]),
        entries=tuple([_entry(number, entry) for number, entry in enumerate(shape["mtree_entries_data"].entries())]),
        combination_branches=_branches(shape["l_mtree_branches"]),
        rounds=tuple([_round(entry) for entry in folding[:-1]]),
        last=tuple([_bytes(entry) for part in folding[-1:] for entry in part.entries()]),
    )


def _row(shape: Shape, *, root: str, identity: str, known: frozenset[str]) -> Row:
    return Row(
        root=_bytes(shape[root]),
        id=_bytes(shape[identity]),
        total=_amount(shape[TOTAL]),
        coins={key: _amount(entry) for key, entry in shape.items() if key not in known},
        random=_bytes(shape["random_number"]),
        path=tuple([_bytes(entry) for entry in shape["merkle_path"].entries(limits.PATH_ENTRIES)]),
    )


def _round(shape: Shape) -> Round:
    parts = shape.entries()
    if len(parts) != 3:
        # A wrong length is a failed check: an empty round has one everywhere.
        return Round(b"", (), ())
    return Round(_bytes(parts[0]), _branches(parts[1]), _branches(parts[2]))


def _entry(number: int, shape: Shape) -> Entry:
    return tuple([_bytes(entry) for entry in shape.entries()]) if number % 4 else (_bytes(shape),)


def _branches(shape: Shape) -> Branches:
    return tuple([tuple([_bytes(node) for node in branch.entries()]) for branch in shape.entries()])


def _bytes(shape: Shape) -> bytes:
    text = shape.text(longest=limits.MIB)
    if _HEX.fullmatch(text) is None:
        shape.refuse(not_hex(None))
    return bytes.fromhex(text)


def _whole(shape: Shape) -> int:
    """A JSON number, whole; a sign is read, because what is out of range is a failed check."""
    if not shape.is_number:
        shape.refuse(wrong_type("number"))
    return _signed(shape)


def _amount(shape: Shape) -> int:
    """A decimal string in value units; single coins may be negative."""
    if not shape.is_text:
        shape.refuse(wrong_type("string"))
    return _signed(shape)


def _signed(shape: Shape) -> int:
    text = shape.digits()
    if _SIGNED.fullmatch(text) is None:
        _grammar(text, shape.where)
    return int(text)


def _grammar(text: str, where: str) -> NoReturn:
    raise ReservesError(ErrorCode.NUMBER_GRAMMAR, say("error.number_grammar", text=text[:40]), where)

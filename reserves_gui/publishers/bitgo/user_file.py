"""The user's file: account, three paths, three proofs. Elements are base64 of 32 bytes, amounts whole base units."""

import re
from dataclasses import dataclass

from reserves_gui.intake.document import Document
from reserves_gui.intake.shape import Shape, wrong_type
from reserves_gui.publishers.field_values import base64_bytes, base64_element, signed_integer, whole_number

LAYERS = ("bottom", "middle", "top")
_ACCOUNT, _PROOFS = "AccountInfo", "ProofInfo"
_MOST = 4096
_PROOF_CHARACTERS = 64 * 1024
_WALLET_ID = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One proof: what it states, unjudged. Elements are None where the text is no element below r."""

    name: str
    proof: bytes | None
    key: bytes | None
    root: int | None
    summed: int | None
    position: int
    path: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFile:
    """The whole file. ``wallet``: the id as a number, None if it is no base-36 text. ``sums``: the stated totals."""

    wallet_id: str
    wallet: int | None
    assets: tuple[str, ...]
    amounts: tuple[int, ...]
    position: int
    path: tuple[int | None, ...]
    layers: tuple[Layer, ...]
    sums: tuple[int, ...]
    sum_assets: tuple[str, ...]


def is_user_file(document: Document) -> bool:
    """Whether the document has the two keys of such a file."""
    return document.looks_like_json and {_ACCOUNT, _PROOFS} <= set(document.json_keys())


def wallet_number(text: str) -> int | None:
    """The id without dashes, read in base 36."""
    digits = text.replace("-", "")
    return int(digits, 36) if digits and _WALLET_ID.fullmatch(text) else None


def read_user_file(document: Document) -> UserFile:
    """Read the file. Raises ``json.*``, ``format.shape``, ``number.grammar``."""
    shape = document.shape()
    account, proofs = shape[_ACCOUNT], shape[_PROOFS]
    wallet_id = account["WalletId"].text(longest=200)
    assets, amounts = _amounts(account["Balance"])
    layers = tuple(_layer(name, proofs[f"{name.capitalize()}Proof"], top=name == "top") for name in LAYERS)
    sum_assets, sums = _amounts(proofs["TopProof"]["AssetSum"])
    return UserFile(
        wallet_id=wallet_id,
        wallet=wallet_number(wallet_id),
        assets=assets,
        amounts=amounts,
        position=whole_number(proofs["UserMerklePosition"]),
        path=_elements(proofs["UserMerklePath"]),
        layers=layers,
        sums=sums,
        sum_assets=sum_assets,
    )


def _layer(name: str, shape: Shape, *, top: bool) -> Layer:
    place = None if top else shape["MerklePosition"]
    return Layer(
        name=name,
        proof=base64_bytes(shape["Proof"].text(longest=_PROOF_CHARACTERS)),
        key=base64_bytes(shape["VerificationKey"].text(longest=_PROOF_CHARACTERS)),
        root=base64_element(shape["MerkleRoot"].text()),
        summed=base64_element(shape["MerkleRootWithAssetSumHash"].text()),
        position=0 if place is None else whole_number(place),
        path=() if top else _elements(shape["MerklePath"]),
    )


def _elements(shape: Shape) -> tuple[int | None, ...]:
    return tuple(base64_element(one.text()) for one in shape.entries(_MOST))


def _amounts(shape: Shape) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Names and amounts; a bare list of amounts has no names."""
    entries = shape.entries(_MOST)
    named = [one for one in entries if one.is_object]
    if len(named) not in (0, len(entries)):
        shape.refuse(wrong_type("object"))
    if not named:
        return (), tuple(_units(one) for one in entries)
    return tuple(one["Asset"].text(longest=40) for one in entries), tuple(_units(one["Amount"]) for one in entries)


def _units(shape: Shape) -> int:
    return signed_integer(shape.digits(), shape.where)

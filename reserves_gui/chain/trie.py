"""RLP and Merkle-Patricia proofs (ethereum yellow paper appendices B and D; EIP-1186 for the shape of the answer)."""

from collections.abc import Sequence
from dataclasses import dataclass

from Crypto.Hash import keccak

from reserves_gui.chain.port import unusable
from reserves_gui.errors import ReservesError

Item = bytes | list["Item"]

_MOST_NODES = 70
_NODE_BYTES = 4096
_DEPTH = 8


def keccak256(data: bytes) -> bytes:
    """Keccak-256 with the original padding."""
    return bytes(keccak.new(digest_bits=256, data=data).digest())


EMPTY_ROOT = keccak256(b"\x80")
EMPTY_CODE = keccak256(b"")


def _refused() -> ReservesError:
    return unusable("chain.proof_node")


def rlp_decode(data: bytes) -> Item:
    """One item that fills ``data`` exactly, in the shortest form. Raises ``source.unusable``."""
    item, end = _item(data, 0, 0)
    if end != len(data):
        raise _refused()
    return item


def _item(data: bytes, at: int, depth: int) -> tuple[Item, int]:
    # Depth is bounded by _DEPTH, so this recursion cannot run away on input.
    if at >= len(data) or depth > _DEPTH:
        raise _refused()
    first = data[at]
    if first < 0x80:
        return data[at : at + 1], at + 1
    offset = 0x80 if first < 0xC0 else 0xC0
    size, start = _size(data, at, first - offset)
    end = start + size
    if end > len(data):
        raise _refused()
    if offset == 0x80:
        text = data[start:end]
        if size == 1 and text[0] < 0x80:
            raise _refused()
        return text, end
    items: list[Item] = []
    while start < end:
        item, start = _item(data, start, depth + 1)
        items.append(item)
    if start != end:
        raise _refused()
    return items, end


def _size(data: bytes, at: int, short: int) -> tuple[int, int]:
    if short <= 55:
        return short, at + 1
    width = short - 55
    digits = data[at + 1 : at + 1 + width]
    size = int.from_bytes(digits, "big")
    if len(digits) != width or digits[0] == 0 or size <= 55:
        raise _refused()
    return size, at + 1 + width


def rlp_encode(item: Item) -> bytes:
    """The shortest encoding of an item."""
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _headed(0x80, item)
    return _headed(0xC0, b"".join(rlp_encode(inner) for inner in item))


def _headed(offset: int, body: bytes) -> bytes:
    if len(body) <= 55:
        return bytes([offset + len(body)]) + body
    size = minimal(len(body))
    return bytes([offset + 55 + len(size)]) + size + body


def minimal(value: int) -> bytes:
    """An integer without leading zeros, big endian; 0 is empty."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def whole(item: Item) -> int:
    """An RLP integer: at most 32 bytes, no leading zero."""
    if not isinstance(item, bytes) or len(item) > 32 or item[:1] == b"\x00":
        raise _refused()
    return int.from_bytes(item, "big")


def walk(root: bytes, key: bytes, proof: Sequence[bytes]) -> bytes | None:
    """The value under ``key`` in the trie of ``root``, None if the proof shows that there is none.

    path = 64 nibbles of keccak256(key); want = root; for each node: keccak256(node) = want, a node shorter than 32
    bytes stands in its parent instead. Every proof node must be used. Raises ``source.unusable`` for a false proof.
    """
    if len(proof) > _MOST_NODES or any(len(node) > _NODE_BYTES for node in proof):
        raise _refused()
    if root == EMPTY_ROOT and list(proof) in ([], [b"\x80"]):
        return None
    path = [nibble for byte in keccak256(key) for nibble in (byte >> 4, byte & 15)]
    waiting = list(proof)
    want: Item = root
    at = 0
    while True:
        if isinstance(want, list):
            node: Item = want
        else:
            if not waiting or len(want) != 32 or keccak256(waiting[0]) != want:
                raise _refused()
            node = rlp_decode(waiting.pop(0))
        step = _step(node, path, at)
        if step.ended:
            if waiting:
                raise _refused()
            return step.value
        want, at = step.next, step.at


@dataclass(frozen=True, slots=True)
class _Step:
    ended: bool
    value: bytes | None
    next: Item
    at: int


def _step(node: Item, path: Sequence[int], at: int) -> _Step:
    if not isinstance(node, list) or len(node) not in (2, 17):
        raise _refused()
    if len(node) == 17:
        if at == len(path):
            value = node[16]
            if not isinstance(value, bytes):
                raise _refused()
            return _Step(ended=True, value=value or None, next=b"", at=at)
        child = node[path[at]]
        return _Step(ended=child == b"", value=None, next=child, at=at + 1)
    head, rest = node
    if not isinstance(head, bytes) or not head or head[0] >> 4 > 3:
        raise _refused()
    nibbles = [nibble for byte in head for nibble in (byte >> 4, byte & 15)]
    flag = nibbles[0]
    if not flag & 1 and nibbles[1] != 0:
        raise _refused()
    own = nibbles[1 if flag & 1 else 2 :]
    fits = list(path[at : at + len(own)]) == own
    if flag & 2:
        if not fits:
            return _Step(ended=True, value=None, next=b"", at=at)
        if at + len(own) != len(path) or not isinstance(rest, bytes) or not rest:
            raise _refused()
        return _Step(ended=True, value=rest, next=b"", at=at)
    if not own:
        raise _refused()
    return _Step(ended=not fits, value=None, next=rest, at=at + len(own))


@dataclass(frozen=True, slots=True)
class ProvenAccount:
    """What the state says of an address."""

    nonce: int
    balance: int
    storage_root: bytes
    code_hash: bytes


ABSENT = ProvenAccount(0, 0, EMPTY_ROOT, EMPTY_CODE)


def prove_account(state_root: bytes, address: bytes, proof: Sequence[bytes]) -> ProvenAccount:
    """The account of a 20-byte address: rlp [nonce, balance, storageRoot, codeHash]; an absent one holds nothing."""
    value = walk(state_root, address, proof)
    if value is None:
        return ABSENT
    fields = rlp_decode(value)
    if not isinstance(fields, list) or len(fields) != 4:
        raise _refused()
    storage, code = fields[2], fields[3]
    if not isinstance(storage, bytes) or not isinstance(code, bytes) or len(storage) != 32 or len(code) != 32:
        raise _refused()
    return ProvenAccount(whole(fields[0]), whole(fields[1]), storage, code)


def prove_slot(storage_root: bytes, slot: bytes, proof: Sequence[bytes]) -> int:
    """The value of a 32-byte storage slot; an absent one is 0."""
    value = walk(storage_root, slot, proof)
    return 0 if value is None else whole(rlp_decode(value))


def mapping_slot(owner: bytes, position: int) -> bytes:
    """Solidity: keccak256(pad32(owner) ‖ pad32(position))."""
    return keccak256(owner.rjust(32, b"\x00") + position.to_bytes(32, "big"))


def vyper_mapping_slot(owner: bytes, position: int) -> bytes:
    """Vyper: keccak256(pad32(position) ‖ pad32(owner))."""
    return keccak256(position.to_bytes(32, "big") + owner.rjust(32, b"\x00"))

"""Bitcoin transactions, read and written: just what a proof of reserves needs. Numbers on the wire: little endian."""

from dataclasses import dataclass, replace

from reserves_gui.wallets.hashing import compact_size, sha256d

# A proof over ten thousand outputs has about 2 MB.
_MOST_ENTRIES = 100_000


class BadTransactionError(ValueError):
    """Bytes that are no transaction."""


@dataclass(frozen=True, slots=True)
class Outpoint:
    """``txid`` in the byte order of the transaction (displayed reversed)."""

    txid: bytes
    index: int

    def __str__(self) -> str:
        return f"{self.txid[::-1].hex()}:{self.index}"


@dataclass(frozen=True, slots=True)
class Input:
    """An input with what it is signed by."""

    outpoint: Outpoint
    script: bytes
    sequence: int
    witness: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """``value`` in satoshi."""

    value: int
    script: bytes


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction with its witnesses."""

    version: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    lock_time: int

    @property
    def txid(self) -> bytes:
        """SHA256d of the form without witnesses, in wire order."""
        bare = replace(self, inputs=tuple(replace(one, witness=()) for one in self.inputs))
        return sha256d(bare.serialize())

    def serialize(self) -> bytes:
        """The wire form; with marker and witnesses where there are any."""
        segwit = any(one.witness for one in self.inputs)
        parts = [self.version.to_bytes(4, "little"), b"\x00\x01" if segwit else b"", compact_size(len(self.inputs))]
        for one in self.inputs:
            parts += [one.outpoint.txid, one.outpoint.index.to_bytes(4, "little"), _sized(one.script)]
            parts.append(one.sequence.to_bytes(4, "little"))
        parts.append(compact_size(len(self.outputs)))
        parts += [output.value.to_bytes(8, "little") + _sized(output.script) for output in self.outputs]
        if segwit:
            parts += [stack_bytes(one.witness) for one in self.inputs]
        parts.append(self.lock_time.to_bytes(4, "little"))
        return b"".join(parts)


class Cursor:
    """Reads forward through bytes; running past the end is :class:`BadTransactionError`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self._place == len(self._data)

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes."""
        end = self._place + size
        if end > len(self._data):
            raise BadTransactionError("truncated")
        part = self._data[self._place : end]
        self._place = end
        return part

    def number(self, size: int) -> int:
        """An unsigned number of ``size`` bytes."""
        return int.from_bytes(self.take(size), "little")

    def size(self) -> int:
        """A CompactSize."""
        first = self.number(1)
        return first if first < 0xFD else self.number(1 << first - 0xFC)

    def count(self) -> int:
        """A CompactSize that counts things."""
        number = self.size()
        if number > _MOST_ENTRIES:
            raise BadTransactionError("too many entries")
        return number

    def sized(self) -> bytes:
        """Bytes behind their CompactSize."""
        return self.take(self.size())


def parse(data: bytes) -> Transaction:
    """The transaction that ``data`` is, whole. Raises :class:`BadTransactionError`."""
    cursor = Cursor(data)
    transaction = read(cursor)
    if not cursor.at_end:
        raise BadTransactionError("trailing bytes")
    return transaction


def read(cursor: Cursor) -> Transaction:
    """A transaction at the cursor. Raises :class:`BadTransactionError`."""
    version = cursor.number(4)
    count = cursor.count()
    segwit = count == 0
    if segwit:
        if cursor.number(1) != 1:
            raise BadTransactionError("unknown flag")
        count = cursor.count()
    inputs = [
        Input(Outpoint(cursor.take(32), cursor.number(4)), cursor.sized(), cursor.number(4)) for _ in range(count)
    ]
    outputs = tuple(Output(cursor.number(8), cursor.sized()) for _ in range(cursor.count()))
    if segwit:
        inputs = [replace(one, witness=read_stack(cursor)) for one in inputs]
    return Transaction(version, tuple(inputs), outputs, cursor.number(4))


def read_stack(cursor: Cursor) -> tuple[bytes, ...]:
    """A witness stack at the cursor."""
    return tuple(cursor.sized() for _ in range(cursor.count()))


def stack_bytes(items: tuple[bytes, ...]) -> bytes:
    """A witness stack on the wire."""
    return compact_size(len(items)) + b"".join(_sized(item) for item in items)


def _sized(data: bytes) -> bytes:
    return compact_size(len(data)) + data

"""The vectorised kernel: batches of SHA-256 through polars and polars-hash, when they are installed and agree.

Never required: without the packages, or when the self-test on 64 messages disagrees with hashlib, the standard kernel
does the work. Both give the same answers; anything unusual in a block goes to the same line-by-line code.

Messages are handed over as one buffer through the Arrow C data interface (fixed-size binary), so no object is made
per message. The structures follow https://arrow.apache.org/docs/format/CDataInterface.html.
"""

import ctypes
import itertools
import threading
from array import array
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from reserves_gui.merkle.sum_rows import LeafKey, Rows, little_endian, pair_messages, pair_sums

_SELF_TEST_MESSAGES = 64
_WORDS_INNER = 10
_WORDS_OUTER = 12
_ZERO_DIGEST = bytes(32)


class _Schema(ctypes.Structure):
    """``struct ArrowSchema``."""


class _Array(ctypes.Structure):
    """``struct ArrowArray``."""


_RELEASE_SCHEMA = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))
_RELEASE_ARRAY = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))
_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", _RELEASE_SCHEMA),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", _RELEASE_ARRAY),
    ("private_data", ctypes.c_void_p),
]

# What a consumer still reads must stay alive until it calls release.
_lent: dict[int, object] = {}
_numbers = itertools.count(1)


def _schema_back(schema: Any) -> None:
    schema[0].release = _RELEASE_SCHEMA()


def _array_back(lent: Any) -> None:
    _lent.pop(lent[0].private_data, None)
    lent[0].release = _RELEASE_ARRAY()


_release_schema = _RELEASE_SCHEMA(_schema_back)
_release_array = _RELEASE_ARRAY(_array_back)
# A buffer may be given back while the interpreter shuts down: the callbacks outlive their module.
for _callback in (_release_schema, _release_array):
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(_callback))

_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class _Messages:
    """Messages of one length, one after the other in ``data``, as an Arrow array."""

    def __init__(self, data: bytes, width: int) -> None:
        self._data = data
        self._width = width
        self._schema = _Schema()
        self._array = _Array()

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        self._schema.format = b"w:%d" % self._width
        self._schema.name = b""
        self._schema.release = _release_schema
        buffers = (ctypes.c_void_p * 2)(None, ctypes.cast(ctypes.c_char_p(self._data), ctypes.c_void_p))
        number = next(_numbers)
        _lent[number] = (self._data, buffers)
        self._array.length = len(self._data) // self._width
        self._array.n_buffers = 2
        self._array.buffers = buffers
        self._array.private_data = number
        self._array.release = _release_array
        return (
            _new_capsule(ctypes.addressof(self._schema), b"arrow_schema", None),
            _new_capsule(ctypes.addressof(self._array), b"arrow_array", None),
        )


class FastKernel:
    """The kernel over polars expressions. ``block_bytes``: about 15,000 lines, some 15 ms of work."""

    block_bytes = 1024 * 1024

    def __init__(self, polars: Any, polars_hash: Any) -> None:
        self._pl = polars
        self._col = polars_hash.col

    def digests(self, columns: Sequence[tuple[bytes, int]]) -> list[Any]:
        """The SHA-256 of each column of messages (buffer, message length) as columns of hex text."""
        pl = self._pl
        frame = pl.DataFrame({str(at): pl.Series(_Messages(data, width)) for at, (data, width) in enumerate(columns)})
        hashed = frame.select([self._col(str(at)).chash.sha2_256() for at in range(len(columns))])
        return [hashed[str(at)] for at in range(len(columns))]

    def parents(self, rows: Rows) -> bytes | None:
        """See :class:`~reserves_gui.merkle.sum_rows.Kernel`."""
        sums = pair_sums(rows.values)
        if sums is None:
            return None
        pl = self._pl
        messages = pair_messages(rows)
        half = len(sums) // 2 * 80
        if half and not len(sums) % 2:
            # Columns of one frame are worked on side by side: two halves take two cores.
            left, right = self.digests([(messages[:half], 80), (messages[half:], 80)])
            hashed = pl.concat([left.rename("hash"), right.rename("hash")])
        else:
            hashed = self.digests([(messages, 80)])[0].rename("hash")
        frame = pl.DataFrame({"hash": hashed, "sum": pl.Series(sums, dtype=pl.UInt64)})
        lines = pl.concat_str([pl.col("hash"), pl.col("sum").cast(pl.String)], separator=",")
        text: str = frame.select(lines.str.join("\n")).item()
        return text.encode("ascii") + b"\n"

    def own(self, rows: Rows, first: int, keys: Sequence[LeafKey]) -> list[tuple[int, int]]:
        """See :class:`~reserves_gui.merkle.sum_rows.Kernel`."""
        if not keys:
            return []
        count = len(rows.values)
        values = little_endian(array("Q", rows.values))
        indexes = little_endian(array("Q", range(first, first + count)))
        inner = [(_padded(key.inner, _WORDS_INNER, (values, indexes)), 80) for key in keys]
        outer = [
            (_padded(key.outer, _WORDS_OUTER, _words(self._raw(column))), 96)
            for key, column in zip(keys, self.digests(inner), strict=True)
        ]
        leaves = int.from_bytes(rows.digests, "little")
        found: list[tuple[int, int]] = []
        for number, column in enumerate(self.digests(outer)):
            # Equal digests leave 32 zero bytes; where such a run stands astride two rows, no row is equal.
            differing = (int.from_bytes(self._raw(column), "little") ^ leaves).to_bytes(32 * count, "little")
            at = differing.find(_ZERO_DIGEST)
            while at >= 0:
                row = -(-at // 32)
                if differing.startswith(_ZERO_DIGEST, 32 * row):
                    found.append((number, row))
                at = differing.find(_ZERO_DIGEST, 32 * row + 32)
        return found

    @staticmethod
    def _raw(column: Any) -> bytes:
        return bytes.fromhex(column.str.join("").item())

    def agrees_with_hashlib(self) -> bool:
        """The self-test: 64 messages of each length in use."""
        for width in (80, 96):
            messages = [bytes((3 * at + 7 * byte) % 256 for byte in range(width)) for at in range(_SELF_TEST_MESSAGES)]
            wanted = [sha256(message).hexdigest() for message in messages]
            if self.digests([(b"".join(messages), width)])[0].to_list() != wanted:
                return False
        return True


def _padded(block: bytes, words: int, columns: Sequence["array[int]"]) -> bytes:
    """Per row ``block`` (64 bytes) and one word of each column."""
    packed = array("Q", (block + bytes(8 * (words - 8))) * len(columns[0]))
    for at, column in enumerate(columns):
        packed[8 + at :: words] = column
    return packed.tobytes()


def _words(digests: bytes) -> list["array[int]"]:
    packed = array("Q", digests)
    return [packed[word::4] for word in range(4)]


_lock = threading.Lock()


def fast_kernel() -> FastKernel | None:
    """The vectorised kernel, or None where the packages are missing, too old or wrong."""
    with _lock:
        try:
            import polars as pl
            import polars_hash
        except (ImportError, OSError):
            return None
        try:
            kernel = FastKernel(pl, polars_hash)
            return kernel if kernel.agrees_with_hashlib() else None
        except (AttributeError, TypeError, ValueError, RuntimeError, pl.exceptions.PolarsError):
            return None

"""The block parser accepts exactly the line grammar, and the block steps equal the formulas."""

import hashlib
import hmac
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from reserves_gui.merkle.leaf_sizes import SizeClasses
from reserves_gui.merkle.sum_rows import LINE, VALUE_LIMIT, LeafKey, Rows, StandardKernel, parse_rows
from tests.encoders.keyed_tree import leaf_digest, parent

_HASH = st.binary(min_size=32, max_size=32).map(lambda data: data.hex().encode())
_VALUE = st.integers(0, VALUE_LIMIT - 1).map(lambda value: str(value).encode())
_GOOD = st.tuples(_HASH, _VALUE).map(b",".join)
_ODD = st.one_of(
    st.binary(max_size=100),
    st.text(alphabet="0123456789abcdef,\n-+ _A\r", max_size=140).map(str.encode),
    st.tuples(
        _HASH,
        st.sampled_from([b"", b"00", b"01", b"-1", b"-0", b"+1", b"1 ", b" 1", b"1_0", b"a", b"18446744073709551616"]),
    ).map(b",".join),
    st.tuples(_HASH, _VALUE, _VALUE).map(b",".join),
    _HASH,
)


def by_the_line(block: bytes) -> Rows | None:
    matches = [LINE.fullmatch(line) for line in block.split(b"\n")[:-1]]
    if not all(matches):
        return None
    values = [int(match[2]) for match in matches if match]
    if min(values) < 0 or max(values) >= VALUE_LIMIT:
        return None
    return Rows(bytes.fromhex(b"".join(match[1] for match in matches if match).decode()), values)


@settings(max_examples=300)
@given(st.lists(st.one_of(_GOOD, _GOOD, _ODD), min_size=1, max_size=6))
def test_a_block_is_read_exactly_as_its_lines_are(lines: list[bytes]) -> None:
    block = b"\n".join(lines) + b"\n"
    assert parse_rows(block) == by_the_line(block)


@settings(max_examples=100)
@given(st.lists(_GOOD, min_size=1, max_size=4), st.data())
def test_one_changed_byte_is_read_as_the_line_grammar_reads_it(lines: list[bytes], data: st.DataObject) -> None:
    block = b"\n".join(lines) + b"\n"
    at = data.draw(st.integers(0, len(block) - 2))
    byte = data.draw(st.sampled_from(b"0123456789abcdefABCDEF,\n\r -+_\x00\xff"))
    changed = block[:at] + bytes([byte]) + block[at + 1 :]
    assert parse_rows(changed) == by_the_line(changed)


def test_parents_and_own_leaves_equal_the_formulas() -> None:
    draw = random.Random(1)
    nodes = [(draw.randbytes(32), draw.randrange(2**62)) for _ in range(64)]
    key = draw.randbytes(32)
    for offset in (5, 60):
        nodes[offset] = (leaf_digest(key, nodes[offset][1], 1000 + offset), nodes[offset][1])
    rows = Rows(b"".join(digest for digest, _ in nodes), [value for _, value in nodes])
    wanted = [parent(nodes[2 * at], nodes[2 * at + 1]) for at in range(32)]
    kernel = StandardKernel()
    assert kernel.parents(rows) == "".join(f"{digest.hex()},{value}\n" for digest, value in wanted).encode()
    keys = [LeafKey.of(bytes(32)), LeafKey.of(key)]
    assert kernel.own(rows, 1000, keys) == [(1, 5), (1, 60)]
    assert keys[1].leaf(7, 9) == hmac.digest(key, (7).to_bytes(8, "little") + (9).to_bytes(8, "little"), "sha256")


def test_a_sum_that_carries_gives_no_parents() -> None:
    assert StandardKernel().parents(Rows(bytes(64), [2**63, 2**63])) is None
    assert StandardKernel().parents(Rows(bytes(64), [2**63, 2**63 - 1])) is not None


def test_a_key_shows_nothing_of_itself() -> None:
    assert hashlib.sha256(b"k").hexdigest() not in repr(LeafKey.of(hashlib.sha256(b"k").digest()))
    assert "\\" not in repr(LeafKey.of(b"secret"))


def test_size_classes_change_at_half_decades() -> None:
    classes = SizeClasses()
    classes.add([0, 0, 1, 3, 4, 9, 10, 31, 32, 99, 100, 2**64 - 1])
    assert classes.zeros == 2
    assert classes.counts == {0: 2, 1: 2, 2: 2, 3: 2, 4: 1, 38: 1}
    for value in (1, 3, 4, 10, 31, 32, 10**19, 31622776601683793319, 31622776601683793320):
        one = SizeClasses()
        one.add_one(value)
        one.mark_own(value)
        (found,) = one.counts
        assert 10**found <= value**2 < 10 ** (found + 1)
        assert one.own == {found}

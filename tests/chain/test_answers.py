"""The reader of answers: whatever text fills one to its limit, memory stays bounded."""

import contextlib
import tracemalloc

import pytest

from reserves_gui import limits
from reserves_gui.chain.answers import parse_answer, public_values, read_answer
from reserves_gui.errors import ReservesError

_FULL = limits.ANSWER_BYTES - limits.MIB
_FILLED = {
    "letters": b'{"a":"' + b"a" * _FULL + b'"}',
    "a letter outside ASCII among them": b'{"a":"' + b"a" * _FULL + "\U0001f600".encode() + b'"}',
    "the same escaped": b'{"a":"' + b"a" * _FULL + b'\\ud83d\\ude00"}',
    "escapes": b'["' + b"\\n" * (_FULL // 2) + b'"]',
    "brackets": b"[" * 100_000,
    "brackets that close": b"[" * 100_000 + b"]" * 100_000,
}


@pytest.mark.parametrize("name", _FILLED)
def test_reading_a_full_answer_of_text_takes_less_than_a_hundred_megabytes(name: str) -> None:
    data = _FILLED[name]
    tracemalloc.start()
    with contextlib.suppress(ReservesError):
        answer = parse_answer(data)
        assert answer.is_object or answer.is_list
    peak = tracemalloc.get_traced_memory()[1] + len(data)
    tracemalloc.stop()
    assert peak < 100 * 10**6


@pytest.mark.parametrize("name", [name for name in _FILLED if name not in ("letters", "escapes")])
def test_what_would_take_more_is_refused(name: str) -> None:
    with pytest.raises(ReservesError) as caught:
        parse_answer(_FILLED[name])
    assert caught.value.message.key == "chain.answer_json"


_MANY = 1_990_000
_SHAPES = {
    "numbers": lambda count: b"[" + b"0," * (count - 1) + b"0]",
    "objects of one number": lambda count: b"[" + b'{"a":0},' * (count // 2) + b"0]",
    "keys": lambda count: b"{" + b",".join(b'"%x":0' % number for number in range(count)) + b"}",
    "keys behind a long text": lambda count: (
        b'{"t":"' + b"a" * (20 * limits.MIB) + b'",' + b",".join(b'"%x":0' % one for one in range(count // 4)) + b"}"
    ),
}


def _peak(data: bytes, *, own: bool) -> tuple[int, str]:
    """Bytes that reading takes at most, with the answer's own, and the key of the refusal if there is one."""
    key = ""
    tracemalloc.start()
    try:
        read_answer(data, own=own)
    except ReservesError as error:
        key = error.message.key
    peak = tracemalloc.get_traced_memory()[1] + len(data)
    tracemalloc.stop()
    return peak, key


@pytest.mark.parametrize("name", _SHAPES)
def test_an_answer_of_millions_of_small_values_is_refused_before_it_is_read(name: str) -> None:
    peak, key = _peak(_SHAPES[name](_MANY), own=False)
    assert key == "chain.answer_values"
    assert peak < limits.ANSWER_MEMORY_BYTES


@pytest.mark.parametrize("name", ["keys", "keys behind a long text"])
def test_as_many_values_as_are_read_take_less_than_a_hundred_megabytes(name: str) -> None:
    # The more values, the longer the text, and the fewer are allowed.
    count = 340_000
    while count > (allowed := public_values(len(_SHAPES[name](count)))):
        count = min(allowed, count - 1_000)
    assert count > 100_000
    peak, key = _peak(_SHAPES[name](count), own=False)
    assert key == ""
    assert peak < limits.ANSWER_MEMORY_BYTES


def test_an_own_node_may_tell_more() -> None:
    data = _SHAPES["numbers"](400_000)
    assert len(read_answer(data, own=True).value) == 400_000
    with pytest.raises(ReservesError) as caught:
        read_answer(data, own=False)
    assert caught.value.message.key == "chain.answer_values"


@pytest.mark.parametrize("text", ['"\u00e4"', '"\\u00e4"'])
def test_a_small_answer_may_hold_any_letters(text: str) -> None:
    assert parse_answer(text.encode()).text() == "\u00e4"

"""The reader of answers: whatever text fills one to its limit, memory stays bounded."""

import contextlib
import tracemalloc

import pytest

from reserves_gui import limits
from reserves_gui.chain.answers import parse_answer
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


@pytest.mark.parametrize("text", ['"\u00e4"', '"\\u00e4"'])
def test_a_small_answer_may_hold_any_letters(text: str) -> None:
    assert parse_answer(text.encode()).text() == "\u00e4"

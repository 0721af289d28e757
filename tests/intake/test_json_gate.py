"""The JSON gate of attacks.md section 5.1: every hostile document ends with its code, in time."""

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reserves_gui import limits
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import from_bytes
from reserves_gui.intake.json_gate import JsonNumber, parse_json

HOSTILE = {
    "duplicate key": (b'{"a":1,"a":2}', ErrorCode.JSON_DUPLICATE_KEY),
    "duplicate key inside": (b'{"x":[{"a":1,"b":2,"a":1}]}', ErrorCode.JSON_DUPLICATE_KEY),
    "duplicate key by escape": (b'{"a":1,"\\u0061":2}', ErrorCode.JSON_DUPLICATE_KEY),
    "NaN": (b'{"a":NaN}', ErrorCode.JSON_CONSTANT),
    "Infinity": (b"[Infinity]", ErrorCode.JSON_CONSTANT),
    "-Infinity": (b"[-Infinity]", ErrorCode.JSON_CONSTANT),
    "65 levels": (b"[" * 65 + b"]" * 65, ErrorCode.JSON_DEPTH),
    "1000 levels": (b"[" * 1000 + b"]" * 1000, ErrorCode.JSON_DEPTH),
    "100000 levels": (b'{"a":' * 100_000, ErrorCode.JSON_DEPTH),
    "cut off": (b'{"a":1', ErrorCode.JSON_SYNTAX),
    "single quotes": (b"{'a':1}", ErrorCode.JSON_SYNTAX),
    "trailing comma": (b"[1,]", ErrorCode.JSON_SYNTAX),
    "comment": (b"{} // end", ErrorCode.JSON_TRAILING),
    "web page text after it": (b'{"a":1}\nCopy', ErrorCode.JSON_TRAILING),
    "second document": (b"{}{}", ErrorCode.JSON_TRAILING),
    "UTF-16": ('{"a":1}'.encode("utf-16"), ErrorCode.INPUT_ENCODING),
    "Latin-1": (b'{"a":"\xe9"}', ErrorCode.INPUT_ENCODING),
    "NUL": (b'{"a":"\x00"}', ErrorCode.INPUT_ENCODING),
    "escaped NUL": (b'{"a":"\\u0000"}', ErrorCode.INPUT_ENCODING),
    "lone surrogate": (b'{"a":"\\ud800"}', ErrorCode.INPUT_ENCODING),
    "lone surrogate as key": (b'{"\\udfff":1}', ErrorCode.INPUT_ENCODING),
    "5000 digits": (b"[" + b"9" * 5000 + b"]", ErrorCode.NUMBER_GRAMMAR),
    "long decimals": (b"[0." + b"1" * 120 + b"]", ErrorCode.NUMBER_GRAMMAR),
    "empty": (b"", ErrorCode.INPUT_EMPTY),
    "blank": (b" \n\t", ErrorCode.INPUT_EMPTY),
    "too many values": (b"[" + b"1," * limits.JSON_VALUES + b"1]", ErrorCode.LIMIT_ENTRIES),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_ends_with_its_code_within_a_second(name: str) -> None:
    data, code = HOSTILE[name]
    started = time.perf_counter()
    with pytest.raises(ReservesError) as caught:
        parse_json(data, "proof.json")
    assert caught.value.code is code
    assert caught.value.where.startswith("proof.json")
    assert time.perf_counter() - started < 2


def test_numbers_keep_their_text() -> None:
    value = parse_json(b'\xef\xbb\xbf{"a":1.10,"b":-0.00,"c":1E+5,"d":"1.10"}', "f")
    assert value == {"a": "1.10", "b": "-0.00", "c": "1E+5", "d": "1.10"}
    assert isinstance(value, dict)
    assert isinstance(value["a"], JsonNumber)
    assert not isinstance(value["d"], JsonNumber)


def test_brackets_inside_strings_are_text() -> None:
    text = '["' + "[" * 1000 + '\\"{,"]'
    assert parse_json(text.encode(), "f") == ["[" * 1000 + '"{,']


def test_a_document_over_the_limit_is_refused_before_parsing() -> None:
    document = from_bytes("big.json", b'{"a":"' + b"x" * limits.JSON_USER_BYTES + b'"}')
    with pytest.raises(ReservesError) as caught:
        document.json()
    assert caught.value.code is ErrorCode.LIMIT_SIZE
    assert document.json_keys() == frozenset()


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc\u00e9", max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_honest_documents_come_through_unchanged(value: object) -> None:
    def as_texts(item: object) -> object:
        if isinstance(item, dict):
            return {key: as_texts(inner) for key, inner in item.items()}
        if isinstance(item, list):
            return [as_texts(inner) for inner in item]
        return str(item) if isinstance(item, int) and not isinstance(item, bool) else item

    assert parse_json(json.dumps(value, ensure_ascii=False).encode(), "f") == as_texts(value)


@given(st.binary(max_size=200))
def test_only_our_own_error_leaves_the_gate(data: bytes) -> None:
    with contextlib.suppress(ReservesError):
        parse_json(data, "f")

"""Canonical JSON: one content, one reference."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reserves_gui.report import canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def _shuffled(value: object, chance: random.Random) -> object:
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: _shuffled(item, chance) for key, item in items}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


@given(VALUES, st.integers())
def test_the_order_of_keys_changes_nothing(value: object, seed: int) -> None:
    assert canonical.reference(_shuffled(value, random.Random(seed))) == canonical.reference(value)


@given(VALUES)
def test_both_spellings_mean_the_value(value: object) -> None:
    assert json.loads(canonical.canonical_bytes(value)) == value
    assert json.loads(canonical.readable_json(value)) == value


@given(VALUES, VALUES)
def test_another_value_has_another_reference(first: object, second: object) -> None:
    same_json = json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    assert (canonical.reference(first) == canonical.reference(second)) == same_json


def test_the_form_is_the_documented_one() -> None:
    assert canonical.canonical_bytes({"b": [1, True, None], "a": "ä"}) == '{"a":"ä","b":[1,true,null]}'.encode()


@pytest.mark.parametrize("value", [1.5, [0.0], {"a": {"b": 2.5}}, {1: "x"}, {"a": (1,)}, b"x"])
def test_floats_and_foreign_kinds_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.canonical_bytes(value)
    with pytest.raises(TypeError):
        canonical.readable_json(value)


def test_hidden_characters_never_stand_raw_in_a_file() -> None:
    text = canonical.readable_json({"a": "x\u202ey\u200bz\U000e0041"})
    assert text.isascii()
    assert json.loads(text) == {"a": "x\u202ey\u200bz\U000e0041"}


def test_bytes_of_a_file_name_that_are_no_text_are_written_out() -> None:
    cleaned = canonical.without_surrogates({"name": "a\udcffb", "list": ["\ud800"]})
    assert cleaned == {"name": "a\\u{DCFF}b", "list": ["\\u{D800}"]}
    canonical.canonical_bytes(cleaned)

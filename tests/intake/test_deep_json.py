"""The reader for deeply nested JSON keeps the rules of the gate and never recurses."""

import json
import random

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.deep_json import parse_deep
from reserves_gui.intake.json_gate import parse_json
from reserves_gui.progress import silent


def read(text: str, depth: int = 10_000, values: int = 100_000) -> object:
    return parse_deep(text.encode("utf-8", "surrogatepass"), "x", depth=depth, values=values, progress=silent())


def made(draw: random.Random, depth: int) -> object:
    kind = draw.randrange(7 if depth else 4)
    if kind > 4:
        return [made(draw, depth - 1) for _ in range(draw.randrange(4))]
    if kind == 4:
        return {f"k{at}é\n": made(draw, depth - 1) for at in range(draw.randrange(4))}
    return draw.choice([None, True, False, 'a"b\\', "", 0, -12, 1.5e-7, "ü\u2028"])


@pytest.mark.parametrize("seed", range(60))
def test_both_readers_read_the_same(seed: int) -> None:
    draw = random.Random(seed)
    text = json.dumps(made(draw, 5), ensure_ascii=bool(seed % 2), indent=draw.choice([None, 2]))
    assert read(text) == parse_json(text.encode(), "x")


def test_nine_thousand_levels_are_read() -> None:
    value = read('{"a":' * 9000 + "1" + "}" * 9000)
    for _ in range(9000):
        assert isinstance(value, dict)
        value = value["a"]
    assert value == "1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 100_000, ErrorCode.LIMIT_DEPTH),
        ('{"a":' * 20_000 + "1" + "}" * 20_000, ErrorCode.LIMIT_DEPTH),
        ("[" + "1," * 200_000 + "1]", ErrorCode.LIMIT_ENTRIES),
        ('{"a":1,"a":2}', ErrorCode.JSON_DUPLICATE_KEY),
        ("[NaN]", ErrorCode.JSON_CONSTANT),
        ("[-Infinity]", ErrorCode.JSON_CONSTANT),
        ("[1] x", ErrorCode.JSON_TRAILING),
        ("[1", ErrorCode.JSON_SYNTAX),
        ("[1,]", ErrorCode.JSON_SYNTAX),
        ('{"a" 1}', ErrorCode.JSON_SYNTAX),
        ("{1:2}", ErrorCode.JSON_SYNTAX),
        ('{"a":1]', ErrorCode.JSON_SYNTAX),
        ('["a\nb"]', ErrorCode.JSON_SYNTAX),
        ("[01]", ErrorCode.JSON_SYNTAX),
        ("[+1]", ErrorCode.JSON_SYNTAX),
        ("]", ErrorCode.JSON_SYNTAX),
        (" ", ErrorCode.INPUT_EMPTY),
        ('["\\ud800"]', ErrorCode.INPUT_ENCODING),
        ("[" + "9" * 200 + "]", ErrorCode.NUMBER_GRAMMAR),
    ],
)
def test_what_the_gate_refuses_is_refused_here(text: str, code: ErrorCode) -> None:
    with pytest.raises(ReservesError) as caught:
        read(text)
    assert caught.value.code is code

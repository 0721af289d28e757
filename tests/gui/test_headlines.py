"""Headlines are short: at most 90 characters a sentence, in both languages, with usual names and figures."""

import inspect
import re
import string

import pytest

from reserves_gui.gui import wording
from reserves_gui.gui.words import LANGUAGES, Words
from reserves_gui.messages import Message, catalogue
from reserves_gui.verdict import State

MOST = 90
BEGIN = ("window.headline.failed.", "report.headline.")
CHART = ("window.over_time.covered", "window.over_time.nothing_seen")
NUMBERS = {"count": 1_048_576, "verified": 3_902, "rows": 4_186, "failed": 12}


def _keys() -> list[str]:
    """Those of reports, of failed checks, of the charts, and whatever else the window's headlines are made of."""
    named = re.findall(r'"(window\.headline\.\w+)"', inspect.getsource(wording))
    assert "window.headline.included_at" in named
    return [*named, *CHART, *(key for key in catalogue("en") if key.startswith(BEGIN))]


def _texts(words: Words) -> dict[str, str]:
    """What usually goes into a headline; names of exchanges have nine letters at most, all but a few."""
    return {
        "exchange": "Fjordline",
        "time": words.time("2026-10-31T00:00:00Z"),
        "asset": "USDT",
        "ratio": "102.30 – 102.38 %",
        "state": max((words.state(state) for state in State), key=len),
    }


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[^\d][.?]) (?=[A-ZÄÖÜ])", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_a_headline_is_longer_than_ninety_characters(language: str) -> None:
    words = Words(language)
    arguments = {**_texts(words), **{name: words.count(number) for name, number in NUMBERS.items()}}
    long: dict[str, str] = {}
    for key in _keys():
        fields = {
            name.partition("|")[0] for _, name, _, _ in string.Formatter().parse(catalogue(language)[key]) if name
        }
        assert fields <= arguments.keys(), (key, fields)
        said = words.render(Message(key, {name: arguments[name] for name in fields}))
        long |= {one: key for one in _sentences(said) if len(one) > MOST}
    assert long == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_headline_is_a_sentence_without_praise_or_alarm(language: str) -> None:
    banned = re.compile(
        r"\b(success\w*|safe\w*|trusted|warning\w*|erfolg\w*|sicher|Warnung\w*|vertrau\w*)\b|!", re.IGNORECASE
    )
    for key in _keys():
        text = catalogue(language)[key]
        assert text.endswith("."), key
        assert not banned.search(text), key


def test_sentences_are_told_from_dates() -> None:
    assert _sentences("Am 31. Oktober 2026 gilt das. Mehr nicht.") == ["Am 31. Oktober 2026 gilt das.", "Mehr nicht."]

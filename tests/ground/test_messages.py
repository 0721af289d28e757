"""Sentences are looked up, hostile arguments are made visible, and nothing in an argument is evaluated."""

import tomllib
from importlib import resources

import pytest

from reserves_gui.messages import Message, _pairs, catalogue, render, say, visible


def test_a_message_renders_in_two_languages() -> None:
    message = say("error.missing_key", key="nonce")
    assert render(message) == "The key “nonce” is missing."
    assert render(message, "de") == "Der Schlüssel „nonce“ fehlt."


def test_an_unknown_language_falls_back_to_english() -> None:
    assert render(say("error.empty"), "xx") == render(say("error.empty"))
    assert catalogue("xx") == {}


def test_a_key_without_sentence_shows_itself() -> None:
    assert render(Message("no.such", {"b": 2, "a": 1})) == "no.such (a=1, b=2)"


def test_arguments_are_text_and_never_format_fields() -> None:
    assert "{key.__class__}" in render(say("error.missing_key", key="{key.__class__}"))


def test_hidden_characters_become_visible() -> None:
    assert visible("a\u202eb\x1b[31m\u200b\n") == "a\\u{202E}b\\u{001B}[31m\\u{200B}\\u{000A}"
    assert visible("Größe ✔ 漢字") == "Größe ✔ 漢字"
    assert "\x1b" not in render(say("error.missing_key", key="\x1b[2J"))


def test_a_sentence_inside_another_is_in_the_language_of_the_reader() -> None:
    message = say("wallets.signatures.failed", failed=1, rows=2, line=7, detail=say("wallets.other_key"))
    assert render(message).endswith(render(say("wallets.other_key")))
    assert render(message, "de").endswith(render(say("wallets.other_key"), "de"))


def test_several_sentences_inside_another_follow_one_another() -> None:
    problems = (say("chain.no_answer", host="a.example"), say("chain.refused", host="b.example"))
    shown = render(say("balances.chain.bad", reason=problems), "de")
    assert " ".join(render(one, "de") for one in problems) in shown


def test_words_inside_a_sentence_are_listed_with_commas() -> None:
    words = (say("report.state.verified"), say("report.state.failed"))
    assert "bestätigt, durchgefallen" in render(say("verify.ignored", names=words), "de")


def test_a_message_without_sentence_shows_the_sentences_inside_it() -> None:
    assert (
        render(Message("no.such", {"reason": say("error.empty")})) == f"no.such (reason={render(say('error.empty'))})"
    )


def test_messages_that_say_the_same_are_equal_and_hash_alike() -> None:
    one, two = (say("log.not_kept", reason=(say("error.empty"), say("error.nul"))) for _ in range(2))
    assert {one: 1} == {two: 1}


def test_numbers_are_written_as_the_place_asks_for() -> None:
    def in_words(text: str) -> str:
        return {"1500": "1.500", "0.25": "0,25"}.get(text, text)

    assert "1500" in render(say("show.more_assets", count=1500), "de")
    assert "1.500" in render(say("show.more_assets", count=1500), "de", in_words)
    # A line number names a line: it is looked up digit by digit.
    assert "1500" in render(say("error.json_syntax", line=1500, column=1500), "de", in_words)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_quick_reader_reads_what_the_full_parser_does(language: str) -> None:
    folder = resources.files("reserves_gui.resources") / "messages" / language
    merged: dict[str, str] = {}
    for entry in folder.iterdir():
        merged |= tomllib.loads(entry.read_text(encoding="utf-8"))
    assert merged == catalogue(language)


@pytest.mark.parametrize(
    "text",
    [
        '"a.b" = "one"\n"a.b" = "two"\n',
        '"a.b" = "tab\\there"\n',
        '"a.b" = """\nlong"""\n',
        'a = "bare key"\n',
        "# a comment\n\n'literal.key' = \"x\"\n",
        '"a.b" = "open\n',
    ],
)
def test_lines_of_another_form_are_left_to_the_full_parser(text: str) -> None:
    """What it says of them, and whether it refuses them, stands."""
    try:
        wanted: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(tomllib.TOMLDecodeError):
            _pairs(text)
    else:
        assert _pairs(text) == wanted

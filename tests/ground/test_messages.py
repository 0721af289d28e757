"""Sentences are looked up, hostile arguments are made visible, and nothing in an argument is evaluated."""

from reserves_gui.messages import Message, catalogue, render, say, visible


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

"""Sentences are made where they are shown: none goes into another one as text, and none counts “1 rows”."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from reserves_gui.messages import Message, catalogue, render

PACKAGE = Path(__file__).resolve().parents[2] / "reserves_gui"


def _calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in names:
            yield node


def _renderers(tree: ast.Module) -> set[str]:
    """``render`` and what this file makes of it: functions that return rendered text."""
    found = {"render"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Return) and one.value is not None and any(_calls(one.value, {"render"}))
            for one in ast.walk(node)
        ):
            found.add(node.name)
    return found


def _rendered_arguments(tree: ast.Module) -> Iterator[int]:
    renderers = _renderers(tree)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        texts = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and any(_calls(node.value, renderers))
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in _calls(function, {"say", "Message"}):
            arguments = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
            names = {node.id for one in arguments for node in ast.walk(one) if isinstance(node, ast.Name)}
            if names & texts or any(any(_calls(one, renderers)) for one in arguments):
                yield call.lineno


def test_no_argument_of_a_message_is_a_sentence_already_rendered() -> None:
    """It would stay in the language it was rendered in, inside a sentence of another."""
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line in _rendered_arguments(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_the_search_for_rendered_arguments_finds_them() -> None:
    planted = """
def _words(reports):
    return " ".join(render(one) for one in reports)

def made():
    text = render(message)
    return say("a.b", reason=_words(bad)), say("a.b", reason=text), say("a.b", count=1)
"""
    assert list(_rendered_arguments(ast.parse(planted))) == [7, 7]


_IDENTIFIERS = {"chain", "fields", "key", "left", "name", "names", "place", "right", "source"}
"""Arguments that name things of a file or of the command line, alike in every language."""


def test_words_inside_a_sentence_are_messages_and_not_english_text() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{call.lineno} {keyword.arg}={keyword.value.value!r}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in _calls(ast.parse(path.read_text(encoding="utf-8")), {"say"})
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
        and keyword.value.value.isalpha()
        and keyword.arg not in _IDENTIFIERS
    ]
    assert found == []


_COUNTED = re.compile(r"\b1 ([^\W\d_]{3,})")
"""The word after a number that is one; units such as h and s are no words."""
_SINGULAR = {"does", "has", "was", "this", "address", "holds", "follows"}
"""English words that end in s and are not several."""


def _fields(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field}


@cache
def _counting() -> set[str]:
    """Names of arguments that some sentence counts with; any other argument may be text."""
    templates = [*catalogue("en").values(), *catalogue("de").values()]
    return {field.partition("|")[0] for template in templates for field in _fields(template) if "|" in field}


def _arguments(template: str, count: int) -> dict[str, int | str]:
    names = {field.partition("|")[0] for field in _fields(template)}
    return {name: count if name in _counting() else "x" for name in names}


def _without_numbers(text: str) -> str:
    return re.sub(r"\b[012]\b", "N", text)


def _forms(template: str) -> Iterator[list[str]]:
    for _, field, spec, _ in string.Formatter().parse(template):
        assert not spec or spec in ("amount", "time"), f"a form may hold no colon: {template}"
        if field and "|" in field:
            yield field.split("|")[1:]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_sentence_can_count_to_none_one_and_two(language: str) -> None:
    for key, template in catalogue(language).items():
        assert all(len(forms) == 2 for forms in _forms(template)), key
        shown = [render(Message(key, _arguments(template, count)), language) for count in (0, 1, 2)]
        assert not any("#" in text for text in shown), key
        if any(forms[0] != forms[1] for forms in _forms(template)):
            # One has a form of its own, and none is said as many are.
            assert _without_numbers(shown[0]) == _without_numbers(shown[2]) != _without_numbers(shown[1]), key


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_sentence_says_one_of_something_in_the_plural(language: str) -> None:
    """Words that stand after “#” where many are counted are plural; none of them may follow a bare “1”."""
    plural, singular = set(), set()
    for template in catalogue(language).values():
        for one, many in _forms(template):
            singular |= set(re.findall(r"# ([^\W\d_]+)", one))
            plural |= set(re.findall(r"# ([^\W\d_]+)", many))
    # Of German words only nouns are of use: others have one form for one and for many, or stand before anything.
    plural = {word for word in plural - singular if language != "de" or word[0].isupper()}
    assert {"en": "rows", "de": "Zeilen"}[language] in plural
    found = {}
    for key, template in catalogue(language).items():
        words = _COUNTED.findall(render(Message(key, _arguments(template, 1)), language))
        wrong = [
            one for one in words if one in plural or (language == "en" and one[-1] == "s" and one not in _SINGULAR)
        ]
        if wrong:
            found[key] = wrong
    assert found == {}


def _counted_twice(tree: ast.AST, keys: dict[str, str]) -> Iterator[str]:
    """Arguments that a sentence counts with, handed over as text that was grouped already: “4.186” becomes “4,186”."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        first = call.args[0]
        key = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
        counting = {field.partition("|")[0] for field in _fields(keys.get(key or "", "")) if "|" in field}
        for keyword in call.keywords:
            if keyword.arg in counting and any(_calls(keyword.value, {"count"})):
                yield f"{key}: {keyword.arg}"


def test_numbers_that_a_sentence_counts_with_come_as_numbers() -> None:
    keys = dict(catalogue("de"))
    found = [
        f"{path.relative_to(PACKAGE)} {one}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for one in _counted_twice(ast.parse(path.read_text(encoding="utf-8")), keys)
    ]
    assert found == []
    planted = ast.parse('words("a.b", count=words.count(len(rows)), name=1)')
    assert list(_counted_twice(planted, {"a.b": "{count|# Zeile|# Zeilen} {name}"})) == ["a.b: count"]

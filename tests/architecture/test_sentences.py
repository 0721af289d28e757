"""Sentences are made where they are shown: none goes into another one as text, and none counts “1 rows”."""

import ast
from collections.abc import Iterator
from pathlib import Path

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

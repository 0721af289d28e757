"""A report written as JSON reads back as the same report, and nothing but a report does."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.report import canonical
from reserves_gui.report.decoding import decoded_report
from reserves_gui.report.encoding import content_json, report_json
from reserves_gui.report.model import Report
from tests.report import samples

_NESTED = say(
    "balances.chain.some",
    names="a.example",
    reason=(say("chain.refused", host="a.example"), say("log.not_kept", reason=say("error.limit_size", limit=1500))),
)

REPORTS = {
    "nested": replace(samples.report(), verdict=replace(samples.verdict(), warnings=(_NESTED,))),
    "verified": samples.report(),
    "undecided": samples.report(root_known=False),
    "failed": samples.report(failing=11),
    "tree": replace(samples.report(), verdict=samples.tree_verdict()),
    "several paths": replace(
        samples.report(),
        verdict=replace(samples.verdict(), picture=replace(samples.picture(5), more=(samples.picture(3, seed=2),))),
    ),
    "pooled": replace(
        samples.report(), verdict=replace(samples.verdict(), proofs=(samples.verdict(), samples.verdict(failing=4)))
    ),
}


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_reads_back_as_itself(name: str) -> None:
    document = json.loads(canonical.readable_json(report_json(REPORTS[name])))
    assert decoded_report(document) == REPORTS[name]


def test_the_clock_is_no_part_of_the_content() -> None:
    later = replace(samples.report(), created="2027-01-01T00:00:00Z")
    first, second = report_json(samples.report()), report_json(later)
    assert first["reference"] == second["reference"]
    assert first["envelope"] != second["envelope"]


def test_a_sentence_of_another_version_is_shown_as_it_was_stored() -> None:
    document = report_json(samples.report())
    document["content"]["verdict"]["warnings"] = [{"key": "gone.key", "args": {}, "text": "As it was said."}]
    assert decoded_report(document).verdict.warnings == (say("report.stored", text="As it was said."),)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += _paths(item, (*path, key))
    return found


def _with(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def _ending(document: Any) -> ErrorCode | None:
    try:
        content_json(decoded_report(document))
    except ReservesError as error:
        return error.code
    return None


@pytest.mark.parametrize("foreign", [{"x": []}, ["x"], "…", 7, True, None, -1])
def test_foreign_values_anywhere_end_in_an_error_of_ours_or_are_read(foreign: object) -> None:
    document = report_json(Report(verdict=samples.verdict(), settings=samples.settings(), program="0", created=""))
    nodes = document["content"]["verdict"]["picture"]["nodes"]
    document["content"]["verdict"]["picture"]["nodes"] = nodes[:1]
    endings = {path: _ending(_with(document, path, foreign)) for path in _paths(document)}
    allowed = {None, ErrorCode.FORMAT_SHAPE, ErrorCode.FORMAT_NEWER}
    assert {path: code for path, code in endings.items() if code not in allowed} == {}


def test_a_newer_schema_is_named_so() -> None:
    with pytest.raises(ReservesError) as caught:
        decoded_report({"schema": "reserves/report/2"})
    assert caught.value.code is ErrorCode.FORMAT_NEWER

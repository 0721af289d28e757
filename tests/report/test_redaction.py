"""A redacted report holds nothing that identifies the user or shows her neighbours' amounts."""

from dataclasses import replace

import pytest

from reserves_gui.evidence import NodeKind
from reserves_gui.messages import say
from reserves_gui.report import canonical
from reserves_gui.report.encoding import report_json
from reserves_gui.report.html import html_report
from reserves_gui.report.model import Disclosure, Report
from reserves_gui.report.redaction import Private, redacted, redacted_settings, removed, secrets_of, without_secrets
from reserves_gui.report.sheet import sheet
from reserves_gui.report.text import text_report
from reserves_gui.verdict import Verdict
from tests.report import samples

USER = {"account": (samples.ACCOUNT,), "account_nonce": (samples.NONCE,)}


def _redacted(verdict: Verdict) -> Report:
    secrets = secrets_of(USER)
    return Report(
        verdict=redacted(verdict, secrets),
        settings=redacted_settings(samples.settings()),
        program="0.1.0",
        created="2026-11-22T12:00:00Z",
        disclosure=Disclosure.REDACTED,
        removed=removed(verdict, samples.settings()),
    )


def _everything(report: Report) -> str:
    document = report_json(report)
    made = sheet(report, document["reference"], "en")
    written = (html_report(made, document), text_report(made, document).partition(b"-----BEGIN")[0])
    return canonical.readable_json(document) + "".join(one.decode() for one in written)


def _private_texts(verdict: Verdict) -> list[str]:
    assert verdict.picture is not None
    found = [samples.ACCOUNT, samples.NONCE, *verdict.balances.values(), "203118", "northsea-"]
    for node in verdict.picture.nodes:
        if node.level == 0:
            found.append(node.hash)
        if node.kind is not NodeKind.ROOT:
            found += node.sums.values()
    return found


@pytest.mark.parametrize("made", [samples.verdict(), samples.verdict(root_known=False), samples.verdict(failing=11)])
def test_no_secret_id_own_leaf_balance_or_neighbours_amount_is_left(made: Verdict) -> None:
    written = _everything(_redacted(made))
    assert [text for text in _private_texts(made) if text in written] == []


def test_every_private_text_stands_in_the_full_report_so_the_search_can_find_it() -> None:
    full = samples.report(failing=11)
    written = _everything(full)
    missing = [text for text in _private_texts(full.verdict) if text not in written and text != samples.NONCE]
    assert missing == []


def test_pooled_proofs_are_redacted_too() -> None:
    pooled = replace(samples.verdict(), picture=None, proofs=(samples.verdict(), samples.verdict(failing=5)))
    written = _everything(_redacted(pooled))
    for one in pooled.proofs:
        assert [text for text in _private_texts(one) if text in written] == []


def test_what_identifies_nobody_stays() -> None:
    report = _redacted(samples.verdict(failing=11))
    verdict = report.verdict
    assert verdict.root == samples.verdict(failing=11).root
    assert verdict.total is not None
    assert [claim.state for claim in verdict.claims] == [claim.state for claim in samples.verdict(failing=11).claims]
    assert [one.sha256 for one in verdict.inputs] == [samples.digest("proof")]
    assert verdict.picture is not None
    assert min(node.level for node in verdict.picture.nodes) == 1
    assert verdict.extra == {"rows": {"verified": 3}}


def test_a_redacted_report_says_what_was_removed() -> None:
    keys = [message.key for message in _redacted(samples.verdict()).removed]
    assert keys == [
        "report.removed.names",
        "report.removed.user",
        "report.removed.balances",
        "report.removed.leaf",
        "report.removed.sums",
        "report.removed.indexes",
        "report.removed.values",
        "report.removed.remains",
    ]


@pytest.mark.parametrize("name", ["account", "account_nonce", "nonce", "uid", "user_id", "email", "key", "salt"])
def test_a_value_given_by_the_user_is_in_no_report_not_even_a_full_one(name: str) -> None:
    made = replace(
        samples.verdict(), notes=(say("report.stored", text=f"Leaf text {samples.ACCOUNT}|{samples.NONCE}."),)
    )
    for value in (samples.ACCOUNT, samples.NONCE):
        shown = without_secrets(made, secrets_of({name: (value,)}))
        full = Report(verdict=shown, settings=samples.settings(), program="0", created="")
        assert value not in _everything(full)


def test_a_secret_inside_a_longer_word_is_no_secret() -> None:
    made = replace(samples.verdict(), root="ab12ffab12", notes=(say("report.stored", text="x12f 12f y"),))
    shown = without_secrets(made, secrets_of({"nonce": ("12f",)}))
    assert shown.notes[0].args == {"text": "x12f [left out] y"}
    assert shown.root == "ab12ffab12"


@pytest.mark.parametrize("text", ["0.418209370", "0.41820937 BTC", "(0.41820937)", "1,250.00", "-1250.000"])
def test_an_amount_is_found_however_it_is_written(text: str) -> None:
    made = replace(samples.verdict(), notes=(say("report.stored", text=f"You hold {text} here."),))
    shown = redacted(
        replace(made, balances={"BTC": "0.41820937", "USDT": "1250.00000000", "ETH": "-1250"}), secrets_of({})
    )
    assert "left out" in str(shown.notes[0].args["text"])
    assert "418209" not in str(shown.notes[0].args["text"])


def test_notes_that_name_assets_because_the_user_holds_them_are_left_out() -> None:
    whole = samples.verdict()
    noted = replace(
        whole,
        notes=(
            say("zkmerkle.own_not_listed", symbols="RAREBEAR"),
            say("zkmerkle.parts_asset", symbol="BTC", equity="2", debt="1", net="1", price="3"),
        ),
    )
    whole_report = Report(verdict=noted, settings=samples.settings(), program="0.1.0", created="2026-11-22T12:00:00Z")
    assert "RAREBEAR" in _everything(whole_report)
    shown = _everything(_redacted(noted))
    assert "RAREBEAR" not in shown
    assert "customers hold 2" in shown


def test_a_value_inside_a_sentence_inside_another_is_found_too() -> None:
    said = say("log.not_kept", reason=say("error.missing_key", key=samples.NONCE))
    several = say("balances.chain.bad", reason=(say("chain.refused", host=samples.NONCE),))
    made = without_secrets(replace(samples.verdict(), notes=(said, several)), secrets_of(USER))
    assert samples.NONCE not in canonical.readable_json(report_json(replace(samples.report(), verdict=made)))


def test_paths_of_a_tree_per_asset_name_what_the_user_holds_and_are_left_out() -> None:
    path = samples.picture(5)
    made = replace(samples.verdict(), picture=replace(path, more=(samples.picture(4, seed=2),)))
    assert redacted(made, Private(texts=())).picture is None

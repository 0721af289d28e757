"""HTML and text: self-contained, escaped, the reference on them, and each byte bound."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reserves_gui.messages import say
from reserves_gui.report.encoding import report_json
from reserves_gui.report.html import POLICY, html_data, html_report, html_seal_holds
from reserves_gui.report.model import Report
from reserves_gui.report.path_layout import layout_path
from reserves_gui.report.sheet import sheet
from reserves_gui.report.text import text_data, text_report, text_seal_holds
from reserves_gui.verdict import Check, Claim, InputRecord, Outcome
from tests.report import samples

HOSTILE = "<img src=x onerror=alert(1)>\"'&</pre><script>\u202eevil\u2066\u200b\x1b[31m"


def _html(report: Report, language: str = "en") -> str:
    document = report_json(report)
    return html_report(sheet(report, document["reference"], language), document).decode()


def _text(report: Report, language: str = "en") -> str:
    document = report_json(report)
    return text_report(sheet(report, document["reference"], language), document).decode()


def _hostile() -> Report:
    made = samples.verdict()
    said = say("report.stored", text=HOSTILE)
    check = Check("leaf.hash", Outcome.FAILED, said, HOSTILE, HOSTILE)
    picture = made.picture
    assert picture is not None
    nodes = tuple(replace(node, hash=HOSTILE, sums={HOSTILE: HOSTILE}) for node in picture.nodes[:4])
    tree = samples.tree_verdict().leaf_sizes
    assert tree is not None
    verdict = replace(
        made,
        format=HOSTILE,
        exchange=HOSTILE,
        claims=(Claim("leaf", (check,)),),
        inputs=(InputRecord(HOSTILE, HOSTILE, 1),),
        snapshot=replace(made.snapshot, id=HOSTILE, time=HOSTILE),
        root=HOSTILE,
        balances={HOSTILE: HOSTILE},
        total={HOSTILE: HOSTILE},
        warnings=(said,),
        notes=(said,),
        picture=replace(picture, nodes=nodes, assets=(HOSTILE,)),
        leaf_sizes=replace(tree, counts={HOSTILE: tree.counts["BTC"]}, own={}, zeros={HOSTILE: 3}),
    )
    settings = replace(samples.settings(), roots=(HOSTILE,), pins=(HOSTILE,), user=(HOSTILE,))
    return Report(verdict=verdict, settings=settings, program=HOSTILE, created=HOSTILE)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("language", ["en", "de"])
def test_hostile_labels_stay_text(language: str) -> None:
    written = _html(_hostile(), language)
    parser = _Tags()
    parser.feed(written)
    assert not parser.tags & {"script", "img", "iframe", "object", "link", "form", "a", "base"}
    assert not {name for name in parser.attributes if name.startswith("on")}
    assert not {"src", "href", "style"} & parser.attributes
    for hidden in "\u202e\u2066\u200b\x1b":
        assert hidden not in written
        assert hidden not in _text(_hostile(), language)
    assert "\\u{202E}" in written


def test_the_page_is_self_contained_and_forbids_everything_else() -> None:
    written = _html(samples.report())
    assert f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">' in written
    assert POLICY == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert not re.search(r"https?://|url\(|@import|<script", written)


def test_the_reference_stands_on_top_at_the_end_and_on_every_printed_page() -> None:
    reference = report_json(samples.report())["reference"]
    written = _html(samples.report())
    assert written.partition("</header>")[0].count(reference) == 1
    assert f'<footer class="paper">Reference {reference}</footer>' in written
    assert _text(samples.report()).count(reference) == 2


def test_every_check_and_every_limit_is_in_both() -> None:
    report = samples.report(failing=11)
    page, text = html.unescape(_html(report)), _text(report)
    for claim in report.verdict.claims:
        for check in claim.checks:
            assert check.id in page
            assert f" {check.id}: " in text
    assert "cannot exclude it" in page
    assert "2018/1139" in text


def test_failed_claims_come_first() -> None:
    text = _text(samples.report(failing=11))
    assert text.index("Total: failed") < text.index("Leaf: verified") < text.index("Root: verified")


@pytest.mark.parametrize("kind", ["html", "text"])
def test_a_flipped_byte_anywhere_breaks_the_seal(kind: str) -> None:
    data = (_html if kind == "html" else _text)(samples.report()).encode()
    holds = html_seal_holds if kind == "html" else text_seal_holds
    assert holds(data)
    for at in [*range(0, len(data), 97), len(data) - 2, len(data) - 1]:
        assert not holds(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]), at
    assert not holds(data + b" ")
    assert not holds(data[:-1])


def test_the_data_comes_out_as_it_went_in() -> None:
    hostile = _hostile()
    document = report_json(hostile)
    made = sheet(hostile, document["reference"], "en")
    from reserves_gui.report import canonical

    assert html_data(html_report(made, document)) == canonical.readable_json(document).encode()
    assert text_data(text_report(made, document), 10**6) == canonical.canonical_bytes(document)
    assert text_data(text_report(made, document), 100) is None


def test_text_survives_the_line_ends_of_a_mail_program() -> None:
    assert text_seal_holds(_text(samples.report()).replace("\n", "\r\n").encode())


def test_a_look_alike_asset_is_shown_with_its_code_points() -> None:
    report = samples.report()
    report = replace(report, verdict=replace(report.verdict, balances={"USDТ": "1"}))
    assert "USDТ [U+0422]" in _html(report)


def test_the_svg_shows_what_the_layout_places() -> None:
    verdict = samples.verdict(root_known=False, failing=11)
    assert verdict.picture is not None
    layout = layout_path(verdict.picture)
    written = _html(samples.report(root_known=False, failing=11))
    svg = written[written.index('<svg class="path"') :]
    svg = svg[: svg.index("</section>")]
    assert svg.count('<rect class="box ') == len(layout.boxes)
    assert svg.count('class="box box-failed"') == 1
    assert svg.count('class="box box-undecided"') == 1
    assert "3 more levels, all recomputed" in svg


def test_no_rendering_names_a_place_on_this_machine(tmp_path: Path) -> None:
    assert str(tmp_path.parent) not in _html(samples.report())

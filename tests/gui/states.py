"""Every page and every dialog, brought on screen one after the other for the tests that walk all of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reserves_gui.gui.app import Program
from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.choose_format import ChooseFormat
from reserves_gui.gui.dialogs.crash import CrashDialog
from reserves_gui.gui.dialogs.database import DatabaseDialog
from reserves_gui.gui.dialogs.fill import FillDialog
from reserves_gui.gui.dialogs.form import FormDialog
from reserves_gui.gui.dialogs.guides import GuideDialog
from reserves_gui.gui.dialogs.host_question import HostQuestion
from reserves_gui.gui.dialogs.hosts import HostsDialog
from reserves_gui.gui.dialogs.journal import JournalDialog
from reserves_gui.gui.dialogs.keep import KeepDialog
from reserves_gui.gui.dialogs.log import LogDialog
from reserves_gui.gui.dialogs.notice import Notice
from reserves_gui.gui.dialogs.own_values import OwnValuesDialog
from reserves_gui.gui.dialogs.paste import PasteDialog
from reserves_gui.gui.dialogs.proxy import ProxyDialog
from reserves_gui.gui.dialogs.receipts import ReceiptsDialog
from reserves_gui.gui.dialogs.root_log import RootLogDialog
from reserves_gui.gui.dialogs.save_report import Source, source_of, write
from reserves_gui.gui.dialogs.settings import SettingsDialog
from reserves_gui.gui.dialogs.signed_text import SignedTextDialog
from reserves_gui.gui.dialogs.signing import KeyDialog, PassphraseDialog, ReplaceKeyDialog
from reserves_gui.gui.dialogs.sources import SourcesDialog
from reserves_gui.gui.dialogs.thresholds import ThresholdsDialog
from reserves_gui.gui.dialogs.time_stamp import TimeStampDialog
from reserves_gui.gui.dialogs.watching import ClosingDialog
from reserves_gui.gui.glyphs import Glyph
from reserves_gui.gui.session import Page, Result
from reserves_gui.gui.settings import RememberedReport
from reserves_gui.messages import say
from reserves_gui.progress import Progress, silent
from reserves_gui.services.examples import example
from reserves_gui.services.formats import formats
from reserves_gui.services.journal import add_entry
from reserves_gui.services.keeping import open_store, root_log
from reserves_gui.services.report_view import Disclosure
from reserves_gui.services.signing import make_report_key, report_key
from reserves_gui.services.verify import VerifyRequest, verify
from reserves_gui.services.watch import WatchRequest, watch_round
from reserves_gui.trust.root_log import LogEntry
from reserves_gui.verdict import Verdict
from tests.history import year
from tests.report import samples

EXAMPLES = ("verified", "forged", "tampered", "many-coins", "whole-tree")


def show_example(program: Program, qtbot: QtBot, name: str) -> None:
    """Open a bundled example and wait for its verdict and all its cards."""
    found = example(name, program.window.context.words.language)
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        program.session.run(found.request(), example=found.title, about=found.text)
    window = program.window
    page = window.liabilities if window.current_page is Page.LIABILITIES else window.balance
    qtbot.waitUntil(lambda: page.result.turns.idle, timeout=10_000)


def pages(program: Program, qtbot: QtBot, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """The window in all its states, named."""
    window = program.window
    window.start_again()
    qtbot.waitUntil(lambda: window.balance.start.is_filled, timeout=20_000)
    for page in Page:
        window.go_to(page)
        qtbot.wait(20)
        yield page.value, window
    window.balance.show_running("a-rather-long-name-of-a-file-as-exchanges-give-them-2026-10-31.json")
    window.go_to(Page.BALANCE)
    yield "running", window
    for name in EXAMPLES:
        show_example(program, qtbot, name)
        for line in (*window.balance.result.claims.lines, *window.liabilities.result.claims.lines):
            line.header.setChecked(True)
        qtbot.wait(30)
        yield name, window
    show_wallets(program, qtbot, folder)
    yield "wallets checked", window
    show_over_time(program, qtbot, folder)
    yield "over time filled", window
    saved_reports(program, qtbot, folder)
    yield "reports", window


def show_wallets(program: Program, qtbot: QtBot, folder: Path) -> None:
    """A wallet list with failed rows, looked up in two recorded files that differ, with a banner above.

    Held against the whole tree of the example before it, at two prices that lie apart.
    """
    window = program.window
    show_example(program, qtbot, "whole-tree")
    owed = program.session.results[Page.LIABILITIES]
    dated = replace(owed.verdict, snapshot=replace(owed.verdict.snapshot, time="2026-10-31T00:00:00Z"))
    program.session.results[Page.LIABILITIES] = replace(owed, verdict=dated)
    good, other = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    path = folder / "wallets-with-a-rather-long-name-2026-10.csv"
    rows = [f"bitcoin,BTC,{good},4123.12345678", f"bitcoin,BTC,{other},1", f"bitcoin,BTC,{good[:-1]}3,2"]
    rows += [f"ethereum,USDT,0x{number:040x},318440090.123456" for number in range(1, 12)]
    path.write_text("\n".join(["chain,asset,address,amount", *rows, ""]), encoding="utf-8")
    sources = []
    for name, amount in (("first-source.csv", "4123.12345678"), ("second-source.csv", "4122")):
        recorded = folder / name
        lines = (f"bitcoin,{good},900,BTC,{amount}", f"bitcoin,{other},900,BTC,1")
        recorded.write_text("\n".join(["chain,address,height,asset,amount", *lines, ""]), encoding="utf-8")
        sources.append(f"file:{recorded}")
    with qtbot.waitSignal(program.session.arrived, timeout=30_000):
        window.check((str(path),))
    panel = window.wallets.result
    qtbot.waitUntil(lambda: panel.list.table.wallets.rowCount() > 0, timeout=10_000)
    program.settings.sources = tuple(sources)
    with qtbot.waitSignals([panel.look_up.seen, panel.covering.covered], timeout=20_000):
        panel.look.click()
    told = []
    for name, price in (("prices-as-somebody-keeps-them.csv", "60000.123456"), ("others.csv", "62000")):
        (folder / name).write_text(f"asset,time,price\nBTC,1793404800,{price}\n", encoding="utf-8")
        told.append(f"file:{folder / name}")
    program.settings.price_sources = tuple(told)
    with qtbot.waitSignals([panel.prices.got, panel.covering.covered], timeout=20_000):
        panel.usd.ask.click()
    panel.look_up.offline.emit("blocks.example:443, node.example:50002")
    qtbot.wait(50)


def show_over_time(program: Program, qtbot: QtBot, folder: Path) -> None:
    """A year with a run that raised alerts, a changed list, a dressed-up snapshot, and a headline that was checked."""
    with open_store(None) as store:
        year.fill(store, days=year.RUN - 1)
    for day in range(year.RUN - 1, year.RUN + 4):
        request = WatchRequest(exchange=year.EXCHANGE, sources=tuple(year.recorded(day, folder)))
        watch_round(request, Progress(), clock=lambda now=day: year.at(now) + 60)
    with open_store(None) as store:
        fewer = year.wallets(year.at(year.RUN + 2) + 3600)
        store.add_list(replace(fewer, wallets=fewer.wallets[:2]))
    page = program.window.over_time
    program.window.show_kept(year.EXCHANGE)
    qtbot.waitUntil(lambda: page.view.chart is not None, timeout=20_000)
    for name, text in {"amount": "700000", "start": "2025-11-20", "end": "2025-11-29"}.items():
        page.headline.fields[name].setText(text)
    page.headline.check()
    qtbot.waitUntil(page.headline.answer.isVisible, timeout=20_000)
    qtbot.wait(200)


def saved_reports(program: Program, qtbot: QtBot, folder: Path) -> None:
    """A list of reports: one checked again, one missing."""
    window = program.window
    show_example(program, qtbot, "verified")
    sample = example("verified")
    made = source_of(program.session.results[Page.BALANCE], Disclosure.FULL)
    target = folder / "a report with a long name, as people give them.json"
    source = Source(made.make, made.request, (*sample.files, *sample.published))
    write(window.context, source, target, window)
    qtbot.waitUntil(lambda: program.jobs.running is None and target.exists(), timeout=30_000)
    program.settings.add_report(RememberedReport(str(folder / "gone.html")))
    window.go_to(Page.REPORTS)
    window.reports.show_file(str(target), source.evidence)
    qtbot.waitUntil(lambda: str(target) in window.reports.checks, timeout=30_000)
    qtbot.wait(50)


def _filled_journal() -> Verdict:
    """A journal with long and many entries; the verdict of a file to compare them with."""
    found = example("verified")
    verdict = verify(found.request(), silent())
    for number in range(12):
        time, amount = f"2026-{number % 12 + 1:02d}-28T23:59:59Z", f"1234567890.{number:018d}"
        add_entry(asset=f"ASSET{number}", amount=amount, time=time, exchange=f"{verdict.exchange} of a long name")
    return verdict


def _compared_log(context: Context, window: QWidget) -> RootLogDialog:
    """A log with entries, and a long answer below it."""
    log = root_log()
    for number in range(6):
        log.append(
            LogEntry(
                exchange="An exchange of a rather long name",
                snapshot=f"snapshot-of-a-long-name-{number}",
                format="some-merkle",
                root=f"{number:064x}",
                totals=None,
                source="reserves.local/0123456789abcdef, 2026-10-31T00:00:00Z: --published",
                file_sha256=None,
                seen_at="2026-12-28T23:59:59Z",
            )
        )
    dialog = RootLogDialog(context, window)
    words = context.words
    said = (words("log.relation.theirs_forked"), words("log.signed.stated"), *(["0123456789…"] * 12))
    dialog.tell(Glyph.FAILED, words("window.log_of_roots.state.failed"), said)
    return dialog


def _known_key(context: Context, window: QWidget) -> KeyDialog:
    dialog = KeyDialog(context, window)
    dialog.show_key(report_key() or make_report_key())
    return dialog


def _tested_proxy(context: Context, window: QWidget) -> ProxyDialog:
    """Another proxy of a long name, with what a test of it says."""
    dialog = ProxyDialog(context, window)
    dialog.options["other"].setChecked(True)
    dialog.url.setText("socks5h://a-rather-long-name-of-a-proxy.example:65535")
    said = say("proxy.answer.ready_password", host="a-rather-long-name-of-a-proxy.example:65535")
    dialog.banner.tell("neutral", context.words.render(said))
    return dialog


def _tested_database(context: Context, window: QWidget) -> DatabaseDialog:
    """A database on another computer that is not to be contacted while the window is offline."""
    dialog = DatabaseDialog(context, window)
    dialog.options["server"].setChecked(True)
    words, host = context.words, "a-rather-long-name-of-a-host.example:5432"
    dialog.banner.tell("partial", words("window.tested.online", host=host), words("window.tested.go_online"))
    return dialog


def dialogs(program: Program) -> Iterator[tuple[str, Callable[[], QWidget]]]:
    """Every dialog, made when it is asked for."""
    window = program.window
    context = window.context
    words = context.words
    nothing = lambda: None  # noqa: E731 - a button that leads nowhere here
    yield "settings", lambda: SettingsDialog(context, window, about=nothing, log=nothing, key=nothing)
    yield "guides", lambda: GuideDialog(context, "", window)
    yield "hosts", lambda: HostsDialog(context, window)
    yield (
        "host question",
        lambda: HostQuestion(
            context,
            "a-rather-long-name-of-a-host.example:50002",
            words("window.host.learns", count=4186),
            window,
            proxy="socks5h://a-rather-long-name-of-a-user@a-rather-long-name-of-a-proxy.example:65535",
        ),
    )
    yield (
        "host question prices",
        lambda: HostQuestion(
            context,
            "prices.example:443",
            words("window.host.learns_prices"),
            window,
            words("window.host.learns_not_prices"),
        ),
    )
    yield "sources", lambda: SourcesDialog(context, window)
    yield "proxy", lambda: ProxyDialog(context, window)
    yield "proxy, tested", lambda: _tested_proxy(context, window)
    yield "database", lambda: DatabaseDialog(context, window)
    yield "database, tested", lambda: _tested_database(context, window)
    yield "thresholds", lambda: ThresholdsDialog(context, window)
    yield "fill", lambda: FillDialog(context, "Northsea", window)
    yield "closing while watching", lambda: ClosingDialog(context, "Northsea", window, nothing)
    open_result = Result(request=VerifyRequest(), verdict=samples.verdict(), format=None)
    yield "keep", lambda: KeepDialog(context, open_result, window)
    yield "log", lambda: LogDialog(context, context.log, window)
    yield "journal", lambda: JournalDialog(context, window)
    yield "journal of a result", lambda: JournalDialog(context, window, verdict=_filled_journal())
    yield "root log", lambda: RootLogDialog(context, window)
    yield "root log compared", lambda: _compared_log(context, window)
    yield "key", lambda: KeyDialog(context, window)
    yield "time stamp", lambda: TimeStampDialog(context, "/folder/a report of a long name.json", window)
    yield "key that was made", lambda: _known_key(context, window)
    yield "replace key", lambda: ReplaceKeyDialog(context, window)
    yield "passphrase", lambda: PassphraseDialog(context, window)
    yield "paste", lambda: PasteDialog(context, "", window)
    yield "signed text", lambda: SignedTextDialog(context, "", window)
    yield "receipts", lambda: ReceiptsDialog(context, example("forged").files, window)
    yield (
        "notice",
        lambda: Notice(context, words("window.notice.title"), [words("receipt.privacy")], window, place="/a"),
    )
    yield "choose", lambda: ChooseFormat(context, "first-merkle, second-merkle", window)
    yield "crash", lambda: CrashDialog(words, "Reserves\nValueError: ***")
    known = formats()
    for fields in sorted({info.user_fields for info in known if info.user_fields}):
        yield f"own values {fields}", lambda fields=fields: OwnValuesDialog(context, fields, window)
    for info in known:
        if info.form:
            yield f"form {info.id}", lambda info=info: FormDialog(context, info, window)
    from reserves_gui.gui.dialogs.about import AboutDialog

    yield "about", lambda: AboutDialog(context, window)
    from reserves_gui.gui.dialogs.explained import ExplainedDialog

    yield "explained", lambda: ExplainedDialog(context, "total", window)


def answer_host(act: Callable[[HostQuestion], None], asked: list[str]) -> None:
    """Answer the next question about a host with ``act``; its name is added to ``asked``."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, HostQuestion):
            asked.append(dialog.host)
            act(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)

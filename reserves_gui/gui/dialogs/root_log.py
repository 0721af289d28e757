"""The root log: its head and entries, handed on, held against a friend's, and proofs of single entries."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from reserves_gui.gui.context import Context
from reserves_gui.gui.dialogs.fetching import FetchingDialog
from reserves_gui.gui.dialogs.signing import ask_passphrase
from reserves_gui.gui.glyphs import Glyph, of_state
from reserves_gui.gui.icons import Icon
from reserves_gui.gui.models.rows import RowsModel
from reserves_gui.gui.theme import Role
from reserves_gui.gui.widgets.buttons import Button, IconButton, StateLabel, row
from reserves_gui.gui.widgets.plain_table import PlainTable
from reserves_gui.gui.widgets.scroll import Scroll
from reserves_gui.gui.widgets.text import Prose, Value, label
from reserves_gui.gui.words import shorten
from reserves_gui.messages import Message, visible
from reserves_gui.verdict import State

if TYPE_CHECKING:
    from reserves_gui.services.history_book import LogHead
    from reserves_gui.services.log_comparing import LogComparison
    from reserves_gui.services.root_logs import ProofCheck

_COLUMNS = ("seen", "exchange", "snapshot", "root", "source")
_SHARES = {0: 28, 1: 16, 2: 18, 3: 18, 4: 20}
_CONFLICTS_SHOWN = 50
Numbered = tuple[int, Mapping[str, Any]]


class RootLogDialog(FetchingDialog):
    """Head and entries above, what was done last below."""

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        words, theme = context.words, context.theme
        super().__init__(
            context, words("window.log_of_roots.title"), words("window.log_of_roots.sentence"), parent, width=720
        )
        self.head: LogHead | None = None
        self.length = Value("", Role.BODY, shown="–")
        self.root = Value("", Role.MONO_SMALL)
        self.origin = Value("", Role.MONO_SMALL)
        self.copy = IconButton(theme, Icon.COPY, words("window.log_of_roots.copy"), self._copy, small=True)
        facts = QGridLayout()
        facts.setHorizontalSpacing(16)
        facts.setVerticalSpacing(2)
        facts.setColumnStretch(1, 1)
        names = ("size", "root", "origin")
        for at, (name, value) in enumerate(zip(names, (self.length, self.root, self.origin), strict=True)):
            facts.addWidget(label(words(f"window.log_of_roots.{name}"), Role.SMALL, "text3"), at, 0)
            facts.addWidget(value, at, 1)
        facts.addWidget(self.copy, 0, 2, 3, 1)
        self.body.addLayout(facts)
        self.entries: RowsModel[Numbered] = RowsModel(
            [words(f"window.log_of_roots.column.{name}") for name in _COLUMNS], self._cells, self
        )
        self.table = PlainTable(self.entries, words("window.log_of_roots.entries"), words("window.columns"), _SHARES)
        self.table.setMinimumHeight(132)
        self.body.addWidget(self.table, 1)
        self.export = Button(theme, words("window.log_of_roots.export"), self._ask_export)
        self.prove = Button(theme, words("window.log_of_roots.prove"), self._ask_prove)
        self.body.addLayout(row(self.export, self.prove, None))
        self.known = QLineEdit()
        self.known.setAccessibleName(words("window.log_of_roots.known"))
        self.known.setPlaceholderText(words("window.log_of_roots.known"))
        self.extends = Button(theme, words("window.log_of_roots.extends"), self._look_back)
        self.compare = Button(theme, words("window.log_of_roots.compare"), self._ask_compare)
        self.bring = Button(theme, words("window.log_of_roots.import"), self._ask_import)
        self.check = Button(theme, words("window.log_of_roots.check"), self._ask_check)
        self.body.addLayout(row(self.compare, self.bring, self.check, None))
        line = row(self.known, self.extends)
        line.setStretch(0, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.problem)
        self.found = Scroll(0)
        self.found.setFixedHeight(116)
        self.found.column.setSpacing(4)
        self._told = QVBoxLayout()
        self._told.setSpacing(4)
        self.found.column.addLayout(self._told)
        self.found.column.addStretch(1)
        self.found.hide()
        self.body.addWidget(self.found)
        self.add_closing()
        self.enter_clicks(self.extends, self.known)
        self.table.moved.connect(lambda _row: self.offer())
        self._load()

    def _cells(self, one: Numbered) -> tuple[str, ...]:
        entry = one[1]
        return (
            self.context.words.row_time(str(entry["seen_at"])),
            visible(str(entry["exchange"])),
            visible(str(entry["snapshot"] or "–")),
            visible(str(entry["root"])),
            visible(str(entry["source"])),
        )

    # What there is

    def _load(self) -> None:
        def work() -> object:
            from reserves_gui.services.history_book import log_head

            return log_head()

        self.fetch(work, self._loaded)

    def _loaded(self, found: object) -> None:
        from reserves_gui.services.history_book import LogHead

        assert isinstance(found, LogHead)
        self.head = found
        origin, size, root = found.checkpoint.split("\n")[:3]
        self.length.set_value(size, self.context.words.count(int(size)))
        self.root.set_value(root)
        self.origin.set_value(origin, visible(origin))
        self.entries.show(tuple(reversed(tuple(enumerate(found.entries)))))
        if not found.entries:
            self.tell(Glyph.NOT_CHECKED, self.context.words("window.log_of_roots.empty"), ())

    def offer(self) -> None:
        """Enable what can be done now."""
        there = self.head is not None and self.head.size > 0
        self.copy.setEnabled(there)
        for button in (self.export, self.extends):
            button.setEnabled(self.idle and there)
        for button in (self.compare, self.bring, self.check):
            button.setEnabled(self.idle)
        self.prove.setEnabled(self.idle and there and self.table.current_row >= 0)

    def tell(self, glyph: Glyph, word: str, sentences: tuple[str, ...]) -> None:
        """Show what was found or done last."""
        while self._told.count():
            item = self._told.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._told.addWidget(StateLabel(self.context.theme, glyph, word))
        for sentence in sentences:
            self._told.addWidget(Prose(sentence, Role.BODY, "text").selectable())
        self.found.show()
        self.grow()

    def _tell_state(self, state: State, sentences: list[str]) -> None:
        # That nothing contradicts anything proves nothing: no tick for it.
        glyph = Glyph.NOT_CHECKED if state is State.VERIFIED else of_state(state)
        self.tell(glyph, self.context.words(f"window.log_of_roots.state.{state.value}"), tuple(sentences))

    # Handing on

    def _copy(self) -> None:
        if self.head is not None:
            QGuiApplication.clipboard().setText(self.head.checkpoint)

    def _ask_export(self) -> None:
        title = self.context.words("window.log_of_roots.export")
        chosen, _kind = QFileDialog.getSaveFileName(self, title, "reserves-root-log.json", "JSON (*.json)")
        if chosen:
            self._signed(lambda passphrase: self.write_log(Path(chosen), passphrase))

    def write_log(self, target: Path, passphrase: str | None = None) -> None:
        """Write the whole log for somebody else, its head signed where there is a report key."""

        def work() -> object:
            from reserves_gui.services.root_logs import export_log
            from reserves_gui.services.signing import signer_if_any

            return Message("log.done.exported", {"entries": export_log(target, signer_if_any(passphrase))})

        self.fetch(work, lambda done: self._done(done, target))

    def _ask_prove(self) -> None:
        title = self.context.words("window.log_of_roots.prove")
        chosen, _kind = QFileDialog.getSaveFileName(self, title, "reserves-root-proof.json", "JSON (*.json)")
        if chosen:
            self._signed(lambda passphrase: self.write_proof(Path(chosen), passphrase))

    def write_proof(self, target: Path, passphrase: str | None = None) -> None:
        """Write the selected entry with the proof that it is in the log."""
        index = self.entries.row(self.table.current_row)[0]

        def work() -> object:
            from reserves_gui.services.root_logs import prove_entry
            from reserves_gui.services.signing import signer_if_any

            prove_entry(index, target, signer_if_any(passphrase))
            return Message("log.done.proven", {"index": index})

        self.fetch(work, lambda done: self._done(done, target))

    def _signed(self, then: Callable[[str | None], None]) -> None:
        ask_passphrase(self.context, self, then)

    def _done(self, done: object, target: Path) -> None:
        assert isinstance(done, Message)
        words = self.context.words
        sentence = words.render(Message(done.key, {**done.args, "path": target.name}))
        self.tell(Glyph.NOT_CHECKED, words("window.log_of_roots.written"), (sentence,))

    # Comparing

    def _chosen(self) -> tuple[str, ...]:
        return self.context.choose_files(self.context.words("window.log_of_roots.choose"))

    def _ask_compare(self) -> None:
        paths = self._chosen()
        if paths:
            self.hold_against(paths)

    def hold_against(self, paths: Sequence[str]) -> None:
        """Compare the log with an exported one; a public key beside it must have signed it."""

        def work() -> object:
            from reserves_gui.services.log_comparing import compare_log

            return compare_log(*_file_and_key(paths))

        self.fetch(work, lambda found: self._compared(found, None))

    def _ask_import(self) -> None:
        paths = self._chosen()
        if paths:
            self.take_over(paths)

    def take_over(self, paths: Sequence[str]) -> None:
        """Compare, and take over what the friend saw; a public key beside it must have signed it."""

        def work() -> object:
            from reserves_gui.services.log_comparing import import_log

            path, key = _file_and_key(paths)
            return import_log(path, now=int(time.time()), key=key)

        def done(found: object) -> None:
            assert isinstance(found, tuple)
            self._compared(found[0], found[1])
            self._load()

        self.fetch(work, done)

    def _compared(self, found: object, added: int | None) -> None:
        compared: LogComparison = found  # type: ignore[assignment]
        words = self.context.words
        said = [words(f"log.relation.{compared.relation.value}"), words.render(compared.signature.reason)]
        said += [words.render(one) for one in compared.notes]
        said.append(words("log.shared", count=compared.shared, conflicts=len(compared.conflicts)))
        for one in compared.conflicts[:_CONFLICTS_SHOWN]:
            said.append(words("log.conflict", exchange=one.exchange, snapshot=one.snapshot, format=one.format))
            said.append(f"– {shorten(one.ours)} ({visible(one.ours_source)}, {words.row_time(one.ours_seen)})")
            said.append(f"– {shorten(one.theirs)} ({visible(one.theirs_source)}, {words.row_time(one.theirs_seen)})")
        if added is not None:
            said.append(words("log.added", count=added))
        self._tell_state(compared.state, said)

    def _look_back(self) -> None:
        given = self.known.text().strip()

        def work() -> object:
            from reserves_gui.services.history_book import log_head

            return log_head(given)

        self.fetch(work, self._looked_back)

    def _looked_back(self, found: object) -> None:
        from reserves_gui.services.history_book import LogHead

        assert isinstance(found, LogHead)
        words = self.context.words
        if found.extends:
            self._tell_state(State.VERIFIED, [words("window.log_of_roots.is_part", count=len(found.proof))])
        else:
            self._tell_state(State.FAILED, [words("history.log_forked")])

    def _ask_check(self) -> None:
        paths = self._chosen()
        if paths:
            self.check_file(paths)

    def check_file(self, paths: Sequence[str]) -> None:
        """Check the proof of an entry, against the head in the field and the public key beside it, where there are."""
        given = self.known.text().strip() or None

        def work() -> object:
            from reserves_gui.services.root_logs import check_proof

            path, key = _file_and_key(paths)
            return check_proof(path, given, key)

        self.fetch(work, self._checked)

    def _checked(self, found: object) -> None:
        checked: ProofCheck = found  # type: ignore[assignment]
        words = self.context.words
        said = [words(f"log.check.{checked.state.value}"), words.render(checked.signature.reason)]
        if checked.proven is not None:
            entry = checked.proven.entry
            said += [f"{visible(name)}: {visible(str(value))}" for name, value in entry.items() if value is not None]
            said.append(" ".join(visible(part) for part in checked.proven.handed.note.split()[:3]))
        self.tell(of_state(checked.state), words.state(checked.state), tuple(said))


def _file_and_key(paths: Sequence[str]) -> tuple[Path, str | None]:
    from reserves_gui.services.signing import one_file_and_key

    return one_file_and_key(paths)

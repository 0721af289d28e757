"""What the window remembers, in one file of the data folder: theme, language, files, proxy, store, size and place."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from reserves_gui import limits
from reserves_gui.gui.theme import ThemeChoice
from reserves_gui.plain_json import load_plain

RECENT_KEPT = 12
"""As many recent files as a menu shows without scrolling at the smallest window."""


REPORTS_KEPT = 500
_COUNT = re.compile(r"[0-9]{1,7}", re.ASCII)


@dataclass(frozen=True, slots=True)
class RememberedReport:
    """Where a report lies, and the paths of the files it was made from. Nothing of what is in them."""

    path: str
    evidence: tuple[str, ...] = ()


class Settings:
    """Typed access to the settings file. Only paths of recent files are kept, and only if the user lets it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeChoice:
        """The chosen theme; what a damaged file says counts as the system's."""
        text = str(self._file.value("theme", ""))
        return ThemeChoice(text) if text in set(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._file.setValue("theme", choice.value)

    @property
    def language(self) -> str:
        """The chosen language, empty for the system's."""
        return str(self._file.value("language", "") or "")

    @language.setter
    def language(self, language: str) -> None:
        self._file.setValue("language", language)

    @property
    def keeps_recent(self) -> bool:
        """Whether paths of opened files are remembered."""
        return str(self._file.value("recent/keep", "yes")) == "yes"

    @keeps_recent.setter
    def keeps_recent(self, keep: bool) -> None:
        self._file.setValue("recent/keep", "yes" if keep else "no")
        if not keep:
            self.forget_recent()

    @property
    def recent(self) -> tuple[str, ...]:
        """Paths of the files opened last, newest first."""
        return self._texts("recent/files")

    def add_recent(self, paths: tuple[str, ...]) -> None:
        """Remember ``paths`` as the newest, if the user lets it."""
        if self.keeps_recent:
            kept = [str(Path(path).absolute()) for path in paths]
            kept += [path for path in self.recent if path not in kept]
            self._file.setValue("recent/files", kept[:RECENT_KEPT])

    def forget_recent(self) -> None:
        """Forget all recent files."""
        self._file.remove("recent/files")

    @property
    def sources(self) -> tuple[str, ...]:
        """Where balances are looked up, as the user wrote it. Passwords are never among them."""
        return self._texts("sources/urls")

    @sources.setter
    def sources(self, sources: tuple[str, ...]) -> None:
        self._file.setValue("sources/urls", list(sources))

    @property
    def calendar(self) -> str:
        """The calendar server asked last for a time stamp, empty before the first."""
        return str(self._file.value("sources/calendar", "") or "")

    @calendar.setter
    def calendar(self, url: str) -> None:
        self._file.setValue("sources/calendar", url)

    @property
    def price_sources(self) -> tuple[str, ...]:
        """Where prices for sums over assets are asked, as the user wrote it; the first one counts most."""
        return self._texts("sources/prices")

    @price_sources.setter
    def price_sources(self, sources: tuple[str, ...]) -> None:
        self._file.setValue("sources/prices", list(sources))

    @property
    def proxy(self) -> str:
        """The URL of the proxy all hosts are asked through, empty for none. A password is never in it."""
        return str(self._file.value("ways/proxy", "") or "")

    @proxy.setter
    def proxy(self, url: str) -> None:
        self._file.setValue("ways/proxy", url)

    @property
    def database(self) -> str:
        """The URL of the store, empty for the usual one. A password is never in it."""
        return str(self._file.value("ways/database", "") or "")

    @database.setter
    def database(self, url: str) -> None:
        self._file.setValue("ways/database", url)

    @property
    def thresholds(self) -> dict[str, str]:
        """Changed thresholds of alerts by name, as typed."""
        pairs = (text.partition("=") for text in self._texts("alerts/thresholds"))
        return {name: value for name, _, value in pairs if name and value}

    @thresholds.setter
    def thresholds(self, values: dict[str, str]) -> None:
        self._file.setValue("alerts/thresholds", [f"{name}={value}" for name, value in values.items()])

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts (``host:port``) the user lets be asked without another question."""
        return self._texts("sources/allowed")

    def allow_host(self, host: str) -> None:
        """Remember that ``host`` may be asked."""
        self._file.setValue("sources/allowed", [*(one for one in self.allowed_hosts if one != host), host])

    def forget_hosts(self) -> None:
        """Ask about every host again."""
        self._file.remove("sources/allowed")

    def _texts(self, key: str) -> tuple[str, ...]:
        found = self._file.value(key, [])
        listed = [found] if isinstance(found, str) else list(found) if isinstance(found, list) else []
        return tuple(str(text) for text in listed if text)

    @property
    def case_mebibytes(self) -> int:
        """Of larger evidence a case file keeps the hash only; what a damaged file says counts as the usual."""
        text = str(self._file.value("case_mebibytes", ""))
        return int(text) if _COUNT.fullmatch(text) else limits.CASE_EVIDENCE_BYTES // limits.MIB

    @case_mebibytes.setter
    def case_mebibytes(self, most: int) -> None:
        self._file.setValue("case_mebibytes", str(most))

    @property
    def signs_reports(self) -> bool:
        """Whether reports are signed with the user's own key when they are written."""
        return str(self._file.value("reports_signed", "no")) == "yes"

    @signs_reports.setter
    def signs_reports(self, sign: bool) -> None:
        self._file.setValue("reports_signed", "yes" if sign else "no")

    @property
    def reports(self) -> tuple[RememberedReport, ...]:
        """Reports saved or opened, newest first. What a damaged file says is passed over."""
        found = self._file.value("reports", [])
        listed = [found] if isinstance(found, str) else list(found) if isinstance(found, list) else []
        read = (_remembered(str(text)) for text in listed)
        return tuple(one for one in read if one is not None)

    def add_report(self, report: RememberedReport) -> None:
        """Remember ``report`` as the newest; what was remembered of its evidence stays where nothing new is given."""
        before = next((one for one in self.reports if one.path == report.path), None)
        if before is not None and not report.evidence:
            report = before
        kept = [report, *(one for one in self.reports if one.path != report.path)]
        self._write_reports(kept[:REPORTS_KEPT])

    def forget_report(self, path: str) -> None:
        """Forget a report. Its file stays where it is."""
        self._write_reports([one for one in self.reports if one.path != path])

    def _write_reports(self, reports: list[RememberedReport]) -> None:
        self._file.setValue(
            "reports", [json.dumps({"path": one.path, "evidence": list(one.evidence)}) for one in reports]
        )

    def geometry(self) -> QByteArray | None:
        """Size and place of the window as saved last."""
        found = self._file.value("geometry")
        return found if isinstance(found, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        """Remember size and place of the window."""
        self._file.setValue("geometry", geometry)

    def sync(self) -> None:
        """Write to disk now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._file.sync()


def _remembered(text: str) -> RememberedReport | None:
    try:
        found = load_plain(text)
    except ValueError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("path"), str):
        return None
    evidence = found.get("evidence")
    listed = evidence if isinstance(evidence, list) else []
    return RememberedReport(found["path"], tuple(path for path in listed if isinstance(path, str)))

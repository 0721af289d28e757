"""The built packages: installed, started, looked at, removed. Run by `dev.py package -- --check`, which builds them."""

import json
import os
import shutil
import signal
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reserves_gui import __version__
from reserves_gui.services.about import COMPONENTS
from reserves_gui.services.build import source_sha256
from reserves_gui.services.examples import FIRST, example, examples
from tests.conftest import REPOSITORY, shared_vectors
from tests.packaging.desktop import display, gone, photographed, process_of, window_named

pytestmark = pytest.mark.package
DIST = REPOSITORY / "dist"
PICTURES = REPOSITORY / "build" / "pictures"
EXITS = {"verified": 0, "failed": 1, "undecided": 3}


def _only(pattern: str) -> Path:
    found = sorted(DIST.glob(pattern))
    assert len(found) == 1, f"{pattern} in dist: {found}"
    return found[0]


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """The .deb on this machine, taken off again at the end."""
    if shutil.which("dpkg") is None or os.geteuid() != 0:
        pytest.skip("installing a .deb takes Debian and root")
    package = _only("reserves_*.deb")
    subprocess.run(["dpkg", "-i", str(package)], check=True, capture_output=True, timeout=300)
    yield Path("/usr/bin/reserves")
    subprocess.run(["dpkg", "-r", "reserves"], check=True, capture_output=True, timeout=300)
    assert not Path("/usr/lib/reserves").exists()
    assert not Path("/usr/bin/reserves").exists()
    assert not Path("/usr/share/applications/reserves.desktop").exists()


def _run(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "QT_"))}
    return subprocess.run(
        [str(program), *arguments], capture_output=True, text=True, timeout=120, check=False, cwd=cwd, env=kept
    )


def test_the_archive_runs_from_wherever_it_is_unpacked(tmp_path: Path) -> None:
    with tarfile.open(_only("reserves-*.tar.xz")) as archive:
        archive.extractall(tmp_path, filter="tar")
    program = tmp_path / f"reserves-{__version__}" / "reserves"
    assert _run(program, "--version", cwd=tmp_path).stdout == f"reserves {__version__}\n"
    shown = example(FIRST)
    done = _run(program, "verify", "--json", *shown.files, "--published", *shown.published, cwd=tmp_path)
    assert json.loads(done.stdout)["verdict"] == shown.expect.value


@pytest.mark.parametrize("one", examples(), ids=lambda one: one.id)
def test_every_example_ends_as_it_says(installed: Path, one, tmp_path: Path) -> None:
    published = [part for path in one.published for part in ("--published", path)]
    own = [part for name, value in one.user.items() for part in ("--user", f"{name}={value}")]
    done = _run(installed, "verify", "--json", *one.files, *published, *own, cwd=tmp_path)
    assert done.returncode == EXITS[one.expect.value], done.stderr


def test_every_family_of_formats_came_along(installed: Path, tmp_path: Path) -> None:
    """The first case of every kind of result of every format: a module left out of the bundle shows here."""
    folder = shared_vectors()
    if folder is None:
        pytest.skip("no shared vectors beside the repository; set RESERVES_VECTORS")
    wrong = []
    for manifest in sorted(folder.glob("*/manifest.json")):
        tried: set[tuple[str, int]] = set()
        for case in json.loads(manifest.read_text(encoding="utf-8")):
            command, wanted = case.get("command", "verify"), case["expect"].get("exit")
            if command not in {"verify", "wallets"} or wanted not in {0, 1} or (command, wanted) in tried:
                continue
            tried.add((command, wanted))
            words = [command, *case["files"], *(word for word in case.get("args", []) if word != "--json"), "--json"]
            done = _run(installed, *words, cwd=manifest.parent)
            known = json.loads(done.stdout.splitlines()[-1]).get("error", {}).get("code") if done.stdout else None
            if done.returncode != wanted and known != "format.unrecognised":
                wrong.append(
                    (manifest.parent.name, case["id"], done.returncode, done.stdout[-300:], done.stderr[-300:])
                )
    assert wrong == []


def test_worker_processes_and_the_pdf_are_started_from_the_bundle(installed: Path, tmp_path: Path) -> None:
    listed = REPOSITORY / "reserves_gui" / "resources" / "examples" / "wallets" / "exchange-wallets.csv"
    assert _run(installed, "wallets", "--jobs", "2", str(listed), cwd=tmp_path).returncode == 0
    shown = example(FIRST)
    done = _run(installed, "report", *shown.files, "--out", "report.pdf", cwd=tmp_path)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF"), done.stderr


def test_the_store_migrates_with_the_scripts_in_the_bundle(installed: Path, tmp_path: Path) -> None:
    asked = ("--exchange", "Northsea", "--asset", "BTC", "--amount", "1", "--from", "2026-10-01", "--to", "2026-10-02")
    done = _run(installed, "headline", *asked, "--db", f"sqlite:///{tmp_path / 'store.db'}", "--json", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert (tmp_path / "store.db").exists()


def test_postgresql_came_along(installed: Path, tmp_path: Path) -> None:
    """Nobody answers at that port; without its driver the program would not know that there is such a database."""
    done = _run(installed, "history", "list", "--json", "--db", "postgresql://me@127.0.0.1:1/kept", cwd=tmp_path)
    assert json.loads(done.stdout)["error"]["code"] == "store.unusable"
    assert "OperationalError" in done.stderr


def test_the_programs_name_their_version_and_speak_german(installed: Path, tmp_path: Path) -> None:
    for program in (installed, installed.with_name("reserves-gui")):
        assert _run(program, "--version", cwd=tmp_path).stdout == f"reserves {__version__}\n"
    assert "lässt sich nicht öffnen" in _run(installed, "verify", "nowhere", "--language", "de", cwd=tmp_path).stderr


def test_planted_modules_in_the_working_folder_are_not_loaded(installed: Path, tmp_path: Path) -> None:
    for name in ("decimal.py", "json.py", "argparse.py", "pickle.py", "reserves_gui.py"):
        (tmp_path / name).write_text("raise SystemExit('planted')\n", encoding="utf-8")
    listed = REPOSITORY / "reserves_gui" / "resources" / "examples" / "wallets" / "exchange-wallets.csv"
    assert _run(installed, "wallets", "--jobs", "2", str(listed), cwd=tmp_path).returncode == 0


def test_the_bundle_names_the_sources_and_the_parts_it_was_made_from(installed: Path) -> None:
    home = Path("/usr/lib/reserves/lib")
    record = json.loads((home / "reserves_gui/resources/app/build.json").read_text(encoding="utf-8"))
    assert record == {"version": __version__, "source": source_sha256(REPOSITORY / "reserves_gui")}
    parts = json.loads((home / "reserves_gui/resources/app" / COMPONENTS).read_text(encoding="utf-8"))
    assert {"PySide6_Essentials", "mclbn256", "coincurve"} <= {part["name"] for part in parts["components"]}


def test_case_files_belong_to_the_program(installed: Path, tmp_path: Path) -> None:
    case = tmp_path / "mine.reserves"
    case.write_bytes(b"PK\5\6" + bytes(18))
    told = subprocess.run(
        ["gio", "info", "-a", "standard::content-type", str(case)],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert "application/x-reserves-case" in told.stdout
    opened = subprocess.run(
        ["gio", "mime", "application/x-reserves-case"], capture_output=True, text=True, timeout=20, check=True
    )
    assert "reserves.desktop" in opened.stdout


def test_the_desktop_entry_opens_a_file_in_the_window(installed: Path, tmp_path: Path) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = PICTURES / "installed.png"
    with display(tmp_path) as environment:
        entry = "/usr/share/applications/reserves.desktop"
        subprocess.run(["gio", "launch", entry, example(FIRST).files[0]], env=environment, timeout=30, check=True)
        window = window_named("^Reserves$", environment)
        process = process_of(window, environment)
        try:
            assert Path(f"/proc/{process}/exe").resolve() == Path("/usr/lib/reserves/reserves-gui")
            assert photographed(window, picture, environment) > 50
            # A second start hands its file over and ends.
            again = subprocess.run(
                ["/usr/bin/reserves-gui", example("tampered").files[0]], env=environment, timeout=30, check=False
            )
            assert again.returncode == 0
            assert photographed(window, PICTURES / "handed-over.png", environment) > 50
        finally:
            os.kill(process, signal.SIGTERM)
        assert gone(process)

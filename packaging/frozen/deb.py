"""Makes the Debian package: the bundle under /usr/lib/reserves, and around it what a desktop wants to know."""

import gzip
import hashlib
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

LINUX = Path(__file__).resolve().parents[1] / "linux"
MAINTAINER = "The Reserves maintainers <maintainers@localhost>"
# What the bundled Qt loads from the system when it opens a window. Everything else is in the bundle.
DEPENDS = (
    "libc6 (>= 2.28)",
    "libegl1",
    "libgl1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libfontconfig1",
    "libdbus-1-3",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
)
DESCRIPTION = """Description: verify proofs of reserves and proofs of liabilities
 Reads what an exchange published about its debts and its reserves, recomputes
 it on your own computer, and answers each question by itself. Holds a window,
 reserves-gui, and a command line, reserves. Nothing is uploaded.
"""
# Why the checker may be quiet about a tag: each is a property of any frozen Python program.
OVERRIDES = (
    ("embedded-library", "the program is frozen with the libraries it was tested with"),
    ("custom-library-search-path", "bundled libraries find one another beside themselves"),
    ("hardening-no-fortify-functions", "compiled upstream"),
    ("hardening-no-pie", "compiled upstream"),
    ("hardening-no-relro", "compiled upstream"),
    ("hardening-no-bindnow", "compiled upstream"),
    ("library-not-linked-against-libc", "modules without a call into it"),
    ("shared-library-lacks-prerequisites", "data-only library"),
    ("unstripped-binary-or-object", "libraries rewritten upstream, which stripping would break"),
    ("unstripped-static-library", "compiled upstream"),
    ("shared-library-is-executable", "modes as upstream ships them"),
    ("exit-in-shared-library", "compiled upstream"),
    ("package-installs-python-egg", "metadata that the program reads"),
    ("spelling-error-in-binary", "words inside compressed data"),
    ("bogus-mail-host", "the project has no mail host of its own"),
    ("bogus-mail-host-in-debian-changelog", "the project has no mail host of its own"),
)


def make_deb(bundle: Path, prepared: Path, work: Path, out: Path, version: str, date: str) -> Path:
    """The package, from the frozen ``bundle`` and the ``prepared`` icons and manual pages."""
    tree = work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    architecture = debian_architecture()
    shutil.copytree(bundle, tree / "usr/lib/reserves", symlinks=True)
    for program in ("reserves", "reserves-gui"):
        link = tree / "usr/bin" / program
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"../lib/reserves/{program}")
    _desktop(tree, prepared)
    _documents(tree, prepared, date)
    _modes(tree)
    _control(tree, architecture, version)
    target = out / f"reserves_{version}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(target)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return target


def debian_architecture() -> str:
    """The name Debian gives this machine's kind."""
    asked = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    return asked.stdout.strip()


def _desktop(tree: Path, prepared: Path) -> None:
    share = tree / "usr/share"
    _copy(LINUX / "reserves.desktop", share / "applications/reserves.desktop")
    _copy(LINUX / "reserves.metainfo.xml", share / "metainfo/local.reserves.app.metainfo.xml")
    _copy(LINUX / "reserves-mime.xml", share / "mime/packages/reserves.xml")
    for folder in sorted((prepared / "icons").iterdir()):
        size = f"{folder.name}x{folder.name}"
        _copy(folder / "reserves.png", share / "icons/hicolor" / size / "apps/reserves.png")
        name = "application-x-reserves-case.png"
        _copy(folder / name, share / "icons/hicolor" / size / "mimetypes" / name)


def _documents(tree: Path, prepared: Path, date: str) -> None:
    share = tree / "usr/share"
    for page in ("reserves.1", "reserves-gui.1"):
        _compress((prepared / page).read_bytes(), share / "man/man1" / f"{page}.gz")
    documents = share / "doc/reserves"
    _compress(
        changelog((LINUX / "reserves.metainfo.xml").read_text(encoding="utf-8")).encode(), documents / "changelog.gz"
    )
    text = (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Reserves\n\nFiles: *\n"
        f"Copyright: {date[:4]} The Reserves maintainers\n"
        "License: GPL-3.0-or-later\n"
        " On Debian systems the whole text stands in /usr/share/common-licenses/GPL-3.\n"
        " The licences of the bundled packages stand in reserves.cdx.json beside this file.\n"
    )
    (documents / "copyright").write_text(text, encoding="utf-8")
    _copy(prepared / "reserves.cdx.json", documents / "reserves.cdx.json")
    overrides = share / "lintian/overrides/reserves"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"# {why}\nreserves: {tag} *\n" for tag, why in OVERRIDES]
    overrides.write_text("".join(lines), encoding="utf-8")


def changelog(metainfo: str) -> str:
    """Debian's changelog from the releases in the metadata, newest first."""
    import xml.etree.ElementTree as ET
    from datetime import UTC, datetime
    from email.utils import format_datetime

    entries = []
    for release in ET.fromstring(metainfo).iter("release"):
        day = datetime.strptime(release.attrib["date"], "%Y-%m-%d").replace(tzinfo=UTC)
        points = [re.sub(r"\s+", " ", (item.text or "").strip()) for item in release.iter("li")]
        listed = "\n".join(
            textwrap.fill(point, 78, initial_indent="  * ", subsequent_indent="    ") for point in points
        )
        entries.append(
            f"reserves ({release.attrib['version']}) stable; urgency=medium\n\n{listed}\n\n"
            f" -- {MAINTAINER}  {format_datetime(day)}\n"
        )
    return "\n".join(entries)


def _control(tree: Path, architecture: str, version: str) -> None:
    size = sum(path.lstat().st_size for path in tree.rglob("*") if path.is_file() and not path.is_symlink()) // 1024
    folder = tree / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text(
        f"Package: reserves\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {size}\nDepends: {', '.join(DEPENDS)}\nSection: utils\nPriority: optional\n{DESCRIPTION}",
        encoding="utf-8",
    )
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree).as_posix()}"
        for path in sorted(tree.rglob("*"))
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts
    ]
    (folder / "md5sums").write_text("\n".join(sums) + "\n", encoding="utf-8")


def _modes(tree: Path) -> None:
    """Folders and programs 755, all else 644."""
    programs = {tree / "usr/lib/reserves" / name for name in ("reserves", "reserves-gui")}
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _compress(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, 9, mtime=0))

"""Finds what belongs to a dropped file: drop any one of a set, and the rest is looked up in the same folder."""

from collections.abc import Sequence
from pathlib import Path

from reserves_gui.errors import ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.intake.opening import open_path
from reserves_gui.publishers import registry
from reserves_gui.publishers.port import Family

# A downloads folder may hold thousands of files; the newest ones are what belongs together.
_LOOKED_AT = 200


def find_siblings(files: Sequence[str]) -> tuple[str, ...]:
    """Paths of files in the folders of ``files`` that complete them: same format, a role that is missing so far.

    A role that two files could fill is left open, other users' proofs are never picked up, and whatever cannot be read
    is passed over. What is found this way is not "from elsewhere": it never verifies a root.
    """
    given = [Path(name) for name in files if Path(name).is_file()]
    if not given or len(given) != len(files):
        return ()
    formats, roles = _formats_and_roles(given)
    if len(formats) != 1:
        return ()
    (wanted,) = formats
    declared = registry.by_id(wanted)
    if declared.family is Family.WALLETS:
        return ()
    found: dict[str, list[Path]] = {}
    for path in _neighbours(given):
        for role in _roles(path, wanted):
            if role not in roles and role != declared.per_user:
                found.setdefault(role, []).append(path)
    return tuple(sorted({str(paths[0]) for paths in found.values() if len(paths) == 1}))


def _formats_and_roles(paths: Sequence[Path]) -> tuple[set[str], set[str]]:
    formats: set[str] = set()
    roles: set[str] = set()
    for path in paths:
        for document in _documents(path):
            candidates = registry.candidates(document)
            if not candidates:
                return set(), set()
            formats.add(candidates[0].format.id)
            roles.add(candidates[0].match.role)
    return formats, roles


def _roles(path: Path, wanted: str) -> set[str]:
    return {
        candidate.match.role
        for document in _documents(path)
        for candidate in registry.candidates(document)[:1]
        if candidate.format.id == wanted
    }


def _documents(path: Path) -> list[Document]:
    try:
        return open_path(path)
    except ReservesError:
        return []


def _neighbours(given: Sequence[Path]) -> list[Path]:
    known = {path.resolve() for path in given}
    found: list[tuple[int, Path]] = []
    for folder in sorted({path.resolve().parent for path in given}):
        try:
            for path in folder.iterdir():
                if path.is_file() and not path.is_symlink() and path not in known:
                    found.append((path.stat().st_mtime_ns, path))  # noqa: PERF401 - a file may vanish while looked at
        except OSError:
            continue
    return [path for _, path in sorted(found, reverse=True)[:_LOOKED_AT]]

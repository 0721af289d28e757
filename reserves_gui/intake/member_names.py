"""Names inside archives: what is refused, what is left out, what would be an archive within an archive."""

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say

# The beginnings of archives that are opened here: zip files and gzip streams.
ZIP_MAGIC = b"PK\x03\x04"
GZIP_MAGIC = b"\x1f\x8b"
_NESTED = (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz")
_LITTER_FOLDER = "__MACOSX/"
_LITTER_FILE = ".DS_Store"
# The other half of a Mac's file, put beside it by that system's own tar.
_LITTER_START = "._"


def refuse_name(raw: str, seen: set[str], where: str) -> None:
    """Raise ``zip.unsafe`` for a name that points outside, stands twice after case folding, or is an archive's.

    ``seen`` holds the folded names so far and takes this one.
    """
    if raw.startswith("/") or ".." in raw.split("/") or "\\" in raw or "\x00" in raw or raw[1:2] == ":":
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_name"), where)
    folded = raw.casefold()
    if folded in seen:
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_repeated"), where)
    seen.add(folded)
    if folded.endswith(_NESTED):
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_nested"), where)


def refuse_nested(head: bytes, where: str) -> None:
    """Raise ``zip.unsafe`` for content that begins as an archive does."""
    if head.startswith((ZIP_MAGIC, GZIP_MAGIC)):
        raise ReservesError(ErrorCode.ZIP_UNSAFE, say("error.zip_nested"), where)


def is_litter(name: str) -> bool:
    """Whether a file manager left this member behind: nothing that the publisher meant."""
    last = name.rpartition("/")[2]
    return name.startswith(_LITTER_FOLDER) or last == _LITTER_FILE or last.startswith(_LITTER_START)

"""What was dragged or copied, as paths."""

from PySide6.QtCore import QMimeData


def local_paths(held: QMimeData) -> tuple[str, ...]:
    """Paths of the files in ``held``; addresses elsewhere are left out: nothing is fetched by dropping."""
    return tuple(url.toLocalFile() for url in held.urls() if url.isLocalFile())

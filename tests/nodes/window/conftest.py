"""The window over nodes that really run."""

from tests.gui.conftest import _at_once, _nothing_left_over, program

__all__ = ["_at_once", "_nothing_left_over", "program"]

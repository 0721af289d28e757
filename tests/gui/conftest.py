"""The window is tested offscreen, with its settings and files under the test's own folder."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

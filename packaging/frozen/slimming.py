"""What the frozen application leaves out: parts of Qt and of libraries that nothing here uses."""

import re
from pathlib import PurePosixPath

NEVER_IMPORTED = (
    "PySide6.QtDesigner",
    "PySide6.QtHelp",
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtPrintSupport",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtSql",
    "PySide6.QtTest",
    "PySide6.QtUiTools",
    "PySide6.QtXml",
    "IPython",
    "distributed",
    "numpy",
    "PIL",
    "polars",
    "polars_hash",
    "psycopg2",
    "pytest",
    "setuptools",
    "pkg_resources",
    "tkinter",
    "_tkinter",
    "unittest.mock",
)
QT_PLUGINS = {
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"},
    "platformthemes": {"qxdgdesktopportal"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg", "qico", "qicns"},
    "wayland-shell-integration": {"xdg-shell"},
    "wayland-decoration-client": {"bradient"},
    "styles": {"qmodernwindowsstyle", "qmacstyle"},
}
QT_LIBRARIES = {
    "Core",
    "DBus",
    "Gui",
    "Network",
    "Svg",
    "WaylandClient",
    "Widgets",
    "WlShellIntegration",
    "XcbQpa",
}
QT_LANGUAGES = {"qtbase_de.qm", "qtbase_en.qm"}
_QT_LIBRARY = re.compile(r"(?:lib)?Qt6?([A-Z]\w*?)(?:\.so.*|\.dll|\.dylib|\.framework.*|)$")
_UNUSED_LIBRARY = re.compile(
    r"lib(?:gtk-3|gdk-3|gdk_pixbuf|cairo|pango|atk|atspi|epoxy|harfbuzz|fribidi|thai|datrie|pixman|graphite2|"
    r"rsvg|jpeg|tiff|webp|jbig|deflate|Lerc|mount|blkid|selinux|ssl|tcl|tk)[-\w.]*\.so.*"
)


def is_wanted(name: str) -> bool:
    """Whether a file of the bundle, by its path there, is needed at run time."""
    path = PurePosixPath(name.replace("\\", "/"))
    parts = path.parts
    if "__pycache__" in parts:
        return False
    stem = path.name.split(".")[0].removeprefix("lib")
    if "plugins" in parts and "PySide6" in parts:
        kind = parts[parts.index("plugins") + 1]
        return stem in QT_PLUGINS.get(kind, set())
    if "translations" in parts and "PySide6" in parts:
        return path.name in QT_LANGUAGES
    if "qml" in parts and "PySide6" in parts:
        return False
    library = _QT_LIBRARY.fullmatch(path.name)
    if library is not None and not path.name.endswith((".pyi", ".abi3.so", ".pyd")):
        return library[1] in QT_LIBRARIES
    return _UNUSED_LIBRARY.fullmatch(path.name) is None or "site-packages" in parts

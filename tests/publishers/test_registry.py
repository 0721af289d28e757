"""Every format that a module declares is found, and finding them loads nothing that only judging needs."""

import importlib
import pkgutil
import subprocess
import sys

from reserves_gui import publishers as room
from reserves_gui.publishers import registry


def test_every_declared_format_is_found() -> None:
    """A package names the modules that declare formats; none is forgotten."""
    modules = [module.name for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")]
    declared = {
        one.id
        for name in modules
        if not name.endswith((".registry", ".port"))
        for one in getattr(importlib.import_module(name), "FORMATS", ())
    }
    assert declared == set(registry.formats())


def test_holding_a_file_against_every_format_loads_no_proof_system() -> None:
    code = (
        "import sys; from reserves_gui.publishers.registry import formats; formats()\n"
        "heavy = ('reserves_gui.zk.plonky2', 'reserves_gui.zk.stark', 'reserves_gui.zk.solvency', 'Crypto', 'coincurve',\n"
        "         'nacl', 'importlib.metadata')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"

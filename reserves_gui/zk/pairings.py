"""Which pairing library there is, found on first use, once per process."""

from functools import cache

from reserves_gui.zk.groth16 import PairingLibrary


@cache
def pairing_library() -> PairingLibrary:
    """The native library where it is installed and passes its self-test, else pure Python."""
    from reserves_gui.zk.pairing_mcl import NativePairings, PairingError

    try:
        return NativePairings()
    except PairingError:
        return pure_pairings()


@cache
def pure_pairings() -> PairingLibrary:
    """The pure-Python library."""
    from reserves_gui.zk.pairing_py_ecc import PurePairings

    return PurePairings()

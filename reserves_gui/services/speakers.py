"""Who stands behind the name of a source, as far as the name itself tells."""

from functools import lru_cache
from urllib.parse import urlsplit

from reserves_gui.chain.policy import host_of
from reserves_gui.chain.port import Speaker
from reserves_gui.errors import ReservesError

_PROVING = "evm-proof"


def stored_name(name: str) -> str:
    """The name of a source as it is kept: kind, scheme and host. Paths may hold keys of the user and stay out."""
    kind, url = _parts(name)
    parts = urlsplit(url)
    if not parts.scheme or not parts.hostname:
        return name
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    try:
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        port = ""
    return f"{kind}{parts.scheme}://{host}{port}"


@lru_cache(maxsize=1024)
def speaker_of(name: str) -> Speaker:
    """The speaker behind a stored source name; a file or a name of the user's own speaks for itself alone."""
    kind, url = _parts(name)
    try:
        host = host_of(url)
    except ReservesError:
        return Speaker(name=name, operator=name)
    return Speaker(name=name, operator=host.operator, own=host.own, proves=kind.startswith(_PROVING))


def _parts(name: str) -> tuple[str, str]:
    scheme, colon, rest = name.partition("://")
    if not colon:
        return "", name
    kind, plus, web = scheme.rpartition("+")
    return f"{kind}{plus}", f"{web}://{rest}"

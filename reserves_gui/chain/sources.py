"""From ``--source`` texts to sources (contract section 4)."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from reserves_gui.chain.bitcoind import Bitcoind
from reserves_gui.chain.chains import Chain, chain_named
from reserves_gui.chain.electrum import Electrum
from reserves_gui.chain.esplora import Esplora
from reserves_gui.chain.esplora_wire import offers_esplora
from reserves_gui.chain.evm import Evm, ProvingEvm
from reserves_gui.chain.policy import host_of, shown_url
from reserves_gui.chain.port import BalanceSource, unusable
from reserves_gui.chain.providers import HOST, MakeService, PublicProviders
from reserves_gui.chain.recorded import read_recorded
from reserves_gui.chain.solana import Solana
from reserves_gui.chain.transport import Transport
from reserves_gui.chain.tron import Tron
from reserves_gui.chain.xrp import Xrp
from reserves_gui.progress import Progress

_HTTP = ("http", "https")
_KINDS = ("esplora", "bitcoind", "evm", "evm-proof", "tron", "solana", "xrp", "beacon")
PASSWORD_VARIABLE = "RESERVES_RPC_PASSWORD"  # noqa: S105 - the name of the variable


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUrl:
    """A source text taken apart. ``kind`` is "probe" for a bare ``http(s)://``; ``url`` has no kind and no password.

    ``authority`` is what consent is asked for; None for a file.
    """

    kind: str
    url: str
    chain: Chain | None
    authority: str | None
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"SourceUrl({self.kind!r}, {self.authority!r})"


def parse_source(text: str, environment: Mapping[str, str] = os.environ) -> SourceUrl:
    """Take a ``--source`` text apart. Raises ``source.unusable`` for one that can never be used."""
    text = text.strip()
    before, equals, rest = text.partition("=")
    chain = None
    if equals and ":" not in before:
        chain = chain_named(before)
        if chain is None:
            raise unusable("chain.url_chain", name=before[:40])
        text = rest
    if text.startswith("file:"):
        path = text.removeprefix("file:")
        if not path:
            raise unusable("chain.url")
        return SourceUrl(kind="file", url=path, chain=chain, authority=None)
    if text == "bitcoinlib:":
        return SourceUrl(kind="bitcoinlib", url="", chain=chain, authority=HOST.authority)
    scheme, colon, _ = text.partition("://")
    if not colon:
        raise unusable("chain.url")
    if scheme in ("tcp", "ssl"):
        return SourceUrl(kind="electrum", url=text, chain=chain, authority=host_of(text).authority)
    kind, plus, web = scheme.partition("+")
    if scheme in _HTTP:
        return SourceUrl(kind="probe", url=text, chain=chain, authority=host_of(text).authority)
    if not plus or kind not in _KINDS or web not in _HTTP:
        raise unusable("chain.url")
    url = text.removeprefix(f"{kind}+")
    host = host_of(url)
    if kind != "bitcoind":
        return SourceUrl(kind=kind, url=url, chain=chain, authority=host.authority)
    parts = urlsplit(url)
    return SourceUrl(
        kind=kind,
        url=f"{web}://{host.authority}{parts.path}",
        chain=chain,
        authority=host.authority,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or "") or environment.get(PASSWORD_VARIABLE, ""),
    )


def open_source(
    source: SourceUrl, transport: Transport, make_service: MakeService, progress: Progress
) -> Sequence[BalanceSource]:
    """The source itself; a recorded file gives one per chain. A bare URL is probed for what it is."""
    if source.kind == "file":
        found = read_recorded(Path(source.url))
        return [recorded for recorded in found if source.chain is None or recorded.chain == source.chain]
    if source.kind == "bitcoinlib":
        return [PublicProviders(transport, make_service, fixed=source.chain)]
    if source.kind == "beacon":
        raise unusable("chain.beacon_only", source=shown_url(source.url))
    if source.kind == "bitcoind":
        return [
            Bitcoind(source.url, transport, user=source.user, password=source.password, fixed=source.chain),
        ]
    if source.kind == "probe":
        if offers_esplora(source.url, transport, progress):
            return [Esplora(source.url, transport, fixed=source.chain)]
        return [Evm(source.url, transport, fixed=source.chain)]
    return [_MAKERS[source.kind](source.url, transport, source.chain)]


_Maker = Callable[[str, Transport, Chain | None], BalanceSource]
_MAKERS: Mapping[str, _Maker] = {
    "electrum": lambda url, transport, fixed: Electrum(url, transport, fixed=fixed),
    "esplora": lambda url, transport, fixed: Esplora(url, transport, fixed=fixed),
    "evm": lambda url, transport, fixed: Evm(url, transport, fixed=fixed),
    "evm-proof": lambda url, transport, fixed: ProvingEvm(url, transport, fixed=fixed),
    "tron": lambda url, transport, fixed: Tron(url, transport, fixed=fixed),
    "solana": lambda url, transport, fixed: Solana(url, transport, fixed=fixed),
    "xrp": lambda url, transport, fixed: Xrp(url, transport, fixed=fixed),
}

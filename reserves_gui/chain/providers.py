"""Public explorers through bitcoinlib: the present balance only, as a second opinion.

2026-11-22: bitcoinlib writes its settings, a log and a database when any part of it is imported, by default into
the home folder. ``BCL_DATA_DIR`` is set to a folder under the program's cache before the import, which happens here and
only when a source ``bitcoinlib:`` is used. It opens its own connections, so it is refused while a proxy is set, and it
asks hosts of its own choosing: the consent is for the name ``bitcoinlib``.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from reserves_gui import limits
from reserves_gui.chain.asking import Stamp
from reserves_gui.chain.bitcoin_wire import MOST_UNITS
from reserves_gui.chain.chains import Chain, Kind, chains
from reserves_gui.chain.policy import Host
from reserves_gui.chain.port import Account, Asset, Block, Observation, Speaker, Standing, unusable
from reserves_gui.chain.transport import Sent, Transport
from reserves_gui.errors import ReservesError
from reserves_gui.messages import say
from reserves_gui.progress import Progress

HOST = Host("bitcoinlib", 443)
_NETWORKS = frozenset({"bitcoin", "litecoin", "dogecoin"})

MakeService = Callable[[str], Any]


def service_maker(folder: Path) -> MakeService:
    """A maker of bitcoinlib services that keep everything under ``folder``. Nothing is imported before it is called."""

    def make(network: str) -> Any:
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["BCL_DATA_DIR"] = str(folder)
        from bitcoinlib.services.services import Service

        return Service(network=network, min_providers=1, timeout=int(limits.CONNECT_SECONDS), cache_uri="")

    return make


class PublicProviders:
    """The explorers bitcoinlib knows for one chain."""

    def __init__(self, transport: Transport, make: MakeService, *, fixed: Chain | None = None) -> None:
        self._transport = transport
        self._make = make
        self._fixed = fixed
        self._chain: Chain | None = None
        self._service: Any = None
        self.speaker = Speaker(name="bitcoinlib:", operator="bitcoinlib")

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """The number of blocks the explorers know."""
        named = [self._fixed] if self._fixed else [chain for chain in wanted if chain.kind is Kind.BITCOIN]
        usable = [chain for chain in named if chain.name in _NETWORKS] or [chains()["bitcoin"]]
        self._chain = usable[0]
        if self._fixed is not None and self._fixed.name not in _NETWORKS:
            raise unusable("chain.providers_network")
        return Standing(chain=self._chain, tip=self._tip(progress), notes=(say("chain.providers_note"),))

    def block(self, height: int, progress: Progress) -> Block:
        """Only the newest block can be asked about, and it has no hash."""
        tip = self._tip(progress)
        if tip.height != height:
            raise unusable("chain.now_only", source=self.speaker.name)
        return tip

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """Present balances; the number of blocks is asked before and after and must be ``at`` both times."""
        chain = self._chain
        if chain is None:
            raise unusable("chain.not_probed", source=self.speaker.name)
        stamp = Stamp(chain, asset, self.speaker, at, self._transport.now())
        for account in accounts:
            if asset.contract is not None or asset.name != chain.coin:
                yield stamp.unsupported(account)
                continue
            try:
                self.block(at.height, progress)
                amount = self._ask("getbalance", [account.address], progress)
                self.block(at.height, progress)
            except ReservesError as error:
                if error.code.value == "cancelled":
                    raise
                yield stamp.failed(account, error)
            else:
                if isinstance(amount, int) and not isinstance(amount, bool) and 0 <= amount <= MOST_UNITS:
                    yield stamp.seen(account, amount, chain.decimals)
                else:
                    yield stamp.unknown(account, say("chain.answer_shape", place="balance"))

    def _tip(self, progress: Progress) -> Block:
        height = self._ask("blockcount", None, progress)
        if not isinstance(height, int) or isinstance(height, bool) or not 0 < height < 2**31:
            raise unusable("chain.answer_shape", place="blockcount")
        return Block(height, None)

    def _ask(self, method: str, addresses: list[str] | None, progress: Progress) -> object:
        policy = self._transport.policy
        policy.admit(HOST)
        if policy.proxy is not None:
            raise unusable("chain.providers_proxy")
        chain = self._chain
        network = chain.name if chain else "bitcoin"

        def work() -> object:
            if self._service is None:
                self._service = self._make(network)
            try:
                return self._service.blockcount() if addresses is None else self._service.getbalance(addresses)
            except (ReservesError, MemoryError):
                raise
            except _provider_errors() as error:
                raise unusable("chain.no_answer", host=self.speaker.name) from error

        self._transport.budget.spend(HOST)
        self._transport.note(Sent(HOST.authority, method, "", ",".join(addresses or []).encode()))
        return self._transport.guarded(work, HOST, limits.ANSWER_SECONDS, progress)


def _provider_errors() -> tuple[type[BaseException], ...]:
    """What bitcoinlib's providers raise: its own error and whatever their parsing of an answer trips over."""
    from bitcoinlib.services.services import ServiceError

    return (ServiceError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, OSError)

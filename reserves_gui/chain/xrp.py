"""XRP Ledger over JSON-RPC (XRPLF/rippled): balances at a validated ledger, past ones on full-history servers."""

import json
from collections.abc import Iterator, Sequence

from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.asking import Stamp
from reserves_gui.chain.chains import Chain, Kind, chain_named
from reserves_gui.chain.keeping import Kept
from reserves_gui.chain.policy import host_of, shown_url
from reserves_gui.chain.port import Account, Asset, Block, Observation, Speaker, Standing, unusable
from reserves_gui.chain.standing import Identified, identify, judge_tip
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

# Ledger times count from 2000-01-01.
_EPOCH = 946_684_800
_SUPPLY_DROPS = 10**17


class Xrp:
    """One server. It has no genesis to compare: the chain is known from the source's own prefix."""

    def __init__(self, url: str, transport: Transport, *, fixed: Chain | None = None) -> None:
        self._url = url
        self._transport = transport
        self._host = host_of(url)
        self._found: Identified | None = None
        self._fixed = fixed or chain_named("xrp")
        self.speaker = Speaker(name=f"xrp+{shown_url(url)}", operator=self._host.operator, own=self._host.own)

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """The newest validated ledger. Network 0 is the main one; a server that names none is taken at its word."""
        network = self._ask("server_info", {}, progress)["info"].get("network_id")
        identity = "" if network is None or network.integer() == 0 else f"network {network.integer()}"
        self._found = identify(Kind.XRP, identity, speaker=self.speaker, wanted=wanted, fixed=self._fixed)
        kept = Kept(self._transport.cache, self.speaker, self._transport.now)
        tip = kept.newest(self._found.chain.name, lambda: self._ledger("validated", progress))
        return judge_tip(self._found, tip, speaker=self.speaker, today=self._transport.clock.today())

    def block(self, height: int, progress: Progress) -> Block:
        """The validated ledger of that index."""
        found = self._ledger(height, progress)
        if found.height != height:
            raise unusable("chain.no_block", source=self.speaker.name, height=height)
        return found

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """Balances in drops; an account that a validated ledger does not hold has nothing."""
        chain = self._fixed
        if chain is None:
            raise unusable("chain.not_probed", source=self.speaker.name)
        stamp = Stamp(chain, asset, self.speaker, at, self._transport.now())

        def one(account: Account) -> Observation:
            if asset.contract is not None or asset.name != chain.coin:
                return stamp.unsupported(account)
            try:
                return stamp.seen(account, self._drops(account, at, progress), chain.decimals)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                return stamp.failed(account, error)

        yield from self._transport.gather(self._host, one, accounts, progress)

    def _drops(self, account: Account, at: Block, progress: Progress) -> int:
        found = self._ask(
            "account_info", {"account": account.address, "ledger_index": at.height}, progress, missing=True
        )
        validated = found.get("validated")
        if validated is None or not validated.flag() or found["ledger_index"].integer() != at.height:
            raise unusable("chain.not_validated", source=self.speaker.name)
        named = found.get("ledger_hash")
        if named is not None and named.hash() != at.hash:
            raise unusable("chain.reorganised", source=self.speaker.name, height=at.height)
        if found.get("error") is not None:
            return 0
        data = found["account_data"]
        if data["Account"].text(64) != account.address:
            data.refuse()
        return data["Balance"].digits(high=_SUPPLY_DROPS)

    def _ledger(self, index: int | str, progress: Progress) -> Block:
        found = self._ask("ledger", {"ledger_index": index}, progress)
        validated = found.get("validated")
        if validated is None or not validated.flag():
            raise unusable("chain.not_validated", source=self.speaker.name)
        ledger = found["ledger"]
        return Block(
            found["ledger_index"].integer(high=2**32),
            found["ledger_hash"].hash(),
            ledger["close_time"].integer(high=2**32) + _EPOCH,
        )

    def _ask(self, method: str, params: dict[str, object], progress: Progress, *, missing: bool = False) -> Answer:
        """One call; with ``missing`` the answer "no such account" comes back instead of being raised."""
        body = json.dumps({"method": method, "params": [params]}, separators=(",", ":")).encode()
        reply = self._transport.fetch(self._url, progress, body=body)
        if reply.status != 200:
            raise unusable("chain.status", source=self.speaker.name, status=reply.status)
        result = reply.answer()["result"]
        error = result.get("error")
        if error is not None and not (missing and error.text(80) == "actNotFound"):
            words = error.text(80)
            key = "chain.no_state" if words in ("lgrNotFound", "lgrIdxsInvalid") else "chain.rpc_error"
            raise unusable(key, source=self.speaker.name)
        return result

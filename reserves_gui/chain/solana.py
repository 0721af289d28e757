"""Solana JSON-RPC: finalized balances now, past ones from the newest transaction at or before a slot."""

from collections.abc import Iterator, Sequence

from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.asking import Stamp
from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.jsonrpc import JsonRpc
from reserves_gui.chain.policy import shown_url
from reserves_gui.chain.port import (
    Account,
    Asset,
    Block,
    Delta,
    How,
    Observation,
    Party,
    Speaker,
    Standing,
    unusable,
)
from reserves_gui.chain.standing import Identified, identify, judge_tip
from reserves_gui.chain.transport import Transport
from reserves_gui.chain.walking import Allowance
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

_FINAL = {"commitment": "finalized"}
_PAGE = 1000


class Solana:
    """One RPC endpoint. Heights are slots."""

    def __init__(self, url: str, transport: Transport, *, fixed: Chain | None = None) -> None:
        self._fixed = fixed
        self._transport = transport
        name = f"solana+{shown_url(url)}"
        self._rpc = JsonRpc(url, name, transport)
        self._found: Identified | None = None
        self._tip = 0
        host = self._rpc.host
        self.speaker = Speaker(name=name, operator=host.operator, own=host.own)

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """The genesis hash and the newest finalized slot."""
        genesis = self._rpc.call("getGenesisHash", [], progress).text(64)
        self._found = identify(Kind.SOLANA, genesis, speaker=self.speaker, wanted=wanted, fixed=self._fixed)
        self._tip = self._rpc.call("getSlot", [_FINAL], progress).integer()
        tip = self.block(self._tip, progress)
        return judge_tip(self._found, tip, speaker=self.speaker, today=self._transport.clock.today())

    def block(self, height: int, progress: Progress) -> Block:
        """A finalized slot with its time; sources are compared by slot, since a slot's hash needs its whole block."""
        time = self._rpc.call("getBlockTime", [height], progress)
        return Block(height, None, None if time.value is None else time.integer(high=2**34))

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """Balances after slot ``at``: now if nothing happened since, else what the last transaction before left."""
        chain = self._identified().chain
        stamp = Stamp(chain, asset, self.speaker, at, self._transport.now())

        def one(account: Account) -> Observation:
            try:
                if asset.contract is not None:
                    amount, decimals = self._tokens(asset.contract, account, at, progress)
                    return stamp.seen(account, amount, decimals)
                if asset.name != chain.coin:
                    return stamp.unsupported(account)
                amount, how = self._lamports(account, at, progress)
                return stamp.seen(account, amount, chain.decimals, how)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                return stamp.failed(account, error)

        yield from self._transport.gather(self._rpc.host, one, accounts, progress)

    def deltas(self, accounts: Sequence[Account], down_to: int, progress: Progress) -> Iterator[Delta]:
        """Changes of one account's lamports above slot ``down_to``, newest first."""
        if len(accounts) != 1:
            raise unusable("chain.no_history", source=self.speaker.name)
        allowance = Allowance()
        for signature, slot in self._signatures(accounts[0], down_to, allowance, progress):
            before, after = self._change(signature, slot, accounts[0], progress)
            yield Delta(signature, slot, after - before)

    def parties(self, delta: Delta, progress: Progress) -> list[Party]:
        """Every account whose lamports the transaction changed."""
        changes = self._changes(delta.transaction, delta.height, progress)
        return [Party(key, None, after - before) for key, (before, after) in changes.items() if after != before]

    def _lamports(self, account: Account, at: Block, progress: Progress) -> tuple[int, How]:
        found = self._rpc.call("getBalance", [account.address, _FINAL], progress)
        slot = found["context"]["slot"].integer()
        present = found["value"].integer(high=2**63)
        if slot < at.height:
            raise unusable("chain.above_tip", source=self.speaker.name, height=at.height, tip=slot)
        earliest: tuple[str, int] | None = None
        for signature, number in self._signatures(account, at.height, Allowance(), progress):
            earliest = (signature, number)
        if earliest is None:
            return present, How.POINT
        before, _ = self._change(*earliest, account, progress)
        return before, How.WALK

    def _tokens(self, mint: str, account: Account, at: Block, progress: Progress) -> tuple[int, int]:
        wanted = [account.address, {"mint": mint}, {"encoding": "jsonParsed", **_FINAL}]
        found = self._rpc.call("getTokenAccountsByOwner", wanted, progress)
        if found["context"]["slot"].integer() < at.height:
            raise unusable("chain.above_tip", source=self.speaker.name, height=at.height, tip=self._tip)
        if at.height < self._tip:
            raise unusable("chain.now_only", source=self.speaker.name)
        total, decimals = 0, None
        counted: set[str] = set()
        for entry in found["value"].entries(10_000):
            own = entry["pubkey"].text(64)
            if own in counted:
                entry.refuse()
            counted.add(own)
            info = entry["account"]["data"]["parsed"]["info"]
            if info["mint"].text(64) != mint or info["owner"].text(64) != account.address:
                info.refuse()
            amount = info["tokenAmount"]
            places = amount["decimals"].integer(high=30)
            if decimals is not None and places != decimals:
                amount.refuse()
            decimals = places
            total += amount["amount"].digits(high=2**64)
        return total, 0 if decimals is None else decimals

    def _signatures(
        self, account: Account, down_to: int, allowance: Allowance, progress: Progress
    ) -> Iterator[tuple[str, int]]:
        """Finalized transactions of the account above slot ``down_to``, newest first; failed ones pay fees, too."""
        last: str | None = None
        slot = 2**63
        seen: set[str] = set()
        while True:
            allowance.spend(allowance.most + 1)
            options: dict[str, object] = {"limit": _PAGE, **_FINAL}
            if last is not None:
                options["before"] = last
            page = self._rpc.call("getSignaturesForAddress", [account.address, options], progress).entries(_PAGE)
            for entry in page:
                number = entry["slot"].integer()
                signature = entry["signature"].text(100)
                if number > slot:
                    raise unusable("chain.page_order")
                if signature in seen:
                    raise unusable("chain.page_repeated")
                seen.add(signature)
                slot, last = number, signature
                if number <= down_to:
                    return
                yield signature, number
            if len(page) < _PAGE:
                return

    def _change(self, signature: str, slot: int, account: Account, progress: Progress) -> tuple[int, int]:
        changes = self._changes(signature, slot, progress)
        if account.address not in changes:
            raise unusable("chain.answer_shape", place="accountKeys")
        return changes[account.address]

    def _changes(self, signature: str, slot: int, progress: Progress) -> dict[str, tuple[int, int]]:
        """Lamports before and after the transaction, of every account it names."""
        options = {"encoding": "jsonParsed", "maxSupportedTransactionVersion": 0, **_FINAL}
        found = self._rpc.call("getTransaction", [signature, options], progress)
        if found["slot"].integer() != slot:
            found.refuse()
        keys = [_key(entry) for entry in found["transaction"]["message"]["accountKeys"].entries(256)]
        meta = found["meta"]
        before, after = meta["preBalances"].entries(256), meta["postBalances"].entries(256)
        if not len(keys) == len(before) == len(after):
            found.refuse()
        return {
            key: (earlier.integer(), later.integer()) for key, earlier, later in zip(keys, before, after, strict=True)
        }

    def _identified(self) -> Identified:
        if self._found is None:
            raise unusable("chain.not_probed", source=self.speaker.name)
        return self._found


def _key(entry: Answer) -> str:
    return entry["pubkey"].text(64) if entry.is_object else entry.text(64)

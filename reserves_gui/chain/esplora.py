"""Esplora REST (Blockstream/electrs src/rest.rs, with mempool/electrs' summary extension where it is offered)."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from reserves_gui import limits
from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.asking import OutputStamp, Stamp
from reserves_gui.chain.bitcoin_wire import script_hash, shown_header
from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.checkpoints import hold_to_checkpoint
from reserves_gui.chain.esplora_answers import (
    MOST_ENTRIES,
    Stats,
    delta_of,
    output_of,
    stats_of,
    summary_of,
    value_of,
)
from reserves_gui.chain.esplora_wire import EsploraWire, read_height
from reserves_gui.chain.keeping import Kept, read_deltas, written_deltas
from reserves_gui.chain.policy import host_of, shown_url
from reserves_gui.chain.port import (
    Account,
    Asset,
    Block,
    Delta,
    Fate,
    How,
    Observation,
    Outpoint,
    OutputFound,
    OutputSeen,
    Party,
    Speaker,
    Standing,
    no_history,
    unusable,
)
from reserves_gui.chain.standing import Identified, check_header, identify, judge_tip
from reserves_gui.chain.transport import Transport
from reserves_gui.chain.walking import Allowance, Walks, in_order, walked_back
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

_T = TypeVar("_T")
_R = TypeVar("_R")

_PAGE = 25
_SUMMARY_PAGE = 5000
_GROUP = 300
_GROUP_BYTES = 21_600
_TRIES = 3
_CHUNK = 25
_NOT_FOUND = 404


class Esplora:
    """One Esplora server. ``base`` ends without a slash."""

    def __init__(
        self, base: str, transport: Transport, *, fixed: Chain | None = None, allowance: int | None = None
    ) -> None:
        self._transport = transport
        self._fixed = fixed
        self._host = host_of(base)
        self._allowance = allowance
        self._summary: bool | None = None
        self._guard = threading.Lock()
        self._found: Identified | None = None
        self._walks = Walks()
        self.speaker = Speaker(name=shown_url(base), operator=self._host.operator, own=self._host.own)
        self._kept = Kept(transport.cache, self.speaker, transport.now)
        self._wire = EsploraWire(base, self.speaker.name, transport)

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """Genesis hash, newest block, and its header where the server shows headers."""
        try:
            genesis: str | None = self._hash(0, progress)
        except ReservesError as error:
            if not is_unusable(error) or not self._host.own:
                raise
            genesis = None
        self._found = identify(Kind.BITCOIN, genesis, speaker=self.speaker, wanted=wanted, fixed=self._fixed)
        found = self._found
        tip = self._kept.newest(found.chain.name, lambda: self._newest(found, progress))
        return judge_tip(found, tip, speaker=self.speaker, today=self._transport.clock.today())

    def _newest(self, found: Identified, progress: Progress) -> Block:
        """The newest block, its header checked, on a chain that has the block known to be there."""
        height, block_hash = self._tip(progress)
        tip = self._described(height, block_hash, progress)
        if height:
            self._check_headers(block_hash, progress)
        hold_to_checkpoint(found, height, lambda at: self._hash(at, progress), self.speaker)
        return tip

    def block(self, height: int, progress: Progress) -> Block:
        """The block at ``height`` with its times, its header checked where the server shows headers."""
        block_hash = self._hash(height, progress)
        return self._described(height, block_hash, progress)

    def header(self, height: int, progress: Progress) -> bytes:
        """The 80 bytes of the header at ``height``, its hash and work checked."""
        block_hash = self._hash(height, progress)
        told = Answer(self._text(f"/block/{block_hash}/header", progress))
        found = shown_header(told, self._identified().chain)
        check_header(found, self._identified(), hash_given=block_hash)
        return found.raw

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """Balances after block ``at``: the present one, or walked back from it."""
        chain = self._identified().chain
        stamp = Stamp(chain, asset, self.speaker, at, self._transport.now())

        for start in range(0, len(accounts), _CHUNK):
            yield from self._chunk(stamp, accounts[start : start + _CHUNK], progress)

    def _chunk(self, stamp: Stamp, accounts: Sequence[Account], progress: Progress) -> Iterator[Observation]:
        def one(tip: int, account: Account) -> Observation:
            if stamp.asset.contract is not None or stamp.asset.name != stamp.chain.coin:
                return stamp.unsupported(account)
            try:
                amount, how = self._balance(account, stamp.at.height, tip, progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                return stamp.failed(account, error)
            return stamp.seen(account, amount, stamp.chain.decimals, how)

        found = self._at_one_tip(stamp.at, accounts, one, progress)
        yield from (stamp.failed(each, found) for each in accounts) if isinstance(found, ReservesError) else found

    def outputs(self, outpoints: Sequence[Outpoint], at: Block, progress: Progress) -> Iterator[OutputSeen]:
        """Each output after block ``at``, by the transaction that made it and those that spend of it."""
        stamp = OutputStamp(self._identified().chain, self.speaker, at, self._transport.now())

        def one(_tip: int, outpoint: Outpoint) -> OutputSeen:
            try:
                return stamp.seen(outpoint, self._output(outpoint, at.height, progress))
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                return stamp.failed(outpoint, error)

        for start in range(0, len(outpoints), _CHUNK):
            part = outpoints[start : start + _CHUNK]
            found = self._at_one_tip(at, part, one, progress)
            yield from (stamp.failed(each, found) for each in part) if isinstance(found, ReservesError) else found

    def _output(self, outpoint: Outpoint, height: int, progress: Progress) -> OutputFound:
        path = f"/tx/{outpoint.transaction}"
        try:
            entry = self._json(path, progress)
        except ReservesError as error:
            if error.message.key == "chain.status" and error.message.args.get("status") == _NOT_FOUND:
                return OutputFound(Fate.GONE)
            raise
        return output_of(entry, self._json(f"{path}/outspends", progress), outpoint, height)

    def _at_one_tip(
        self, at: Block, items: Sequence[_T], work: Callable[[int, _T], _R], progress: Progress
    ) -> list[_R] | ReservesError:
        """t0; ask; t1 must equal t0 and block H must still be the one asked for, else again: three times."""
        for _ in range(_TRIES):
            try:
                tip, tip_hash = self._tip(progress)
                if at.height > tip:
                    return unusable("chain.above_tip", source=self.speaker.name, height=at.height, tip=tip)
                found = list(self._transport.gather(self._host, partial(work, tip), items, progress))
                if self._tip(progress) != (tip, tip_hash):
                    continue
                if at.hash is not None and at.hash != tip_hash and self._hash(at.height, progress) != at.hash:
                    return unusable("chain.reorganised", source=self.speaker.name, height=at.height)
            except ReservesError as failure:
                if not is_unusable(failure):
                    raise
                return failure
            return found
        return unusable("chain.moving", source=self.speaker.name)

    def deltas(self, accounts: Sequence[Account], down_to: int, progress: Progress) -> Iterator[Delta]:
        """Net changes of the group above ``down_to``, by the group summary where it is offered."""
        tip, _ = self._tip(progress)
        if len(accounts) == 1:
            stats = self._stats(accounts[0], progress)
            yield from self._above(self._changes(accounts[0], stats, tip, progress), down_to)
            return
        body = json.dumps([account.address for account in accounts]).encode()
        if len(accounts) > _GROUP or len(body) > _GROUP_BYTES or not self._has_summary(accounts[0], progress):
            raise no_history(self.speaker)
        yield from self._above(self._group(body, tip, progress), down_to)

    def parties(self, delta: Delta, progress: Progress) -> list[Party]:
        """What the transaction paid to and took from every script, by the outputs it names and those it spends."""
        entry = self._json(f"/tx/{delta.transaction}", progress)
        status = entry["status"]
        shown = (entry["txid"].hash(), status["block_height"].integer(high=2**31))
        if shown != (delta.transaction, delta.height):
            entry.refuse()
        found: dict[tuple[str, bytes], int] = {}
        spent = [one.get("prevout") for one in entry["vin"].entries(MOST_ENTRIES)]
        for sign, outputs in (
            (1, entry["vout"].entries(MOST_ENTRIES)),
            (-1, [one for one in spent if one is not None]),
        ):
            for output in outputs:
                address = output.get("scriptpubkey_address")
                key = ("" if address is None else address.text(200), output["scriptpubkey"].hex())
                found[key] = found.get(key, 0) + sign * value_of(output)
        return [Party(address, script, amount) for (address, script), amount in found.items() if amount]

    # Balance -----------------------------------------------------------------------------------------------------

    def _balance(self, account: Account, height: int, tip: int, progress: Progress) -> tuple[int, How]:
        """The balance after block ``height``; statistics that change while it is walked back mean once more."""
        for _ in range(_TRIES):
            stats = self._stats(account, progress)
            if height == tip:
                return stats.balance, How.POINT
            changes = partial(self._changes, account, stats, tip, progress)
            amount = walked_back(stats.balance, self._walks.walk(account, (stats, tip), changes), height)
            if self._stats(account, progress) == stats:
                return amount, How.WALK
        raise unusable("chain.moving", source=self.speaker.name)

    def _stats(self, account: Account, progress: Progress) -> Stats:
        return stats_of(self._json(self._path(account), progress), self.speaker.name)

    def _changes(self, account: Account, stats: Stats, tip: int, progress: Progress) -> Iterator[Delta]:
        """Guarded changes of one address, newest first; a walk to the end must reconcile with the statistics."""
        if stats.transactions <= _SUMMARY_PAGE and self._has_summary(account, progress):
            try:
                found = list(self._reconciled(self._summaries(account, stats, progress), stats, tip))
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                self._summary = False
            else:
                yield from found
                return
        try:
            yield from self._reconciled(self._pages(account, stats, progress), stats, tip)
        except ReservesError:
            self._kept.forget("page", account.address)
            raise

    def _reconciled(self, changes: Iterator[Delta], stats: Stats, tip: int) -> Iterator[Delta]:
        count = total = 0
        for delta in in_order(changes, tip=tip, most=stats.transactions):
            count += 1
            total += delta.amount
            yield delta
        if count != stats.transactions or total != stats.balance:
            raise unusable("chain.history_sum", source=self.speaker.name)

    def _pages(self, account: Account, stats: Stats, progress: Progress) -> Iterator[Delta]:
        """/txs/chain: 25 at a time; a shorter page is the last."""
        allowance = Allowance(self._allowance) if self._allowance is not None else Allowance()
        last = ""
        fetched = 0
        while fetched < stats.transactions:
            allowance.spend(-(-stats.transactions // _PAGE))
            page = self._page(account, last, progress)
            yield from page
            fetched += len(page)
            if len(page) < _PAGE:
                return
            last = f"/{page[-1].transaction}"

    def _page(self, account: Account, last: str, progress: Progress) -> list[Delta]:
        """Up to 25 changes older than the transaction ``last``; kept where none of them can change any more."""
        name = f"{account.address}{last}"
        known = read_deltas(self._kept.get("page", name)) if last else None
        if known is not None:
            return known
        answer = self._json(f"{self._path(account)}/txs/chain{last}", progress)
        page = [delta_of(entry, account, self.speaker.name) for entry in answer.entries(_PAGE)]
        if last and page:
            newest = max(delta.height for delta in page)
            self._kept.put("page", name, written_deltas(page), height=newest, deep=limits.DEEP_TRANSACTION)
        return page

    def _summaries(self, account: Account, stats: Stats, progress: Progress) -> Iterator[Delta]:
        last = ""
        fetched = 0
        while fetched < stats.transactions:
            page = self._json(f"/address/{account.address}/txs/summary{last}", progress).entries(_SUMMARY_PAGE)
            yield from (summary_of(entry) for entry in page)
            fetched += len(page)
            if not page:
                return
            last = f"/{page[-1]['txid'].hash()}"

    def _group(self, body: bytes, tip: int, progress: Progress) -> Iterator[Delta]:
        def pages() -> Iterator[Delta]:
            last = ""
            while True:
                page = self._json(f"/addresses/txs/summary{last}", progress, body=body).entries(_SUMMARY_PAGE)
                yield from (summary_of(entry) for entry in page)
                if len(page) < _SUMMARY_PAGE:
                    return
                last = f"/{page[-1]['txid'].hash()}"

        return in_order(pages(), tip=tip, most=2**31)

    @staticmethod
    def _above(changes: Iterator[Delta], down_to: int) -> Iterator[Delta]:
        for delta in changes:
            if delta.height <= down_to:
                return
            yield delta

    def _has_summary(self, account: Account, progress: Progress) -> bool:
        """Whether the extension is there: an array whose entries have whole-number height and value."""
        with self._guard:
            if self._summary is None and self._kept.recent("summary", "", limits.OFFER_SECONDS) == "offered":
                self._summary = True
            if self._summary is None:
                try:
                    page = self._json(f"/address/{account.address}/txs/summary?max_txs=1", progress)
                    for entry in page.entries(_SUMMARY_PAGE):
                        summary_of(entry)
                    self._summary = page.is_list
                    self._kept.put_recent("summary", "", "offered")
                except ReservesError as error:
                    if not is_unusable(error):
                        raise
                    self._summary = False
            return self._summary

    # Blocks ------------------------------------------------------------------------------------------------------

    def _identified(self) -> Identified:
        if self._found is None:
            raise unusable("chain.not_probed", source=self.speaker.name)
        return self._found

    def _tip(self, progress: Progress) -> tuple[int, str]:
        height = read_height(self._text("/blocks/tip/height", progress))
        return height, self._shown_hash(self._text("/blocks/tip/hash", progress))

    def _hash(self, height: int, progress: Progress) -> str:
        return self._shown_hash(self._text(f"/block-height/{height}", progress))

    def _described(self, height: int, block_hash: str, progress: Progress) -> Block:
        try:
            found = self._json(f"/block/{block_hash}", progress)
            time = found["timestamp"].integer(high=2**34)
            median = found.get("mediantime")
            shown = (found["id"].hash(), found["height"].integer(high=2**31))
        except ReservesError as error:
            if not is_unusable(error) or not self._host.own:
                raise
            return Block(height, block_hash)
        if shown != (block_hash, height):
            raise unusable("chain.header_hash")
        return Block(height, block_hash, time, None if median is None else median.integer(high=2**34))

    def _check_headers(self, block_hash: str, progress: Progress) -> None:
        """The tip's header and the one before it: hash and work. A server without headers is not judged by them."""
        wanted = block_hash
        for _ in range(2 if self._identified().chain.names_headers else 0):
            try:
                raw = self._text(f"/block/{wanted}/header", progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                return
            header = shown_header(Answer(raw), self._identified().chain)
            check_header(header, self._identified(), hash_given=wanted)
            wanted = header.previous

    # Requests ----------------------------------------------------------------------------------------------------

    def _path(self, account: Account) -> str:
        """By address, as every server knows it; servers index both."""
        if not account.address.isascii() or not account.address.isalnum():
            if account.key is None:
                raise unusable("chain.address_undecodable")
            return f"/scripthash/{script_hash(account.key).hex()}"
        return f"/address/{account.address}"

    def _json(self, path: str, progress: Progress, *, body: bytes | None = None) -> Answer:
        return self._wire.json(path, progress, body=body)

    def _text(self, path: str, progress: Progress) -> str:
        return self._wire.text(path, progress)

    @staticmethod
    def _shown_hash(text: str) -> str:
        return Answer(text, "hash").hash()

"""TRON over its HTTP interface (tronprotocol/java-tron), past balances through the history look-up of full nodes."""

import json
from collections.abc import Iterator, Sequence

from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.asking import Stamp
from reserves_gui.chain.chains import Chain, Kind
from reserves_gui.chain.keeping import Kept
from reserves_gui.chain.policy import host_of, shown_url
from reserves_gui.chain.port import Account, Asset, Block, How, Observation, Speaker, Standing, unusable
from reserves_gui.chain.standing import Identified, identify, judge_tip
from reserves_gui.chain.transport import Transport
from reserves_gui.chain.walking import Allowance
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

_SUPPLY_SUN = 2 * 10**17
_PAGE = 200
# A minute of blocks: sources that were asked one after the other do not have the same newest one.
_NEWEST = 20


class Tron:
    """One node or gateway."""

    def __init__(self, base: str, transport: Transport, *, fixed: Chain | None = None) -> None:
        self._base = base.rstrip("/")
        self._transport = transport
        self._fixed = fixed
        self._host = host_of(base)
        self._found: Identified | None = None
        self._tip: Block | None = None
        self.speaker = Speaker(name=f"tron+{shown_url(base)}", operator=self._host.operator, own=self._host.own)

    def probe(self, wanted: Sequence[Chain], progress: Progress) -> Standing:
        """The id of block 0 and the newest block."""
        genesis = self._post("/wallet/getblockbynum", {"num": 0}, progress)["blockID"].hash()
        self._found = identify(Kind.TRON, genesis, speaker=self.speaker, wanted=wanted, fixed=self._fixed)
        kept = Kept(self._transport.cache, self.speaker, self._transport.now)
        self._tip = kept.newest(
            self._found.chain.name, lambda: self._block(self._post("/wallet/getnowblock", {}, progress))
        )
        return judge_tip(self._found, self._tip, speaker=self.speaker, today=self._transport.clock.today())

    def block(self, height: int, progress: Progress) -> Block:
        """The block of that number."""
        found = self._block(self._post("/wallet/getblockbynum", {"num": height}, progress))
        if found.height != height:
            raise unusable("chain.no_block", source=self.speaker.name, height=height)
        return found

    def observe(
        self, asset: Asset, accounts: Sequence[Account], at: Block, progress: Progress
    ) -> Iterator[Observation]:
        """Balances after block ``at``. A zero from the history look-up is unknown: nodes without history answer so.

        At the newest block, the account itself as it is now tells a true zero from that.
        """
        chain = self._identified().chain
        stamp = Stamp(chain, asset, self.speaker, at, self._transport.now())
        decimals = chain.decimals
        if asset.contract is not None:
            try:
                decimals = self._constant(asset.contract, "decimals()", "", progress)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                yield from (stamp.failed(account, error) for account in accounts)
                return

        def one(account: Account) -> Observation:
            if asset.contract is None and asset.name != chain.coin:
                return stamp.unsupported(account)
            try:
                if asset.contract is None:
                    return stamp.seen(account, self._sun(account, at, progress), decimals)
                amount, how = self._tokens(asset.contract, account, at, progress)
                return stamp.seen(account, amount, decimals, how)
            except ReservesError as error:
                if not is_unusable(error):
                    raise
                return stamp.failed(account, error)

        yield from self._transport.gather(self._host, one, accounts, progress)

    def _sun(self, account: Account, at: Block, progress: Progress) -> int:
        """The free balance; staked amounts are counted apart and are not part of it."""
        body = {
            "account_identifier": {"address": account.address},
            "block_identifier": {"hash": at.hash, "number": at.height},
            "visible": True,
        }
        found = self._post("/wallet/getaccountbalance", body, progress)
        balance = found.get("balance")
        amount = 0 if balance is None else balance.integer(high=_SUPPLY_SUN)
        echoed = found["block_identifier"]
        if echoed["hash"].hash() != at.hash or echoed["number"].integer() != at.height:
            echoed.refuse()
        if amount or self._is_empty_since(account, at, progress):
            return amount
        raise unusable("chain.tron_zero", source=self.speaker.name)

    def _is_empty_since(self, account: Account, at: Block, progress: Progress) -> bool:
        """Whether there is no such account now, or an empty one that did nothing since ``at``, the newest block.

        For a block further back this is no answer. Contracts move what they hold without doing anything themselves.
        """
        if self._tip is None or at.time is None or self._tip.height - at.height > _NEWEST:
            return False
        found = self._post("/wallet/getaccount", {"address": account.address, "visible": True}, progress)
        if not any(True for _ in found.items()):
            return True
        if found["address"].text(64) != account.address:
            found.refuse()
        balance, kind, last = found.get("balance"), found.get("type"), found.get("latest_opration_time")
        if balance is not None and balance.integer(high=_SUPPLY_SUN):
            return False
        if kind is not None and kind.text(40) != "Normal":
            return False
        return last is None or last.integer(high=2**44) <= at.time * 1000

    def _tokens(self, contract: str, account: Account, at: Block, progress: Progress) -> tuple[int, How]:
        """The present token balance; for a past block the listed transfers since then are taken back."""
        if account.key is None:
            raise unusable("chain.address_undecodable")
        present = self._constant(contract, "balanceOf(address)", account.key[-20:].rjust(32, b"\x00").hex(), progress)
        if at.time is None or (self._tip is not None and at.height >= self._tip.height):
            return present, How.POINT
        balance = present
        for amount in self._transfers(contract, account, at.time, progress):
            balance -= amount
        if balance < 0:
            raise unusable("chain.walk_negative")
        return balance, How.WALK

    def _transfers(self, contract: str, account: Account, after: int, progress: Progress) -> Iterator[int]:
        """Signed token transfers later than ``after`` (seconds), from the gateway's list, page by page."""
        mark = ""
        allowance = Allowance()
        seen: set[tuple[str, str, str, int]] = set()
        while True:
            allowance.spend(allowance.most + 1)
            path = (
                f"/v1/accounts/{account.address}/transactions/trc20?limit={_PAGE}&only_confirmed=true"
                f"&contract_address={contract}&min_timestamp={1000 * after + 1}{mark}"
            )
            found = self._answer(path, progress, None)
            page = found["data"].entries(_PAGE)
            for entry in page:
                source, target = entry["from"].text(64), entry["to"].text(64)
                value = entry["value"].digits(high=2**256)
                key = (entry["transaction_id"].hash(), source, target, value)
                moved = entry["block_timestamp"].integer(high=2**44)
                foreign = entry["token_info"]["address"].text(64) != contract or account.address not in (source, target)
                if foreign or moved <= 1000 * after:
                    entry.refuse()
                if key in seen:
                    raise unusable("chain.page_repeated")
                seen.add(key)
                yield (value if target == account.address else 0) - (value if source == account.address else 0)
            meta = found.get("meta")
            fingerprint = None if meta is None else meta.get("fingerprint")
            if fingerprint is None or len(page) < _PAGE:
                return
            mark = f"&fingerprint={fingerprint.text(200)}"

    def _constant(self, contract: str, selector: str, parameter: str, progress: Progress) -> int:
        body = {
            "owner_address": contract,
            "contract_address": contract,
            "function_selector": selector,
            "parameter": parameter,
            "visible": True,
        }
        found = self._post("/wallet/triggerconstantcontract", body, progress)
        results = found["constant_result"].entries(1)
        if not results or len(results[0].hex()) != 32:
            raise unusable("chain.no_contract", source=self.speaker.name)
        value = int.from_bytes(results[0].hex(), "big")
        if selector.startswith("decimals") and value > 77:
            found.refuse()
        return value

    @staticmethod
    def _block(found: Answer) -> Block:
        raw = found["block_header"]["raw_data"]
        number, block_hash = raw["number"].integer(high=2**40), found["blockID"].hash()
        # The first eight bytes of a block id are its number.
        if int(block_hash[:16], 16) != number:
            found.refuse()
        return Block(number, block_hash, raw["timestamp"].integer(high=2**44) // 1000)

    def _post(self, path: str, body: dict[str, object], progress: Progress) -> Answer:
        return self._answer(path, progress, json.dumps(body, separators=(",", ":")).encode())

    def _answer(self, path: str, progress: Progress, body: bytes | None) -> Answer:
        reply = self._transport.fetch(self._base + path, progress, body=body)
        if reply.status != 200:
            raise unusable("chain.status", source=self.speaker.name, status=reply.status)
        answer = reply.answer()
        if not answer.is_object or answer.get("Error") is not None:
            raise unusable("chain.rpc_error", source=self.speaker.name)
        return answer

    def _identified(self) -> Identified:
        if self._found is None:
            raise unusable("chain.not_probed", source=self.speaker.name)
        return self._found

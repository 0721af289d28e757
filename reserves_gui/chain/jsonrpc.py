"""JSON-RPC over HTTP: single calls and batches matched by id."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reserves_gui.chain.answers import Answer, is_unusable
from reserves_gui.chain.policy import host_of
from reserves_gui.chain.port import unusable
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import ReservesError
from reserves_gui.progress import Progress

Params = Sequence[object] | Mapping[str, object]
_BATCH = 50


class RpcError(ReservesError):
    """The server answered with an error object. ``number`` is its code, ``text`` the beginning of its words."""

    number: int
    text: str


def _rpc_error(source: str, answer: Answer) -> RpcError:
    number, text = 0, ""
    if isinstance(answer.value, dict):
        code, message = answer.value.get("code"), answer.value.get("message")
        if isinstance(code, str) and len(code) < 12 and code.lstrip("-").isdigit():
            number = int(code)
        text = str(message)[:300]
    plain = unusable("chain.rpc_error", source=source)
    error = RpcError(plain.code, plain.message)
    error.number, error.text = number, text
    return error


@dataclass(frozen=True, slots=True)
class Call:
    """One method and its parameters."""

    method: str
    params: Params


class JsonRpc:
    """One endpoint. ``authorization`` is a header value that never leaves this object but on the wire."""

    def __init__(self, url: str, source: str, transport: Transport, *, authorization: str | None = None) -> None:
        self.url = url
        self.host = host_of(url)
        self._source = source
        self._transport = transport
        self._headers = {} if authorization is None else {"Authorization": authorization}
        self._next = 0
        self._guard = threading.Lock()
        self._size = _BATCH

    def call(self, method: str, params: Params, progress: Progress, *, seconds: float | None = None) -> Answer:
        """The result of one call (which may be ``null``). Raises :class:`RpcError` for an error object."""
        number = self._number(1)
        answer = self._post(self._envelope(number, Call(method, params)), progress, seconds)
        if not answer.is_object:
            answer.refuse()
        return self._result(answer, number)

    def batch(self, calls: Sequence[Call], progress: Progress) -> list[Answer | ReservesError]:
        """Results in the order of ``calls``, whatever order they came in; only a call that failed is an error.

        Batches start at 50 and are halved while the server refuses them, down to single calls.
        """
        results: list[Answer | ReservesError] = []
        while len(results) < len(calls):
            part = calls[len(results) : len(results) + self._size]
            if len(part) == 1:
                results.append(self._single(part[0], progress))
                continue
            try:
                results.extend(self._together(part, progress))
            except ReservesError as error:
                if not is_unusable(error) or error.message.key not in (
                    "chain.status",
                    "chain.rpc_error",
                    "chain.batch",
                ):
                    raise
                self._size = max(1, min(self._size, len(part)) // 2)
        return results

    def _single(self, call: Call, progress: Progress) -> Answer | ReservesError:
        try:
            return self.call(call.method, call.params, progress)
        except ReservesError as error:
            if not is_unusable(error):
                raise
            return error

    def _together(self, part: Sequence[Call], progress: Progress) -> list[Answer | ReservesError]:
        first = self._number(len(part))
        answer = self._post([self._envelope(first + index, call) for index, call in enumerate(part)], progress, None)
        if answer.is_object:
            raise unusable("chain.batch", source=self._source)
        entries = answer.entries(len(part))
        if len(entries) == 1 and entries[0].get("error") is not None:
            # Some servers refuse a batch with one error, under the number of its first question.
            raise unusable("chain.batch", source=self._source)
        by_id: dict[int, Answer] = {}
        for entry in entries:
            identifier = entry.get("id")
            number = -1 if identifier is None else identifier.integer()
            if number in by_id:
                entry.refuse()
            by_id[number] = entry
        results: list[Answer | ReservesError] = []
        for index in range(len(part)):
            found = by_id.get(first + index)
            if found is None:
                results.append(unusable("chain.batch_missing", source=self._source))
                continue
            try:
                results.append(self._result(found, first + index))
            except ReservesError as error:
                results.append(error)
        return results

    def _number(self, count: int) -> int:
        with self._guard:
            first = self._next + 1
            self._next += count
            return first

    @staticmethod
    def _envelope(number: int, call: Call) -> dict[str, object]:
        params = dict(call.params) if isinstance(call.params, Mapping) else list(call.params)
        return {"jsonrpc": "2.0", "id": number, "method": call.method, "params": params}

    def _post(self, body: object, progress: Progress, seconds: float | None) -> Answer:
        data = json.dumps(body, separators=(",", ":")).encode()
        reply = self._transport.fetch(self.url, progress, body=data, headers=self._headers, seconds=seconds)
        if reply.status == 200:
            return reply.answer()
        if reply.status in (401, 403):
            raise unusable("chain.unauthorised", source=self._source)
        if reply.type.endswith("json") and reply.status in (400, 404, 500):
            # Bitcoin Core answers errors with status 500 (404 for an unknown method) and an error object.
            answer = reply.answer()
            if isinstance(body, dict) and answer.is_object and answer.get("error") is not None:
                return answer
        raise unusable("chain.status", source=self._source, status=reply.status)

    def _result(self, answer: Answer, number: int) -> Answer:
        error = answer.get("error")
        if error is not None:
            raise _rpc_error(self._source, error)
        if answer["id"].integer() != number or not isinstance(answer.value, dict) or "result" not in answer.value:
            answer.refuse()
        return Answer(answer.value["result"], "$.result")

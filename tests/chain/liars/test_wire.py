"""Answers that are no answers, of every kind of server: refused, waited for with manners, cut off; the run ends."""

import threading
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from reserves_gui import limits
from reserves_gui.errors import Cancelled
from reserves_gui.progress import Progress
from reserves_gui.services.balances import BalancesRequest, observe_balances
from reserves_gui.verdict import State
from tests.chain.conftest import secured
from tests.chain.faults import Fault
from tests.chain.honest import HONEST
from tests.chain.liars.kit import crowd, hosts, key_of, look, no_answers
from tests.chain.liars.lies import AMOUNT
from tests.chain.lines import line_server
from tests.chain.servers import serving

KINDS = list(AMOUNT)
_BODIES = {
    "10^5 brackets": Fault(body=b"[" * 100_000),
    "10^5 brackets under a key": Fault(body=b'{"id":1,"result":' + b'{"a":[' * 50_000),
    "no text": Fault(body=b"\xff\xfe\x00"),
    "two documents": Fault(body=b"{}{}"),
    "half a document": Fault(body=b'{"id":1,"result":'),
    "nothing": Fault(body=b""),
    "a number": Fault(body=b"1e400"),
    "a key twice": Fault(body=b'{"id":1,"id":1,"result":null}'),
    "a list": Fault(body=b"[]"),
    "an object": Fault(body=b"{}"),
    "another number": Fault(body=b'{"jsonrpc":"2.0","id":99999,"result":"0x1"}'),
}
_REFUSALS = {
    "redirect to another host": Fault(redirect="http://elsewhere.onion/"),
    "redirect to https": Fault(redirect="https://elsewhere.onion/"),
    "redirect to a file": Fault(redirect="file:///etc/hostname"),
    "redirect to itself": Fault(redirect="/"),
    "a web page": Fault(body=b"<html></html>", content_type="text/html"),
    "data as a web page": Fault(content_type="text/html"),
    "data as a picture": Fault(content_type="image/png"),
    "status 400": Fault(status=400),
    "status 401": Fault(status=401),
    "status 403": Fault(status=403),
    "status 404": Fault(status=404),
    "status 500": Fault(status=500),
    "status 501": Fault(status=501),
}
_KEYS = {
    "chain.redirect", "chain.answer_type", "chain.status", "chain.unauthorised", "chain.answer_json", "chain.answer_shape",
    "chain.lying", "chain.batch_missing", "chain.rpc_error",
}  # fmt: skip


# Refused by their status or target alone, which the first request shows for all.
_SEEN_ABOVE = (
    "redirect to https", "redirect to a file", "redirect to itself", "status 400", "status 403", "status 501",
    "10^5 brackets under a key", "two documents", "half a document",
)  # fmt: skip


def _faults(kind: str) -> dict[str, Fault]:
    return _BODIES if HONEST[kind].lines else {**_BODIES, **_REFUSALS}


def _left(kind: str) -> State:
    """What two rows with one public source come to."""
    return State.VERIFIED if kind == "evm-proof" else State.UNDECIDED


@pytest.mark.parametrize("kind", KINDS)
def test_a_host_of_which_no_answer_is_one_is_refused_at_its_first(kind: str, tmp_path: Path) -> None:
    faults = _faults(kind)
    with crowd(kind, list(faults.values())) as found:
        seen = look(kind, found, tmp_path)
        asked = {name: len(found[f"liar{number}"].log) for number, name in enumerate(faults)}
    assert asked == dict.fromkeys(faults, 1)
    for number in range(len(faults)):
        assert key_of(seen.source(f"liar{number}")["problem"]) in _KEYS
    assert (seen.state, seen.rows) == (_left(kind), {"single_source": 2})


@pytest.mark.parametrize("kind", KINDS)
def test_an_amount_that_is_no_answer_leaves_the_rows_one_source_less(kind: str, tmp_path: Path) -> None:
    faults = {name: replace(fault, path=AMOUNT[kind].label) for name, fault in _faults(kind).items()}
    for name in _SEEN_ABOVE:
        faults.pop(name, None)
    seen = no_answers(kind, faults, tmp_path, _KEYS)
    assert (seen.state, seen.rows) == (_left(kind), {"single_source": 2})


# Waiting -----------------------------------------------------------------------------------------------------------

_BUSY = {
    "429 with a wait": (Fault(status=429, retry_after="7", times=1), [7.0]),
    "429 without": (Fault(status=429, times=2), [1.0, 2.0]),
    "429 with too long a wait": (Fault(status=429, retry_after="86400", times=1), [limits.RETRY_AFTER_SECONDS]),
    "503 three times": (Fault(status=503, times=3), [1.0, 2.0, 4.0]),
    "a closed connection": (Fault(drop=True, times=2), [1.0, 2.0]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_busy_hosts_are_asked_again_after_their_waits_and_believed(kind: str, tmp_path: Path) -> None:
    busy = [one for one in _BUSY.values() if one[0].drop or not HONEST[kind].lines]
    with crowd(kind, [replace(fault, path=AMOUNT[kind].label) for fault, _ in busy]) as found:
        seen = look(kind, found, tmp_path)
    assert (seen.state, seen.rows) == (State.VERIFIED, {"agree": 2})
    assert sorted(seen.waited) == pytest.approx(sorted(wait for _, waits in busy for wait in waits))


@pytest.mark.parametrize("kind", KINDS)
def test_a_host_that_stays_busy_is_left_alone_and_the_run_ends(kind: str, tmp_path: Path) -> None:
    faults = [Fault(AMOUNT[kind].label, drop=True)]
    faults += (
        [] if HONEST[kind].lines else [Fault(AMOUNT[kind].label, status=status) for status in (429, 502, 503, 504)]
    )
    with crowd(kind, faults) as found:
        seen = look(kind, found, tmp_path)
        for number in range(len(faults)):
            asked = [one for one in found[f"liar{number}"].log if faults[number].applies(one.label)]
            assert len(asked) == limits.REQUEST_TRIES
            assert seen.why(f"liar{number}") <= {"chain.no_answer", "chain.resting"}
    assert (seen.state, seen.rows) == (_left(kind), {"single_source": 2})
    assert {1.0, 2.0, 4.0, 8.0} <= set(seen.waited)


# Limits ------------------------------------------------------------------------------------------------------------


def _floods(kind: str, size: int) -> list[Fault]:
    label = AMOUNT[kind].label
    if HONEST[kind].lines:
        return [Fault(label, endless=True), Fault(label, before=b'{"method":"x","params":[]}\n' * 50_000)]
    bombs = [Fault(label, gzip_bomb=size), Fault(label, gzip_bomb=size, encoding="gzip, gzip")]
    return [*bombs, Fault(label, endless=True), Fault(label, body_size=10 * 1024**3)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_flood_is_cut_off_with_memory_bounded(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All floods at once. The limit is the real one for one kind of each way of asking; the way is shared."""
    if kind not in ("esplora", "electrum", "evm"):
        monkeypatch.setattr(limits, "ANSWER_BYTES", 2 * limits.MIB)
    one = dict([next(iter(HONEST[kind].held.items()))])
    with crowd(kind, _floods(kind, 64 * limits.MIB)) as found:
        tracemalloc.start()
        seen = look(kind, found, tmp_path, held=one)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 100 * 10**6
    for name in found.hosts:
        assert seen.why(name) <= ({"chain.too_large", "chain.answer_shape"} if name != "honest" else set())
    assert (seen.state, seen.rows) == (_left(kind), {"single_source": 1})


@pytest.mark.parametrize("kind", KINDS)
def test_one_byte_a_second_is_cut_off(kind: str, tmp_path: Path) -> None:
    with hosts(kind, Fault(AMOUNT[kind].label, bytes_per_second=1)) as found:
        started = time.monotonic()
        seen = look(kind, found, tmp_path, names=("liar",), door={"answer_seconds": 0.25})
    assert time.monotonic() - started < 5
    assert seen.rows == {"unknown": 2}
    assert seen.why("liar") == {"chain.too_slow"}


@pytest.mark.parametrize("kind", KINDS)
def test_cancelling_ends_a_slow_answer_at_once_and_the_connections_are_gone(kind: str, tmp_path: Path) -> None:
    progress, when = Progress(), list[float]()
    with hosts(kind, Fault(AMOUNT[kind].label, bytes_per_second=25)) as found:

        def cancel() -> None:
            while not any(AMOUNT[kind].label in one.label or "/address/" in one.label for one in found["liar"].log):
                time.sleep(0.005)
            when.append(time.monotonic())
            progress.cancel()

        threading.Thread(target=cancel, daemon=True).start()
        with pytest.raises(Cancelled):
            look(kind, found, tmp_path, names=("liar",), progress=progress)
        while found["liar"].open_connections and time.monotonic() - when[0] < 2:
            time.sleep(0.005)
        assert found["liar"].open_connections == 0
        assert time.monotonic() - when[0] < 1


# TLS ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_made_by_oneself_is_refused(kind: str, tmp_path: Path, certificate: Path) -> None:
    honest = HONEST[kind]
    opened = (line_server if honest.lines else serving)(honest.make(), wrap=secured(certificate))
    path = tmp_path / "wallets.csv"
    path.write_text(f"chain,asset,address,amount\n{honest.chain},{honest.coin},{honest.addresses[0]},1\n")
    with opened as server:
        scheme = server.url.partition("://")[0] if honest.lines else honest.scheme + "s"
        source = replace(honest, scheme=scheme).source(f"127.0.0.1:{server.port}")
        verdict = observe_balances(BalancesRequest(files=(str(path),), sources=(source,)), Progress())
        assert server.log == []
    assert key_of(verdict.extra["sources"][0]["problem"]) == "chain.certificate"  # type: ignore[index]
    assert verdict.extra["rows"]["unknown"] == 1  # type: ignore[index]
    assert verdict.state is State.UNDECIDED

"""The door: what it refuses, how it waits, and that it can be shut at once."""

import itertools
import ssl
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from reserves_gui import limits
from reserves_gui.chain.pacing import Lane
from reserves_gui.chain.policy import Host, Policy, host_of, offline_by_environment
from reserves_gui.chain.transport import Budget, Transport
from reserves_gui.errors import Cancelled, ErrorCode, ReservesError
from reserves_gui.progress import Progress
from tests.chain.conftest import Waits, open_door, secured
from tests.chain.servers import Fault, Reply, json_reply, serving


def _plain(_method: str, _path: str, _body: bytes) -> Reply:
    return json_reply({"answer": 42})


def _reason(url: str, door: Transport, progress: Progress | None = None) -> str:
    with pytest.raises(ReservesError) as caught:
        door.fetch(url, progress or Progress())
    return caught.value.message.key


# Who may be contacted ----------------------------------------------------------------------------------------------


def test_nothing_is_contacted_offline_even_with_consent() -> None:
    with serving(_plain) as server:
        host = host_of(server.url)
        door = Transport(Policy(offline=True, consented=frozenset({host.authority})))
        assert _reason(server.url, door) == "chain.offline"
        assert server.log == []


def test_offline_is_the_default() -> None:
    assert Policy().offline


def test_nothing_is_contacted_without_consent_for_that_host_and_port() -> None:
    with serving(_plain) as server, serving(_plain) as other:
        door = open_door(other.url).transport
        assert _reason(server.url, door) == "chain.no_consent"
        assert server.log == []


@pytest.mark.parametrize(("value", "offline"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_the_environment_can_forbid_the_network(value: str, offline: bool) -> None:
    assert offline_by_environment({"RESERVES_OFFLINE": value}) is offline


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://example.org/api", "chain.url_plain"),
        ("http://192.168.1.4/api", "chain.url_plain"),
        ("tcp://example.org:50001", "chain.url_plain"),
        ("http://localhost.example.org", "chain.url_plain"),
        ("ftp://example.org", "chain.url"),
        ("https://", "chain.url"),
        ("https://host:99999/", "chain.url"),
        ("https://[::1", "chain.url"),
    ],
)
def test_addresses_that_can_never_be_used(url: str, key: str) -> None:
    with pytest.raises(ReservesError) as caught:
        host_of(url)
    assert caught.value.message.key == key


@pytest.mark.parametrize(
    ("url", "operator", "own"),
    [
        ("https://blockstream.info/api", "blockstream.info", False),
        ("https://a.b.mempool.space/api", "mempool.space", False),
        ("https://node.example.co.uk", "example.co.uk", False),
        ("http://127.0.0.1:3000", "127.0.0.1:3000", True),
        ("https://10.0.0.5", "10.0.0.5:443", True),
        ("https://8.8.8.8", "8.8.8.8:443", False),
        ("http://[::1]:3000", "[::1]:3000", True),
        ("http://abcdef.onion", "abcdef.onion", False),
    ],
)
def test_operators_are_told_apart_by_their_domain(url: str, operator: str, own: bool) -> None:
    host = host_of(url)
    assert (host.operator, host.own) == (operator, own)


def test_a_proxy_must_resolve_names_itself() -> None:
    with pytest.raises(ReservesError):
        Policy(proxy="socks5://127.0.0.1:9050")


def test_names_are_resolved_by_the_proxy() -> None:
    with serving(_plain) as proxy:
        url = "http://nosuchname.onion/blocks"
        policy = Policy(offline=False, consented=frozenset({host_of(url).authority}), proxy=proxy.url)
        with Transport(policy) as door:
            assert door.fetch(url, Progress()).status == 200
        assert [one.path for one in proxy.log] == ["http://nosuchname.onion/blocks"]


# Waiting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (Fault(status=429, retry_after="7", times=1), [7.0]),
        (Fault(status=429, times=2), [1.0, 2.0]),
        (Fault(status=503, times=3), [1.0, 2.0, 4.0]),
        (Fault(status=429, retry_after="999999", times=1), [limits.RETRY_AFTER_SECONDS]),
        (Fault(status=503, retry_after="rubbish", times=1), [1.0]),
        (Fault(status=503, retry_after="Tue, 15 Nov 2022 08:13:30 GMT", times=1), [10.0]),
        (Fault(drop=True, times=1), [1.0]),
    ],
)
def test_a_busy_server_is_asked_again_after_the_wait_it_wants(fault: Fault, waits: list[float]) -> None:
    clock = Waits()
    with serving(_plain) as server:
        server.faults.append(fault)
        door = open_door(server.url, clock=clock.clock(today=1_668_500_000.0)).transport
        assert door.fetch(server.url, Progress()).status == 200
    assert clock.waited == pytest.approx(waits)


def test_a_server_that_stays_busy_is_left_alone_for_ten_minutes() -> None:
    clock = Waits()
    with serving(_plain) as server:
        server.faults.append(Fault(status=500 + 3))
        door = open_door(server.url, clock=clock.clock()).transport
        assert _reason(server.url, door) == "chain.no_answer"
        assert len(server.log) == limits.REQUEST_TRIES
        server.faults.clear()
        assert _reason(server.url, door) == "chain.resting"
        clock.at += limits.HOST_REST_SECONDS
        assert door.fetch(server.url, Progress()).status == 200


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_refusal_is_not_asked_again(status: int) -> None:
    with serving(_plain) as server:
        server.faults.append(Fault(status=status))
        assert open_door(server.url).transport.fetch(server.url, Progress()).status == status
        assert len(server.log) == 1


def test_requests_to_a_public_host_are_spaced_and_one_at_a_time() -> None:
    clock = Waits()
    lane = Lane(Host("example.org", 443), clock.clock())
    starts = []
    for _ in range(4):
        lane.enter(Progress())
        starts.append(clock.at)
        lane.leave()
    assert [round(later - earlier, 3) for earlier, later in itertools.pairwise(starts)] == [0.25] * 3
    assert lane.width == 1
    assert Lane(Host("127.0.0.1", 1), clock.clock()).width == 8


def test_the_budget_of_a_run_is_kept_for_public_hosts() -> None:
    budget = Budget(2)
    public, own = Host("example.org", 443), Host("127.0.0.1", 80)
    for host in (public, own, own, public):
        budget.spend(host)
    with pytest.raises(ReservesError) as caught:
        budget.spend(public)
    assert caught.value.message.key == "chain.budget_run"


# Limits ------------------------------------------------------------------------------------------------------------


def test_ten_gigabytes_are_cut_off_with_memory_bounded() -> None:
    with serving(_plain) as server:
        server.faults.append(Fault(body_size=10 * 1024**3))
        tracemalloc.start()
        assert _reason(server.url, open_door(server.url).transport) == "chain.too_large"
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 100 * limits.MIB


def test_a_compressed_bomb_is_counted_as_it_unpacks() -> None:
    with serving(_plain) as server:
        server.faults.append(Fault(gzip_bomb=64 * limits.MIB))
        tracemalloc.start()
        assert _reason(server.url, open_door(server.url).transport) == "chain.too_large"
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 100 * limits.MIB


def test_floods_that_come_eight_at_once_are_held_one_at_a_time() -> None:
    """And after as many as a request has tries, the host is left alone."""
    with serving(_plain) as server:
        server.faults.append(Fault(endless=True))
        door = open_door(server.url).transport

        def asked(_number: int) -> str:
            return _reason(server.url, door)

        tracemalloc.start()
        said = list(door.gather(host_of(server.url), asked, range(24), Progress()))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 100 * 10**6
    assert set(said) == {"chain.too_large", "chain.resting"}
    assert limits.REQUEST_TRIES <= said.count("chain.too_large") <= limits.REQUEST_TRIES + 8


def test_a_host_whose_answers_never_end_is_left_alone() -> None:
    with serving(_plain) as server:
        server.faults.append(Fault(bytes_per_second=3))
        door = open_door(server.url, answer_seconds=0.05).transport
        said = [_reason(server.url, door) for _ in range(limits.REQUEST_TRIES + 3)]
    assert said == ["chain.too_slow"] * limits.REQUEST_TRIES + ["chain.resting"] * 3


def test_a_long_question_does_not_make_a_slow_answer_long() -> None:
    """A scan may take an hour to begin its answer, which then comes like any other."""
    with serving(_plain) as server:
        server.faults.append(Fault(bytes_per_second=3))
        door = open_door(server.url, answer_seconds=0.2).transport
        started = time.monotonic()
        with pytest.raises(ReservesError) as caught:
            door.fetch(server.url, Progress(), body=b"{}", seconds=3600)
    assert caught.value.message.key == "chain.too_slow"
    assert time.monotonic() - started < 2


def test_a_compressed_answer_is_read() -> None:
    with serving(_plain) as server:
        server.faults.append(Fault(gzip_bomb=1000))
        assert open_door(server.url).transport.fetch(server.url, Progress()).body == b" " * 1000


@pytest.mark.parametrize("fault", [Fault(bytes_per_second=3), Fault(delay=30)], ids=["drip", "stall"])
def test_a_slow_answer_is_cut_off(fault: Fault) -> None:
    with serving(_plain) as server:
        server.faults.append(fault)
        started = time.monotonic()
        assert _reason(server.url, open_door(server.url, answer_seconds=0.3).transport) == "chain.too_slow"
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("fault", [Fault(bytes_per_second=3), Fault(delay=30), Fault(status=429, retry_after="60")])
def test_cancelling_answers_at_once_and_drops_the_connection(fault: Fault) -> None:
    progress = Progress()
    with serving(_plain) as server:
        server.faults.append(fault)
        threading.Timer(0.2, progress.cancel).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            open_door(server.url).transport.fetch(server.url, progress)
        assert time.monotonic() - started < 0.6
        if fault.bytes_per_second:
            while server.open_connections and time.monotonic() - started < 2:
                time.sleep(0.01)
            assert server.open_connections == 0
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/", "https://elsewhere.example/", "file:///etc/hostname", "/again"]
)
def test_no_redirect_is_followed(target: str) -> None:
    with serving(_plain) as server:
        server.faults.append(Fault(redirect=target))
        assert _reason(server.url, open_door(server.url).transport) == "chain.redirect"
        assert len(server.log) == 1


@pytest.mark.parametrize("type_", ["text/html", "image/png", "application/octet-stream"])
def test_data_under_another_content_type_is_refused(type_: str) -> None:
    with serving(_plain) as server:
        server.faults.append(Fault(content_type=type_))
        reply = open_door(server.url).transport.fetch(server.url, Progress())
        with pytest.raises(ReservesError) as caught:
            reply.answer()
    assert caught.value.message.key == "chain.answer_type"


def test_a_host_that_is_not_there_is_said_at_once() -> None:
    started = time.monotonic()
    assert _reason("http://127.0.0.1:1/", open_door("http://127.0.0.1:1/").transport) == "chain.refused"
    assert time.monotonic() - started < 2


# TLS ---------------------------------------------------------------------------------------------------------------


def test_a_certificate_the_system_does_not_know_is_refused(certificate: Path) -> None:
    with serving(_plain, wrap=secured(certificate)) as server:
        assert _reason(server.url, open_door(server.url).transport) == "chain.certificate"
        assert server.log == []


def test_a_certificate_the_store_knows_is_accepted(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate / "pem"))
    with serving(_plain, wrap=secured(certificate)) as server:
        door = open_door(server.url, tls=trusting).transport
        assert door.fetch(server.url, Progress()).status == 200


def test_errors_of_the_door_are_source_unusable() -> None:
    with pytest.raises(ReservesError) as caught:
        Transport(Policy()).fetch("http://127.0.0.1:1/", Progress())
    assert caught.value.code is ErrorCode.SOURCE_UNUSABLE

"""Prices: asked for by names and times only, near in time or refused, small ones with an exponent, never a float."""

from decimal import Decimal
from pathlib import Path

import pytest

from reserves_gui.chain.chains import tokens
from reserves_gui.chain.price_sources import ask_prices, parse_price_source
from reserves_gui.chain.prices import Price, far_apart, price_file, price_names
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import Progress
from tests.chain.conftest import open_door
from tests.chain.price_servers import BITCOIN, ETHER, Llama, Mempool
from tests.chain.servers import Fault, serving

NOON = 1_793_404_800


def _price(usd: str) -> Price:
    return Price("BTC", NOON, Decimal(usd), "one")


def test_one_moment_is_one_request_for_all_assets(progress: Progress) -> None:
    with serving(Llama({BITCOIN: 60000.5, ETHER: 3000})) as server:
        door = open_door(server.url)
        source = parse_price_source(server.url)
        found, refused = ask_prices(source, {"BTC": [NOON], "ETH": [NOON], "NOPE": [NOON]}, door.transport, progress)
    assert [(one.asset, one.usd, one.time) for one in found] == [
        ("BTC", Decimal("60000.5"), NOON),
        ("ETH", Decimal(3000), NOON),
    ]
    assert [(one.asset, one.error.message.key) for one in refused] == [("NOPE", "chain.price_unknown")]
    assert [one.target for one in door.sent] == [f"prices/historical/{NOON}/coingecko:bitcoin,coingecko:ethereum"]
    assert not any(one.body for one in door.sent)


def test_many_moments_are_asked_for_in_few_requests(progress: Progress) -> None:
    times = [NOON + 86_400 * day for day in range(200)]
    with serving(Llama({BITCOIN: 60000})) as server:
        door = open_door(server.url)
        found, refused = ask_prices(parse_price_source(f"llama+{server.url}"), {"BTC": times}, door.transport, progress)
    assert [one.time for one in found] == times
    assert refused == []
    assert len(door.sent) == 3
    assert all(len(one.target) < 2048 for one in door.sent)


def test_a_small_price_keeps_its_exponent_exactly(progress: Progress) -> None:
    with serving(Llama({"coingecko:shiba-inu": 8.1e-06})) as server:
        door = open_door(server.url)
        found, _ = ask_prices(parse_price_source(server.url), {"SHIB": [NOON]}, door.transport, progress)
    assert found[0].usd == Decimal("0.0000081")


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (Llama({BITCOIN: 60000}, late=6 * 3600 + 1), "chain.price_old"),
        (Llama({BITCOIN: 60000}, confidence=0.89), "chain.price_confidence"),
        (Llama({BITCOIN: 0}), "chain.price_unknown"),
        (Llama({BITCOIN: -5}), "chain.price_unknown"),
        (Llama({}), "chain.price_unknown"),
    ],
)
@pytest.mark.parametrize("times", [[NOON], [NOON, NOON + 86_400]])
def test_stale_and_doubtful_prices_are_refused_with_the_reason(
    server: Llama, why: str, times: list[int], progress: Progress
) -> None:
    with serving(server) as running:
        door = open_door(running.url)
        found, refused = ask_prices(parse_price_source(running.url), {"BTC": times}, door.transport, progress)
    assert found == []
    assert {one.error.message.key for one in refused} == {why}
    assert [one.time for one in refused] == times


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=404),
        Fault(body=b"<html>"),
        Fault(body=b'{"coins": []}'),
        Fault(body=b'{"coins": {"coingecko:bitcoin": {"price": "60000", "timestamp": 1793404800}}}'),
        Fault(body=b'{"coins": {"coingecko:bitcoin": {"price": NaN, "timestamp": 1793404800}}}'),
        Fault(body=b'{"coins": {"coingecko:bitcoin": {"price": 1e999, "timestamp": 1793404800}}}'),
        Fault(body=b'{"coins": {"coingecko:bitcoin": {"price": 60000, "timestamp": 1793404800.5}}}'),
        Fault(redirect="http://127.0.0.1:1/"),
        Fault(content_type="text/html"),
    ],
)
def test_a_server_that_misbehaves_gives_no_price(fault: Fault, progress: Progress) -> None:
    with serving(Llama({BITCOIN: 60000})) as server:
        server.faults.append(fault)
        door = open_door(server.url)
        found, refused = ask_prices(parse_price_source(server.url), {"BTC": [NOON]}, door.transport, progress)
    assert found == []
    assert [one.error.code for one in refused] == [ErrorCode.SOURCE_UNUSABLE]


def test_the_history_of_an_esplora_server_is_asked_for_once_where_many_times_are_wanted(progress: Progress) -> None:
    hours = [NOON + 3600 * hour for hour in range(40)]
    with serving(Mempool(61000, NOON)) as server:
        door = open_door(server.url)
        source = parse_price_source(f"mempool+{server.url}/api")
        few, _ = ask_prices(source, {"BTC": [NOON + 60], "ETH": [NOON]}, door.transport, progress)
        many, refused = ask_prices(source, {"BTC": hours}, door.transport, progress)
    assert [(one.time, one.usd) for one in few] == [(NOON, Decimal(61000))]
    assert [one.time for one in many] == hours
    assert refused == []
    assert [one.target for one in door.sent] == [
        f"api/v1/historical-price?currency=USD&timestamp={NOON + 60}",
        "api/v1/historical-price?currency=USD",
    ]


def test_a_file_is_read_without_a_door(tmp_path: Path, progress: Progress) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(f"asset,time,price\nbtc,{NOON},60000\nBTC,{NOON + 90000},61000\n", encoding="utf-8")
    door = open_door()
    wanted = {"BTC": [NOON + 60, NOON + 45_000], "ETH": [NOON]}
    found, refused = ask_prices(parse_price_source(f"file:{path}"), wanted, door.transport, progress)
    assert [(one.time, one.usd, one.source) for one in found] == [(NOON, Decimal(60000), "file:prices.csv")]
    assert [(one.asset, one.error.message.key) for one in refused] == [
        ("BTC", "chain.price_old"),
        ("ETH", "chain.price_unknown"),
    ]
    assert door.sent == []


@pytest.mark.parametrize(
    "text", ["", "file:", "ftp://x", "esplora+https://x/api", "+https://x", "https://", "http://prices.example", "x"]
)
def test_a_source_that_can_never_be_used_is_refused_at_once(text: str) -> None:
    with pytest.raises(ReservesError) as refused:
        parse_price_source(text)
    assert refused.value.code is ErrorCode.SOURCE_UNUSABLE


@pytest.mark.parametrize("data", [b"", b"asset,price\n", b"\xff", b"asset,time,price\nBTC,noon,1\n", b"a,b\n1,2\n"])
def test_a_file_without_prices_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(data)
    with pytest.raises(ReservesError) as refused:
        price_file(path)
    assert refused.value.code is ErrorCode.SOURCE_UNUSABLE


@pytest.mark.parametrize(("one", "other", "apart"), [("100", "102", False), ("102.01", "100", True), ("1", "1", False)])
def test_two_percent_of_the_lower_one_is_the_limit(one: str, other: str, apart: bool) -> None:
    assert far_apart(_price(one), _price(other)) is apart


def test_every_token_that_is_looked_up_has_a_name_to_ask_its_price_by() -> None:
    assert {asset for _, asset in tokens()} <= price_names().keys()
    assert all(name.startswith("coingecko:") for name in price_names().values())

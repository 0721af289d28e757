"""CoinGecko as a source of prices: asked hour by hour, known by a key that goes nowhere but to it."""

import json
from decimal import Decimal
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from reserves_gui.chain.price_sources import ask_prices, parse_price_source
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import Progress
from reserves_gui.services.prices import KEY_VARIABLE, Pricing, get_prices, kept_price_source, with_key
from tests.chain.conftest import open_door
from tests.chain.price_servers import CoinGecko
from tests.chain.servers import Fault, Server, serving

NOON = 1_793_404_800
KEY = "CG-m4deUpF0rTests"
_HEADER = "x-cg-demo-api-key"
_PRICES = {"bitcoin": 60000.5, "ethereum": 3000}


class _Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring() -> _Ring:
    before, made = keyring.get_keyring(), _Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def _source(server: Server, user: str = "") -> str:
    scheme, _, rest = server.url.partition("://")
    return f"coingecko+{scheme}://{user}{rest}/api/v3"


def _keys(server: Server) -> list[str | None]:
    return [request.headers.get(_HEADER) for request in server.log]


def test_the_price_nearest_in_time_is_taken_and_the_key_goes_into_a_header(progress: Progress) -> None:
    with serving(CoinGecko(_PRICES)) as server:
        door = open_door(server.url)
        source = parse_price_source(_source(server, f"demo:{KEY}@"))
        wanted = {"BTC": [NOON + 60], "ETH": [NOON], "NOPE": [NOON]}
        found, refused = ask_prices(source, wanted, door.transport, progress)
    assert [(one.asset, one.usd, one.time) for one in found] == [
        ("BTC", Decimal("60000.5"), NOON),
        ("ETH", Decimal(3000), NOON),
    ]
    assert [(one.asset, one.error.message.key) for one in refused] == [("NOPE", "chain.price_unknown")]
    assert _keys(server) == [KEY, KEY]
    for told in (
        repr(source),
        source.name,
        *(one.target for one in door.sent),
        *(one.path for one in server.log),
        *(one.source for one in found),
    ):
        assert KEY not in told


def test_times_within_ninety_days_are_one_request(progress: Progress) -> None:
    times = [NOON + 86_400 * day for day in range(180)]
    with serving(CoinGecko(_PRICES)) as server:
        door = open_door(server.url)
        found, refused = ask_prices(parse_price_source(_source(server)), {"BTC": times}, door.transport, progress)
    assert [one.time for one in found] == times
    assert refused == []
    assert len(server.log) == 2
    assert _keys(server) == [None, None]


def test_a_coin_or_a_year_it_does_not_tell_is_refused_alone(progress: Progress) -> None:
    with serving(CoinGecko({"bitcoin": 5}, since=NOON - 86_400)) as server:
        door = open_door(server.url)
        wanted = {"BTC": [NOON - 100 * 86_400, NOON], "ETH": [NOON]}
        found, refused = ask_prices(parse_price_source(_source(server)), wanted, door.transport, progress)
    assert [(one.asset, one.time) for one in found] == [("BTC", NOON)]
    assert [(one.asset, one.time) for one in refused] == [("BTC", NOON - 100 * 86_400), ("ETH", NOON)]


_RUBBISH = {
    "no list": {"prices": 5},
    "texts": {"prices": [["1793404800000", "5"]]},
    "a price below zero": {"prices": [[NOON * 1000, -5]]},
    "times of the future": {"prices": [[10**18, 5]]},
    "no prices": {},
    "far away": {"prices": [[(NOON + 7 * 3600) * 1000, 5]]},
}


@pytest.mark.parametrize("name", _RUBBISH)
def test_what_is_no_price_is_none(name: str, progress: Progress) -> None:
    with serving(CoinGecko(_PRICES)) as server:
        server.faults.append(
            Fault(body=json.dumps(_RUBBISH[name]).encode(), content_type="application/json", status=200)
        )
        door = open_door(server.url)
        found, refused = ask_prices(parse_price_source(_source(server)), {"BTC": [NOON]}, door.transport, progress)
    assert found == []
    assert [one.asset for one in refused] == ["BTC"]


def test_a_key_that_fits_no_header_is_refused() -> None:
    for user in ("demo:a%0d%0aX-Other%3a b@", "demo:%c3%a4@"):
        with pytest.raises(ReservesError) as caught:
            parse_price_source(f"coingecko+https://{user}api.example/api/v3")
        assert caught.value.code is ErrorCode.SOURCE_UNUSABLE
        assert caught.value.message.key == "chain.price_key"


def test_the_key_of_the_keyring_is_kept_by_place(ring: _Ring) -> None:
    typed = f"coingecko+https://demo:{KEY}@api.example/api/v3"
    remembered = kept_price_source(typed)
    assert remembered == "coingecko+https://demo@api.example/api/v3"
    assert list(ring.kept.values()) == [KEY]
    assert with_key(remembered, {}).key == KEY
    assert with_key("coingecko+https://demo@other.example/api/v3", {}).key == ""
    assert kept_price_source(" https://coins.llama.fi ") == "https://coins.llama.fi"


def test_the_key_of_the_environment_goes_to_the_service_and_to_nobody_else(ring: _Ring) -> None:
    told = {KEY_VARIABLE: KEY}
    assert with_key("coingecko+https://api.coingecko.com/api/v3", told).key == KEY
    assert with_key("coingecko+http://127.0.0.1:8000/api/v3", told).key == KEY
    for other in ("https://api.coingecko.com.evil.example/api", "https://evil.example/api.coingecko.com/"):
        assert with_key(f"coingecko+{other}", told).key == ""
    assert with_key("https://coins.llama.fi", told).key == ""
    assert ring.kept == {}


def test_the_key_enters_no_store_and_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    with serving(CoinGecko(_PRICES)) as server:
        pricing = Pricing(sources=(_source(server),))
        got = get_prices(pricing, {"BTC": [NOON]}, Progress(), db=f"sqlite:///{tmp_path / 'store.sqlite'}")
        assert _keys(server) == [KEY]
    assert [one.usd for one in got.prices] == [Decimal("60000.5")]
    told = capsys.readouterr()
    assert KEY not in f"{told.out}{told.err}{got!r}{pricing!r}"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if KEY.encode() in path.read_bytes()]

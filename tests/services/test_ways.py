"""Through which proxy a run goes and into which store: what settings say, without losing a password to anybody."""

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path

import pytest

from reserves_gui.chain.proxies import TOR
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.gui.dialogs import proxy as proxy_dialog
from reserves_gui.messages import render
from reserves_gui.progress import Progress
from reserves_gui.services.examples import FIRST, example
from reserves_gui.services.keeping import has_store, open_store, store_url, usual_store
from reserves_gui.services.probed import policy_for
from reserves_gui.services.proxies import check_proxy, proxy_place
from reserves_gui.services.store_place import file_place, look_at_place, other_host, server_place
from reserves_gui.services.verify import VerifyRequest, verify_with_kept
from reserves_gui.services.ways import Place, change_place, put_password, split_password, use_ways, with_password
from tests.chain.proxy_servers import saying, socks_proxy
from tests.keyrings import Ring

PASSWORD = "p@ss/w:rd ü%"


def _proxy() -> str | None:
    return policy_for(("host.example:443",), offline=False, proxy=None).proxy


def _refused(work: Callable[[], object]) -> str:
    with pytest.raises(ReservesError) as caught:
        work()
    return caught.value.message.key


# The proxy


def test_a_run_goes_by_the_proxy_laid_down_unless_it_names_its_own() -> None:
    assert _proxy() is None
    use_ways(proxy="socks5h://127.0.0.1:9050", db="")
    assert _proxy() == "socks5h://127.0.0.1:9050"
    named = policy_for((), offline=False, proxy="http://127.0.0.1:3128").proxy
    assert named == "http://127.0.0.1:3128"


def test_what_started_before_keeps_the_way_it_began_with(tmp_path: Path) -> None:
    use_ways(proxy="socks5h://127.0.0.1:1", db=f"sqlite:///{tmp_path}/one")
    before = copy_context()
    use_ways(proxy="socks5h://127.0.0.1:2", db=f"sqlite:///{tmp_path}/two")
    assert before.run(lambda: (_proxy(), store_url(None))) == ("socks5h://127.0.0.1:1", f"sqlite:///{tmp_path}/one")
    assert (_proxy(), store_url(None)) == ("socks5h://127.0.0.1:2", f"sqlite:///{tmp_path}/two")


def test_the_password_comes_from_the_keyring_when_it_is_needed(ring: Ring) -> None:
    place = proxy_place("socks5h://proxy.example:1080", "me@home", PASSWORD)
    assert place.url == "socks5h://me%40home@proxy.example:1080"
    assert place.keep()
    assert list(ring.kept.values()) == [PASSWORD]
    use_ways(proxy=place.url, db="")
    assert _proxy() == place.full()
    assert split_password(_proxy() or "") == (place.url, PASSWORD)


def test_without_a_keyring_a_password_lives_in_this_run_only(tmp_path: Path) -> None:
    place = proxy_place("http://me:secret@proxy.example:3128")
    assert not place.keep()
    assert with_password(place.url) == "http://me:secret@proxy.example:3128"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"secret" in path.read_bytes()]
    assert change_place(place.url, None)
    assert with_password(place.url) == place.url


def test_a_password_is_forgotten_with_its_place(ring: Ring) -> None:
    one, two = proxy_place("http://me:one@h:1"), proxy_place("http://me:two@h:2")
    change_place("", one)
    change_place(one.url, two)
    assert list(ring.kept.values()) == ["two"]
    change_place(two.url, Place(url=two.url))
    assert with_password(two.url) == "http://me:two@h:2"
    change_place(two.url, None)
    assert ring.kept == {}


def test_a_place_shows_no_password() -> None:
    place = proxy_place("http://me:secret@proxy.example:3128")
    assert "secret" not in repr(place)
    assert "secret" not in place.url


@pytest.mark.parametrize("url", ["sqlite:////a@b/c", "http://h:1", "postgresql://@h/d", "file:PATH", "http://u:p@h"])
def test_what_has_no_user_or_a_password_already_is_left_alone(url: str) -> None:
    assert put_password(url, "x") == url


def test_a_password_needs_a_user() -> None:
    assert _refused(lambda: proxy_place("http://h:1", "", "x")) == "proxy.no_user"


def test_the_window_knows_where_tor_listens() -> None:
    assert proxy_dialog.TOR == TOR
    assert proxy_place(TOR) == Place(url=TOR)


def test_what_was_seen_of_a_proxy_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESERVES_OFFLINE")
    said = []
    with socks_proxy(account=("me", "pw")) as proxy, saying(b"HTTP/1.1 407 no\r\n\r\n") as http:
        for place in (
            proxy_place(proxy.url, "me", "pw"),
            proxy_place(proxy.url, "me", "no"),
            proxy_place(proxy.url),
            proxy_place(f"http://127.0.0.1:{http}"),
            proxy_place(f"socks5h://127.0.0.1:{http}"),
        ):
            usable, message = check_proxy(place, Progress(), lambda _host: None)
            said.append((usable, message.key.removeprefix("proxy.answer.")))
            assert all("127.0.0.1:" in render(message, language) for language in ("en", "de"))
    assert said == [
        (True, "ready_password"),
        (False, "password_refused"),
        (False, "password_wanted"),
        (False, "password_wanted"),
        (False, "other_socks"),
    ]


def test_offline_by_the_environment_no_other_computer_is_asked() -> None:
    told: list[str] = []
    place = proxy_place("socks5h://proxy.example:1080")
    assert _refused(lambda: check_proxy(place, Progress(), told.append)) == "chain.offline"
    assert told == []


# The store


def test_the_store_laid_down_counts_less_than_one_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (store_url(None), has_store(None)) == (usual_store(), False)
    use_ways(proxy="", db=file_place(str(tmp_path / "chosen")).url)
    assert (store_url(None), has_store(None)) == (f"sqlite:///{tmp_path / 'chosen'}", True)
    monkeypatch.setenv("RESERVES_DB", "sqlite:///of-this-start")
    assert store_url(None) == "sqlite:///of-this-start"
    assert store_url("sqlite:///named") == "sqlite:///named"


def test_a_database_is_taken_apart(ring: Ring) -> None:
    place = server_place("postgresql://me:pw@DB.example/kept?connect_timeout=3&password=other")
    assert place == Place(
        url="postgresql://me@DB.example/kept?connect_timeout=3", password="pw", host="db.example:5432"
    )
    place.keep()
    assert with_password(place.url) == "postgresql://me:pw@DB.example/kept?connect_timeout=3"
    assert server_place("postgresql://me@h/d?password=in+the+query").password == "in the query"
    assert server_place("postgresql://me:old@h/d", "typed").password == "typed"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgresql://me@127.0.0.1/d", None),
        ("postgresql://me@localhost:5433/d", None),
        ("postgresql://me@/d?host=/var/run/postgresql", None),
        ("postgresql:///d", None),
        ("postgresql+psycopg://me@db.example:5433/d", "db.example:5433"),
        ("postgresql://me@/d?host=db.example", "db.example:5432"),
        ("sqlite:////a/b", None),
        ("", None),
        ("postgresql:broken", None),
    ],
)
def test_another_computer_is_named_before_it_is_used(url: str, host: str | None) -> None:
    assert other_host(url) == host


@pytest.mark.parametrize(
    ("work", "key"),
    [
        (lambda: file_place("  "), "store.no_path"),
        (lambda: file_place("here.sqlite"), "store.no_path"),
        (lambda: server_place("mysql://a/b"), "store.no_server"),
        (lambda: server_place("somewhere"), "store.no_server"),
        (lambda: server_place("postgresql://h/d", "pw"), "store.no_user"),
    ],
)
def test_what_is_no_place_for_a_store_says_why(work: Callable[[], object], key: str) -> None:
    assert _refused(work) == key


def test_looking_at_the_usual_place_makes_nothing() -> None:
    assert look_at_place(None).key == "store.look.nothing"
    assert not has_store(None)
    with open_store(None):
        pass
    assert look_at_place(None).key == "store.look.current"


def test_a_database_that_is_away_costs_no_verdict() -> None:
    shown = example(FIRST)
    request = VerifyRequest(files=tuple(shown.files))
    before = verify_with_kept(request, Progress())
    use_ways(proxy="", db="postgresql://me@127.0.0.1:1/d")
    away = verify_with_kept(request, Progress())
    assert away.state is before.state
    (added,) = set(away.notes) - set(before.notes)
    assert added.key == "verify.without_kept"
    assert "OperationalError" in render(added)
    use_ways(proxy="", db="")
    with pytest.raises(ReservesError, match=r"input\.not_found"):
        verify_with_kept(replace(request, files=("nowhere",)), Progress())


def test_a_database_that_is_away_says_so_without_its_password() -> None:
    place = server_place("postgresql://me:s3cret@127.0.0.1:1/d")
    with pytest.raises(ReservesError) as caught:
        look_at_place(place)
    assert caught.value.code is ErrorCode.STORE_UNUSABLE
    assert "s3cret" not in str(caught.value)

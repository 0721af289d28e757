"""Proxies: what they say when they are asked themselves, and what goes through them."""

import socket
import ssl
import threading
from pathlib import Path

import pytest

from reserves_gui.chain.lines import LineLink
from reserves_gui.chain.policy import Policy, host_of
from reserves_gui.chain.proxies import ProxyAnswer, ask_proxy, parse_proxy
from reserves_gui.chain.transport import Transport
from reserves_gui.errors import Cancelled, ReservesError
from reserves_gui.progress import Progress
from tests.chain.conftest import secured
from tests.chain.proxy_servers import listening, saying, socks_proxy
from tests.chain.servers import Reply, json_reply, line_server, rpc, serving


def _plain(_method: str, _path: str, _body: bytes) -> Reply:
    return json_reply({"answer": 42})


def _through(url: str, proxy: str) -> Transport:
    return Transport(Policy(offline=False, consented=frozenset({host_of(url).authority}), proxy=proxy))


def _refusal(url: str) -> str:
    with pytest.raises(ReservesError) as caught:
        ask_proxy(url, Progress())
    return caught.value.message.key


# Asked itself


def test_a_socks_proxy_says_what_it_is_and_is_asked_for_nothing_else() -> None:
    with socks_proxy() as proxy:
        told: list[str] = []
        assert ask_proxy(proxy.url, Progress(), told=told.append) is ProxyAnswer.READY
    assert (proxy.greetings, proxy.asked) == (1, [])
    assert told == [f"127.0.0.1:{proxy.port}"]


def test_a_socks_proxy_with_an_account_wants_the_right_password() -> None:
    with socks_proxy(account=("me", "r:ght")) as proxy:
        assert ask_proxy(proxy.url, Progress()) is ProxyAnswer.PASSWORD_WANTED
        assert ask_proxy(proxy.url_for("me", "wrong"), Progress()) is ProxyAnswer.PASSWORD_REFUSED
        assert ask_proxy(proxy.url_for("me", "r%3Aght"), Progress()) is ProxyAnswer.READY
    assert proxy.given == [("me", "wrong"), ("me", "r:ght")]
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("answer", "kind", "user", "found"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", "http", "", ProxyAnswer.READY),
        (b"HTTP/1.1 405 Method Not Allowed\r\n\r\n", "http", "", ProxyAnswer.READY),
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "http", "", ProxyAnswer.PASSWORD_WANTED),
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "http", "me:no@", ProxyAnswer.PASSWORD_REFUSED),
        (b"HTTP/1.0 501 Tor is not an HTTP Proxy\r\n\r\n", "http", "", ProxyAnswer.OTHER),
        (b"220 mail.example ESMTP\r\n", "http", "", ProxyAnswer.OTHER),
        (b"", "http", "", ProxyAnswer.OTHER),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "socks5h", "", ProxyAnswer.OTHER),
        (b"\x05\x02", "socks5h", "", ProxyAnswer.OTHER),
        (b"\x05\xff", "socks5h", "me:no@", ProxyAnswer.PASSWORD_REFUSED),
    ],
)
def test_what_answers_is_told_apart(answer: bytes, kind: str, user: str, found: ProxyAnswer) -> None:
    with saying(answer) as port:
        assert ask_proxy(f"{kind}://{user}127.0.0.1:{port}", Progress()) is found


def test_an_http_proxy_is_asked_about_itself_and_told_not_to_pass_it_on() -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        heard.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    with listening(talk) as port:
        ask_proxy(f"http://me:s3cret@127.0.0.1:{port}", Progress())
    (question,) = heard
    assert question.startswith(b"OPTIONS * HTTP/1.1\r\n")
    assert b"\r\nMax-Forwards: 0\r\n" in question
    assert b"\r\nProxy-Authorization: Basic bWU6czNjcmV0\r\n" in question


def test_a_proxy_over_tls_must_have_a_certificate_this_system_knows(certificate: Path) -> None:
    with serving(_plain, wrap=secured(certificate)) as server:
        assert _refusal(f"https://127.0.0.1:{server.port}") == "chain.certificate"
        context = ssl.create_default_context(cafile=str(certificate / "pem"))
        assert ask_proxy(f"https://127.0.0.1:{server.port}", Progress(), tls=context) is ProxyAnswer.READY


def test_a_proxy_that_is_not_there_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert _refusal(f"socks5h://127.0.0.1:{port}") == "chain.refused"


def test_a_proxy_that_hangs_up_did_not_answer() -> None:
    with saying(b"\x05") as port:
        assert _refusal(f"socks5h://127.0.0.1:{port}") == "chain.no_answer"


@pytest.mark.parametrize("kind", ["http", "socks5h"])
def test_asking_a_silent_proxy_can_be_cancelled(kind: str) -> None:
    progress, hung_up = Progress(), threading.Event()

    def talk(connection: socket.socket) -> None:
        connection.recv(4096)
        progress.cancel()
        connection.recv(4096)
        hung_up.set()

    with listening(talk) as port:
        with pytest.raises(Cancelled):
            ask_proxy(f"{kind}://127.0.0.1:{port}", progress)
        assert hung_up.wait(5)


def test_a_silent_proxy_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reserves_gui.limits.PROXY_SECONDS", 0.2)
    leave = threading.Event()
    with listening(lambda _connection: leave.wait(20)) as port:
        assert _refusal(f"socks5h://127.0.0.1:{port}") == "chain.too_slow"
        leave.set()


@pytest.mark.parametrize(
    "url",
    ["", "socks5://h:1", "socks4://h", "ftp://h", "http://", "http://h:99999", "http://h/p", "h:9050", "http://h?x"],
)
def test_what_is_no_proxy(url: str) -> None:
    with pytest.raises(ReservesError) as caught:
        parse_proxy(url)
    assert caught.value.message.key == "chain.proxy"


def test_a_proxy_never_shows_its_password() -> None:
    proxy = parse_proxy("socks5h://me:s3cret@proxy.example")
    assert (proxy.user, proxy.password, proxy.url) == ("me", "s3cret", "socks5h://proxy.example:1080")
    assert "s3cret" not in repr(proxy)


# Asked for others


def test_a_socks_proxy_looks_names_up() -> None:
    url = "http://nosuchname.onion/blocks"
    with (
        serving(_plain) as server,
        socks_proxy({"nosuchname.onion": server.port}, account=("me", "pw")) as proxy,
        _through(url, proxy.url_for("me", "pw")) as door,
    ):
        assert door.fetch(url, Progress()).status == 200
    assert proxy.asked == [("nosuchname.onion", 80)]
    assert server.log[0].path == "/blocks"


def test_electrum_goes_through_a_socks_proxy() -> None:
    url = "tcp://nosuchname.onion:50001"
    with (
        line_server(rpc(lambda _method, _parameters: ["x", "1.4"])) as server,
        socks_proxy({"nosuchname.onion": server.port}) as proxy,
        _through(url, proxy.url) as door,
    ):
        link = LineLink(door, url, Progress())
        link.send(b'{"id": 1, "method": "server.version", "params": []}', Progress())
        assert b"1.4" in link.receive(Progress())
    assert proxy.asked == [("nosuchname.onion", 50001)]


def test_this_computer_is_asked_directly_whatever_the_proxy() -> None:
    with serving(_plain) as server, socks_proxy() as proxy, _through(server.url, proxy.url) as door:
        assert door.fetch(server.url, Progress()).status == 200
    assert proxy.greetings == 0


def test_electrum_is_not_asked_through_an_https_proxy_and_no_password_leaves() -> None:
    url, heard = "tcp://nosuchname.onion:50001", threading.Event()
    with listening(lambda _connection: heard.set()) as port, _through(url, f"https://me:pw@127.0.0.1:{port}") as door:
        with pytest.raises(ReservesError) as caught:
            LineLink(door, url, Progress())
        assert caught.value.message.key == "chain.proxy_lines"
        assert not heard.is_set()


def test_an_https_proxy_of_an_unknown_certificate_is_told_nothing(certificate: Path) -> None:
    url = "http://nosuchname.onion/blocks"
    with serving(_plain, wrap=secured(certificate)) as proxy:
        with _through(url, f"https://me:s3cret@127.0.0.1:{proxy.port}") as door, pytest.raises(ReservesError) as caught:
            door.fetch(url, Progress())
        assert caught.value.message.key == "chain.certificate"
        assert proxy.log == []

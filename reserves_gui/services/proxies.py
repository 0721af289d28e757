"""The proxy of the window's settings: what was typed taken apart, and asked itself whether it answers."""

from collections.abc import Callable
from urllib.parse import quote

from reserves_gui.chain.policy import offline_by_environment
from reserves_gui.chain.port import unusable
from reserves_gui.chain.proxies import TOR, ProxyAnswer, ask_proxy, parse_proxy
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.progress import Progress
from reserves_gui.services.ways import Place

__all__ = ["TOR", "check_proxy", "proxy_place"]


def proxy_place(url: str, user: str = "", password: str = "") -> Place:
    """A proxy as typed; user and password may stand in the URL, too. Raises ``usage``."""
    proxy = parse_proxy(url)
    user, password = user.strip() or proxy.user, password or proxy.password
    if password and not user:
        raise ReservesError(ErrorCode.USAGE, say("proxy.no_user"))
    place = f"{quote(user, safe='')}@{proxy.host.authority}" if user else proxy.host.authority
    return Place(
        url=f"{proxy.kind}://{place}",
        password=password,
        host=None if proxy.host.loopback else proxy.host.authority,
    )


def check_proxy(place: Place, progress: Progress, told: Callable[[str], None]) -> tuple[bool, Message]:
    """Whether it can be used, and what was seen; only the proxy is contacted. Raises ``source.*`` and ``cancelled``."""
    if place.host is not None and offline_by_environment():
        raise unusable("chain.offline", host=place.host)
    proxy = parse_proxy(place.full())
    answer = ask_proxy(place.full(), progress, told=told)
    kind = "socks" if proxy.kind == "socks5h" else "http"
    with_word = answer is ProxyAnswer.READY and bool(proxy.user) and kind == "socks"
    key = f"proxy.answer.{answer.value}_{kind}" if answer in {ProxyAnswer.READY, ProxyAnswer.OTHER} else ""
    key = "proxy.answer.ready_password" if with_word else key or f"proxy.answer.{answer.value}"
    return answer is ProxyAnswer.READY, say(key, host=proxy.host.authority)

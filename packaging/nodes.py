#!/usr/bin/env python3
"""Real nodes for the tests: installs them into one folder outside the sources, starts and stops them.

    python3 packaging/nodes.py install      install what is missing, start each once, print the versions as JSON
    python3 packaging/nodes.py check        start each once, print the versions as JSON

Standard library only. Safe to run twice. The folder is `.nodes` beside the sources, or RESERVES_NODES. Everything is
bound to 127.0.0.1 on free ports, runs in a process group of its own and is stopped by its own process id.
"""

import base64
import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "packaging" / "nodes"
FOLDER = Path(os.environ.get("RESERVES_NODES", ROOT / ".nodes"))
ELECTRUMX_VENV = FOLDER / "electrumx"
NPM = FOLDER / "npm"
MULTICALL = FOLDER / "multicall3.hex"
MULTICALL_PACKAGE = "multicall==0.15.2"
PLATFORM_OF_HASHES = ("3.11", "Linux", "x86_64")
USER, PASSWORD = "u", "p"
START_SECONDS = 30
# Past times only: a node that is told a future time refuses its own blocks after a restart.
FIRST_TIME = 1_668_400_000


@dataclass(frozen=True)
class Node:
    """A started node: its main port, a second one where it has two, and its process."""

    port: int
    other_port: int
    process: subprocess.Popen[bytes]


def main() -> int:
    """Run one verb."""
    verb = sys.argv[1] if len(sys.argv) == 2 else ""
    if verb not in ("install", "check"):
        print(__doc__)
        return 2
    if verb == "install":
        install()
    missing = {name: reason for name, reason in reasons().items() if reason}
    print(json.dumps({"versions": versions(), "missing": missing}))
    return 1 if missing else 0


# Installing ---------------------------------------------------------------------------------------------------------


def install() -> None:
    """Everything that is missing, in the order: system packages, ElectrumX, npm packages, the Multicall3 code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {"litecoind": "litecoind", "node": "nodejs", "npm": "npm"}
    missing = [package for program, package in wanted.items() if not shutil.which(program)]
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        missing.append("postgresql")
    if missing:
        _apt(missing)
    for step in (_install_electrumx, _install_npm, _install_multicall):
        try:
            step()
        except (OSError, subprocess.SubprocessError, KeyError, ValueError) as error:
            print(f"{step.__name__.removeprefix('_install_')}: not installed ({type(error).__name__})", file=sys.stderr)


def _apt(packages: list[str]) -> None:
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        return
    if os.name != "posix" or os.geteuid() != 0:
        print(f"Missing for the tests with real nodes: sudo {' '.join(command)}", file=sys.stderr)
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet, stdout=subprocess.DEVNULL)
    subprocess.run(command, check=False, env=quiet, stdout=subprocess.DEVNULL)


def _install_electrumx() -> None:
    """A virtual environment of its own: it pins a library that others need newer."""
    lock = HERE / "electrumx.txt"
    stamp = ELECTRUMX_VENV / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == _digest(lock):
        return
    shutil.rmtree(ELECTRUMX_VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(ELECTRUMX_VENV)], check=True)
    pip = [str(ELECTRUMX_VENV / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    here = (".".join(platform.python_version_tuple()[:2]), platform.system(), platform.machine())
    if here == PLATFORM_OF_HASHES:
        subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
    else:
        numbers = re.sub(r" --hash=\S+", "", lock.read_text(encoding="utf-8"))
        plain = FOLDER / "electrumx.txt"
        plain.write_text(numbers, encoding="utf-8")
        subprocess.run([*pip, "-r", str(plain)], check=True)
    stamp.write_text(_digest(lock), encoding="utf-8")


def _install_npm() -> None:
    """bcoin, anvil and the token contract, by the lock file with its hashes; no install scripts run."""
    lock = HERE / "package-lock.json"
    stamp = NPM / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == _digest(lock):
        return
    NPM.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, NPM / name)
    # Not `npm ci`: it insists on the packages of the other platforms, which not every registry carries.
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, check=True, cwd=NPM, stdout=subprocess.DEVNULL)
    stamp.write_text(_digest(lock), encoding="utf-8")


def _install_multicall() -> None:
    """The run-time code of Multicall3 from a published package; the tests check its Keccak hash before they use it."""
    if MULTICALL.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "-d", folder, MULTICALL_PACKAGE], check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            source = wheel.read("multicall/constants.py").decode("utf-8")
    found = re.search(r"MULTICALL3_BYTECODE[^\"']*[\"']0x([0-9a-f]+)", source)
    if found is None:
        raise ValueError("no code in the package")
    MULTICALL.write_text(found[1], encoding="ascii")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def anvil_program() -> Path | None:
    """The anvil program of this platform, if it is installed."""
    found = sorted(NPM.glob("node_modules/@foundry-rs/anvil-*/bin/anvil*"))
    return found[0] if found else None


def reasons() -> dict[str, str]:
    """Per node why it cannot be started; empty text if it can."""
    return {
        "litecoind": "" if shutil.which("litecoind") else "litecoind is not installed",
        "electrumx": "" if (ELECTRUMX_VENV / "installed").exists() else "ElectrumX is not installed",
        "bcoin": "" if shutil.which("node") and (NPM / "installed").exists() else "bcoin is not installed",
        "anvil": "" if anvil_program() is not None else "anvil is not installed",
        "multicall": "" if MULTICALL.exists() else "the Multicall3 code is not installed",
    }


def versions() -> dict[str, str]:
    """Each node started once and asked for its version."""
    found: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        ready = {name for name, reason in reasons().items() if not reason}
        if "litecoind" in ready:
            litecoin = stack.enter_context(litecoind())
            found["litecoind"] = str(bitcoin_rpc(litecoin.port, "getnetworkinfo")["subversion"])
            if "electrumx" in ready:
                bitcoin_rpc(litecoin.port, "generatetoaddress", 1, bitcoin_rpc(litecoin.port, "getnewaddress"))
                server = stack.enter_context(electrumx(litecoin.port))
                found["electrumx"] = str(ask_line(server.port, "server.version", ["check", "1.4"])[0])
        if "bcoin" in ready:
            found["bcoin"] = str(get_json(stack.enter_context(bcoin()).port, "/")["version"])
        if "anvil" in ready:
            found["anvil"] = str(json_rpc(stack.enter_context(anvil()).port, "web3_clientVersion"))
    return found


# Starting -----------------------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def litecoind() -> Iterator[Node]:
    """Litecoin Core on its regression test chain, mock time at FIRST_TIME. ``port``: RPC."""
    with tempfile.TemporaryDirectory(prefix="ltc") as folder:
        port = free_port()
        # The extension block would activate at height 432 and stop generatetoaddress.
        command = [
            "litecoind", "-regtest", f"-datadir={folder}", "-server=1", f"-rpcuser={USER}", f"-rpcpassword={PASSWORD}",
            f"-rpcport={port}", "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1", "-listen=0", "-dnsseed=0", "-discover=0",
            "-upnp=0", "-fallbackfee=0.0001", "-txindex=1", "-printtoconsole=0", "-vbparams=mweb:-2:0",
            f"-mocktime={FIRST_TIME}",
        ]  # fmt: skip
        with _running(command, {}, lambda: bitcoin_rpc(port, "getblockcount")) as process:
            bitcoin_rpc(port, "createwallet", "tests")
            yield Node(port, 0, process)


@contextlib.contextmanager
def electrumx(daemon_port: int) -> Iterator[Node]:
    """ElectrumX over a litecoind with at least one block. ``port``: the Electrum protocol over TCP."""
    with tempfile.TemporaryDirectory(prefix="ex") as folder:
        port, control = free_port(), free_port()
        environment = {
            "COIN": "Litecoin", "NET": "regtest", "DB_DIRECTORY": folder, "ALLOW_ROOT": "1",
            "DAEMON_URL": f"http://{USER}:{PASSWORD}@127.0.0.1:{daemon_port}/",
            "SERVICES": f"tcp://127.0.0.1:{port},rpc://127.0.0.1:{control}",
            "PEER_DISCOVERY": "off", "PEER_ANNOUNCE": "", "COST_SOFT_LIMIT": "0", "COST_HARD_LIMIT": "0",
        }  # fmt: skip
        command = [str(ELECTRUMX_VENV / "bin" / "python"), str(ELECTRUMX_VENV / "bin" / "electrumx_server")]
        with _running(command, environment, lambda: ask_line(port, "server.version", ["check", "1.4"])) as process:
            yield Node(port, control, process)


@contextlib.contextmanager
def bcoin() -> Iterator[Node]:
    """A Bitcoin regression test chain with main-network addresses. ``port``: node, ``other_port``: wallet."""
    port, wallet = free_port(), free_port()
    environment = {
        "NODE_BACKEND": "js", "NODE_KEY": PASSWORD, "NODE_PORT": str(port), "WALLET_PORT": str(wallet),
        "NODE_PATH": str(NPM / "node_modules"),
    }  # fmt: skip
    command = ["node", str(HERE / "bcoin.js")]
    with _running(command, environment, lambda: get_json(wallet, "/wallet/primary")) as process:
        yield Node(port, wallet, process)


@contextlib.contextmanager
def anvil(*, chain_id: int = 31337) -> Iterator[Node]:
    """An EVM node with archive state."""
    port = free_port()
    command = [
        str(anvil_program()), "--host", "127.0.0.1", "--port", str(port), "--silent", "--chain-id", str(chain_id),
        "--timestamp", str(FIRST_TIME),
    ]  # fmt: skip
    with _running(command, {}, lambda: json_rpc(port, "eth_chainId")) as process:
        yield Node(port, 0, process)


@contextlib.contextmanager
def _running(
    command: list[str], environment: Mapping[str, str], ready: Callable[[], object]
) -> Iterator[subprocess.Popen[bytes]]:
    """The process, once ``ready`` answers; stopped at the end, whatever happened in between."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                ready()
                break
            except (OSError, ValueError, KeyError, RuntimeError):
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{Path(command[0]).name} did not start") from None
                time.sleep(0.05)
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group by their own id."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
            return


# Asking -------------------------------------------------------------------------------------------------------------


def post_json(port: int, path: str, body: object, *, user: str = "") -> object:
    """POST a JSON body to a node of this computer."""
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    return _http(urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers), user)


def get_json(port: int, path: str) -> dict[str, object]:
    """GET from a bcoin node or wallet."""
    return _http(urllib.request.Request(f"http://127.0.0.1:{port}{path}"), f"x:{PASSWORD}")  # type: ignore[return-value]


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _http(request: urllib.request.Request, user: str) -> object:
    if user:
        request.add_header("Authorization", "Basic " + base64.b64encode(user.encode()).decode())
    try:
        with _DIRECT.open(request, timeout=30) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        text = error.read().decode("utf-8", "replace")
        raise RuntimeError(f"status {error.code}: {text[:300]}") from None


def json_rpc(port: int, method: str, *params: object, user: str = "") -> object:
    """One JSON-RPC call; raises RuntimeError for an error answer."""
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
    answer = post_json(port, "/", body, user=user)
    if not isinstance(answer, dict) or answer.get("error"):
        raise RuntimeError(str(answer)[:300])
    return answer["result"]


def bitcoin_rpc(port: int, method: str, *params: object) -> dict[str, object]:
    """One call to litecoind."""
    return json_rpc(port, method, *params, user=f"{USER}:{PASSWORD}")  # type: ignore[return-value]


def ask_line(port: int, method: str, params: list[object]) -> list[object]:
    """One call of a line protocol."""
    with socket.create_connection(("127.0.0.1", port), 5) as connection, connection.makefile("rwb") as stream:
        stream.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n")
        stream.flush()
        line = stream.readline()
    if not line:
        raise OSError("closed")
    return json.loads(line)["result"]  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main())

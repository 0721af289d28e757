"""Time stamps: only a blinded hash leaves, a proof leads to a block or says that it does not, damage is found."""

import hashlib
import json
from pathlib import Path

import pytest

from reserves_gui.chain.policy import Policy
from reserves_gui.chain.transport import Sent, Transport
from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.progress import silent
from reserves_gui.services.keeping import shown_time
from reserves_gui.services.timestamps import Asking, check_stamp, stamp_file, upgrade_stamp
from reserves_gui.trust.opentimestamps import MAGIC, PROOF_BYTES, Pending, proof_path, read_proof, upgraded
from reserves_gui.verdict import State
from tests.chain.ledger import Facade, MemoryLedger
from tests.chain.servers import Reply, serving
from tests.services.calendar_server import HEIGHT, Calendar, in_block, path_into, pending

# Written by the reference library (python-opentimestamps 0.4.5) over SHA-256("abc"), with every operation and a fork.
REFERENCE = bytes.fromhex(
    "004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e892940108ba7816bf8f01cfea414140de5dae2223b0"
    "0361a396177a9cb410ff61f20015adf0107878787878787878787878787878787808ff0083dfe30d2ef90c8e141368747470"
    "733a2f2f622e6578616d706c652f78ff02670006869a0d73d71b450387ad4bf10279790308ff000588960d73d7190103f7ef"
    "150083dfe30d2ef90c8e121168747470733a2f2f612e6578616d706c65"
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    path.write_bytes(b'{"a report of": "mine"}')
    return path


def test_from_a_stamp_to_a_block(report: Path) -> None:
    calendar, sent = Calendar(), list[Sent]()

    def door(policy: Policy) -> Transport:
        return Transport(policy, record=sent.append)

    with serving(calendar) as server:
        calendar.url = server.url
        place = stamp_file(report, server.url, Asking(), silent(), door=door)
        assert place == proof_path(report)
        waiting = check_stamp(report, None, Asking(), silent())
        assert (waiting.state, waiting.pending) == (State.UNDECIDED, (server.url,))
        assert upgrade_stamp(report, server.url, Asking(), silent(), door=door) is False
        calendar.complete = True
        assert upgrade_stamp(report, server.url, Asking(), silent(), door=door) is True
        source = Asking(sources=(f"esplora+{server.url}",))
        checked = check_stamp(report, None, source, silent(), door=door)
        assert checked.state is State.VERIFIED, checked.findings
        assert checked.height == HEIGHT
        assert checked.time == shown_time(1_668_400_000 + HEIGHT * 600)
        assert check_stamp(report, None, Asking(), silent()).state is State.UNDECIDED
        # Another chain with the same height: the root is not there.
        other = MemoryLedger(salt="another")
        other.mine(count=8)
        calendar.chain = Facade(other)
        assert check_stamp(report, None, source, silent(), door=door).state is State.FAILED
    # 32 bytes were sent, and they are neither the file nor its hash.
    digest = hashlib.sha256(report.read_bytes()).digest()
    stamped = [one for one in sent if one.method == "POST"]
    assert [len(one.body) for one in stamped] == [32]
    for one in sent:
        assert digest not in one.body
        assert digest.hex() not in one.target
        assert b"mine" not in one.body


def test_a_proof_of_the_reference_library_is_read_as_it_reads_it() -> None:
    found = read_proof(REFERENCE)
    assert found.digest == hashlib.sha256(b"abc").digest()
    assert {(one.chain, one.height, one.root.hex()) for one in found.blocks} == {
        ("bitcoin", 358_391, "8a3fa329df12c59da4c3d5f268936a6e5c42734d3ec6fdc7959afaf6028ea07c"),
        ("litecoin", 1_234_567, "c09478261d23d33aabade0bd99662c0088c2dfaa8ae30241c8e87c5128453591"),
    }
    promises = {one.calendar: one for one in found.pending}
    assert promises.keys() == {"https://a.example", "https://b.example/x"}
    assert promises["https://b.example/x"].commitment.hex() == (
        "e4e9622c728187c8e884273e96727267d66e053c46010649d7b8e8b617348a3e"
    )
    # A promise kept: the same file with a block in its place, everything else as it was.
    kept = read_proof(upgraded(REFERENCE, promises["https://b.example/x"], b"\x08" + in_block(7)))
    assert len(kept.blocks) == 3
    assert [one.calendar for one in kept.pending] == ["https://a.example"]


def test_a_time_stamp_of_other_bytes_fails(report: Path) -> None:
    _write_completed(report)
    report.write_bytes(report.read_bytes() + b" ")
    checked = check_stamp(report, None, Asking(), silent())
    assert checked.state is State.FAILED
    assert checked.findings[0].key == "stamp.other_file"


def _write_completed(report: Path) -> MemoryLedger:
    digest = hashlib.sha256(report.read_bytes()).digest()
    path, ledger = path_into(digest)
    proof_path(report).write_bytes(MAGIC + b"\x01\x08" + digest + b"\xff" + pending("https://calendar.example") + path)
    return ledger


def test_no_flipped_bit_of_a_proof_leads_to_the_block(report: Path) -> None:
    ledger = _write_completed(report)
    whole = proof_path(report).read_bytes()
    root = ledger.headers[HEIGHT][36:68]
    start = whole.index(b"calendar.example") + len("calendar.example")
    for at in range(start, len(whole)):
        for bit in range(8):
            changed = whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :]
            try:
                blocks = read_proof(changed).blocks
            except ReservesError:
                continue
            assert not any(one.root == root and one.height == HEIGHT and one.chain == "bitcoin" for one in blocks), at


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", ErrorCode.FORMAT_SHAPE),
        (MAGIC, ErrorCode.FORMAT_SHAPE),
        (MAGIC + b"\x02\x08" + bytes(32), ErrorCode.FORMAT_NEWER),
        (MAGIC + b"\x01\x02" + bytes(20), ErrorCode.FORMAT_NEWER),
        (MAGIC + b"\x01\x08" + bytes(32) + b"\x99", ErrorCode.FORMAT_NEWER),
        (MAGIC + b"\x01\x08" + bytes(32) + b"\x08" * 100, ErrorCode.FORMAT_SHAPE),
        (MAGIC + b"\x01\x08" + bytes(32) + b"\x08" * 20_000, ErrorCode.LIMIT_ENTRIES),
        (MAGIC + b"\x01\x08" + bytes(32) + b"\xff\x08" * 20_000, ErrorCode.LIMIT_ENTRIES),
        (MAGIC + b"\x01\x08" + bytes(32) + b"\xf3" * 50, ErrorCode.FORMAT_SHAPE),
        (MAGIC + b"\x01\x08" + bytes(32) + b"\xf0\xff\xff\xff\xff\xff\xff", ErrorCode.FORMAT_SHAPE),
        (MAGIC + b"\x01\x08" + bytes(32) + b"\xf3" + in_block(3), ErrorCode.FORMAT_SHAPE),
        (MAGIC + b"\x01\x08" + bytes(32) + in_block(3) + b"more", ErrorCode.FORMAT_SHAPE),
        (bytes(PROOF_BYTES + 1), ErrorCode.LIMIT_SIZE),
    ],
)
def test_hostile_proofs_end_cleanly(data: bytes, code: ErrorCode) -> None:
    with pytest.raises(ReservesError) as caught:
        read_proof(data)
    assert caught.value.code is code


def test_a_calendar_that_answers_nonsense_changes_nothing(report: Path) -> None:
    for answer in (b"", b"<html>", b"\x08", pending("https://x.example") + b"\x00"):
        with serving(lambda _m, _p, _b, answer=answer: Reply(200, answer, "text/plain")) as server:
            with pytest.raises(ReservesError):
                stamp_file(report, server.url, Asking(), silent())
            assert not proof_path(report).exists()
    promise = Pending("https://x.example", bytes(32), (0, 1))
    for answer in (b"", pending("https://x.example"), b"\xff" + in_block(1) + in_block(1)):
        with pytest.raises(ReservesError):
            upgraded(bytes(10), promise, answer)


def test_offline_and_plain_addresses_contact_nothing(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["timestamp", "stamp", str(report), "--calendar", "https://calendar.example"]) == 3
    assert "source.unusable" in capsys.readouterr().err
    for url in ("http://calendar.example", "ftp://x", "nonsense"):
        assert main(["timestamp", "stamp", str(report), "--calendar", url]) == 2
    assert main(["timestamp", "check", str(report)]) == 2
    _write_completed(report)
    capsys.readouterr()
    assert main(["timestamp", "check", str(report), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["pending"] == ["https://calendar.example"]
    assert main(["timestamp", "check", str(report), "--source", "esplora+https://source.example"]) == 3
    assert main(["timestamp", "check", str(report), "--source", "esplora+http://source.example"]) == 2
    assert main(["timestamp", "stamp", str(report), "--calendar", "https://calendar.example"]) == 2
    assert main(["timestamp", "upgrade", str(report), "--calendar", "https://other.example"]) == 2

"""Signed heads of root logs, and a friend's log that does not extend the copy taken over before."""

import json
from pathlib import Path
from typing import Self

import pytest

from reserves_gui.cli.main import main
from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.services.history_book import log_head
from reserves_gui.services.keeping import data_folder, root_log
from reserves_gui.services.log_comparing import Relation, compare_log, import_log
from reserves_gui.services.log_heads import Signed, kept_heads
from reserves_gui.services.root_logs import check_proof, export_log, head_line, prove_entry
from reserves_gui.services.signing import export_public_key, make_report_key, ready_signer, replace_report_key
from reserves_gui.trust.root_log import HEAD_NAME, LOG_NAME, LogEntry, parse_checkpoint
from reserves_gui.verdict import State

NOW = 1_795_000_000


def _see(*roots: str, snapshot: str = "s1") -> None:
    log = root_log()
    for root in roots:
        log.append(
            LogEntry(
                exchange="Northsea",
                snapshot=f"{snapshot} {root}",
                format="f",
                root=root,
                totals=None,
                source="page",
                file_sha256=None,
                seen_at="2026-10-31T00:00:00Z",
            )
        )


class Person:
    """Somebody with a program of her own."""

    def __init__(self, name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._home, self._out, self._patch = folder / name, folder, monkeypatch
        self.name = name

    def __enter__(self) -> Self:
        self._patch.setenv("RESERVES_DATA", str(self._home))
        return self

    def __exit__(self, *_problem: object) -> None:
        return None

    def hands_on(self, what: str) -> Path:
        path = self._out / f"{self.name}-{what}.json"
        export_log(path, ready_signer())
        return path


@pytest.fixture
def friend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    return Person("friend", tmp_path, monkeypatch)


@pytest.fixture
def me(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    return Person("me", tmp_path, monkeypatch)


def _rewrite(old: str, new: str) -> None:
    """Change an entry of the own log and make the head anew, as somebody who rewrites her past would."""
    folder = data_folder() / "root-log"
    text = (folder / LOG_NAME).read_bytes()
    assert f'"{old}"'.encode() in text
    origin = (folder / HEAD_NAME).read_text().split("\n")[0]
    (folder / LOG_NAME).write_bytes(text.replace(f'"{old}"'.encode(), f'"{new}"'.encode()))
    (folder / HEAD_NAME).write_text(f"{origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n")
    _see("ff", snapshot="later")


def test_a_signed_head_is_checked_against_the_key_stated_kept_or_given(
    me: Person, friend: Person, tmp_path: Path
) -> None:
    public = tmp_path / "friend.pub"
    with friend:
        line = make_report_key().public
        export_public_key(public)
        _see("aa")
        first = friend.hands_on("first")
        _see("bb")
        second = friend.hands_on("second")
    with me:
        _see("aa")
        assert compare_log(first).signature.signed is Signed.STATED
        assert compare_log(first, line).signature.signed is Signed.GIVEN
        assert import_log(first, now=NOW)[1] == 1
        compared, added = import_log(second, now=NOW)
        assert (compared.signature.signed, added) == (Signed.KEPT, 1)
        assert compared.state is State.VERIFIED
        assert main(["history", "log", "compare", str(second), "--key", str(public)]) == 0
        # Of the shorter copy nothing more can be said than that a longer one is known.
        assert [one.key for one in compare_log(first).notes] == ["log.older_copy"]
        mine = make_report_key().public
        wrong = compare_log(second, mine)
        assert (wrong.signature.signed, wrong.state) == (Signed.WRONG, State.FAILED)


def test_nothing_is_taken_from_a_head_that_is_not_signed_as_before(me: Person, friend: Person) -> None:
    with friend:
        make_report_key()
        _see("aa")
        first = friend.hands_on("first")
        _see("bb")
        unsigned = friend.hands_on("unsigned")
        export_log(unsigned)
        other_line = replace_report_key().public
        other = friend.hands_on("other")
    with me:
        _see("cc")
        import_log(first, now=NOW)
        for path in (unsigned, other):
            compared, added = import_log(path, now=NOW)
            assert (compared.signature.signed, compared.state, added) == (Signed.WRONG, State.FAILED, 0)
            assert main(["history", "log", "import", str(path)]) == 1
        # The friend tells her new key by another way.
        assert import_log(other, now=NOW, key=other_line)[1] == 1
        assert compare_log(other).signature.signed is Signed.KEPT


def test_a_changed_signature_or_another_key_in_the_file_is_wrong(me: Person, friend: Person, tmp_path: Path) -> None:
    with friend:
        make_report_key()
        _see("aa")
        path = friend.hands_on("log")
    whole = json.loads(path.read_text())
    with me:
        other = make_report_key().public
        changed = tmp_path / "changed.json"
        head, _, lines = whole["checkpoint"].partition("\n\n")
        flipped = lines[:-10] + ("A" if lines[-10] != "A" else "B") + lines[-9:]
        for change, signed in (
            ({"checkpoint": f"{head}\n\n{flipped}"}, Signed.WRONG),
            ({"checkpoint": f"{head}\n\n"}, Signed.WRONG),
            ({"key": None}, Signed.UNKNOWN),
            ({"key": None, "checkpoint": f"{head}\n\n"}, Signed.UNSIGNED),
        ):
            changed.write_text(json.dumps(whole | change))
            assert compare_log(changed).signature.signed is signed, change
        assert compare_log(path, other).signature.signed is Signed.WRONG
        for bad in ("x", whole["key"].replace("reserves.local", "reserves.else"), other):
            changed.write_text(json.dumps(whole | {"key": bad}))
            with pytest.raises(ReservesError) as caught:
                compare_log(changed)
            assert caught.value.code is ErrorCode.FORMAT_SHAPE


def test_a_friends_log_that_was_rewritten_is_forked(me: Person, friend: Person) -> None:
    with friend:
        _see("aa", "bb")
        first = friend.hands_on("first")
        _rewrite("aa", "99")
        second = friend.hands_on("second")
    with me:
        _see("aa")
        assert import_log(first, now=NOW)[1] == 2
        compared, added = import_log(second, now=NOW)
        assert (compared.relation, compared.state, added) == (Relation.THEIRS_FORKED, State.FAILED, 0)
        assert main(["history", "log", "compare", str(second)]) == 1
        # The first copy stays what it was, and so does what is kept of it.
        assert compare_log(first).relation is Relation.INDEPENDENT
        (kept,) = kept_heads().values()
        assert kept.handed.head.size == 2


def test_the_own_head_is_signed_by_an_unlocked_key_and_not_by_a_locked_one(
    me: Person, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with me:
        _see("aa")
        assert log_head().key is None
        make_report_key("a passphrase")
        assert log_head().key is None
        path = me.hands_on("log")
        assert compare_log(path).signature.signed is Signed.UNSIGNED
        monkeypatch.setattr("getpass.getpass", lambda _prompt: "a passphrase")
        assert main(["history", "log", "export", "--out", str(path), "--sign"]) == 0
        signed = compare_log(path)
        assert (signed.relation, signed.signature.signed) == (Relation.SAME, Signed.OWN)
        monkeypatch.setenv("RESERVES_KEY_PASSPHRASE", "a passphrase")
        capsys.readouterr()
        assert main(["history", "show", "--log"]) == 0
        shown = capsys.readouterr().out
        assert "— reserves.local/" in shown
        head = log_head()
        assert parse_checkpoint(head.checkpoint) == root_log().head()
        assert head.key is not None
        assert head.key.startswith(root_log().head().origin + "+")


def test_a_proof_is_named_by_a_head_on_one_line_or_by_a_key(me: Person, friend: Person, tmp_path: Path) -> None:
    path = tmp_path / "proof.json"
    with friend:
        line = make_report_key().public
        _see("aa", "bb")
        prove_entry(1, path, ready_signer())
        head = head_line()
        assert head is not None
    with me:
        assert check_proof(path, None).state is State.UNDECIDED
        assert check_proof(path, head).state is State.VERIFIED
        assert check_proof(path, None, line).state is State.VERIFIED
        kept = tmp_path / "head.txt"
        kept.write_text(f"{head}\n")
        assert check_proof(path, str(kept)).state is State.VERIFIED
        assert check_proof(path, f"{head.split()[0]} 3 {head.split()[2]}").state is State.FAILED
        assert check_proof(path, None, make_report_key().public).state is State.FAILED
        assert main(["history", "log", "check", str(path), "--key", line, "--json"]) == 0
        assert main(["history", "log", "check", str(path), "--key", "nothing"]) == 2
        for bad in ("one two", "one two three", str(tmp_path / "missing")):
            assert main(["history", "log", "check", str(path), "--head", bad]) == 2
    with friend:
        _see("cc")
        assert log_head(head).extends is True
        assert log_head(f"{head.split()[0]} 1 {head.split()[2]}").extends is False


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", ErrorCode.STORE_UNUSABLE),
        ("[" * 100_000, ErrorCode.STORE_UNUSABLE),
        ('{"schema": "reserves/log-heads/9", "heads": {}}', ErrorCode.STORE_NEWER),
        ('{"schema": "reserves/log-heads/1", "heads": {"a": {"note": "x", "key": null}}}', ErrorCode.STORE_UNUSABLE),
        ('{"schema": "reserves/log-heads/1"}', ErrorCode.STORE_UNUSABLE),
    ],
)
def test_kept_heads_that_cannot_be_read_are_left_alone(text: str, code: ErrorCode, me: Person, friend: Person) -> None:
    with friend:
        _see("aa")
        path = friend.hands_on("log")
    with me:
        _see("bb")
        heads = data_folder() / "root-log" / "heads.json"
        heads.write_text(text)
        for action in (lambda: compare_log(path), lambda: import_log(path, now=NOW)):
            with pytest.raises(ReservesError) as caught:
                action()
            assert caught.value.code is code
        assert heads.read_text() == text

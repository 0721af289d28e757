"""The report key and signatures over reports: made here, checked by anybody with this program or with minisign.

A signature by the user's own key says that the file is unchanged since that key signed it. It does not say whose key
it is, nor that anything in the report is true.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import Message, say
from reserves_gui.services.keeping import data_folder
from reserves_gui.services.writing import write_atomically
from reserves_gui.trust.key_store import KeyPlace, KeyStore
from reserves_gui.trust.minisign import PublicKey, SecretKey, parse_public_key, verify_signature
from reserves_gui.trust.secret_key_file import is_locked, new_secret_key, read_secret_key
from reserves_gui.trust.signed_note import NoteKey, sign_note
from reserves_gui.verdict import Outcome

SIGNATURE_SUFFIX = ".minisig"
PUBLIC_SUFFIX = ".pub"
PASSPHRASE_VARIABLE = "RESERVES_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
_COMMENT = "reserves report"
_KEY_FILE_BYTES = 4096
_SIGNATURE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKey:
    """What may be shown of the report key. ``public`` is the one line that ``minisign -P`` takes."""

    id: str
    public: str
    place: KeyPlace
    locked: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """An opened report key. Its repr shows nothing; drop it when the signing is done."""

    _key: SecretKey

    @property
    def key_id(self) -> str:
        """The id of the key, as minisign shows it."""
        return self._key.public.shown_id

    def signature(self, data: bytes, *, reference: str, signed: str) -> str:
        """The content of a signature file over ``data``; ``signed`` is ISO 8601 UTC."""
        public = self._key.public.encoded()
        return self._key.sign(data, trusted_comment=f"{_COMMENT} reference={reference} signed={signed} key={public}")

    def note(self, body: str, name: str) -> tuple[str, NoteKey]:
        """A signature line over a log's head under ``name``, and the key that others check it with."""
        return sign_note(body, name, self._key.seed), NoteKey(name, self._key.public.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCheck:
    """What a signature file is worth. ``key`` is the one-line public key it was checked with, None if there was none.

    ``own``: made by the report key of this machine. ``signed`` and ``reference`` are what the signer stated.
    """

    outcome: Outcome
    reason: Message
    key_id: str
    key: str | None = None
    own: bool = False
    signed: str | None = None
    reference: str | None = None


def report_key() -> ReportKey | None:
    """The key there is, or None; makes nothing. Raises ``store.unusable`` where it cannot be had."""
    store = _store()
    kept = store.secret()
    if kept is None:
        return None
    public = store.public()
    if public is None:
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("key.no_public"), str(data_folder()))
    return ReportKey(id=public.shown_id, public=public.encoded(), place=kept.place, locked=is_locked(kept.text))


def make_report_key(passphrase: str | None = None) -> ReportKey:
    """Make the report key. Raises ``usage`` if there is one already: nobody would know the new one."""
    if report_key() is not None:
        raise ReservesError(ErrorCode.USAGE, say("key.exists"))
    key = new_secret_key()
    place = _store().keep(key, passphrase or None)
    return _shown(key.public, place, passphrase)


def change_passphrase(old: str | None, new: str | None) -> ReportKey:
    """Lock the key with another passphrase, or with none. Raises ``usage`` for a wrong ``old``, or without a key."""
    store = _store()
    kept = store.secret()
    if kept is None:
        raise ReservesError(ErrorCode.USAGE, say("key.none"))
    key = read_secret_key(kept.text, old)
    return _shown(key.public, store.keep(key, new or None), new)


def replace_report_key(passphrase: str | None = None) -> ReportKey:
    """Make another key in place of one that is lost or was seen by somebody; the old public half is kept beside.

    Signatures by the old key stay what they are; whoever knew it must be told. Raises ``usage`` without a key.
    """
    store = _store()
    old = store.public()
    if old is None:
        raise ReservesError(ErrorCode.USAGE, say("key.none"))
    write_atomically(data_folder() / f"report-key-{old.shown_id}.pub", old.text().encode("ascii"))
    key = new_secret_key()
    return _shown(key.public, store.keep(key, passphrase or None), passphrase)


def open_signer(passphrase: str | None = None) -> Signer:
    """The key, ready to sign; made if there is none yet.

    Without ``passphrase`` the one in ``RESERVES_KEY_PASSPHRASE`` is taken. Raises ``usage`` for a missing or wrong
    one, ``store.unusable``.
    """
    store = _store()
    kept = store.secret()
    if kept is None:
        make_report_key(passphrase)
        kept = store.secret()
    if kept is None:
        raise ReservesError(ErrorCode.STORE_UNUSABLE, say("key.not_kept"), str(data_folder()))
    return Signer(read_secret_key(kept.text, passphrase or os.environ.get(PASSPHRASE_VARIABLE) or None))


def ready_signer() -> Signer | None:
    """The key where it can be used without asking: there is one, unlocked or with its passphrase in the environment.

    None also where it cannot be had: what is signed by itself goes unsigned then.
    """
    try:
        kept = _store().secret()
        passphrase = os.environ.get(PASSPHRASE_VARIABLE) or None
        if kept is None or (is_locked(kept.text) and passphrase is None):
            return None
        return Signer(read_secret_key(kept.text, passphrase))
    except ReservesError:
        return None


def signer_if_any(passphrase: str | None) -> Signer | None:
    """The key, opened; None where there is none: nothing is made. Raises ``usage`` (wrong passphrase), ``store.*``."""
    return None if _store().public() is None else open_signer(passphrase)


def own_note_key(name: str) -> NoteKey | None:
    """The public half of the report key as it signs logs under ``name``; None where there is none."""
    own = _own_key()
    return None if own is None else NoteKey(name, own.key)


def note_key_of(line: str, name: str) -> NoteKey:
    """A public key in its one-line form as it signs logs under ``name``. Raises ``format.shape``."""
    return NoteKey(name, parse_public_key(line).key)


def export_public_key(path: Path) -> ReportKey:
    """Write the public half as a ``.pub`` file for others. Raises ``usage`` where there is no key or no place."""
    key = report_key()
    public = _store().public()
    if key is None or public is None:
        raise ReservesError(ErrorCode.USAGE, say("key.none"))
    write_atomically(path, public.text().encode("ascii"))
    return key


def sign_file(path: Path, signer: Signer, *, reference: str, signed: str) -> Path:
    """Sign the file at ``path``; the signature lies beside it. Returns its path. Raises ``usage``."""
    try:
        data = path.read_bytes()
    except OSError:
        raise ReservesError(ErrorCode.INPUT_NOT_FOUND, say("error.not_found"), str(path)) from None
    place = signature_path(path)
    write_atomically(place, signer.signature(data, reference=reference, signed=signed).encode("utf-8"))
    return place


def signature_path(path: Path) -> Path:
    """Where the signature of the file at ``path`` is looked for."""
    return path.with_name(path.name + SIGNATURE_SUFFIX)


def read_signature(path: Path) -> str:
    """A signature file. Raises ``input.not_found``, ``limit.size``, ``format.shape``."""
    return _small_text(path, _SIGNATURE_BYTES)


def read_public_key(text: str) -> str:
    """A public key given as one line, or as the path of a ``.pub`` file: its one-line form. Raises ``format.shape``."""
    try:
        return parse_public_key(text).encoded()
    except ReservesError:
        if not Path(text).is_file():
            raise
    return parse_public_key(_small_text(Path(text), _KEY_FILE_BYTES), text).encoded()


def split_keys(paths: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """Files without the public keys among them (``.pub``), and that key in one line, if there is one.

    Raises ``usage`` for several keys, ``format.shape`` for a ``.pub`` file that is none, ``input.*``.
    """
    keys = [path for path in paths if Path(path).suffix.lower() == PUBLIC_SUFFIX]
    if len(keys) > 1:
        raise ReservesError(ErrorCode.USAGE, say("key.several"), keys[1])
    rest = tuple(path for path in paths if path not in keys)
    return rest, read_public_key(keys[0]) if keys else None


def one_file_and_key(paths: Sequence[str]) -> tuple[Path, str | None]:
    """The one file among ``paths``, and the public key beside it, if there is one. Raises as :func:`split_keys`."""
    files, key = split_keys(paths)
    if len(files) != 1:
        raise ReservesError(ErrorCode.USAGE, say("key.one_file"))
    return Path(files[0]), key


def check_signature(data: bytes, signature: str, *, key: str | None, where: str = "") -> SignatureCheck:
    """Whether ``signature`` is one over exactly ``data``, by ``key`` where one is given.

    Without ``key`` the one named in the signature itself is taken, unless it is this machine's own: then all that is
    shown is that nothing changed since that key signed. Raises ``format.shape`` for what is no signature file.
    """
    stated = _stated(signature)
    own = _own_key()
    chosen = key or stated.get("key") or (own.encoded() if own is not None else None)
    checker = _parsed(chosen)
    if checker is None:
        # Still read strictly, so that a damaged file is said to be one.
        verify_signature(data, signature, PublicKey(bytes(8), bytes(32)), where)
        return SignatureCheck(outcome=Outcome.NOT_CHECKED, reason=say("signature.no_key"), key_id="")
    signed = verify_signature(data, signature, checker, where)
    if signed is None:
        other = key is not None and stated.get("key") not in (None, checker.encoded())
        reason = say("signature.other_key") if other else say("signature.wrong")
        return SignatureCheck(outcome=Outcome.FAILED, reason=reason, key_id=checker.shown_id, key=chosen)
    is_own = own is not None and own == checker
    if is_own:
        reason = say("signature.by_own", id=checker.shown_id)
    else:
        reason = say("signature.by_given" if key is not None else "signature.by_stated", id=checker.shown_id)
    return SignatureCheck(
        outcome=Outcome.PASSED,
        reason=reason,
        key_id=checker.shown_id,
        key=checker.encoded(),
        own=is_own,
        signed=stated.get("signed"),
        reference=stated.get("reference"),
    )


def _stated(signature: str) -> dict[str, str]:
    """What the trusted comment of a signature of this program says; it counts only once the signature verifies."""
    match = re.search(rf"^trusted comment: {_COMMENT} (.*)$", signature, re.MULTILINE)
    words = match[1].split() if match is not None else []
    return dict(word.split("=", 1) for word in words if "=" in word)


def _parsed(line: str | None) -> PublicKey | None:
    try:
        return None if line is None else parse_public_key(line)
    except ReservesError:
        return None


def _own_key() -> PublicKey | None:
    try:
        return _store().public()
    except ReservesError:
        return None


def _shown(public: PublicKey, place: KeyPlace, passphrase: str | None) -> ReportKey:
    return ReportKey(id=public.shown_id, public=public.encoded(), place=place, locked=bool(passphrase))


def _store() -> KeyStore:
    return KeyStore(data_folder())


def _small_text(path: Path, largest: int) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(largest + 1)
    except OSError:
        raise ReservesError(ErrorCode.INPUT_NOT_FOUND, say("error.not_found"), str(path)) from None
    if len(data) > largest:
        raise ReservesError(ErrorCode.LIMIT_SIZE, say("error.limit_size", limit=largest), str(path))
    try:
        return data.decode("utf-8")
    except ValueError:
        raise ReservesError(ErrorCode.FORMAT_SHAPE, say("signature.bad_file"), str(path)) from None

"""What a publisher module declares: formats, as data with two functions each.

A :class:`Format` says how to recognise its files and how to judge them. Nothing outside ``publishers`` knows an
exchange's name. Third parties add formats through the entry point group ``reserves_gui.publishers``: an entry point
names a module-level tuple of :class:`Format`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from enum import StrEnum

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.intake.document import Document
from reserves_gui.messages import DEFAULT_LANGUAGE, Message, catalogue, say
from reserves_gui.progress import Progress
from reserves_gui.verdict import Findings, Guarantees
from reserves_gui.wallets.listing import Judging
from reserves_gui.wallets.owners import OwnerLinks
from reserves_gui.wallets.row import RowSink, WalletRow
from reserves_gui.wallets.tally import Seen


class Family(StrEnum):
    """Which question a format's files answer, and so which command and page they go to."""

    SUM_PATH = "sum_path"
    PLAIN_PATH = "plain_path"
    WHOLE_TREE = "whole_tree"
    ZERO_KNOWLEDGE = "zero_knowledge"
    WALLETS = "wallets"


class Sample(StrEnum):
    """What the implementation was held against: a published sample of the exchange, or the specification alone."""

    OFFICIAL = "official"
    SPECIFICATION = "specification"


@dataclass(frozen=True, slots=True)
class Match:
    """A recognised file: its ``role`` within the format ("proof", "tree", "user", "anchor", "config" ...).

    ``strength`` orders formats that could all read the file: 3 a key or header that only this format has, 2 a set of
    keys that fits, 1 a shape many formats share. Equal best strengths of two formats are ``format.ambiguous``.
    """

    role: str
    strength: int = 3


def role_twice(role: str, names: Sequence[str], where: str = "") -> ReservesError:
    """``format.ambiguous``: several files of one run could be the one of that role.

    A publisher outside this program may have roles that no catalogue names; they are shown as they are called.
    """
    key = f"role.{role}"
    named = Message(key) if key in catalogue(DEFAULT_LANGUAGE) else role
    message = say("error.role_twice", role=named, names=", ".join(names))
    return ReservesError(ErrorCode.FORMAT_AMBIGUOUS, message, where)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The files of one run that belong to one format, by role, in the order given."""

    by_role: Mapping[str, tuple[Document, ...]]

    def all(self, role: str) -> tuple[Document, ...]:
        """All files of that role."""
        return self.by_role.get(role, ())

    def one(self, role: str) -> Document | None:
        """The file of that role, if there is exactly one. Raises ``format.ambiguous`` if there are more."""
        found = self.all(role)
        if len(found) > 1:
            raise role_twice(role, [document.name for document in found])
        return found[0] if found else None

    @property
    def documents(self) -> tuple[Document, ...]:
        """All files."""
        return self.but(())

    def but(self, roles: Collection[str]) -> tuple[Document, ...]:
        """All files but those of ``roles``."""
        return tuple(one for role, group in self.by_role.items() if role not in roles for one in group)


@dataclass(frozen=True, slots=True)
class KeptKey:
    """A verifying key kept with another round: its file name, the SHA-256 of its bytes, the root of that round."""

    name: str
    sha256: str
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the user gave beside the files. Values of ``user`` may be secrets: never log, store or report them.

    ``user``: name -> values in the order given. ``expected``: (asset, amount text) in the order given.
    ``roots``: lower-case hex from ``--root``. ``published``: documents from ``--published`` (from elsewhere).
    ``pins``: SHA-256 hex of trusted keys or circuits. ``kept_keys``: keys the store remembers of rounds of this format;
    one counts as pinned in any round but its own. ``proofs``: "all", "chain" or a number (zero knowledge).
    ``executor``: where spreadable work goes; None means in this thread. ``jobs``: worker processes wanted.
    For wallet lists: ``message`` is the text that was signed where a file does not carry it, ``chains`` limits the
    check to rows on these chains (lower case; empty: all), ``row_sink`` is told every judged row in file order,
    ``seen`` holds the addresses of the other lists of the run, ``several_lists`` says that there are any, ``links``
    looks up on chain what owner accounts control.
    """

    user: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    expected: tuple[tuple[str, str], ...] = ()
    roots: tuple[str, ...] = ()
    published: tuple[Document, ...] = ()
    pins: tuple[str, ...] = ()
    kept_keys: tuple[KeptKey, ...] = ()
    proofs: str = "all"
    executor: Executor | None = None
    jobs: int = 1
    message: str | None = None
    chains: tuple[str, ...] = ()
    row_sink: RowSink | None = None
    seen: Seen = field(default_factory=Seen, repr=False)
    several_lists: bool = False
    links: OwnerLinks | None = None

    def judging(self) -> Judging:
        """How the rows of a wallet list are judged in this run."""
        return Judging(
            seen=self.seen,
            executor=self.executor,
            jobs=self.jobs,
            sink=self.row_sink,
            chains=self.chains,
            links=self.links,
        )

    def secret(self, name: str) -> str | None:
        """The value of ``name`` if given once. Raises ``usage`` if it was given more than once."""
        values = self.user.get(name, ())
        if len(values) > 1:
            raise ReservesError(ErrorCode.USAGE, say("error.user_twice", name=name))
        return values[0] if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of a guided form: its key in a ``reserves/form/1`` document.

    ``kind``: text, secret, hex, assets, path or amount.
    """

    name: str
    kind: str = "text"
    required: bool = True


class Signed(StrEnum):
    """Whether a wallet list carries signatures."""

    YES = "yes"
    NO = "no"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTraits:
    """What a wallet list format says about itself, in place of guarantees.

    ``dated``: the signed text names a date or block; ``amounts`` and ``height``: every row states one.
    """

    signed: Signed
    dated: Signed
    amounts: bool
    height: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One published format.

    ``recognise`` looks at one document (its head, or its JSON) and must not raise for foreign content.
    ``verify`` judges the files; it raises only :class:`ReservesError`, and never for a proof that does not verify.
    ``per_user`` names the role of a user's own proof: several such files in one run are judged one by one and pooled.
    ``anchors`` names the roles that state the root for everybody: given as published too, such a file counts as from
    elsewhere even where it also lies beside the proof.
    ``since`` (ISO date) orders candidates, newest first. ``guide`` is the id of a guide in ``resources/guides``.
    ``user_fields`` are the ``--user`` names it understands. ``form`` are the fields of its guided form, if any.
    ``leaf_text`` gives the live leaf text of a form (None while incomplete). ``unbound`` names fields no hash covers.
    A wallet list has ``listing`` in place of ``guarantees``, and ``rows`` reads its address rows one by one, unjudged
    (for a look-up of balances).
    """

    id: str
    exchange: str
    exchanges: tuple[str, ...] = ()
    family: Family
    since: str
    guarantees: Guarantees | None
    recognise: Callable[[Document], Match | None]
    verify: Callable[[Evidence, Given, Progress], Findings]
    per_user: str | None = None
    anchors: tuple[str, ...] = ()
    guide: str | None = None
    user_fields: tuple[str, ...] = ()
    form: tuple[FormField, ...] = ()
    leaf_text: Callable[[Mapping[str, object]], str | None] | None = None
    unbound: tuple[str, ...] = ()
    sample: Sample = Sample.SPECIFICATION
    experimental: bool = False
    listing: ListTraits | None = None
    rows: Callable[[Evidence, Given, Progress], Iterator[WalletRow]] | None = None

"""OKX wallet lists: a summary block and one row per address (7, 9, 11 or 12 columns), or the audit layout.

Sources: okx/proof-of-reserves common/, cmd/verifyaddress, example/ @2962a895; seven columns: example @563eaa1.
"""

from collections.abc import Iterator

from reserves_gui.intake.document import Document
from reserves_gui.publishers.port import Given, ListTraits, Match, Sample, Signed
from reserves_gui.publishers.wallet_list import ROLE, list_format
from reserves_gui.wallets.items import Item
from reserves_gui.wallets.tally import Policy

SUMMARY = ["coin", "snapshot height", "amount"]
AUDIT = ["digitalasset", "network", "address", "signedmessage", "message", "publickey"]
NEEDED = {"coin", "address", "amount", "message", "signature1"}


def recognise(document: Document) -> Match | None:
    """By the header of the first block, or of the rows."""
    cells = [cell.strip().lower() for cell in document.first_line.decode("utf-8", "replace").split(",")]
    if cells[:3] == SUMMARY or set(cells) >= NEEDED or is_audit(document):
        return Match(ROLE)
    return None


def is_audit(document: Document) -> bool:
    """The one layout with the quoting of CSV, so its header may be quoted too."""
    cells = document.first_line.decode("utf-8", "replace").split(",")
    return set(AUDIT) <= {cell.strip(' \t\r"').lower() for cell in cells}


def read(document: Document, given: Given) -> tuple[Iterator[Item], Policy]:
    """The items of a list in any of the layouts. Loaded when it is needed, with the rules of all coins."""
    from reserves_gui.publishers.okx.wallet_lines import read

    return read(document, given)


FORMATS = (
    list_format(
        id="okx-wallets",
        exchange="OKX",
        since="2022-11-22",
        traits=ListTraits(signed=Signed.YES, dated=Signed.NO, amounts=True, height=True),
        recognise=recognise,
        read=read,
        sample=Sample.OFFICIAL,
    ),
)

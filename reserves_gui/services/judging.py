"""Whatever an exchange published, judged by what it is: liabilities verified, wallet lists checked row by row."""

from dataclasses import replace
from typing import TYPE_CHECKING

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.progress import Progress
from reserves_gui.services.verify import VerifyRequest, documents_of, verify_documents
from reserves_gui.services.wallets import RowSink, WalletsRequest, check_documents
from reserves_gui.verdict import Verdict

if TYPE_CHECKING:
    from reserves_gui.services.owner_links import OwnerLookUp


def judge(
    request: VerifyRequest,
    progress: Progress,
    *,
    row_sink: RowSink | None = None,
    links: "OwnerLookUp | None" = None,
) -> Verdict:
    """The verdict of `reserves verify`, or that of `reserves wallets` where the files are wallet lists.

    ``row_sink`` is told every judged row of a wallet list; ``links``: a look-up of owners that is open already. Raises
    :class:`ReservesError` for input that cannot be used or for options that the files have no use for, and
    ``Cancelled``.
    """
    progress.stage(say("progress.recognise"))
    documents = documents_of(request, progress)
    if not documents:
        raise ReservesError(ErrorCode.USAGE, say("error.no_input"))
    try:
        return verify_documents(documents, request, progress)
    except ReservesError as error:
        if error.message.key != "error.wallet_list":
            raise
    _only_for_wallets(request)
    return check_documents(documents, replace(wallets_request(request), row_sink=row_sink), progress, links=links)


def wallets_request(request: VerifyRequest) -> WalletsRequest:
    """What of ``request`` a wallet list has use for."""
    return WalletsRequest(
        files=request.files,
        pasted=request.pasted,
        chains=request.chains,
        message=request.message,
        format=request.format,
        jobs=request.jobs,
        cluster=request.cluster,
    )


def _only_for_wallets(request: VerifyRequest) -> None:
    """A value that a wallet list never looks at would seem to have been checked: refuse it."""
    given = {
        "--root": request.roots,
        "--published": request.published,
        "--expect": request.expected,
        "--user": request.user,
        "--pin": request.pins,
        "--proofs": request.proofs != "all",
    }
    names = [name for name, value in given.items() if value]
    if names:
        raise ReservesError(ErrorCode.USAGE, say("error.not_for_wallets", names=", ".join(names)))

"""`reserves report`: verify, and write what was found."""

import argparse
import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

from reserves_gui import limits
from reserves_gui.cli.coverage import add_coverage_options, coverage_request, show_coverage
from reserves_gui.cli.key import ask_signer
from reserves_gui.cli.looking import add_looking_options, looking
from reserves_gui.cli.show import show_verdict
from reserves_gui.cli.spoken import spoken
from reserves_gui.cli.terminal import Terminal
from reserves_gui.cli.verify import add_verify_options, request_at_snapshot
from reserves_gui.errors import ReservesError
from reserves_gui.messages import say
from reserves_gui.services.cases import CaseOptions, write_case
from reserves_gui.services.coverage import asks_coverage, coverage
from reserves_gui.services.judging import judge
from reserves_gui.services.looked_list import look_at_list, looks_at_lists, record_looks, with_look
from reserves_gui.services.report_files import ReportKind
from reserves_gui.services.report_view import Disclosure
from reserves_gui.services.reports import kind_of, make_report, write_report
from reserves_gui.services.root_logs import remembered
from reserves_gui.services.signing import sign_file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `report`."""
    add_verify_options(parser)
    add_looking_options(parser)
    add_coverage_options(parser)
    parser.add_argument(
        "--chain", action="append", default=[], metavar="NAME", help="of a wallet list: only this chain"
    )
    parser.add_argument("--message", metavar="TEXT", help="the signed text where a wallet list does not carry it")
    parser.add_argument(
        "--out", action="append", required=True, metavar="PATH", help="where it goes: .json .html .pdf .txt .reserves"
    )
    parser.add_argument(
        "--redacted", action="store_true", help="leave out what identifies you or shows your neighbours' data"
    )
    parser.add_argument(
        "--sign", action="store_true", help="sign every file with the report key (made if there is none)"
    )
    parser.add_argument(
        "--keep",
        type=_keep,
        default=str(limits.CASE_EVIDENCE_BYTES // limits.MIB),
        metavar="MIB",
        help="of larger evidence a .reserves file keeps the hash only; or: all",
    )
    parser.add_argument(
        "--attach",
        action="append",
        default=[],
        metavar="PATH",
        help="keep a file beside the evidence in a .reserves file",
    )
    parser.add_argument(
        "--record", metavar="PATH", help="keep what the sources told, as a file that --source file:PATH reads"
    )


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """Verify, show, write every file; the exit code is that of the verdict."""
    paths = [Path(name) for name in options.out]
    for path in paths:
        # A wrong suffix is said before the work, not after it.
        kind_of(path)
    looks = looks_at_lists(options.files, options.source, options.exchange)
    asks = not looks and asks_coverage(options.files, options.source, options.exchange)
    covering = coverage_request(options) if asks else None
    request = covering.verifying if covering is not None else request_at_snapshot(options, terminal.progress)
    request = replace(request, chains=tuple(options.chain), message=options.message)
    signer = ask_signer() if options.sign else None
    answer = None if covering is None else coverage(covering, terminal.progress)
    if answer is not None:
        verdict = with_look(answer, {} if covering is None else covering.contracts)
    elif looks:
        verdict = look_at_list(request, looking(options), terminal.progress)
    else:
        verdict = judge(request, terminal.progress)
    if options.record is not None:
        record_looks(verdict, Path(options.record))
    report = make_report(
        verdict,
        request,
        disclosure=Disclosure.REDACTED if options.redacted else Disclosure.FULL,
        created=dt.datetime.now(dt.UTC),
        progress=terminal.progress,
    )
    # What the log knows is said here and now; the report holds what the evidence alone gives.
    show_verdict(remembered(verdict, request, db=options.db, now=int(time.time())), terminal)
    if answer is not None:
        show_coverage(answer, terminal)
    case_options = CaseOptions(
        largest=limits.STREAM_BYTES if options.keep == "all" else int(options.keep) * limits.MIB,
        attached=tuple(options.attach),
        signer=signer,
    )
    failures: list[ReservesError] = []
    for path in paths:
        try:
            if kind_of(path) is ReportKind.CASE:
                reference = write_case(report, request, path, options=case_options, progress=terminal.progress)
            else:
                reference = write_report(report, path, language=spoken())
        except ReservesError as error:
            # What cannot be written (a PDF without its drawing library) costs none of the others.
            failures.append(error)
        else:
            terminal.note(say("report.written", path=str(path), reference=reference))
            if signer is not None:
                placed = sign_file(path, signer, reference=reference, signed=report.created)
                terminal.note(say("signature.written", path=str(placed), id=signer.key_id))
    for failure in failures[:-1]:
        terminal.complain(failure)
    if failures:
        raise failures[-1]
    return verdict.exit_code if answer is None else answer.exit_code


def _keep(text: str) -> str:
    if text == "all" or (text.isascii() and text.isdecimal() and len(text) < 8):
        return text
    raise argparse.ArgumentTypeError("a number of MiB, or all")

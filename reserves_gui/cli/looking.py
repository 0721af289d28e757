"""Options of the commands that look at chains, and what they mean."""

import argparse

from reserves_gui.errors import ErrorCode, ReservesError
from reserves_gui.messages import say
from reserves_gui.services.keeping import cache_folder
from reserves_gui.services.lookup import Looking


def add_looking_options(parser: argparse.ArgumentParser) -> None:
    """``--source``, ``--at``, ``--token``."""
    add_source_options(parser)
    parser.add_argument(
        "--at", action="append", default=[], metavar="CHAIN=HEIGHT", help="the block, in place of the list's own height"
    )


def add_source_options(parser: argparse.ArgumentParser) -> None:
    """``--source``, ``--token``."""
    parser.add_argument(
        "--source", action="append", default=[], metavar="URL", help="where to look; two independent ones decide"
    )
    parser.add_argument(
        "--token", action="append", default=[], metavar="CHAIN:ASSET=CONTRACT", help="a token contract not shipped here"
    )
    add_fresh_option(parser)


def add_fresh_option(parser: argparse.ArgumentParser) -> None:
    """``--fresh``."""
    parser.add_argument(
        "--fresh", action="store_true", help="ask again for what was kept of deep blocks, and keep the new answers"
    )


def add_price_option(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """``--prices``."""
    parser.add_argument(
        "--prices",
        action="append",
        default=[],
        required=required,
        metavar="URL",
        help="where prices for sums over assets come from: https://coins.llama.fi, mempool+https://HOST/api, "
        "coingecko+https://api.coingecko.com/api/v3 (its key in RESERVES_COINGECKO_KEY), file:PATH",
    )


def looking(options: argparse.Namespace) -> Looking:
    """Where the options say to look. Raises ``usage``."""
    return Looking(
        sources=tuple(options.source),
        at=dict(height(pair) for pair in options.at),
        contracts=dict(contract(pair) for pair in options.token),
        offline=options.offline,
        proxy=options.proxy,
        cache_folder=cache_folder(),
        fresh=options.fresh,
    )


def height(pair: str) -> tuple[str, int]:
    """One value of ``--at``. Raises ``usage``."""
    chain, separator, number = pair.partition("=")
    if not separator or not chain or not number.isascii() or not number.isdigit() or len(number) > 11:
        raise ReservesError(ErrorCode.USAGE, say("balances.at_grammar"))
    return chain.lower(), int(number)


def contract(pair: str) -> tuple[tuple[str, str], str]:
    """One value of ``--token``. Raises ``usage``."""
    name, separator, address = pair.partition("=")
    chain, colon, asset = name.partition(":")
    if not separator or not colon or not chain or not asset or not address:
        raise ReservesError(ErrorCode.USAGE, say("balances.token_grammar"))
    return (chain.lower(), asset.upper()), address.lower() if address.startswith("0x") else address

"""The known blocks that are shipped."""

from reserves_gui.chain.bitcoin_wire import has_work, read_header
from reserves_gui.chain.chains import Work, chains
from reserves_gui.chain.checkpoints import checkpoints, header_roots, newest_checkpoint
from reserves_gui.chain.standing import Identified


def test_the_shipped_blocks_are_what_they_say() -> None:
    assert {one.chain for one in checkpoints()} == {"bitcoin", "bitcoin-cash", "litecoin", "dogecoin"}
    for one in (*checkpoints(), *header_roots()):
        assert one.genesis == chains()[one.chain].identity
        assert one.height > 0
    for one in checkpoints():
        assert len(bytes.fromhex(one.hash)) == 32
        if chains()[one.chain].work is Work.SHA256D:
            # No less than the work of a block of 2017: a made-up hash does not look like that.
            assert int(one.hash, 16) < 1 << (256 - 64)
    with_header = [one for one in checkpoints() if one.header is not None]
    assert with_header
    for one in with_header:
        header = read_header(one.header or b"")
        assert header.hash == one.hash
        chain = chains()[one.chain]
        assert has_work(header, chain, easiest_bits=chain.easiest_bits)
    found = Identified(chains()["bitcoin"])
    assert newest_checkpoint(found, 839_999) is None
    assert [getattr(newest_checkpoint(found, tip), "height", 0) for tip in (840_000, 934_999, 2**31)] == [
        840_000, 910_000, 935_000,
    ]  # fmt: skip

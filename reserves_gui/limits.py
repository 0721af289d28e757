"""Every limit on input, with the reason for its value. Nothing elsewhere hard-codes one."""

MIB = 1024 * 1024

# A path proof of 64 levels with 60 coins takes about 250 KiB; 8 MiB leaves room and still parses well under a second.
JSON_USER_BYTES = 8 * MIB
# Published configuration and global files of the zero-knowledge formats reach about 40 MiB.
JSON_GLOBAL_BYTES = 64 * MIB
# Nested whole trees in one JSON document (about 5 M nodes at 50 bytes).
JSON_TREE_BYTES = 256 * MIB
JSON_TREE_NODES = 5_000_000
# Chains of single users occur (depth 19 in a published sample); walked iteratively, so this bounds work, not a stack.
JSON_TREE_DEPTH = 10_000
# Real documents nest 5 to 8 deep; CPython's parser gives up near 1000.
JSON_DEPTH = 64
JSON_VALUES = 2_000_000
# 78 digits of a 256-bit integer, a sign, a dot and 30 decimals: 110 characters hold every honest amount.
NUMBER_CHARS = 110
# Expanding 1e2000000 takes minutes; published exponents stay below 20.
NUMBER_EXPONENT = 60
# Field elements and indices are integers of at most 78 digits.
INTEGER_DIGITS = 78

# Recognition looks at the beginning only.
SNIFF_BYTES = 1 * MIB
BLOCK_BYTES = 1 * MIB
# What a cursor keeps of its own: several cursors over one file are open at once, and large reads go past it.
CURSOR_BYTES = 64 * 1024

# Binary logarithm of the largest tree: 64 levels hold more users than there are people.
PATH_ENTRIES = 64
# Coins in one node of a path; the widest published set has 50, and 64 levels of 1000 coins still take under a second.
PATH_COINS = 1000
STREAM_LEAVES = 2**28
STREAM_BYTES = 64 * 1024 * MIB
# Formats without a streaming algorithm keep 8 to 32 bytes a leaf.
MEMORY_LEAVES = 2**27
LINE_BYTES = 4096
TREE_LINE_BYTES = 96
CSV_FIELD_BYTES = 4 * MIB
# A signed row with a script of 16 uncompressed keys has about 3 KiB.
WALLET_LINE_BYTES = 64 * 1024
# A wallet list as one JSON document: 600,000 entries of 100 bytes.
WALLET_JSON_BYTES = 64 * MIB
FAILING_NODES_LISTED = 20

# Batches of one zero-knowledge round: 2^28 accounts at the smallest batch seen (92) are 3 million.
ZK_BATCHES = 2**22
# Rows a worker process judges in one go: about 80 ms, so cancelling stays quick.
ZK_JOB_ROWS = 32
# Without the native pairing library a proof takes 1.5 s: a default run looks at this many of them.
ZK_SLOW_PROOFS = 12

ZIP_RATIO = 200
# Below this a member may compress as well as it likes: a short file of zeros is no attack.
ZIP_RATIO_FREE_BYTES = 4 * MIB
ZIP_MEMBERS = 10_000
# What one member's headers in a tar archive may take: long names and times fill a block of 512 bytes or two.
TAR_HEADER_BYTES = 64 * 1024
# What one archive may unpack to in all; whole trees of 2^28 leaves are published unpacked.
ZIP_UNPACKED_BYTES = 8 * 1024 * MIB
# Evidence kept in a case file unless the user says otherwise: above it a mail attachment is hopeless anyway.
CASE_EVIDENCE_BYTES = 64 * MIB
# Signing hashes a file in memory; a case of this size has been split long before.
SIGNED_BYTES = 2048 * MIB
FOLDER_FILES = 10_000
FOLDER_DEPTH = 8
# Pasted text and standard input are spooled to a private file above this.
SPOOL_MEMORY_BYTES = 16 * MIB
# A saved web page with the published root in it.
PUBLISHED_TEXT_BYTES = 64 * MIB

LABEL_CHARS = 120
TEMPLATE_CHARS = 500
TEMPLATE_OUTPUT_CHARS = 256

# Work between two looks at cancellation, seconds (P12: cancel answers within 100 ms).
CHECKPOINT_SECONDS = 0.02
PROGRESS_PER_SECOND = 30

# Servers. Public explorers publish no limits and ban repeat offenders; an own node needs no pause.
PUBLIC_HOST_SPACING = 0.25
OWN_HOST_PARALLEL = 8
RETRY_AFTER_SECONDS = 120.0
REQUEST_TRIES = 5
HOST_REST_SECONDS = 600.0
CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0
ANSWER_SECONDS = 120.0
# A proxy that is asked itself has nobody else to ask.
PROXY_SECONDS = 15.0
# One pass over the set of unspent outputs takes minutes on a main network.
SCAN_SECONDS = 3600.0
ANSWER_BYTES = 32 * MIB
# What reading an answer of a public server may take: its bytes, its text and what texts in it hold, and its values. A
# value costs up to 290 bytes, measured: a key of its own, a number, their places in a large object.
ANSWER_MEMORY_BYTES = 100 * 10**6
ANSWER_VALUE_BYTES = 290
# A megabyte of numbers, hashes and addresses has no other letters; with one of them, text takes four times its bytes.
ANSWER_LETTERS_BYTES = MIB
# Requests a look-up may cost: an address with millions of transactions is reported, not downloaded.
REQUESTS_PER_ADDRESS = 200
REQUESTS_PER_RUN = 2_000
# Blocks below the tip after which a block, a transaction, a balance no longer changes.
DEEP_BLOCK = 100
DEEP_TRANSACTION = 6
# The newest block is not asked for again within this time; whether a server offers a summary, within a day.
TIP_SECONDS = 10
OFFER_SECONDS = 24 * 3600
# Above this the older half of what is kept of chains goes.
CACHE_BYTES = 256 * MIB
# Headers are followed from a known block: fifty answers of an Electrum server. Where the known block lies further back,
# the newest ones only, and that is said.
HEADERS_FOLLOWED = 100_800
HEADERS_UNLINKED = 144

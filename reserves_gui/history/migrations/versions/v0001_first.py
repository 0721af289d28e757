"""The first schema: ledger, snapshots, totals, wallet lists, observations, prices, alerts."""

from alembic import op

from reserves_gui.history.tables import METADATA

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    METADATA.create_all(op.get_bind())


def downgrade() -> None:
    """Remove all tables."""
    METADATA.drop_all(op.get_bind())

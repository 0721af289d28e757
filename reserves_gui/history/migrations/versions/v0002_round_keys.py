"""Verifying keys kept with the snapshots whose batch proofs held under them."""

from alembic import op

from reserves_gui.history.tables import ROUND_KEY

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; a store made by this version has it already."""
    ROUND_KEY.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Remove the table."""
    ROUND_KEY.drop(op.get_bind())

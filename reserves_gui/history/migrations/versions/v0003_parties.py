"""What large transactions changed for single addresses: who stood on their other side."""

from alembic import op

from reserves_gui.history.tables import PARTY

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; a store made by this version has it already."""
    PARTY.create(op.get_bind(), checkfirst=True)


def downgrade() -> None:
    """Remove the table."""
    PARTY.drop(op.get_bind())

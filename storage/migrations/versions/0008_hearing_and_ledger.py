"""verification, hearing and ledger

Revision ID: 0008
Revises: 0007
"""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the work it is named for."""


def downgrade() -> None:
    """Filled by the work it is named for."""

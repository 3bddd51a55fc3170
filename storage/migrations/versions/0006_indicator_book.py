"""indicator book of a year

Revision ID: 0006
Revises: 0005
"""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the work it is named for."""


def downgrade() -> None:
    """Filled by the work it is named for."""

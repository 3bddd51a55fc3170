"""daily systems

Revision ID: 0009
Revises: 0008
"""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the work it is named for."""


def downgrade() -> None:
    """Filled by the work it is named for."""

"""tasks, milestones and use of results

Revision ID: 0007
Revises: 0006
"""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the work it is named for."""


def downgrade() -> None:
    """Filled by the work it is named for."""

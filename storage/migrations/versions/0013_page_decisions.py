"""what people decided about doubtful pages

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import Timestamp

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", Timestamp(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text_before", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_page_decision_document_id_document")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_page_decision_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_decision")),
    )
    with op.batch_alter_table("page_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_decision_document_id"), ["document_id"], unique=False)


def downgrade() -> None:
    op.drop_table("page_decision")

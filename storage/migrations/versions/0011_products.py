"""products and roster files

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("cadre_id", sa.String(), nullable=True),
        sa.Column("ref", sa.Integer(), nullable=True),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("zones", sa.JSON(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("created_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("changed_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("issued_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("series", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("number_text", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_product_cadre_id_cadre")),
        sa.ForeignKeyConstraint(["checked_by"], ["user_account.id"], name=op.f("fk_product_checked_by_user_account")),
        sa.ForeignKeyConstraint(["drafted_by"], ["user_account.id"], name=op.f("fk_product_drafted_by_user_account")),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_product_signed_by_user_account")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["product.id"], name=op.f("fk_product_supersedes_id_product")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_product_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("series", "year", "number", name=op.f("uq_product_series_year_number")),
    )
    op.create_index(op.f("ix_product_cadre_id"), "product", ["cadre_id"], unique=False)
    op.create_index(op.f("ix_product_drafted_by"), "product", ["drafted_by"], unique=False)
    op.create_index(op.f("ix_product_kind"), "product", ["kind"], unique=False)
    op.create_index(op.f("ix_product_state"), "product", ["state"], unique=False)
    op.create_index(op.f("ix_product_team_id"), "product", ["team_id"], unique=False)
    op.create_table(
        "product_citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_product_citation_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_citation_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_citation")),
        sa.UniqueConstraint("product_id", "code", name=op.f("uq_product_citation_product_id_code")),
    )
    op.create_index(op.f("ix_product_citation_evidence_id"), "product_citation", ["evidence_id"], unique=False)
    op.create_index(op.f("ix_product_citation_product_id"), "product_citation", ["product_id"], unique=False)
    op.create_table(
        "product_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("docx_sha256", sa.String(), nullable=False),
        sa.Column("prints", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_copy_product_id_product")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_product_copy_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_copy")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_product_copy_product_id_number")),
    )
    op.create_index(op.f("ix_product_copy_product_id"), "product_copy", ["product_id"], unique=False)
    op.create_index(op.f("ix_product_copy_team_id"), "product_copy", ["team_id"], unique=False)
    op.create_table(
        "product_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_step_product_id_product")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_product_step_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_step")),
    )
    op.create_index(op.f("ix_product_step_product_id"), "product_step", ["product_id"], unique=False)
    op.create_table(
        "product_export",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["copy_id"], ["product_copy.id"], name=op.f("fk_product_export_copy_id_product_copy")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_export_product_id_product")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_product_export_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_export")),
    )
    op.create_index(op.f("ix_product_export_copy_id"), "product_export", ["copy_id"], unique=False)
    op.create_index(op.f("ix_product_export_product_id"), "product_export", ["product_id"], unique=False)
    op.create_table(
        "product_recall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_product_recall_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_recall_product_id_product")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_product_recall_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_recall")),
        sa.UniqueConstraint(
            "product_id", "evidence_id", "state", name=op.f("uq_product_recall_product_id_evidence_id_state")
        ),
    )
    op.create_index(op.f("ix_product_recall_evidence_id"), "product_recall", ["evidence_id"], unique=False)
    op.create_index(op.f("ix_product_recall_product_id"), "product_recall", ["product_id"], unique=False)
    op.create_table(
        "roster_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("xml", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_roster_paper_cadre_id_cadre")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_roster_paper_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_paper")),
        sa.UniqueConstraint("cadre_id", name=op.f("uq_roster_paper_cadre_id")),
    )


def downgrade() -> None:
    op.drop_table("roster_paper")
    op.drop_table("product_recall")
    op.drop_table("product_export")
    op.drop_table("product_step")
    op.drop_table("product_copy")
    op.drop_table("product_citation")
    op.drop_table("product")

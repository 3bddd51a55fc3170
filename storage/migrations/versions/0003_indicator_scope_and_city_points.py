"""whose indicator it is, official growth, and the city's own published figures

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("team_id", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("official_growth", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("ordinal", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "city_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_code", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", storage.tables.base.Exact(length=64), nullable=True),
        sa.Column("growth", storage.tables.base.Exact(length=64), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["indicator_import.id"], name=op.f("fk_city_point_import_id_indicator_import")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_city_point_indicator_code_indicator")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_point")),
        sa.UniqueConstraint(
            "indicator_code", "period", "version", name=op.f("uq_city_point_indicator_code_period_version")
        ),
    )
    with op.batch_alter_table("city_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_city_point_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_city_point_indicator_code"), ["indicator_code"], unique=False)


def downgrade() -> None:
    op.drop_table("city_point")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        for name in ("ordinal", "official_growth", "team_id", "category"):
            batch_op.drop_column(name)

"""indicator book of a year

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "indicator_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("copied_from", sa.Integer(), nullable=True),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("prepared_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("check_note", sa.String(), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_indicator_book_approved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["user_account.id"], name=op.f("fk_indicator_book_checked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_indicator_book_prepared_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_book")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_indicator_book_year_version")),
    )
    with op.batch_alter_table("indicator_book", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_book_year"), ["year"], unique=False)

    op.create_table(
        "indicator_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator_code", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", storage.tables.base.Exact(length=64), nullable=False),
        sa.Column("difficulty", storage.tables.base.Exact(length=64), nullable=False),
        sa.Column("last_year", storage.tables.base.Exact(length=64), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_indicator_target_approved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_code"], ["indicator.code"], name=op.f("fk_indicator_target_indicator_code_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user_account.id"], name=op.f("fk_indicator_target_proposed_by_user_account")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_indicator_target_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_target")),
        sa.UniqueConstraint(
            "year",
            "indicator_code",
            "team_id",
            "version",
            name=op.f("uq_indicator_target_year_indicator_code_team_id_version"),
        ),
    )
    with op.batch_alter_table("indicator_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_target_indicator_code"), ["indicator_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_target_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_indicator_target_year"), ["year"], unique=False)

    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("opened_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["user_account.id"], name=op.f("fk_survey_closed_by_user_account")),
        sa.ForeignKeyConstraint(["opened_by"], ["user_account.id"], name=op.f("fk_survey_opened_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_year"), ["year"], unique=False)

    op.create_table(
        "assessment_pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=True),
        sa.Column("book", sa.JSON(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("city_figures", sa.Text(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("surveys", sa.Text(), nullable=False),
        sa.Column("outside", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["book_id"], ["indicator_book.id"], name=op.f("fk_assessment_pin_book_id_indicator_book")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_assessment_pin_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_pin")),
    )
    with op.batch_alter_table("assessment_pin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_pin_period"), ["period"], unique=False)

    op.create_table(
        "book_simulation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("book_sha256", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["book_id"], ["indicator_book.id"], name=op.f("fk_book_simulation_book_id_indicator_book")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_book_simulation_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_simulation")),
    )
    with op.batch_alter_table("book_simulation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_book_simulation_book_id"), ["book_id"], unique=False)

    op.create_table(
        "survey_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("ballot_class", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_count_survey_id_survey")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_survey_count_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_count")),
        sa.UniqueConstraint(
            "survey_id",
            "team_id",
            "ballot_class",
            "grade",
            name=op.f("uq_survey_count_survey_id_team_id_ballot_class_grade"),
        ),
    )
    with op.batch_alter_table("survey_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_count_survey_id"), ["survey_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_count_team_id"), ["team_id"], unique=False)


def downgrade() -> None:
    for table in (
        "survey_count",
        "book_simulation",
        "assessment_pin",
        "survey",
        "indicator_target",
        "indicator_book",
    ):
        op.drop_table(table)

"""tasks, milestones and use of results

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("cadre_id", sa.String(), nullable=True),
        sa.Column("cadre_key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_task_cadre_id_cadre")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_task_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint(
            "year", "team_id", "cadre_key", "number", name=op.f("uq_task_year_team_id_cadre_key_number")
        ),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_cadre_id"), ["cadre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_team_id"), ["team_id"], unique=False)
        batch_op.create_index("ix_task_year_kind", ["year", "kind"], unique=False)

    op.create_table(
        "big_project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("total", storage.tables.base.Exact(length=64), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("completed", storage.tables.base.Exact(length=64), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_big_project_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_big_project")),
        sa.UniqueConstraint("period", "code", "version", name=op.f("uq_big_project_period_code_version")),
    )
    with op.batch_alter_table("big_project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_big_project_period"), ["period"], unique=False)

    op.create_table(
        "task_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("prepared_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_task_rule_approved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_task_rule_prepared_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_rule")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_task_rule_year_version")),
    )
    with op.batch_alter_table("task_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_rule_year"), ["year"], unique=False)

    op.create_table(
        "task_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("deliverable", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("weight", storage.tables.base.Exact(length=64), nullable=False),
        sa.Column("responsible_id", sa.String(), nullable=True),
        sa.Column("milestones", sa.JSON(), nullable=False),
        sa.Column("from_quarter", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("frozen_by", sa.Integer(), nullable=True),
        sa.Column("frozen_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_task_version_approved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["user_account.id"], name=op.f("fk_task_version_checked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["user_account.id"], name=op.f("fk_task_version_frozen_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user_account.id"], name=op.f("fk_task_version_proposed_by_user_account")
        ),
        sa.ForeignKeyConstraint(["responsible_id"], ["cadre.id"], name=op.f("fk_task_version_responsible_id_cadre")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_version_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_version")),
        sa.UniqueConstraint("task_id", "version", name=op.f("uq_task_version_task_id_version")),
    )
    with op.batch_alter_table("task_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_version_task_id"), ["task_id"], unique=False)

    op.create_table(
        "unit_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("saved_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("submitted_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_unit_report_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_unit_report_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_report")),
        sa.UniqueConstraint("team_id", "quarter", name=op.f("uq_unit_report_team_id_quarter")),
    )
    with op.batch_alter_table("unit_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_report_team_id"), ["team_id"], unique=False)

    op.create_table(
        "use_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_use_decision_cadre_id_cadre")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["user_account.id"], name=op.f("fk_use_decision_confirmed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user_account.id"], name=op.f("fk_use_decision_entered_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_decision")),
    )
    with op.batch_alter_table("use_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_use_decision_cadre_id"), ["cadre_id"], unique=False)

    op.create_table(
        "task_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("by_unit", sa.Boolean(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("proposed_found", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agreed_by"], ["user_account.id"], name=op.f("fk_task_claim_agreed_by_user_account")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user_account.id"], name=op.f("fk_task_claim_proposed_by_user_account")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["unit_report.id"], name=op.f("fk_task_claim_report_id_unit_report")),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_task_claim_signed_by_user_account")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_claim_task_id_task")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_task_claim_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_claim")),
        sa.UniqueConstraint("task_id", "quarter", name=op.f("uq_task_claim_task_id_quarter")),
    )
    with op.batch_alter_table("task_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_claim_task_id"), ["task_id"], unique=False)

    op.create_table(
        "quarter_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("pin_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("basis", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("computed_by", sa.Integer(), nullable=True),
        sa.Column("computed_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("check_note", sa.String(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["user_account.id"], name=op.f("fk_quarter_run_checked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["computed_by"], ["user_account.id"], name=op.f("fk_quarter_run_computed_by_user_account")
        ),
        sa.ForeignKeyConstraint(["pin_id"], ["assessment_pin.id"], name=op.f("fk_quarter_run_pin_id_assessment_pin")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["user_account.id"], name=op.f("fk_quarter_run_published_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_run")),
        sa.UniqueConstraint("quarter", "version", name=op.f("uq_quarter_run_quarter_version")),
    )
    with op.batch_alter_table("quarter_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarter_run_quarter"), ["quarter"], unique=False)

    op.create_table(
        "task_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["task_claim.id"], name=op.f("fk_task_act_claim_id_task_claim")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_act_task_id_task")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_task_act_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_act")),
    )
    with op.batch_alter_table("task_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_act_task_id"), ["task_id"], unique=False)

    op.create_table(
        "task_claim_record",
        sa.Column("field_record_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["task_claim.id"], name=op.f("fk_task_claim_record_claim_id_task_claim")),
        sa.ForeignKeyConstraint(
            ["field_record_id"], ["field_record.id"], name=op.f("fk_task_claim_record_field_record_id_field_record")
        ),
        sa.PrimaryKeyConstraint("field_record_id", "claim_id", name=op.f("pk_task_claim_record")),
    )
    with op.batch_alter_table("task_claim_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_claim_record_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "group_talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("chair", sa.String(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["quarter_run.id"], name=op.f("fk_group_talk_run_id_quarter_run")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_group_talk_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_talk")),
    )
    with op.batch_alter_table("group_talk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_talk_run_id"), ["run_id"], unique=False)

    op.create_table(
        "result_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.Column("replied_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["replied_by"], ["user_account.id"], name=op.f("fk_result_response_replied_by_user_account")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["quarter_run.id"], name=op.f("fk_result_response_run_id_quarter_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_result_response_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_result_response_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_response")),
    )
    with op.batch_alter_table("result_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_response_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_response_team_id"), ["team_id"], unique=False)

    op.create_table(
        "talk_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("talk_class", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=False),
        sa.Column("chosen_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("talked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["chosen_by"], ["user_account.id"], name=op.f("fk_talk_choice_chosen_by_user_account")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_talk_choice_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["quarter_run.id"], name=op.f("fk_talk_choice_run_id_quarter_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_talk_choice_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_choice")),
        sa.UniqueConstraint("run_id", "team_id", name=op.f("uq_talk_choice_run_id_team_id")),
    )
    with op.batch_alter_table("talk_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_choice_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_choice_team_id"), ["team_id"], unique=False)

    op.create_table(
        "task_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_task_link_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_link_task_id_task")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_task_link_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_link")),
        sa.UniqueConstraint("task_id", "evidence_id", name=op.f("uq_task_link_task_id_evidence_id")),
    )
    with op.batch_alter_table("task_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_link_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_link_task_id"), ["task_id"], unique=False)


def downgrade() -> None:
    for table in (
        "task_link",
        "talk_choice",
        "result_response",
        "group_talk",
        "task_claim_record",
        "task_act",
        "quarter_run",
        "task_claim",
        "use_decision",
        "unit_report",
        "task_version",
        "task_rule",
        "big_project",
        "task",
    ):
        op.drop_table(table)

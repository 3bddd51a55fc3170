"""review reports and annual assessment

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "eligibility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_eligibility_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility")),
        sa.UniqueConstraint("year", "kind", "subject_id", name=op.f("uq_eligibility_year_kind_subject_id")),
    )
    with op.batch_alter_table("eligibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_eligibility_year"), ["year"], unique=False)

    op.create_table(
        "grade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("prepared_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("notified_on", sa.Date(), nullable=True),
        sa.Column("notice_no", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("signature_on", sa.Date(), nullable=True),
        sa.Column("own_opinion", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by"], ["user_account.id"], name=op.f("fk_grade_checked_by_user_account")),
        sa.ForeignKeyConstraint(["prepared_by"], ["user_account.id"], name=op.f("fk_grade_prepared_by_user_account")),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_grade_signed_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade")),
        sa.UniqueConstraint("year", "kind", "subject_id", name=op.f("uq_grade_year_kind_subject_id")),
    )
    with op.batch_alter_table("grade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grade_year"), ["year"], unique=False)

    op.create_table(
        "grade_publicity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_grade_publicity_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_publicity")),
    )
    with op.batch_alter_table("grade_publicity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grade_publicity_year"), ["year"], unique=False)

    op.create_table(
        "grade_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("prepared_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_grade_scheme_approved_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_grade_scheme_prepared_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_scheme")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_grade_scheme_year_version")),
    )
    with op.batch_alter_table("grade_scheme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grade_scheme_year"), ["year"], unique=False)

    op.create_table(
        "quota_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("capped", sa.Boolean(), nullable=False),
        sa.Column("pools", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("prepared_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["user_account.id"], name=op.f("fk_quota_plan_checked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_quota_plan_prepared_by_user_account")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["user_account.id"], name=op.f("fk_quota_plan_signed_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_plan")),
        sa.UniqueConstraint("year", "kind", "version", name=op.f("uq_quota_plan_year_kind_version")),
    )
    with op.batch_alter_table("quota_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_plan_year"), ["year"], unique=False)

    op.create_table(
        "team_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("overall", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_team_review_made_by_user_account")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_review_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_review")),
        sa.UniqueConstraint("team_id", "quarter", name=op.f("uq_team_review_team_id_quarter")),
    )
    with op.batch_alter_table("team_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_review_quarter"), ["quarter"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_review_team_id"), ["team_id"], unique=False)

    op.create_table(
        "grade_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grade_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("extension_reason", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("new_grade", sa.String(), nullable=False),
        sa.Column("decision_no", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_grade_appeal_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["user_account.id"], name=op.f("fk_grade_appeal_entered_by_user_account")
        ),
        sa.ForeignKeyConstraint(["grade_id"], ["grade.id"], name=op.f("fk_grade_appeal_grade_id_grade")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_appeal")),
    )
    with op.batch_alter_table("grade_appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grade_appeal_grade_id"), ["grade_id"], unique=False)

    op.create_table(
        "quota_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["quota_plan.id"], name=op.f("fk_quota_decision_plan_id_quota_plan")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_quota_decision_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_decision")),
    )
    with op.batch_alter_table("quota_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_decision_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "review_demand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("response_by", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_by"], ["user_account.id"], name=op.f("fk_review_demand_response_by_user_account")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["team_review.id"], name=op.f("fk_review_demand_review_id_team_review")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_review_demand_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_demand")),
    )
    with op.batch_alter_table("review_demand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_demand_review_id"), ["review_id"], unique=False)

    op.create_table(
        "review_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("box", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("prefilled", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["team_review.id"], name=op.f("fk_review_entry_review_id_team_review")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_review_entry_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_entry")),
        sa.UniqueConstraint("review_id", "box", "kind", "ref", name=op.f("uq_review_entry_review_id_box_kind_ref")),
    )
    with op.batch_alter_table("review_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_entry_review_id"), ["review_id"], unique=False)

    op.create_table(
        "review_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("attribution", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["team_review.id"], name=op.f("fk_review_opinion_review_id_team_review")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_review_opinion_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_opinion")),
    )
    with op.batch_alter_table("review_opinion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_opinion_review_id"), ["review_id"], unique=False)

    op.create_table(
        "review_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["team_review.id"], name=op.f("fk_review_signature_review_id_team_review")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_review_signature_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_signature")),
    )
    with op.batch_alter_table("review_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_signature_review_id"), ["review_id"], unique=False)

    op.create_table(
        "annual_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False),
        sa.Column("pin_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pin_id"], ["assessment_pin.id"], name=op.f("fk_annual_snapshot_pin_id_assessment_pin")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_annual_snapshot_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_snapshot")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_annual_snapshot_year_version")),
    )
    with op.batch_alter_table("annual_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annual_snapshot_year"), ["year"], unique=False)

    op.create_table(
        "contradiction_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["annual_snapshot.id"], name=op.f("fk_contradiction_note_snapshot_id_annual_snapshot")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_contradiction_note_team_id_team")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_contradiction_note_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contradiction_note")),
    )
    with op.batch_alter_table("contradiction_note", schema=None) as batch_op:
        batch_op.create_index("ix_contradiction_note_snapshot_team", ["snapshot_id", "team_id"], unique=False)

    op.create_table(
        "evidence_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("prepared_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["user_account.id"], name=op.f("fk_evidence_package_confirmed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_evidence_package_prepared_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["annual_snapshot.id"], name=op.f("fk_evidence_package_snapshot_id_annual_snapshot")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_evidence_package_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_package")),
        sa.UniqueConstraint("snapshot_id", "team_id", name=op.f("uq_evidence_package_snapshot_id_team_id")),
    )
    with op.batch_alter_table("evidence_package", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_package_snapshot_id"), ["snapshot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_package_team_id"), ["team_id"], unique=False)

    op.create_table(
        "annual_judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["evidence_package.id"], name=op.f("fk_annual_judgement_package_id_evidence_package")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_annual_judgement_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_judgement")),
    )
    with op.batch_alter_table("annual_judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_annual_judgement_package_id"), ["package_id"], unique=False)

    op.create_table(
        "package_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["evidence_package.id"], name=op.f("fk_package_reading_package_id_evidence_package")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_package_reading_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_reading")),
        sa.UniqueConstraint("package_id", "user_id", name=op.f("uq_package_reading_package_id_user_id")),
    )
    with op.batch_alter_table("package_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_package_reading_package_id"), ["package_id"], unique=False)

    op.create_table(
        "package_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_package_item_evidence_id_evidence")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["evidence_package.id"], name=op.f("fk_package_item_package_id_evidence_package")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_package_item_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_item")),
        sa.UniqueConstraint("package_id", "evidence_id", name=op.f("uq_package_item_package_id_evidence_id")),
    )
    with op.batch_alter_table("package_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_package_item_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_package_item_package_id"), ["package_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("package_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_package_item_package_id"))
        batch_op.drop_index(batch_op.f("ix_package_item_evidence_id"))

    op.drop_table("package_item")
    with op.batch_alter_table("package_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_package_reading_package_id"))

    op.drop_table("package_reading")
    with op.batch_alter_table("annual_judgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annual_judgement_package_id"))

    op.drop_table("annual_judgement")
    with op.batch_alter_table("evidence_package", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_package_team_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_package_snapshot_id"))

    op.drop_table("evidence_package")
    with op.batch_alter_table("contradiction_note", schema=None) as batch_op:
        batch_op.drop_index("ix_contradiction_note_snapshot_team")

    op.drop_table("contradiction_note")
    with op.batch_alter_table("annual_snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annual_snapshot_year"))

    op.drop_table("annual_snapshot")
    with op.batch_alter_table("review_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_signature_review_id"))

    op.drop_table("review_signature")
    with op.batch_alter_table("review_opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_opinion_review_id"))

    op.drop_table("review_opinion")
    with op.batch_alter_table("review_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_entry_review_id"))

    op.drop_table("review_entry")
    with op.batch_alter_table("review_demand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_demand_review_id"))

    op.drop_table("review_demand")
    with op.batch_alter_table("quota_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quota_decision_plan_id"))

    op.drop_table("quota_decision")
    with op.batch_alter_table("grade_appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grade_appeal_grade_id"))

    op.drop_table("grade_appeal")
    with op.batch_alter_table("team_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_review_team_id"))
        batch_op.drop_index(batch_op.f("ix_team_review_quarter"))

    op.drop_table("team_review")
    with op.batch_alter_table("quota_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quota_plan_year"))

    op.drop_table("quota_plan")
    with op.batch_alter_table("grade_scheme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grade_scheme_year"))

    op.drop_table("grade_scheme")
    with op.batch_alter_table("grade_publicity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grade_publicity_year"))

    op.drop_table("grade_publicity")
    with op.batch_alter_table("grade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grade_year"))

    op.drop_table("grade")
    with op.batch_alter_table("eligibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_eligibility_year"))

    op.drop_table("eligibility")

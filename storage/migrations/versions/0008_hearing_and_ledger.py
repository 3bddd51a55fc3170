"""full field records, right to be heard, clearing and destruction, and a ledger to which one can only add

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LEDGER = ("ledger_entry", "ledger_evidence", "ledger_link", "ledger_tracking", "ledger_step", "ledger_closing")


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("kind", "sha256", name=op.f("uq_tombstone_kind_sha256")),
    )
    with op.batch_alter_table("tombstone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tombstone_sha256"), ["sha256"], unique=False)

    op.create_table(
        "destruction_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("executed_by", sa.Integer(), nullable=True),
        sa.Column("executed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["user_account.id"], name=op.f("fk_destruction_list_checked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["executed_by"], ["user_account.id"], name=op.f("fk_destruction_list_executed_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_destruction_list_prepared_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["user_account.id"], name=op.f("fk_destruction_list_signed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_list")),
    )
    op.create_table(
        "ledger_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ledger_closing_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_closing")),
        sa.UniqueConstraint("year", "version", name=op.f("uq_ledger_closing_year_version")),
    )
    with op.batch_alter_table("ledger_closing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_closing_year"), ["year"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.JSON(), nullable=False),
        sa.Column("implemented_from", sa.Date(), nullable=True),
        sa.Column("implemented_to", sa.Date(), nullable=True),
        sa.Column("effects_on", sa.JSON(), nullable=False),
        sa.Column("horizon", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("clue", sa.Text(), nullable=False),
        sa.Column("leniency_body", sa.String(), nullable=False),
        sa.Column("leniency_reason", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_ledger_entry_cadre_id_cadre")),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_ledger_entry_prepared_by_user_account")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_ledger_entry_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_cadre_id"), ["cadre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_team_id"), ["team_id"], unique=False)

    op.create_table(
        "ledger_link",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_link_entry_id_ledger_entry")),
        sa.ForeignKeyConstraint(["other_id"], ["ledger_entry.id"], name=op.f("fk_ledger_link_other_id_ledger_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ledger_link")),
        sa.UniqueConstraint("other_id", "entry_id", name=op.f("uq_ledger_link_other_id_entry_id")),
    )
    with op.batch_alter_table("ledger_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_link_other_id"), ["other_id"], unique=False)

    op.create_table(
        "ledger_tracking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_tracking_entry_id_ledger_entry")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ledger_tracking_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_tracking")),
    )
    with op.batch_alter_table("ledger_tracking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_tracking_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_tracking_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "record_detail",
        sa.Column("field_record_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("officers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_record_id"], ["field_record.id"], name=op.f("fk_record_detail_field_record_id_field_record")
        ),
        sa.PrimaryKeyConstraint("field_record_id", name=op.f("pk_record_detail")),
    )
    op.create_table(
        "record_team",
        sa.Column("field_record_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_record_id"], ["field_record.id"], name=op.f("fk_record_team_field_record_id_field_record")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_record_team_team_id_team")),
        sa.PrimaryKeyConstraint("field_record_id", "team_id", name=op.f("pk_record_team")),
    )
    with op.batch_alter_table("record_team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_team_team_id"), ["team_id"], unique=False)

    op.create_table(
        "ledger_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("tracking_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_step_entry_id_ledger_entry")),
        sa.ForeignKeyConstraint(
            ["tracking_id"], ["ledger_tracking.id"], name=op.f("fk_ledger_step_tracking_id_ledger_tracking")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ledger_step_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_step")),
    )
    with op.batch_alter_table("ledger_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_step_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "clearing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("purge_due", sa.Date(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("letter_by", sa.Integer(), nullable=True),
        sa.Column("purged_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_clearing_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["letter_by"], ["user_account.id"], name=op.f("fk_clearing_letter_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearing")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_clearing_evidence_id")),
    )
    with op.batch_alter_table("clearing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clearing_purge_due"), ["purge_due"], unique=False)

    op.create_table(
        "correction_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.String(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_correction_request_answered_by_user_account")
        ),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_correction_request_cadre_id_cadre")),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_correction_request_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_correction_request_prepared_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["user_account.id"], name=op.f("fk_correction_request_registered_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_request")),
    )
    with op.batch_alter_table("correction_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_request_cadre_id"), ["cadre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_request_due"), ["due"], unique=False)

    op.create_table(
        "destruction_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_destruction_line_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["destruction_list.id"], name=op.f("fk_destruction_line_list_id_destruction_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destruction_line")),
        sa.UniqueConstraint("list_id", "evidence_id", name=op.f("uq_destruction_line_list_id_evidence_id")),
    )
    with op.batch_alter_table("destruction_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_destruction_line_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_destruction_line_list_id"), ["list_id"], unique=False)

    op.create_table(
        "doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("first_record_id", sa.Integer(), nullable=True),
        sa.Column("other_record_id", sa.Integer(), nullable=True),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("concluded_by", sa.Integer(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["concluded_by"], ["user_account.id"], name=op.f("fk_doubt_concluded_by_user_account")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_doubt_evidence_id_evidence")),
        sa.ForeignKeyConstraint(
            ["first_record_id"], ["field_record.id"], name=op.f("fk_doubt_first_record_id_field_record")
        ),
        sa.ForeignKeyConstraint(
            ["other_record_id"], ["field_record.id"], name=op.f("fk_doubt_other_record_id_field_record")
        ),
        sa.ForeignKeyConstraint(["raised_by"], ["user_account.id"], name=op.f("fk_doubt_raised_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
    )
    with op.batch_alter_table("doubt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_doubt_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "hearing_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_hearing_exception_asked_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_hearing_exception_decided_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_hearing_exception_evidence_id_evidence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_exception")),
    )
    with op.batch_alter_table("hearing_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_exception_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "hearing_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("cadre_id", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("extension_reason", sa.String(), nullable=False),
        sa.Column("extended_by", sa.Integer(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=True),
        sa.Column("stated_by", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("result_reason", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_hearing_notice_cadre_id_cadre")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_hearing_notice_evidence_id_evidence")),
        sa.ForeignKeyConstraint(
            ["extended_by"], ["user_account.id"], name=op.f("fk_hearing_notice_extended_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by"], ["user_account.id"], name=op.f("fk_hearing_notice_reviewed_by_user_account")
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["user_account.id"], name=op.f("fk_hearing_notice_sent_by_user_account")),
        sa.ForeignKeyConstraint(
            ["stated_by"], ["user_account.id"], name=op.f("fk_hearing_notice_stated_by_user_account")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_hearing_notice_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_notice")),
    )
    with op.batch_alter_table("hearing_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_notice_cadre_id"), ["cadre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearing_notice_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearing_notice_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hearing_notice_team_id"), ["team_id"], unique=False)

    op.create_table(
        "ledger_evidence",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_evidence_entry_id_ledger_entry")
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_ledger_evidence_evidence_id_evidence")),
        sa.PrimaryKeyConstraint("entry_id", "evidence_id", name=op.f("pk_ledger_evidence")),
    )
    with op.batch_alter_table("ledger_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_evidence_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "leniency_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("distinctions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["user_account.id"], name=op.f("fk_leniency_review_checked_by_user_account")
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_leniency_review_evidence_id_evidence")),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["user_account.id"], name=op.f("fk_leniency_review_prepared_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["user_account.id"], name=op.f("fk_leniency_review_signed_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leniency_review")),
    )
    with op.batch_alter_table("leniency_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leniency_review_evidence_id"), ["evidence_id"], unique=False)

    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE FUNCTION refuse_ledger_change() RETURNS trigger AS "
            "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$ LANGUAGE plpgsql"
        )
    for table in LEDGER:
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    """Rows can be added, never changed or removed, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
    )


def downgrade() -> None:
    with op.batch_alter_table("leniency_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leniency_review_evidence_id"))

    op.drop_table("leniency_review")
    with op.batch_alter_table("ledger_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_evidence_evidence_id"))

    op.drop_table("ledger_evidence")
    with op.batch_alter_table("hearing_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearing_notice_team_id"))
        batch_op.drop_index(batch_op.f("ix_hearing_notice_evidence_id"))
        batch_op.drop_index(batch_op.f("ix_hearing_notice_due"))
        batch_op.drop_index(batch_op.f("ix_hearing_notice_cadre_id"))

    op.drop_table("hearing_notice")
    with op.batch_alter_table("hearing_exception", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearing_exception_evidence_id"))

    op.drop_table("hearing_exception")
    with op.batch_alter_table("doubt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_doubt_evidence_id"))

    op.drop_table("doubt")
    with op.batch_alter_table("destruction_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_destruction_line_list_id"))
        batch_op.drop_index(batch_op.f("ix_destruction_line_evidence_id"))

    op.drop_table("destruction_line")
    with op.batch_alter_table("correction_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_request_due"))
        batch_op.drop_index(batch_op.f("ix_correction_request_cadre_id"))

    op.drop_table("correction_request")
    with op.batch_alter_table("clearing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clearing_purge_due"))

    op.drop_table("clearing")
    with op.batch_alter_table("ledger_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_step_entry_id"))

    op.drop_table("ledger_step")
    with op.batch_alter_table("record_team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_team_team_id"))

    op.drop_table("record_team")
    op.drop_table("record_detail")
    with op.batch_alter_table("ledger_tracking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_tracking_entry_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_tracking_due"))

    op.drop_table("ledger_tracking")
    with op.batch_alter_table("ledger_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_link_other_id"))

    op.drop_table("ledger_link")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_team_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entry_cadre_id"))

    op.drop_table("ledger_entry")
    with op.batch_alter_table("ledger_closing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_closing_year"))

    op.drop_table("ledger_closing")
    op.drop_table("destruction_list")
    with op.batch_alter_table("tombstone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tombstone_sha256"))

    op.drop_table("tombstone")

    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_ledger_change")

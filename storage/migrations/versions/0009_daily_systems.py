"""zones and liaison, talks, media batches; the restricted compartment

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import storage.tables.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "important_matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reported_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("team_mark", sa.String(), nullable=False),
        sa.Column("cadre_mark", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("received_by", sa.Integer(), nullable=True),
        sa.Column("received_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["important_matter.id"], name=op.f("fk_important_matter_merged_into_important_matter")
        ),
        sa.ForeignKeyConstraint(
            ["received_by"], ["user_account.id"], name=op.f("fk_important_matter_received_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_important_matter")),
        sa.UniqueConstraint("receipt", name=op.f("uq_important_matter_receipt")),
    )
    with op.batch_alter_table("important_matter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_important_matter_cadre_mark"), ["cadre_mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_important_matter_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_important_matter_reported_at"), ["reported_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_important_matter_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_important_matter_team_mark"), ["team_mark"], unique=False)

    op.create_table(
        "liaison_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("zone_id", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("officers", sa.JSON(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("follow_due", sa.Date(), nullable=True),
        sa.Column("followed_on", sa.Date(), nullable=True),
        sa.Column("followed", sa.Text(), nullable=False),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_liaison_activity_team_id_team")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_liaison_activity_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_liaison_activity_zone_id_zone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison_activity")),
    )
    with op.batch_alter_table("liaison_activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaison_activity_on"), ["on"], unique=False)
        batch_op.create_index(batch_op.f("ix_liaison_activity_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_liaison_activity_zone_id"), ["zone_id"], unique=False)

    op.create_table(
        "media_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["user_account.id"], name=op.f("fk_media_batch_closed_by_user_account")),
        sa.ForeignKeyConstraint(["opened_by"], ["user_account.id"], name=op.f("fk_media_batch_opened_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_batch")),
        sa.UniqueConstraint("since", name=op.f("uq_media_batch_since")),
    )
    with op.batch_alter_table("media_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_batch_closed_on"), ["closed_on"], unique=False)

    op.create_table(
        "officer_tie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_officer_tie_given_by_user_account")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_officer_tie_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_officer_tie_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_tie")),
    )
    with op.batch_alter_table("officer_tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_officer_tie_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_officer_tie_user_id"), ["user_id"], unique=False)

    op.create_table(
        "supervisory_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cadre_mark", sa.String(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("reply_due", sa.Date(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("report_due", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["supervisory_act.id"], name=op.f("fk_supervisory_act_previous_id_supervisory_act")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_supervisory_act_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisory_act")),
        sa.UniqueConstraint("number", name=op.f("uq_supervisory_act_number")),
    )
    with op.batch_alter_table("supervisory_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervisory_act_cadre_mark"), ["cadre_mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervisory_act_delivered_on"), ["delivered_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervisory_act_kind"), ["kind"], unique=False)

    op.create_table(
        "team_zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("zone_id", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_zone_team_id_team")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_team_zone_user_id_user_account")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_team_zone_zone_id_zone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_zone")),
        sa.UniqueConstraint("team_id", "start", name=op.f("uq_team_zone_team_id_start")),
    )
    with op.batch_alter_table("team_zone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_zone_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_zone_zone_id"), ["zone_id"], unique=False)

    op.create_table(
        "zone_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["user_account.id"], name=op.f("fk_zone_duty_given_by_user_account")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_zone_duty_user_id_user_account")),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_zone_duty_zone_id_zone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_duty")),
    )
    with op.batch_alter_table("zone_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_zone_duty_user_id"), ["user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_zone_duty_zone_id"), ["zone_id"], unique=False)

    op.create_table(
        "matter_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["important_matter.id"], name=op.f("fk_matter_act_matter_id_important_matter")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_matter_act_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_act")),
    )
    with op.batch_alter_table("matter_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matter_act_matter_id"), ["matter_id"], unique=False)

    op.create_table(
        "matter_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("named_by", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("ended_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["important_matter.id"], name=op.f("fk_matter_reader_matter_id_important_matter")
        ),
        sa.ForeignKeyConstraint(["named_by"], ["user_account.id"], name=op.f("fk_matter_reader_named_by_user_account")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_matter_reader_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_reader")),
    )
    with op.batch_alter_table("matter_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matter_reader_matter_id"), ["matter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_matter_reader_user_id"), ["user_id"], unique=False)

    op.create_table(
        "talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("interviewer_id", sa.Integer(), nullable=False),
        sa.Column("staff", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("starts_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("grouped", sa.Boolean(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cancel_reason", sa.String(), nullable=False),
        sa.Column("brief_id", sa.Integer(), nullable=True),
        sa.Column("planned_by", sa.Integer(), nullable=False),
        sa.Column("planned_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", storage.tables.base.Timestamp(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["user_account.id"], name=op.f("fk_talk_approved_by_user_account")),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"], name=op.f("fk_talk_brief_id_brief")),
        sa.ForeignKeyConstraint(
            ["interviewer_id"], ["user_account.id"], name=op.f("fk_talk_interviewer_id_user_account")
        ),
        sa.ForeignKeyConstraint(["planned_by"], ["user_account.id"], name=op.f("fk_talk_planned_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
    )
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_interviewer_id"), ["interviewer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_state"), ["state"], unique=False)

    op.create_table(
        "talk_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.String(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_talk_follow_up_cadre_id_cadre")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["user_account.id"], name=op.f("fk_talk_follow_up_settled_by_user_account")
        ),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_follow_up_talk_id_talk")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_talk_follow_up_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_follow_up")),
    )
    with op.batch_alter_table("talk_follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_follow_up_cadre_id"), ["cadre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_follow_up_talk_id"), ["talk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_follow_up_team_id"), ["team_id"], unique=False)

    op.create_table(
        "talk_outline",
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_outline_talk_id_talk")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_talk_outline_user_id_user_account")),
        sa.PrimaryKeyConstraint("talk_id", name=op.f("pk_talk_outline")),
    )
    op.create_table(
        "talk_person",
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("confirmed", sa.String(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_talk_person_cadre_id_cadre")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_person_talk_id_talk")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_talk_person_team_id_team")),
        sa.PrimaryKeyConstraint("talk_id", "cadre_id", name=op.f("pk_talk_person")),
    )
    with op.batch_alter_table("talk_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_person_team_id"), ["team_id"], unique=False)

    op.create_table(
        "talk_record",
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("began_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("ended_at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("staff", sa.JSON(), nullable=False),
        sa.Column("recorder_id", sa.Integer(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", storage.tables.base.Timestamp(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorder_id"], ["user_account.id"], name=op.f("fk_talk_record_recorder_id_user_account")
        ),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_record_talk_id_talk")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_talk_record_user_id_user_account")),
        sa.PrimaryKeyConstraint("talk_id", name=op.f("pk_talk_record")),
    )
    op.create_table(
        "talk_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("scheduler_id", sa.Integer(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("answer_due", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("unit_told", sa.Boolean(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=True),
        sa.Column("cadre_mark", sa.String(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["user_account.id"], name=op.f("fk_talk_request_addressee_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["scheduler_id"], ["user_account.id"], name=op.f("fk_talk_request_scheduler_id_user_account")
        ),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_talk_request_talk_id_talk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_request")),
    )
    with op.batch_alter_table("talk_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_request_addressee_id"), ["addressee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_request_cadre_mark"), ["cadre_mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_request_requested_on"), ["requested_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_request_scheduler_id"), ["scheduler_id"], unique=False)

    op.create_table(
        "media_batch_item",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("self_published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["media_batch.id"], name=op.f("fk_media_batch_item_batch_id_media_batch")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_media_batch_item_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_media_batch_item_team_id_team")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_media_batch_item")),
    )
    with op.batch_alter_table("media_batch_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_batch_item_batch_id"), ["batch_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("media_batch_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_batch_item_batch_id"))

    op.drop_table("media_batch_item")
    with op.batch_alter_table("talk_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_talk_request_scheduler_id"))
        batch_op.drop_index(batch_op.f("ix_talk_request_requested_on"))
        batch_op.drop_index(batch_op.f("ix_talk_request_cadre_mark"))
        batch_op.drop_index(batch_op.f("ix_talk_request_addressee_id"))

    op.drop_table("talk_request")
    op.drop_table("talk_record")
    with op.batch_alter_table("talk_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_talk_person_team_id"))

    op.drop_table("talk_person")
    op.drop_table("talk_outline")
    with op.batch_alter_table("talk_follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_talk_follow_up_team_id"))
        batch_op.drop_index(batch_op.f("ix_talk_follow_up_talk_id"))
        batch_op.drop_index(batch_op.f("ix_talk_follow_up_cadre_id"))

    op.drop_table("talk_follow_up")
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_talk_state"))
        batch_op.drop_index(batch_op.f("ix_talk_starts_at"))
        batch_op.drop_index(batch_op.f("ix_talk_interviewer_id"))

    op.drop_table("talk")
    with op.batch_alter_table("matter_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matter_reader_user_id"))
        batch_op.drop_index(batch_op.f("ix_matter_reader_matter_id"))

    op.drop_table("matter_reader")
    with op.batch_alter_table("matter_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matter_act_matter_id"))

    op.drop_table("matter_act")
    with op.batch_alter_table("zone_duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_zone_duty_zone_id"))
        batch_op.drop_index(batch_op.f("ix_zone_duty_user_id"))

    op.drop_table("zone_duty")
    with op.batch_alter_table("team_zone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_zone_zone_id"))
        batch_op.drop_index(batch_op.f("ix_team_zone_team_id"))

    op.drop_table("team_zone")
    with op.batch_alter_table("supervisory_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supervisory_act_kind"))
        batch_op.drop_index(batch_op.f("ix_supervisory_act_delivered_on"))
        batch_op.drop_index(batch_op.f("ix_supervisory_act_cadre_mark"))

    op.drop_table("supervisory_act")
    with op.batch_alter_table("officer_tie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_officer_tie_user_id"))
        batch_op.drop_index(batch_op.f("ix_officer_tie_team_id"))

    op.drop_table("officer_tie")
    with op.batch_alter_table("media_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_batch_closed_on"))

    op.drop_table("media_batch")
    with op.batch_alter_table("liaison_activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_liaison_activity_zone_id"))
        batch_op.drop_index(batch_op.f("ix_liaison_activity_team_id"))
        batch_op.drop_index(batch_op.f("ix_liaison_activity_on"))

    op.drop_table("liaison_activity")
    with op.batch_alter_table("important_matter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_important_matter_team_mark"))
        batch_op.drop_index(batch_op.f("ix_important_matter_state"))
        batch_op.drop_index(batch_op.f("ix_important_matter_reported_at"))
        batch_op.drop_index(batch_op.f("ix_important_matter_kind"))
        batch_op.drop_index(batch_op.f("ix_important_matter_cadre_mark"))

    op.drop_table("important_matter")

"""Entering a full 六字 record for evidence items and task claims alike, with its audit entry (domain.md §1.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from api.acts.performing import perform
from api.system import System
from appraisal.export import csv_table
from appraisal.quarterly import claims
from dossier import terms
from dossier.field.coverage import Matrix
from dossier.field.forms import FORMS, split_names
from dossier.field.records import RecordForm, enter, support
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import FieldRecord


def form_from(typed: Mapping[str, str], many: Mapping[str, Sequence[str]], on: date) -> RecordForm:
    """A record as a form sends it: fields of the channel by their key, officers in one line, items and teams listed.

    Raises RECORD-CHANNEL, RECORD-ITEM.
    """
    channel = typed.get("channel", "")
    keys = [spec.key for spec in FORMS[channel].fields] if channel in FORMS else []
    try:
        items = tuple(int(value) for value in many.get("item", ()) if value)
    except ValueError as bad:
        raise ShijiError("RECORD-ITEM", "选择的条目不可用", "核查记录", "请重新勾选。") from bad
    return RecordForm(
        channel, on, typed.get("summary", ""), {key: typed.get(f"f_{key}", "") for key in keys},
        tuple(split_names(typed.get("officers", ""))), items, tuple(t for t in many.get("team", ()) if t),
        bool(typed.get("self_reported")), bool(typed.get("official")),
    )  # fmt: skip


def record(
    system: System, viewer: Viewer, form: RecordForm, claim_ids: Sequence[int] = (), contradicts: bool = False
) -> FieldRecord:
    """Enter one record for items and claims together."""
    today = system.settings.today()

    def change(session: Session, who: Viewer) -> FieldRecord:
        # a visit to a team's tasks alone concerns that team
        teams = tuple(claims.team_of(session, who, key) for key in claim_ids)
        made = enter(session, who, _with_teams(form, teams), today)
        if claim_ids:
            claims.attach(session, who, made, claim_ids, contradicts)
        return made

    detail = {"channel": form.channel, "items": list(form.items), "claims": list(claim_ids)}
    return perform(system, viewer, "record-enter", "field-record", "", change, detail)


def link(system: System, viewer: Viewer, record_id: int, item_ids: Sequence[int]) -> FieldRecord:
    """Let a record support further items."""
    return perform(
        system, viewer, "record-link", "field-record", str(record_id),
        lambda session, who: support(session, who, record_id, item_ids), {"items": list(item_ids)},
    )  # fmt: skip


def coverage_csv(found: Matrix) -> bytes:
    """The matrix for a spreadsheet: a row a team in roster order, formulas neutralised."""
    header = ("班子", "类别", *terms.CHANNELS, "未开展方式", "事项数", "已核实", "部分属实或不属实", "待核实", "核实率")
    rows = [
        (r.team, r.category, *r.counts, "、".join(r.missing), r.rate.claims, r.rate.verified, r.rate.refuted,
         r.rate.pending, r.rate.text)
        for r in found.rows
    ]  # fmt: skip
    return csv_table(header, rows)


def _with_teams(form: RecordForm, teams: tuple[str, ...]) -> RecordForm:
    return replace(form, teams=tuple(dict.fromkeys((*form.teams, *teams)))) if teams else form

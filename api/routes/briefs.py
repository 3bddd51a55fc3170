"""JSON of briefing notes: make, list, read, export."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.briefing import WORD, export, make, read, word_response
from dossier.brief import TalkPlan
from dossier.brief_store import IssuedBrief, list_briefs
from storage.tables import Brief

router = APIRouter(prefix="/api", tags=["briefs"])
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD"))]
Maker = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]


class BriefRequest(BaseModel):
    """For whom and which talk a brief is wanted."""

    cadre: str = Field(description="cadre id, such as P002")
    kind: str = Field(description="考核反馈, 任职, 分工调整, 关怀, 回访, 问题线索核实后, 本人申请")
    interviewer: str = Field(description="谈话人, up to 40 characters")
    planned_on: date | None = None


class BriefRow(BaseModel):
    """A brief in a list."""

    id: int
    cadre: str
    name: str
    kind: str
    interviewer: str
    planned_on: str
    made_on: str
    sha256: str
    docx: str


class BriefOut(BriefRow):
    """A brief with all its sentences; `gone` and `changed` name items whose state is no longer as printed."""

    content: dict[str, Any]
    gone: dict[str, str]
    changed: dict[str, str]


@router.post("/briefs", status_code=201)
def make_brief(system: SystemDep, person: Maker, wanted: BriefRequest) -> BriefOut:
    """Make a brief; the purpose 谈话 is recorded."""
    brief = make(system, person, wanted.cadre, TalkPlan(wanted.kind, wanted.interviewer, wanted.planned_on))
    return _full(read(system, person, brief.id))


@router.get("/briefs")
def briefs(system: SystemDep, person: Reader) -> list[BriefRow]:
    """The caller's own briefs, newest first."""
    with system.database.read() as session:
        return [BriefRow(**_row(brief, brief.content)) for brief in list_briefs(session, person.viewer)]


@router.get("/briefs/{brief_id:int}")
def brief(system: SystemDep, person: Reader, brief_id: int) -> BriefOut:
    """One brief."""
    return _full(read(system, person, brief_id))


@router.get("/briefs/{brief_id:int}.docx", response_class=Response, responses={200: {"content": {WORD: {}}}})
def brief_word(system: SystemDep, person: Reader, brief_id: int) -> Response:
    """The Word file as issued."""
    return word_response(*export(system, person, brief_id))


def _row(row: Brief, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row.id, "cadre": row.cadre_id, "name": content["name"], "kind": row.talk_kind,
        "interviewer": row.interviewer, "planned_on": content["planned_on"], "made_on": content["made_on"],
        "sha256": row.docx_sha256, "docx": f"/api/briefs/{row.id}.docx",
    }  # fmt: skip


def _full(issued: IssuedBrief) -> BriefOut:
    content = issued.content.as_dict()
    return BriefOut(**_row(issued.row, content), content=content, gone=issued.gone, changed=issued.changed)

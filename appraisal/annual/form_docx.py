"""公务员年度考核登记表: the header filled from the roster, the rest left for hands and signatures (domain.md §4.7).

No grade and no comment is printed: both are written and signed on paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import gongwen
from dossier.brief_words import named_post
from dossier.gongwen_form import Box, add_boxes
from dossier.scope import Viewer, get_cadre
from dossier.tenures import held_on
from storage.errors import ShijiError
from storage.tables import Post, Team, Tenure

WIDTHS = (34, 58, 30, 34)
BLOCKS = (
    Box("个人总结（德能勤绩廉，含不足）", height=130, signed=True), Box("参加脱产培训情况", height=28),
    Box("主管领导评语和考核等次建议", height=48, signed=True),
    Box("机关负责人或考核委员会意见", height=44, signed=True), Box("本人意见（签名、日期）", height=36, signed=True),
    Box("未确定等次或不参加考核情况说明", height=32),
)  # fmt: skip


@dataclass(frozen=True)
class FormHeader:
    """The header of one cadre's form; what the roster does not hold stays empty."""

    name: str
    sex: str
    born: str
    posts: str
    since: str
    year: int


def form_header(session: Session, viewer: Viewer, cadre_id: str, year: int, today: date) -> FormHeader:
    """Header of a cadre in post at the end of the year. Raises CADRE-UNKNOWN, RIGHTS-…, FORM-POST."""
    cadre = get_cadre(session, viewer, cadre_id, today)
    rows = session.execute(
        select(Team.full, Post.title, Tenure.start)
        .join(Post, Post.team_id == Team.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.cadre_id == cadre_id, held_on(min(date(year, 12, 31), today)))
        .order_by(Tenure.start.desc().nulls_last())
    ).all()
    if not rows:
        raise ShijiError("FORM-POST", f"{year}年末没有任职", cadre.name, "请核对名册。")
    posts = "；".join(named_post(full, title) for full, title, _start in rows)
    since = rows[0][2]
    return FormHeader(
        cadre.name, cadre.sex, cadre.born.replace("-", "."), posts, f"{since:%Y.%m}" if since else "", year
    )  # fmt: skip


def form_docx(header: FormHeader) -> bytes:
    """The Word file of a form, printed on both sides: the header and the person's summary, then what others write."""
    word = gongwen.new_paper(f"公务员年度考核登记表（{header.year}年度）", mark="")
    gongwen.add_title(word, "公务员年度考核登记表")
    gongwen.add_title(word, f"（{header.year}年度）")
    rows = [
        [Box("姓名", header.name), Box("性别", header.sex)],
        [Box("出生年月", header.born), Box("政治面貌")],
        [Box("单位及职务职级", header.posts), Box("任现职时间", header.since)],
        [Box("从事或分管工作", height=16)],
        *([box] for box in BLOCKS),
    ]
    add_boxes(word, rows, WIDTHS)
    return gongwen.to_bytes(word)

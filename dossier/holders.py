"""Who held a post in a team on a date: the only cadres that an officer may add to an item of that team."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.scope import Viewer
from dossier.tenures import held_on
from storage.errors import ShijiError
from storage.tables import Cadre, Post, Tenure


@dataclass(frozen=True)
class Holder:
    """A cadre with the post held on the date."""

    cadre_id: str
    name: str
    post: str


def holders(session: Session, viewer: Viewer, team_id: str, on: date) -> list[Holder]:
    """Cadres in post on `on`, without those the viewer is recused from."""
    rows = session.execute(
        select(Cadre.id, Cadre.name, Post.title)
        .join(Tenure, Tenure.cadre_id == Cadre.id)
        .join(Post, Tenure.post_id == Post.id)
        .where(
            Post.team_id == team_id,
            held_on(on),
        )
        .order_by(Post.id, Cadre.id)
    )
    return [Holder(*row) for row in rows if row[0] not in viewer.recused_cadres]


def check_added(session: Session, viewer: Viewer, team_id: str | None, on: date | None, added: Iterable[str]) -> None:
    """Refuse a cadre who was not in the team on the day: a wrong person is the worst mistake there is."""
    wanted = set(added)
    if not wanted:
        return
    if team_id is None or on is None:
        raise ShijiError("REVIEW-CADRE", "没有归属班子或日期，不能添加干部", "", "请先确定归属班子。")
    strangers = wanted - {h.cadre_id for h in holders(session, viewer, team_id, on)}
    if strangers:
        raise ShijiError(
            "REVIEW-CADRE", f"该干部 {on} 不在该班子任职，不能添加", "、".join(sorted(strangers)),
            "请从当日任职名单中选择；如名册有误，请先更正名册。",
        )  # fmt: skip

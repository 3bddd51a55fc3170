"""Who heads a unit: for the channel that bypasses the main leader, and for the words of the compartment's papers."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.tenures import held_on
from storage.tables import Post, Tenure

_HEAD = re.compile(r"(?<!副)(?:书记|局长|主任|区长|县长|市长|主席|部长|秘书长|行长)")


def is_main_leader(title: str) -> bool:
    """Whether a title is that of a main leader: a secretary or head, and no deputy or candidate.

    区委副书记、区长 heads the government and is one; 副局长 is none; a secretary of a discipline group is none.
    """
    if "纪检" in title or "候选人" in title:
        return False
    return any(_HEAD.search(part) and not part.startswith("副") for part in re.split("[、，,（(]", title))


def leads(session: Session, cadre_id: str, team_id: str, on: date) -> bool:
    """Whether a cadre is a main leader of a team on a day."""
    query = select(Post.title).join(Tenure, Tenure.post_id == Post.id)
    held = session.scalars(query.where(Tenure.cadre_id == cadre_id, Post.team_id == team_id, held_on(on)))
    return any(is_main_leader(title) for title in held)

"""使用说明: keys, states, lanes and the rules that reasons name, on one printable page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.rights import PersonDep
from api.render import page
from dossier import rule_book, terms

router = APIRouter(include_in_schema=False)
RULE_GROUPS = (
    ("归属班子（T）", rule_book.TEAM_RULES),
    ("认定干部（P）", rule_book.CADRE_RULES),
    ("分类（DR）", rule_book.TOPIC_RULES),
)


@router.get("/help")
def show(request: Request, person: PersonDep) -> Response:
    """The page; the same for every role, since rules are no secret."""
    return page(
        request, "help.html", person, groups=RULE_GROUPS, meanings=rule_book.STATE_MEANINGS,
        channels=terms.CHANNEL_NAMES, families=_families(),
    )  # fmt: skip


def _families() -> list[tuple[str, str, list[str]]]:
    """(topic code, its name, its sub-types as "ZF1 机制制度创新"), in the order of the taxonomy."""
    return [
        (label, terms.TOPICS[label], [f"{c} {n}" for c, n in terms.SUB_TYPES.items() if c.rstrip("0123456789") == code])
        for code, label in terms.TOPIC_CODES.items()
    ]

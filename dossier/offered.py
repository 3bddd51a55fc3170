"""Which decisions to offer on an item. The rules stand in review and verify, which refuse what is not offered here."""

from __future__ import annotations

from dossier import terms
from dossier.item import ItemFile
from dossier.review import DECIDERS
from dossier.scope import Viewer


def may_do(viewer: Viewer, chosen: ItemFile) -> frozenset[str]:
    """Names of the decisions open to the viewer now, such as accept, agree, sign."""
    view = chosen.view
    if viewer.role not in DECIDERS:
        return frozenset()
    may: set[str] = set()
    last = next((d for d in reversed(chosen.history) if not d.undone and d.kind != "undo"), None)
    if last and last.user_id == viewer.user_id and last.kind in ("accept", "reject", "correct"):
        may.add("undo")
    if view.state in (terms.PENDING, terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING):
        may.add("correct")
    if view.state in (terms.PENDING, terms.ADOPTED, terms.TO_VERIFY):
        may.add("reject")
    if view.state == terms.PENDING:
        may.add("accept")
    if view.state in (terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING):
        may |= {"records", "propose"} if not view.proposed_state else {"records"}
    if view.proposed_state:
        may.add("return")
        if view.agreed_by is None and view.proposed_by != viewer.user_id:
            may.add("agree")
        if view.agreed_by is not None and viewer.role == "HEAD":
            may.add("sign")
    if view.adverse and view.state in (terms.TO_VERIFY, terms.VERIFYING, *terms.ESTABLISHED):
        may.add("notify")
        if view.notified:
            may.add("respond")
    if viewer.role == "HEAD":
        may |= {"leniency"} if view.adverse else set()
        may |= {"withdraw"} if view.state in terms.SHOWN else set()
    return frozenset(may)

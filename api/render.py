"""Templates: one environment, autoescaped, with the few filters pages need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files
from itertools import pairwise
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from api.access.accounts import ROLES, SignedIn
from dossier import terms
from dossier.rule_book import cut_at_rules
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import now

MENU = (
    # path, name, roles
    ("/", "今日工作台", ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN", "SYS", "AUD")),  # UNIT enters at 本单位填报
    ("/queue", "待确认队列", ("OFF", "HEAD", "KH")),
    ("/search", "检索", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/teams", "班子档", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/cadres", "干部档", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/indicators", "指标与评分", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/tasks", "重点任务", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/quarterly", "季度考核", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/unit", "本单位填报", ("UNIT",)),
    ("/zones", "分片联系", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/matters", "重要事项", ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN", "UNIT")),
    ("/supervision", "监督谈话台账", ("SUP",)),
    ("/restricted", "受控条目", ("HEAD", "SUP")),
    ("/talks", "谈心谈话", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/briefs", "谈话简报", ("OFF", "HEAD")),
    ("/batches", "舆论信息批次", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/products", "文稿中心", ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN", "UNIT")),
    ("/records", "核查记录", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/hearings", "告知与申辩", ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN", "UNIT")),
    ("/ledger", "业绩责任记实", ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN")),
    ("/taking-office", "交接事项", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/destruction", "销毁清册", ("SYS", "AUD", "DEP", "MIN")),
    ("/reviews", "分析研判", ("OFF", "HEAD", "KH", "DEP", "MIN")),
    ("/annual", "年度考核", ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN")),
    ("/decisions", "组织决定登记", ("HEAD", "SUP", "DEP", "MIN")),
    ("/sources", "采集与来源", ("OFF", "HEAD", "KH", "SYS")),
    ("/doubtful", "存疑网页", ("OFF", "HEAD")),
    ("/upload", "报送材料", ("OFF", "HEAD", "KH")),
    ("/roster", "名册", ("HEAD", "KH", "SYS")),
    ("/quarantine", "隔离登记", ("HEAD", "SUP")),
    ("/quality", "识别质量", ("HEAD", "KH", "SYS")),
    ("/audit", "审计", ("AUD",)),
    ("/users", "账号管理", ("SYS",)),
    ("/help", "使用说明", ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN", "UNIT", "SYS", "AUD")),
)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api", "templates"), autoescape=select_autoescape(default=True), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        day=show_day, moment=show_moment, marked=marked, ruled=ruled, percent=lambda v: f"{100 * v:.0f}%"
    )
    environment.globals.update(
        topics=terms.TOPICS, sub_types=terms.SUB_TYPES, roles=ROLES, asset_version=_asset_version(), terms=terms
    )
    return environment


def _asset_version() -> str:
    return str(int(max(f.stat().st_mtime for f in (files("api") / "static").iterdir())))  # type: ignore[attr-defined]


def show_day(value: date | datetime | None) -> str:
    """2025-10-16, China time; empty for nothing."""
    if value is None:
        return ""
    return f"{value.astimezone(CHINA):%Y-%m-%d}" if isinstance(value, datetime) else value.isoformat()


def show_moment(value: datetime | None) -> str:
    """2025-10-16 09:30, China time."""
    return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}" if value else ""


def marked(text: str, spans: Iterable[tuple[int, int, str]]) -> Markup:
    """Text with spans wrapped in <mark class=…>; where spans overlap, the mark carries all their classes."""
    kept = [(max(0, start), min(end, len(text)), kind) for start, end, kind in spans if start < end]
    cuts = sorted({0, len(text), *(s for s, _e, _k in kept), *(e for _s, e, _k in kept)})
    parts: list[Markup] = []
    for start, end in pairwise(cut for cut in cuts if cut <= len(text)):
        kinds = " ".join(sorted({kind for s, e, kind in kept if s <= start and end <= e}))
        piece = text[start:end]
        parts.append(Markup('<mark class="{}">{}</mark>').format(kinds, piece) if kinds else escape(piece))
    return Markup("").join(parts)


def ruled(text: str) -> Markup:
    """Text in which the code of a known rule (T5, P6, DR2) shows its meaning and leads to it in 使用说明."""
    link = Markup('<a class="rule" href="/help#{0}" title="{1}">{0}</a>')
    return Markup("").join(link.format(piece, tip) if tip else escape(piece) for piece, tip in cut_at_rules(text))


templates = Jinja2Templates(env=_environment())


def page(request: Request, name: str, person: SignedIn | None = None, status: int = 200, **values: Any) -> HTMLResponse:
    """A rendered page. Every template gets `person`, `menu`, `today`, `demo`."""
    settings = request.app.state.system.settings
    role = person.viewer.role if person else ""
    context = {
        "person": person,
        "csrf": person.csrf if person else "",
        "menu": [(path, title) for path, title, allowed in MENU if role in allowed],
        "here": request.url.path,
        "today": settings.today(),
        "demo": settings.demo,
        "stamped": now(),  # watermark of screen and print
        **values,
    }
    return templates.TemplateResponse(request, name, context, status_code=status)


def error_page(request: Request, error: ShijiError, status: int) -> Response:
    """An error a person can act on; a fragment for htmx."""
    if request.headers.get("hx-request"):
        # into the page's own error line, so that what was typed stays
        headers = {"HX-Retarget": "#errors", "HX-Reswap": "innerHTML", "HX-Push-Url": "false"}
        return templates.TemplateResponse(request, "error_fragment.html", {"error": error}, status, headers)
    return page(request, "error.html", getattr(request.state, "person", None), status, error=error)

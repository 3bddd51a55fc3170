"""Reading the audit log: filters, Chinese words for acts, export for spreadsheets (R-44, journey 12)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Response
from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.days import typed_day
from api.system import System
from appraisal.export import csv_table
from dossier import terms
from storage.settings import CHINA
from storage.tables import AuditEntry, Cadre, User

PER_PAGE = 100
EXPORTED = 100_000
ACTS = {
    "sign-in": "登录", "sign-in-failed": "登录失败", "sign-out": "退出", "account-locked": "账号锁定",
    "cadre": "查看干部档", "cadre-open": "查看干部档", "cadre-open-unverified": "查看干部未核实条目",
    "cadre-purpose": "填写查阅用途", "team-open-unverified": "查看未核实条目",
    "document-original": "下载原件", "page-decided": "核对网页",
    "model-train": "训练模型", "model-use": "更换模型",
    "evidence-accept": "采用", "evidence-reject": "不采用", "evidence-correct": "更正",
    "evidence-undo": "撤销", "evidence-records": "登记核查", "evidence-propose": "提出结论", "evidence-agree": "同意",
    "evidence-sign": "签批", "evidence-return": "退回", "evidence-notify": "登记告知", "evidence-respond": "登记说明",
    "evidence-leniency": "登记容错", "evidence-withdraw": "更正或撤回", "quarantine-handed-over": "隔离件移交",
    "collect-now": "现在采集", "source-enable": "启用来源", "source-disable": "停用来源", "sources-import": "登记来源",
    "source-add": "新增来源", "source-preview": "试采来源", "sources-export": "导出来源登记",
    "bundle-export": "导出数据包", "bundle-import": "导入数据包",
    "upload": "报送材料", "upload-refused": "报送被拒", "indicator-import": "导入指标", "indicator-book": "导入体系",
    "roster-import": "导入名册", "search-list": "打印检索清单", "audit-read": "查看审计", "audit-export": "导出审计",
    "user-add": "新建账号", "user-enable": "启用账号", "user-disable": "停用账号", "user-zones": "调整联系片",
    "user-password": "重置口令", "recusal-add": "登记回避", "recusal-remove": "解除回避", "brief-made": "编制谈话简报",
    "brief-read": "查看谈话简报", "export": "下载 Word 文件", "product-draft": "起草文稿",
    "product-read": "查看文稿", "product-edit": "修改文稿", "product-submit": "文稿送审",
    "product-check": "审核文稿", "product-sign": "签发文稿", "product-return": "退回文稿",
    "product-void": "作废文稿", "product-recipients": "确定发送范围", "product-copy": "加发文稿",
    "product-recall": "召回处理", "roster-paper": "导入任免表", "roster-paper-export": "导出任免表",
    "search-command": "命令行检索",
    "record-enter": "登记核查记录", "record-link": "核查记录关联条目", "evidence-doubt": "标注存疑",
    "evidence-conclude": "存疑结论", "evidence-exception": "申请告知例外", "evidence-batch": "批量改正归属",
    "notice-extend": "延长说明期限", "notice-statement": "登记说明、申辩", "notice-review": "复核说明",
    "leniency-check": "审核容错审查", "leniency-sign": "签批容错审查", "exception-decide": "决定告知例外",
    "exception-lift": "解除告知例外", "clearing-letter": "拟澄清函", "correction-register": "登记更正请求",
    "correction-prepare": "拟办更正请求", "correction-answer": "答复更正请求", "destruction-prepare": "拟制销毁清册",
    "destruction-check": "审核销毁清册", "destruction-sign": "批准销毁清册", "destruction-carry-out": "执行销毁",
    "ledger-open": "查阅业绩责任记实", "ledger-prepare": "拟记", "ledger-tell": "记实告知本人",
    "ledger-statement": "登记本人陈述", "ledger-check": "审核记实", "ledger-approve": "批准记实",
    "ledger-close": "记实结账", "ledger-reverse": "拟写冲正", "ledger-track": "登记追踪日期",
    "ledger-tracked": "登记追踪情况", "ledger-close-year": "年度结账",
    "matter-submit": "报告重要事项", "matter-receive": "接收重要事项", "matter-read": "查看受控事项",
    "matter-readers": "指定阅看人", "matter-end-reader": "取消阅看人", "matter-correct": "更正受控事项",
    "matter-merge": "合并受控事项", "matter-care": "登记关怀", "matter-close": "办结受控事项",
    "supervision-read": "查看监督谈话台账", "supervision-enter": "登记监督谈话", "supervision-replied": "登记书面回复",
    "supervision-reported": "登记整改报告", "talk-plan": "拟定谈话", "talk-read": "查看谈话",
    "talk-approve": "审定谈话", "talk-move": "谈话改期", "talk-cancel": "取消谈话",
    "talk-brief": "关联简报", "talk-outline": "保存谈话提纲",
    "talk-record": "填写谈话记录", "talk-confirm": "登记签认", "talk-settle": "登记落实",
    "request-enter": "登记约谈申请", "request-answer": "答复约谈申请", "request-consent": "登记本人同意",
    "request-tell": "登记通知单位", "request-schedule": "排定约谈", "liaison-enter": "登记联系",
    "liaison-follow": "联系后续办结", "liaison-void": "作废联系记录", "zone-duties": "指定联系职责",
    "zone-end-duty": "结束联系职责", "zone-move": "班子调整联系片", "tie-add": "登记回避情形",
    "tie-end": "解除回避情形", "batch-open": "开始收集批次", "batch-close": "关闭收集批次",
}  # fmt: skip
PERSONAL = ("cadre", "grade-form", "inspection-facts")  # objects numbered by the cadre
OBJECTS = {
    "user": "账号", "cadre": "干部", "team": "班子", "evidence": "条目", "document": "文稿", "source": "来源",
    "roster": "名册", "quarantine": "隔离件", "indicator-import": "指标导入", "brief": "谈话简报", "product": "文稿",
    "search": "检索", "field-record": "核查记录", "notice": "告知", "leniency": "容错审查",
    "hearing-exception": "告知例外", "clearing": "澄清", "correction": "更正请求", "destruction-list": "销毁清册",
    "ledger-entry": "记实", "ledger-tracking": "记实追踪", "ledger-closing": "年度结账", "record-coverage": "覆盖表",
    "audit": "审计日志",
    "matter": "受控事项", "supervision": "监督谈话", "talk": "谈话", "talk-request": "约谈申请",
    "grade-form": "年度考核登记表", "inspection-facts": "考察事实清单", "package": "定性证据包", "review": "分析研判",
    "snapshot": "年度快照", "follow-up": "商定事项", "liaison": "联系记录", "zone": "联系片", "batch": "收集批次",
}  # fmt: skip
DETAILS = {
    "file": "文件", "sources": "来源数", "q": "检索词", "total": "条数", "entries": "条数", "cadre": "干部",
    "state": "状态", "sha256": "校验值", "team": "班子", "label": "分类", "brief": "简报", "kind": "类型",
    "changes": "改动数", "points": "数据", "errors": "错误", "handed_to": "移交机关", "receipt": "回执",
    "url": "网址", "format": "格式", "documents": "文稿数", "after": "起于", "last": "止于", "refused": "未收",
    "login": "账号", "reason": "理由", "zones": "联系片", "unit": "报送单位", "code": "错误代码",
    "copy": "份号", "nth": "次数", "profile": "内容范围", "to": "接收人",
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which entries: who, what act, which object, which days (China time, both inclusive)."""

    login: str = ""
    act: str = ""
    object: str = ""
    since: str = ""
    until: str = ""
    page: int = 1

    def link(self, path: str = "/audit", **changes: Any) -> str:
        values = {"login": self.login, "act": self.act, "object": self.object, "from": self.since, "to": self.until}
        values |= {"page": str(self.page)} | {k: str(v) for k, v in changes.items()}
        return path + "?" + urlencode({k: v for k, v in values.items() if v and (k, v) != ("page", "1")})


def wanted(
    login: str = "", act: str = "", object: str = "",
    since: Annotated[str, Query(alias="from")] = "", until: Annotated[str, Query(alias="to")] = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Wanted:  # fmt: skip
    """The filter of a request's query string."""
    return Wanted(login.strip(), act, object.strip(), since, until, page)


@dataclass(frozen=True)
class Line:
    """One entry as shown."""

    id: int
    at: str
    login: str
    name: str
    act: str
    object: str
    purpose: str
    detail: str
    hash: str


def lines(session: Session, which: Wanted) -> tuple[int, list[Line]]:
    """Total, and the page of entries, newest first."""
    query = _query(which)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(AuditEntry.id.desc()).offset((which.page - 1) * PER_PAGE).limit(PER_PAGE))
    return total, [_line(*row) for row in rows]


def export(session: Session, which: Wanted) -> tuple[bytes, int]:
    """A CSV of all matching entries, oldest first, formulas neutralised; and their number."""
    rows = session.execute(_query(which).order_by(AuditEntry.id).limit(EXPORTED))
    found = [_line(*row) for row in rows]
    header = ("序号", "时间", "账号", "姓名", "操作", "对象", "用途", "详情", "校验值")
    table = [(x.id, x.at, x.login, x.name, x.act, x.object, x.purpose, x.detail, x.hash) for x in found]
    return csv_table(header, table), len(found)


def _query(which: Wanted) -> Select[AuditEntry, str, str]:
    of_cadre = and_(AuditEntry.object_kind.in_(PERSONAL), AuditEntry.object_id == Cadre.id)
    query = (
        select(AuditEntry, User.name, Cadre.name)
        .outerjoin(User, AuditEntry.user_id == User.id)
        .outerjoin(Cadre, of_cadre)
    )  # fmt: skip
    if which.login:
        query = query.where(or_(AuditEntry.login == which.login, User.name == which.login))
    if which.act:
        query = query.where(AuditEntry.action == which.act)
    if which.object:
        # a person's name finds whoever read that person's dossier (journey 12)
        named = select(Cadre.id).where(or_(Cadre.name == which.object, Cadre.id == which.object))
        of_person = and_(AuditEntry.object_kind.in_(PERSONAL), AuditEntry.object_id.in_(named))
        about_person = AuditEntry.detail["cadre"].as_string().in_(named)  # papers on the person: briefs, products
        query = query.where(
            or_(AuditEntry.object_id == which.object, AuditEntry.object_kind == which.object, of_person, about_person)
        )
    if since := typed_day(which.since, "审计"):
        query = query.where(AuditEntry.at >= datetime.combine(since, time(), CHINA))
    if until := typed_day(which.until, "审计"):
        query = query.where(AuditEntry.at < datetime.combine(until + timedelta(days=1), time(), CHINA))
    return query


def _line(entry: AuditEntry, name: str | None, cadre: str | None) -> Line:
    number = f"{cadre}（{entry.object_id}）" if cadre else entry.object_id
    what = " ".join(x for x in (OBJECTS.get(entry.object_kind, entry.object_kind), number) if x)
    told = ((DETAILS.get(key, key), value) for key, value in entry.detail.items() if value not in ("", None))
    detail = "；".join(f"{name}：{_plain(value)}" for name, value in told)
    return Line(
        entry.id, f"{entry.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}", entry.login or "命令行", name or "",
        ACTS.get(entry.action, entry.action), what, entry.purpose, detail, entry.hash,
    )  # fmt: skip


def _plain(value: Any) -> str:
    return terms.TOPICS.get(value, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def exported(system: System, person: SignedIn, content: bytes, count: int) -> Response:
    """Record the export, then hand it out as a download."""
    with system.database.write() as session:
        detail = {"entries": count, "sha256": hashlib.sha256(content).hexdigest()}
        audit.record(session, person.viewer, "audit-export", "audit", detail=detail)
    headers = {"Content-Disposition": "attachment; filename=shiji-audit.csv"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

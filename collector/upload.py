"""Reports uploaded by a signed-in user. The 密级 question comes first; what is classified is never kept (R-15)."""

from __future__ import annotations

from collector.errors import CollectorError
from collector.keep import QUARANTINED, Kept
from collector.registry import ensure_report_sources
from collector.report import Report, receive, safe_name
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Source, Team

OPEN_LEVELS = ("公开", "内部")
CLASSIFIED = ("秘密", "机密", "绝密")
LARGEST = 50 * 1024 * 1024


def receive_upload(
    database: Database,
    archive: Archive,
    name: str,
    data: bytes,
    user: str,
    submitted_by: str,
    secrecy: str,
    largest: int = LARGEST,
) -> Kept:
    """Record an uploaded report; ``Kept.outcome`` is ``new`` or ``known``.

    ``user``: login of who uploads; ``submitted_by``: team id or "" ; ``secrecy``: the answer to the 密级 question,
    公开 or 内部; ``largest``: bytes. Raises UPLOAD-CLASSIFIED, UPLOAD-SECRECY, UPLOAD-SIZE, UPLOAD-EMPTY,
    UPLOAD-TEAM, UPLOAD-QUARANTINED or a reader's READ-* error; then nothing is kept.
    """
    if secrecy in CLASSIFIED:
        raise _classified(f"所选密级为“{secrecy}”")
    if secrecy not in OPEN_LEVELS:
        raise CollectorError("UPLOAD-SECRECY", "未说明文件密级", name[:80], "请先选择“公开”或“内部”。")
    if len(data) > largest:
        raise CollectorError(
            "UPLOAD-SIZE", f"文件超过 {largest // 1024 // 1024} MB", name[:80], "请压缩或拆分后重新上传。"
        )
    if not data:
        raise CollectorError("UPLOAD-EMPTY", "文件为空", name[:80], "请重新选择文件。")
    with database.read() as session:
        if submitted_by and session.get(Team, submitted_by) is None:
            raise CollectorError("UPLOAD-TEAM", f"报送单位不在名册中：{submitted_by}", name[:80], "请重新选择单位。")
        ready = session.get(Source, "upload") is not None
    if not ready:
        with database.write() as session:
            ensure_report_sources(session)
    about = {"uploaded_by": user, "secrecy": secrecy}
    try:
        kept = receive(database, archive, Report("upload", safe_name(name), data, submitted_by, about))
    except ShijiError as bad:
        if bad.code == "REPORT-CLASSIFIED":
            raise _classified(bad.message.split("，")[0]) from bad
        raise
    if kept.outcome == QUARANTINED:
        raise CollectorError("UPLOAD-QUARANTINED", "该材料此前已转交有权机关，不再收取", "", "请勿重复上传。")
    return kept


def _classified(what: str) -> CollectorError:
    return CollectorError(
        "UPLOAD-CLASSIFIED", f"{what}，本系统不接收涉密文件，未作留存", "", "涉密文件请按保密规定处理。"
    )

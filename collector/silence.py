"""Why a source says nothing: an empty answer must never look like calm."""

from __future__ import annotations

from datetime import datetime, timedelta

from collector.kinds import kinds
from collector.registry import REPORT_SOURCES
from collector.rhythm import Rhythm
from storage.settings import CHINA
from storage.tables import Source

LOST_AFTER = 3  # intervals without one successful visit
QUIET_DAYS = 7  # where nothing is known of the source's rhythm
NORMAL, QUIET, LOST, FAILING, NEVER = "正常", "平静", "失联", "失败", "未运行"


def silence(source: Source, now: datetime) -> str:
    """State of a source at ``now`` (aware).

    未运行: switched off or never visited. 失联: no successful visit for more than three intervals. 失败: the
    latest visit failed, the one before it not long ago did not. 平静: visits succeed and bring nothing new for
    longer than usual (``config.quiet_days`` where set, else the rhythm learned, else 7 days). 正常 otherwise.
    Where others decide when something comes (folders, mailboxes, uploads), nothing new is 正常.
    """
    kind = kinds().get(source.kind)
    if source.id in REPORT_SOURCES or source.kind == "upload":
        return NORMAL
    if not source.enabled:
        return NEVER
    interval = timedelta(minutes=source.every_minutes)
    if source.last_success_at is None:
        if source.failures == 0:
            return NEVER
        return LOST if source.failures > LOST_AFTER else FAILING
    if now - source.last_success_at > LOST_AFTER * interval:
        return LOST
    if source.failures:
        return FAILING
    return QUIET if not (kind and kind.waits) and _is_quiet(source, now) else NORMAL


def silence_reason(source: Source, now: datetime) -> str:
    """The state in a sentence for officers, or "" where there is nothing to say."""
    state = silence(source, now)
    if state == QUIET:
        if source.last_new_at is None:
            return "采集成功，但从未收到内容，请核对地址和选择器。"
        last, today = source.last_new_at.astimezone(CHINA).date(), now.astimezone(CHINA).date()
        usual = Rhythm.of(source.rhythm).in_words(last)
        return f"采集成功，已 {(today - last).days} 天没有新内容{f'；{usual}' if usual else ''}。"
    if state == LOST:
        if source.last_success_at is None:
            return f"从未采集成功，已失败 {source.failures} 次，期间情况不明。"
        hours = int((now - source.last_success_at).total_seconds() // 3600)
        ago = f"{hours // 24} 天" if hours >= 48 else f"{hours} 小时"
        return f"已 {ago}没有采集成功，期间情况不明，不等于没有新内容。"
    if state == FAILING:
        return f"最近 {source.failures} 次采集失败，系统自动重试。"
    if state == NEVER:
        return "已停用。" if not source.enabled else "尚未采集过。"
    return ""


def _is_quiet(source: Source, now: datetime) -> bool:
    if source.last_new_at is None:
        return True
    rhythm, said = Rhythm.of(source.rhythm), source.config.get("quiet_days")
    if said is None and rhythm.seen:
        last, today = source.last_new_at.astimezone(CHINA).date(), now.astimezone(CHINA).date()
        return rhythm.is_longer_than_usual(last, today)
    return now - source.last_new_at > timedelta(days=float(said or QUIET_DAYS))

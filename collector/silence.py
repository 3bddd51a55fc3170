"""Why a source says nothing: an empty answer must never look like calm."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.tables import Source

LOST_AFTER = 3  # intervals without one successful visit
QUIET_DAYS = 7
NORMAL, QUIET, LOST, FAILING, NEVER = "正常", "平静", "失联", "失败", "未运行"


def silence(source: Source, now: datetime) -> str:
    """State of a source at ``now`` (aware).

    未运行: switched off or never visited. 失联: no successful visit for more than three intervals. 失败: the
    latest visit failed, the one before it not long ago did not. 平静: visits succeed and bring nothing new for
    longer than usual (``config.quiet_days``, 7). 正常 otherwise. Folders and uploads wait for others: 正常.
    """
    if source.kind in ("folder", "upload"):
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
    usual = timedelta(days=float(source.config.get("quiet_days", QUIET_DAYS)))
    if source.last_new_at is None or now - source.last_new_at > usual:
        return QUIET
    return NORMAL

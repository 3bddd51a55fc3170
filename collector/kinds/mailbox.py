"""邮箱: reports sent by e-mail, every attachment a report of its own. The mailbox itself is left as it is.

``url``: ``imaps://host/INBOX``; ``config.user``; the password: file ``DATA/secrets/SOURCE-ID``, never the register.
``config.senders`` maps addresses or ``@domains`` to team ids; whoever is not in it is marked SUBMITTER-UNKNOWN.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from collector.errors import CollectorError
from collector.imap import open_mailbox, parse_address
from collector.letters import letter_pieces, sender
from collector.port import Ask, Delivery, Index, Kind, Piece, Places, wrong
from storage.errors import ShijiError

DAYS, MOST = 60, 100
MOST_BYTES = 200 * 1024 * 1024  # of one visit; the next goes on from there


def items(ask: Ask) -> Index:
    """One delivery a message that came in since the last visit (or within ``config.days`` at first)."""
    places = ask.places
    if places is None:
        raise CollectorError("SOURCE-PLACE", "此处不能读取邮箱", ask.source.id, "请在采集程序中运行。")
    address = parse_address(ask.source.url)
    secret = _password(places, ask.source.id)
    senders = {str(k).lower(): str(v) for k, v in (ask.option("senders") or {}).items()}
    index = Index(body_sha256="mailbox")
    user = str(ask.option("user"))
    with open_mailbox(address, user, secret, places.private_hosts, proxy=places.proxy) as mailbox:
        validity, _, last = ask.source.etag.partition(":")
        done = int(last) if validity == mailbox.validity and last.isdigit() else 0
        since = (ask.moment - timedelta(days=float(ask.option("days", DAYS)))).date()
        total = 0
        for number in mailbox.after(done, since, MOST):
            try:
                data = mailbox.message(number, places.largest)
                index.deliveries.append(_delivery(ask, data, number, senders))
                total += len(data)
            except CollectorError as bad:
                if bad.code not in ("MAIL-SIZE", "MAIL-GONE"):
                    raise
                index.deliveries.append(_refused(f"邮件{mailbox.validity}-{number}", bad))
            done = number
            if total > MOST_BYTES:
                break
        index.etag = f"{mailbox.validity}:{done}"
    return index


def _delivery(ask: Ask, data: bytes, number: int, senders: Mapping[str, str]) -> Delivery:
    whom = sender(data)
    team = senders.get(whom) or senders.get("@" + whom.rpartition("@")[2]) or ""
    team = ask.teams.get(team, "")
    warnings = () if team else ("SUBMITTER-UNKNOWN",)
    return Delivery(f"邮件{number}", lambda: letter_pieces(data, f"邮件{number}", team, warnings))


def _refused(name: str, error: ShijiError) -> Delivery:
    def pieces() -> Iterator[Piece]:
        raise error
        yield  # makes this a generator

    return Delivery(name, pieces)


def _password(places: Places, source_id: str) -> str:
    try:
        return (places.secrets / source_id).read_text(encoding="utf-8").strip("\r\n")
    except OSError as bad:
        raise CollectorError(
            "MAIL-PASSWORD", "没有邮箱口令文件", source_id, "请由系统管理员在数据目录 secrets 下放置同名口令文件。"
        ) from bad


def check(values: Mapping[str, Any], where: str) -> None:
    """Address, user and senders."""
    parse_address(values["url"])
    config = values["config"]
    if not isinstance(config.get("user"), str) or not config["user"]:
        raise wrong("SOURCE-CONFIG", "邮箱来源缺少 config.user", where)
    senders = config.get("senders", {})
    if not isinstance(senders, dict) or not all(isinstance(k, str) and "@" in k for k in senders):
        raise wrong("SOURCE-CONFIG", "config.senders 应为“地址或@域名: 班子编号”", where)


KIND = Kind(
    "mailbox", "邮箱", items, waits=True, options=frozenset({"user", "senders", "days"}), check=check
)  # fmt: skip

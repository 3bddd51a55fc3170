"""E-mail messages that bring reports: every attachment is a report of its own, a long body is one too.

The message itself is not kept: what is refused or handed over in an attachment must not live on inside it.
"""

from __future__ import annotations

import email.policy
import hashlib
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.utils import parseaddr

from collector.decode import decode
from collector.errors import CollectorError
from collector.port import Piece
from collector.report import safe_name

COVER_CHARS = 120  # a shorter body beside attachments is a cover note
DEPTH = 3
MOST_PARTS = 200


def letter_pieces(data: bytes, name: str, submitted_by: str = "", warnings: tuple[str, ...] = ()) -> Iterator[Piece]:
    """The reports of one message. Raises CollectorError MAIL-BROKEN, or MAIL-EMPTY where it holds none.

    A piece's headers say which message it came in (SHA-256) and the sender's domain, no more of the sender.
    """
    about = {"message": hashlib.sha256(data).hexdigest(), "from_domain": sender(data).rpartition("@")[2]}
    found = False
    for part_name, part in _parts(data, name, DEPTH):
        found = True
        shown = _named(part_name)
        url = f"file:{shown}#{hashlib.sha256(part).hexdigest()[:12]}"
        yield Piece(url, part, name=shown, headers=dict(about), submitted_by=submitted_by, warnings=warnings)
    if not found:
        raise CollectorError("MAIL-EMPTY", "邮件中没有正文和附件", name, "请重新发送。")


def sender(data: bytes) -> str:
    """The address in From, lower case, or "" (whoever writes a message can write any)."""
    try:
        message = email.message_from_bytes(data[:200_000], policy=email.policy.default)
        return parseaddr(str(message["from"] or ""))[1].lower()
    except (LookupError, ValueError, TypeError, AttributeError):
        return ""


def _parts(data: bytes, name: str, depth: int) -> Iterator[tuple[str, bytes]]:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        subject = _text(str(message["subject"] or "")) or name.rpartition(".")[0] or name
        attached = list(_attachments(message, depth))[:MOST_PARTS]
        body = message.get_body(("plain", "html"))
        content = body.get_payload(decode=True) if body is not None else b""
        html = body is not None and body.get_content_type() == "text/html"
        charset = body.get_content_charset() if body is not None else None
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as bad:
        raise CollectorError("MAIL-BROKEN", "邮件格式有误，无法读取", name, "请重新发送，或直接报送附件。") from bad
    text = decode(content, charset)[0].strip() if isinstance(content, bytes) and content else ""
    if text and (not attached or len(text) > COVER_CHARS):
        suffix = ".html" if html else ".txt"
        yield subject + suffix, text.encode("utf-8")
    yield from attached


def _attachments(message: EmailMessage, depth: int) -> Iterator[tuple[str, bytes]]:
    for number, part in enumerate(message.iter_attachments(), 1):
        if part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment":
            continue  # a logo in the signature
        label = _text(part.get_filename() or "") or f"附件{number}"
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            if content.strip():
                yield label, content
            continue
        inner = part.get_payload()
        nested = inner[0] if isinstance(inner, list) and inner else None
        if isinstance(nested, Message) and depth > 0:
            yield from _parts(nested.as_bytes(), label, depth - 1)


def _text(value: str) -> str:
    """A header as text, also one that was sent as raw GB bytes."""
    if any("\udc80" <= c <= "\udcff" for c in value):
        value = decode(value.encode("utf-8", "surrogateescape"))[0]
    return " ".join(value.split())


def _named(label: str) -> str:
    try:
        return safe_name(label)
    except CollectorError:
        return "附件"

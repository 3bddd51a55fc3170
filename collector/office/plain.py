"""Text and HTML files, and e-mail messages with their attachments."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage, MIMEPart

from lxml import html

from collector.decode import decode
from collector.errors import CollectorError
from collector.office.document import Limits, ReadDocument, Table, refuse
from collector.office.headline import guess_title
from collector.page import extract_page
from collector.page_tree import build_tree, parse_html

Reader = Callable[[bytes, str, Limits], ReadDocument]


def read_text(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read a text file in whatever encoding it is."""
    text, charset = decode(data)
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\x1a", "").split("\n")]
    document = ReadDocument(guess_title(lines), "\n".join(line for line in lines if line.strip()))
    lost = text.count("\ufffd")
    if lost:
        document.confidence = round(max(0.0, 1 - 20 * lost / max(1, len(text))), 4)
        document.warnings.append(f"READ-CHARSET: {charset}")
    del limits
    return document


def read_html(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read a saved page as an article, or as a whole where it is an exported table or report."""
    del limits
    text, _ = decode(data)
    root = parse_html(text)
    if root is None:
        raise refuse("READ-BROKEN", "网页文件没有可读内容", name)
    page = extract_page(data)
    tables = [table for element in root.iter("table") if (table := _html_table(element))]
    lines = build_tree(root).lines
    whole = "\n".join(line.text for line in lines if line.text)
    size, linked = sum(line.size for line in lines), sum(line.linked for line in lines)
    if not page.text or (linked < 0.1 * size and len(page.text) < 0.9 * len(whole)):
        return ReadDocument(page.title or guess_title(whole.split("\n")), whole, tables)
    return ReadDocument(page.title, page.text, tables, confidence=page.confidence, warnings=page.warnings)


def _html_table(element: html.HtmlElement) -> Table:
    """Rows of an HTML table that holds no other table; spanned cells are empty but the first."""
    if element.find(".//table") is not None:
        return []
    rows: Table = []
    for row in element.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            span = cell.get("colspan") or "1"
            cells.append(" ".join(cell.text_content().split()))
            cells += [""] * (min(int(span), 200) - 1 if span.isdigit() else 0)
        if any(cells):
            rows.append(cells)
    return rows if len(rows) > 1 or (rows and len(rows[0]) > 1) else []


def read_mail(data: bytes, name: str, limits: Limits, read_attachment: Reader) -> ReadDocument:
    """Read a message: subject as title, the body, and each attachment as a document of its own.

    ``read_attachment`` reads attached bytes; one that fails is named in the warning READ-ATTACHMENT and
    the rest goes on. Raises CollectorError READ-BROKEN and READ-DEPTH.
    """
    if limits.depth <= 0:
        raise refuse("READ-DEPTH", "邮件或压缩件嵌套层数超过上限", name)
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        document = ReadDocument(title=_header(message, "subject"))
        body = message.get_body(("plain", "html"))
        if body is not None:
            document.text = _body_text(body)
        attachments = list(message.iter_attachments())
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise refuse("READ-BROKEN", "邮件格式有误，无法读取", name) from error
    for number, part in enumerate(attachments[: limits.entries], 1):
        label = _file_name(part) or f"附件{number}"
        try:
            payload = part.get_payload(decode=True)
            inner = payload if isinstance(payload, bytes) else _nested(part)
            document.attachments.append(read_attachment(inner, label, limits))
        except CollectorError as error:
            document.warnings.append(f"READ-ATTACHMENT: {label} {error.code}")
    return document


def _body_text(part: MIMEPart) -> str:
    """Text of a body part; the bytes are asked for their charset, not the header alone."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    text, _ = decode(data, part.get_content_charset())
    if part.get_content_type() == "text/html":
        root = parse_html(text)
        return "\n".join(line.text for line in build_tree(root).lines if line.text) if root is not None else ""
    return text.replace("\r\n", "\n").strip()


def _nested(part: EmailMessage) -> bytes:
    """The bytes of an attached message."""
    content = part.get_payload()
    inner = content[0] if isinstance(content, list) and content else None
    return inner.as_bytes() if isinstance(inner, EmailMessage) else b""


def _header(message: EmailMessage, field: str) -> str:
    """A header as text, also one that was sent as raw GB bytes."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == field), "")
    return _unraw(raw) if any("\udc80" <= c <= "\udcff" for c in raw) else " ".join(str(message[field] or "").split())


def _file_name(part: EmailMessage) -> str:
    """An attachment's name without any folder."""
    return _unraw(part.get_filename() or "").replace("\\", "/").rpartition("/")[2]


def _unraw(value: str) -> str:
    """Undo the surrogates by which the standard library carries undeclared bytes."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        value = decode(value.encode("ascii", "surrogateescape"))[0] if _ascii_or_raw(value) else value
    return " ".join(value.split())


def _ascii_or_raw(value: str) -> bool:
    """Whether every character is ASCII or a carried byte."""
    return all(c < "\x80" or "\udc80" <= c <= "\udcff" for c in value)

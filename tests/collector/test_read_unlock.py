"""Workbooks with Excel's own default password open; workbooks with a real one do not."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from collector.errors import CollectorError
from collector.office.read import read_file
from collector.office.unlock import EXCEL_DEFAULT

YEARBOOKS = Path(__file__).resolve().parents[3] / "shared" / "data" / "structured" / "yearbook_xls"


def locked(password: str) -> bytes:
    plain, out = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["区县", "户数"], ["临湖区", 3400]):
        sheet.append(row)
    book.save(plain)
    OOXMLFile(plain).encrypt(password, out)
    return out.getvalue()


def test_the_default_password_is_no_lock() -> None:
    data = locked(EXCEL_DEFAULT)
    assert b"EncryptedPackage".decode().encode("utf-16-le") in data
    assert read_file(data, "a.xlsx").tables == [[["区县", "户数"], ["临湖区", "3400"]]]


def test_a_real_password_is_refused() -> None:
    with pytest.raises(CollectorError) as caught:
        read_file(locked("1234"), "b.xlsx")
    assert caught.value.code == "READ-ENCRYPTED"


@pytest.mark.skipif(not YEARBOOKS.exists(), reason="../shared/data/structured is absent")
def test_all_yearbooks_are_read() -> None:
    books = sorted(YEARBOOKS.iterdir())
    assert len(books) >= 74
    for book in books:
        read = read_file(book)
        assert sum(len(row) for table in read.tables for row in table) > 20, book.name

"""Workbooks locked with the password that Excel itself gives ("VelvetSweatshop"), which locks nobody out.

Excel writes it when a workbook or its structure is protected against changes; every program opens such a file
without asking. Real passwords are never guessed.
"""

from __future__ import annotations

import io
import logging

import msoffcrypto

from collector.office.document import refuse

EXCEL_DEFAULT = "VelvetSweatshop"
log = logging.getLogger(__name__)


def unlock(data: bytes, name: str) -> bytes:
    """The workbook's bytes (XLS or XLSX) without Excel's default password.

    Raises CollectorError READ-ENCRYPTED where the file has a password of its own.
    """
    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        if office.format == "ooxml":
            office.load_key(password=EXCEL_DEFAULT, verify_password=True)
        else:  # always verified
            office.load_key(password=EXCEL_DEFAULT)
        office.decrypt(plain)
    except Exception as error:  # besides its own errors the library lets struct, OLE and key errors through
        log.info("not unlocked: %s", type(error).__name__)
        raise refuse("READ-ENCRYPTED", "文件已加密，无法读取", name, "请取消密码后重新报送") from error
    return plain.getvalue()

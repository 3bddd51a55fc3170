"""Bytes become the right text whatever their label says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode import canonical_charset, decode

TEXT = "澜宁市委召开专题会议，研究部署优化营商环境工作。会议要求，各级各部门要靠前服务企业，解决实际困难。" * 3
RARER = "区委副书记喆、镕、堃同志参加调研，走访䶮湖社区。" + TEXT


@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "iso-8859-1", "no-such-charset"])
@pytest.mark.parametrize("written", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_the_bytes_win_over_the_label(written: str, declared: str | None) -> None:
    assert decode(RARER.encode(written), declared)[0] == RARER


def test_pages_with_a_wrong_meta_are_read() -> None:
    page = f'<html><head><meta charset="gb2312"></head><body><p>{RARER}</p></body></html>'
    assert RARER in decode(page.encode("utf-8"))[0]
    assert RARER in decode(page.replace("gb2312", "utf-8").encode("gb18030"), "utf-8")[0]


def test_traditional_chinese() -> None:
    text = "市政府召開專題會議，研究部署優化營商環境工作，要求各部門靠前服務企業。" * 4
    assert decode(text.encode("big5"))[0] == text


def test_truncated_utf8_loses_only_its_last_character() -> None:
    data = TEXT.encode("utf-8")[:-1]
    assert decode(data)[0][: len(TEXT) - 1] == TEXT[:-1]


def test_gb_names_are_widened() -> None:
    assert {canonical_charset(n) for n in ("GB2312", "gbk", "'gb18030'", "CP936")} == {"gb18030"}
    assert canonical_charset("x-unknown-thing") is None


@given(st.binary(max_size=400))
def test_any_bytes_decode(data: bytes) -> None:
    text, charset = decode(data)
    assert isinstance(text, str)
    assert "".encode(charset) is not None

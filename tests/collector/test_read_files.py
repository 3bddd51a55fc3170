"""Submitted files of every kind, made here; what must never leak and what must be kept."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from openpyxl.styles import Font
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from collector.errors import CollectorError
from collector.office import libreoffice, ocr
from collector.office.read import read_file
from collector.office.sniff import kind_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REPORT = "关于临湖区老旧小区改造工作情况的报告"
SENTENCE = "今年以来，临湖区累计改造老旧小区12个，惠及居民3400户。"


def word(body: str, extra: dict[str, str] | None = None) -> bytes:
    """A minimal DOCX around body XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        for part, xml in (extra or {}).items():
            archive.writestr(part, xml)
    return out.getvalue()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def test_docx_of_an_office_program() -> None:
    made = docx.Document()
    made.add_paragraph(REPORT).alignment = WD_ALIGN_PARAGRAPH.CENTER
    made.add_paragraph(SENTENCE)
    table = made.add_table(rows=2, cols=3)
    for i, text in enumerate(("序号", "小区", "户数", "1", "和平里", "340")):
        table.cell(i // 3, i % 3).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    made.add_paragraph("特此报告。")
    read = read_file(saved(made), "a.docx")
    assert read.title == REPORT
    assert read.text.split("\n") == [REPORT, SENTENCE, "序号\t小区 户数", "1\t和平里\t340", "特此报告。"]
    assert read.tables == [[["序号", "小区 户数", ""], ["1", "和平里", "340"]]]


def test_docx_title_style() -> None:
    made = docx.Document()
    made.add_paragraph("内部文件")
    made.add_paragraph("工作开展得怎么样", style="Title")
    assert read_file(saved(made)).title == "工作开展得怎么样"


def test_docx_tracked_changes_are_accepted() -> None:
    body = (
        f"<w:p>{run('改造')}<w:ins>{run('老旧小区')}</w:ins><w:del><w:r><w:delText>违建</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('移走的话')}</w:moveFrom>{run('12个')}</w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('上半')}</w:p><w:p>{run('下半')}</w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('删去的行')}</w:p></w:tc></w:tr>"
        f"<w:tr><w:tc><w:p>{run('留下的行')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:del><w:p>{run('删去的段')}</w:p></w:del>"
    )
    read = read_file(word(body))
    assert read.text.split("\n") == ["改造老旧小区12个", "上半下半", "留下的行"]
    assert "READ-TRACKED-CHANGES" in read.warnings


def test_docx_text_boxes_footnotes_and_hidden_text() -> None:
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="x"><mc:Choice><w:txbxContent><w:p>'
        + run("框中文字")
        + "</w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p>"
        + run("框中文字")
        + "</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = (
        f"<w:p>{run('正文')}<w:r><w:footnoteReference w:id='2'/></w:r>{box}</w:p>"
        f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏文字</w:t></w:r>{run('可见')}<w:r><w:instrText>DATE</w:instrText></w:r></w:p>"
    )
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"><w:p>{run("线")}</w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p>{run("数据截至二月底")}</w:p></w:footnote></w:footnotes>'
    )
    read = read_file(word(body, {"word/footnotes.xml": notes}))
    assert read.text.split("\n") == ["正文［注2］", "框中文字", "可见", "［注2］数据截至二月底"]


def test_macros_are_reported() -> None:
    assert "READ-MACROS" in read_file(word(f"<w:p>{run('文')}</w:p>", {"word/vbaProject.bin": "x"})).warnings


def pdf(pages: list[list[str]]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(595, 842))
    for number, lines in enumerate(pages, 1):
        sheet.setFont("STSong-Light", 12)
        sheet.drawString(72, 810, "澜宁市工作材料汇编")
        for i, line in enumerate(lines):
            sheet.drawString(72, 770 - 20 * i, line)
        sheet.drawString(280, 30, f"- {number} -")
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def test_pdf_without_running_heads_and_page_numbers() -> None:
    long = "会议指出，全区上下要把老旧小区改造作为民生实事来抓，坚持问需于民、问计于民，"
    pages = [
        [REPORT, long, "确保按期完成。", SENTENCE],
        ["二、主要做法", long, "建立台账。", SENTENCE],
        ["三、下步打算", SENTENCE],
    ]
    read = read_file(pdf(pages), "b.pdf")
    assert read.pages == 3
    assert read.title == REPORT
    assert "汇编" not in read.text
    assert "- 2 -" not in read.text
    assert long + "确保按期完成。" in read.text
    assert "三、下步打算" in read.text.split("\n")


def test_pdf_pages_without_text_ask_for_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    sheet.rect(10, 10, 100, 100)
    sheet.showPage()
    sheet.save()
    read = read_file(out.getvalue())
    assert read.warnings == ["READ-NEEDS-OCR: 1"]
    assert read.confidence == 0


def test_workbook() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2022年一季度重点指标"])
    sheet.append(["区县", "增速", "户数"])
    sheet.append(["临湖区", 6.5, 3400])
    sheet["A1"].font = Font(bold=True)
    sheet["D3"] = "=1+1"
    hidden = book.create_sheet("底稿")
    hidden.append(["甲", "乙"])
    hidden.sheet_state = "hidden"
    read = read_file(saved(book), "c.xlsx")
    assert read.title == "2022年一季度重点指标"
    assert read.tables[0][2][:3] == ["临湖区", "6.5", "3400"]
    assert "1+1" not in read.text
    assert "READ-HIDDEN-SHEET: 底稿" in read.warnings


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
def test_text_and_csv_in_any_encoding(encoding: str) -> None:
    text = read_file(f"{REPORT}\r\n\r\n{SENTENCE}\r\n".encode(encoding), "d.txt")
    assert text.title == REPORT
    assert text.text == f"{REPORT}\n{SENTENCE}"
    table = read_file('区县,户数\n临湖区,3400\n"北山县,一期",120\n'.encode(encoding), "e.csv")
    assert table.tables == [[["区县", "户数"], ["临湖区", "3400"], ["北山县,一期", "120"]]]


def test_html_posing_as_a_workbook() -> None:
    html = "<html><body><table><tr><td>区县</td><td>户数</td></tr>"
    html += "<tr><td>临湖区</td><td>3400</td></tr></table></body></html>"
    read = read_file(html.encode("gb18030"), "f.xls")
    assert read.tables == [[["区县", "户数"], ["临湖区", "3400"]]]
    assert "临湖区" in read.text


def test_mail_with_attachments() -> None:
    message = EmailMessage()
    message["Subject"] = "报送：" + REPORT
    message["From"] = "office@linhu.example"
    message["To"] = "zzb@langning.example"
    message.set_content(SENTENCE, charset="gb18030")
    message.add_attachment(
        word(f"<w:p>{run(SENTENCE)}</w:p>"), maintype="application", subtype="octet-stream", filename="附件一.docx"
    )
    message.add_attachment(b"PK\x03\x04broken", maintype="application", subtype="zip", filename="../../etc/坏件.zip")
    read = read_file(message.as_bytes(), "g.eml")
    assert read.title == "报送：" + REPORT
    assert read.text == SENTENCE
    assert [(a.name, a.text) for a in read.attachments] == [("附件一.docx", SENTENCE)]
    assert read.warnings == ["READ-ATTACHMENT: 坏件.zip READ-UNSUPPORTED"]


def test_mail_with_raw_gb_headers() -> None:
    raw = (
        "Subject: "
        + REPORT
        + "\r\nFrom: a@b.example\r\nTo: c@d.example\r\nContent-Type: text/plain; charset=gb2312\r\n"
        "Content-Transfer-Encoding: 8bit\r\n\r\n" + SENTENCE
    ).encode("gb18030")
    read = read_file(raw, "h.eml")
    assert (read.title, read.text) == (REPORT, SENTENCE)


def test_ofd() -> None:
    out = io.BytesIO()
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "OFD.xml",
            f"<ofd:OFD {ns}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        archive.writestr(
            "Doc_0/Document.xml",
            f'<ofd:Document {ns}><ofd:Pages><ofd:Page BaseLoc="Pages/P0/Content.xml"/></ofd:Pages></ofd:Document>',
        )
        objects = "".join(
            f'<ofd:TextObject Boundary="{x} {y} 50 5"><ofd:TextCode X="0" Y="4">{t}</ofd:TextCode></ofd:TextObject>'
            for x, y, t in ((20, 40, "今年以来，"), (50, 40, "改造小区12个。"), (20, 20, REPORT))
        )
        archive.writestr(
            "Doc_0/Pages/P0/Content.xml",
            f"<ofd:Page {ns}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>",
        )
    read = read_file(out.getvalue(), "i.ofd")
    assert read.title == REPORT
    assert read.text == f"{REPORT}\n今年以来，改造小区12个。"
    assert read.pages == 1


def test_the_bytes_decide_not_the_name() -> None:
    assert read_file(word(f"<w:p>{run(SENTENCE)}</w:p>"), "renamed.wps").text == SENTENCE
    assert kind_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le")) == "doc"


def test_old_word_files_go_through_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le")
    monkeypatch.setattr(libreoffice, "find_office", lambda: None)
    with pytest.raises(CollectorError) as caught:
        read_file(data, "j.doc")
    assert caught.value.code == "READ-NEEDS-LIBREOFFICE"
    assert "LibreOffice" in caught.value.action
    converted = tmp_path / "converted.docx"
    converted.write_bytes(word(f"<w:p>{run(SENTENCE)}</w:p>"))
    fake = tmp_path / "soffice"
    fake.write_text(f'#!/bin/sh\nwhile [ "$1" != "--outdir" ]; do shift; done\ncp {converted} "$2/input.docx"\n')
    fake.chmod(0o755)
    monkeypatch.setattr(libreoffice, "find_office", lambda: str(fake))
    assert read_file(data, "j.doc").text == SENTENCE
    fake.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(CollectorError) as broken:
        read_file(data, "j.doc")
    assert broken.value.code == "READ-BROKEN"

"""Writes demo/papers: one person's 任免审批表 as .lrmx and as the older .lrm, invented for the demo city.

Run `python -m demo.build_papers` after changing it. The files hold what an importer must leave out, with words in
place of the numbers of real papers.
"""

from __future__ import annotations

from pathlib import Path

PAPERS = Path(__file__).parent / "papers"
CAREER = (
    "1996.09--2000.07  江北大学土木工程专业学习",
    "2000.07--2009.03  澜宁市城乡建设委员会干部、科长",
    "                  （其间：2004.09--2007.06  江北大学工程管理专业在职学习）",
    "2009.03--2016.11  澜宁市城市更新办公室副主任",
    "2016.11--2023.08  澜宁市城市管理和行政执法局副局长",
    "2023.08--         望澜区委副书记、区长",
)
XML = """<?xml version="1.0" encoding="utf-8"?>
<Person>
  <XingMing>佟以宁</XingMing>
  <XingBie>女</XingBie>
  <ChuShengNianYue>197804</ChuShengNianYue>
  <MinZu>满族</MinZu>
  <JiGuan>江北澜宁</JiGuan>
  <ChuShengDi>江北澜宁</ChuShengDi>
  <RuDangShiJian>200106</RuDangShiJian>
  <CanJiaGongZuoShiJian>200007</CanJiaGongZuoShiJian>
  <DaoLingNianYue>203804</DaoLingNianYue>
  <JianKangZhuangKuang>（导入时略去）</JianKangZhuangKuang>
  <QuanRiZhiJiaoYu_XueLi>大学</QuanRiZhiJiaoYu_XueLi>
  <QuanRiZhiJiaoYu_XueWei>工学学士</QuanRiZhiJiaoYu_XueWei>
  <ZaiZhiJiaoYu_XueLi>研究生</ZaiZhiJiaoYu_XueLi>
  <ZaiZhiJiaoYu_XueWei>工程硕士</ZaiZhiJiaoYu_XueWei>
  <XianRenZhiWu>望澜区委副书记、区长</XianRenZhiWu>
  <NiRenZhiWu/>
  <NiMianZhiWu/>
  <JianLi>{career}</JianLi>
  <NianDuKaoHeJieGuo>2022年称职；2023年称职；2024年优秀。</NianDuKaoHeJieGuo>
  <JiaTingChengYuan><Item><ChengWei>（导入时略去）</ChengWei><XingMing>（导入时略去）</XingMing></Item></JiaTingChengYuan>
  <JiSuanNianLingShiJian>20251001</JiSuanNianLingShiJian>
  <ShenFenZheng>（导入时略去）</ShenFenZheng>
  <Version>3.2.1.16</Version>
</Person>
"""


def lrm_text(name: str = "云亭山", party: str = "民盟") -> str:
    """The 33 quoted fields of an .lrm: a member of 民盟, free text with commas, a career of several lines."""
    places = [""] * 33
    places[:6] = [name, "男", "1974.12", "汉族", "江北澜宁", party]
    places[6:9] = ["（导入时略去）", "江北澜宁", "199607"]
    places[9] = "大学#工学学士@研究生#工学硕士"
    places[10] = "江北大学土木工程系#江北大学土木工程系@江北大学交通学院#江北大学交通学院"
    places[16] = "工程管理,熟悉道路桥梁"
    places[17] = (
        "1992.09--1996.07  江北大学土木工程系学习\r\n1996.07--2019.11  澜宁市工程设计院工程师,总工程师\r\n"
        "2019.11--         澜宁市交通运输局副局长"
    )
    places[18] = "2016年获全省优秀工程勘察设计奖,2021年记三等功"
    places[20:25] = ["（略）@（略）", "（略）@（略）", "（略）@（略）", "（略）@（略）", "（略）@（略）"]
    places[25], places[30], places[31], places[32] = "澜宁市交通运输局副局长", "20251001", "填表员", "20251009"
    return '"' + '","'.join(places) + '"'


def main() -> None:
    """Write the files."""
    PAPERS.mkdir(exist_ok=True)
    (PAPERS / "佟以宁.lrmx").write_text(XML.format(career="\n".join(CAREER)), encoding="utf-8", newline="\r\n")
    (PAPERS / "云亭山.lrm").write_bytes(lrm_text().encode("gb18030"))


if __name__ == "__main__":
    main()

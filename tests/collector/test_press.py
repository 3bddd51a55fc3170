"""The demo press: three kinds of site, collected whole, and no truth in what readers see."""

from __future__ import annotations

import gzip
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from collector.feeds import parse_feed
from collector.once import collect_once
from collector.registry import register_sources
from demo.press import PORTS, Press, demo_sources, start_press
from demo.press_articles import ARTICLES, load_articles
from storage.archive import Archive
from storage.database import Database
from storage.settings import Settings
from storage.tables import Category, Document, Failure, Source, Team, Zone

FREE = dict.fromkeys(PORTS, 0)
SAMPLE = """
- id: X1
  source: ribao
  published: "2025-03-04 10:20"
  title: 城东泵站通水 三万居民受益
  author: 记者 甲乙丙
  paragraphs:
    - text: 城东泵站四日正式通水，沿线三万居民用水难题得到解决，日供水能力提高两成。
      label: practice
      sub: ZF8
      teams: [{id: D01, role: 主体}]
      event: E-X
    - {text: 泵站由市水务部门建设，总投资一亿二千万元，历时十四个月建成。, label: routine}
- id: X2
  source: jbrb
  published: "2025-03-05 08:00"
  title: 澜宁加快补齐供水短板工作纪实
  origin: 澜宁日报
  reprint_of: X1
  paragraphs:
    - {text: 澜宁市今年安排供水项目九个，计划投资三亿元，目前已开工七个，完成投资过半。, label: highlight}
    - {text: 省水利部门表示，将跟踪项目质量，年底组织验收并公布结果，接受社会监督。, label: routine}
- id: X3
  source: wanglan
  published: null
  title: 关于㙍头社区停水检修的提示
  quarantine: true
  paragraphs:
    - {text: 因管网检修，望澜区㙍头社区周六八时至十七时停水，请居民提前储水备用，敬请谅解。, label: irrelevant}
    - {text: 检修期间设置临时取水点三处，分别位于社区服务站、文化广场和农贸市场北门。, label: irrelevant}
- id: X4
  source: tongbao
  published: 2025-03-06
  title: 关于供水工程质量抽查情况的通报
  paragraphs:
    - {text: 市有关部门对九个供水项目开展质量抽查，发现两个项目存在资料不全问题，已责令限期整改。, label: problem}
    - {text: 各项目单位要对照问题清单逐项整改，于三月底前书面报告整改结果。, label: routine}
"""
TRUTH = ("label", "practice", "highlight", "irrelevant", "ZF8", "主体", "E-X", "reprint", "quarantine", "D01")


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "X.yaml").write_text(SAMPLE)
    with start_press(FREE, folder) as press:
        yield press


def get(press: Press, site: str, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(f"http://127.0.0.1:{press.ports[site]}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def store(database: Database, press: Press) -> None:
    with database.write() as session:
        session.add_all([Category(id="c"), Zone(id="z", name="z")])
        session.flush()
        for team in ("D01", "D10"):
            session.add(Team(id=team, full=team, short=team, category_id="c", zone_id="z"))
        session.flush()
        register_sources(session, demo_sources(press.ports))


def test_no_truth_is_served(press: Press) -> None:
    for site in press.sites.values():
        for path, resource in site.resources.items():
            text = resource.body.decode("gbk" if resource.kind == "text/html" else "utf-8")
            assert not [word for word in TRUTH if word in text + path]


def test_no_truth_field_of_the_real_articles_is_served() -> None:
    with start_press(FREE) as press:
        pages = "".join(
            r.body.decode("gbk" if r.kind == "text/html" else "utf-8")
            for site in press.sites.values() for r in site.resources.values()
        )  # fmt: skip
    rows = [row for file in ARTICLES.glob("*.yaml") for row in yaml.safe_load(file.read_text(encoding="utf-8")) or []]
    events = {p["event"] for row in rows for p in row["paragraphs"] if p.get("event")}
    assert events
    assert not [event for event in events if event in pages]
    assert not [word for word in ("major_matter", "highlight", "irrelevant") if word in pages]
    assert len(press.addresses()) == len(rows) == len(set(press.addresses().values()))


def test_sites_differ_in_form(press: Press) -> None:
    _, feed, _ = get(press, "ribao", "/rss.xml")
    assert [i.published_at for i in parse_feed(feed, "http://x/")] == ["2025-03-04T10:20:00+08:00"]
    _, feed, _ = get(press, "jbrb", "/atom.xml")
    assert parse_feed(feed, "http://x/")[0].title == "澜宁加快补齐供水短板工作纪实"
    _, page, headers = get(press, "lanfa", "/tongbao/index.html")
    assert "charset=gb2312" in page.decode("gbk")
    assert headers["Content-Type"] == "text/html"
    with pytest.raises(UnicodeDecodeError):
        page.decode("utf-8")
    assert get(press, "lanfa", "/zhuanlan/index.html")[0] == 404
    assert b"Disallow: /internal/" in get(press, "ribao", "/robots.txt")[1]


def test_conditional_requests(press: Press) -> None:
    _, _, headers = get(press, "ribao", "/rss.xml")
    assert get(press, "ribao", "/rss.xml", **{"If-None-Match": headers["ETag"]})[0] == 304
    assert get(press, "ribao", "/rss.xml", **{"If-None-Match": '"other"'})[0] == 200
    assert get(press, "ribao", "/rss.xml", **{"If-Modified-Since": headers["Last-Modified"]})[0] == 304


def test_the_demo_is_collected_whole(database: Database, tmp_path: Path, press: Press) -> None:
    store(database, press)
    options = Settings(data_text=str(tmp_path / "data"), allow_private=press.allow_private)
    collected = collect_once(database, Archive(tmp_path / "o"), options)
    status = {r.source_id: (r.status, r.new) for r in collected.runs}
    # columns without articles have nothing a selector could find: that is said, not passed over
    assert status == {
        "ribao": ("ok", 1), "jbrb": ("ok", 1), "wanglan": ("ok", 1), "tongbao": ("ok", 1), "yaowen": ("ok", 0),
        "bowan": ("failed", 0), "zhuanlan": ("failed", 0),
    }  # fmt: skip
    truth = {press.addresses()[a.id]: a for a in load_articles(tmp_path / "articles")}
    with database.read() as session:
        documents = session.scalars(select(Document)).all()
        refused = {f.code for f in session.scalars(select(Failure))}
        owner = session.get_one(Source, "wanglan").owner_team_id
    assert {d.url for d in documents} == set(truth)
    for document in documents:
        article = truth[document.url]
        assert document.title == article.title
        assert document.text.startswith("\n".join(article.paragraphs))
        assert (document.published_at is None) == (article.published is None)
        assert document.origin == (article.origin or document.origin) != ""
    assert refused == {"FETCH-ROBOTS", "FETCH-UNREGISTERED"}
    assert owner == "D01"
    assert not [path for _, path, _ in press.requests if path.startswith("/internal/")]


def test_many_articles_make_pages(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    rows = [
        {"id": f"Y{n}", "source": "yaowen", "published": f"2025-01-{n:02d} 09:00", "title": f"第{n}号要闻标题",
         "paragraphs": [{"text": "正文。"}]}
        for n in range(1, 31)
    ]  # fmt: skip
    (folder / "Y.yaml").write_text(yaml.safe_dump(rows, allow_unicode=True))
    with start_press(FREE, folder) as press:
        pages = [
            get(press, "lanfa", f"/yaowen/{p}")[1].decode("gbk") for p in ("index.html", "index_1.html", "index_2.html")
        ]
    assert [page.count("号要闻标题</a>") for page in pages] == [12, 12, 6]
    assert ["下一页" in page for page in pages] == [True, True, False]
    assert "第30号" in pages[0]


def test_unused_encodings_are_not_sent(press: Press) -> None:
    _, body, headers = get(press, "ribao", "/rss.xml", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in headers
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(body)

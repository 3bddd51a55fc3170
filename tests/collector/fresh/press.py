"""Pages of newspapers, portals and television, as their templates lay them out. All of it is invented."""

from __future__ import annotations

import json

from tests.collector.fresh.form import Fresh, each

_MARKET = [
    "本报讯（记者 谷雨晴）凌晨四点，澜宁市东湖农贸市场的灯已经亮了。改造后的市场新装了32组通风设备，蔬菜区第一次有了恒温保鲜柜。",
    "“以前一到夏天，地上全是水，现在鞋底都是干的。”卖了十九年豆腐的摊主老邹说。",
    "今年，澜宁市商务局牵头改造农贸市场21家，投入资金4300万元，明码标价覆盖率达到100%。",
    "下一步，该市将推行摊位星级评定，评定结果每季度公示一次。",
]
_LINKS = "".join(
    f'<li><a href="/n/{n}.html">{word}</a></li>'
    for n, word in enumerate(
        ("澜宁前八个月外贸进出口增长一成", "两座跨江大桥年内合龙", "秋季招聘会下周开场", "沿江步道夜间照明升级", "全民健身中心试运行")
    )
)

SPANS = Fresh(
    name="every field in spans of its own, the source a link",
    html=f"""<!DOCTYPE html><html><head><meta charset="utf-8"/><title>东湖市场改造记：地上干了，生意活了 - 澜宁晚报网</title></head><body>
<div class="topbar"><a href="/">首页</a><a href="/bd">本地</a><a href="/sh">社会</a><a href="/ms">民生</a><span class="date" id="today"></span></div>
<div class="box"><div class="left"><h1>东湖市场改造记：地上干了，生意活了</h1>
<p class="msg"><span class="pubtime_baidu">2025-09-22 10:01:37</span><span class="gray">|</span><span class="source_baidu">来源：</span><span><a href="http://www.lnwb.example" target="_blank">澜宁晚报</a></span>
<span class="author_baidu">作者：</span><span>谷雨晴</span></p>
<div class="summary"></div><div class="article_content">{each(_MARKET, lambda p: f"<p>　　{p}</p>")}
<p style="text-align:right">[编辑：<span>钟亦文</span>]</p></div>
<div class="share-bar">分享到：<a class="wx"></a><a class="wb"></a></div></div>
<div class="right"><h3>48小时点击排行</h3><ul>{_LINKS}</ul></div></div>
<div class="bottom">澜宁晚报社版权所有</div></body></html>""",
    title="东湖市场改造记：地上干了，生意活了", time="2025-09-22T10:01", source="澜宁晚报", author="谷雨晴", editor="钟亦文",
    body=_MARKET,
)  # fmt: skip

_RAIL = [
    "澜宁市域铁路S2线9月28日全线贯通，比原计划提前46天。线路全长38.7公里，设站11座，连接高新区与云岭县。",
    "建设期间，项目部攻克富水砂层盾构等难题，创下单月掘进412米的纪录。",
    "按照计划，线路将于年底前开展空载试运行，明年上半年具备开通条件。",
]
JSON_LD = Fresh(
    name="fields in JSON-LD only, class names without meaning",
    html=f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>澜湾新闻</title>
<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@graph": [
    {"@type": "WebSite", "name": "澜湾新闻", "dateModified": "2025-10-01T00:00:00+08:00"},
    {"@type": "NewsArticle", "headline": "澜宁市域铁路S2线全线贯通", "datePublished": "2025-09-28T01:45:00Z",
     "author": {"@type": "Person", "name": "韩牧之"}, "publisher": {"@type": "Organization", "name": "澜湾新闻"}}]}, ensure_ascii=False)}</script>
</head><body><div id="root"><header class="_3fQ1"><a href="/">澜湾新闻</a><a href="/video">视频</a><a href="/live">直播</a></header>
<main class="_1xA9"><section class="k2"><div class="_9Tz">澜宁市域铁路S2线全线贯通</div>{each(_RAIL, lambda p: f'<div class="_7pQ"><span>{p}</span></div>')}</section>
<section class="k3"><div class="_4h">更多精彩</div>{"".join(f'<a class="c" href="/p/{n}"><span>{w}</span></a>' for n, w in enumerate(("云岭县蓝莓进入采摘季", "高新区人才公寓交付", "澜江航道整治完工")))}</section></main>
<footer class="_f">关于我们 | 用户协议</footer></div></body></html>""",
    title="澜宁市域铁路S2线全线贯通", time="2025-09-28T09:45", source="澜湾新闻", author="韩牧之", body=_RAIL,
)  # fmt: skip

_SCHOOL = [
    "新学期开学三周，澜宁市第七中学的食堂里多了一块屏幕，后厨操作实时播放，学生和家长都能看。",
    "市市场监管局、市教育局联合推行“透明食堂”，目前全市中小学食堂接入率已达97.6%，整改问题隐患268处。",
    "市教育局表示，年内将实现城乡学校全覆盖，并把家长陪餐制度延伸到幼儿园。",
]
SCRIPT_TIME = Fresh(
    name="the time is put in by a script",
    html=f"""<html><head><meta charset="utf-8"><title>后厨上了屏 家长放了心_教育_澜宁广电网</title>
<meta property="og:title" content="后厨上了屏 家长放了心"></head><body><div class="nav"><a>新闻</a><a>电视</a><a>广播</a><a>教育</a></div>
<div class="detail"><h1 class="tit">后厨上了屏　家长放了心</h1><div class="info"><span id="ptime"></span> <span>来源：澜宁广播电视台</span> <span>编辑：祁向阳</span></div>
<script type="text/javascript">var detail = {{"id": 90817, "publishTime": "2025-09-25 07:05:30", "channel": "edu", "hits": 2044}};
document.getElementById("ptime").innerHTML = detail.publishTime.substr(0, 16);</script>
<div class="txt"><video src="/v/90817.mp4"></video>{each(_SCHOOL, lambda p: f"<p>{p}</p>")}</div>
<p class="copy">未经授权，请勿转载</p></div><div class="side"><h4>最新新闻</h4><ul>{_LINKS}</ul></div></body></html>""",
    title="后厨上了屏 家长放了心", time="2025-09-25T07:05", source="澜宁广播电视台", editor="祁向阳", body=_SCHOOL,
)  # fmt: skip

_PAPER = [
    "本报记者 骆青川",
    "走进云岭县石坪村，3200亩梯田层层叠叠，收割机正沿着新修的机耕道往上爬。",
    "“路没通之前，稻子全靠肩膀挑下山。”村民杨大爷指着山腰说。去年冬天，县里整合高标准农田项目资金1140万元，修通机耕道26公里。",
    "路通了，产业跟着上来。石坪村成立合作社，统一育秧、统一烘干、统一品牌，亩均增收620元。",
    "但记者也发现，部分沟渠配套滞后，雨季仍有冲毁现象。县农业农村局表示，配套工程已列入明年计划。",
]
EPAPER = Fresh(
    name="a digital newspaper: columns, a kicker and a subtitle",
    html=f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>澜宁日报数字报-机耕道修到了半山腰</title></head><body>
<table class="frame"><tr><td class="leftcol"><div class="date">2025年09月19日&nbsp;星期五</div><div class="vol">第03版：三农</div>
<ul class="titles">{"".join(f'<li><a href="content_{n}.htm">{w}</a></li>' for n, w in enumerate(("秋粮收购全面启动", "小杂粮卖出好价钱", "农机手的“双抢”时节", "图片新闻")))}</ul>
<div><a href="node_02.htm">上一版</a> <a href="node_04.htm">下一版</a></div></td>
<td class="rightcol"><div class="tools"><a>放大</a> <a>缩小</a> <a>默认</a></div>
<founder-prevtitle></founder-prevtitle><p class="BSHARE_TITLE" style="font-size:24px"><strong>机耕道修到了半山腰</strong></p><p class="sub">——云岭县石坪村高标准农田建设见闻</p>
<div class="ly">来源：澜宁日报　2025年09月19日　版次：03</div>
<founder-content>{each(_PAPER, lambda p: f"<P>　　{p}</P>")}</founder-content>
<div class="bshare">分享到：</div><div><a href="content_2.htm">上一篇</a> <a href="content_4.htm">下一篇</a></div></td></tr></table>
<div class="foot">澜宁日报社版权所有，未经书面授权禁止使用</div></body></html>""",
    title="机耕道修到了半山腰——云岭县石坪村高标准农田建设见闻", time="2025-09-19", source="澜宁日报", author="骆青川", body=_PAPER,
)  # fmt: skip

_VIDEO = [
    "9月30日，澜宁市举行烈士纪念日公祭活动，社会各界代表向革命烈士敬献花篮。",
    "活动现场庄严肃穆，全体人员肃立默哀。",
]
_TEASERS = [
    "澜宁市举办秋季全民运动会，来自各县区的3000余名运动员参加12个大项的角逐，赛事将持续到10月中旬。",
    "记者从市气象局获悉，国庆假期澜宁以多云到晴天气为主，早晚温差较大，外出请注意增减衣物。",
    "望澜区打造一刻钟便民生活圈，新增便民网点86个，居民买菜、理发、修鞋都能就近解决。",
    "澜江大桥维修加固工程完工，大桥恢复双向通行，限高限重措施同步解除。",
]
SHORT = Fresh(
    name="a film with two sentences beside longer summaries of other news",
    html=f"""<html><head><meta charset="utf-8"><title>澜宁市举行烈士纪念日公祭活动</title></head><body>
<div class="navi"><a>要闻</a><a>县区</a><a>专题</a></div><div class="main"><h1>澜宁市举行烈士纪念日公祭活动</h1>
<div class="from">2025-09-30 19:32　来源：澜宁新闻联播</div><div class="player" id="player"><video></video></div>
<div class="desc">{each(_VIDEO, lambda p: f"<p>{p}</p>")}</div></div>
<div class="list"><div class="hd">更多新闻</div>{"".join(f'<div class="it"><h5><a href="/v/{n}">{t[:14]}</a></h5><p>{t}</p><span>2025-09-{29 - n}</span></div>' for n, t in enumerate(_TEASERS))}</div>
<div class="end">澜宁广播电视台</div></body></html>""",
    title="澜宁市举行烈士纪念日公祭活动", time="2025-09-30T19:32", source="澜宁新闻联播", body=_VIDEO,
)  # fmt: skip

_PARK = [
    "国庆前夕，澜宁湿地公园二期建成开放，新增绿地41公顷。",
    "园区保留原有鱼塘肌理，设置观鸟屋5处、科普步道3.2公里，入园实行免费预约。",
    "公园管理处负责人说，施工中移栽的268棵乔木成活率超过98%，冬季还将补植芦苇和荻草。",
]
PICTURES = Fresh(
    name="pictures with captions in three ways",
    html=f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>组图｜湿地公园二期开园 - 澜宁新闻网</title><meta property="og:title" content="组图｜湿地公园二期开园"/></head><body>
<header><a href="/">澜宁新闻网</a></header><article><h1>组图｜湿地公园二期开园</h1>
<div class="byline"><time datetime="2025-09-29T14:25:00+08:00">9月29日</time> · 澜宁新闻网 · 摄影 宁小满</div>
<p>{_PARK[0]}</p><figure><img data-src="/pic/1.jpg" src="data:image/gif;base64,R0lGOD" alt=""><figcaption>游客在观鸟屋观察苍鹭</figcaption></figure>
<p>{_PARK[1]}</p><p style="text-align:center"><img src="/pic/2.jpg"></p><p style="text-align:center;color:#888">▲蜿蜒的科普步道　宁小满 摄</p>
<p>{_PARK[2]}</p><p><img src="/pic/3.jpg" alt="移栽的乔木长出新叶"></p></article>
<nav class="pager"><a href="/a/1.html">上一篇</a><a href="/a/3.html">下一篇</a></nav><footer>© 澜宁新闻网</footer></body></html>""",
    title="组图｜湿地公园二期开园", time="2025-09-29T14:25", source="澜宁新闻网",
    body=[_PARK[0], "游客在观鸟屋观察苍鹭", _PARK[1], "▲蜿蜒的科普步道 宁小满 摄", _PARK[2]],
    images=["游客在观鸟屋观察苍鹭", "▲蜿蜒的科普步道 宁小满 摄", "移栽的乔木长出新叶"],
)  # fmt: skip

PAGES = [SPANS, JSON_LD, SCRIPT_TIME, EPAPER, SHORT, PICTURES]

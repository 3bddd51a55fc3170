"""Pages of WeChat, apps and portals that carry other people's articles. All of it is invented."""

from __future__ import annotations

from tests.collector.fresh.form import Fresh, each

_ELDERS = [
    "9月24日，澜宁市民政局在南浦街道召开居家养老服务现场会，推广“一键呼、三级应”做法。",
    "据介绍，全市已为1.3万户高龄独居老人安装呼叫设备，平均响应时间缩短到9分钟。",
    "会上，3名社区书记分享了经验，也有人提出夜间值守人手不足的问题。",
    "市民政局表示，四季度将通过购买服务补充值守力量，并把响应时间纳入评价。",
]
WECHAT = Fresh(
    name="a WeChat article: sections in sections, the time in a script",
    html=f"""<!DOCTYPE html><html class=""><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta property="og:title" content="按下这个键，9分钟有人来" /><meta property="og:site_name" content="微信公众平台" /><meta name="author" content="" /><title></title></head>
<body id="activity-detail" class="zh_CN mm_appmsg"><div id="js_article" class="rich_media"><div class="rich_media_inner"><div id="page-content"><div class="rich_media_area_primary_inner">
<h1 class="rich_media_title " id="activity-name">
按下这个键，9分钟有人来
</h1><div id="meta_content" class="rich_media_meta_list"><span id="copyright_logo" class="rich_media_meta icon_appmsg_tag">原创</span>
<span class="rich_media_meta rich_media_meta_text">梁知夏</span><span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);" id="js_name">
澜宁民政 </a></span><em id="publish_time" class="rich_media_meta rich_media_meta_text"></em></div>
<div class="rich_media_content js_underline_content" id="js_content" style="visibility: hidden; opacity: 0;">
<section style="text-align:center"><span style="font-size:12px;color:#3daad6">点击蓝字　关注我们</span></section>
{each(_ELDERS, lambda p: f'<section style="margin:0 8px"><section><p style="text-indent:2em"><span style="font-size:15px"><span>{p}</span></span></p></section></section>')}
<section><img data-src="https://mmbiz.example/1/640?wx_fmt=png" class="rich_pages"></section>
<p style="text-align:right"><span>供稿：养老服务科</span></p><p style="text-align:right"><span>编辑：乔木　审核：简宁</span></p></div>
<div class="rich_media_tool"><span>阅读</span><span id="readNum3"></span><span>赞</span></div></div></div>
<div class="rich_media_area_extra"><p>预览时标签不可点</p></div><div id="js_pc_qr_code"><p>微信扫一扫<br>关注该公众号</p></div></div></div>
<script>var nickname = htmlDecode("澜宁民政"); var msg_title = '按下这个键，9分钟有人来'.html(false); var ct = "1758727380"; var user_name = "gh_000000";</script></body></html>""",
    title="按下这个键，9分钟有人来", time="2025-09-24T23:23", source="澜宁民政", author="梁知夏", editor="乔木", body=_ELDERS,
)  # fmt: skip

_HARBOUR = [
    "9月27日，澜宁港三号泊位迎来今年第100艘万吨级货轮。",
    "今年前8个月，澜宁港完成货物吞吐量2860万吨，同比增长8.4%；集装箱铁水联运量增长21.7%。",
    "港务集团负责人介绍，通过“船边直提”，进口货物提离时间由两天压缩到4小时。",
    "与此同时，港区扬尘治理仍有欠账，9座堆场的封闭改造要到明年6月才能完成。",
]
APP = Fresh(
    name="an app's shared page: breaks for paragraphs, buttons, comments longer than the article",
    html=f"""<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>澜宁港迎来今年第100艘万吨轮</title></head><body>
<div class="open-app">打开“澜宁融媒”客户端，查看更多本地资讯<a href="#">立即打开</a></div>
<div class="article-title">澜宁港迎来今年第100艘万吨轮</div><div class="article-meta"><img class="avatar" src="/a.png" width="24"><span class="name">澜宁融媒</span><span class="t">2025/9/27 6:48</span></div>
<div class="article-body">{"<br/><br/>".join(_HARBOUR)}</div><div class="like"><button>点赞 86</button><button>收藏</button></div>
<div class="comments"><div class="c-title">全部评论（3）</div>
{each(["我家就在港区旁边，这几年变化真的很大，希望堆场封闭快一点，晒衣服不用再看风向了，给建设者点赞。",
       "跑运输的说一句，船边直提确实省事，以前排队两天，现在当天就能走，司机少受罪，货主也省钱，支持继续推广。",
       "建议把港区外面的路也修一修，大车压得坑坑洼洼的，下雨天骑车根本没法走，期待有关部门早点安排。"], lambda p: f'<div class="c-item"><b>网友</b><p>{p}</p><i>09-27 08:10</i></div>')}</div>
<div class="download-bar">下载客户端</div></body></html>""",
    title="澜宁港迎来今年第100艘万吨轮", time="2025-09-27T06:48", source="澜宁融媒", body=_HARBOUR,
)  # fmt: skip

_COURT = [
    "（记者 司空远）澜宁市中级人民法院9月26日通报，今年1至8月全市法院新收行政案件412件，同比下降11.2%，行政机关负责人出庭应诉率为96.8%。",
    "通报同时点出三个突出问题：一是个别单位对程序不重视，送达不规范；二是复议与诉讼衔接不畅；三是生效判决履行偏慢。",
    "市司法局负责人表示，将按季度通报各单位应诉情况，对连续两次出庭率低于九成的单位发出提示函。",
]
PORTAL = Fresh(
    name="a portal that carries a paper's article",
    html=f"""<!DOCTYPE html><html><head><meta charset="gbk"><title>澜宁法院通报前八月行政审判情况--法治--澜湾网</title>
<meta name="source" content="来源：澜宁法治报"><meta name="publishdate" content="2025-09-28"></head><body>
<div class="w1000 nav2"><a>澜湾网</a> &gt;&gt; <a>法治</a> &gt;&gt; 正文</div><div class="layout rm_txt cf"><div class="col col-1"><h4>应诉率96.8%，还有三个问题要改</h4>
<h1>澜宁法院通报前八月行政审判情况</h1><div class="author cf"></div><div class="channel cf"><div class="col-1-1">2025年09月28日09:36 | 来源：<a href="http://x.example">澜宁法治报</a></div><div class="col-1-2"><a>小字号</a></div></div>
<div class="rm_txt_con cf">{each(_COURT, lambda p: f"<p>	{p}</p>")}
<div class="otitle"></div><div class="edit cf">(责编：尹若水、贺兰)</div></div>
<div class="rm_relevant"><h2><span>分享让更多人看到</span></h2></div></div>
<div class="col col-2"><h2>热门排行</h2><ul><li><a href="/1">澜宁启动秋季安全生产检查</a></li><li><a href="/2">三家企业入选省级名单</a></li><li><a href="/3">夜游澜江航线恢复</a></li></ul></div></div>
<div class="copyright">澜湾网版权所有</div></body></html>""",
    title="澜宁法院通报前八月行政审判情况", time="2025-09-28T09:36", source="澜宁法治报", author="司空远", editor="尹若水、贺兰", body=_COURT,
    charset="gbk", header="utf-8",
)  # fmt: skip

_TOWN = [
    "枫桥镇党委书记带队夜访，是今年推行“晚间议事”以来的第38次。当晚收集意见17条，现场答复12条。",
    "镇里把意见分成当场办、一周办、季度办三类，办理结果张贴在村口公示栏。",
    "半年下来，累计办结诉求436件，群众评价“满意”的占91%，余下的正在回访。",
]
MIXED = Fresh(
    name="a county media centre: fields in one run-on line, the body in list items",
    html=f"""<html><head><meta charset="utf-8"/><title>枫桥镇：晚上七点半，板凳会开场 | 云岭县融媒体中心</title></head><body>
<div id="hd"><h1><a href="/">云岭县融媒体中心</a></h1><ul><li><a>头条</a></li><li><a>乡镇</a></li><li><a>部门</a></li></ul></div>
<div id="ct"><h2>枫桥镇：晚上七点半，板凳会开场</h2><div class="tips">稿源：云岭县融媒体中心 / 2025-09-21 21:15 / 通讯员：卫东来 / 阅读 1203</div>
<ul class="paras">{each(_TOWN, lambda p: f"<li>{p}</li>")}</ul><div class="zz">责编：闻一川　　终审：莫言秋</div></div>
<div id="rel"><h3>相关阅读</h3><ul><li><a href="/t/1">石坪村丰收节开幕</a></li><li><a href="/t/2">云岭县召开秋收工作会</a></li></ul></div><div id="ft">技术支持：云岭数科</div></body></html>""",
    title="枫桥镇：晚上七点半，板凳会开场", time="2025-09-21T21:15", source="云岭县融媒体中心", editor="闻一川", body=_TOWN,
)  # fmt: skip

PAGES = [WECHAT, APP, PORTAL, MIXED]

"""Pages as the content systems of public bodies lay them out. All of it is invented."""

from __future__ import annotations

from tests.collector.fresh.form import Fresh, each

_BRIDGE = [
    "9月11日上午，澜宁市城市更新工作现场推进会在澄溪区召开。与会人员先后察看了老船厂片区、东门里历史街区和滨河步道三处施工现场。",
    "会议通报，今年以来全市启动更新片区14个，完成老旧管网改造86.4公里，加装电梯213部，惠及居民2.7万户。",
    "会议指出，个别县区仍存在前期论证不充分、居民意见征集流于形式等问题，须在10月底前逐项整改到位。",
    "会议要求，坚持先体检、后更新，把居民愿不愿意、满不满意作为衡量标准，年底前向社会公布每个片区的资金使用情况。",
]
_CHANNELS = "".join(
    f'<li><a href="/col/col{n}/index.html">{word}</a></li>'
    for n, word in enumerate(("首页", "政务公开", "政务服务", "互动交流", "走进澜宁", "数据发布"))
)

TRS = Fresh(
    name="TRS with a style sheet inside the body",
    html=f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>全市城市更新工作现场推进会在澄溪区召开-澜宁市住房和城乡建设局</title>
<meta name="SiteName" content="澜宁市住房和城乡建设局"><meta name="ColumnName" content="工作动态">
<meta name="ArticleTitle" content="全市城市更新工作现场推进会在澄溪区召开">
<meta name="PubDate" content="2025-09-12 09:27:14"><meta name="ContentSource" content="澜宁市住房和城乡建设局">
<script>var _trs_id="202509/t20250912_4410.html";</script></head><body>
<div class="head"><div class="search"><form><input type="text" value="请输入关键字"><button>搜索</button></form></div>
<ul class="menu">{_CHANNELS}</ul></div>
<div class="w1200"><div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="../">工作动态</a></div>
<div class="xl_main"><div class="xl_tit">全市城市更新工作现场推进会在澄溪区召开</div>
<div class="xl_info"><span>发布时间：2025-09-12 09:27</span><span>来源：澜宁市住房和城乡建设局</span>
<span>【字体：<a href="javascript:f(18)">大</a> <a href="javascript:f(16)">中</a> <a href="javascript:f(14)">小</a>】</span></div>
<div class="xl_con"><div class="TRS_UEDITOR trs_paper_default"><style type="text/css">.TRS_UEDITOR P{{margin:0}}</style>
{each(_BRIDGE, lambda p: f'<p style="text-indent: 2em; text-align: justify;">{p}</p>')}
<p class="insertfileTag"><a appendix="true" href="./P020250912337.pdf" title="片区名单.pdf">附件：2025年更新片区名单.pdf</a></p>
</div></div>
<div class="xl_tools"><a>打印</a><a>关闭</a><span class="ewm">扫一扫在手机打开当前页</span></div></div></div>
<div class="foot"><p>主办单位：澜宁市住房和城乡建设局　网站标识码：0000000000</p><p>地址：澜宁市建设路8号</p></div></body></html>""",
    title="全市城市更新工作现场推进会在澄溪区召开", time="2025-09-12T09:27", source="澜宁市住房和城乡建设局", body=_BRIDGE,
    files=["附件：2025年更新片区名单.pdf"],
)  # fmt: skip

_FLOOD = [
    "本站讯　9月17日，市水务局组织开展秋汛防御实战演练，模拟澜江干流水位超警戒1.2米情形，检验预警发布、人员转移和险情抢护三个环节。",
    "演练调集抢险队员180人、冲锋舟12艘，用时47分钟完成两个行政村312名群众转移。",
    "针对演练中暴露的夜间照明设备不足、个别村组通信中断等短板，市水务局当场交办，明确责任单位和完成时限。",
]
JPAGE = Fresh(
    name="Jpage: tables, comments, a counter",
    html=f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"><title>澜宁市水务局 防汛抗旱 市水务局开展秋汛防御实战演练</title>
<meta name="keywords" content="防汛,演练"><meta name="author" content="澜宁市水务局"></head><body>
<table width="1000" align="center" cellpadding="0"><tr>{"".join(f'<td><a href="/col/c{n}">{w}</a></td>' for n, w in enumerate(("首页", "机构职能", "政策文件", "防汛抗旱", "办事指南")))}</tr></table>
<table width="1000" align="center"><tr><td class="dqwz">当前位置：<a>首页</a>&gt;&gt;<a>防汛抗旱</a></td></tr></table>
<table id="article" width="930" align="center" cellspacing="0"><tr><td class="title"><!--<$[标题名称(html)]>begin-->市水务局开展秋汛防御实战演练<!--<$[标题名称(html)]>end--></td></tr>
<tr><td align="center"><table width="100%"><tr><td align="left">发布日期：2025-09-18 16:40</td><td>信息来源：市水务局办公室</td>
<td>浏览次数：<script src="/module/visitcount/articlehits.jsp?i_articleid=871"></script>&nbsp;字号：[ <a>大</a> <a>中</a> <a>小</a> ]</td></tr></table></td></tr>
<tr><td class="bt_content"><div id="zoom"><!--<$[信息内容]>begin--><!--ZJEG_RSS.content.begin-->
{each(_FLOOD, lambda p: f'<p style="line-height: 2em"><span style="font-family:仿宋;font-size:18px">{p}</span></p>')}
<!--ZJEG_RSS.content.end--><!--<$[信息内容]>end--></div></td></tr>
<tr><td align="right"><a href="javascript:window.print()">打印本页</a> <a href="javascript:window.close()">关闭窗口</a></td></tr></table>
<table width="1000" align="center"><tr><td>版权所有：澜宁市水务局　承办单位：澜宁市水利信息中心</td></tr></table></body></html>""",
    title="市水务局开展秋汛防御实战演练", time="2025-09-18T16:40", source="市水务局办公室", body=_FLOOD,
)  # fmt: skip

_OFFICE = [
    "各县（区）人民政府，市政府各部门：",
    "为规范全市公共停车资源共享，经市政府同意，现将有关事项通知如下。",
    "一、实施范围",
    "市、县两级党政机关、事业单位和国有企业的内部停车场，除涉密和有特殊安全要求的单位外，应当于2025年12月31日前在夜间和节假日向社会开放。",
    "二、收费标准",
    "开放时段收费不得高于周边公共停车场标准的八成，收入上缴本级财政，专项用于停车设施维护。",
    "三、工作要求",
    "各单位于10月15日前将开放方案报市城市管理局汇总，逾期未报的予以通报。",
    "澜宁市人民政府办公室",
    "2025年9月10日",
]
NOTICE = Fresh(
    name="an official document under its index table",
    html=f"""<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>澜宁市人民政府 政府信息公开 澜宁市人民政府办公室关于推进机关内部停车场共享开放的通知</title></head><body>
<header><nav><ul>{_CHANNELS}</ul></nav></header><aside class="zwgk-left"><h3>法定主动公开内容</h3><ul>
{"".join(f"<li><a href='/zwgk/{w}'>{w}</a></li>" for w in ("机构概况", "规划计划", "行政许可", "财政预决算", "重大项目", "公共资源配置", "民生实事"))}</ul></aside>
<section class="wzy"><table class="sy"><tbody>
<tr><td><b>索&nbsp;引&nbsp;号：</b></td><td>LN0102-2025-00417</td><td><b>主题分类：</b></td><td>城乡建设、环境保护／城市管理</td></tr>
<tr><td><b>发文机关：</b></td><td>澜宁市人民政府办公室</td><td><b>成文日期：</b></td><td>2025年09月10日</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">澜宁市人民政府办公室关于推进机关内部停车场共享开放的通知</td></tr>
<tr><td><b>发文字号：</b></td><td>澜政办发〔2025〕23号</td><td><b>发布日期：</b></td><td>2025年09月16日</td></tr></tbody></table>
<div class="wzcon"><p style="text-align:center"><strong>澜宁市人民政府办公室关于推进机关<br/>内部停车场共享开放的通知</strong></p>
<p style="text-align:center">澜政办发〔2025〕23号</p>
{each(_OFFICE, lambda p: f'<p>　　{p}</p>' if len(p) > 22 else f'<p style="text-align:left">{p}</p>')}
</div><div class="share">分享到：<a>微信</a><a>微博</a></div></section>
<footer>澜宁市人民政府办公室主办　网站地图　联系我们</footer></body></html>""",
    title="澜宁市人民政府办公室关于推进机关内部停车场共享开放的通知", time="2025-09-16", source="澜宁市人民政府办公室",
    body=["澜政办发〔2025〕23号", *_OFFICE],
)  # fmt: skip

_COUNTY = [
    "近日，望澜区组织开展“百日清欠”行动，对政府投资项目拖欠中小企业账款逐笔核对、限期清偿。",
    "截至9月20日，全区核对欠款合同431份，清偿金额1.86亿元，清偿率达到92.3%，较年初提高37个百分点。",
    "对确有困难的7个项目，区财政设立周转金予以垫付，并由审计部门全程跟踪。",
    "区里还把清欠情况纳入季度点评，对排名靠后的3个镇街进行约谈。",
]
OLD_TABLES = Fresh(
    name="GB2312, nested tables, breaks instead of paragraphs, no label before the source",
    html=f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>望澜在线--望澜要闻</title>
<link href="style.css" rel="stylesheet"></head><body topmargin="0" bgcolor="#FFFFFF">
<table width="776" border="0" align="center"><tr><td height="90"><img src="images/top.gif" width="776" height="90"></td></tr>
<tr><td background="images/bg.gif">&nbsp;<a href="/">首页</a> | <a href="/yw">望澜要闻</a> | <a href="/bm">部门动态</a> | <a href="/zs">招商引资</a> | <a href="/ly">旅游</a></td></tr></table>
<table width="776" border="0" align="center"><tr><td width="180" valign="top"><table width="100%"><tr><td class="lm">本类热点</td></tr>
{"".join(f'<tr><td>·<a href="show.asp?id={n}">{w}</a></td></tr>' for n, w in enumerate(("全区三季度重点项目开工", "望澜夜市开街迎客", "区图书馆延时开放", "秋粮收购价格发布", "新建幼儿园投用")))}</table></td>
<td valign="top"><table width="96%" align="center"><tr><td align="center" height="50"><font size="4" color="#CC0000"><b>望澜区“百日清欠”为企业解难</b></font></td></tr>
<tr><td align="center" bgcolor="#F0F0F0"><font color="#666666">2025年9月23日 08:12&nbsp;&nbsp;澜宁日报&nbsp;&nbsp;责任编辑：秦晓岚</font></td></tr>
<tr><td class="nr"><br>&nbsp;&nbsp;&nbsp;&nbsp;{"<br><br>&nbsp;&nbsp;&nbsp;&nbsp;".join(_COUNTY)}<br></td></tr>
<tr><td align="right">【<a href="javascript:window.print()">打印</a>】【<a href="javascript:window.close()">关闭</a>】</td></tr></table></td></tr></table>
<table width="776" align="center"><tr><td align="center">望澜区委宣传部主办　建议使用1024*768分辨率浏览</td></tr></table></body></html>""",
    title="望澜区“百日清欠”为企业解难", time="2025-09-23T08:12", source="澜宁日报", body=_COUNTY, editor="秦晓岚",
    charset="gb18030", header="ISO-8859-1",
)  # fmt: skip

_ANSWERS = [
    "市医疗保障局有关负责人就《澜宁市长期护理保险实施办法》答记者问",
    "问：为什么要出台这一办法？",
    "答：全市60岁以上老年人口占比已达24.1%，失能人员照护压力逐年加大。办法自2026年1月1日起施行，先覆盖职工医保参保人员。",
    "问：费用如何分担？",
    "答：个人、单位和财政三方分担，个人每年缴费不超过60元，困难群众由财政全额资助。",
    "待遇标准",
    "等级\t居家护理\t机构护理",
    "中度\t每日30元\t每日25元",
    "重度\t每日50元\t每日40元",
    "问：怎样防止骗保？",
    "答：建立评估专家库，评估结果公示五个工作日，接受社会监督。",
]
POLICY = Fresh(
    name="questions and answers with a heading and a table, source and time in cells of their own",
    html=f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>《澜宁市长期护理保险实施办法》政策解读_政策解读_澜宁市医疗保障局</title></head><body class="pc">
<div id="top"><a>无障碍</a><a>长者助手</a><a>登录</a></div><div id="nav"><ul>{_CHANNELS}</ul></div>
<div class="content"><h2 class="wz_title">《澜宁市长期护理保险实施办法》政策解读</h2>
<ul class="wz_top"><li>来源：</li><li>澜宁市医疗保障局</li><li>时间：</li><li>2025-09-26 11:03:52</li><li>点击量：<i id="hits">518</i></li></ul>
<div class="wz_article"><h4 style="text-align:center">{_ANSWERS[0]}</h4>
{each(_ANSWERS[1:5], lambda p: f'<div>{p}</div>')}
<h4>{_ANSWERS[5]}</h4><table border="1"><tbody>
{each(_ANSWERS[6:9], lambda r: "<tr>" + "".join(f"<td><p>{c}</p></td>" for c in r.split(chr(9))) + "</tr>")}</tbody></table>
{each(_ANSWERS[9:], lambda p: f'<div>{p}</div>')}
</div><div class="xgjd"><h3>相关文件</h3><ul><li><a href="/a/1.html">澜宁市长期护理保险实施办法</a></li><li><a href="/a/2.html">关于做好参保登记工作的通知</a></li></ul></div></div>
<div id="footer">主办：澜宁市医疗保障局　ICP备00000000号</div></body></html>""",
    title="《澜宁市长期护理保险实施办法》政策解读", time="2025-09-26T11:03", source="澜宁市医疗保障局", body=_ANSWERS,
)  # fmt: skip

PAGES = [TRS, JPAGE, NOTICE, OLD_TABLES, POLICY]

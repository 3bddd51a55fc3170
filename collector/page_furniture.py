"""Words by which the furniture of a page gives itself away: what is around an article but no part of it."""

from __future__ import annotations

import re

# Anywhere in a short line: the site speaks of itself. Such a line counts against its block.
SITE = re.compile(
    r"版权所有|Copyright|©|ICP备|公网安备|网站地图|关于我们|免责声明|法律声明|返回顶部|设为首页|加入收藏|收藏本站"
    r"|文明上网|网站标识码|主办单位|承办单位|建议使用|您访问的链接|当前位置|您的位置|所在位置|您现在的位置|首页\s*[>»]"
    r"|App下载|客户端下载|打开APP|下载APP|尽在.{0,12}(?:APP|客户端)|网友评论|发表评论|查看评论|热门评论|条评论|参与评论|我要评论|点击进入专题"
    r"|推荐阅读|猜你喜欢|热点推荐|热门推荐|点击排行|阅读排行|你可能(?:还|也|会|還|會|感)|大家都在看|今日热点|热门文章|最新文章"
    r"|信息存储(?:空间)?服务|语音验证码|仅代表作者|不代表本|如需转载|转载请|未经.{0,12}(?:授权|许可|允许)",
    re.I,
)
# The same when the line is hardly more than the word.
SITE_WORD = re.compile(
    r"登录|注册|举报|客服|广告|点赞|投稿|联系我们|不喜欢|微博|微信|回复|评论|高清|标清|倍速|收起|展开|分享|直播|播放"
)
# Stands at the edge of an article: no prose, yet a sign that an article is near.
EDGE = re.compile(
    r"分享到|分享至|分享给|字号|字体[:：]|打印本|【打印】|【关闭】|关闭窗口|上一篇|下一篇|上一页|下一页|扫一扫|扫描二维码|二维码"
    r"|责任编辑|责编[:：]|[\[（(]\s*(?:责任)?编辑[:：]|[\[（(]责编|浏览次数|点击数|点击量|阅读次数|本文来源|原标题[:：]|微信公众号"
    r"|^(?:来源|作者|编辑|审核|校对|监制|统筹|责编|值班编辑|初审|复审|终审|选稿|编审|供稿|撰稿|美编|排版|出品|策划)\s*[:：/]",
    re.I,
)
# What a button says: nothing when it is the last line of an article, anything in the middle of one.
BUTTON = re.compile(
    r"^[【\[\s+＋]*(?:关注|分享|打印|收藏|关闭|纠错|返回)(?:本页|此页|本文|文章|窗口|列表|首页)?[】\]\s]*$"
)
# The numbers that lead to the other pages of an article.
PAGE_NUMBERS = re.compile(
    r"^(?:[【\[（(<]?(?:\d{1,2}|[上下]一?页|首页|尾页|末页|全文|共\d+页|第\d+页)[】\]）)>]?\s*){2,}$"
)
CLOSE = re.compile(r"^[×✕✖╳]$")
# Who edited it: hardly anything of the article comes after.
EDITED = re.compile(r"^[（(\[【\s]*(?:责任\s*编辑|责\s*编|编\s*辑)\s*[:：]\s*[^。，！？]{2,16}$")
# Where the article is over, whatever follows.
AFTER = re.compile(
    r"^[【\[■◆●▶>»“\s]*(?:相关(?:新闻|阅读|链接|文章|报道|推荐|稿件|内容|资讯|专题|信息|图片|文件|解读)|推荐(?:阅读|新闻|文章)|延伸阅读|你可能(?:还|也|会|還|會|感).*"
    r"|您可能(?:还|也|会|還|會|感).*|猜你喜欢.*|(?:大家|其他人|人[们們])(?:都|也|还|還)?在看|.{0,4}(?:侵权|版权)(?:公告|声明)|热门(?:推荐|文章|新闻|评论|阅读|资讯|精选)|热点(?:推荐|新闻|排行)|更多(?:新闻|精彩|阅读|推荐|相关).*"
    r"|今日(?:热点|推荐|要闻)|(?:最新|近期|最近)(?:新闻|文章|资讯|评论|更新)|(?:网友|全部|最新|精彩|热门)评论.*|(?:发表|我要|我来说两句|参与|查看|添加)评论.*|评论\s*[（(]?\d+.*"
    r"|(?:网友|用户|读者|访客)?(?:评论|留言|跟帖)(?:列表|区)?\s*[（(]?\d*[）)]?"
    r"|相關(?:新聞|文章|報導|閱讀)|延伸閱讀|推薦閱讀|熱門(?:新聞|文章)|更多(?:新聞|精彩|相關).*|最新(?:新聞|文章)|版权声明|免责声明|法律声明|郑重声明|特别声明"
    r"|(?:平台|特别|郑重|版权|免责|重要)?声明[:：].*|Notice: The content above.*"
    r"|打开APP.*|扫码.*|分享到.*|上一篇.*|下一篇.*"
    r"|.{0,20}信息存储(?:空间)?服务.{0,6}|以上内容（包括.*|本网站?(?:注明|转载|所有).*|凡(?:本网|注明|本站).*|版权归.{0,20}所有.*)[】\]>»：:\s]*$",
    re.I,
)
# Names that blocks give themselves (id, class) when they are no part of the article.
LOW_HINT = re.compile(
    r"comment|footer|foot\b|copyright|sidebar|side-?bar|recommend|\bnav|menu|breadcrumb|crumb|share\b|bdshare"
    r"|hot-?(?:news|list)|\brank|\brelat|toolbar|login|pinglun|friend|banner|advert|\bad[s_-]|qrcode|disclaimer"
    r"|player|dialog|popup|modal"
)
ATTACHMENT = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|7z|txt|csv)(?:$|[?#])", re.I)

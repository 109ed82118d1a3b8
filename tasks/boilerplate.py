"""Site furniture: lines that belong to the page and not to the document, each rule with the name that it is reported by.

The rules are for whole paragraphs and are bounded in length: taking body text away is worse than leaving a footer in.
What could be a heading or a line of the body holds only at the edges: above the first running text, or below the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from tasks.language import is_in_other_script
from tasks.layout import Paragraph, is_date_line, read_header
from tasks.running_lines import find_running_lines, is_running_text

_LONGEST_FURNITURE = 1000  # characters
_LONGEST_LINK_LIST = 15
_LONGEST_EDGE = 60  # paragraphs


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that a paragraph of at most `most_words` words must contain, anywhere or at the edges only."""

    name: str
    pattern: re.Pattern[str]
    most_words: int
    edges_only: bool = False


def _rule(name: str, pattern: str, most_words: int = 20, *, edges_only: bool = False) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE), most_words, edges_only)


_SITES = "(?:facebook|twitter|x|linkedin|whatsapp|wechat|weibo|reddit|telegram|instagram|youtube|social media|social)"
_LINKED = "(?:articles?|stories|news|reading|posts?|content|links?|coverage|reports?)"
_AGENCIES = (
    "(?:Xinhua|AP|AFP|Reuters|EPA|Getty Images|VCG|CFP|IC|CNS|CNSphoto|China Daily|People's Daily Online|GT|AA|Kyodo)"
)
_NAMED = "(?-i:[A-Z])"
_SENTENCE = r"(?<!\.\.)(?<!\b(?-i:[A-Z]))[.!;][”’\"')\]]*$"  # a headline may end in a question, dots, or initials
_SHOWN = "(?:links?|buttons?|icons?|images?|photos?|pictures?|charts?|maps?|figures?|graphics?|titles?|headlines?|names?|tabs?|logos?|arrows?|videos?)"

RULES = (
    _rule("share", rf"^(?:share|like)\s+(?:this\W*$|this (?:article|page|story|post)(?:\W*$| (?:on|via|with|by)\b)|(?:on|via|to) {_SITES}\b)|^(?:open \w+ and )?scan the qr code\b|^(?:follow|find|like|join|connect with|visit) (?:us|@\w+|.{{2,40}}) on (?:our )?{_SITES}(?:(?:,| and| or)+ {_SITES})*(?: @\w+)?\W*$|^(?:follow|connect with|like|share with) us\W*$|^follow @\w+\W*$|^like this\s*:\s*(?:like|loading|$)", 16),
    _rule("subscribe", r"^(?:please )?(?:sign up|subscribe|get|receive|join|register)\b[^,;]{0,60}\b(?:newsletters?|mailing list|email (?:alerts|updates|list)|briefings? by e?-?mail|(?:to|in) your inbox)\b|^(?:free|our|weekly|daily)\b(?: [\w-]+){0,5} newsletters?\W*$|\bdelivered (?:free |straight |directly )?to your inbox\b|\b(?:our|the) subscriber list\b|(?:^|[?!:]\s+)subscribe\b[^.,]{0,60}\b(?:inbox|here|access)\W*$|^(?:manage (?:your )?subscriptions?|(?:unsubscribe|subscribe|sign (?:up|in)|log ?in)(?: now| today| here| free| or .{0,30}| for (?:free|more|updates|alerts).{0,40}| to (?:receive|get|read|comment|continue) .{0,50})?|register (?:now|today|here|free)(?: for (?:free|unlimited).{0,40})?)[.!]?$|^.{0,60}\b(?:available )?only (?:to|for) subscribers\W*$|^(?:already a|become a) (?:subscriber|member)\?|^enter your e-?mail\b|^thank(?:s| you) for (?:signing up|subscribing)\b|^by (?:signing up|registering|submitting|subscribing|clicking)\b.{0,40}\byou agree\b|\bplease subscribe to continue\b|^discover more from \w[^.]*$|^subscribe (?:now )?to keep reading\b", 40),
    _rule("app", r"^(?:download|get|install|open)(?: [\w'’-]+){1,5} app(?: (?:now|today|here|to (?:receive|get|read|stay|continue|enjoy)\b.{0,80}|(?:for|on|from) (?:ios|android|iphone|your phone|the app store|google play).{0,40}))?\W*$|^(?:available|get it|download|download it) (?:now )?(?:on|from|in) (?:the )?(?:app store|google play)\b", 25),
    _rule("cookies", r"^(?:we|(?:this|our) (?:web)?site)(?: and our partners| also)? uses? (?:\w+ ){0,2}cookies\b|^by (?:using|continuing|browsing|clicking|closing)\b.{0,60}\b(?:you|our)\b.{0,80}\bcookies\b|^(?:accept|reject|allow|decline|manage)(?: all| necessary)? (?:cookies|consent preferences|preferences)\W*$|^(?:manage )?cookie (?:policy|settings|preferences|notice)\W*$", 50),
    _rule("copyright", r"^(?:copyright\W*(?:©|\(c\)|(?:19|20)\d\d)|©|\(c\)\s*(?:19|20)\d\d)|\ball rights reserved\W*$|^all rights reserved[.,;]|^(?:all |text |this )*content (?:is|may be) (?:available|licensed|used) under\b.*\blicen[cs]e\b", 40),
    _rule("copyright", rf"^copyright by {_NAMED}", 15),
    _rule("copyright", r"^copyright(?!.*\b(?:acts?|amendments?|bill|cases?|code|disputes?|in|industry|law|laws|of|ordinance|policy|protection|reforms?|regulations?|reports?|rules)\b)(?: (?-i:[A-Z])[\w.&'’-]*){1,8},? (?:19|20)\d\d$|^(?:copyright|no part of this (?:web)?(?:site|page))\b.{0,120}\b(?:reproduced|reproduction)\b|^(?:unauthori[sz]ed )?reproduction\b.{0,40}\bprohibited\W*$", 25, edges_only=True),
    _rule("licence_number", r"\bICP\W{0,2}(?:备|证|licen[cs]e|filing|number|no\b).{0,20}\d{5,}|公网安备|ICP备", 10),
    _rule("licence_number", r"^(?:registration|licen[cs]e|record) (?:number|no\.?)\s*:?\s*[\w-]{4,}$", 10, edges_only=True),
    _rule("read_more", rf"^(?:read (?:more|also|next|on)|see also|related(?: {_LINKED})?|more (?:on this|stories|news)|(?:recommended|suggested) (?:{_LINKED}|for you)|next article|previous article|most (?:read|popular|viewed|shared)|(?:popular|trending|latest|top) {_LINKED}|trending now|what to read next|editors?['’]?s? picks?)(?:\s*(?:[|>»→]|:(?!.*{_SENTENCE}))|\W*$)|^(?:you (?:may|might) also (?:like|be interested in)|recommended for you)\b", 30),
    _rule("read_more", rf"^(?:read more (?:about|on|at|in|from)\b[^,]*|more from {_NAMED}.*|continue reading(?: (?:the (?:main )?story|this|below|in the app|here)\b.*| [“\"].*)?|(?:back|return|go) to (?:the )?top\W*|top of (?:the )?page)$", 12),
    _rule("click_here", rf"^(?:please )?click (?:here(?=\W*$| (?:to|for)\b)|to\b|(?:on )?(?:the|this|these)(?: [\w-]+){{0,2}} {_SHOWN}(?=\W*$| (?:above|at|below|for|here|on|to)\b))", 15),
    _rule("advertisement", r"^(?:advertisements?|ads?|sponsored(?: content| post)?|promoted(?: content)?|(?:story|article) continues(?: (?:below|after).{0,30})?|skip (?:the )?ad(?:vertisement)?|scroll (?:down )?(?:to|for) (?:continue|read|more).{0,20}|remove ads)\W*$", 8),
    _rule("navigation", r"^(?:(?:home|homepage)\s*[|>/»›·•]|you are here\s*:)\s*[\w ,&'’|>/»›·•-]+$|^(?:press .enter. to |click to )?(?:skip|jump) to (?:(?:main |the )*content|navigation|search|main|footer)\W*$|^(?:toggle|open|close|show|main|hide) (?:navigation|menu|search|sidebar)\W*$|^breadcrumbs?$|^tag(?:s|ged)?\s*:\s[^.]+$|^filed under(?:\s*:|\s+(?-i:[A-Z]))[^.]{1,80}$|^\w{2,20}\s?(?:>>|»)\s?\w[\w ,&'’>»-]{1,60}$|^(?:details|more)\s?>>", 15),
    _rule("navigation", r"^(?:contact us|about us|site ?map)$", 2),
    _rule("navigation", r"^\w{2,20}\s?>\s?\w[\w ,&'’>-]{1,60}$|^(?-i:[A-Z]{3,}(?: [A-Z]+)? / [A-Z]{3,}(?: [A-Z]+)?)$|^you are here$|^(?-i:[A-Z]{2,8}) home$|^an official (?:web)?site of\b[^.]*$|^here['’]s how you know$|^do not sell\b.*\binformation$|^(?:published|posted|filed) (?:in|under)\s*:[^.]*$|^(?:keywords?|key words|categor(?:y|ies)|topics?|labels?|posted in|in this section)\s*:\s*[^.]+$|^(?:[←→«»‹›]\s*\w[^.]*|[^.]*\w\s*[←→«»‹›])$|^(?:previous|next|older|newer)(?: (?:article|post|story|page|entry))?\s*[:»→←>]\s*(?-i:[A-Z“\"])[^.]*$", 15, edges_only=True),
    _rule("image_placeholder", r"^(?:article )?(?:banner |featured |cover |header )?(?:image|picture|photo|video|graphic)(?: placeholder)?\W*$|^(?:view|see) (?:this )?(?:image|photo|picture) in full ?screen\W*$|^(?:hide|toggle|enlarge|show|view)(?: (?:this|the|full|larger?))* (?:caption|image|photo|picture|version)\W*$|^(?:image|photo|video) (?:source|caption|copyright),|^loading\W*$|^like loading\W*$", 12),
    _rule("archive_link", r"^(?:archived (?:copy|version)|(?:chinese|english)[- ]language (?:original|version)|original (?:text|article|source|link)|(?:web )?archive link|source link|permalink)(?:\s*:\s*https?://\S+|\W*)$|^(?:read|view|see) (?:the )?original(?: (?:article|text|version|document|post))?(?: in \w+)?\W*$", 8),
    _rule("document_link", r"^(?:download|view|open|save|read|print)(?: (?:the|this|full|as|a|in))*(?: (?:pdf|report|chart|file|document|version|article|text|page|browser))+(?: (?:as|in) (?:a )?(?:pdf|word|browser))?(?: \([^)]{1,20}\))?\W*$|^(?:pdf|printable|print|text|mobile) version\W*$|^(?:full )?(?:text|report) (?:is )?available in pdf\W*$|^(?:copy (?:the )?link|report an error|(?:save|add) to favou?rites|send to a friend|(?:print|e-?mail|save|bookmark) this (?:page|article|story)|listen to (?:this )?(?:article|story))\W*$", 10),
    _rule("plugin_footer", r"^(?:proudly )?powered by\s*:?\s*(?:wordpress|drupal|joomla|blogger|ghost|google.*)?\W*$|^(?:\w+ )?code snippets(?: powered by)?\s*:?\s*\w*\W*$|\bwordpress\W*$|^(?:wordpress )?theme by\b|^best viewed (?:with|in|at)\b", 10),
    _rule("site_owner", r"^(?:(?:web)?site )?(?:sponsored|hosted|designed|developed|maintained|powered|technical support)(?:,? and \w+)? by:? (?:the )?(?-i:[A-Z])[^.]{1,80}$|^(?:address|tel|phone|fax|e-?mail)\s*:.{1,120}\|\s*(?:tel|phone|fax|e-?mail|post ?code)\b", 25, edges_only=True),
    _rule("site_owner", r"^contact (?:us|the (?:webmaster|(?:editor|writer|reporter|author)s?)) (?:at|by e?-?mail)\b.{0,40}@", 8),
    _rule("noscript", r"\byour browser (?:does(?: not|n['’]t) support (?:javascript|html|this|(?:the |embedded |inline )*(?:videos?|audio|i?frames|canvas))|is (?:not supported|out of date))\b|\bjavascript (?:is |must be |to be )?(?:disabled|required|turned off|enabled)\b|^(?:please |you need to )?(?:enable|turn on) javascript\b|^this (?:site|page|website|feature) (?:requires|needs) javascript\b", 30),
    _rule("text_size", r"^(?:font|text|type) ?size\b\W*(?:[AT+\s|-]|small|medium|large)*$|^(?:large|small)[\s|]+medium[\s|]+(?:large|small)$|^(?-i:A|T)(?:[+-]?[\s|]*(?-i:A|T)){2,4}[+-]?$|^[AT][+-]\s+[AT](?:\s+[AT][+-])?$", 8),
    _rule("page_counter", r"^\d{1,3}[ -]min(?:ute)?s? read$|^read(?:ing)? time\b\W*\d{1,3} min\w*$|^listen \(\d{1,3} min\w*\)$|^A[+-]$|^(?:views?|hits|reads|page views|clicks|shares|likes)\s*:\s*[\d,.]+k?$|^[\d,.]+k? (?:views|hits|reads|shares|likes)$", 6, edges_only=True),
    _rule("page_number", r"^page \d{1,4}(?: (?:of|/) \d{1,4})?$|^(?:[–—-]\s*)?\d{1,4}\s?[–—-]$", 5),
    _rule("page_number", r"^\d{1,4} / \d{1,4}$", 5, edges_only=True),
    _rule("last_updated", r"^this page (?:was|has been) (?:last )?(?:updated|modified|edited|reviewed)\b.{0,20}\d|^(?:page )?last (?:update|updated|modified|edited)(?: on)?\s*:.{0,20}\d", 14),
    _rule("comments", r"^(?:leave a (?:comment|reply)|\(?\d+\)? comments?|no comments(?: yet)?|(?:add|post|write|show|view|read|hide|see)(?: (?:your|all|a|the))? (?:comments?|reply|replies)(?: \(?\d+\)?)?|join the (?:conversation|discussion)|(?:please )?(?:log|sign) in to (?:comment|reply)|name \* e-?mail \*.{0,20})\W*$|\byour e-?mail address will not be published\b|^required fields are marked\b", 16),
    _rule("edit_link", r"^\[\s?edit(?: source)?\s?\]$", 4),
    _rule("photo_credit", rf"^(?:photo|image|picture)s?\s*(?:by\s+{_NAMED}|(?:credit\s*)?[:/]\s*(?-i:[A-Z@©])|(?:credit\s*)?:\s*[\w/.-]+$|credit\b|courtesy\b)|[.!?)”]\s+\[?(?:photo|image|picture|file photo)s?\s*(?:credit\s*)?[:/]\s*[\w. /-]{{2,40}}\W*$|\b(?:photo|image|file photo)s?\s*(?:credit\s*)?[:/]\s*{_NAMED}[\w. /-]{{1,40}}\W*$|[(\[](?:file )?(?:photo|image|picture)s?\s*(?:/|:|by|from|courtesy of|provided by)\s*{_NAMED}[^)\]]{{1,60}}[)\]]\W*$|[(\[](?-i:{_AGENCIES})\s?/\s?{_NAMED}[^)\]]{{1,40}}[)\]]\W*$|\((?-i:VCG|CFP|Getty Images)\)$|[.!?]\s(?-i:[A-Z]+(?: [A-Z]+)+)/(?-i:[A-Z][A-Z .]{{2,30}})$|^(?:this |file |aerial |undated |combo )*(?:photo|picture|image) (?:taken on|provided by|released (?:by|on)) {_NAMED}|^(?:ic|vcg|file|stock|handout|courtesy) (?:photo|image|picture)$", 60),
    _rule("editor_credit", r"^[(\[【]\s*(?:web |responsible |duty |copy |chief |executive )?(?:editors?|proofreaders?)(?: in charge)?\s*[:：][^()\[\]]{2,90}[)\]】]$", 12),
    _rule("editor_credit", r"^(?:web |responsible |duty |copy |chief |executive )?(?:editors?|proofreaders?)(?: in charge)?\s*[:：][^.:?!]{2,60}$", 10, edges_only=True),
    _rule("editor_credit", r"^\(?(?:additional )?(?:reporting|writing) by\b.{2,100}\bediting by\b.{2,60}$", 30),
    _rule("editor_credit", r"^this (?:article|story|post|piece) (?:was |has been )?(?:first |originally )?(?:appeared|published|updated)\b.{0,120}$|^(?:write|e-?mail) (?:to )?(?-i:[A-Z]).{2,40} at \S+@\S+$", 25, edges_only=True),
    _rule("page_metadata", rf"^\(?source\s*[:：]\s*{_NAMED}[^.:|,;]{{1,50}}$|^(?:[^|.:]{{1,40}}\|)?\s*(?:source|editor|author|updated?|time|published)\s*[:：][^|]{{1,60}}\|.{{2,100}}$|^[^|.:]{{1,40}}\|\s*(?:updated?|published|posted)\s*[:：].{{2,40}}$|^(?:source|time|updated?|published|author|editor)\s*[:：].{{2,60}}\b(?:source|time|updated?|published|editor)\s*[:：].{{2,60}}$|^source\s*[:：].{{2,40}}\d\d:\d\d\b.{{0,40}}$", 18, edges_only=True),
    _rule("page_metadata", r"^\d{20,}$|^(?:\[\d{1,2}\]\s*){2,}$|^retrieved from\W+https?:\S+$|^from wiki\w+, the free \w+$", 20),
    _rule("web_address", r"^(?:source:?\s*)?(?:https?://\S+|www\.\S+)(?: \d{1,4}/\d{1,4})?$", 3),
    _rule("end_mark", r"^\(?enditem\W*$", 1),
    _rule("markup", r"^<!--.{0,900}-->$|^\[[^\]^]{1,80}\]:\s*(?=[<#]|www\.|\S*/|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,5}(?:\s|$))\S+(?:\s+[\"'(].{0,200})?$", 60),
)  # fmt: skip

# Words of buttons and menus. A line of nothing else is furniture where one of the words, or pairs, is a telling one.
_PARTS = re.compile(r"\s*[|/·•»›>←→↑&:+*…\[\]()【】]+\s*|\s{2,}|\s-\s")
_BUTTON = re.compile(
    r"share|share this|tweet|print|email|e-mail|facebook|twitter|linkedin|whatsapp|reddit|wechat|"
    r"weibo|telegram|pinterest|instagram|youtube|qq|this article|copy link|permalink|login|log in|"
    r"sign in|sign up|register|subscribe|unsubscribe|my account|rss|a a a|t t t|a- a a|a- a|"
    r"close window"
)
_MENU = re.compile(
    r"home|menu|search|contacts?|contact us|audio|legal notice|press office|media contacts?|hot news|"
    r"report a problem|about|about us|terms|terms of (?:use|service)|conditions|categor(?:y|ies)|topics?|"
    r"news|videos?|photos?|world|business|opinion|sports|legal|imprint|advertise|archives?|english|"
    r"chinese|中文|中文版|简体中文|繁體中文|français|español|русский|العربية|deutsch|日本語|language|accept(?: all)?|"
    r"got it|i agree|ok|next|previous|more|back|large|medium|small|staff|press|events|publications|"
    r"back to list|text only|mobile|full site|no fear act|foia|email updates|(?:photo|video) gallery|"
    r"special reports|live updates|print edition|send|cancel|submit|captcha|(?:first|last) name|see all|"
    r"(?:show|load) (?:more|less|all)|go to forum"
)
# What a title may speak of as well: a line of such words, and of none to the reader, may be one.
_TOPICS = (
    r"accessibility|ads?|advertis(?:e|ement|ing)|app|browser|careers|cookies?|facebook|feedback|index|"
    r"instagram|jobs|languages|popular|privacy|search|social|subscription|twitter|website|whatsapp|"
    r"wechat|weibo|youtube"
)
_TOPIC = re.compile(_TOPICS)
_TO_THE_READER = re.compile(r"\b(?:my|our|this|us|you|your)\b")
_TELLING_WORD = re.compile(
    rf"{_TOPICS}|account|alerts|bookmark|button|caption|cite|citation|close|comments?|connected?|"
    r"contact us|disclaimers?|download|enlarge|e-?mail|explore|faqs?|feeds?|follow|helpful|hide|home|"
    r"homepage|keyboard|like|listen|load|loading|log|login|logout|menu|navigation|newer|newsletters?|"
    r"older|page|password|pdf|pinterest|play|preferences|print|profile|recommended|register|reply|rss|"
    r"scroll|settings|share|shortcuts|sign|site|sitemap|skip|stay|subscribe|suggest|switch|tags?|"
    r"toggle|top|translate|tweet|unsubscribe|updates|useful|viewed|zoom|friend|permalink|resize|"
    r"reuse|sign-up"
)
_OTHER_WORD = re.compile(
    r"a|about|all|an|and|archive|article|audio|back|by|conditions|contacts?|content|copyright|"
    r"create|for|free|friend|from|full|get|help|here|hot|how|image|in|is|it|join|larger?|latest|"
    r"legal|links?|list|main|map|media|mobile|more|most|my|new|news|next|notice|now|of|office|on|"
    r"online|open|options|or|other|our|photos?|policy|posts?|press|previous|problem|read|related|"
    r"report|save|section|send|service|show|sponsored|statement|stories|story|terms|text|thank|that|"
    r"the|this|to|topics?|up|us|use|version|videos?|view|was|window|with|you|your|中文版?|add|"
    r"forward|go|jump|live|past|promotion|these"
)
_LINK_LIST = re.compile(
    rf"(?:related|recommended|latest|popular|trending|top|more)(?: (?:{_LINKED}|now|for you|on this))?"
    rf"|(?:more|also) (?:from|in|on) (?-i:[A-Z]).{{1,40}}|most (?:read|popular|viewed|shared)|you (?:may|might) also like"
    rf"|(?:what to )?read next|editors?['’]?s? picks?",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s\"[^\"]{0,200}\")?\)")
_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=[\S])[*_`]{1,3}")


def plain(paragraph: str) -> str:
    """A paragraph in one line as it reads on the page: links as their words, images and emphasis left out."""
    if "](" in paragraph:
        for _ in range(2):  # a picture may be a link
            paragraph = _LINK.sub(lambda link: "" if link[0].startswith("!") else link[1], paragraph)
    if any(mark in paragraph for mark in "*_`"):
        paragraph = _MARKS.sub("", paragraph)
    return " ".join(paragraph.split())


def furniture_rule(paragraph: str, own_patterns: Iterable[str] = (), *, at_edge: bool = False) -> str | None:
    """The name of the rule that makes a paragraph site furniture, or None; by itself, or `at_edge` of its document.

    `own_patterns` are the analyst's: a paragraph that contains one, whatever its case, is furniture by "analyst".
    """
    if len(paragraph) <= _LONGEST_FURNITURE and (rule := _rule_of_line(paragraph, at_edge)):
        return rule
    own = [_folded(pattern) for pattern in own_patterns]
    folded = " ".join(paragraph.split()).casefold() if own else ""  # a wrapped line may break any phrase
    return "analyst" if any(pattern in folded for pattern in own) else None


@cache
def _folded(pattern: str) -> str:
    """A pattern with one space for any white space, as the paragraphs have it; also around it, where it bounds a word."""
    return _SPACE.sub(" ", pattern).casefold()


def _rule_of_line(paragraph: str, at_edge: bool) -> str | None:
    line = plain(paragraph)
    if not line:
        return "image" if "![" in paragraph else None
    words = line.count(" ") + 1
    for rule in _rules_for(words, at_edge):
        if rule.pattern.search(line):
            return rule.name
    if words <= 24:
        parts = [part for part in _PARTS.split(line.casefold().removesuffix("...").strip(" !*|:")) if part]
        buttons = [_BUTTON.fullmatch(part) is not None or all(map(_BUTTON.fullmatch, part.split())) for part in parts]
        if parts and all(buttons):
            return "share"
        if at_edge and parts and all(b or _is_menu(part) for b, part in zip(buttons, parts, strict=True)):
            return "navigation"
        if "|" in line and len(parts) > 1 and sum(_is_menu(p) and " " in p for p in parts) * 2 >= len(parts):
            return "navigation"
    return None


@cache
def _rules_for(words: int, at_edge: bool) -> tuple[Rule, ...]:
    """The rules that a paragraph of so many words may fall under."""
    return tuple(rule for rule in RULES if words <= rule.most_words and (at_edge or not rule.edges_only))


def _is_menu(part: str) -> bool:
    """Whether a part of a line is an entry of a menu: a usual one, or of such words only, and one of them telling."""
    words = [word.strip("?!") for word in part.split()]
    telling = [_TELLING_WORD.fullmatch(word) is not None for word in words]
    return _MENU.fullmatch(part) is not None or (
        any(telling) and all(told or _OTHER_WORD.fullmatch(word) for told, word in zip(telling, words, strict=True))
    )


def find_furniture(blocks: Sequence[Paragraph], own_patterns: Iterable[str] = ()) -> dict[int, str]:
    """The paragraphs of a document that are site furniture, by index, with the rule that each is furniture by.

    So is what stands in another script in a document that is mostly Latin, which the models cannot read.
    """
    own_patterns = tuple(own_patterns)
    found: dict[int, str] = {}
    for index, block in enumerate(blocks):
        rule = "page_furniture" if block.is_furniture else furniture_rule(block.text, own_patterns)
        if rule is not None:
            found[index] = rule
    found = find_running_lines(blocks) | found
    found |= _without_titles(_at_edge(range(len(blocks))[:_LONGEST_EDGE], blocks, found), blocks, found)
    found |= _at_edge(range(len(blocks))[: -_LONGEST_EDGE - 1 : -1], blocks, found)
    for index in [index for index, rule in found.items() if rule in ("read_more", "navigation")]:
        if _LINK_LIST.fullmatch(plain(blocks[index].text).rstrip(" :»>")):
            found.update(dict.fromkeys(_linked_lines(index, blocks, found), "link_list"))
    return dict.fromkeys(_in_other_script(blocks), "other_script") | found


def _in_other_script(blocks: Sequence[Paragraph]) -> list[int]:
    """What stands in another script in a document that is mostly Latin, but for lines of dates."""
    others = [i for i, block in enumerate(blocks) if is_in_other_script(block.text) and not is_date_line(block.text)]
    return others if others and not is_in_other_script("\n".join(block.text for block in blocks)) else []


def _at_edge(indices: Iterable[int], blocks: Sequence[Paragraph], found: dict[int, str]) -> dict[int, str]:
    """What is furniture on the way from one end of a document to its first running text; nothing if there is none."""
    edge: dict[int, str] = {}
    for index in indices:
        if index not in found and not blocks[index].marker.startswith("#"):
            if rule := furniture_rule(blocks[index].text, at_edge=True):
                edge[index] = rule
            elif is_running_text(blocks[index].text):
                return edge
    return {}


def _without_titles(top: dict[int, str], blocks: Sequence[Paragraph], found: dict[int, str]) -> dict[int, str]:
    """What is furniture at the top of a document, but for what is rather its title or a heading.

    That is what may be a title and has no other furniture beside it, or the first such line where nothing else is one.
    """
    titles = [index for index, rule in top.items() if rule == "navigation" and _may_be_title(blocks[index].text)]
    beside = {index for index, rule in (found | top).items() if rule != "page_furniture"}
    alone = {index for index in titles if beside.isdisjoint((index - 1, index + 1))}
    left = {index: rule for index, rule in top.items() if index not in alone}
    others = [index for index in titles if index not in alone]
    if others and read_header(list(blocks), is_furniture=frozenset(found | left)).title is None:
        del left[others[0]]
    return left


def _may_be_title(text: str) -> bool:
    """Whether a line that reads as an entry of a menu may be the title of a document on such things as media or privacy."""
    words = plain(text).casefold().replace(":", " ").split()
    return (
        len(words) > 1
        and _TO_THE_READER.search(text.casefold()) is None
        and all(_TOPIC.fullmatch(word) or _OTHER_WORD.fullmatch(word) for word in words)
        and any(map(_TOPIC.fullmatch, words))
    )


def _linked_lines(label: int, blocks: Sequence[Paragraph], found: dict[int, str]) -> list[int]:
    """The lines below a label such as "Related stories": headlines down to the document's end, or items of a list."""
    items: list[int] = []
    for index in range(label + 1, min(len(blocks), label + 1 + _LONGEST_LINK_LIST)):
        text = blocks[index].text
        if index in found or is_date_line(text):
            continue
        if is_running_text(text) and not text.endswith("?"):
            break
        items.append(index)
    else:
        if label + _LONGEST_LINK_LIST >= len(blocks) - 1:
            return items
    return [index for index in items if blocks[index].is_item or not _LINK.sub("", blocks[index].text)]

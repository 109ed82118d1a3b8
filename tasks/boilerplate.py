"""Site furniture: lines that belong to the page and not to the document, each rule with the name that it is reported by.

The rules are for whole paragraphs and are bounded in length: taking body text away is worse than leaving a footer in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that a paragraph of at most `most_words` words must contain."""

    name: str
    pattern: re.Pattern[str]
    most_words: int


def _rule(name: str, pattern: str, most_words: int = 20) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE), most_words)


RULES = (
    _rule("share", r"^share (?:this\b|(?:on|via|to) (?:facebook|twitter|x|linkedin|whatsapp|wechat|weibo|reddit|telegram|email|social)\b)|^(?:share|tweet|email|print|whatsapp|linkedin|facebook|twitter|weibo|wechat)[\s:|,]*$|^(?:open \w+ and )?scan the qr code\b|^follow (?:us\b|.{2,40} on (?:wechat|weibo|twitter|x|facebook|linkedin|telegram|instagram|youtube)\W*$)", 16),
    _rule("share", r"^(?:share|tweet|email|print|facebook|twitter|linkedin|whatsapp|reddit|wechat|weibo)(?:[\s|,/·•:-]+(?:share|tweet|email|print|facebook|twitter|linkedin|whatsapp|reddit|wechat|weibo|this article))+\W*$", 12),
    _rule("subscribe", r"\b(?:our|your)\b.{0,40}\bnewsletters?\b|^(?:sign up|get|receive|join|free|weekly|daily)\b.{0,40}\bnewsletters?\b|(?:^|[.!?:]\s+)subscribe\b.{0,60}\b(?:newsletter|inbox|list|only|now|today|here|more|access)\b|^(?:manage (?:your )?subscriptions?|(?:subscribe|sign up|log in|register)(?: now| today| here| free| or .{0,30}| for .{0,50}| to (?:receive|get) .{0,50})?)[.!]?$|\bdelivered (?:free )?to your inbox\b|\bsubscriber list\b|\b(?:available )?only (?:to|for) subscribers\b", 40),
    _rule("app", r"\bdownload our .{0,20}\bapp\b|^(?:download|get) the .{0,20}\bapp\b|^get the app\b", 25),
    _rule("cookies", r"\b(?:we|this (?:web)?site) uses? cookies\b|^accept (?:all )?cookies\b|^(?:manage )?cookie (?:policy|settings|preferences)\W*$", 50),
    _rule("copyright", r"^(?:copyright\W*(?:by\b|\(c\)|©|(?:19|20)\d\d)|©|\(c\)\s*(?:19|20)\d\d)|\ball rights reserved\b", 40),
    _rule("read_more", r"^(?:read (?:more|also|next)|see also|related (?:articles?|stories|reading|posts?|content)|more on this|recommended|next article|previous article|most (?:read|popular))(?:\s*[:|>»→]|\W*$)|^(?:read more (?:about|on|at|in|from)|recommended for you|you may also like|continue reading|click here|back to top)\b", 30),
    _rule("advertisement", r"^(?:advertisement|sponsored(?: content)?|story continues below.{0,30})\W*$", 8),
    _rule("navigation", r"^(?:home|skip to (?:main )?content|menu|search|contact(?: us)?|about(?: us)?|privacy(?: policy)?|terms(?: of (?:use|service))?|sitemap|tags?|categor(?:y|ies)|topics?)(?:\s*[|>/»·•]\s*[\w ]+)*\W*$|^tags?:\s", 15),
    _rule("image_placeholder", r"^(?:article )?(?:banner |featured |cover |header )?(?:image|picture|photo|video|graphic)(?: placeholder)?\W*$", 5),
    _rule("archive_link", r"^(?:archived (?:copy|version)|chinese[- ]language original|original (?:text|article|source|link)|source link|view original|permalink)\b\W*$", 8),
    _rule("plugin_footer", r"(?:^(?:proudly )?powered by|\b(?:code snippets(?: powered by)?|wordpress|theme by))\b\s*:?\s*\w*\W*$", 10),
    _rule("comments", r"^(?:leave a (?:comment|reply)|\d* ?comments?|post a comment|no comments(?: yet)?)\W*$", 8),
    _rule("photo_credit", r"^(?:photo|image|picture)s?\s*(?:by\s+(?-i:[A-Z])|:|/|credit|courtesy)|[.!?)”]\s+\[?(?:photo|image|picture|file photo)s?\s*(?:credit\s*)?[:/]\s*[\w. /-]{2,40}\W*$|\b(?:photo|image|picture|file photo)s?\s*(?:credit\s*)?[:/]\s*(?-i:[A-Z])[\w. /-]{1,40}\W*$|\[?(?:photo|image)/(?-i:[A-Z])[\w .]+\]?$", 60),
    _rule("web_address", r"^(?:source:?\s*)?(?:https?://\S+|www\.\S+)$", 3),
)  # fmt: skip


def furniture_rule(paragraph: str, own_patterns: Iterable[str] = ()) -> str | None:
    """The name of the rule that makes a paragraph site furniture, or None.

    `own_patterns` are the analyst's: a paragraph that contains one, whatever its case, is furniture by "analyst".
    """
    paragraph = " ".join(paragraph.split())  # a wrapped line may break any phrase
    words = len(paragraph.split())
    for rule in RULES:
        if words <= rule.most_words and rule.pattern.search(paragraph):
            return rule.name
    folded = paragraph.casefold()
    return "analyst" if any(pattern.casefold() in folded for pattern in own_patterns) else None

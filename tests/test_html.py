"""HTML: the words of the article stay, what belongs to the page is marked, and the page's own statements are read."""

# ruff: noqa: E501 - the pages are as wide as pages are

from __future__ import annotations

import contextlib
import itertools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import readers
from tasks.readers import Reading, Unreadable

PROSE = (
    "The ministry said on Tuesday that {} pilot zones for data trading had opened, and that the rules would be reviewed.",
    "Provincial offices reported {} complaints about platform fees in the first half, fewer than in the year before.",
    "According to the plan, {} kilometres of fibre are to be laid in the western counties before the end of the period.",
    "Factories which joined the programme cut their energy use by {} percent; the savings were paid back in two years.",
    "An expert group of {} members drafted the standard, and the public could comment on it for thirty days.",
    "Exports of digital services reached {} billion yuan, while imports grew more slowly than the bureau had expected.",
    "The city has trained {} teachers in programming, she added, and every school now has a room with computers.",
    "Small firms received {} vouchers for cloud services; most of them were spent on accounting and on storage.",
)


def prose(count: int, start: int = 0) -> list[str]:
    """Paragraphs of two sentences, no two alike."""
    sentences = (PROSE[i % len(PROSE)].format(i * 7 + 12) for i in itertools.count(2 * start))
    return [f"{next(sentences)} {next(sentences)}" for _ in range(count)]


def joined(paragraphs: Sequence[str], tag: str = "p") -> str:
    return "\n".join(f"<{tag}>{text}</{tag}>" for text in paragraphs)


def page(body: str, head: str = "", *, html: str = '<html lang="en">') -> str:
    return f"<!DOCTYPE html>\n{html}<head><meta charset='utf-8'>{head}</head>\n<body>{body}</body></html>"


def read(source: str | bytes, path: str = "a.html") -> Reading:
    content = source.encode() if isinstance(source, str) else source
    return readers.read(content, path, largest=10_000_000)


def blocks(reading: Reading) -> list[tuple[str, bool]]:
    """The lines of a reading, each with whether it is furniture."""
    found, position = [], 0
    for line in reading.text.split("\n"):
        if line:
            found.append((line, position in reading.furniture))
        position += len(line) + 1
    assert sum(is_furniture for _, is_furniture in found) == len(reading.furniture)
    return found


def kept(reading: Reading) -> str:
    return "\n".join(line for line, is_furniture in blocks(reading) if not is_furniture)


def furniture(reading: Reading) -> list[str]:
    return [line for line, is_furniture in blocks(reading) if is_furniture]


def is_sound(reading: Reading) -> None:
    """Check what holds for the reading of any file: clean text, furniture at the starts of lines."""
    assert reading.text.strip()
    assert unicodedata.is_normalized("NFC", reading.text)
    assert all(unicodedata.category(c) != "Cc" or c in "\n\t" for c in set(reading.text))
    assert not set(reading.text) & set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert all(place == 0 or reading.text[place - 1] == "\n" for place in reading.furniture)
    assert all(place < len(reading.text) for place in reading.furniture)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True)
class Page:
    """A page, what of it is the article, and what must be marked as furniture."""

    source: str
    body: Sequence[str]
    furniture: Sequence[str] = ()
    metadata: dict[str, str] = field(default_factory=dict)


NAVIGATION = ("Home", "News", "Policies", "Data", "Services", "About the bureau", "Contact us")
MENU = "".join(f'<li><a href="/{i}">{name}</a></li>' for i, name in enumerate(NAVIGATION))
STORIES = (
    "Bureau opens second office in the harbour district",
    "Five questions about the new licence for platforms",
    "Broadband prices fall for the third year in a row",
    "Minister meets heads of software companies in spring",
)
RELATED = "".join(f'<li><a href="/s/{i}">{title}</a></li>' for i, title in enumerate(STORIES))

A = prose(9)
B = prose(6, 40)
SHORT = [f"Point {i}: {topic} first." for i, topic in enumerate(("roads", "ports", "clouds", "chips", "skills"))]

PAGES = {
    "table layout": Page(
        page(
            f"""<table width="760"><tr><td colspan="2"><img src="logo.gif"><b>Office of Statistics</b></td></tr>
            <tr><td width="160" valign="top"><table>{"".join(f"<tr><td><a href='{n}.htm'>{n}</a></td></tr>" for n in NAVIGATION)}</table></td>
            <td valign="top"><font face="Arial" size="4"><b>Outline of the Broadband Plan</b></font><br><br>
            <font size="2">{"<br><br>".join(A)}<br></font></td></tr>
            <tr><td colspan="2" align="center"><font size="1"><a href="a">Home</a> | <a href="b">Site map</a> | <a href="c">Privacy</a></font></td></tr></table>""",
            "<title>Outline of the Broadband Plan</title>",
            html="<html>",
        ),
        ["Outline of the Broadband Plan", *A],
        [*NAVIGATION, "Home | Site map | Privacy"],
        {"title": "Outline of the Broadband Plan"},
    ),
    "WordPress": Page(
        page(
            f"""<div id="page" class="site"><header id="masthead" class="site-header"><h1 class="site-title"><a href="/">Data Watch</a></h1>
            <nav class="main-navigation"><ul>{MENU}</ul></nav></header>
            <div id="content" class="site-content content-with-sidebar"><article id="post-12" class="post-12 post type-post">
            <header class="entry-header article-header"><h1 class="entry-title">What the new data rules mean</h1>
            <div class="entry-meta">Posted on <a href="/x"><time class="entry-date published" datetime="2022-05-06T23:30:00+08:00">May 6, 2022</time></a> by <a href="/a">Mei Tan</a></div></header>
            <div class="entry-content">{joined(A)}
            <div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li><a href="f">Facebook</a></li><li><a href="t">Twitter</a></li></ul></div></div>
            <footer class="entry-footer">Posted in <a href="c">Policy</a> Tagged <a href="d">data</a></footer></article>
            <div id="comments" class="comments-area"><h2>2 thoughts on this post</h2><ol class="comment-list">
            <li><p>I doubt that these rules will change anything for shops like mine in the old town.</p></li>
            <li><p>Thank you for the clear summary, it helped me a lot with my homework this week.</p></li></ol>
            <form><p>Leave a reply</p><textarea></textarea></form></div></div>
            <aside id="secondary" class="widget-area"><h2>Recent Posts</h2><ul>{RELATED}</ul></aside>
            <footer class="site-footer"><p>Proudly powered by a content system. All rights reserved.</p></footer></div>""",
            """<title>What the new data rules mean &#8211; Data Watch</title><meta property="og:site_name" content="Data Watch">
            <meta property="og:title" content="What the new data rules mean">
            <meta property="article:published_time" content="2022-05-06T23:30:00+08:00"><meta name="author" content="Mei Tan">""",
        ),
        ["What the new data rules mean", *A],
        [
            "Share this:", "Facebook", "2 thoughts on this post", "Leave a reply", *STORIES, "Recent Posts",
            "I doubt that these rules will change anything for shops like mine in the old town.",
            "Proudly powered by a content system. All rights reserved.",
        ],
        {
            "title": "What the new data rules mean", "publisher": "Data Watch", "author": "Mei Tan",
            "publication_date": "2022-05-06T23:30:00+08:00",
        },
    ),
    "Drupal": Page(
        page(
            f"""<div class="dialog-off-canvas-main-canvas"><div class="layout-container"><header role="banner"><div class="region region-header"><a href="/">Home</a><h1>Digital Agency</h1></div></header>
            <div class="region region-breadcrumb"><nav><ol><li><a href="/">Home</a></li><li><a href="/p">Press</a></li></ol></nav></div>
            <main role="main"><div class="layout-content"><div class="region region-content"><h1 class="page-title"><span>Agency publishes guidance on cloud purchases</span></h1>
            <article class="node node--type-article"><div class="node__content"><div class="field field--name-body field--type-text-with-summary">{joined(A)}</div>
            <div class="field field--name-field-tags"><div class="field__label">Tags</div><div class="field__items"><a href="/t1">cloud</a> <a href="/t2">purchasing</a></div></div></div></article></div></div>
            <aside class="layout-sidebar-second"><div class="block"><h2>Related content</h2><ul>{RELATED}</ul></div></aside></main>
            <footer role="contentinfo"><p>The agency is part of the department. Follow us on social media.</p></footer></div></div>""",
            "<title>Agency publishes guidance on cloud purchases | Digital Agency</title><meta name='dcterms.date' content='2021-11-03'>",
        ),
        ["Agency publishes guidance on cloud purchases", *A],
        [*STORIES, "Related content", "Digital Agency", "The agency is part of the department. Follow us on social media."],
        {"title": "Agency publishes guidance on cloud purchases", "publication_date": "2021-11-03"},
    ),
    "gov.cn": Page(
        page(
            f"""<div class="header"><div class="top"><a href="/">Home</a><a href="/sl">State Council</a><a href="/n">News</a></div></div>
            <div class="BreadcrumbNav">Current position: <a href="/">Home</a> &gt; <a href="/p">Premier</a> &gt; <a href="/s">Speeches</a></div>
            <div class="content"><h1 id="ti">Full text: Remarks at the Digital Forum</h1><div class="pages-date">Updated: Nov 17, 2020 <span class="font">Source: Example News</span></div>
            <div class="pages_content" id="UCAP-CONTENT">{joined([f"&#12288;&#12288;{text}" for text in A])}
            <p align="right">(Editor: Wang Ming)</p></div>
            <div class="pages_print"><a href="javascript:print()">Print</a> <a href="javascript:close()">Close</a></div></div>
            <div class="footer"><p>Copyright: The Central People's Government. Site identification code 00000001</p></div>""",
            """<title>Full text: Remarks at the Digital Forum</title><meta name="SiteName" content="Example Government">
            <meta name="PubDate" content="2020-11-17 21:05"><meta name="ArticleTitle" content="Full text: Remarks at the Digital Forum">
            <meta name="ContentSource" content="Example News"><meta name="author" content="Zhang Li">""",
        ),
        ["Full text: Remarks at the Digital Forum", *A],
        ["Print Close", "Copyright: The Central People's Government. Site identification code 00000001"],
        {"title": "Full text: Remarks at the Digital Forum", "publication_date": "2020-11-17 21:05", "author": "Zhang Li",
         "publisher": "Example Government"},
    ),
    "Xinhua": Page(
        page(
            f"""<div class="nav"><a href="/">Home</a> <a href="/china">China</a> <a href="/world">World</a></div>
            <table><tr><td><h1 class="Btitle">County links its clinics by network</h1><i class="Btime">Source: Example Agency | 2019-03-05 20:18:40 | Editor: huaxia</i></td></tr>
            <tr><td><span id="DetailContent"><p><em>GUIYANG, March 5 (Example)</em> -- {A[0]}</p>{joined(A[1:])}</span></td></tr></table>
            <div class="morenews">{RELATED}</div><div class="foot">Copyright 2000 - 2019 EXAMPLE.COM All rights reserved.</div>""",
            "<title>County links its clinics by network - Example | English.example.cn</title>",
        ),
        ["County links its clinics by network", f"GUIYANG, March 5 (Example) -- {A[0]}", *A[1:]],
        [*STORIES, "Copyright 2000 - 2019 EXAMPLE.COM All rights reserved."],
        {"title": "County links its clinics by network"},
    ),
    "linked data in a graph": Page(
        page(
            f"""<div class="nav-bar"><ul>{MENU}</ul></div><div class="wrap"><div class="headline-block"><h1>Regulator fines two couriers</h1><p class="standfirst">{B[0]}</p></div>
            <div class="story">{joined(A)}</div><div class="newsletter-signup"><p>Sign up for our newsletter and get the day's stories every morning.</p></div></div>
            <div class="cookie-banner" role="dialog"><p>We use cookies to improve your experience. Accept all or manage your settings.</p></div>""",
            """<title>Regulator fines two couriers | The Courier</title><script type="application/ld+json">"""
            + json.dumps({"@context": "https://schema.org", "@graph": [
                {"@type": "WebSite", "name": "The Courier", "datePublished": "2001-01-01"},
                {"@type": "Organization", "name": "The Courier", "@id": "#org"},
                {"@type": "NewsArticle", "headline": "Regulator fines two couriers", "datePublished": "2023-02-14T07:00:00Z",
                 "dateModified": "2023-02-16T07:00:00Z", "author": [{"@type": "Person", "name": "Ada Lim"}, {"name": "Bo Chen"}],
                 "publisher": {"@id": "#org"}}]})
            + "</script>",
        ),
        ["Regulator fines two couriers", B[0], *A],
        [
            *NAVIGATION, "Sign up for our newsletter and get the day's stories every morning.",
            "We use cookies to improve your experience. Accept all or manage your settings.",
        ],
        {"title": "Regulator fines two couriers", "author": "Ada Lim, Bo Chen", "publisher": "The Courier",
         "publication_date": "2023-02-14T07:00:00Z"},
    ),
    "one short paragraph": Page(
        page(f"<div class='nav'><ul>{MENU}</ul></div><h1>Notice on office hours</h1><p>The office is closed on Friday.</p><div id='footer'><a href='/'>Back to top</a></div>",
             "<title>Notice on office hours</title>"),
        ["Notice on office hours", "The office is closed on Friday."],
        [*NAVIGATION, "Back to top"],
        {"title": "Notice on office hours"},
    ),
    "a list is the content": Page(
        page(f"<nav><ul>{MENU}</ul></nav><main><h1>Measures of the plan</h1><p>{B[0]}</p><ol>{joined(A, 'li')}</ol><p>{B[1]}</p></main>"),
        ["Measures of the plan", B[0], *A, B[1]],
        NAVIGATION,
        {"title": "Measures of the plan"},
    ),
    "a table is the content": Page(
        page(f"<header><a href='/'>Home</a></header><h1>Data centres by province</h1><p>{B[0]}</p><table><tr><th>Province</th><th>Racks</th><th>Remark</th></tr>"
             + "".join(f"<tr><td>Province {i}</td><td>{i * 1000}</td><td>{text}</td></tr>" for i, text in enumerate(B[1:]))
             + "<tr><td>Total</td><td>15,000</td></tr></table>"),
        ["Data centres by province", B[0], "Province\tRacks\tRemark", *[f"Province {i}\t{i * 1000}\t{text}" for i, text in enumerate(B[1:])], "Total\t15,000"],
        ["Home"],
    ),
    "section and div soup": Page(
        page(f"<div><div><div><ul>{MENU}</ul></div></div></div><div><section><div><h2>Part one</h2><div>{joined(A[:3], 'div')}</div></div></section>"
             f"<section><div><h2>Part two</h2><div>{joined(A[3:6], 'div')}</div></div></section><section><div><h2>Part three</h2><div><div>{joined(A[6:], 'div')}</div></div></div></section></div>"
             "<div><div><a href='/'>Imprint</a><a href='/'>Terms</a></div></div>"),
        ["Part one", *A[:3], "Part two", *A[3:6], "Part three", *A[6:]],
        [*NAVIGATION],
    ),
    "many short lines": Page(
        page(f"<nav>{MENU}</nav><div class='text'><h1>Ten calls to action</h1>{joined(SHORT)}{joined([s.replace('Point', 'Call') for s in SHORT])}</div><footer>All rights reserved.</footer>"),
        ["Ten calls to action", *SHORT, *[s.replace("Point", "Call") for s in SHORT]],
        ["All rights reserved."],
    ),
    "questions and answers": Page(
        page("<div class='menu'><a href='/'>Home</a></div><div class='transcript'><h1>Press conference on data trade</h1>"
             + "".join(f"<p><b>Q:</b> What about point {i}?</p><p><b>A:</b> {text}</p><p>Yes.</p>" for i, text in enumerate(A)) + "</div>"),
        ["Press conference on data trade", *itertools.chain.from_iterable((f"Q: What about point {i}?", f"A: {text}", "Yes.") for i, text in enumerate(A))],
        ["Home"],
    ),
    "class names that mislead": Page(
        page(f"<div class='content-with-sidebar has-footer no-comments'><div class='sharing-economy article-header'><h1>The sharing economy grows up</h1><p>{B[0]}</p></div>"
             f"<div class='related-policy-text navigation-policy'>{joined(A[:4])}</div><div class='comment-on-the-law'>{joined(A[4:])}</div><div class='advertising-law-text'><p>{B[1]}</p></div></div>"),
        ["The sharing economy grows up", B[0], *A, B[1]],
    ),
    "every paragraph a widget": Page(
        page(f"<nav>{MENU}</nav><div class='elementor'>" + "".join(f"<div class='elementor-widget widget-{i}'><div class='elementor-widget-container'><p>{text}</p></div></div>" for i, text in enumerate(A))
             + "</div><div class='widget-area'><div class='sidebar-widget'><p>Follow the bureau on every channel.</p></div></div>"),
        A,
        [*NAVIGATION, "Follow the bureau on every channel."],
    ),
    "quotations": Page(
        page(f"<article><h1>The speech in quotations</h1><p>{A[0]}</p><blockquote><p>{A[1]}</p><blockquote>{A[2]}</blockquote>{A[3]}</blockquote><p>{A[4]}</p></article>"),
        ["The speech in quotations", *A[:5]],
    ),
    "footnotes": Page(
        page(f"<main><h1>A report with notes</h1>{''.join(f'<p>{text}<sup><a href=#n{i}>{i}</a></sup></p>' for i, text in enumerate(A))}<hr><section class='footnotes'><ol>"
             + "".join(f"<li id='n{i}'><p>See the yearbook of {1990 + i}, table {i}. <a href='#r{i}'>↩</a></p></li>" for i in range(9)) + "</ol></section></main>"),
        ["A report with notes", *A, *[f"See the yearbook of {1990 + i}, table {i}." for i in range(9)]],
    ),
    "details and figures": Page(
        page(f"<article><h1>Charts of the year</h1><p>{A[0]}</p><figure><img src='data:image/png;base64,{'QUJD' * 3000}' alt=''><figcaption>Workers check a rack of servers in Guian.</figcaption></figure>"
             f"<details><summary>Method of the survey</summary><p>{A[1]}</p></details><p>{A[2]}</p><p>{A[3]}</p></article>"),
        ["Charts of the year", A[0], "Workers check a rack of servers in Guian.", "Method of the survey", *A[1:4]],
    ),
    "hidden elements": Page(
        page(f"<div style='display:none'>Secret one</div><p hidden>Secret two</p><article><h1>Seen and unseen</h1>{joined(A)}<p style='Visibility : hidden'>Secret three</p></article><noscript>Secret four</noscript><template><p>Secret five</p></template>"),
        ["Seen and unseen", *A],
    ),
    "XHTML": Page(
        f"""<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
        <html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><head><title>Rules for open data</title><script type="text/javascript">//<![CDATA[
        var hidden = "<p>no text</p>"; //]]></script></head><body><div id="navigation"><ul>{MENU}</ul></div><div id="main"><h2>Rules for open data</h2>{joined(A)}</div></body></html>""",
        ["Rules for open data", *A],
        NAVIGATION,
        {"title": "Rules for open data"},
    ),
    "a fragment": Page(f"<h2>Part of a page</h2>\n{joined(A)}", ["Part of a page", *A]),
    "breaks as paragraphs": Page(
        page(f"<div id='nav'><ul>{MENU}</ul></div><div class='TRS_Editor'><b>Opinions on the platform economy</b><br/><br/>{'<br/>'.join(A)}</div><div class='relatedNews'><h4>Related News</h4><ul>{RELATED}</ul></div>"),
        ["Opinions on the platform economy", *A],
        [*NAVIGATION, *STORIES, "Related News"],
    ),
    "related stories in the middle": Page(
        page(f"<article><h1>Long read on chips</h1>{joined(A[:4])}<div class='related-stories'><h3>Read more</h3><ul>{RELATED}</ul></div>{joined(A[4:])}"
             f"<div class='author-bio'><p>Ada Lim covers technology for the paper and has lived in three cities.</p></div></article>"),
        ["Long read on chips", *A],
        STORIES,
    ),
    "many teasers below": Page(
        page(f"<div class='top'><ul>{MENU}</ul></div><div class='post'><h1>Ports go digital</h1>{joined(B[:3])}</div><div class='more'>"
             + "".join(f"<div class='teaser'><h3><a href='/{i}'>{title}</a></h3><p>{title} and what came of it, in a few words here.</p></div>" for i, title in enumerate(STORIES * 3)) + "</div>"),
        ["Ports go digital", *B[:3]],
        STORIES,
    ),
    "a form around the page": Page(
        page(f"<form id='aspnetForm' action='x.aspx'><div class='nav'><ul>{MENU}</ul></div><div class='article'><h1>Order of the minister</h1>{joined(A)}</div></form>"),
        ["Order of the minister", *A],
        NAVIGATION,
    ),
    "an aside in the article": Page(
        page(f"<article><h1>With a box</h1>{joined(A[:5])}<aside><h4>In this series</h4><ul>{RELATED}</ul></aside>{joined(A[5:])}</article>"),
        ["With a box", *A],
        ["In this series", *STORIES],
    ),
    "text without paragraphs": Page(
        page(f"<h1>Bare text</h1>{A[0]} <a href='/law'>The law</a> says more. {A[1]}<h2>Part</h2>{A[2]}<hr>{A[3]}"),
        ["Bare text", f"{A[0]} The law says more. {A[1]}", "Part", A[2], A[3]],
    ),
    "links in every sentence": Page(
        page(f"<nav>{MENU}</nav><article><h1>A reading list</h1><p>{B[0]}</p>" + "".join(f"<p>{B[1 + i % 4]} See <a href='/{i}'>the whole report on number {i} of the series, with tables</a>.</p>" for i in range(6))
             + "<p><a href='/x'>The full text of the law on personal information is on the page of the congress.</a></p>" + f"<p>{B[5]}</p></article>"),
        ["A reading list", B[0], *[f"{B[1 + i % 4]} See the whole report on number {i} of the series, with tables." for i in range(6)],
         "The full text of the law on personal information is on the page of the congress.", B[5]],
    ),
    "paragraphs repeated": Page(
        page(f"<article><h1>Refrain</h1>{joined([A[0], 'Thank you.', A[1], 'Thank you.', A[2], A[0]])}</article>"),
        ["Refrain", A[0], "Thank you.", A[1], "Thank you.", A[2], A[0]],
    ),
    "preformatted": Page(
        page(f"<h1>Minutes</h1><pre>{chr(10).join(A)}</pre>"),
        ["Minutes", *A],
    ),
    "definition list": Page(
        page(f"<main><h1>Glossary</h1><dl>{''.join(f'<dt>Term {i}</dt><dd>{text}</dd>' for i, text in enumerate(A))}</dl></main>"),
        ["Glossary", *itertools.chain.from_iterable((f"Term {i}", text) for i, text in enumerate(A))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_words_of_the_article_stay_and_the_furniture_is_marked(name: str) -> None:
    case = PAGES[name]
    reading = read(case.source)
    body = words(" ".join(case.body))
    lost = body - words(kept(reading))
    assert lost.total() <= 0.005 * body.total(), lost
    left = [line for line in kept(reading).split("\n") if line in case.furniture]
    assert not left
    missing = [line for line in case.furniture if line not in furniture(reading)]
    assert not missing
    assert {key: reading.metadata.get(key) for key in case.metadata} == case.metadata


SECTIONS = {
    "policy-recommendations": "Policy recommendations",
    "consent": "3. Consent",
    "data-sharing-1": "Data Sharing",
    "respond": "2.1 Respond<a href='#respond'>¶</a>",
    "advertisements": "Advertisements",
}


@pytest.mark.parametrize(
    "section",
    [
        pytest.param("<section id='{0}'><h2>{1}</h2>{2}</section>", id="section"),
        pytest.param("<div id='{0}'><span></span><h3>{1}</h3>{2}</div>", id="div"),
        pytest.param("<h2 id='{0}'>{1}</h2>{2}", id="heading"),
    ],
)
def test_a_section_whose_id_repeats_its_heading_stays(section: str) -> None:
    parts = (section.format(*names, joined(prose(2, 2 * i))) for i, names in enumerate(SECTIONS.items()))
    assert furniture(read(page(f"<main><h1>Report on data</h1><p>{B[0]}</p>{''.join(parts)}</main>"))) == []


@pytest.mark.parametrize("heading", ["Comments", "2 Comments"])
def test_comments_below_their_heading_are_furniture(heading: str) -> None:
    comments = [
        "I doubt that these rules will change anything for shops like mine.",
        "Thank you for the clear summary.",
    ]
    markup = joined([f"<div class='comment-body'><p>{text}</p></div>" for text in comments], "li")
    section = f"<section id='comments'><h2>{heading}</h2><ol class='comment-list'>{markup}</ol></section>"
    reading = read(page(f"<article><h1>Report on data</h1>{joined(A)}{section}</article>"))
    assert furniture(reading) == [heading, *comments]


# -- layout -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("<p>One</p><p>Two</p>", "One\n\nTwo", id="paragraphs"),
        pytest.param("<p>One<br>two<br/>three</p>", "One\ntwo\nthree", id="line breaks"),
        pytest.param("One<br><br>Two<br>&nbsp;<br>Three", "One\n\nTwo\n\nThree", id="two breaks end a paragraph"),
        pytest.param("<p>O<b>n</b>e <i>two</i>\n three</p>", "One two three", id="inline elements"),
        pytest.param("<div>One<div>Two</div>Three</div>", "One\n\nTwo\n\nThree", id="text around a block"),
        pytest.param("<table><tr><td>A<td>B<tr><td>C<td></table>", "A\tB\n\nC", id="rows of a table"),
        pytest.param("<table><tr><td><p>A</p><p>B</p></td></tr></table>", "A\n\nB", id="paragraphs in a cell"),
        pytest.param("<pre>One\ntwo\n\n  Three</pre>", "One\ntwo\n\nThree", id="preformatted"),
        pytest.param("<p>a&nbsp;b &amp; c &#8220;d&#8221; &copy;</p>", "a b & c “d” ©", id="entities"),
        pytest.param("<p>One<script>two()</script> three</p>", "One three", id="a script inside a sentence"),
        pytest.param("<p>One<!-- two --> three</p>", "One three", id="a comment inside a sentence"),
        pytest.param("<p>One <button>Copy</button>two</p>", "One two", id="a button"),
        pytest.param("<h2><button>One</button></h2><div>Two</div>", "One\n\nTwo", id="a part that opens by a click"),
        pytest.param(
            "<p>One \u202etwo\u202c \x07three</p>", "One two three", id="bidirectional and control characters"
        ),
        pytest.param("<p>H<sub>2</sub>O and x<sup>2</sup></p>", "H2O and x2", id="sub- and superscript"),
        pytest.param("<p>One <dialog>two</dialog><dialog open>three</dialog></p>", "One\n\nthree", id="dialogs"),
    ],
)
def test_layout(body: str, text: str) -> None:
    assert read(f"<!DOCTYPE html><html><body>{body}</body></html>").text == text


@pytest.mark.parametrize("tag", ["st1:country-region", "nobr", "output", "slot", "data", "rb", "progress", "meter"])
def test_elements_within_a_line_do_not_end_the_paragraph(tag: str) -> None:
    sentence = f"The leaders of <{tag}>China</{tag}> and <{tag}>Africa</{tag}> met in the capital."
    assert read(page(f"<p>{sentence}</p>")).text == "The leaders of China and Africa met in the capital."


@pytest.mark.parametrize(
    "element",
    ["<picture><source srcset='a.webp'><img src='a.png'></picture>", "<meta itemprop='about' content='China'>"],
)
def test_elements_without_text_do_not_end_the_paragraph(element: str) -> None:
    assert read(page(f"<p>The leaders {element}met.</p>")).text == "The leaders met."


@pytest.mark.parametrize(
    ("mark", "text"),
    [
        pytest.param("<sup><a href='#n2'>2</a></sup>", "", id="a raised link"),
        pytest.param("<a href='a.html#n2' id='r2'><sup>[2]</sup></a>", "", id="a link of what is raised"),
        pytest.param("<sup>[<a href='#n'>b</a>]</sup>", "", id="a letter in brackets"),
        pytest.param("<sup><a href='#n'><span>[</span>note iv<span>]</span></a></sup>", "", id="the word note"),
        pytest.param("<sup><a name='r'></a><a href='#n'>*</a></sup>", "", id="a sign behind an anchor"),
        pytest.param("<sup><a href='#n2'>2</a>, <a href='#n3'>3</a></sup>", "", id="several"),
        pytest.param("<sup>2</sup>", "2", id="no link"),
        pytest.param("<a href='#n2'>2</a>", "2", id="not raised"),
        pytest.param("<sup><a href='/squares'>2</a></sup>", "2", id="a link to elsewhere"),
        pytest.param("<sup><a href='#c'>TM</a></sup>", "TM", id="a word"),
        pytest.param("<sup>10<a href='#n'>9</a></sup>", "109", id="a power before the mark"),
        pytest.param("<a href='#m'>km<sup>2</sup></a>", "km2", id="a power in a link"),
    ],
)
def test_the_mark_of_a_note_is_no_text(mark: str, text: str) -> None:
    assert read(page(f"<p>The grain trade{mark} grew.</p>")).text == f"The grain trade{text} grew."


def test_a_page_with_notes_is_read_as_without_them() -> None:
    rows = "".join(f"<tr><td>Province {i}{{0}}</td><td>{i * 1000}</td></tr>" for i in range(3))
    source = page(
        f"<form><h1>Grain trade{{0}}</h1>{joined(A[:4])}<p>The leaders of China{{0}} and Africa met.</p>"
        f"<ul><li>Trade of rice{{0}} and tea</li><li>Trade of tin in three towns{{0}}</li></ul>{joined(A[4:])}"
        f"<table>{rows}</table></form>",
        "<title>Grain trade - Data Watch</title>",
    )
    assert read(source.format("<sup><a href='#n2'>2</a></sup>")) == read(source.format(""))


def test_elements_that_a_site_defines_end_the_paragraph() -> None:
    assert read(page("<site-lead>One</site-lead><site-text>Two</site-text>")).text == "One\n\nTwo"


def test_nothing_visible_is_dropped() -> None:
    for case in PAGES.values():
        visible = {line.replace(" ", "") for line, _ in blocks(read(case.source))}
        assert all(line.replace(" ", "") in visible for line in case.furniture)


@pytest.mark.parametrize("depth", [200, 300, 5000])
def test_text_nested_deeply_is_read(depth: int) -> None:
    source = page("<div>" * depth + joined(A) + "</div>" * depth)
    assert not words(" ".join(A)) - words(kept(read(source)))


@pytest.mark.parametrize("tag", ["b", "span", "a", "font"])
def test_unclosed_inline_elements_lose_no_word(tag: str) -> None:
    source = page("".join(f"<p><{tag} name='x'>{text}</p>" for text in A))
    assert not words(" ".join(A)) - words(kept(read(source)))


@pytest.mark.parametrize(
    "source", ["<html></html>", "<html><body> &nbsp; </body></html>", "<!DOCTYPE html>", "<html><script>x</script>"]
)
def test_a_page_without_text_is_refused(source: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(source)
    assert caught.value.reason == "empty"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        pytest.param("<meta charset='windows-1252'>", "cp1252", id="meta charset"),
        pytest.param(
            "<meta http-equiv=Content-Type content='text/html; charset=ISO-8859-1'>", "cp1252", id="http-equiv"
        ),
        pytest.param("<meta charset=gb2312>", "gb18030", id="gb2312"),
        pytest.param("<meta charset='Big5'>", "big5", id="big5"),
        pytest.param("<meta charset='koi8-r'>", "koi8-r", id="koi8"),
        pytest.param("<meta charset='utf-16'>", "utf-8", id="UTF-16 that cannot be, since the declaration was read"),
        pytest.param("<meta charset='hex'>", "utf-8", id="a codec of bytes"),
        pytest.param("<meta charset='unicode_escape'>", "utf-8", id="a codec of Python"),
        pytest.param("<meta charset='no-such'>", "utf-8", id="unknown"),
    ],
)
def test_the_declared_encoding_counts(declared: str, encoding: str) -> None:
    sign = {"cp1252": "€ – café", "gb18030": "数字经济", "big5": "數位經濟", "koi8-r": "цифры"}.get(encoding, "é–数")
    source = f"<html><head>{declared}</head><body><p>{A[0]} {sign} \\u0041</p></body></html>"
    reading = read(source.encode(encoding))
    assert (reading.encoding, reading.text) == (encoding, f"{A[0]} {sign} \\u0041")


def test_the_encoding_of_an_xml_declaration_counts() -> None:
    source = f"<?xml version='1.0' encoding='Big5'?><html><body><p>{A[0]} 數位經濟</p></body></html>"
    assert read(source.encode("big5")).text.endswith("數位經濟")


def test_an_encoding_that_the_bytes_belie_does_not_count() -> None:
    source = f"<html><head><meta charset='gb2312'></head><body><p>{A[0]} Café – naïve</p></body></html>"
    assert read(source.encode()).text.endswith("Café – naïve")


# -- statements -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        pytest.param("<title>New rules for data - Data Watch</title>", "", "New rules for data", id="site behind a dash"),
        pytest.param("<title>New rules for data | Data Watch</title>", "", "New rules for data", id="site behind a bar"),
        pytest.param("<title>New rules for data | Policy | Data Watch</title>", "", "New rules for data", id="section and site"),
        pytest.param("<title>Data Watch - New rules for data</title><meta property=og:site_name content='Data Watch'>", "", "New rules for data", id="site in front"),
        pytest.param("<title>Data Watch | New rules for the data trade</title>", "", "New rules for the data trade", id="site in front of a bar"),
        pytest.param("<title>New rules_Data Watch</title><meta name=SiteName content='Data Watch'>", "", "New rules", id="site behind an underscore"),
        pytest.param("<title>Data Watch</title>", "<h1>New rules for data</h1>", "Data Watch", id="only the title states one"),
        pytest.param("<title>New rules for data - Part two</title>", "", "New rules for data - Part two", id="a part of a series"),
        pytest.param("<title>Plan for 2021-2025: goals and tasks</title>", "", "Plan for 2021-2025: goals and tasks", id="a colon"),
        pytest.param("<title>The digital economy – a new engine of growth for the western provinces</title>", "", "The digital economy – a new engine of growth for the western provinces", id="a long second half"),
        pytest.param("<title>Trade - and its rules - Data Watch</title>", "<h1>Trade - and its rules</h1>", "Trade - and its rules", id="dash in the heading"),
        pytest.param("<title>Regions | Statistics - Data Watch</title><meta property=og:title content='Regions | Statistics'>", "<h1>Regions | Statistics</h1>", "Regions | Statistics", id="a bar in the heading"),
        pytest.param("<title>New rules for data - Data Watch</title>", "<header><h1>Data Watch</h1></header><h2>New rules for data</h2>", "New rules for data", id="a logo's heading"),
        pytest.param("<title>New rules - Data Watch</title>", "<h1><a href='/'>Data Watch</a></h1><h2>New rules</h2>", "New rules", id="a heading that leads to the front page"),
        pytest.param("", "<header><h1>Data Watch</h1></header><h1>New rules for data</h1>", "New rules for data", id="only headings"),
        pytest.param("<title> New \n rules &amp; data</title>", "", "New rules & data", id="white space and entities"),
        pytest.param("<title>Index</title><meta property='og:title' content='New rules for data'>", "", "New rules for data", id="Open Graph"),
        pytest.param("<title>x</title><meta name='citation_title' content='New rules for data'>", "", "New rules for data", id="Highwire"),
        pytest.param("", "<p>No heading</p>", None, id="none"),
    ],
)  # fmt: skip
def test_title(head: str, body: str, title: str | None) -> None:
    source = page(body + joined(A), head)
    assert read(source).metadata.get("title") == title


@pytest.mark.parametrize(
    ("head", "author"),
    [
        pytest.param("<meta name=author content='Ada Lim'>", "Ada Lim", id="author"),
        pytest.param("<meta name=author content='By Ada Lim'>", "Ada Lim", id="with by"),
        pytest.param("<meta name=author content='admin'>", None, id="an account"),
        pytest.param("<meta property='article:author' content='https://social.example/ada'>", None, id="an address"),
        pytest.param("<meta name=author content=''><meta name=dc.creator content='Bo Chen'>", "Bo Chen", id="blank"),
        pytest.param("<meta name=citation_author content='Lim, Ada'><meta name=citation_author content='Chen, Bo'>", "Lim, Ada, Chen, Bo", id="several"),
        pytest.param("""<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Ada Lim"}}</script>""", "Ada Lim", id="linked data"),
        pytest.param("""<script type="application/ld+json">{"@type": "NewsArticle", "author": ["Ada Lim", {"name": "Bo Chen"}]}</script>""", "Ada Lim, Bo Chen", id="linked data, several"),
        pytest.param("""<script type="application/ld+json">{"@type": "Person", "name": "Ada Lim"}</script>""", None, id="a person who wrote nothing"),
    ],
)  # fmt: skip
def test_author(head: str, author: str | None) -> None:
    assert read(page(joined(A), head)).metadata.get("author") == author


@pytest.mark.parametrize(
    ("head", "date"),
    [
        pytest.param("<meta property='article:published_time' content='2021-03-01T23:59:00-05:00'>", "2021-03-01T23:59:00-05:00", id="as stated, with its time zone"),
        pytest.param("<meta property='article:published_time' content='2021-03-01'><meta property='article:modified_time' content='2022-01-01'>", "2021-03-01", id="modified later"),
        pytest.param("<meta property='article:modified_time' content='2022-01-01'>", None, id="only modified"),
        pytest.param("<meta name='date' content='2022-02-02'><meta name='DC.date.issued' content='2021-03-01'>", "2021-03-01", id="the better statement"),
        pytest.param("<meta name='pubdate' content='yesterday'><meta name='date' content='2021-03-01'>", "2021-03-01", id="one that states none"),
        pytest.param("<meta name='citation_publication_date' content='2021'><meta name='date' content='2021-03-01'>", "2021-03-01", id="one that states less"),
        pytest.param("<meta name='citation_publication_date' content='2021'>", "2021", id="a year"),
        pytest.param("<meta name='publishdate' content='1970-01-01T00:00:00Z'>", None, id="the start of the computers' time"),
        pytest.param("<meta name='date' content='03/04/2021'>", "03/04/2021", id="ambiguous, for whoever judges it"),
        pytest.param("<meta name='PublishDate' content='2021-03-01 08:00:00'>", "2021-03-01 08:00:00", id="capitals"),
        pytest.param("""<script type="application/ld+json">{"@type": "Article", "datePublished": "2021-03-01"}</script>""", "2021-03-01", id="linked data"),
        pytest.param("""<script type="application/ld+json">[{"@type": "WebPage", "datePublished": "2010-01-01"}, {"@type": ["NewsArticle", "Report"], "datePublished": "2021-03-01"}]</script>""", "2021-03-01", id="article before page"),
        pytest.param("""<script type="application/ld+json">{"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "datePublished": "2021-03-01"}}</script>""", "2021-03-01", id="main entity"),
        pytest.param("""<script type="application/ld+json">{"@type": "VideoObject", "datePublished": "2021-03-01"}</script>""", None, id="a film's"),
        pytest.param("""<script type="application/ld+json">//<![CDATA[\n{"@type": "Article", "datePublished": "2021-03-01", "headline": "a\nb"}\n//]]></script>""", "2021-03-01", id="wrapped"),
        pytest.param("""<script type="application/ld+json">{"@type": "Article", "datePublished": </script>""", None, id="broken"),
        pytest.param("""<script type="application/ld+json">{"@type": 5, "datePublished": {"a": 1}, "author": 7, "@graph": "x"}</script>""", None, id="odd types"),
        pytest.param("<script type='application/ld+json'>" + "[" * 100_000 + "</script>", None, id="nested beyond all bounds"),
    ],
)  # fmt: skip
def test_publication_date(head: str, date: str | None) -> None:
    assert read(page(joined(A), head)).metadata.get("publication_date") == date


@pytest.mark.parametrize(
    ("body", "date"),
    [
        pytest.param("<time pubdate datetime='2021-03-01'>1 March</time>", "2021-03-01", id="pubdate"),
        pytest.param("<time itemprop='datePublished'>1 March 2021</time>", "1 March 2021", id="microdata"),
        pytest.param(
            "<span itemprop='datePublished' content='2021-03-01'>a while ago</span>",
            "2021-03-01",
            id="microdata of a span",
        ),
        pytest.param(
            "<time class='entry-date published' datetime='2021-03-01'>1 March</time>", "2021-03-01", id="WordPress"
        ),
        pytest.param("<time class='updated' datetime='2021-03-01'>1 March</time>", None, id="updated"),
        pytest.param("<time datetime='1949-10-01'>the founding day</time>", None, id="a time that is told of"),
    ],
)
def test_publication_date_of_the_body(body: str, date: str | None) -> None:
    assert read(page(f"<article>{body}{joined(A)}</article>")).metadata.get("publication_date") == date


OTHER = "<a href='/x'>Another story</a> <time class='entry-date published' datetime='2024-01-01'>1 January</time>"
OWN = "<article><h1>New rules for data</h1><time class='published' datetime='2021-03-01'>1 March</time>{0}</article>"


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(f"<aside>{OTHER}</aside>", id="aside"),
        pytest.param(f"<nav><ul><li>{OTHER}</li></ul></nav>", id="navigation"),
        pytest.param(f"<footer>{OTHER}</footer>", id="footer"),
        pytest.param(f"<div class='left-sidebar'><p>{OTHER}</p></div>", id="sidebar"),
        pytest.param(f"<div id='recent_posts'>{OTHER}</div>", id="recent posts"),
        pytest.param(f"<section class='widget widget_recent_entries'>{OTHER}</section>", id="widget"),
        pytest.param(f"<div class='related'>{OTHER}</div>", id="related"),
        pytest.param(f"<article>{OTHER}</article>", id="another article"),
    ],
)
def test_the_date_of_another_story_does_not_count(block: str) -> None:
    own = OWN.format(joined(A))
    assert read(page(block + own)).metadata.get("publication_date") == "2021-03-01"
    undated = own.replace(" class='published'", "")
    assert "publication_date" not in read(page(block + undated)).metadata


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(page(OWN.format(joined(A))).replace("<body>", "<body class='right-sidebar'>"), id="body"),
        pytest.param(page(f"<div class='has-sidebar'>{OWN.format(joined(A))}</div>"), id="around the article"),
        pytest.param(
            page(f"<aside><article><h1>Another</h1>{OTHER}</article></aside>{OWN.format(joined(A))}"),
            id="a heading in an aside",
        ),
        pytest.param(
            page(
                f"<article><h1>New rules</h1>{joined(A)}<footer class='entry-footer'>"
                "<time class='entry-date published' datetime='2021-03-01'>1 March</time></footer></article>"
            ),
            id="the footer of the article",
        ),
        pytest.param(
            page(
                "<h1>New rules</h1><div class='elementor-widget elementor-widget-post-info'>"
                f"<time class='published' datetime='2021-03-01'>1 March</time></div>{joined(A)}"
            ),
            id="a part of a page builder",
        ),
    ],
)
def test_the_date_of_the_story_itself_counts(source: str) -> None:
    assert read(source).metadata.get("publication_date") == "2021-03-01"


def test_what_is_stated_of_another_story_does_not_count() -> None:
    other = (
        "<meta itemprop='headline' content='Another story'><meta itemprop='author' content='Bo Chen'>"
        "<meta itemprop='datePublished' content='2024-01-01'>"
    )
    own = (
        "<article><h1>New rules for data</h1><meta itemprop='author' content='Ada Lim'>"
        f"<meta itemprop='datePublished' content='2021-03-01'>{joined(A)}</article>"
    )
    assert read(page(f"<aside class='related'>{other}</aside>{own}")).metadata == {
        "title": "New rules for data",
        "author": "Ada Lim",
        "publication_date": "2021-03-01",
    }


def test_the_language_that_a_template_declares_does_not_count() -> None:
    assert "language" not in read(page(joined(A), html='<html lang="zh-CN">')).metadata


# -- damage -----------------------------------------------------------------------------------------------------------


def damaged(data: st.DataObject, sample: bytes) -> bytes:
    """A file with some slices lost, doubled or overwritten."""
    content = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = min(len(content), start + data.draw(st.integers(0, 60)))
        content[start:end] = data.draw(st.binary(max_size=8)) + bytes(content[start:end]) * data.draw(st.integers(0, 2))
    return bytes(content)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(sorted(PAGES)))
def test_a_damaged_page_is_read_or_refused(data: st.DataObject, name: str) -> None:
    content = damaged(data, PAGES[name].source[:4000].encode())
    with contextlib.suppress(Unreadable):
        is_sound(read(content))

"""Boilerplate: what counts as site furniture, by itself or at the edges of its document, and what must not."""

from __future__ import annotations

import random
import textwrap

import pytest

from tasks.boilerplate import RULES, find_furniture, furniture_rule
from tasks.clean import CleanSettings, Passage, clean
from tasks.ingest import DocumentText
from tasks.language import is_in_other_script
from tasks.layout import paragraphs

FIRST = (
    "The Ministry of Commerce said that trade in digital services grew again, and that forty pilot zones would open "
    "their markets, share their data with each other, and tell the State Council what they had learned from it."
)
SECOND = (
    "Ports along the river joined the platform in spring, and their crews now read the same charts, the same prices "
    "and the same warnings, so that ships wait for hours where they once had waited for days at every lock."
)


def found(*blocks: str) -> list[str | None]:
    """The rule of each paragraph of a document."""
    rules = find_furniture(paragraphs("\n\n".join(blocks)))
    return [rules.get(index) for index in range(len(blocks))]


# fmt: off
ANYWHERE = {
    "advertisement": [
        "Advertisement", "ADVERTISEMENT", "Sponsored content", "Story continues below",
        "Story continues below advertisement", "Sponsored", "SCROLL DOWN TO CONTINUE READING", "AD",
        "Skip advertisement", "Story continues",
    ],
    "app": [
        "Download our app", "Get the app", "Download the Harbour Daily app",
        "Available on the App Store and Google Play", "Get it on Google Play",
    ],
    "archive_link": [
        "Archived copy", "Chinese-language original", "View original", "Archived copy:",
        "Read the original article in Chinese", "Original link", "Web archive link",
    ],
    "click_here": [
        "Click here for the full text", "Click here to enlarge the chart", "Click to enlarge",
        "Click the picture to see more", "Click on the link below", "Please click on the link above to read on.",
        "Click on the chart", "Click on this link for the full text", "Click the small map to enlarge",
    ],
    "comments": [
        "Leave a comment", "12 comments", "No comments yet", "0 Comments", "Leave a Reply",
        "Your email address will not be published. Required fields are marked *", "Add your comment",
        "Show comments (12)", "Join the conversation", "Post Comment", "Please log in to comment",
        "Name * Email * Website", "Leave a Comment", "No comments",
    ],
    "cookies": [
        "We use cookies to improve this site.", "This website uses cookies.", "Accept all cookies", "Cookie policy",
        "This website uses cookies to ensure you get the best experience on our website.",
        "We use cookies. By continuing to browse you agree to our use of cookies.",
        "By using this site you accept cookies.", "Manage consent preferences",
    ],
    "copyright": [
        "© 2021 Example News", "Copyright 2021 Example News", "(c) 2021 Example News",
        "Example News. All rights reserved.", "Copyright © 2021 Harbour Daily. All rights reserved.",
        "© 2021 Harbour Institute", "All Rights Reserved",
        "Copyright by Harbour Daily. Unauthorized reproduction is prohibited.",
        "(c) 2022 Robot Review. All rights reserved.",
        "Copyright 2000-2022. No part of this website may be reproduced without permission.",
        "All content is available under the Open Government Licence v3.0, except where otherwise stated",
        "© Crown copyright", "All rights reserved. No part may be reproduced.",
        "Copyright©2021 xinhuanet.com All Rights Reserved",
    ],
    "document_link": [
        "Listen to this article", "Report an error", "Full text available in PDF", "Download PDF", "Copy link",
        "Print this page", "Email this article", "Download the chart", "View in browser", "PDF version",
        "Download this report", "Save to favourites", "Send to a friend", "Save article", "View PDF",
    ],
    "edit_link": [
        "[edit]", "[ edit ]",
    ],
    "editor_credit": [
        "Reporting by Li Min; Editing by Zhou Bo",
        "(Web editor: Liang Jun, Hu Fang)", "(Editor: Su Dan)", "[Editor: Xiao Xiao]",
        "(Editor: Li; Contact: news@example.cn)",
    ],
    "end_mark": [
        "Enditem", "(Enditem)",
    ],
    "image_placeholder": [
        "Article banner image", "Featured image placeholder", "Photo", "Loading…", "Like Loading...", "Loading...",
        "View image in fullscreen", "Enlarge this image", "hide caption", "toggle caption",
        "Image source, Getty Images", "Image caption, The harbour at night",
    ],
    "last_updated": [
        "Last update: August 31, 2021", "Last modified: 6 May 2022",
        "This page was last edited on 6 May 2022, at 08:11.", "Last Updated: Jun 3, 2021",
    ],
    "licence_number": [
        "京ICP备05006789号-1", "京公网安备 11010502030402号", "ICP licence number: 0100001", "沪ICP备12345678号",
    ],
    "navigation": [
        "Home > News > Economy", "Skip to main content", "Contact us | Privacy policy", "Tags: ports, trade",
        "Skip to content", "You are here: Home / Press / Releases", "Accessibility | Contact Us",
        "Home | Monetary policy", "Tags: ports, data, trade", "Filed under: Economy, Ports",
        "Privacy Policy | Terms of Use | Cookie Settings", "About Us | Contact Us | Site Map | Jobs",
        "Home » Publications » Working papers", "Jump to navigation", "Toggle navigation", "Main menu", "Breadcrumb",
        "Open search", "Site map | Accessibility | FOIA | No FEAR Act", "Home / Newsroom / Speeches", "Open menu",
        "Jump to search", "Careers | Site Map | Site Index", "Suggest to a friend | Print",
    ],
    "markup": [
        "<!-- the next part is a draft -->", "[harbour]: https://example.org/harbour 'The harbour'",
        "[1]: <https://example.org>", "[2]: /harbour", "[3]: #pilots", "[4]: www.example.org", "[5]: images/harbour.jpg",
        "[6]: harbour.md", '[7]: example.org (The harbour)',
    ],
    "noscript": [
        "Your browser does not support JavaScript.", "Your browser does not support the video tag.",
        "JavaScript is disabled in your browser.", "Please enable JavaScript to view this site properly.",
        "Sorry, your browser does not support embedded videos.", "This site requires JavaScript.",
    ],
    "page_metadata": [
        "From Wikisource, the free library", "[1] [2] [3]", 'Retrieved from "https://example.org/wiki/Harbour"',
        "010020070750000000000000011100001381234567",
    ],
    "page_number": [
        "Page 3 of 12", "- 3 -", "Page 4", "— 12 —",
    ],
    "photo_credit": [
        "Photo: Zhang Wei", "Photo by Zhang Wei", "Image credit Zhang Wei", "A harbour at night. Photo/Example News",
        "A harbour at night. [Photo/Example News]", "(Xinhua/Li Min)", "Photo by Li Min/Xinhua",
        "Workers check the crane at the harbour. [Photo/Xinhua]", "Photo: VCG",
        "A crane lifts containers at the port on Monday. (Photo by Wang Lu)", "[Photo by Zhu Xingxin/China Daily]",
        "A robot crosses a street in the old town on Sunday. Photo: AFP", "IC photo",
        "Photo taken on May 5, 2022 shows a robot at a station. (Xinhua/Chen Bin)", "Photo: Reuters",
    ],
    "plugin_footer": [
        "Powered by WordPress", "Theme by Example", "PHP Code Snippets Powered By :",
        "Best viewed with 1024x768 resolution",
    ],
    "read_more": [
        "Read more: Ports on the river", "Read next", "See also: Ports on the river", "Related articles",
        "Recommended for you", "You may also like", "Continue reading", "Back to top", "Most read",
        "Read more: Ports to share berthing data", "Related: New rules for harbour pilots", "Return to top",
        "Back to top ↑", "Related Stories", "Most Read", "Continue reading the main story",
        "SEE ALSO: Robots learn to climb stairs", "Read also: Nine cities test robots", "Top of page", "Go to top",
        "Related Articles", "Popular posts", "Trending now", "Recommended Stories", "Read More:", "Back to Top",
        "Related content", "Most Viewed", "Related: Is the river full?", "Read more: Port fees fall in the U.S.",
        "Read more: The harbour opens its books...",
    ],
    "share": [
        "Share this article", "Share on Twitter", "SHARE", "Tweet", "Print |", "Scan the QR code to follow us",
        "Follow us on WeChat", "Follow Example News on Weibo", "Facebook Twitter LinkedIn", "Email / Print / Share",
        "Share | this article", "Print | Email | A A A", "Share", "Sign in / Register",
        "Scan the QR code to read on your phone", "Follow us on Twitter and Facebook",
        "Facebook Twitter LinkedIn Email", "Share this:", "Like this:", "Share on WeChat", "Log in | Sign up",
        "Share Tweet Print", "Connect with us", "Follow @robotreview on Twitter", "Find us on Facebook",
        "Share on social media", "Share on Facebook", "Share / Print", "Follow us", "Follow Us:", "Facebook",
    ],
    "site_owner": [
        "Contact us at webmaster@example.org", "Contact the writer at lin.wenqing@harbourdaily.example",
        "Contact the reporters at li@example.cn and wu@example.cn.",
    ],
    "subscribe": [
        "By signing up, you agree to our terms.", "Please subscribe to continue.",
        "Register now for FREE unlimited access",
        "Sign up for our weekly newsletter.", "Get the free newsletter of the centre.", "Subscribe now",
        "Subscribe to our mailing list", "Already a subscriber? Subscribe here for more.", "Manage subscriptions",
        "Sign up", "Log in", "Register here.", "News delivered to your inbox", "Available only to subscribers",
        "Login", "Subscribe", "Sign up for our daily newsletter", "Sign up to receive our weekly briefing by email",
        "Thanks for signing up!", "Enter your email address", "Unsubscribe", "Log In",
        "Get our daily briefing in your inbox", "Subscribe to continue reading", "Join our mailing list",
        "Sign up for updates",
    ],
    "text_size": [
        "Font size: A A A", "Large Medium Small", "Text size: + -", "A- A A+", "T T T",
    ],
    "web_address": [
        "https://example.org/rules", "www.example.org", "Source: https://example.org/rules",
        "https://example.org/rules.html 1/2",
    ],
}

AT_EDGES = {
    "copyright": [
        "Reproduction without permission is prohibited.", "Copyright Harbour Monitor 2021",
    ],
    "editor_credit": [
        "This article was first published by the Harbour Institute", "Write to Li Min at li.min@example.com",
        "Editor: Zhang Wei", "Responsible editor: Liu Yan", "Editors: Ma Ruo, Deng Li", "Proofreader: He Qing",
        "Editor: WXY",
    ],
    "licence_number": [
        "Registration Number: 130349",
    ],
    "navigation": [
        "Bookmark the permalink", "Forward to a friend", "Jump to comments section", "Resize text", "Show more",
        "Newsletter sign-up",
        "Home", "Terms of use", "中文", "English | 中文 | Français", "Menu", "Search", "Accept",
        "Previous: Ports open data floor", "Next: Rules for pilots", "Language: English | Chinese",
        "CHINA / POLITICS", "Close", "[Print] [Close]", "【Print】 【Close】", "Follow", "Contact | Imprint | Disclaimer",
        "Categories: Robots, Cities", "Keywords: robots; cities; rules", "Terms & Conditions | Privacy | Cookies",
        "Got it", "I agree", "← Older post", "Newer post →",
        "An official website of the United Harbour government", "Here's how you know", "IMF Home", "Menu Search",
        "Switch to: 中文版", "Subscribe to RSS", "Published in: Policy", "GET ALERTS", "Create account",
        "Audio: Listen to this article", "Topics: Trade", "Listen", "Was this page helpful?", "Is this page useful?",
        "Thank you for your feedback", "Stay Connected", "Media Contacts", "Press Office", "RSS Feeds",
        "Report a problem", "Explore the topic", "Cookies", "Terms",
        "Legal notice | Cookies | Contact", "Read this in other languages", "Download citation", "Cite this page",
        "Categories: Harbours | 1890s", "Reply", "Like", "Loading comments...", "Top", "Close this window",
        "Hot News", "Photos", "Privacy Settings", "Do Not Sell My Personal Information",
    ],
    "page_counter": [
        "5 min read", "Views: 1,204", "Reading time: 4 minutes", "Hits: 322", "8 min read",
    ],
    "page_metadata": [
        "Source: Xinhua", "Source: Xinhua | 2021-08-03 10:12:33 | Editor: huaxia", "Source: China Daily",
        "Xinhua | Updated: 2022-05-06 08:11",
        "Editor: Huang Panyue | Source: China Military Online | Time: 2022-05-06 08:11", "(Source: Xinhua)",
    ],
    "page_number": [
        "12 / 30",
    ],
    "site_owner": [
        "Designed by Bright Webs", "Address: 12 Harbour Road, Beijing | Tel: 010-5555 1234 | Email: web@example.cn",
        "Sponsored by the Ministry of Robots", "Hosted by the Information Office",
        "Sponsored by the General Office of the Council",
    ],
}

BODIES = [
    [
        "Distinguished guests, ladies and gentlemen, dear friends,",
        "It gives me great pleasure to meet you by the lake this autumn. (Applause.)",
        "Share prices rose on the day the reform was announced, but a reform is not made for a day.",
        "Follow-up measures will be taken in every county before the rice is in.", "Thank you.",
        "Home to 1.4 billion people, the country cannot borrow a ready-made road.",
        "Subscribe to the principle of mutual benefit, and doors will open that force would keep shut.",
        "Read more widely, he told the cadres, and walk more often through the villages you govern.",
        "“The tide does not ask the boat whether it is ready,” the old saying goes.",
        "We must neither wait nor hurry. We must work. (Sustained applause.)",
        "Contact with the grass roots is the root of our work; whoever loses it loses the harvest.",
        "Thank you all!",
    ],
    [
        "Chapter I General Provisions",
        "Article 1 These Measures are drawn up in order to regulate the collection of data at ports.",
        "Article 2 Copyright protection shall be strengthened in the field of charts and manuals.",
        "Article 3 Search engines must label paid results in a manner that the public can see.",
        "Article 4 Cookies and similar files shall be stored only with the consent of the user.",
        "Article 5 A privacy policy shall be published before an application is released.",
        "(1) the name and the contact details of the processor;",
        "(2) the purpose of processing, and how long data are kept;", "(3) other matters set out by law.",
        "Chapter II Duties", "Section 1 Advertisements",
        "Article 6 Advertisements shall be marked as such; photo and video material made by machines shall carry a sign.",
        "Article 7 Comments by users shall be kept for sixty days.", "Chapter III Supplementary Provisions",
        "Article 8 These Measures take effect on January 1, 2023.", "Minister: Chen Yulan", "March 3, 2022",
    ],
    [
        "HARBOUR CITY, Aug. 3 (Xinhua) -- The harbour city has opened a trading floor for data, officials said on Tuesday.",
        "Photo recognition is used at every gate, and download speeds have doubled since spring.",
        "Topics discussed included tariffs, storage and the training of pilots.",
        '"We sell what others throw away," said Lin Bao, who runs the floor.',
        "Sign language interpreters stood by during the ceremony.",
        "Follow the money, the auditors were told, and they did.",
        "Print runs of the local paper fell by a third as readers moved to their phones.",
        "More on the budget will be said in March, when the congress meets.",
        "Click rates are no measure of truth, the editor of the paper wrote.",
        "Email and telephone hotlines received four thousand complaints in a week.",
        "The text of the plan is at https://www.example.org/plan for anyone to read.",
    ],
    [
        "Q: Will the ministry publish the list of licensed firms?", "A: Yes.", "Q: When?",
        "A: Before the end of the quarter. The list is long and we want no mistakes in it.",
        "Reporter from Harbour Daily: I have a question on subsidies. Are they to go on for another year?",
        "Zhao Hongmei: They are. Let me add two words on how.",
        "First, money follows results. Second, results are counted by others, not by those who are paid.",
        "Moderator: Last question, please.",
        "CNR reporter: Source code disclosure worries foreign firms. What do you say to them?",
        "Zhao Hongmei: That their worry is heard.", "Moderator: That is all for today. Thank you, everyone.",
    ],
    [
        "A meeting of the committee was held in the boardroom on Tuesday, March 14, at nine in the morning.",
        "PRESENT:", "Ms. Ortega, Chair", "Mr. Lindqvist, Vice Chair", "Mr. Abara", "Ms. Yilmaz, alternate",
        "By unanimous vote, the minutes of the last meeting were approved.",
        "Developments in financial markets and open market operations",
        "Members noted that advertisement spending, home sales and comments from business contacts all pointed to slower growth.",
        "Voting for this action: Ms. Ortega, Messrs. Lindqvist and Abara, and Ms. Yilmaz.",
        "Voting against this action: None.", "The meeting adjourned at 12:40 p.m.", "Secretary",
    ],
    [
        "Fellow-Citizens of the Senate and of the House of Representatives:",
        "In obedience to the duty laid upon me I give to the Congress some account of the state of the Union.",
        "Our commerce with the nations of the East has grown, and our harbors, once the home of fishing boats, are full.",
        "THE PUBLIC LANDS.", "Sales of the public lands have yielded less than was estimated.", "THE NAVY.",
        "The report of the Secretary of the Navy is herewith transmitted, and to it your attention is invited.",
        "Photographs of the canal works accompany the report of the commission.",
        "I commend these matters to your earnest and patriotic care.",
    ],
    [
        "Summary", "Three things stand out in the new plan: its length, its silence on cost, and its date.",
        "• Ports are to share berthing data by 2024.", "• Follow-on rules are promised for rail.",
        "• Nothing is said on airports.", "Year | Berths | Share", "2020 | 41 | 12%", "2021 | 44 | 14%",
        "Share of ports with a data officer, by province", "Source: authors' calculation from ministry yearbooks.",
        "Related work by other scholars reaches the same result by other means.[3]",
        "[3] See Huang and Petrov, “Berths and Bytes,” Port Studies 12 (2019), pp. 3–40, https://doi.example.org/10.1/abc.",
        "1. Data shared are not data used.", "2. Terms of use differ from port to port.",
        "3. About us nothing is decided without us, as one harbour master put it.", "Conclusion",
        "Whether the plan is more than paper will be seen by 2025.",
    ],
    [
        "The premier closed with four lines that he said his teacher had taught him:",
        "The mountain keeps the evening light", "The river keeps the rain", "Who keeps the road when both are gone",
        "Will bring the carts again", "Tags of many colours hung from the pines when the guests left the hall.",
        'He shook hands with all of them. "Privacy," he said, "is also a public good."',
        "Loading of the last ship ended at dawn.",
    ],
    [
        "Comrades,",
        "Today is the first day of our conference, and I want to say a few words on grain, water and rail.",
        "Search as we may, no country has fed itself on speeches.",
        "Menu prices in the canteens tell us more than our reports do.",
        "Share what you harvest, and the store will not be empty in spring.", "Let us begin.",
        "Print the regulations in letters large enough for old people to read.",
        "Sign up volunteers first and draft plans later.",
        "Register every well and every pump, and make the register public.", "Next, water.",
        "Previous campaigns failed because they ended.", "Then, rail. (Laughter and applause.)",
        "That is all. Thank you, comrades.",
    ],
    [
        "Part One. Objectives", "1. By 2030 the register of data assets shall cover all state firms.",
        "2. Sponsored research shall be disclosed.", "3. Follow international practice in arbitration.",
        "4. Home appliances that listen shall say so.", "5. Related departments shall report each year.",
        "6. All rights reserved by the state under earlier grants shall remain in force.", "Part Two. Measures",
        "(a) Terms of service shall be written in plain words.", "(b) Editors shall keep a record of corrections.",
        "(c) Comments may be sent to the commission by post until June 30.",
        "Article 9. Photo studios that keep portraits shall register.",
        "Article 10. Powers under this Law are exercised by the commission.", "Annex", "Item	Limit	Unit",
        "Lead	0.05	mg/l", "Tin	0.10	mg/l",
    ],
    [
        "BEIJING — The cabinet on Monday set out rules for delivery robots, ending two years of trial runs in nine cities.",
        "Tags on every robot will show its owner.", "Video footage must be wiped after a week.",
        "Loading bays will be built at 300 stations.",
        "“Follow us and you will get lost,” joked one engineer about the old maps.",
        "Download counts for the city's map fell after the change.",
        "Subscribers to the older service may switch for free, the operator said.",
        "Advertisements on robots are banned.", "See the table below for the fees.",
        "Recommended routes are shown in green.", "Contact lenses, medicines and meals top the list of goods.",
        "Latest figures put the fleet at 12,000.",
    ],
    [
        "Interviewer: Minister, what keeps you awake?", "Minister Okoye: Nothing. I sleep well.",
        "Interviewer: Really?", "Minister Okoye: No.", "Interviewer: Is the app safe?",
        "Minister Okoye: It is. Get the app from the ministry and from nobody else, and nothing will happen to you.",
        "Interviewer: A last word?", "Minister Okoye: Home is where the signal is.",
    ],
    [
        "The Governing Council decided today to keep its three policy rates unchanged.", "Rates",
        "The deposit rate stays at 2.00 percent.", "Asset purchases",
        "The portfolio declines at a measured pace, as maturing securities are not replaced.", "Bank lending",
        "Topics for the next review are housing, wages and energy.",
        "Image matters less than substance, the President said when asked.",
        "The President will comment on the considerations behind these decisions at a press conference starting at 14:45 today.",
        "Statement by dissenting members: None.",
    ],
    [
        "Madam Speaker, Mr. Vice President, my fellow citizens:",
        "We meet tonight in a season of testing. (Applause.)",
        "I ask for laws on privacy, on cookies that follow our children across the web, and on the sale of their pictures.",
        "Pass the bill. Send it to me. I will sign it. (Applause.)", "Yes, we can do both.", "No.",
        "God bless you all, and good night.",
    ],
    [
        "Abstract", "We study how firms answered the cookie rules of 2019.",
        "Key words appear in the left column of the table.", "Table 1. Firms by size", "Small	120", "Large	37",
        "Note: Counts are for 2019. Source: survey by the authors.", "1 Introduction",
        "Most popular sites changed nothing; most visited ones changed the wording.",
        "Read together, these results suggest that notice is cheap and choice is dear.", "References",
        "Aziz, N. (2018). Ports and privacy. Harbour Press.",
        "Bohm, K., & Lee, S. (2020). Clicks. Review of Rules, 4(2), 11–19. https://example.org/clicks",
        "Acknowledgements", "The authors thank the archive for its help.",
    ],
    [
        "Bulletin of the Trade Office, No. 14", "Sir,",
        "I have the honour to report that the treaty was signed on the 4th instant, and that copies go forward by this mail.",
        "The tea was weighed at the godown; the scales were found true.",
        "Follow the coast to the second light, and there is the new wharf.", "I have the honour to be, Sir,",
        "Your most obedient servant,", "J. Whitlow",
    ],
    [
        "Chair's Statement",
        "Growth held up, prices eased, and the risks are balanced, the Chair said after the spring meetings.",
        "Print money and prices follow; print less and they wait, as one member put it.", "1. Fiscal policy",
        "Comments from members differed on speed, not on direction.",
        "Topics such as debt relief were left to the autumn.", "Press freedom was raised by two delegations.",
        "Video links failed twice.", "In closing, the Chair thanked the staff.",
    ],
    [
        "Article 14. A controller that uses cookies must tell users so, in a notice they can read.",
        "Article 15. Users may refuse all cookies without giving a reason.",
        "Article 16. Subscribe means to enter into a contract for repeated supply.",
        "Article 17. The register is open to all.",
        "Article 18. A link to the privacy policy shall stand on each page.", "Schedule 1",
        "Form A: Notice of transfer", "Name of sender:", "Address:", "Date:",
    ],
    [
        "Q. Madam Secretary, will you follow the court?", "A. We follow the law.", "Q. Is that a yes?", "A. It is.",
        "Q. Share with us what the minister told you.", "A. No. (Laughter.)",
        "Q. Home Office figures say otherwise.", "A. Then read them again.",
        "MODERATOR: Okay, last one, in the back.", "Q. Print or online, which will you tax?", "A. Both.",
        "MODERATOR: Thank you, all.",
    ],
    [
        "Resolved, That the thanks of this meeting be given to the pilots of the harbour.",
        "Resolved, That a copy be printed.", "Contact between the two fleets was broken off in March.",
        "The search went on until the 9th.", "Next came the frost.", "Back on shore, the men were paid.",
        "The above is a true copy.", "A. Marsh, Clerk.",
    ],
    [
        "Key points", "- Home prices fell in nine of ten cities.", "- Searches for second homes rose.",
        "- Menu costs matter again.", "- Subscribers to fibre passed 600 million.", "What next",
        "Officials will share a draft in June. Comments are open until July 1 at drafts@example.org.", "Tables",
        "City | Sales | Share", "North | 12 | 4%", "South | 31 | 11%", "More in the annex.",
    ],
]
# fmt: on

SENTENCES = [
    # newsletters, subscriptions and registers
    "Regulators said that the publishers of newsletters must register with the state.",
    "The ministry's newsletter reported on the forum in the following week.",
    "The number of broadband subscribers is now 500 million.",
    "Mobile subscriptions rose by a tenth, and more firms asked for licences.",
    "Subscription models give small firms access to software that they could not buy.",
    "Firms subscribe to cloud services today instead of buying machines.",
    "Registers must be kept.",
    "Registered users rose.",
    "Log in records must be kept for six months.",
    "Sign up to the treaty was slow in the first year.",
    # sharing
    "Share of services in trade rose to a third.",
    "Share to be held by foreign investors was raised to 49 percent.",
    "Sharing of data between ports is free of charge.",
    "Passengers scan the QR code at the gate to ride the metro.",
    "Print and email archives belong to the records of a ministry.",
    "Facebook and Twitter opposed the bill.",
    "Follow the rules on data and you will find the market open.",
    # apps and cookies
    "Users download the payment app before they enter the shop.",
    "More people get the app from the ministry than from a shop.",
    "The court ruled that cookie settings must not be chosen in advance.",
    "Websites must ask before they accept cookies of other firms.",
    "Where a website uses cookies, it must say so in plain words.",
    # copyright
    "Copyright law must protect the developers of software as it protects authors.",
    "Copyright cases rose by a fifth in the year, the court said.",
    # related, recommended, popular
    "Most popular apps collect location data, the regulator said.",
    "Recommended standards will be published by the end of the year.",
    "Related content must be labelled by the platforms that carry it.",
    "Related articles of the Data Security Law apply to ports as well.",
    "Read more widely, the law covers algorithms as well.",
    "See also Article 12 of the Data Security Law, which covers ports.",
    "Next articles of the law deal with ports.",
    "Related: The State Council issued opinions on data elements.",
    "See also: Decision of the Central Committee on reform (2013).",
    "See also: “The law is not enough.”",
    # links and clicks
    "[Reporter]: Really?",
    "[Minister]: Yes.",
    "[Minister]: No (Laughter)",
    "Click on the link between trade and growth to see why.",
    "Click the link between trade and growth, and the map changes.",
    "Click on the economy and you will see a city that works.",
    # power and plugins
    "The city's buses are powered by electricity.",
    "Factories in the valley are powered by water.",
    # pictures
    "The bigger picture: data are power.",
    "The firm sells cameras, drones and photo/video services.",
    "Pictures by satellite show how the port has grown since the reform.",
    "Image recognition is used at every gate of the port.",
    # navigation words
    "Home to forty firms, the zone grew fast.",
    "Search engines must rank by rules that are public.",
    "Contact tracing apps were closed in the spring.",
    "Privacy policy has become a matter for the courts.",
    "Topics of the forum were trade and data.",
    "Terms of trade improved.",
    # comments, advertisement, archives, addresses
    "Comments on the draft are due in May.",
    "Advertisement revenue fell by a third.",
    "Sponsored content must be labelled.",
    "Original texts are kept by the archive.",
    "The draft is at https://example.org/draft for all to read.",
    # forms that only a whole line of furniture takes
    "Copyright by its nature is territorial.",
    "All rights reserved by treaty remain in force.",
    "Follow us, the villagers shouted, and the soldiers did.",
    "Join us in building a community with a shared future for mankind.",
    "Continue reading the classics, he urged the young.",
    "Read more about history and less about fortune, he said.",
    "By using cookies, firms can follow what people read.",
    "Your browser does not support you in court, the judge said.",
    "Pictures provided by citizens are evidence.",
    "Image: a matter of substance",
    "Subscribe to the convention now",
    "Homepage: rules for public sites",
    "Powered by wind",
    "Last revised: the order of 1912",
    "Reporter: Thank you.",
    "Contact the reporters, he said, and they will listen.",
    "By Tuesday the water had gone.",
    "[1]: see the annex",
]


# -- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in ANYWHERE.items() for line in lines])
def test_a_line_of_site_furniture_is_found_anywhere(rule: str, line: str) -> None:
    assert furniture_rule(line) == rule
    assert found("Rules", FIRST, line, SECOND)[2] == rule


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in AT_EDGES.items() for line in lines])
def test_a_line_that_could_be_a_heading_is_furniture_at_the_edges_only(rule: str, line: str) -> None:
    between = "other_script" if is_in_other_script(line) else None
    assert found(line, FIRST, line, SECOND, line) == [rule, None, between, None, rule]


def test_what_is_marked_as_a_heading_is_no_furniture_of_the_edges() -> None:
    assert found("# Privacy", FIRST, "## Comments") == [None, None, None]
    assert found("Privacy", FIRST, "Comments") == ["navigation", None, "navigation"]


@pytest.mark.parametrize(
    "line",
    [
        *("Press Briefing", "Press Statement", "Report on the Work of the Government", "Statement", "Policy Report"),
        *("The General Office of the State Council", "Xi Jinping", "President", "Thank you", "Yours sincerely,"),
        *("Done at Harbour City", "Annex 1", "Table 1. Firms by size", "Notes", "References", "Next Steps", "I", "12%"),
        *(
            "Sources: authors' calculations",
            "Comments welcome by June 30",
            "Name of sender:",
            "J. Whitlow",
            "Yes.",
            "No.",
        ),
        *("Copyright Law of the People's Republic of China, 2010", "Copyright Reform in China, 2020"),
        *("Copyright Act 1976", "Copyright Protection Rules 2021"),
        *("Top Priorities", "More Jobs for the River Towns", "Home Ownership", "Social Security", "Follow-up Measures"),
    ],
)
def test_titles_and_signatures_are_no_furniture_even_at_the_edges(line: str) -> None:
    assert found(line, FIRST, SECOND, line) == [None] * 4


TITLES = [
    *("Report on Online Privacy", "Privacy and Social Media", "Jobs Report", "Statement on Social Policy"),
    *("Online Advertising", "Website Accessibility Policy", "Press Statement on Jobs", "Social Media: Privacy"),
    *("Popular Search Terms", "Privacy notice", "Privacy statement"),
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_or_heading_at_the_top_may_have_the_words_of_a_menu(title: str) -> None:
    assert found(title, FIRST, SECOND) == [None] * 3
    assert found("Harbour Office", "June 3, 2021", title, FIRST) == [None] * 4
    assert found("Home", title, "Share | Print", "June 3, 2021", FIRST) == ["navigation", None, "share", None, None]
    assert found(title, "Share | Print", "Skip to content", FIRST) == [None, "share", "navigation", None]


@pytest.mark.parametrize("line", TITLES)
def test_a_line_with_the_words_of_a_menu_is_furniture_beside_other_furniture_and_at_the_end(line: str) -> None:
    assert found("Home", line, "Rules for Ports", FIRST) == ["navigation", "navigation", None, None]
    assert found(line, "Skip to content", "Rules for Ports", FIRST) == ["navigation", "navigation", None, None]
    assert found("Rules for Ports", FIRST, line) == [None, None, "navigation"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Home | About | Privacy"],
        ["Jobs | Privacy policy | Social media"],
        ["Home", "News", "Careers", "Privacy", "Search"],
        ["Careers", "Events", "Privacy policy", "Accessibility"],
        ["Privacy policy", "Website accessibility", "Jobs"],
    ],
)
def test_a_menu_above_the_title_is_furniture_from_its_first_line(lines: list[str]) -> None:
    assert found(*lines, "Rules for Ports", FIRST) == [*["navigation"] * len(lines), None, None]


def test_a_text_without_running_text_has_no_edges() -> None:
    assert found("Search", "Terms", "Close") == [None, None, None]


def test_every_rule_has_a_line() -> None:
    assert {rule.name for rule in RULES} - ANYWHERE.keys() - AT_EDGES.keys() == set()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_of_the_body_is_caught_by_no_rule(sentence: str) -> None:
    assert found("Rules", FIRST, sentence, SECOND) == [None] * 4


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("copyright", "The text and the pictures are those of the port. All rights\nreserved."),
        ("share", "[Share this article](https://example.org/share)"),
        ("share", "**Share** | *Tweet*"),
        ("navigation", "[Home](/) > [News](/news)"),
        ("photo_credit", "*Photo: Zhang Wei*"),
        ("image", "![The harbour at night](harbour.jpg)"),
        ("image", '[![The harbour](small.jpg "The harbour")](https://example.org/large.jpg)'),
    ],
)
def test_lines_are_read_as_they_stand_on_the_page(rule: str, line: str) -> None:
    assert furniture_rule(line) == rule


@pytest.mark.parametrize(
    "line",
    [
        "[^1]: Ports of the river only.",
        "See [the rules](https://example.org/rules).",
        "![The harbour](a.jpg) at night.",
    ],
)
def test_markup_within_a_text_is_no_furniture(line: str) -> None:
    assert furniture_rule(line) is None


@pytest.mark.parametrize(
    ("line", "longest"), [("We use cookies", 50), ("Scan the QR code", 16), ("Photo by Li", 60), ("© Li", 40)]
)
def test_a_rule_is_for_short_paragraphs_only(line: str, longest: int) -> None:
    filler = " and" * (longest - len(line.split()))
    assert furniture_rule(line + filler) is not None
    assert furniture_rule(line + filler + " more") is None


def test_a_long_paragraph_is_looked_at_for_the_analysts_own_patterns_only() -> None:
    line = "© " + "x" * 1000
    assert furniture_rule(line) is None
    assert furniture_rule(line, ("XXX",)) == "analyst"


# -- lists of links ---------------------------------------------------------------------------------------------------

LINKS = ["Ports open their books", "What the new plan means for rail", "Is the river full?"]


def test_headlines_below_a_label_are_furniture_down_to_the_end() -> None:
    rules = found("Rules", FIRST, "Related stories", *LINKS, "October 18, 2021", "All rights reserved")
    assert rules == [None, None, "read_more", "link_list", "link_list", "link_list", None, "copyright"]


def test_lines_before_more_running_text_may_be_headings() -> None:
    assert found("Rules", FIRST, "Related stories", *LINKS, SECOND) == [None, None, "read_more", *[None] * 4]


@pytest.mark.parametrize("form", ["- {}", "• {}", "[{}](https://example.org/story)"])
def test_items_of_a_list_below_a_label_are_links_anywhere(form: str) -> None:
    rules = found("Rules", FIRST, "Related stories", *(form.format(link) for link in LINKS), "Ports", SECOND)
    assert rules == [None, None, "read_more", "link_list", "link_list", "link_list", None, None]


def test_a_label_with_a_title_of_its_own_has_no_list() -> None:
    assert found("Rules", FIRST, "Read more: Ports on the river", *LINKS) == [None, None, "read_more", *[None] * 3]


# -- what the reader found --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            [
                "Rules on Data",
                "数据条例",
                "2021年10月18日",
                "Ports share data with the towns along the river.",
                "各港口共享数据。",
            ],
            {1: "other_script", 4: "other_script"},
            id="an original beside its translation, but for the date",
        ),
        pytest.param(
            ["数据条例", "各港口与沿河城镇共享数据。", "Ports"], {}, id="a text that is mostly in another script"
        ),
    ],
)
def test_what_is_in_another_script_is_marked(lines: list[str], expected: dict[int, str]) -> None:
    assert find_furniture(paragraphs("\n\n".join(lines))) == expected


def test_a_line_that_the_reader_takes_for_the_pages_is_page_furniture() -> None:
    text = f"Rules\n\n{FIRST}\n\n  - Ports of the North\n\n{SECOND}\n"
    blocks = paragraphs(text, 0, frozenset({text.index("  - Ports")}))
    assert find_furniture(blocks) == {2: "page_furniture"}


# -- whole documents --------------------------------------------------------------------------------------------------

# What a page holds above, within and below its text.
PAGE = [(rule, line) for table in (ANYWHERE, AT_EDGES) for rule, lines in table.items() for line in lines]
LAYOUTS = ("spaced", "lines", "wrapped", "markdown")


def document(body: list[str], layout: str, chance: random.Random) -> tuple[str, list[str], list[str]]:
    """A page with a body and furniture; its text, the lines of the body, and those of the furniture."""
    above, below = chance.sample(PAGE, 3), chance.sample(PAGE, 8)
    within = chance.choice([line for lines in ANYWHERE.values() for line in lines])
    middle = [*body[:1], FIRST, *body[1:-1], within, SECOND, *body[-1:]]
    title = "# Harbour City Opens a Floor" if layout == "markdown" else "Harbour City Opens a Floor"
    lines = [*(line for _, line in above), title, *middle, *(line for _, line in below)]
    if layout == "wrapped":
        lines = [textwrap.fill(line, 76, break_long_words=False, break_on_hyphens=False) for line in lines]
    furniture = [line for _, line in (*above, ("", within), *below)]
    return ("\n" if layout == "lines" else "\n\n").join(lines), [*body, FIRST, SECOND], furniture


@pytest.mark.parametrize("layout", LAYOUTS)
def test_bodies_are_kept_and_furniture_goes(layout: str) -> None:
    chance = random.Random(20211018)
    body_lines = furniture_lines = 0
    lost: list[str] = []
    left: list[str] = []
    for body in BODIES * 4:
        text, own, furniture = document(body, layout, chance)
        output = clean.function([DocumentText("d1", text, 0)], CleanSettings())
        marked = {
            " ".join(passage.text.split())
            for passage in output
            if isinstance(passage, Passage) and passage.kind == "boilerplate"
        }
        body_lines += len(own)
        furniture_lines += len(furniture)
        lost += [line for line in own if any(line in other for other in marked - set(furniture))]
        left += [line for line in furniture if not any(other and other in line for other in marked)]
    assert lost == []
    assert len(left) <= 0.05 * furniture_lines, sorted(set(left))

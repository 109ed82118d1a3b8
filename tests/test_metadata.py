"""What documents say of themselves: openings as analysts keep them, each with the description that it must have.

The openings are made up. A field that is not listed must be found empty: nothing is better than something wrong.
"""

from __future__ import annotations

import datetime
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.metadata import Metadata, describe
from tasks.readers import Reading, read

TODAY = datetime.date(2025, 1, 1)
BODY = (
    "The provinces will share what they know about ports and rivers, and the offices that keep the registers will open "
    "them to every trader who asks, so that goods move faster and small firms find their customers with less effort."
)

# `=== name of the file` begins a document, `key: value` lines say what must be found, `---` ends them, ~ is the body.
OPENINGS = """
=== a1.txt
title: Li Wen’s Remarks on the Orderly Growth of the Data Economy
speaker: Li Wen
published: 2021-10-20
event: 2021-10-18
---
Oct 20, 2021 03:49 PM

Li Wen’s Remarks on the Orderly Growth of the Data Economy

Secretary Li Wen gives a talk Monday to a study group of the committee in the capital. Photo: Harbour TV
Secretary Li Wen gives a talk Monday to a study group of the committee in the capital. Photo: Harbour TV

Editor’s note: At a study session of the committee on Oct. 18, Secretary Li Wen gave a talk on the orderly growth of the data economy. Here are the main points.

~
=== a2.txt
title: Translation: Li Wen’s Speech to the Study Session on Data Trade – Oct. 2021
speaker: Li Wen
published: 2022-01-28
author: Li Wen
event: 2021-10-18
---
Translation: Li Wen’s Speech to the Study Session on Data Trade – Oct. 2021

Li called for steady steps toward markets for data


January 28, 2022

Article Banner Picture


January 28, 2022

On October 18, 2021, the leader Li Wen spoke to a study session of the committee on trade in data. An excerpt of the speech was published January 15, 2022, in a party journal. A full translation follows.

Archived copy:

Make Our Trade in Data Stronger and Better

By Li Wen

~
=== a3.txt
title: Premier Zhao Ming Chairs Special Study on Speeding up the Data Economy
---
Premier Zhao Ming Chairs Special Study on Speeding up the Data Economy

Harbour City, Freeland – On the afternoon of August 21st, the council held its third special study session on the theme of data trade. Premier Zhao Ming presided over the session and heard a lecture from a member of the academy.

~
=== a4.txt
title: Building a Digital Riverland
---
Building a Digital Riverland

Since the 18th congress, the secretary has stressed the data economy and proposed steps such as “opening the registers, linking the ports, and training the young,” which the report of the 20th congress repeated and extended to trade, education and culture.

Strengthening Coordination

~
=== a5.txt
title: Governor Sun Stresses the Union of Data and Trade
publisher: Harbour News Agency
published: 2023-09-07
event: 2023-09-06
---
 date 2023-09-07 Harbour News Agency: Governor Sun Stresses the Union of Data and Trade

Rivertown, September 6th – In a letter to the 2023 Smart Trade Fair, Governor Sun stressed the union of data and trade. The letter reflects the priority that the province gives to it and its wish to open its ports further to all.
=== x1.txt
title: China's exports of services climb in first three quarters
publisher: Xinhua
published: 2021-10-19
---
China's exports of services climb in first three quarters

Source: Xinhua | 2021-10-19 20:15:04 | Editor: huaxia

BEIJING, Oct. 19 (Xinhua) -- Exports of services climbed in the first three quarters, the commerce ministry said Tuesday, as more firms sold software and designs abroad and as tourism came back slowly.

~
=== x2.txt
title: New port law to take effect next year
publisher: Xinhua
published: 2021-10-20
---
New port law to take effect next year

(Xinhua) 08:10, October 20, 2021

BEIJING, Oct. 20 (Xinhua) -- A new law on ports will take effect on Jan. 1 next year, lawmakers said Wednesday after a session that ended the day before, and all harbour offices must be ready by then.
=== x3.txt
title: Leader sends letter to harbour forum
publisher: Xinhua
published: 2021-09-26
---
Xinhua

Leader sends letter to harbour forum

Xinhua | Updated: 2021-09-26 20:34

~
=== x4.txt
title: Vice premier calls for better registers
publisher: China Daily
author: Zhang Wei
published: 2021-10-18
---
Home / China / Politics

Vice premier calls for better registers

By Zhang Wei | China Daily | Updated: 2021-10-18 09:12

~
=== x5.txt
title: Shared registers bring firms closer to buyers
published: 2021-10-18
---
Shared registers bring firms closer to buyers

Updated: 2021-10-18 09:12 | chinadaily.com.cn

~
=== x6.txt
title: Fair for services opens in capital
publisher: People's Daily
author: Wang Lan, Liu Bo
published: 2022-09-01
---
Fair for services opens in capital

By Wang Lan, Liu Bo (People's Daily) 15:39, September 01, 2022

~
=== x7.txt
title: Full text: Report on the work of the port authority
publisher: Xinhua
published: 2022-03-12
---
Full text: Report on the work of the port authority

Source: Xinhua

2022-03-12 21:05:11

~
=== x8.txt
title: Rules on river traffic released
publisher: Xinhua
published: 2020-05-06
---
Rules on river traffic released

Updated: May 7, 2020 08:12

Published: May 6, 2020 17:30

Source: Xinhua

~
=== x9.txt
title: Customs office simplifies forms
publisher: Caixin
author: Luo Min and Denise Jia
published: 2019-11-04
---
Customs office simplifies forms

By Luo Min and Denise Jia

Caixin, Nov 04, 2019 05:21 PM

~
=== x10.txt
title: ‘We will not close the ports’: minister answers traders
author: Jane Leung
published: 2023-05-18
---
Politics

‘We will not close the ports’: minister answers traders

Minister says new duties would hurt both sides.
Traders had asked for a delay of two years.

By Jane Leung in Harbour City

Published: 10:00pm, 18 May 2023

~
=== x11.txt
title: Why Do Registers Matter to Small Traders?
author: John F. Smith
published: 2018-03-05
---
Opinion

Why Do Registers Matter to Small Traders?

By John F. Smith

March 5, 2018

~
=== x12.txt
title: State Council executive meeting: more help for small ports
published: 2020-04-29
event: 2020-04-28
---
State Council executive meeting: more help for small ports

April 29, 2020

The State Council held an executive meeting on April 28, chaired by the premier, and decided on more help for small ports, on credit for carriers and on a plan for cleaner rivers in the coming years.

~
=== x13.txt
title: Ports of the delta agree on one register
publisher: Xinhua
published: 2017-06-02
---
Ports of the delta agree on one register

SHANGHAI, June 2, 2017 (Xinhua) -- Seven ports of the delta have agreed on one register for all ships, officials said Friday, which will save carriers many hours and much paper in the busy season.
=== x14.txt
title: Ports of the delta agree on one register
publisher: Xinhua
---
Ports of the delta agree on one register

SHANGHAI, June 2 (Xinhua) -- Seven ports of the delta have agreed on one register for all ships, officials said Friday, which will save carriers many hours and much paper in the busy season.
=== g1.txt
title: Remarks by Premier Li Qiang at the Opening of the Port Forum
speaker: Li Qiang
published: 2023-06-27
event: 2023-06-27
---
Remarks by Premier Li Qiang at the Opening of the Port Forum

Tianjin, 27 June 2023

Distinguished guests,
Ladies and gentlemen,

It is a great pleasure to meet old and new friends in this city by the sea, and I thank our hosts for all that they have done to bring us together at this time of change.
=== g2.txt
title: Keynote Speech by H.E. Chen Gang, Minister of Ports, at the Harbour Dialogue
speaker: Chen Gang
event: 2018-04-10
---
Keynote Speech by H.E. Chen Gang, Minister of Ports, at the Harbour Dialogue

(April 10, 2018, delivered in Harbour City)

~
=== g3.txt
title: Statement by Chair Powell on the supervision of payment firms
speaker: Powell
published: 2021-03-24
---
Press Release

March 24, 2021

Statement by Chair Powell on the supervision of payment firms

For release at 2:00 p.m. EDT

Share

~
=== g4.txt
title: Agencies issue joint statement on payment risks
published: 2023-01-03
---
Press Release

January 03, 2023

Agencies issue joint statement on payment risks

For immediate release

~

Last Update: January 03, 2023
=== g5.txt
publisher: The White House
title: Remarks by the President on Harbours and Growth
published: 2015-01-20
---
The White House

Office of the Press Secretary

For Immediate Release

January 20, 2015

Remarks by the President on Harbours and Growth

East Room

9:10 P.M. EST

~
=== g6.txt
title: Readout of the Secretary's Call with the Vice Premier
published: 2022-10-12
event: 2022-10-11
---
FOR IMMEDIATE RELEASE: October 12, 2022

Readout of the Secretary's Call with the Vice Premier

WASHINGTON – On October 11, 2022, the Secretary held a call with the Vice Premier to discuss grain, ships and the prices of fuel, and both agreed to keep the lines between their offices open in the months to come.
=== g7.txt
title: Minutes of the Monetary Policy Meeting on October 30 and 31, 2017
event: 2017-10-30
---
Minutes of the Monetary Policy Meeting on October 30 and 31, 2017

~
=== g8.txt
title: Minutes of the Board Meeting of March 22, 1994
event: 1994-03-22
---
Minutes of the Board Meeting of March 22, 1994

~
=== g9.txt
title: Account of the monetary policy meeting
published: 2019-02-21
event: 2019-01-23
---
Account of the monetary policy meeting

of the Governing Council of the Central Bank held in Frankfurt on Wednesday and Thursday, 23-24 January 2019

21 February 2019

~
=== g10.txt
title: Minutes of the Open Market Board
event: 2010-04-27
---
Minutes of the Open Market Board
April 27-28, 2010

A joint meeting of the Open Market Board and the governors was held in the offices of the board in Washington, D.C., on Tuesday, April 27, 2010, at 10:30 a.m. and continued on Wednesday, April 28, 2010, at 9:00 a.m.

~
=== g11.txt
event: 2007-03-20
---
Minutes of the Open Market Board March 20-21, 2007 A meeting of the Open Market Board was held in the offices of the governors in Washington, D.C., on Tuesday, March 20, 2007 at 2:30 p.m., and continued on Wednesday, March 21, 2007 at 9:00 a.m. Present: Mr. Berg, Chairman Mr. Gale, Vice Chairman Mr. Hoen. By unanimous vote, the minutes of the meeting held on January 30-31, 2007, were approved.
=== 2011-04-27-board-statement.txt
published: 2011-04-27
---
Information received since the Open Market Board met in March suggests that the recovery is going on at a moderate pace and that the markets for labour are improving by and by. Spending by households and firms keeps growing.
=== g12.txt
title: Address of the Governor to the Joint Session
published: 1999-01-19
---
Address of the Governor to the Joint Session
January 19, 1999

Mr. Speaker, members of the chamber, honored guests: tonight I have the privilege to report to you that the harbours of this land are open, the rivers are clean and the books of the state are balanced again.
=== g13.txt
title: MPC minutes: Monetary Policy Summary and minutes of the meeting ending on 31 October 2018
published: 2018-11-01
---
MPC minutes: Monetary Policy Summary and minutes of the meeting ending on 31 October 2018

Published on 1 November 2018

~
=== g14.txt
title: Notice on Printing and Distributing the Plan for Port Registers
---
Notice on Printing and Distributing the Plan for Port Registers

Guofa [2015] No. 50

All ministries, commissions and offices:

~
=== g15.txt
title: Cyber Ports Law of Riverland
event: 2016-11-07
---
Cyber Ports Law of Riverland

(Adopted at the 24th Session of the Standing Committee of the 12th Congress on November 7, 2016)

Table of Contents

~
=== g16.txt
title: Opinions on Opening the Registers
published: 2020-04-09
publisher: Xinhua News Agency
---
Opinions on Opening the Registers

April 9, 2020

Source: Xinhua News Agency

Translated by: Harbour Translation Office

Editor: Ma Li

~
=== g17.txt
title: Measures for the Safety of Ships and Data
published: 2021-12-28
---
**Measures for the Safety of Ships and Data**

**Date:** December 28, 2021

*Translated by Jane Roe*

~
=== g18.md
title: Outline of the Plan for National Ports
published: 2022-01-12
---
# Outline of the Plan for National Ports

*Published: 12 January 2022*

## I. Background

~
=== g19.md
title: Outline of the Plan for National Ports
published: 2022-01-12
---
Outline of the Plan for National Ports
======================================

2022-01-12

~
=== g20.md
title: Plan for Ports
publisher: Policy Review
author: Ma Li
published: 2022-01-12
event: 2022-01-10
speaker: Zhou Tao
---
---
title: Plan for Ports
source: Policy Review
author: Ma Li
speaker: Zhou Tao
date: 2022-01-12
event_date: 2022-01-10
---

# Something else

~
=== g21.md
title: Plan for Ports
published: 2021-10-18
---
---
title: Plan for Ports
date: 2021-10-18T23:30:00-05:00
---
~
=== g22.md
title: Plan for Ports
---
---
title: Plan for Ports
date: sometime in spring
---
~
=== 1999-annual-report.txt
title: Annual Report of the Port Authority
published: 1999
---
Annual Report of the Port Authority

~
=== 2015-07_guideline.txt
title: Guideline on Ports
published: 2015-07
---
Guideline on Ports

~
=== report_20210318_final.txt
title: Report on Ports
published: 2021-03-18
---
Report on Ports

~
=== speech 18 Oct 2021.txt
title: A Word on Ports
published: 2021-10-18
---
A Word on Ports

~
=== speech-18-october-2021.txt
title: A Word on Ports
published: 2021-10-18
---
A Word on Ports

~
=== digest-march-2020.txt
title: A Digest of Ports
published: 2020-03
---
A Digest of Ports

~
=== fomc-minutes-010.txt
title: A Word on Ports
---
A Word on Ports

~
=== policy-2035-vision.txt
title: A Word on Ports
---
A Word on Ports

~
=== made-in-china-2025.txt
title: A Word on Ports
---
A Word on Ports

~
=== 14th-five-year-plan-2021-2025.txt
title: A Word on Ports
---
A Word on Ports

~
=== iso-8601-2004.txt
title: A Word on Ports
---
A Word on Ports

~
=== G20.txt
title: A Word on Ports
---
A Word on Ports

~
=== 03-04-2021 notes.txt
title: A Word on Ports
---
A Word on Ports

~
=== 25-12-2021 notes.txt
title: A Word on Ports
published: 2021-12-25
---
A Word on Ports

~
=== n1.txt
title: Ministry Cuts Fees for Carriers
publisher: Ministry of Commerce
published: 2019-08-07
---
Ministry of Commerce

Ministry Cuts Fees for Carriers

2019年8月7日

~
=== n2.txt
title: Ministry Cuts Fees for Carriers
published: 2019-08
---
Ministry Cuts Fees for Carriers

2019年8月

~
=== n3.txt
title: Ministry Cuts Fees for Carriers
published: 2019-08-07
---
Ministry Cuts Fees for Carriers

２０１９－０８－０７

~
=== n4.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

03/04/2021

~
=== n5.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

February 30, 2021

~
=== n6.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

October 18, 2035

~
=== n7.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

18 October 1204

~
=== n8.txt
title: MINISTRY CUTS FEES FOR CARRIERS AND OPENS THE BOOKS
published: 2021-10-18
---
MINISTRY CUTS FEES FOR CARRIERS AND OPENS THE BOOKS

18 OCT 2021

~
=== n9.txt
title: Ministry cuts fees for carriers of the river and the sea, opens its books to traders and asks all provinces to follow with rules of their own before summer
published: 2021-10-18
---
Ministry cuts fees for carriers of the river and the sea, opens its books to traders and asks all provinces to follow with rules of their own before summer

18.10.2021

~
=== n10.txt
title: Notice of the Ministry on the Pilot Programme for the Registers of
  the Ports of the Delta
published: 2021-10-18
---
Notice of the Ministry on the Pilot Programme for the Registers of
the Ports of the Delta

2021.10.18

~
=== n11.txt
title: Harbour chief: “We keep the gates open”
published: 2021-10-18
---
NEWS

Harbour chief: “We keep the gates open”

Posted by Admin on October 18, 2021

~
=== n12.txt
title: Ministry Cuts Fees for Carriers
published: 2021-10-18
---
Ministry Cuts Fees for Carriers | China Daily

Monday, October 18, 2021

~
=== n13.txt
title: Ministry Cuts Fees for Carriers
author: Emma Stone
published: 2021-10-18
---
Commentary

Ministry Cuts Fees for Carriers

Emma's view of a hard year.

By Emma Stone | October 18, 2021

~
=== n14.txt
title: Ministry Cuts Fees for Carriers
published: 2021-10-18
author: Emma Stone
---
Ministry Cuts Fees for Carriers

October 18, 2021 by Emma Stone

~
=== n15.txt
title: Ministry Cuts Fees for Carriers
published: 2021-10-18
---
Skip to main content

Home > News > Ports

Search

Ministry Cuts Fees for Carriers

Oct. 18th, 2021

Share this article

~
=== n16.txt
title: Ministry Cuts Fees for Carriers
published: 2021-10-18
---
A row of cranes at night
A row of cranes at night

Ministry Cuts Fees for Carriers

18-Oct-2021

~
=== n17.txt
title: Ministry Cuts Fees for Carriers
published: 2021-10-18
---
A crane lifts a box in Harbour City on Oct 12, 2021. [Photo by Li Lei/China Daily]

Ministry Cuts Fees for Carriers

2021/10/18

~
=== n18.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

Last update: August 31, 2010

~
=== n19.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

The law of 2016 that took effect June 1, 2017 asks every carrier to pay fees, but the ministry has decided at a meeting to lower them, and carriers have until December 31, 2019 to apply for it with their port.
=== n20.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

As of March 31, 2010, the ministry had held forty meetings with carriers, and since January 2020 it has met with them every month, because the forum of the ports wished it so and because the fees were high.
=== n21.txt
title: Ministry Cuts Fees for Carriers
event: 2014-05-20
---
Ministry Cuts Fees for Carriers

The ministry announced on 20 May 2014 that it would cut the fees for carriers, who had complained for years, and that it would open its books to every trader who wished to read them from the next year on.
=== n22.txt
title: Ministry Cuts Fees for Carriers
event: 2021-03-30
---
Ministry Cuts Fees for Carriers

The conference of carriers was held in Harbour City from March 30 to April 2, 2021, and the ministry told it that fees would be cut, that books would be opened and that the ports would share their registers.
=== n23.txt
title: Ministry Cuts Fees for Carriers
event: 2016-10-31
---
Ministry Cuts Fees for Carriers

The committee of carriers met in Harbour City on 31 October and 1 November 2016, and the ministry told it that fees would be cut, that books would be opened and that the ports would share their registers.
=== n24.txt
title: Ministry Cuts Fees for Carriers
published: 2021-01-03
event: 2020-12-29
---
Ministry Cuts Fees for Carriers

January 3, 2021

The committee of carriers met in Harbour City on Dec. 29, and the ministry told it that fees would be cut, that books would be opened and that the ports would share their registers.
=== n25.txt
title: Ministry Cuts Fees for Carriers
published: 2021-06-03
---
Ministry Cuts Fees for Carriers

June 3, 2021

The committee of carriers met in Harbour City on Dec. 29, and the ministry told it that fees would be cut, that books would be opened and that the ports would share their registers.
=== n26.txt
title: Ministry Cuts Fees for Carriers
published: 2021-06
---
Ministry Cuts Fees for Carriers

June 2021

The committee of carriers met in Harbour City on June 2, and the ministry told it that fees would be cut, that books would be opened and that the ports would share their registers.
=== n27.txt
title: Ministry Cuts Fees for Carriers
published: 2021-06-03
---
Ministry Cuts Fees for Carriers

June 3, 2021

The committee of carriers will meet in Harbour City on June 9, and the ministry will tell it that fees are to be cut, that books are to be opened and that the ports are to share their registers.
=== n28.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

In 18 of the ports fees may 20 years from now be gone, and traders march on 14 roads to the sea, while the ministry holds a meeting on how the rest of the ports can be brought to follow their lead.
=== n29.txt
title: Ministry Cuts Fees for Carriers
author: Zhang Wei
published: 2021-06-03
---
Ministry Cuts Fees for Carriers
Zhang Wei's note on a year of change
By Zhang Wei
June 3, 2021
~
=== n30.txt
published: 2021-06-03
title: Ministry Cuts Fees for Carriers
publisher: CHINA DAILY
---
CHINA DAILY

Ministry Cuts Fees for Carriers

chinadaily.com.cn | Updated: 2021-06-03 10:00

~
=== n31.txt
title: Wu Gang: Speech at the Meeting on the Rivers
speaker: Wu Gang
published: 2020-01-03
event: 2019-09-18
---
Wu Gang: Speech at the Meeting on the Rivers

(September 18, 2019)

Published: January 3, 2020

~
=== n32.txt
speaker: Ito
title: Transcript of Governor Ito's Press Conference, July 28, 2023
event: 2023-07-28
---
Transcript of Governor Ito's Press Conference, July 28, 2023

~
=== n33.txt
title: The Fifth Harbour Dialogue Joint Statement
event: 2012-05-03
published: 2012-05-09
---
The Fifth Harbour Dialogue Joint Statement

9 May 2012

The fifth dialogue was held in Beijing on May 3-4, 2012 under the lead of both governments, who spoke of duties, ships and grain and of the many ways in which their offices can work with each other.
=== n34.txt
title: Port Watch Newsletter: What Carriers Should Know
published: 2021-06-03
---
Port Watch Newsletter: What Carriers Should Know

3 June, 2021

4 min read

~
=== n35.txt
title: Ministry Cuts Fees for Carriers
published: 2021-06-03
---
Date: 3rd of June, 2021

Ministry Cuts Fees for Carriers

~
=== n36.txt
title: Ministry Cuts Fees for Carriers
---
Ministry Cuts Fees for Carriers

Effective date: June 1, 2017

~
=== n37.txt
title: Ministry Cuts Fees for Carriers
event: 2017-06-01
---
Ministry Cuts Fees for Carriers

Date of meeting: June 1, 2017

~
=== n38.txt
title: Ministry Cuts Fees for Carriers
published: 2018-01-04
publisher: Riverland Institute
---
Riverland Institute

Ministry Cuts Fees for Carriers

Issued on January 4, 2018

~
=== n39.txt
title: “Data Ports” Plan of the Delta
published: 2018-01-04
---
POLICY BRIEF

“Data Ports” Plan of the Delta

January 4, 2018 • 6 minute read

~
=== n40.txt
title: Ministry Cuts Fees for Carriers
published: 2018-01-04
---
Xinhua Commentary

Ministry Cuts Fees for Carriers

2018-01-04 07:30 GMT+8

~
=== n41.txt
title: Testimony of Secretary Ruth Hill Before the Committee on Ports
speaker: Ruth Hill
published: 2014-02-11
---
Testimony of Secretary Ruth Hill Before the Committee on Ports

February 11, 2014

Chairman Brown, members of the committee, thank you for the chance to speak about what our ports need, about what they have done in the past years and about the money that they will have to ask you for in the next.
=== n42.txt
title: Statement of the Board of Governors on Ports
published: 2014-02-11
---
Statement of the Board of Governors on Ports

February 11, 2014

~
=== n43.txt
title: Harbour rules: questions and answers with the ministry's spokesperson
published: 2019-03-14
publisher: Ministry of Commerce
---
Harbour rules: questions and answers with the ministry's spokesperson

2019-03-14 10:22 Source: Ministry of Commerce

~
=== n44.txt
title: Harbour rules explained
published: 2019-03-14
author: Ana Diaz
---
Explainer

Harbour rules explained

Written by Ana Diaz

Translated by Bo Lin

Edited by Cy Ito

Thursday 14 March 2019

~
=== n45.txt
speaker: Hua Lan
title: Foreign Ministry Spokesperson Hua Lan’s Regular Press Conference on March 14, 2019
published: 2019-03-15
event: 2019-03-14
---
Foreign Ministry Spokesperson Hua Lan’s Regular Press Conference on March 14, 2019

2019/03/15

~
"""

FIELDS = ("title", "published", "event", "author", "publisher", "speaker")


def table() -> list[tuple[str, str, dict[str, str]]]:
    """The openings as (file name, text, expected fields)."""
    rows = []
    for entry in re.split(r"^=== ", OPENINGS, flags=re.MULTILINE)[1:]:
        head, text = entry.split("\n---\n", 1)
        name, *fields = head.replace("\n  ", " ").split("\n")
        rows.append((name, text.replace("~", BODY), dict(field.split(": ", 1) for field in fields)))
    return rows


# One day as pages write it; the second half states the day of the last change only.
STAMPS = (
    "2021-10-18", "2021/10/18", "2021.10.18", "18.10.2021", "10/18/2021", "18/10/2021", "20211018", "2021年10月18日",
    "Oct 18, 2021 03:49 PM", "Oct. 18th, 2021", "18 Oct 2021", "18th of October, 2021", "18-Oct-2021", "OCT. 18, 2021",
    "Monday, October 18, 2021", "Mon, 18 Oct 2021 08:00:00 GMT", "Posted: October 18, 2021", "Published on 18 October 2021",
    "Release date: October 18, 2021", "For immediate release: October 18, 2021", "(October 18, 2021)", "10:00pm, 18 Oct, 2021",
    "Date: 2021-10-18", "2021-10-18 09:12:33", "2021-10-18T09:12:33+08:00", "Source: Xinhua | 2021-10-18 20:15:04",
    "(Xinhua) 08:10, October 18, 2021", "Xinhua, October 18, 2021", "2021-10-18 | Source: Xinhua", "October 18 2021",
    "By Zhang Wei | October 18, 2021", "By Zhang Wei, October 18, 2021", "By Zhang Wei (Xinhua) 08:10, October 18, 2021",
    "Published: October 18, 2021 | Updated: October 19, 2021", "Updated: October 19, 2021 Published: October 18, 2021",
    "October 18, 2021 · 5 min read", "Issued October 18, 2021", "First published: 18 October 2021", "2021 October 18",
)
ONLY_UPDATED = ("Updated: 2021-10-18 09:12 | chinadaily.com.cn", "Updated October 18, 2021", "Zhang Wei | Updated: 2021-10-18")
LAYOUTS = {
    "below": "Ministry Cuts Fees for Carriers\n\n{0}\n\n~\n",
    "above": "{0}\n\nMinistry Cuts Fees for Carriers\n\n~\n",
    "no blank lines": "Ministry Cuts Fees for Carriers\n{0}\n~\n~\n",
    "below a summary": "Ministry Cuts Fees for Carriers\n\nTraders had long asked for it.\n\n{0}\n\n~\n",
    "with furniture": "Home\n\nNews\n\nMinistry Cuts Fees for Carriers\n\n{0}\n\nShare this article\n\n~\n",
}


def generated() -> list[tuple[str, str, dict[str, str]]]:
    rows = []
    for layout in LAYOUTS.values():
        for stamp in (*STAMPS, *ONLY_UPDATED):
            expected = {"title": "Ministry Cuts Fees for Carriers", "published": "2021-10-18"}
            if "Xinhua" in stamp:
                expected["publisher"] = "Xinhua"
            if "By Zhang Wei" in stamp:
                expected["author"] = "Zhang Wei"
            rows.append(("a.txt", layout.format(stamp).replace("~", BODY), expected))
    return rows


def described(name: str, text: str, **overrides: str) -> Metadata:
    return describe(name, read(text.encode(), name), overrides, earliest_year=1500, today=TODAY)


def fields(found: Metadata) -> dict[str, str]:
    """What was found under the names of the table; dates to their precision."""
    values = {"title": found.title, "author": found.author, "publisher": found.publisher, "speaker": found.speaker}
    for role, field in (("publication", "published"), ("event", "event")):
        for date in found.dates:
            if date.role == role and date.is_chosen:
                assert date.date is not None and date.precision is not None
                values[field] = date.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[date.precision]]
    return {field: value for field, value in values.items() if value is not None}


@pytest.mark.parametrize(
    ("name", "text", "expected"), [pytest.param(*row, id=f"{n}-{row[0]}") for n, row in enumerate(table())]
)
def test_what_an_opening_says(name: str, text: str, expected: dict[str, str]) -> None:
    assert fields(described(name, text)) == expected


@pytest.mark.parametrize(("name", "text", "expected"), generated())
def test_a_stamp_is_read_wherever_it_stands(name: str, text: str, expected: dict[str, str]) -> None:
    assert fields(described(name, text)) == expected

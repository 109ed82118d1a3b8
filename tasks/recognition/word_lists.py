"""What single words tell of a name: that it begins behind them, what it is, or that it is none."""

from __future__ import annotations

# Words that stand in front of a name with a capital where they open a sentence.
_OPENING_WORDS = """
The A An In On At Under For To With From By Since After Before This That These Those And But Or As Its His Her
Their Our Also When While Both Each All If Where Although Though Because So Yet Then Now Here There Only Even Today
During Through Between Among Against Like Unlike Despite Following According Meanwhile However Moreover It He She They We
"""
OPENERS = frozenset(_OPENING_WORDS.split())
# What opens the sentences of plans and the lines before a name, as in "Strengthen Party building", "July Federation".
_LEADING_WORDS = """
Accelerate Actively Adhere Advance Carry Comprehensively Conscientiously Continue Coordinate Create Deepen Earnestly Encourage
Enhance Ensure Establish Expand Explore Follow Formulate Fully Give Guide Implement Improve Increase Leading Maintain Make
Optimize Organize Perfect Persist Promote Resolutely Revise Ruling Speed Strengthen Strictly Study Support Take Thoroughly
Uphold Use Vigorously January February March April June July August September October November December Last Next
"""
NOT_IN_NAMES = OPENERS | frozenset(_LEADING_WORDS.split())
# What the small model takes for names on policy texts: editors' marks, subjects in capitals, technologies, indices.
REJECTED = frozenset((
    "ed", "ai", "ict", "iot", "5g", "6g", "digital", "internet", "covid-19", "covid", "coronavirus", "download",
    "photo", "editor", "editor's note", "data", "big data", "digital technology", "digital technologies",
    "artificial intelligence", "cloud computing", "blockchain", "smart", "pdf", "gdp", "gnp", "gni", "cpi", "ppi",
    "pce", "pmi", "m1", "m2", "m3", "mbs", "cds", "etf", "ipo", "vat", "fdi", "r&d", "it", "ip", "ipv6", "api",
    "gpu", "cpu", "llm", "vr", "ar", "b2b", "o2o", "ppp", "libor", "sofr", "god", "speaker", "present",
    "translator", "translators", "reporter", "author", "source", "note", "rrp", "on rrp", "rp", "staff", "members",
    "chairman", "president", "liaison", "statistics", "annex", "appendix", "article", "chapter", "section", "part",
    "figure", "table", "foreword", "preface", "introduction", "conclusion", "conclusions", "summary", "contents", "law",
    "laws", "measures", "regulations", "provisions", "rules", "opinions", "guidelines", "decision", "notice", "state",
    "councilor", "councillor", "premier", "minister", "governor", "secretary", "director", "mayor", "comrade", "better",
    "bigger", "stronger", "faster", "higher", "greater", "safer", "cleaner", "greener", "chair",
))  # fmt: skip
# A phrase in capitals that ends in one of these is a concept or an office, unless it is the name of a body that has it.
_CONCEPT_WORDS = """
transformation economy economies industrialization industrialisation informatization informatisation modernization
modernisation digitalization digitization globalization urbanization era journey ideas thought governance civilization
socialism rejuvenation innovation sovereignty development manufacturing computing elements infrastructure productivity
prosperity consumption marketization openness director directors counsel economist economists presidents governors
manager managers ministers members secretaries
"""
CONCEPTS = frozenset(_CONCEPT_WORDS.split())
# A phrase of nothing but these is a subject that somebody wrote with capitals.
_SUBJECT_WORDS = """
digital data security computing power generative ai artificial intelligence carbon peak peaking neutrality energy
village villages smart green low new cyber cyberspace network networks internet things big cloud platform platforms
algorithm algorithms model models large language industrial industry industries manufacturing finance financial
trade commerce education health healthcare care elderly rural urban revitalization common prosperity high quality
development core technologies technology key strategic emerging future science innovation talent information
infrastructure integrated circuits chips semiconductors quantum blockchain robots robotics autonomous driving
altitude economy transformation era governance elements factors factor market markets consumption services service
supply chain chains side structural reform reforms opening up
"""
SUBJECTS = frozenset(_SUBJECT_WORDS.split())
# The last word of a name tells what it is, whatever the model says.
KIND_BY_LAST_WORD = {
    word: label
    for label, words in (
        ("ORG", "Commission Committee Ministry Bureau Department Council Parliament Court Agency Authority Party Alliance"),
        ("ORG", "Association Federation Foundation University College Institute Academy Bank Corporation Company Daily"),
        ("EVENT", "Summit Conference Forum Expo Olympics War Revolution Initiative Program Programme Campaign Round"),
        ("LAW", "Law Act Treaty Agreement Constitution Protocol Charter Amendment"),
        ("LOC", "River Sea Ocean Valley Delta Peninsula Strait Mountains Basin Plateau Desert"),
        ("GPE", "Province County Prefecture Municipality"),
        ("FAC", "Airport Bridge Palace Stadium Dam Canal Highway Expressway"),
    )
    for word in words.split()
}  # fmt: skip

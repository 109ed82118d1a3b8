"""Language: short and long texts are told apart, whatever else stands in them."""

from __future__ import annotations

import pytest

from tasks.language import (
    identify_language,
    is_in_other_script,
    is_plainly_english,
    language_code,
    language_identifier,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("The plan sets goals for the digital economy and for trade in services.", "en", id="English"),
        pytest.param("Notice on office hours. The office is closed on Friday.", "en", id="short English"),
        pytest.param(
            "Wang Huning, Li Qiang, Zhao Leji and Cai Qi attended the meeting in Zhongnanhai.", "en", id="Chinese names"
        ),
        pytest.param("数据资源是数字经济的关键要素，各地要建设公共数据平台。", "zh", id="Chinese"),
        pytest.param("Der Plan nennt Ziele für die digitale Wirtschaft und für den Handel.", "de", id="German"),
        pytest.param("Le plan fixe des objectifs pour l'économie numérique et pour le commerce.", "fr", id="French"),
        pytest.param("План определяет цели цифровой экономики и торговли услугами.", "ru", id="Russian"),
        pytest.param("El plan fija objetivos para la economía digital y el comercio.", "es", id="Spanish"),
    ],
)
def test_identify_language(text: str, code: str) -> None:
    assert identify_language(text) == code


TRANSLATED = (
    "The plan sets goals for the digital economy, and data can be traded on exchanges in each of the provinces."
)
ORIGINAL = "该规划提出了数字经济发展目标，各省数据可以在交易所交易。"


@pytest.mark.parametrize(
    ("text", "is_other"),
    [
        pytest.param("The plan sets goals.", False, id="English"),
        pytest.param("“Año”, said Núñez – “ﬁn”: 2021.", False, id="accents, ligatures and quotation marks"),
        pytest.param("２０２１ Ｐｌａｎ", False, id="full-width Latin"),
        pytest.param("The State Council (国务院) set goals.", False, id="a name in brackets"),
        pytest.param("国务院 State", True, id="mostly Chinese"),
        pytest.param("План определяет цели.", True, id="Cyrillic"),
        pytest.param("2021, 2022", False, id="numbers"),
    ],
)
def test_a_text_is_in_the_script_of_most_of_its_letters(text: str, is_other: bool) -> None:
    assert is_in_other_script(text) is is_other


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(f"{TRANSLATED}\n{ORIGINAL}", "en", id="the original behind its translation"),
        pytest.param(f"{ORIGINAL}\n{TRANSLATED}", "en", id="and before it"),
        pytest.param(f"{ORIGINAL * 4}\n{TRANSLATED}", "zh", id="a Chinese text with an English abstract"),
    ],
)
def test_the_script_of_most_letters_has_the_say(text: str, code: str) -> None:
    assert identify_language(text) == code


def test_the_first_part_decides() -> None:
    english = "The plan sets goals for the digital economy and for trade in services. " * 80
    assert identify_language(english + "数据资源是数字经济的关键要素。" * 2000) == "en"


ENGLISH = (
    "The board has asked for a report on the cost of the ferries. It was told that the harbour would be closed for a week, "
    "and that the crews had been paid. Which of the two lines is to be given up, the members could not say. "
)
OTHERS = {
    "German": "Der Rat hat die Kosten der Fähren nicht genannt, und wie lange der Hafen noch zu ist, weiß man auch nicht. ",
    "French": "Le conseil ne sait pas ce que les bateaux vont coûter, ni pour combien de temps le port est encore en travaux. ",
    "Spanish": "La junta no sabe lo que van a costar los barcos, ni por cuánto tiempo el puerto va a seguir cerrado. ",
    "Italian": "Il consiglio non sa che cosa costeranno le navi, né per quanto tempo il porto della città sia ancora chiuso. ",
    "Portuguese": "O conselho não sabe quanto vão custar os barcos, nem por quanto tempo o porto da cidade vai estar fechado. ",
    "Dutch": "De raad heeft de kosten van de veerboten niet genoemd, en hoe lang de haven dicht is, weet ook niemand. ",
    "Chinese": "委员会不知道渡轮的费用，也不知道港口还要关闭多久。成员们要求提出报告。",
    "Russian": "Совет не знает, сколько будут стоить паромы и как долго порт будет закрыт. ",
}


def refuse() -> None:
    raise AssertionError("the identifier is asked")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ENGLISH * 4, id="English"),
        pytest.param(ENGLISH * 3 + "“Sí”, said Señor Núñez of the Banco de Crédito. " + ENGLISH, id="foreign names"),
        pytest.param(ENGLISH * 12 + OTHERS["German"] * 50, id="what follows much later"),
    ],
)
def test_a_long_english_text_needs_no_identifier(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.language.language_identifier", refuse)
    assert identify_language(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ENGLISH, id="short"),
        pytest.param("Zhang Wei, Li Na and Wang Fang. " * 40, id="a list of names"),
        *(pytest.param(ENGLISH * 3 + other, id=f"some {name}") for name, other in OTHERS.items()),
    ],
)
def test_what_is_not_plainly_english_is_left_to_the_identifier(text: str) -> None:
    assert not is_plainly_english(text)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("share", range(11))
def test_a_mixed_text_is_what_the_identifier_takes_it_for(other: str, share: int) -> None:
    text = "".join(ENGLISH if place % 10 < share else other * 2 for place in range(15))
    assert identify_language(text) == language_identifier().classify(text[:2000])[0]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("en", "en"),
        ("EN-gb", "en"),
        ("zh_Hans", "zh"),
        (" English ", "en"),
        ("chinese", "zh"),
        ("English and Chinese", None),
        ("eng", None),
        ("", None),
    ],
)
def test_a_language_is_known_by_its_code_or_its_name(written: str, code: str | None) -> None:
    assert language_code(written) == code

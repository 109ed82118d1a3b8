"""Language: short and long texts are told apart, whatever else stands in them."""

from __future__ import annotations

import pytest

from tasks.language import identify_language


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


def test_the_first_part_decides() -> None:
    english = "The plan sets goals for the digital economy and for trade in services. " * 80
    assert identify_language(english + "数据资源是数字经济的关键要素。" * 2000) == "en"

"""What the machine points at: a hint for people, told from what is harmless."""

from __future__ import annotations

from datetime import date

import pytest

from petitions.comments.trouble import Trouble, fingerprint, personal_data, troubles
from petitions.identity.iin import make_iin

IIN = make_iin(date(1990, 1, 1), male=True, serial=12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Мен бұл петицияны қолдаймын, мектеп жолы қауіпті.", []),
        ("В 2025 году на улице Абая 12 было 118 аварий, бюджет 350 000 000 тенге.", []),
        ("Позвоните мне: +7 (701) 123-45-67", [Trouble.PHONE]),
        ("8 7172 74 12 34 нөміріне хабарласыңыз", [Trouble.PHONE]),
        ("87011234567", [Trouble.PHONE]),
        ("мой адрес aigul@example.kz", [Trouble.EMAIL]),
        ("На это выделено 80 000 000 000 тенге", []),
        ("ЖСН 900101300123 емес", []),  # twelve digits whose check digit is wrong
        (f"ИИН соседа {IIN}", [Trouble.IIN]),
        (f"ЖСН: {IIN[:6]} {IIN[6:]}", [Trouble.IIN]),
        ("Подробности на https://example.kz/tovar", [Trouble.LINK]),
        ("смотрите t.me/kanal", [Trouble.LINK]),
        ("Какой дурак это придумал", [Trouble.INSULT]),
        ("сен АҚЫМАҚСЫҢ", [Trouble.INSULT]),
    ],
)
def test_hints(text: str, found: list[Trouble]) -> None:
    assert troubles(text) == found


def test_the_writer_is_warned_of_personal_data_only() -> None:
    assert personal_data("дурак, звони 87011234567, https://example.kz") == [Trouble.PHONE]


def test_the_same_words_have_one_fingerprint_whatever_their_dress(sqlite_database) -> None:
    one = fingerprint("Мектеп жолына жарық керек, балалар қараңғыда жүр!")
    assert one == fingerprint("мектеп жолына ЖАРЫҚ керек — балалар қараңғыда жүр")
    assert one != fingerprint("Мектеп жолына өткел керек, балалар қараңғыда жүр!")
    assert fingerprint("Толық қолдаймын") is None

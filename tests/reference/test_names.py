from __future__ import annotations

import pytest

from petitions.reference.kinds import BodyKind
from petitions.reference.names import (
    Names,
    folded,
    genitive_kk,
    genitive_ru,
    local_body_names,
    sort_key,
    sort_key_ru,
)
from petitions.reference.shipped import territories


def test_kazakh_names_sort_by_the_kazakh_alphabet() -> None:
    names = [
        "Қостанай",
        "Ұлытау",
        "Көкшетау",
        "Ырғыз",
        "Кентау",
        "Әулиеата",
        "Аягөз",
        "Ақтау",
        "Ғарышкер",
        "Үржар",
    ]
    assert sorted(names, key=sort_key) == [
        "Ақтау",
        "Аягөз",
        "Әулиеата",
        "Ғарышкер",
        "Кентау",
        "Көкшетау",
        "Қостанай",
        "Ұлытау",
        "Үржар",
        "Ырғыз",
    ]


def test_a_sort_key_is_small_latin_letters_so_that_every_collation_agrees() -> None:
    assert all(
        (row["sort_kk"] + row["sort_ru"]).isascii() and (row["sort_kk"] + row["sort_ru"]).islower()
        for row in territories()
    )


def test_russian_names_sort_without_the_word_for_the_kind() -> None:
    assert sort_key_ru("село Азат") == sort_key("Азат")
    assert sort_key_ru("район имени Габита Мусрепова") == sort_key("Габита Мусрепова")
    assert sort_key_ru("Абайский район") == sort_key("Абайский район")


def test_a_search_forgives_a_russian_keyboard() -> None:
    assert folded("  КӨКШЕТАУ  қаласы ") == "кокшетау каласы"


@pytest.mark.parametrize(
    ("name", "genitive"),
    [
        ("Ақмола облысы", "Ақмола облысының"),
        ("Алматы қаласы", "Алматы қаласының"),
        ("Талғар ауданы", "Талғар ауданының"),
        ("Ғабит Мүсірепов атындағы аудан", "Ғабит Мүсірепов атындағы ауданның"),
        ("Текес ауылдық округі", "Текес ауылдық округінің"),
        ("Шортанды кенті", "Шортанды кентінің"),
        ("Азат ауылы", "Азат ауылының"),
        ("ел", "елдің"),
        ("мектеп", "мектептің"),
    ],
)
def test_the_kazakh_genitive_keeps_vowel_harmony(name: str, genitive: str) -> None:
    assert genitive_kk(name) == genitive


@pytest.mark.parametrize(
    ("name", "genitive"),
    [
        ("Акмолинская область", "Акмолинской области"),
        ("область Абай", "области Абай"),
        ("город Астана", "города Астаны"),
        ("город Алматы", "города Алматы"),
        ("город Костанай", "города Костаная"),
        ("город Рудный", "города Рудного"),
        ("город Сарань", "города Сарани"),
        ("город Семей", "города Семей"),
        ("Талгарский район", "Талгарского района"),
        ("район Алтай", "района Алтай"),
        ("Степной сельский округ", "Степного сельского округа"),
        ("сельский округ Нуркена Абдирова", "сельского округа Нуркена Абдирова"),
        ("село Новошумное", "села Новошумное"),
        ("посёлок Южный", "посёлка Южный"),
        ("Заповедный край", None),
    ],
)
def test_the_russian_genitive_is_made_only_where_it_is_safe(name: str, genitive: str | None) -> None:
    assert genitive_ru(name) == genitive


def test_every_shipped_unit_has_a_russian_genitive() -> None:
    assert [row["name_ru"] for row in territories() if genitive_ru(row["name_ru"]) is None] == []


def test_bodies_are_named_in_three_languages() -> None:
    almaty = Names("Алматы қаласы", "город Алматы", "Almaty")
    tekes = Names("Текес ауылдық округі", "Текесский сельский округ", "Tekes Rural District")
    assert local_body_names(BodyKind.AKIMAT, almaty) == Names(
        "Алматы қаласының әкімдігі", "Акимат города Алматы", "Akimat of Almaty"
    )
    assert local_body_names(BodyKind.MASLIKHAT, almaty).kk == "Алматы қаласының мәслихаты"
    assert local_body_names(BodyKind.AKIM_OFFICE, tekes) == Names(
        "Текес ауылдық округі әкімінің аппараты",
        "Аппарат акима Текесского сельского округа",
        "Office of the Akim of Tekes Rural District",
    )


def test_an_unknown_form_of_name_falls_back_to_a_pattern_that_is_always_grammatical() -> None:
    odd = Names("Қорық", "Заповедный край", "Reserve")
    assert local_body_names(BodyKind.AKIMAT, odd).ru == "Акимат — Заповедный край"

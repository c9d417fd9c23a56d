"""Stems: every form of a word gives one, words that only look alike do not; as people write and mistype them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from petitions.search.asking import parsed
from petitions.search.snippets import marked, snippet
from petitions.search.sounds import distance, on_the_other_keyboard, sound
from petitions.search.stemming import kazakh_stem, russian_stem
from petitions.search.words import stems_in_order

KAZAKH = """
мектеп: мектептеріміздегі мектептер мектебі мектебіне мектебіндегі мектептеримиздеги
жол: жолдарды жолы жолын жолында жолдың жолға жолдары жолдармен
балабақша: балабақшаларға балабақшадағы балабақшасының балабақшамыз
қала: қалалық қаласы қаладағы қаланың қалаларда
ауыл: ауылдық ауылы ауылында ауылдағы ауылға ауылымыздың ауылын
су: суды судың суға сумен суы
үй: үйлер үйді үйге үйіміз
кітап: кітабы кітаптар кітапты
құқық: құқығы құқықтар құқығын
халық: халқы халқының халықтың
көлік: көлігі көліктер көлікті
жөндеу: жөндеуді жөндеуге жөндеуін
заң: заңы заңдар заңға заңына
өзен: өзенге өзені өзеннің өзенінде
құрылыс: құрылысы құрылысын құрылысқа
мұғалім: мұғалімдер мұғалімдердің мұғалімге мұғалімі
автобус: автобустар автобустың автобусы
көкшетау: көкшетауда кокшетау
экология: экологиялық
оқушы: оқушылар оқушылардың оқушысы
жұмыс: жұмысшы жұмыссыз жұмысы
орын: орны орнына орындар
аудан: ауданы ауданында аудандық ауданның
облыс: облысы облыстық
әкімдік: әкімдігі әкімдігіне
министрлік: министрлігі министр
тұрғын: тұрғындар тұрғыны
дәрі: дәрілер дәрісі
қарағанды: қарағандыда қарағандының
ағаш: ағаштар ағаштарды ағашы
"""
RUSSIAN = """
дорога: дороги дорогами дорог
школьник: школьники школьникам
больница: больницы больницей больниц
ёлка: ёлки елки
посёлок: поселка поселке посёлка
остановка: остановок остановки остановкам
"""


def families(text: str) -> list[tuple[str, list[str]]]:
    return [(line.split(":")[0], line.split(":")[1].split()) for line in text.strip().splitlines()]


@pytest.mark.parametrize(("word", "forms"), families(KAZAKH))
def test_all_forms_of_a_kazakh_word_have_one_stem(word: str, forms: list[str]) -> None:
    assert {kazakh_stem(form) for form in forms} == {kazakh_stem(word)}


@pytest.mark.parametrize(("word", "forms"), families(RUSSIAN))
def test_all_forms_of_a_russian_word_have_one_stem(word: str, forms: list[str]) -> None:
    assert {russian_stem(form) for form in forms} == {russian_stem(word)}


@pytest.mark.parametrize(
    ("one", "other"),
    [("бала", "балық"), ("жол", "жолдас"), ("су", "сурет"), ("қала", "қалам"), ("баға", "бала"), ("ел", "еңбек")],
)
def test_words_that_look_alike_stay_apart(one: str, other: str) -> None:
    assert kazakh_stem(one) != kazakh_stem(other)


def test_letters_and_figures_are_read_as_they_are_meant() -> None:
    assert stems_in_order("бiздiң мeктеп, 50 000 адам; № 15", "kk") == ["мектеп", "50000", "адам", "15"]
    assert stems_in_order("Ёлки ЕЛКИ", "ru") == ["елк", "елк"]


def test_a_query_knows_words_words_together_and_a_number() -> None:
    query = parsed('жол «көше  шамы» "" № 12')
    assert query is not None and query.number is None
    assert [term.said for term in query.terms] == ["жол", "көше шамы", "12"]
    assert parsed("№ 12") is not None and parsed("№ 12").number == 12  # type: ignore[union-attr]
    assert len(parsed("бірінші " * 200).terms) == 1  # type: ignore[union-attr]
    assert len(parsed(" ".join(f"сөз{chr(0x430 + n)}" for n in range(30))).terms) == 10  # type: ignore[union-attr]


def test_misspellings_sound_alike_or_stand_near() -> None:
    assert sound("больниц") == sound("бальниц")
    assert sound("балабакш") == sound("балабаккш")
    assert (distance("мектеп", "мектпе"), distance("жол", "жол"), distance("жол", "жл"), distance("", "абв")) == (
        1,
        0,
        1,
        3,
    )
    assert on_the_other_keyboard("vtrntg") == "мектеп"


def test_an_excerpt_begins_near_the_words_and_marks_them() -> None:
    text = "Бірінші сөйлем ештеңе айтпайды. " * 20 + "Көпірді жөндеу керек, өйткені көпір ескі. " + "Соңы. " * 80
    pieces = snippet(["Басқа мәтін.", text], frozenset({"копир"}))
    shown = "".join(piece.text for piece in pieces)
    assert [piece.text for piece in pieces if piece.found] == ["Көпірді", "көпір"]
    assert shown.startswith("… ") and shown.endswith(" …") and len(shown) < 260
    assert snippet([text], frozenset({"жоқ"})) == ()
    assert "".join(piece.text for piece in marked("Су <b> су", frozenset({"су"}))) == "Су <b> су"


def test_a_text_of_one_word_over_and_over_costs_no_more_than_its_length() -> None:
    text = "жол " * 5_000
    snippet([text[:400]], frozenset({"жол"}))
    began = time.process_time()
    assert snippet([text], frozenset({"жол"}))[-1].text == " …"
    assert time.process_time() - began < 0.5, "seconds; every word looked at with every other took several"


def test_an_excerpt_is_taken_where_most_different_words_stand() -> None:
    text = "жол " + "және " * 60 + "жол мен көпір " + "және " * 60 + "көпір"
    pieces = snippet([text], frozenset({"жол", "копир"}))
    assert [piece.text for piece in pieces if piece.found] == ["жол", "көпір"]


def test_words_are_stemmed_in_many_threads_at_once() -> None:
    words = [f"дорог{ending}{number}" for number in range(200) for ending in ("ами", "ой", "и")]
    plain = [word.rstrip("0123456789") + "х" * (at % 7) for at, word in enumerate(words)]
    expected = {word: russian_stem.__wrapped__(word) for word in plain}
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(russian_stem.__wrapped__, plain * 20))
    assert found == [expected[word] for word in plain * 20]

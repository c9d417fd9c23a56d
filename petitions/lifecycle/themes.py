"""Subject areas: what a petition is about in everyday life, so that people find what touches them.

The law knows no such list: this one is ours (policy), after what bodies are competent for. An area is no part of the
text as filed: its author chooses one if they wish, and the moderator may set another at the check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from petitions.errors import DomainError
from petitions.i18n import _l, pick


@dataclass(frozen=True, slots=True)
class Theme:
    """One subject area with its names."""

    code: str
    name_kk: str
    name_ru: str
    name_en: str


class UnknownTheme(DomainError):
    def __init__(self) -> None:
        super().__init__(_l("Choose a subject area from the list."), field="theme")


THEMES: Mapping[str, Theme] = MappingProxyType(
    {
        code: Theme(code, kk, ru, en)
        for code, kk, ru, en in (
            ("education", "Білім және ғылым", "Образование и наука", "Education and science"),
            ("health", "Денсаулық сақтау", "Здравоохранение", "Health care"),
            (
                "social-protection",
                "Әлеуметтік қорғау және еңбек",
                "Социальная защита и труд",
                "Social protection, work",
            ),
            ("family", "Отбасы, балалар, жастар", "Семья, дети, молодёжь", "Family, children, young people"),
            ("accessibility", "Мүгедектігі бар адамдар", "Люди с инвалидностью", "People with disabilities"),
            ("housing", "Тұрғын үй және коммуналдық қызмет", "Жильё и коммунальные услуги", "Housing and utilities"),
            ("water", "Ауызсу және су шаруашылығы", "Питьевая вода и водное хозяйство", "Drinking water, water"),
            ("roads-transport", "Жолдар және көлік", "Дороги и транспорт", "Roads and transport"),
            ("city", "Аула, көше, қала құрылысы", "Дворы, улицы, застройка", "Yards, streets, building"),
            ("ecology", "Экология және табиғат", "Экология и природа", "Environment and nature"),
            ("animals", "Жануарлар", "Животные", "Animals"),
            ("agriculture", "Ауыл шаруашылығы және жер", "Сельское хозяйство и земля", "Farming and land"),
            ("economy-taxes", "Экономика, бизнес, салық", "Экономика, бизнес, налоги", "Economy, business, taxes"),
            ("consumers", "Бағалар және тұтынушылар", "Цены и потребители", "Prices and consumers"),
            ("culture-language", "Мәдениет, тіл, мұра", "Культура, язык, наследие", "Culture, language, heritage"),
            ("sport-tourism", "Спорт және туризм", "Спорт и туризм", "Sport and tourism"),
            ("digital", "Цифрлық қызмет, байланыс, БАҚ", "Цифровые услуги, связь, СМИ", "Digital services, media"),
            ("safety", "Қауіпсіздік және төтенше жағдай", "Безопасность и ЧС", "Safety and emergencies"),
            ("rights", "Құқық және заңнама", "Права и законодательство", "Rights and legislation"),
            ("government", "Мемлекеттік қызмет және басқару", "Госуслуги и управление", "Public services, government"),
            ("other", "Басқа", "Другое", "Other"),
        )
    }
)
"""In the order of lists: what touches most people first."""


def choices() -> list[tuple[str, str]]:
    """Code and name of every area in the language of the page, for a field of a form."""
    return [(theme.code, pick(theme, "name")) for theme in THEMES.values()]


def checked(code: str | None) -> str | None:
    """The code of an area, or None where none is chosen. Raises UnknownTheme."""
    if code and code not in THEMES:
        raise UnknownTheme
    return code or None

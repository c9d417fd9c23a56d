"""Where the law is silent: every interpretation of ours as a named setting with its citation.

A choice with one value names the reading the code follows; a second reading comes with code that obeys it.
`consumed` says whether code asks for the setting, so that no page promises an effect that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from petitions.law import datafile
from petitions.law.editions import Edition
from petitions.law.errors import LawError
from petitions.law.vocabulary import Label, Order
from petitions.law.working_days import WorkingHours

ARTICLE = re.compile(r"\d+(?:-\d+)?(?:\(\d+\))*(?:-\(\d+\))?")
Value = int | bool | str | time | date | tuple[str, ...]


class PolicyError(LawError):
    """A setting that does not exist, or a value it cannot have."""

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        super().__init__(f"{name}: {message}")


class SettingType(StrEnum):
    """What a setting holds, and how its text is read."""

    INTEGER = "integer"
    FLAG = "flag"
    CHOICE = "choice"
    TIME = "time"
    DATE = "date"
    CODES = "codes"


@dataclass(frozen=True, slots=True)
class Setting:
    """One interpretation of ours. `citation` is the article or the section of law.md that is silent."""

    name: str
    type: SettingType
    default: Value
    citation: str
    explanation_kk: str
    explanation_ru: str
    explanation_en: str
    used_by: str
    consumed: bool
    unit: str | None
    minimum: int | None
    maximum: int | None
    choices: tuple[str, ...]
    choice_labels: Mapping[str, Label]

    @property
    def articles(self) -> str:
        """The articles the citation names; its references to our own working papers are no use to a reader."""
        named = (each.strip() for each in re.split("[;,]", self.citation))
        return ", ".join(dict.fromkeys(each for each in named if ARTICLE.fullmatch(each)))

    @property
    def is_fixed(self) -> bool:
        """Whether there is nothing to choose: the code follows the one reading there is."""
        return self.type is SettingType.CHOICE and len(self.choices) == 1

    def read(self, text: str) -> Value:
        """The value that `text` stands for. Raises PolicyError."""
        text = text.strip()
        value = self._read(text)
        if isinstance(value, int) and not isinstance(value, bool):
            self._check_range(value)
        return value

    def write(self, value: Value) -> str:
        """The text of a value, as `read` takes it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, time):
            return value.strftime("%H:%M")
        if isinstance(value, tuple):
            return ",".join(value)
        return value.isoformat() if isinstance(value, date) else str(value)

    def _read(self, text: str) -> Value:
        try:
            match self.type:
                case SettingType.INTEGER:
                    return int(text)
                case SettingType.FLAG:
                    return _FLAGS[text.lower()]
                case SettingType.TIME:
                    return time.fromisoformat(text)
                case SettingType.DATE:
                    return date.fromisoformat(text)
                case SettingType.CODES:
                    return _codes(text)
                case SettingType.CHOICE:
                    return self._choice(text)
        except (ValueError, KeyError) as error:
            if isinstance(error, PolicyError):
                raise
            raise PolicyError(self.name, f"{text!r} is not {_EXPECTED[self.type]}") from None

    def _choice(self, text: str) -> str:
        if text not in self.choices:
            raise PolicyError(self.name, f"{text!r} is not one of: {', '.join(self.choices)}")
        return text

    def _check_range(self, value: int) -> None:
        if self.minimum is not None and value < self.minimum:
            raise PolicyError(self.name, f"{value} is less than {self.minimum}")
        if self.maximum is not None and value > self.maximum:
            raise PolicyError(self.name, f"{value} is more than {self.maximum}")


@dataclass(frozen=True)
class Policy(Mapping[str, Value]):
    """The settings in force: a frozen mapping of names to values, with access by type."""

    values_by_name: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        try:
            return self.values_by_name[name]
        except KeyError:
            raise PolicyError(name, "there is no such setting") from None

    def __contains__(self, name: object) -> bool:
        return name in self.values_by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)

    def integer(self, name: str) -> int:
        """A number."""
        value = self[name]
        if isinstance(value, bool) or not isinstance(value, int):
            raise PolicyError(name, "is not a number")
        return value

    def flag(self, name: str) -> bool:
        """A yes or no."""
        value = self[name]
        if not isinstance(value, bool):
            raise PolicyError(name, "is not a yes or no")
        return value

    def choice(self, name: str) -> str:
        """One of the setting's choices."""
        value = self[name]
        if not isinstance(value, str):
            raise PolicyError(name, "is not a choice")
        return value

    def clock_time(self, name: str) -> time:
        """A time of day in Kazakhstan."""
        value = self[name]
        if not isinstance(value, time):
            raise PolicyError(name, "is not a time of day")
        return value

    def day(self, name: str) -> date:
        """A date."""
        value = self[name]
        if not isinstance(value, date):
            raise PolicyError(name, "is not a date")
        return value

    def codes(self, name: str) -> tuple[str, ...]:
        """A list of codes."""
        value = self[name]
        if not isinstance(value, tuple):
            raise PolicyError(name, "is not a list of codes")
        return value

    def working_hours(self) -> WorkingHours:
        """The hours in which bodies receive."""
        return WorkingHours(self.clock_time("working_hours_start"), self.clock_time("working_hours_end"))


def policy_with(overrides: Mapping[str, str]) -> Policy:
    """The defaults with these texts read over them. Raises PolicyError, naming the setting."""
    values: dict[str, Value] = {each.name: each.default for each in SETTINGS}
    for name, text in overrides.items():
        values[name] = setting(name).read(text)
    policy = Policy(MappingProxyType(values))
    if policy.clock_time("working_hours_start") >= policy.clock_time("working_hours_end"):
        raise PolicyError("working_hours_end", "working hours must end after they start")
    return policy


def setting(name: str) -> Setting:
    """The setting called `name`. Raises PolicyError."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise PolicyError(name, "there is no such setting") from None


def order_for(edition: Edition, policy: Policy) -> Order:
    """The order of check and support of a petition filed under `edition` (section 4)."""
    chosen = policy.choice("order_of_check_and_support")
    return edition.default_order if chosen == "by_edition" else Order(chosen)


def count_towards_threshold(joined: int, edition: Edition, policy: Policy) -> int:
    """How many of `joined` count towards the threshold: all, unless the first 50 are left out."""
    if policy.flag("first_50_count"):
        return joined
    return max(0, joined - edition.support_needed.value)


_FLAGS = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)
_EXPECTED = {
    SettingType.INTEGER: "a whole number",
    SettingType.FLAG: "true or false",
    SettingType.CHOICE: "a choice",
    SettingType.TIME: "a time of day such as 09:00",
    SettingType.DATE: "a date such as 2026-03-02",
    SettingType.CODES: "a list of codes such as 1,2,9",
}


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(part.strip() for part in text.split(",") if part.strip())
    if not all(code.isdecimal() for code in codes):
        raise ValueError(text)
    return codes


def _setting(raw: Mapping[str, Any]) -> Setting:
    labels = {value: Label(text["kk"], text["ru"], text["en"]) for value, text in raw.get("labels", {}).items()}
    kind = SettingType(raw["type"])
    default = raw["default"]
    return Setting(
        name=raw["name"],
        type=kind,
        default=tuple(default) if kind is SettingType.CODES else default,
        citation=raw["citation"],
        explanation_kk=raw["kk"],
        explanation_ru=raw["ru"],
        explanation_en=raw["en"],
        used_by=raw["used_by"],
        consumed=raw["consumed"],
        unit=raw.get("unit"),
        minimum=raw.get("min"),
        maximum=raw.get("max"),
        choices=tuple(raw.get("choices", ())),
        choice_labels=MappingProxyType(labels),
    )


SETTINGS: tuple[Setting, ...] = tuple(_setting(raw) for raw in datafile.load("policy.toml")["setting"])
_BY_NAME: Mapping[str, Setting] = MappingProxyType({each.name: each for each in SETTINGS})
DEFAULT_POLICY = policy_with({})

"""Which kinds of value may a setting of plan.yml have? Each is refused in words that name what was expected."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from babel.numbers import list_currencies
from pydantic import AfterValidator, BeforeValidator, Field

from salesnb.calendars.days import FIRST_YEAR, LAST_YEAR, has_calendar
from salesnb.headlines import LARGEST
from salesnb.language import Message
from salesnb.plan.mistakes import SettingError


def _currency(code: str) -> str:
    if code not in list_currencies():
        raise SettingError(Message("a currency's code (ISO 4217), such as CNY or EUR"))
    return code


def _country(code: str) -> str:
    if not re.fullmatch("[A-Z]{2}", code) or not has_calendar(code):
        raise SettingError(Message("a country's code (ISO 3166) whose holidays are known, such as CN or DE"))
    return code


def _month(text: str) -> str:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise SettingError(Message("a month such as 2026-10"))
    return text


def _month_day(text: str) -> str:
    try:
        dt.datetime.strptime(f"2024-{text}", "%Y-%m-%d")
    except ValueError:
        raise SettingError(Message("a day of the year, its month first, such as 11-11")) from None
    return text


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise SettingError(Message("a year such as 2026"))
    return year


def _variable(name: str) -> str:
    if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name):
        raise SettingError(
            Message(
                "the name of an environment variable, such as SALESNB_DATABASE_URL; the address itself stays out of this file"
            )
        )
    return name


def _own_name(name: str) -> str:
    if name in PARTS or "=" in name:
        raise SettingError(
            Message(
                "a name of your own for a column, without = and none of {known:list}, which salesnb uses itself",
                known=[*PARTS],
            )
        )
    return name


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


PARTS = (
    "company",
    "region",
    "team",
    "rep",
    "account",
    "product_line",
)  # of the company, that every company has
Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0, lt=LARGEST)]
Growth = Annotated[float, Field(gt=-1)]
Days = Annotated[int, Field(gt=0)]
Year = Annotated[int, AfterValidator(_year)]
Month = Annotated[str, AfterValidator(_month)]
Currency = Annotated[str, AfterValidator(_currency)]
Country = Annotated[str, AfterValidator(_country)]
MonthDay = Annotated[str, AfterValidator(_month_day)]
Variable = Annotated[str, AfterValidator(_variable)]
Identifier = Annotated[str, BeforeValidator(_as_text)]
Name = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
OwnName = Annotated[Name, AfterValidator(_own_name)]
TableName = Literal[
    "accounts", "reps", "products", "orders", "targets", "leads", "opportunities", "stage_events", "activities",
    "checklist_items", "invoices", "rates", "satisfaction", "training", "pulse", "events", "actions",
]  # fmt: skip

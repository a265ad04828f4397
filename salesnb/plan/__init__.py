"""What has the company decided for the year? plan.yml, typed and closed.

`load_plan` turns the file into a `Plan`; an unknown key, a wrong type or a share above one is an `InputError` of one
sentence that names the key, what was expected and the nearest known name. Contradictions between parts that are each
valid are `plan.linter`'s.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from salesnb.audience import FEWEST_PEOPLE
from salesnb.errors import InputError
from salesnb.headlines import LARGEST
from salesnb.language import Message
from salesnb.plan import brand as colours
from salesnb.plan.kinds import PARTS as PARTS
from salesnb.plan.kinds import Country as Country
from salesnb.plan.kinds import Currency as Currency
from salesnb.plan.kinds import Days as Days
from salesnb.plan.kinds import Growth as Growth
from salesnb.plan.kinds import Identifier as Identifier
from salesnb.plan.kinds import Money as Money
from salesnb.plan.kinds import Month as Month
from salesnb.plan.kinds import MonthDay as MonthDay
from salesnb.plan.kinds import Name as Name
from salesnb.plan.kinds import OwnName as OwnName
from salesnb.plan.kinds import Share as Share
from salesnb.plan.kinds import TableName as TableName
from salesnb.plan.kinds import Variable as Variable
from salesnb.plan.kinds import Year as Year
from salesnb.plan.mistakes import ContradictionError, SettingError, mistakes
from salesnb.plan.text import read_text, settings_in


class Settings(BaseModel):
    """The base of every part of the plan: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)


class YearTarget(Settings):
    """The target of one fiscal year and how it is spread."""

    amount: Money
    shape: Literal["even", "working_days", "last_year", "seasonal", "forecast", "best"] = "even"
    fixed: dict[Month, Money] = {}
    mix: dict[str, Share] = {}
    growth: dict[str, Growth] = {}
    regions: dict[str, Share] = {}
    fixed_parts: dict[str, dict[str, Money]] = {}  # region → product line → amount that stays
    over_assignment: Annotated[float, Field(ge=0.5, le=2)] = 1.0


class StrategicTier(Settings):
    top_share: Share = 0.05
    min_days: Days = 365
    contact_days: Days = 14
    executive_contact_days: Days = 30
    hours_per_month: Money | None = None


class CoreTier(Settings):
    revenue_share: Share = 0.80
    contact_days: Days = 30
    hours_per_month: Money | None = None


class PotentialTier(Settings):
    new_days: Days = 180
    contact_days: Days = 60
    hours_per_month: Money | None = None


class Screen(Settings):
    """What an opportunity account must show to be worth an adviser's time."""

    industry_fit: Share = 0.5
    budget: Money = 100_000
    decision_access: list[Literal["unknown", "user", "influencer", "decision_maker"]] = [
        "influencer",
        "decision_maker",
    ]


class OpportunityTier(Settings):
    contact_days: Days = 90
    hours_per_month: Money | None = None
    screen: Screen = Screen()


class Tiers(Settings):
    strategic: StrategicTier = StrategicTier()
    core: CoreTier = CoreTier()
    potential: PotentialTier = PotentialTier()
    opportunity: OpportunityTier = OpportunityTier()


class SprintBonus(Settings):
    """A step of a sprint's bonus: what is paid in all once the share `at` of the target is reached: to each person of the squads when the
    sprint has reached it, or to each squad that has reached it of its own target."""

    at: Annotated[float, Field(gt=0, lt=LARGEST)]
    amount: Money
    per: Literal["person", "squad"] = "person"


def _steps(value: object) -> object:
    """A bonus of one step, or of none, as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, Mapping) else value


class CommissionTier(Settings):
    """A rate from `from` on, to where the next tier begins; what `to` says beside that is only checked."""

    start: Money = Field(alias="from")
    to: Money | None = None
    rate: Share


class Commission(Settings):
    basis: Literal["net_amount", "margin"] = "net_amount"
    mode: Literal["marginal", "retroactive"] = "marginal"
    by: Literal["rep", "team"] = "rep"
    unit: Literal["attainment", "amount"] = "attainment"
    tiers: Annotated[list[CommissionTier], Field(min_length=1)]
    cap: Money | None = None


class Sprint(Settings):
    """A push with an end: time × task × resource."""

    name: str
    start: dt.date
    end: dt.date
    target: Money
    visits_per_day: Money | None = None
    leads_per_day: Money | None = None
    lead_conversion: Share | None = None
    key_account_contact_days: Days = 7
    squads: dict[str, list[Identifier]] = {}
    squad_targets: dict[str, Money] = {}
    bonus: Annotated[list[SprintBonus], BeforeValidator(_steps)] = []
    commission: Commission | None = None  # on top of the year's, on what is sold in the sprint

    @model_validator(mode="after")
    def _end_after_start(self) -> Sprint:
        if self.end < self.start:
            raise ContradictionError(
                Message(
                    "the sprint {name} ends on {end:date}, before it starts on {start:date}",
                    name=self.name,
                    end=self.end,
                    start=self.start,
                )
            )
        return self


class Hires(Settings):
    """People who are hired together; each rises to a full one over `ramp_months`."""

    people: Annotated[int, Field(gt=0, le=10_000)]
    start: dt.date = Field(alias="from")
    ramp_months: Annotated[int, Field(ge=0, le=60)] = 6


class Scenario(Settings):
    """A year in which something else is decided or happens; what it does not name is as planned."""

    name: Name
    hires: Hires | None = None
    price: Growth = 0
    win_rate: Annotated[float, Field(ge=-1, le=1)] = 0
    lost: list[Name] = []
    quota: Growth = 0
    commission: Commission | None = None
    sprint_days: Annotated[int, Field(ge=0, le=60)] = 0


class Credit(Settings):
    cost_of_capital: Share = 0.06
    prepay_above: Money | None = None
    long_terms_days: Days = 90


class Support(Settings):
    """Technical support that orders take: hours an order, of a product line its own, and the hours that there are a month."""

    hours_per_order: Money | None = None
    lines: dict[str, Money] = {}
    hours_per_month: Money | None = None


class Training(Settings):
    """What a module of training takes, and which one helps at which stage."""

    hours: Annotated[float, Field(gt=0, le=400)] | None = None  # without it two working days
    stages: dict[str, Literal["product", "skills", "communication"]] = {}


class Source(Settings):
    folders: list[str] = []
    url_env: Variable | None = None


class Intake(Settings):
    max_rejected: Share = 0.05
    date_order: Literal["dmy", "mdy", "ymd"] | None = None


class Privacy(Settings):
    fewest_people: Annotated[int, Field(ge=FEWEST_PEOPLE)] = FEWEST_PEOPLE


def _colour(text: str) -> str:
    if not colours.is_colour(text):
        raise SettingError(Message("a colour such as #1f4e9c"))
    if (found := colours.contrast(text, colours.WHITE)) < colours.LEAST:
        raise SettingError(
            Message(
                "a colour that is read on white: a contrast of {least:number} or more, but this has {found:number}",
                least=colours.LEAST,
                found=found,
            )
        )
    return text.lower()


def _logo(name: str) -> str:
    if not re.search(r"\.(svg|png|jpe?g)$", name, re.I):
        raise SettingError(Message("a picture in the workspace, such as logo.svg or logo.png"))
    return name


class Brand(Settings):
    """The house's own look: the colour of what was sold, and a logo at the top of each page."""

    colour: Annotated[str, AfterValidator(_colour)] | None = None
    logo: Annotated[str, AfterValidator(_logo)] | None = None


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", text):
        raise SettingError(Message("a mail address such as director@example.com"))
    return text


Address = Annotated[str, AfterValidator(_address)]


class Mail(Settings):
    """To whom `salesnb send` mails a pack, and through which server: the company's pack goes `to` these, a scope's (region=East) to
    those of its name in `scopes`. The password is in the environment variable `password_env`."""

    to: list[Address] = []
    scopes: dict[str, list[Address]] = {}
    sender: Address | None = Field(default=None, alias="from")
    server: str | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password_env: Variable | None = None


class Plan(Settings):
    """plan.yml as a whole. `company` alone is required."""

    company: Name
    currency: Currency = "CNY"
    unit: Literal["", "元", "万元"] = ""  # of money on Chinese pages; without it each number takes its own
    language: Literal["en", "zh"] = "en"
    country: Country | None = None
    hours_per_day: Annotated[float, Field(gt=0, le=24)] = 7
    fiscal_year_starts: Annotated[int, Field(ge=1, le=12)] = 1
    targets: dict[Year, YearTarget] = {}
    tiers: Tiers = Tiers()
    stages: list[str] = []
    required_fields: dict[str, list[str]] = {}
    checklists: dict[str, list[str]] = {}
    sprints: list[Sprint] = []
    commission: Commission | None = None
    commission_alternative: Commission | None = None  # the plan to compare with, at what the year may bring
    scenarios: list[Scenario] = []
    credit: Credit = Credit()
    price_floors: dict[str, Share] = {}
    support: Support = Support()
    groups: dict[str, dict[str, Name]] = {}
    training: Training = Training()
    source: Source = Source()
    intake: Intake = Intake()
    privacy: Privacy = Privacy()
    mail: Mail = Mail()
    brand: Brand = Brand()
    # headline tiles, in this order, by the keys of metrics.json; the usual eight where absent
    tiles: list[str] = []
    checks: dict[Name, Name] = {}  # what must never be → a SELECT that must give no rows
    # days of the year on which the company sells more, beside the known ones of its country: {周年庆: 05-20}
    sales_days: dict[Name, MonthDay] = {}
    columns: dict[TableName, dict[OwnName, Literal["text", "number", "date", "boolean"]]] = {}  # own ones
    aliases: dict[
        Literal["accounts", "reps", "products"], dict[Name, Name]
    ] = {}  # another spelling → what counts


def load_plan(path: Path) -> Plan:
    """The settings in `path`; `InputError` names the key, what was expected and what to write instead."""
    return _plan_in(read_text(path), path)


@lru_cache(maxsize=4)  # a run asks for its plan seven times; a text that has not changed says the same
def _plan_in(text: str, path: Path) -> Plan:
    return read_plan(settings_in(text, path=path), path=path)


def read_plan(content: Any, *, path: Path) -> Plan:
    """The same from what YAML gave; `path` only names the source in errors."""
    if not isinstance(content, Mapping):
        raise InputError(
            "{path} holds no settings: write one a line, such as company: NAME",
            path=path,
        )
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        raise InputError(mistakes(error, Plan, content, path=path)) from None

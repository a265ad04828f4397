"""What has the company decided for the year? plan.yml, typed and closed.

`load_plan` turns the file into a `Plan`; an unknown key, a wrong type or a share above one is an `InputError` of one
sentence that names the key, what was expected and the nearest known name. Contradictions between parts that are each
valid are `plan_linter`'s.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from salesnb.errors import InputError, nearest
from salesnb.language import Message

Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0)]
Growth = Annotated[float, Field(gt=-1)]
Days = Annotated[int, Field(gt=0)]
Year = Annotated[int, Field(ge=1900, le=2200)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Identifier = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


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
    at: Annotated[float, Field(gt=0)]
    amount: Money


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
    bonus: SprintBonus | None = None

    @model_validator(mode="after")
    def _end_after_start(self) -> Sprint:
        if self.end < self.start:
            raise ValueError(f"the sprint {self.name} ends on {self.end}, before it starts on {self.start}")
        return self


class CommissionTier(Settings):
    start: Money = Field(alias="from")
    rate: Share


class Commission(Settings):
    basis: Literal["net_amount", "margin"] = "net_amount"
    mode: Literal["marginal", "retroactive"] = "marginal"
    by: Literal["rep", "team"] = "rep"
    unit: Literal["attainment", "amount"] = "attainment"
    tiers: Annotated[list[CommissionTier], Field(min_length=1)]
    cap: Money | None = None


class Credit(Settings):
    cost_of_capital: Share = 0.06
    prepay_above: Money | None = None
    long_terms_days: Days = 90


class Source(Settings):
    folders: list[str] = []
    url_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None


class Intake(Settings):
    max_rejected: Share = 0.05
    date_order: Literal["dmy", "mdy", "ymd"] | None = None


class Plan(Settings):
    """plan.yml as a whole. `company` alone is required."""

    company: Annotated[str, Field(min_length=1)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    language: Literal["en", "zh"] = "en"
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    hours_per_day: Annotated[float, Field(gt=0, le=24)] = 7
    fiscal_year_starts: Annotated[int, Field(ge=1, le=12)] = 1
    targets: dict[Year, YearTarget] = {}
    tiers: Tiers = Tiers()
    stages: list[str] = []
    required_fields: dict[str, list[str]] = {}
    checklists: dict[str, list[str]] = {}
    sprints: list[Sprint] = []
    commission: Commission | None = None
    credit: Credit = Credit()
    price_floors: dict[str, Share] = {}
    source: Source = Source()
    intake: Intake = Intake()


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors (a small file can unfold into gigabytes) and without repeated keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "anchors and aliases are not read here", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
            if isinstance(key, (str, int)) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key} stands twice", key_node.start_mark
                )
            if isinstance(key, (str, int)):
                seen.add(key)
        return super().construct_mapping(node, deep)


def load_plan(path: Path) -> Plan:
    """The settings in `path`; `InputError` names the key, what was expected and what to write instead."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            "{path} is missing: a workspace needs a plan.yml with at least the line company: NAME", path=path
        ) from None
    except OSError as error:
        raise InputError(
            "{path} cannot be read ({problem}); grant access to it", path=path, problem=error.strerror
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(
            "{path} is not UTF-8 (byte {byte}): save it as UTF-8", path=path, byte=error.start
        ) from None
    try:
        content = yaml.load(text, Loader=_PlainLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            "{path} cannot be read as YAML at line {line}: {problem}",
            path=path,
            line=mark.line + 1 if mark else 1,
            problem=str(getattr(error, "problem", None) or error).splitlines()[0],
        ) from None
    except RecursionError:
        raise InputError("{path} cannot be read as YAML: it is nested too deeply", path=path) from None
    except ValueError as error:
        raise InputError("{path} cannot be read as YAML: {problem}", path=path, problem=str(error)) from None
    return read_plan(content, path=path)


def read_plan(content: Any, *, path: Path) -> Plan:
    """The same from what YAML gave; `path` only names the source in errors."""
    if not isinstance(content, Mapping):
        raise InputError(
            "{path} must be a list of settings such as company: NAME, but holds {kind}",
            path=path,
            kind=type(content).__name__,
        )
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        raise InputError(_first_problem(error, path)) from None


def _first_problem(error: ValidationError, path: Path) -> Message:
    problems = error.errors()
    misspelt = (problem for problem in problems if problem["type"] == "extra_forbidden")
    problem = next(misspelt, problems[0])  # a misspelt key explains the one that is missing
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        name = str(problem["loc"][-1])
        known = list(_keys_at(Plan, problem["loc"][:-1]))
        guess = nearest(name, known)
        if guess:
            return Message(
                "{path}: the setting {where} does not exist; did you mean {guess}?",
                path=path,
                where=where,
                guess=guess,
            )
        return Message(
            "{path}: the setting {where} does not exist; there are {known:list}",
            path=path,
            where=where,
            known=known,
        )
    if problem["type"] == "missing":
        return Message("{path}: the setting {where} is missing; add it", path=path, where=where)
    return Message(
        "{path}: {where} is {got}, which cannot be used: {expected}; correct it",
        path=path,
        where=where,
        got="…"
        if where == "source.url_env"
        else repr(problem["input"])[:80],  # an address may hold a password
        expected=problem["msg"].removeprefix("Value error, ")[:1].lower()
        + problem["msg"].removeprefix("Value error, ")[1:],
    )


def _keys_at(annotation: Any, location: tuple[int | str, ...]) -> Iterator[str]:
    """The settings that exist at a place of the plan."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        fields = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        if location:
            yield from _keys_at(fields[str(location[0])], location[1:])
        else:
            yield from fields
    elif location and get_args(annotation):
        yield from _keys_at(get_args(annotation)[-1], location[1:])

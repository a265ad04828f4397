"""What does each setting of plan.yml decide? A line for `salesnb explain plan`, for an editor's completion and for the sample plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from salesnb.language import marked
from salesnb.plan import Plan

# A setting by its path; {} stands for a name of one's own, a year or a list's entry.
SETTINGS: Mapping[str, str] = {
    "company": marked("the company's name, on every page"),
    "currency": marked("the currency of all amounts, by ISO 4217"),
    "unit": marked("the unit of money on Chinese pages; without it each number takes its own"),
    "language": marked("the language of pages where --lang is not given: en or zh"),
    "country": marked("whose working days count, by ISO 3166; without it Monday to Friday"),
    "hours_per_day": marked("selling hours of a person's working day"),
    "fiscal_year_starts": marked("the month in which the fiscal year starts"),
    "targets": marked("the company's year, where the table targets says nothing"),
    "targets.{}.amount": marked("what the year should bring"),
    "targets.{}.shape": marked("how it spreads over the months: even, working_days, last_year, seasonal, forecast or best (by back-test)"),
    "targets.{}.fixed": marked("months whose target stays as written"),
    "targets.{}.mix": marked("product lines' shares of the year; the rest as last year"),
    "targets.{}.growth": marked("a product line's expected growth over last year"),
    "targets.{}.regions": marked("regions' shares of the year"),
    "targets.{}.fixed_parts": marked("a region's product line whose amount stays as written"),
    "targets.{}.over_assignment": marked("the sum of personal targets, divided by the target"),
    "tiers": marked("which accounts deserve how much effort"),
    "tiers.strategic": marked("accounts flagged as strategic, else the largest that are known for long"),
    "tiers.strategic.top_share": marked("where no account is flagged: which share of these accounts is strategic"),
    "tiers.strategic.min_days": marked("for how many days they must have been customers"),
    "tiers.core": marked("the accounts that carry the business beside the strategic ones"),
    "tiers.core.revenue_share": marked("up to which share of revenue strategic and core accounts reach"),
    "tiers.potential": marked("accounts that grow or are new"),
    "tiers.potential.new_days": marked("for how many days an account is new"),
    "tiers.opportunity": marked("all other accounts"),
    "tiers.{}.contact_days": marked("after how many days without contact an account of the tier is late"),
    "tiers.strategic.executive_contact_days": marked("after how many days without an executive's contact it is late"),
    "tiers.{}.hours_per_month": marked("hours that an account of the tier should get a month"),
    "tiers.opportunity.screen": marked("what an opportunity account must show to be worth a sales person's time"),
    "tiers.opportunity.screen.industry_fit": marked("its least fit to what you sell, 0 to 1"),
    "tiers.opportunity.screen.budget": marked("its least budget"),
    "tiers.opportunity.screen.decision_access": marked("whom you must at least reach there"),
    "stages": marked("the stages of a deal in their order; without it the order that the data show"),
    "required_fields": marked("which fields a deal must have filled from a stage on"),
    "checklists": marked("which steps belong to a stage"),
    "sprints": marked("pushes with an end, a target and squads"),
    "sprints.{}.name": marked("what people call it"),
    "sprints.{}.start": marked("its first day"),
    "sprints.{}.end": marked("its last day"),
    "sprints.{}.target": marked("what it should bring"),
    "sprints.{}.visits_per_day": marked("visits of all squads on a working day"),
    "sprints.{}.leads_per_day": marked("new leads on a working day"),
    "sprints.{}.lead_conversion": marked("which share of its leads should become deals"),
    "sprints.{}.key_account_contact_days": marked("after how many days strategic accounts are to be met again"),
    "sprints.{}.squads": marked("squads and the ids of their people"),
    "sprints.{}.squad_targets": marked("what each squad should bring of the target; without it as its people's year targets stand to each other"),
    "sprints.{}.bonus": marked("the steps of its bonus; of several the highest that is reached is paid"),
    "sprints.{}.bonus.{}.at": marked("from which share of the target on"),
    "sprints.{}.bonus.{}.amount": marked("how much then, in all"),
    "sprints.{}.bonus.{}.per": marked("person: each person of the squads when the sprint reaches it; squad: each squad that reaches it of its own target"),
    "sprints.{}.commission": marked("commission on what is sold in the sprint, on top of the year's; tiers start at a share of the member's part of its target"),
    "commission": marked("what people earn for what they sell"),
    "commission_alternative": marked("another commission to compare with"),
    "{}.basis": marked("what is paid on: net_amount or margin"),
    "{}.mode": marked("marginal: each tier's rate for its own part; retroactive: the reached rate for all"),
    "{}.by": marked("who is paid: rep or team"),
    "{}.unit": marked("what a tier's start is: a share of the target (attainment) or an amount"),
    "{}.tiers": marked("the tiers, each to where the next begins"),
    "{}.tiers.{}.from": marked("where the tier begins"),
    "{}.tiers.{}.to": marked("where it ends, to be checked against the next one's beginning"),
    "{}.tiers.{}.rate": marked("its rate"),
    "{}.cap": marked("the most that a person or team earns a year"),
    "scenarios": marked("other years to compare the plan with, side by side"),
    "scenarios.{}.name": marked("what people call it"),
    "scenarios.{}.hires": marked("people who are hired"),
    "scenarios.{}.hires.people": marked("how many"),
    "scenarios.{}.hires.from": marked("from which day on"),
    "scenarios.{}.hires.ramp_months": marked("months in which a new one rises to a full person"),
    "scenarios.{}.price": marked("other prices at the same quantities: 0.03 is 3% more"),
    "scenarios.{}.win_rate": marked("points of win rate: 0.02 is two more of a hundred deals won"),
    "scenarios.{}.lost": marked("accounts that order no more, by id or name"),
    "scenarios.{}.quota": marked("another target: 0.05 is 5% more"),
    "scenarios.{}.commission": marked("another commission"),
    "scenarios.{}.sprint_days": marked("working days by which the next sprint is longer"),
    "credit": marked("when waiting for money costs too much"),
    "credit.cost_of_capital": marked("what money costs a year"),
    "credit.prepay_above": marked("from which order amount on a prepayment is asked for"),
    "credit.long_terms_days": marked("from how many days on terms of payment are long"),
    "price_floors": marked("a product line's least margin after discount, as a share of net_amount"),
    "support": marked("technical support that stands ready for the orders to come"),
    "support.hours_per_order": marked("hours of it that an order takes"),
    "support.lines": marked("product lines whose orders take other hours"),
    "support.hours_per_month": marked("hours of it that there are a month"),
    "groups": marked("project groups across functions, by account: its id or name, then function and person (an id or a name)"),
    "source": marked("where statements may read, beside the workspace"),
    "source.folders": marked("further folders that .sql files may read"),
    "source.url_env": marked("the environment variable that holds a warehouse's address"),
    "training": marked("what a course takes, and which one helps where"),
    "training.hours": marked("hours that a course takes of a person; without it two working days"),
    "training.stages": marked("which module helps who loses deals at a stage: product, skills or communication; without it by the stage's place"),
    "intake": marked("how files are read"),
    "intake.max_rejected": marked("the share of rejected rows in a table from which on nothing is reported"),
    "intake.date_order": marked("dmy, mdy or ymd, where days and months could be taken for each other"),
    "privacy": marked("what protects people"),
    "privacy.fewest_people": marked("from how many people on employees' answers are shown"),
    "mail": marked("how salesnb send mails a pack"),
    "mail.to": marked("who gets the company's pack"),
    "mail.scopes": marked("who gets the pack of a scope, such as region=East"),
    "mail.from": marked("from which address"),
    "mail.server": marked("through which server"),
    "mail.port": marked("the server's port"),
    "mail.security": marked("how the connection is protected: starttls, tls or none"),
    "mail.user": marked("the user at the server"),
    "mail.password_env": marked("the environment variable that holds the user's password"),
    "sales_days": marked("days of the year on which the company sells more, beside its country's known ones"),
    "brand": marked("how pages show whose they are"),
    "brand.colour": marked("the colour of headings and of what was sold"),
    "brand.logo": marked("a picture that stands at the top of each page"),
    "tiles": marked("which numbers stand on the first page, by their keys and in this order"),
    "checks": marked("SQL that must return no rows, told like a suspicion"),
    "columns": marked("own columns of a table and their kind: text, number, date or boolean"),
    "aliases": marked("another spelling of a name and the name that counts"),
}  # fmt: skip


def explained(path: str) -> str:
    """The line for a setting's path, as a text for the catalogue: its own, else the one in which {} stands for a part of it."""
    inner = path.partition(".commission.")[
        2
    ]  # a commission within another setting is explained as the plan's own
    parts = f"commission.{inner}".split(".") if inner else path.split(".")
    for pattern, text in SETTINGS.items():
        wanted = pattern.split(".")
        if len(wanted) == len(parts) and all(
            one in ("{}", other) for one, other in zip(wanted, parts, strict=True)
        ):
            return text
    raise KeyError(path)


def settings(model: type[BaseModel] = Plan, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every setting in the order of the types: its path and its field."""
    for name, field in model.model_fields.items():
        path = before + (field.alias or name)
        yield path, field
        below, inner = _models(field.annotation)
        if inner is not None:
            yield from settings(inner, f"{path}.{below}")


def _models(annotation: Any) -> tuple[str, type[BaseModel] | None]:
    """The settings below one: where a name or an entry stands between, and their type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "", annotation
    between = "{}." if get_origin(annotation) in (dict, list) else ""
    for part in get_args(annotation):
        below, inner = _models(part)
        if inner is not None:
            return between + below, inner
    return "", None

"""Who may see what? One table for the code that keeps to it, for CONTRIBUTING and for the tests.

A scope is a part of the company: a region, a team, a person, an account, a product line, or a member of an own column. What
a pack of it holds goes to whoever answers for that part, so it holds what is theirs and nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from salesnb.language import Message, marked

if TYPE_CHECKING:
    import pandas as pd

FEWEST_PEOPLE = 5  # from how many different people on the answers of employees are shown
LEADS = r"lead|(?<!account )(?<!customer )(?<!client )(?<!product )manager|head|director|(?<!客户)(?<!产品)经理|主管|总监|组长"
Pay = Literal["each", "own", "sum", "none"]


@dataclass(frozen=True)
class Audience:
    """What a pack of one kind of scope holds. `rows` and `people` in words; `ranks`: named people beside each other; `attained`:
    what a person attains; `pay`: of each, the person's own, the sum of several, none; `pulse`: employees' answers, of groups."""

    rows: str
    people: str
    ranks: bool
    attained: bool
    pay: Pay
    pulse: bool
    reader: str


COMPANY = Audience(
    "all", "all", True, True, "each", True, marked("Whoever may see the whole company, pay of each included")
)
AUDIENCES = {
    "company": COMPANY,
    "region": Audience(
        "accounts whose region or owner is its, those accounts' and its people's rows",
        "its own, those whom its rows name, its lead",
        True, True, "sum", True,
        marked("Whoever answers for the region {name}, and the company's management"),
    ),
    "team": Audience(
        "its people's accounts, those accounts' and its people's rows",
        "its own, those whom its rows name, its lead",
        True, True, "sum", True,
        marked("Whoever leads the team {name}, and the company's management"),
    ),
    "rep": Audience(
        "that person's rows and accounts", "that person and the lead",
        False, True, "own", False,
        marked("{name}, whoever leads {name}, and the company's management"),
    ),
    "account": Audience(
        "that account's rows", "its owner and those whom its rows name, for one who has left the lead",
        False, False, "none", False,
        marked("Whoever works for the customer {name}, and the company's management"),
    ),
    "product_line": Audience(
        "its rows, and whole what names no product", "owners only",
        False, False, "none", False,
        marked("Whoever answers for the product line {name}, and the company's management"),
    ),
}  # fmt: skip
OWN_COLUMN = Audience(
    "its rows, and whole what names no member of it",
    "owners only",
    False,
    False,
    "none",
    False,
    marked("Whoever answers for {name}, and the company's management"),
)
COMPANY_WIDE = (
    "the company's target and total",
    "medians, quartiles, means and shares of at least five members",
    "models fitted to the whole company and their limits (tiers, shapes of forecasts, repeat orders, deals, the zombie limit)",
    "what a course goes with, over at least five people",
    "market events that name no account",
    "products, price floors, the plan's rules and the calendar",
)
WHY = {
    "company": marked("This is about the whole company and stands in its own pack only."),
    "pay": marked("What a person earns stands in that person's and in the company's pack only."),
    "pay of each": marked("What a person earns stands in that person's and in the company's pack only."),
    "ranks": marked("People stand beside each other in packs of the company, a region or a team only."),
    "attained": marked("What a person attains is no part of a pack of this kind."),
    "teams": marked("What a team does as a whole stands in packs of the company, a region or a team only."),
}


def audience(kind: str) -> Audience:
    """What a pack of a scope of this kind holds; of an own column of plan.yml, what all of those hold."""
    return AUDIENCES.get(kind, OWN_COLUMN)


def withheld(kind: str, subject: str) -> Message | None:
    """Why `subject` (a key of `WHY`) is no part of a pack of this kind; None where it is."""
    own = audience(kind)
    held = {
        "company": kind == "company",
        "pay": own.pay != "none",
        "pay of each": own.pay in ("each", "own"),
        "ranks": own.ranks,
        "attained": own.attained,
        "teams": own.ranks,
    }
    return None if held[subject] else Message(WHY[subject])


def lead_of(people: pd.DataFrame, member: object, *, within: str) -> str:
    """Who answers for a region, a team or another column's member? The id of its lead of longest standing; empty where it has none.

    `people`: one row per person, with `active`. A manager of customers or products leads nobody.
    """
    role = people["role"].fillna("").astype(str)
    leads = people[
        (people[within] == member) & role.str.contains(LEADS, case=False) & people["active"].astype(bool)
    ]
    leads = leads.assign(rank=~role[leads.index].str.contains("lead|head|总监|主管", case=False))
    ordered = leads.sort_values(["rank", "hired_on", "rep_id"])
    return str(ordered["rep_id"].iloc[0]) if len(ordered) else ""


def table() -> list[tuple[str, ...]]:
    """The rows of the table in CONTRIBUTING: scope, rows, people, rankings, attainment, pay, pulse."""
    kinds = {**AUDIENCES, "own column": OWN_COLUMN}
    said = {True: "yes", False: "no"}
    words = {"each": "each person's", "own": "that person's", "sum": "the sum of two or more", "none": "none"}
    return [
        (
            kind.replace("_", " "),
            one.rows,
            one.people,
            said[one.ranks],
            said[one.attained],
            words[one.pay],
            f"groups of {FEWEST_PEOPLE} people or more" if one.pulse else "none",
        )
        for kind, one in kinds.items()
    ]

"""What does each person's sheet for the weekly talk say? Own number and pace, five customers and five deals with one question each,
what was promised, training, pay to date.

Every function gives lines of all people of its frames; a sheet takes those of its person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesnb.audience import FEWEST_PEOPLE
from salesnb.display.deals.prose import reasons
from salesnb.display.kit.words import called
from salesnb.headlines import Line
from salesnb.language import Message, Written

FIVE = 5  # customers and deals that a week can hold
SOON = pd.Timedelta(days=14)
LIKELY = 0.5  # chance of an order in ninety days, from which a customer is asked about its next one
RECENT = pd.DateOffset(months=12)  # in which a course counts as news


def numbers(people: pd.DataFrame, *, days_left: float) -> list[Line]:
    """Own number and pace, and where the colleagues' middle half stands, without a name. `people`: `carriers.by_member` with names."""
    aimed = people[people["target_year"] > 0]
    reached = aimed["attainment"].dropna()
    lines = []
    for row in aimed.to_dict("records"):
        missing = max(0.0, row["target_year"] - row["actual_ytd"])
        lines.append(
            Line(
                row["member"],
                "number",
                Message(
                    "{actual:money} of {target:money} due to date, {share:tenths}",
                    actual=row["actual_ytd"],
                    target=row["target_ytd"],
                    share=row["attainment"],
                ),
            )
        )
        if days_left > 0:
            lines.append(
                Line(
                    row["member"],
                    "number",
                    Message(
                        "{pace:money} a working day from now to the year's {target:money}",
                        pace=missing / days_left,
                        target=row["target_year"],
                    ),
                )
            )
        if len(reached) >= 2 * FEWEST_PEOPLE:
            low, high = reached.quantile([0.25, 0.75])
            text = Message(
                "The middle half of colleagues stands at {low:percent} to {high:percent}", low=low, high=high
            )
            lines.append(Line(row["member"], "number", text))
    return lines


def pay(table: pd.DataFrame) -> list[Line]:
    """Commission of the year to date; of people alone, not of teams. `table`: `incentives.build`'s."""
    return [
        Line(row["member"], "pay", Message("Commission of the year to date"), amount=float(row["payout"]))
        for row in table.to_dict("records")
    ]


def customers(
    silent: pd.DataFrame,
    covered: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    ahead: pd.DataFrame,
    as_of: pd.Timestamp,
) -> list[Line]:
    """This week's customers: those who pause beyond their rhythm, then those not met in time, then those whose next order is likely
    within a fortnight (`ahead`: `readiness.calendar` with names), most money first."""
    owner = accounts.drop_duplicates("account_id").set_index("account_id")["owner_id"]
    found: dict[str, list[Line]] = {}
    told: set[str] = set()
    for row in silent.to_dict("records"):
        ask = Message("Why has it not ordered for {pause:days}?", pause=row["pause"])
        _add(found, owner, row, ask, row["a_year"], told)
    late = covered[~covered["in_time"].astype(bool)] if len(covered) else covered
    for row in late.to_dict("records"):
        known = pd.notna(row["last_contact_on"])
        ask = (
            Message("What came of {day:day}, and what is next?", day=row["last_contact_on"])
            if known
            else Message("Who decides there, and when do you meet?")
        )
        _add(found, owner, row, ask, row["revenue"], told)
    soon = ahead[(ahead["likely_on"] <= as_of + SOON) & (ahead["buys_90"] >= LIKELY)]
    for row in soon.to_dict("records"):
        ask = Message("Likely to order about {day:day}: what does it need by then?", day=row["likely_on"])
        _add(found, owner, row, ask, row["value"], told)
    return [line for lines in found.values() for line in lines[:FIVE]]


def _add(
    found: dict[str, list[Line]],
    owner: pd.Series,
    row: Mapping[Any, Any],
    ask: Message,
    money: float,
    told: set[str],
) -> None:
    account = str(row["account_id"])
    rep = owner.get(account)
    if account in told or rep is None or pd.isna(rep):
        return
    told.add(account)
    name = str(row["account_name"])
    found.setdefault(str(rep), []).append(Line(str(rep), "customers", name, ask, float(money)))


def deals(risky: pd.DataFrame) -> list[Line]:
    """This week's deals: those at risk, the largest first, each with the question that its reason asks."""
    lines = []
    known = risky[risky["rep_id"].notna()] if len(risky) else risky
    for row in known.groupby("rep_id", sort=False).head(FIVE).to_dict("records") if len(known) else []:
        why = Written("list", reasons(row))
        text = (
            Message("{account}: {why}", account=row["account_name"], why=why)
            if reasons(row)
            else str(row["account_name"])
        )
        money = None if pd.isna(row["amount"]) else float(row["amount"])
        lines.append(Line(str(row["rep_id"]), "deals", text, _asked(row), money))
    return lines


def _asked(deal: Mapping[Any, Any]) -> Message:
    """The one question that a deal's strongest reason asks."""
    asked = {
        "silent": Message("What did they say when you last spoke?"),
        "stuck": Message("What must happen for it to leave {stage}?", stage=called(deal["stage"])),
        "late": Message("Which day did the customer name?"),
        "no_next_step": Message("What is the next step, and whose is it?"),
    }
    return asked.get(str(deal["first_reason"]), Message("Who decides, and when do we meet them?"))


def promises(status: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Line]:
    """What was agreed: overdue first, then open, then what was done in the last week. `status`: `retrospective.action_status`."""
    week = as_of - pd.Timedelta(days=7)
    lines = []
    for row in status[status["owner_id"].notna()].to_dict("records"):
        if row["status"] == "overdue":
            ask = Message("Overdue for {late:days}: finish it this week, or drop it?", late=row["late"])
        elif row["status"] == "open":
            ask = (
                Message("Due on {day:day}: what is in its way?", day=row["due_on"])
                if pd.notna(row["due_on"])
                else Message("By when?")
            )
        elif row["done_on"] > week:
            ask = Message("Done: what did it bring?")
        else:
            continue
        lines.append(Line(str(row["owner_id"]), "answers", str(row["description"]), ask))
    return lines


def training(done: pd.DataFrame, *, as_of: pd.Timestamp) -> list[Line]:
    """The courses of twelve months, the latest first."""
    recent = done[(done["completed_on"] <= as_of) & (done["completed_on"] > as_of - RECENT)]
    recent = recent.sort_values("completed_on", ascending=False)
    first = ~recent.duplicated("rep_id")
    return [
        Line(
            str(row["rep_id"]),
            "training",
            Message("{course}, {day:day}", course=row["course"], day=row["completed_on"]),
            Message("What do you do otherwise since?") if row["latest"] else "",
        )
        for row in recent.assign(latest=first).to_dict("records")
    ]

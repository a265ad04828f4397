"""Who has earned what: commission, sprint bonuses, and what drawn-forward orders earned."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.columns import summed
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.language import Message, marked
from salesnb.plan import Sprint
from salesnb.results.incentives import PulledPay


def earnings(table: pd.DataFrame) -> Exhibit | None:
    """Who earned what this year, largest first."""
    if table.empty:
        return None
    top = table.iloc[0]
    return exhibit.table(
        table,
        name="commission",
        finding=Message("{name} has earned most: {pay:money}", name=top["name"], pay=top["payout"]),
        subtitle=Message("Commission earned in the year to date"),
        columns={
            "name": Column(marked("Person")),
            "sold": Column(marked("Sold"), "money", bar=True),
            "target": Column(marked("Target, year"), "money", secondary=True),
            "attainment": Column(marked("Of the year"), "share"),
            "payout": Column(marked("Commission"), "money"),
            "next_rate": Column(marked("Next unit pays"), "share"),
        },
        total=summed(table, "sold", "payout"),
    )


def by_month(table: pd.DataFrame) -> Exhibit | None:
    """What each month paid; `table` of incentives.by_month."""
    if table.empty:
        return None
    taken = -float(table["taken_back"].sum())
    return exhibit.table(
        table,
        name="commission_by_month",
        finding=Message("Returns took {taken:money} of commission back in their own month", taken=taken)
        if taken
        else Message("No return took commission back this year"),
        subtitle=Message(
            "What the year to date pays at each month's end, less what it paid before; to the cent in the CSV"
        ),
        columns={
            "month": Column(marked("Month"), "month"),
            "earned": Column(marked("Earned"), "money"),
            "taken_back": Column(marked("Taken back"), "money"),
            "paid": Column(marked("Commission"), "money", bar=True),
        },
        total={name: float(table[name].sum()) for name in ("earned", "taken_back", "paid")},
        fold=len(table),
    )


def bonuses(table: pd.DataFrame) -> Exhibit | None:
    """Which sprints paid or missed their bonus; None where none has one."""
    if table.empty:
        return None
    own = table[table["sprint"] == table["sprint"].iloc[-1]]
    last = own.iloc[-1]
    paid = bool((own["bonus"] > 0).any())
    return exhibit.table(
        table,
        name="sprint_bonuses",
        finding=Message(
            "{sprint} paid its bonus at {reached:share} of its target",
            sprint=last["sprint"],
            reached=last["attainment"],
        )
        if paid
        else Message(
            "{sprint} missed its bonus at {reached:share} of its target",
            sprint=last["sprint"],
            reached=last["attainment"],
        ),
        subtitle=Message(
            "Steps of the sprints of the year that are over; each adds to the one below, and bought what of the sprint’s own effect lies in its reach"
        ),
        columns={
            "sprint": Column(marked("Sprint")),
            "sold": Column(marked("Sold"), "money"),
            "target": Column(marked("Target"), "money"),
            "attainment": Column(marked("Attainment"), "share"),
            "due_at": Column(marked("Due at"), "percent"),
            "people": Column(marked("People"), "count", secondary=True),
            "each": Column(marked("Each"), "money", secondary=True),
            "bonus": Column(marked("Bonus"), "money"),
            **({"bought": Column(marked("Bought"), "money")} if table["bought"].notna().any() else {}),
        },
        total=summed(table, "bonus"),
    )


def sprint_commission(rows: pd.DataFrame, sprint: Sprint | None, reps: pd.DataFrame) -> Exhibit | None:
    """What the sprint's own rates paid to whom, on top of the year's; None where it has none. `reps`: names by rep_id."""
    if rows.empty or sprint is None:
        return None
    called = dict(zip(reps["rep_id"], reps["rep_name"], strict=True))
    table = rows.assign(name=[called.get(member, member) for member in rows["member"]])
    return exhibit.table(
        table,
        name="sprint_commission",
        finding=Message(
            "Its own rates paid {paid:cents} in {sprint}", paid=float(table["paid"].sum()), sprint=sprint.name
        ),
        subtitle=Message(
            "Commission on top of the year’s, on what was sold in the sprint; each one’s part of its target"
        ),
        columns={
            "name": Column(marked("Person or team")),
            "sold": Column(marked("Sold"), "money"),
            "part": Column(marked("Part of the target"), "money", secondary=True),
            "paid": Column(marked("Commission"), "money", bar=True),
        },
        total=summed(table, "sold", "paid"),
    )


def pulled_pay(found: PulledPay | None, reps: pd.DataFrame) -> Exhibit | None:
    """Whose commission came sooner through drawn-forward orders? None where nobody's did. `reps`: names by rep_id."""
    if found is None or not found.sooner:
        return None
    called = dict(zip(reps["rep_id"], reps["rep_name"], strict=True))
    table = found.table.assign(name=[called.get(member, member) for member in found.table["member"]])
    return exhibit.table(
        table,
        name="pulled_pay",
        finding=Message(
            "Commission of {sooner:money} came early, by the end of {sprint}",
            sooner=found.sooner,
            sprint=found.sprint.name,
        ),
        subtitle=Message(
            "Drawn-forward orders shared among people as they sold on the sprint's last five working days"
        ),
        columns={
            "name": Column(marked("Person")),
            "pulled": Column(marked("Drawn forward"), "money"),
            "sooner": Column(marked("Commission that came early"), "money"),
        },
        total={"pulled": float(table["pulled"].sum()), "sooner": found.sooner},
    )

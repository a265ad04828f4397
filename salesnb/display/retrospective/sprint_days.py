"""Time × task × resource, planned and done: the matrix, what must change tomorrow, the squads, the key accounts not met."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import exhibit, theme
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.heat import heat
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import worded
from salesnb.display.parts.charts import depth
from salesnb.language import Message, Text, Written, marked
from salesnb.plan import Sprint

TASKS: Mapping[str, str] = {
    "orders": marked("Orders"),
    "visits": marked("Visits"),
    "leads": marked("Leads"),
    "conversion": marked("Leads that convert"),
    "key_accounts": marked("Key accounts met"),
}
FULL = 0.5  # below or above, from which a cell is as deep as it gets


def _named(rows: pd.DataFrame) -> list[Text]:
    return [Message(TASKS[task]) for task in rows["task"]]


def draw_matrix(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """Tasks down, weeks across, to date last: each cell the share of its plan that was done."""
    wide = data.pivot_table(index="task", columns="week", values="reached", dropna=False)
    wide = wide.reindex([task for task in TASKS if task in wide.index])
    wide = wide[[*sorted(week for week in wide.columns if week), 0]]
    return heat(
        ax,
        wide,
        shade=lambda share: (
            theme.BEHIND if share < 1 else theme.AHEAD, depth(min(abs(share - 1), FULL), FULL)
        ),
        pen=pen,
        write=lambda share: "" if pd.isna(share) else pen.percent(share),
        rows=[Message(TASKS[task]) for task in wide.index],
        columns=[Message("week {n:count}", n=week) if week else Message("to date") for week in wide.columns],
        size=8 if pen.narrow else 10,
    )  # fmt: skip


def matrix(rows: pd.DataFrame, days: pd.DataFrame) -> Exhibit | None:
    """The matrix; `days`: day by day and squad by squad, for the table behind it. None where nothing is planned."""
    whole = rows[rows["week"] == 0]
    known = whole[whole["reached"].notna()]
    if known.empty or rows["week"].max() < 1:
        return None
    worst = known.sort_values("reached", kind="stable").iloc[0]
    return exhibit.chart(
        draw_matrix,
        rows,
        name="sprint_matrix",
        finding=Message(
            "Least done of what was planned: {task}, {share:percent}",
            task=Message(TASKS[worst["task"]]),
            share=worst["reached"],
        ),
        subtitle=Message(
            "Done as a share of what the sprint planned, by task and week; leads that convert against the plan at their age"
        ),
        height=0.38 * rows["task"].nunique() + 0.5,
        columns={
            "task": Column(marked("Task"), words=TASKS),
            "week": Column(marked("Week (0: to date)"), "count"),
            "planned": Column(marked("Planned"), "number"),
            "done": Column(marked("Done"), "number"),
            "reached": Column(marked("Of plan"), "percent"),
        },
    )


def pace(rows: pd.DataFrame) -> Exhibit | None:
    """What each task needs a working day from now, beside what a day brought so far; None where no day is left or nothing is planned."""
    if rows.empty or rows["needed"].isna().all():
        return None
    ratio = (rows["needed"] / rows["a_day"].where(rows["a_day"] > 0)).fillna(float("inf"))
    asked = rows.assign(ratio=ratio)[rows["needed"] > 0].sort_values("ratio", ascending=False, kind="stable")
    worst = asked.iloc[0] if len(asked) else None
    kinds = ["money" if task == "orders" else "number" for task in rows["task"]]
    shown = {
        name: [Written(kind, value) for kind, value in zip(kinds, rows[name], strict=True)]
        for name in ("planned", "done", "a_day", "needed")
    }
    return exhibit.table(
        worded(rows.drop(columns=list(shown)), task=_named(rows), **shown),
        name="sprint_tomorrow",
        finding=Message("Every task of the sprint is done")
        if worst is None
        else Message(
            "From tomorrow on most must change in {task}: {needed} a working day, {a_day} so far",
            task=Message(TASKS[worst["task"]]),
            needed=Written("money" if worst["task"] == "orders" else "number", worst["needed"]),
            a_day=Written("money" if worst["task"] == "orders" else "number", worst["a_day"]),
        ),
        subtitle=Message("What is left of the sprint’s plan, spread over its working days left"),
        columns={
            "task": Column(marked("Task")),
            "planned": Column(marked("Planned"), "written", secondary=True),
            "done": Column(marked("Done"), "written"),
            "reached": Column(marked("Of what is due"), "percent"),
            "a_day": Column(marked("A day so far"), "written", secondary=True),
            "needed": Column(marked("A day from now"), "written"),
        },
    )


def squads(rows: pd.DataFrame, days: pd.DataFrame) -> Exhibit | None:
    """Each squad against its own target, least reached first; the CSV has every day. None without squads."""
    known = rows[rows["reached"].notna()]
    if known.empty:
        return None
    worst = known.iloc[0]
    some = {
        name: Column(label, "percent")
        for name, label in (("visits", marked("Visits, of plan")), ("leads", marked("Leads, of plan")))
        if rows[name].notna().any()
    }
    ahead = {"needed": Column(marked("A day from now"), "money")} if rows["needed"].notna().any() else {}
    return exhibit.table(
        rows,
        name="sprint_squads",
        finding=Message(
            "{squad} stands at {reached:percent} of its own target by now", squad=worst["squad"], reached=worst["reached"]
        ),
        subtitle=Message(
            "Orders of the sprint against each squad’s target, by the working days passed; its visits and leads against their plan"
        ),
        columns={
            "squad": Column(marked("Squad")),
            "people": Column(marked("People"), "count", secondary=True),
            "target": Column(marked("Target"), "money", secondary=True),
            "due": Column(marked("Due by now"), "money", secondary=True),
            "orders": Column(marked("Orders"), "money", bar=True),
            "reached": Column(marked("Of what is due"), "percent"),
            **some,
            **ahead,
        },
        whole=days,
    )  # fmt: skip


def unmet(rows: pd.DataFrame, accounts: pd.DataFrame, people: pd.DataFrame) -> Exhibit | None:
    """The key accounts that were not met in every week, by name, with their owners; None where all were. `accounts`, `people`: names by id."""
    if rows.empty:
        return None
    names = dict(
        zip(accounts["account_id"], accounts["account_name"].fillna(accounts["account_id"]), strict=True)
    )
    owners = (
        dict(zip(accounts["account_id"], accounts["owner_id"], strict=True)) if "owner_id" in accounts else {}
    )
    called = dict(zip(people["rep_id"], people["rep_name"].fillna(people["rep_id"]), strict=True))
    table = rows.assign(
        account=[names.get(account, account) for account in rows["account_id"]],
        owner=[called.get(owners.get(account), "") for account in rows["account_id"]],
        weeks=[", ".join(map(str, weeks)) for weeks in rows["weeks"]],
    )
    return exhibit.table(
        table,
        name="sprint_unmet",
        finding=Message(
            "Not met in every week with a working day: {n:count} key accounts; {account} missed {weeks:count} weeks",
            n=len(table),
            account=table["account"].iloc[0],
            weeks=int(table["missed"].iloc[0]),
        ),
        subtitle=Message("Strategic accounts without a contact in a week of the sprint that has passed"),
        columns={
            "account": Column(marked("Account")),
            "owner": Column(marked("Owner"), secondary=True),
            "weeks": Column(marked("Weeks without contact")),
            "missed": Column(marked("Weeks"), "count", bar=True),
            "last_on": Column(marked("Last contact"), "date"),
        },
    )  # fmt: skip


def tomorrow(rows: pd.DataFrame, sprint: Sprint | None) -> Message | None:
    """What is asked of tomorrow while the sprint runs; None where no day is left."""
    orders = rows[(rows["task"] == "orders") & rows["needed"].notna()]
    if orders.empty or sprint is None:
        return None
    row = orders.iloc[0]
    return Message(
        "{name} needs {needed:money} a working day from now on, where {a_day:money} came so far.",
        name=sprint.name,
        needed=row["needed"],
        a_day=row["a_day"],
    )

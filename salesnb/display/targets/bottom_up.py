"""What is asked from above beside what is promised from below, listed."""

from __future__ import annotations

import pandas as pd

from salesnb.display.kit import exhibit
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.words import assigned, worded
from salesnb.language import Message, marked

DIMENSIONS = {"region": marked("Region"), "product_line": marked("Product line")}


def views(table: pd.DataFrame) -> Exhibit | None:
    """The disagreement by region and product line; None without targets or without a measured pipeline."""
    if table.empty or table["disagreement"].isna().all():
        return None
    worst = table.sort_values("disagreement", kind="stable").iloc[0]
    if worst["disagreement"] < 0:
        finding = Message(
            "The pipeline lacks most in {member}: {amount:money} of what is asked of its deals",
            member=assigned(worst["member"]),
            amount=-worst["disagreement"],
        )
    else:
        finding = Message("The pipeline holds what is asked of deals in every region and product line")
    shown = [name for name in ("own", "accounts") if table[name].notna().any()]
    promised = {
        "own": Column(marked("Personal targets"), "money", secondary=True),
        "accounts": Column(marked("Account plans"), "money", secondary=True),
    }
    return exhibit.table(
        worded(table, name=[assigned(member) for member in table["member"]]),
        name="bottom_up_views",
        finding=finding,
        subtitle=Message(
            "Money still to come this year: needed from above; promised by personal targets and account plans; asked of deals and in the pipeline"
        ),
        columns={
            "name": Column(marked("Region or product line")),
            "dimension": Column(marked("By"), words=DIMENSIONS, secondary=True),
            "needed": Column(marked("Needed"), "money"),
            **{name: promised[name] for name in shown},
            "asked": Column(marked("Asked of deals"), "money", secondary=True),
            "pipeline": Column(marked("Pipeline"), "money"),
            "disagreement": Column(marked("Disagreement"), "money", bar=True),
        },
        fold=12,
    )


def account_plans(plans: pd.DataFrame) -> Exhibit | None:
    """The accounts whose plans promise most that has not come; None without account plans."""
    if plans.empty:
        return None
    first = plans.iloc[0]
    return exhibit.table(
        plans.reset_index(drop=True),
        name="account_plans",
        finding=Message(
            "Account plans still promise {left:money}; {account} most, {most:money}",
            left=float(plans["left"].sum()),
            account=first["account_name"],
            most=first["left"],
        ),
        subtitle=Message("Plans of the targets table for the year, less what was booked to date"),
        columns={
            "account_name": Column(marked("Account")),
            "region": Column(marked("Region"), secondary=True),
            "plan": Column(marked("Plan, year"), "money"),
            "booked": Column(marked("Booked"), "money"),
            "left": Column(marked("Still promised"), "money", bar=True),
        },
        total={name: float(plans[name].sum()) for name in ("plan", "booked", "left")},
    )

"""Who will order in the next thirty, sixty, ninety days, what is it worth, and how much technical support must stand ready?

Whether and how often is `repeat`'s, on which day `purchase_windows`', for how much `order_values`'; here they meet, with the
product line that the account buys and the hours that plan.yml says an order of it takes.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesnb.plan import Support

SPANS = (30, 60, 90)  # days ahead
TENDED = ("strategic", "core", "potential")
FAINT = 0.05  # chance of an order in ninety days, below which an account is not looked out for


def usual_lines(purchases: pd.DataFrame) -> pd.Series:
    """Which product line does each account order most often? account_id → product_line; accounts whose lines are unknown are absent.

    In: one row per account × product_line with order_days and net_amount, of twelve months; money decides a tie.
    """
    known = purchases[purchases["product_line"].notna()]
    ranked = known.sort_values(["order_days", "net_amount", "product_line"], ascending=[False, False, True])
    return ranked.drop_duplicates("account_id").set_index("account_id")["product_line"]


def hours_per_order(lines: pd.Series, support: Support) -> pd.Series:
    """Hours of technical support that an order of each line takes; missing where plan.yml says nothing of it."""
    return lines.map(support.lines).astype(float).fillna(support.hours_per_order)


def calendar(
    windows: pd.DataFrame,
    foreseen: Mapping[int, pd.DataFrame],
    values: pd.Series,
    assigned: pd.DataFrame,
    lines: pd.Series,
    *,
    support: Support,
) -> pd.DataFrame:
    """When will each account buy again, and what should stand ready?

    In: `purchase_windows.windows`; `repeat.foreseen` by days ahead (30, 60, 90); what an order day is worth by account_id (money);
    `tiers.assign`; `usual_lines`. Out: one row per account of the strategic, core and potential tiers with a chance of five per
    cent or more in ninety days, most money expected first: account_id, tier, kind, likely_on, from_50, to_50, from_80, to_80,
    product_line, value (money of an order day), and for each span buys_30 (chance), orders_30 (expected), money_30, hours_30
    (missing where the plan gives no hours).
    """
    table = windows.merge(assigned[["account_id", "tier"]], on="account_id")
    table = table[table["tier"].isin(TENDED)]
    table = table.assign(product_line=table["account_id"].map(lines), value=table["account_id"].map(values))
    each = hours_per_order(table["product_line"], support)
    for days in SPANS:
        ahead = foreseen[days].set_index("account_id")
        orders = table["account_id"].map(ahead["expected"])
        table = table.assign(
            **{
                f"buys_{days}": table["account_id"].map(ahead["buys"]),
                f"orders_{days}": orders,
                f"money_{days}": orders * table["value"],
                f"hours_{days}": orders * each,
            }
        )
    table = table[table["buys_90"] >= FAINT]
    return table.sort_values(["money_90", "account_id"], ascending=[False, True], ignore_index=True)


def load(ahead: pd.DataFrame, *, support: Support) -> pd.DataFrame:
    """What comes in each of the next three spans of thirty days, and can the support carry it?

    Out: one row per span: days (from 1 to 30, …), orders, money, hours, capacity (hours; missing where the plan gives none).
    """
    rows, before = [], dict.fromkeys(("orders", "money", "hours"), 0.0)
    for days in SPANS:
        until = {
            name: float(ahead[f"{name}_{days}"].sum(min_count=1 if name == "hours" else 0)) for name in before
        }
        rows.append({"days": days, **{name: until[name] - before[name] for name in before}})
        before = until
    return pd.DataFrame(rows).assign(capacity=support.hours_per_month).astype({"capacity": float})

"""Who carries what: target and actual of every region, team and person."""

from __future__ import annotations

import pandas as pd

from salesnb.audience import lead_of
from salesnb.calendars.periods import fiscal_months, fiscal_year, month_end, shares_passed, year_before


def by_member(
    bookings: pd.DataFrame,
    spread: pd.DataFrame,
    *,
    dimension: str,
    as_of: pd.Timestamp,
    starts: int = 1,
    country: str | None = None,
    plan: pd.Series | None = None,
) -> pd.DataFrame:
    """Who carries what: target and actual of every region, team, rep or product line.

    Input: bookings with a column named like `dimension` (rep → rep_id), targets from `targets.spread_rows`; `plan`: yearly amounts by
    member that plan.yml gives, used where the table names none, in equal months. Output: one row per member that has bookings
    this year or a target: member, actual_ytd, prior_ytd, target_ytd (of a running month what is due), target_year, attainment, gap (actual − target; missing
    without a target), largest shortfall first. Where no order of the year names any member, what each sold is missing, not nothing;
    so is last year where the data begin after its first month.
    """
    first, _ = fiscal_year(as_of, starts=starts)
    column = "rep_id" if dimension == "rep" else dimension
    months = fiscal_months(as_of, starts=starts)
    rows = spread[spread["dimension"] == dimension]
    passed = rows["amount"] * shares_passed(rows["month"], as_of, country=country)
    table = pd.DataFrame(
        {
            "actual_ytd": bookings[bookings["day"].between(first, as_of)].groupby(column)["net_amount"].sum(),
            "prior_ytd": bookings[bookings["day"].between(year_before(first), year_before(as_of))]
            .groupby(column)["net_amount"]
            .sum(),
            "target_ytd": passed[rows["month"] <= as_of].groupby(rows["member"]).sum(),
            "target_year": rows.groupby("member")["amount"].sum(),
        }
    )
    if plan is not None and rows.empty:
        table = table.reindex(table.index.union(plan.index))
        elapsed = float(shares_passed(months, as_of, country=country).mean())
        table["target_year"], table["target_ytd"] = (
            plan.reindex(table.index),
            plan.reindex(table.index) * elapsed,
        )
    table = table[table["actual_ytd"].notna() | table["target_year"].notna()]
    silent = says_nothing(bookings[bookings["day"].between(first, as_of)], column)
    unknown = bookings.empty or bookings["day"].min() > month_end(year_before(first))
    nothing = {"actual_ytd": float("nan") if silent else 0.0, "prior_ytd": float("nan") if unknown else 0.0}
    table = table.fillna(nothing).astype(float)
    if unknown:
        table["prior_ytd"] = float("nan")
    table["attainment"] = table["actual_ytd"] / table["target_ytd"].where(table["target_ytd"] > 0)
    table["gap"] = table["actual_ytd"] - table["target_ytd"]
    return (
        table.rename_axis("member")
        .reset_index()
        .sort_values(["gap", "member"], na_position="last", ignore_index=True)
    )


def says_nothing(bookings: pd.DataFrame, column: str) -> bool:
    """Are there bookings, and does none of them name a member of the column?"""
    return len(bookings) > 0 and bool(bookings[column].isna().all())


def own_rows(
    spread: pd.DataFrame, bookings: pd.DataFrame, reps: pd.DataFrame, *, company: bool
) -> pd.DataFrame:
    """The rows of `targets.spread_rows` that concern a scope, people by their id: a target may name a person by id or by name. A name
    that several people have stays as it is: the target is a member of its own, and nobody's.

    `bookings`, `reps`: of the scope; `company`: there is no scope, so every member stays.
    """
    named = reps[reps["rep_name"].notna() & ~reps["rep_name"].isin(set(reps["rep_id"]))]
    named = named.drop_duplicates("rep_name", keep=False)
    ids = dict(zip(named["rep_name"], named["rep_id"], strict=True))
    rows = spread.assign(
        member=spread["member"].where(spread["dimension"] != "rep", spread["member"].replace(ids))
    )
    if company:
        return rows
    own = {column: set(bookings[column].dropna()) for column in ("region", "team", "product_line")} | {
        "rep": set(reps["rep_id"])
    }
    keep = [
        member in own.get(dimension, ())
        for dimension, member in zip(rows["dimension"], rows["member"], strict=True)
    ]
    return rows[pd.Series(keep, index=rows.index, dtype=bool)]


def with_names(table: pd.DataFrame, reps: pd.DataFrame, *, column: str = "member") -> pd.DataFrame:
    """The table with a name beside each rep id (the id where there is none)."""
    names = reps.dropna(subset=["rep_name"]).drop_duplicates("rep_id").set_index("rep_id")["rep_name"]
    return table.assign(name=table[column].map(names).astype(object).fillna(table[column]))


def responsible(reps: pd.DataFrame, member: str, *, within: str = "region") -> str:
    """Who answers for a region (or another column's member): its team lead of longest standing; empty where it has none."""
    lead = lead_of(reps, member, within=within)
    names = reps.loc[reps["rep_id"] == lead, "rep_name"].dropna()
    return str(names.iloc[0]) if len(names) else lead


def acting(reps: pd.DataFrame) -> dict[str, str]:
    """Who acts for those who have left: the lead of their team, else of their region; empty where there is neither.

    By id and by name; a name that somebody has who is still here is not among them. `reps`: everybody, with `active`.
    """
    here = reps[reps["active"].astype(bool)]
    known = {*here["rep_id"], *here["rep_name"].dropna()}
    found = {}
    for person in reps[reps["left_on"].notna() & ~reps["active"].astype(bool)].to_dict("records"):
        lead = responsible(reps, person["team"], within="team") or responsible(reps, person["region"])
        for name in (person["rep_id"], person["rep_name"]):
            if pd.notna(name) and name not in known:
                found[str(name)] = lead
    return found

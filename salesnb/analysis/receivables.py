"""Who owes us money, who pays late, and what does the waiting cost?

An invoice is open with what is unpaid of it on the day of the report, overdue from the day after it was due. Late is an
invoice that was paid after its due date or is unpaid once that has passed; a credit note is neither. A customer is a slow payer where the
share of late invoices is higher than chance allows among customers of the same house.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import months_back
from salesnb.findings import EXPLAINED, FOUND, NONE, Finding
from salesnb.headlines import Figure
from salesnb.language import Message

FALSE_DISCOVERY = 0.05  # of customers who are called slow and are not

BUCKETS = ((None, 0), (1, 30), (31, 60), (61, 90), (91, None))
DAYS_OF_DSO = 90
DAYS_OF_YEAR = 365


def headlines(
    months: pd.DataFrame, payments: pd.DataFrame, *, lacking: Message | None = None
) -> dict[str, Figure]:
    """What is owed, what of it is overdue, and how long do we wait?

    `months`: one row per month end, the day of the report last (open, billed, overdue, invoiced_90d; money). `payments`: one
    row per account (due_ttm, late_ttm; invoices). No row in `months` means that nothing is known: every figure is null, for
    the reason `lacking`. DSO is open receivables over what was invoiced in the last 90 days, times 90.
    """
    keys = ("open", "overdue", "overdue_share", "dso", "late_rate")
    if months.empty:
        reason = lacking or Message("There is no table of invoices.")
        return {f"receivables.{key}": Figure(None, reason) for key in keys}
    now = _ratios(months).iloc[-1]
    due, late = int(payments["due_ttm"].sum()), int(payments["late_ttm"].sum())
    return {
        "receivables.open": Figure(round(float(now["open"]), 2)),
        "receivables.overdue": Figure(round(float(now["overdue"]), 2)),
        "receivables.overdue_share": _or_reason(now["overdue_share"], Message("Nothing is unpaid.")),
        "receivables.dso": _or_reason(now["dso"], Message("Nothing was invoiced in the last ninety days.")),
        "receivables.late_rate": Figure(late / due)
        if due
        else Figure(None, Message("No invoice was due in the last twelve months.")),
    }


def history(months: pd.DataFrame) -> pd.DataFrame:
    """How did receivables move over the month ends?

    One row per month end, as given, with `overdue_share` (0–1, of what is unpaid of invoices above 0), `dso` and `counted_back` (days);
    missing where they have no base.
    """
    return _ratios(months).assign(counted_back=count_back(months))


def _ratios(months: pd.DataFrame) -> pd.DataFrame:
    base = months["billed"].where(months["billed"] != 0)
    invoiced = months["invoiced_90d"].where(months["invoiced_90d"] != 0)
    return months.assign(overdue_share=months["overdue"] / base, dso=months["open"] / invoiced * DAYS_OF_DSO)


def count_back(months: pd.DataFrame) -> np.ndarray:
    """For how many days' invoices have we not been paid? What is open at each month end is counted back over the months' invoices, the
    latest first, until it is used up: unlike the ratio it does not fall because a month was large.

    `months`: month after month (month_end, open, invoiced_month). 0 where nothing is open, missing where the months before do not reach.
    """
    ends = pd.DatetimeIndex(months["month_end"])
    issued, lasted = months["invoiced_month"].to_numpy(dtype=float), np.array([end.day for end in ends])
    found = np.full(len(months), np.nan)
    for place, left in enumerate(months["open"].to_numpy(dtype=float)):
        days = 0.0
        for month in range(place, -1, -1):
            if left <= max(issued[month], 0.0):
                found[place] = days + (lasted[month] * left / issued[month] if left > 0 else 0.0)
                break
            left, days = left - issued[month], days + lasted[month]
    return found


def roll_rate(rolls: pd.DataFrame) -> float | None:
    """Which part of an old debt stays unpaid for another 90 days, by the house's own record? `rolls`: one row per earlier month
    end (old, still; money). None where there was no old debt."""
    old = float(rolls["old"].sum())
    return float(rolls["still"].sum()) / old if old > 0 else None


def ageing(invoices: pd.DataFrame) -> pd.DataFrame:
    """How old is what is owed?

    `invoices`: one row per open invoice (amount, unpaid, days_overdue); unused credit notes stand apart, in no band, as do
    invoices without a due date. One row per age band, youngest first: from_day, to_day
    (missing where the band is open), amount, invoices, share of the amount. Every band is there, with zero where empty; no
    invoices give no rows.
    """
    columns = ["from_day", "to_day", "amount", "invoices", "share"]
    invoices = invoices[invoices["amount"] > 0]
    if invoices.empty:
        return pd.DataFrame(columns=columns)
    edges = [-np.inf, 0, 30, 60, 90, np.inf]
    band = pd.cut(invoices["days_overdue"], edges, labels=False)
    amounts = invoices["unpaid"].groupby(band).agg(["sum", "size"]).reindex(range(len(BUCKETS)), fill_value=0)
    total = float(invoices["unpaid"].sum())
    return pd.DataFrame(
        {
            "from_day": pd.array([low for low, _ in BUCKETS], dtype="Int64"),
            "to_day": pd.array([high for _, high in BUCKETS], dtype="Int64"),
            "amount": amounts["sum"].astype(float).to_numpy(),
            "invoices": amounts["size"].astype(int).to_numpy(),
            "share": amounts["sum"].to_numpy() / total if total else np.nan,
        }
    )


def debtors(invoices: pd.DataFrame, payments: pd.DataFrame, *, cost_of_capital: float = 0.0) -> pd.DataFrame:
    """Who owes us how much, since when, and what does the lateness cost in a year?

    One row per account that owes something, largest overdue first: account_id, account_name, open, overdue,
    oldest_days (days past due of its oldest open invoice, at least 0), share (of all that is open), late_rate,
    mean_days_late, yearly_cost = what was invoiced in twelve months × days late / 365 × cost of capital.
    """
    columns = [
        "account_id",
        "account_name",
        "open",
        "overdue",
        "oldest_days",
        "share",
        "late_rate",
        "mean_days_late",
        "yearly_cost",
    ]
    if invoices.empty:
        return pd.DataFrame(columns=columns)
    late = (invoices["days_overdue"] > 0) & (invoices["amount"] > 0)
    rows = invoices.assign(
        overdue=invoices["unpaid"].where(late, 0.0), oldest_days=invoices["days_overdue"].where(late, 0)
    )
    owed = rows.groupby("account_id", as_index=False).agg(
        account_name=("account_name", "first"),
        open=("unpaid", "sum"),
        overdue=("overdue", "sum"),
        oldest_days=("oldest_days", "max"),
    )
    owed["share"] = owed["open"] / owed["open"].sum()
    record = payments.assign(
        late_rate=payments["late_ttm"] / payments["due_ttm"].where(payments["due_ttm"] > 0)
    )
    owed = owed.merge(
        record[["account_id", "late_rate", "mean_days_late", "invoiced_ttm"]], on="account_id", how="left"
    )
    owed["yearly_cost"] = owed["invoiced_ttm"] * owed["mean_days_late"] / DAYS_OF_YEAR * cost_of_capital
    return owed.sort_values(
        ["overdue", "open", "account_id"], ascending=[False, False, True], ignore_index=True
    )[columns]


def moved(months: pd.DataFrame, invoices: pd.DataFrame | None = None) -> tuple[bool, str]:
    """Did overdue money move more in the last month than from month to month before, beyond noise? And what explains it: the
    time of the year, where the same month a year before moved so too, or one customer, whose invoices that fell overdue in the month are half
    of the step. `months` of `history`, more than a year of them; `invoices`: one row per open invoice (account_id, amount, unpaid,
    days_overdue)."""
    known = _known(months)
    beyond, by = rivals.turned(known["overdue"])
    if not beyond or invoices is None or len(known) < 2:
        return beyond, by
    days = (known["month_end"].iloc[-1] - known["month_end"].iloc[-2]).days
    fresh = invoices[invoices["days_overdue"].between(1, days) & (invoices["amount"] > 0)]
    largest = float(fresh.groupby("account_id")["unpaid"].sum().max()) if len(fresh) else 0.0
    step = float(known["overdue"].iloc[-1] - known["overdue"].iloc[-2])
    if step > 0 and rivals.share_of(step, step - largest) >= rivals.MOST:
        return False, "one_large"
    return True, ""


def findings(
    months: pd.DataFrame,
    payers: pd.DataFrame,
    invoices: pd.DataFrame | None = None,
    *,
    as_of: pd.Timestamp,
) -> list[Finding]:
    """The verdicts of `moved` and of `slow_payers`."""
    known, year = _known(months)["overdue"], (months_back(as_of, 12), as_of)
    beyond, by = moved(months, invoices)
    word = FOUND if beyond else EXPLAINED if by else NONE
    step = float(known.iloc[-1] - known.iloc[-2]) if len(known) > 1 else None
    turned = Finding(
        "receivables.overdue", word, by=by or None, value=step, stated=intervals.FALSE_ALARM, unit="month", basis="own_past",
        rivals={by: 1.0} if by else {}, period=f"{months_back(as_of, 1):%Y-%m-%d}/{as_of:%Y-%m-%d}",
    )  # fmt: skip
    late = payers.assign(conclusion=np.where(payers["slow"].astype(bool), FOUND, NONE), by="")
    return [
        turned,
        *rivals.told(
            late, id="account.slow_payer", member="account_id", value="late_rate", stated=FALSE_DISCOVERY, unit="payment_run",
            basis="peers", period=year,
        ),
    ]  # fmt: skip


def _known(months: pd.DataFrame) -> pd.DataFrame:
    """The months since something was owed."""
    owed = (months["open"] != 0).to_numpy()
    return months.iloc[int(owed.argmax()) if owed.any() else len(months) :]


def slow_payers(payments: pd.DataFrame, *, false_discovery: float = FALSE_DISCOVERY) -> pd.DataFrame:
    """Which customers pay late more often than chance allows?

    `payments`: one row per account (account_id, account_name, due_ttm, late_ttm, mean_days_late, invoiced_ttm). One row per
    account with an invoice due, the surest first: late_rate, peers (the late rate of all other accounts), expected_rate (its
    own rate, drawn towards the house's by the spread between customers: posterior mean of a beta-binomial), p_value
    (one-sided, binomial against its peers, with as many trials as it has independent payment runs: runs_ttm, where it is told), slow (found at this false discovery rate, Benjamini and Hochberg 1995).
    A single account has no peers and is never slow.
    """
    columns = [
        "account_id",
        "account_name",
        "due_ttm",
        "late_ttm",
        "mean_days_late",
        "invoiced_ttm",
        "late_rate",
        "peers",
        "expected_rate",
        "p_value",
        "slow",
    ]
    rows = payments[payments["due_ttm"] > 0].copy()
    if rows.empty:
        return pd.DataFrame(columns=columns)
    due, late = rows["due_ttm"].astype(float), rows["late_ttm"].astype(float)
    others = due.sum() - due
    rows["late_rate"] = late / due
    rows["peers"] = (late.sum() - late) / others.where(others > 0)
    first, second = beta_spread(late.to_numpy(), due.to_numpy())
    rows["expected_rate"] = (
        (late + first) / (due + first + second) if np.isfinite(first) else late.sum() / due.sum()
    )
    runs = rows["runs_ttm"].astype(float).clip(upper=due).fillna(due) if "runs_ttm" in rows else due
    tail = rivals.at_least(rows["late_rate"] * runs, runs, rows["peers"].fillna(1.0))
    rows["p_value"] = np.where(rows["peers"].isna(), 1.0, tail)
    rows["slow"] = intervals.beyond_noise(rows["p_value"], looks="fdr_bh", alpha=false_discovery)
    return rows.sort_values(["p_value", "account_id"], ignore_index=True)[columns]


def beta_spread(successes: np.ndarray, trials: np.ndarray) -> tuple[float, float]:
    """How much do the groups' own rates differ? The two parameters of a beta distribution, by the method of moments.

    Kleinman (1973). No spread beyond binomial noise gives infinite parameters (every group has the common rate); rates
    that are all zero or all one do too.
    """
    rate = successes.sum() / trials.sum()
    if len(trials) < 2 or rate in (0.0, 1.0):
        return float("inf"), float("inf")
    weights = trials / trials.sum()
    spread = float((weights * (successes / trials - rate) ** 2).sum())
    noise = rate * (1 - rate) * float((weights * (1 - weights) / trials).sum())
    most = rate * (1 - rate) * float((weights * (1 - weights)).sum())
    correlation = (spread - noise) / max(most - noise, 1e-12)
    if correlation <= 1e-9:
        return float("inf"), float("inf")
    strength = 1 / min(correlation, 0.999) - 1
    return float(rate * strength), float((1 - rate) * strength)


def _or_reason(value: float, reason: Message) -> Figure:
    return Figure(float(value)) if pd.notna(value) else Figure(None, reason)

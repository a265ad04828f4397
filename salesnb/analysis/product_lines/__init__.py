"""Which product line's conversion falls, and is it the product or the pitch?

Readings are weighed: all hands or a few, a competitor, the reasons given, the discounts granted. The verdict is one word,
and "cannot tell" is one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from salesnb.analysis import intervals
from salesnb.analysis.decomposition import rivals
from salesnb.analysis.product_lines.hands import FEW, MONTHS, how_crowded, how_uneven, unpicked
from salesnb.analysis.product_lines.hands import by_rep as by_rep
from salesnb.analysis.product_lines.hands import spans as spans
from salesnb.calendars.periods import months_back
from salesnb.findings import CANNOT_TELL, EXPLAINED, Finding
from salesnb.results.funnel import CROWDED, GAINED, UNEVEN, Reading

FAIR_CLOSED = 20  # closed deals in either span below which no fall is called
SEED = 31


def unnamed(readings: Iterable[Reading], words: str) -> list[Reading]:
    """The readings for who may not see people beside each other: with `words` where the two people are named."""
    return [replace(one, few=(words,) * bool(one.few)) for one in readings]


def by_line(opportunities: pd.DataFrame, *, as_of: pd.Timestamp, months: int = MONTHS) -> pd.DataFrame:
    """Which line's win rate fell? Deals closed in the last `months` months against the same months a year before.

    One row per product line, the largest fall first: product_line, closed_now, closed_before, now, before, change,
    low, high (Newcombe's interval of the change), p_value (Fisher; NaN below 20 closed deals in a span), net and net_p (the change
    between deals of the same channel, region, size, person and age, by account: `rivals.at_equal_strata`), rivals (the share of
    the change that goes at equal mix, and at equal age), conclusion and by (`rivals.conclusion`), fell (a fall beyond noise
    after Holm's correction over the lines, and so at equal mix and age too).
    """
    now, before = spans(opportunities, as_of=as_of, months=months)
    rows = []
    for line in sorted(set(now["product_line"]) & set(before["product_line"])):
        (won, n), (won_before, n_before) = _wins(now, line), _wins(before, line)
        change = intervals.difference(won, n, against=(won_before, n_before))
        if change is None:
            continue
        fair = min(n, n_before) >= FAIR_CLOSED
        p = float(fisher_exact([[won, n - won], [won_before, n_before - won_before]])[1]) if fair else np.nan
        net, shares = _net(now, before, line, change.value) if fair else (None, {})
        rows.append(
            {
                "product_line": line, "closed_now": n, "closed_before": n_before, "now": won / n, "before": won_before / n_before,
                "change": change.value, "low": change.low, "high": change.high, "p_value": p,
                "net": net.value if net else np.nan, "net_p": net.p_value if net else np.nan, "rivals": shares,
            }
        )  # fmt: skip
    columns = [
        "product_line", "closed_now", "closed_before", "now", "before", "change", "low", "high", "p_value", "net", "net_p", "rivals",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns).sort_values("change", kind="stable").reset_index(drop=True)
    seen = intervals.beyond_noise(frame["p_value"]) & (frame["change"] < 0).to_numpy()
    alike = intervals.beyond_noise(frame["net_p"]) & (frame["net"] < 0).to_numpy()
    told = rivals.worded(frame.index, seen, alike, list(frame.pop("rivals")))
    return frame.join(told).assign(fell=seen & alike)


def _net(
    now: pd.DataFrame, before: pd.DataFrame, line: str | None, change: float
) -> tuple[rivals.Estimate | None, dict[str, float]]:
    """A line's change between like deals, and what of it goes at equal mix alone and at equal age alone."""
    deals, here = _together(now, before, line)
    won, accounts = deals["outcome"] == "won", deals.get("account_id")
    strata = rivals.deal_strata(deals)
    whole = rivals.at_equal_strata(won, here, strata, cluster=accounts)
    alone = {
        name: rivals.at_equal_strata(won, here, strata[columns], cluster=accounts)
        for name, columns in (
            ("mix", [c for c in strata if c != rivals.AGE]),
            ("maturity", [c for c in strata if c == rivals.AGE]),
        )
    }
    shares = {name: rivals.share_of(change, one.value if one else None) for name, one in alone.items()}
    if whole is not None and max(shares.values()) < rivals.MOST:  # what neither explains may go with both
        first = max(shares, key=lambda name: shares[name])
        shares[first] = max(shares[first], rivals.share_of(change, whole.value))
    return whole, shares


def _together(now: pd.DataFrame, before: pd.DataFrame, line: str | None) -> tuple[pd.DataFrame, np.ndarray]:
    deals = pd.concat([now, before], ignore_index=True)
    here = np.arange(len(deals)) < len(now)
    own = (deals["product_line"] == line).to_numpy() if line is not None else np.ones(len(deals), dtype=bool)
    return deals[own].reset_index(drop=True), here[own]


def shifted(
    opportunities: pd.DataFrame, *, line: str, as_of: pd.Timestamp
) -> tuple[str, str, float, float] | None:
    """Which channel, region or person took over a line? The one of the mix that explains most of its change, and the member
    of it whose share of the closed deals grew most: dimension, member, share before, share now. None without two spans."""
    now, before = spans(opportunities, as_of=as_of)
    deals, here = _together(now, before, line)
    if not 0 < here.sum() < len(here):
        return None
    won, strata = (deals["outcome"] == "won").astype(float), rivals.deal_strata(deals)
    change = float(won[here].mean() - won[~here].mean())
    left = {}
    for name in ("channel", "region", "rep_id"):
        one = rivals.at_equal_strata(won, here, strata[[name]]) if name in strata else None
        left[name] = rivals.share_of(change, one.value if one else None)
    best = max(left, key=lambda name: left[name])
    named = deals["rep_name" if best == "rep_id" else best].fillna("")
    sides = [named[side].value_counts(normalize=True) for side in (~here, here)]
    grown = (sides[1].sub(sides[0], fill_value=0.0)).sort_values(ascending=False, kind="stable")
    member = str(grown.index[0])
    return best, member, float(sides[0].get(member, 0.0)), float(sides[1].get(member, 0.0))


def findings(lines: pd.DataFrame, readings: list[Reading | None], *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `by_line` and of `reading` of its lines."""
    span = (months_back(as_of, MONTHS), as_of)
    shared: dict[str, Any] = {"stated": intervals.FALSE_ALARM, "unit": "account", "basis": "year_before"}
    fell = rivals.told(lines, id="line.fell", member="product_line", value="change", period=span, **shared)
    why = []
    for one in readings:
        if one is None or one.verdict == "steady":
            continue
        found = one.verdict
        why.append(
            Finding(
                "line.why",
                found,
                one.line,
                one.by or None,
                one.now - one.before,
                looks=max(1, len(lines)),
                rivals=one.rivals,
                period=f"{span[0]:%Y-%m-%d}/{span[1]:%Y-%m-%d}",
                **shared,
            )
        )
    return fell + (why or [Finding("line.why", "none", looks=max(1, len(lines)), **shared)])


def reading(
    opportunities: pd.DataFrame,
    *,
    line: str,
    fell: bool,
    as_of: pd.Timestamp,
    by: str = "",
    bookings: pd.DataFrame | None = None,
    months: int = MONTHS,
    seed: int = SEED,
) -> Reading | None:
    """Product or pitch? `fell` and `by` are `by_line`'s call for the line, and the rival that explains its fall; `bookings`
    (day, rep_id, product_line, net_amount, list_amount) tell the discounts.

    **explained**: the fall goes at equal mix or age; then neither product nor pitch is asked for.

    **pitch**: a reason for losing gained beyond noise, it sits with two people more than chance allows, their win rate fell
    and everybody else's did not (or, without reasons, the fall itself is that uneven). **product**: the line fell, it fell
    without those two as well, or a competitor gained among everybody else's lost deals and no reason sits with two people.
    A line that fell and fits neither: **cannot tell**. None where a span has no closed deal of the line.

    A line also counts as fallen where a competitor gained among its lost deals beyond noise over all lines: then the line was
    not picked for its fall, and the fall alone must be beyond noise, at equal mix and age too, without a correction for the
    other lines.
    """
    now, before = spans(opportunities, as_of=as_of, months=months)
    looks = now["product_line"].nunique()
    now, before = now[now["product_line"] == line], before[before["product_line"] == line]
    if now.empty or before.empty:
        return None
    change = _rate(now) - _rate(before)
    net, shares = _net(now, before, None, change)
    fell = fell or (
        not by
        and _gained(now, before, "competitor")[3] * looks < intervals.FALSE_ALARM
        and _fallen(_wins(now, line), _wins(before, line)) < intervals.FALSE_ALARM
        and _net_fell(net)
    )
    people = by_rep(opportunities, line=line, as_of=as_of, months=months)
    reason = _gained(now, before, "loss_reason")
    crowded, tellers = how_crowded(now, reason[0], seed=seed)
    concentrated = reason[3] < GAINED and crowded < CROWDED
    few = tellers if concentrated else tuple(people["rep_id"].head(FEW))
    theirs_now, theirs_before = now[now["rep_id"].isin(few)], before[before["rep_id"].isin(few)]
    rest_now, rest_before = now[~now["rep_id"].isin(few)], before[~before["rep_id"].isin(few)]
    rest = intervals.difference(*_wins(rest_now, line), against=_wins(rest_before, line))
    low, high = unpicked(people, few, seed=seed)
    rest_fell = rest is not None and rest.high < 0
    theirs, _ = _net(theirs_now, theirs_before, None, _rate(theirs_now) - _rate(theirs_before))
    theirs_fell = high < 0 and _net_fell(theirs)
    uneven = how_uneven(people, seed=seed)
    rival = _gained(rest_now, rest_before, "competitor")
    rivalled = rival[3] < GAINED and rest is not None and rest.value < 0
    if by:
        verdict = EXPLAINED
    elif theirs_fell and not rest_fell and (concentrated or (fell and uneven < UNEVEN)):
        verdict = "pitch"
    elif fell and (rest_fell or (rivalled and not concentrated)) and not uneven < UNEVEN:
        verdict = "product"
    else:
        verdict = CANNOT_TELL if fell else "steady"
    names = people.set_index("rep_id")["rep_name"]
    year_ago = as_of - pd.DateOffset(years=1)
    granted = discount(bookings, line=line, reps=None, as_of=as_of, months=months)
    granted_before = discount(bookings, line=line, reps=None, as_of=year_ago, months=months)
    theirs_granted = discount(bookings, line=line, reps=few, as_of=as_of, months=months)
    theirs_granted_before = discount(bookings, line=line, reps=few, as_of=year_ago, months=months)
    blamed, blamed_before = (theirs_now, theirs_before) if verdict == "pitch" else (now, before)
    missing = len(blamed) * (_rate(blamed_before) - _rate(blamed))
    return Reading(
        line, verdict, _rate(now), _rate(before), tuple(str(names.get(rep, rep)) for rep in few),
        _rate(theirs_now), _rate(theirs_before), low, high, _rate(rest_now), _rate(rest_before), rest.high if rest else float("nan"),
        uneven, *rival, *reason, crowded, granted, granted_before, theirs_granted, theirs_granted_before, missing, missing * float(blamed["amount"].where(blamed["amount"] > 0).mean()),
        by, shares, shifted(opportunities, line=line, as_of=as_of) if by == "mix" else None,
        (as_of - months_back(as_of, months)).days + 1,
    )  # fmt: skip


def _net_fell(net: rivals.Estimate | None) -> bool:
    """Is it a fall between like deals as well, beyond noise on one side?"""
    return net is not None and net.value < 0 and net.p_value / 2 < intervals.FALSE_ALARM


def _fallen(now: tuple[int, int], before: tuple[int, int]) -> float:
    """The chance of so large a fall if nothing had changed (Fisher, one-sided); 1 below 20 closed deals in a span."""
    (won, n), (won_before, n_before) = now, before
    fair = min(n, n_before) >= FAIR_CLOSED
    table = [[won, n - won], [won_before, n_before - won_before]]
    return float(fisher_exact(table, alternative="less")[1]) if fair else 1.0


def discount(
    bookings: pd.DataFrame | None,
    *,
    line: str,
    reps: tuple[str, ...] | None,
    as_of: pd.Timestamp,
    months: int,
) -> float:
    """What share of the list was granted off on a line in the `months` months to `as_of`, by `reps` (None: everybody)? NaN
    where no list amount is known."""
    if bookings is None:
        return float("nan")
    listed = bookings[(bookings["product_line"] == line) & (bookings["list_amount"] > 0)]
    mine = listed if reps is None else listed[listed["rep_id"].isin(reps)]
    sold = mine[mine["day"].between(months_back(as_of, months), as_of)]
    return float(1 - sold["net_amount"].sum() / sold["list_amount"].sum()) if len(sold) else float("nan")


def _rate(closed: pd.DataFrame) -> float:
    return float((closed["outcome"] == "won").mean()) if len(closed) else float("nan")


def _wins(closed: pd.DataFrame, line: str) -> tuple[int, int]:
    mine = closed[closed["product_line"] == line]
    return int((mine["outcome"] == "won").sum()), len(mine)


def _gained(now: pd.DataFrame, before: pd.DataFrame, column: str) -> tuple[str | None, float, float, float]:
    """Whose share among lost deals grew most: name, share now, share before, p-value times the number of names."""
    lost_now, lost_before = now[now["outcome"] == "lost"], before[before["outcome"] == "lost"]
    if lost_now[column].notna().sum() == 0 or lost_before.empty:
        return None, float("nan"), float("nan"), float("nan")
    share_now = lost_now[column].value_counts() / len(lost_now)
    share_before = (lost_before[column].value_counts() / len(lost_before)).reindex(share_now.index).fillna(0)
    name = str((share_now - share_before).idxmax())
    a, b = int((lost_now[column] == name).sum()), int((lost_before[column] == name).sum())
    p = float(fisher_exact([[a, len(lost_now) - a], [b, len(lost_before) - b]], alternative="greater")[1])
    return str(name), float(share_now[name]), float(share_before[name]), min(1.0, p * len(share_now))

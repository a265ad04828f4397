"""What the targets page asks for, predicts, and saw change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from salesnb.calendars.periods import fiscal_year
from salesnb.display.kit.words import assigned
from salesnb.display.targets.gaps import short_of
from salesnb.display.targets.prose import Figures, number_of
from salesnb.headlines import Call, Change, Decision
from salesnb.language import Message
from salesnb.results.targets import Cause, Dry, Forecast

LEFT_OPEN = 0.01  # of a region's months ahead: less in nobody's target is no matter for a director
TURN = 0.1  # of the odds of a year: less is the noise of one month
POINT = 0.01  # of attainment: a smaller turn is none that a director needs to see


def decisions(
    cause: Cause | None,
    people: Mapping[str, str],
    *,
    target: bool,
    owner: str,
    as_of: pd.Timestamp,
    starts: int = 1,
) -> list[Decision]:
    """What the director should decide: the plan for the region with the largest gap. Without a target, only where the
    company too booked less than last year."""
    if cause is None or not cause.region or not (target or cause.whole < 0):
        return []  # what is not assigned to a region is nobody's plan
    names = [people.get(name, name) for name in cause.names]
    region, line = assigned(cause.region), assigned(cause.product_line)
    if cause.personal and cause.product_line:
        what = Message(
            "A recovery plan for {line} in {region} with {names:list}", line=line, region=region, names=names
        )
    elif cause.product_line:
        what = Message("A recovery plan for {region}, {line} first", line=line, region=region)
    else:
        what = Message("A recovery plan for {region}", region=region)
    if not target:
        why = Message(
            "{region} booked {gap:money} less than in the same span last year", region=region, gap=-cause.gap
        )
    else:
        why = short_of(cause)
    due: dt.date = (as_of + pd.Timedelta(days=14)).date()
    coached = tuple(names) if cause.personal else ()
    passed = (as_of - fiscal_year(as_of, starts=starts)[0]).days + 1
    asked = "gap-" + (cause.region or "unassigned")
    return [Decision(asked, what, why, owner, due, -float(cause.gap), coached=coached, over=passed)]


def new_deals(dry: Dry | None, worth: float, *, as_of: pd.Timestamp) -> list[Decision]:
    """That deals are created again where they have run dry; `worth`: what they would still bring this year, which may be nothing."""
    if dry is None:
        return []
    why = Message(
        "Before {since:date} {usual:count} came a month, since then none",
        since=dry.since.date(),
        usual=dry.usual,
    )
    due: dt.date = (as_of + pd.Timedelta(days=14)).date()
    return [Decision("deals-created", Message("Have deals created again"), why, "", due, worth or None)]


def handing_out(
    open_ahead: pd.DataFrame, owners: Mapping[str, str], *, as_of: pd.Timestamp
) -> list[Decision]:
    """The regions of which too much is in nobody's target. `open_ahead`: from `parts.open_ahead`; `owners`: who answers for each region."""
    due: dt.date = (as_of + pd.Timedelta(days=14)).date()
    worth = open_ahead[
        (open_ahead["region"] != "") & (open_ahead["open"] >= LEFT_OPEN * open_ahead["target"])
    ]
    return [
        Decision(
            "open-" + (region or "unassigned"),
            Message("Hand out what is left open of {region}", region=assigned(region)),
            Message(
                "{open:money} of the months ahead, {share:percent}, are in nobody's target",
                open=open_,
                share=open_ / target,
            ),
            owners.get(region, ""),
            due,
            float(open_),
        )
        for region, open_, target in zip(worth["region"], worth["open"], worth["target"], strict=True)
    ]


def calls(
    forecast: Forecast | None, figures: Figures, *, year_end: pd.Timestamp, as_of: pd.Timestamp
) -> list[Call]:
    """What this page predicts: the next three months, the year, and whether the target is reached."""
    if forecast is None:
        return []
    made = []
    rows = forecast.months.head(3)
    for month, middle, low, high in zip(
        rows["month"], rows["forecast"], rows["low"], rows["high"], strict=True
    ):
        due = (month + pd.offsets.MonthEnd(0)).date()
        begun = (number_of(figures, "bookings.month") or 0.0) if month <= as_of else 0.0
        made.append(
            Call(
                f"bookings-{month:%Y-%m}",
                "forecast",
                "bookings.month",
                None,
                begun + float(middle),
                begun + float(low),
                begun + float(high),
                due,
                Message("Bookings of {month:month}", month=month.date()),
            )
        )
    end = year_end.date()
    made.append(
        Call(
            f"bookings-year-{end:%Y-%m}",
            "forecast",
            "bookings.ytd",
            amount=number_of(figures, "forecast.year"),
            low=number_of(figures, "forecast.year_p10"),
            high=number_of(figures, "forecast.year_p90"),
            due=end,
            text=Message("Bookings of the year that ends on {day:date}", day=end),
        )
    )
    chance = number_of(figures, "forecast.hit_probability")
    if chance is not None:
        made.append(
            Call(
                f"target-year-{end:%Y-%m}",
                "target",
                "attainment.ytd",
                chance,
                number_of(figures, "target.year"),
                None,
                None,
                end,
                Message("The year's target is reached"),
            )
        )
    return made


def _earlier(before: pd.DataFrame, subject: str) -> pd.DataFrame:
    """What last month's pack said of a year's end, by its end; `before`: its calls."""
    return before[(before["subject"] == subject) & before["id"].astype(str).str.contains("-year-")]


def said(
    before: pd.DataFrame, *, as_of: pd.Timestamp, starts: int
) -> dict[str, list[tuple[dt.date, float | None]]]:
    """What last month's pack said of this month, of this year's end and of its odds: each (its day, value); nothing without
    such a pack."""
    year_end = fiscal_year(as_of, starts=starts)[1]
    asked = {
        "month.said": (
            before[before["subject"] == "bookings.month"],
            as_of + pd.offsets.MonthEnd(0),
            "amount",
        ),
        "forecast.said": (_earlier(before, "bookings.ytd"), year_end, "amount"),
        "odds.said": (_earlier(before, "attainment.ytd"), year_end, "probability"),
    }
    return {
        key: [
            (row["made_on"].date(), float(row[column]))
            for row in rows[(rows["due"] == due) & rows[column].notna()].head(1).to_dict("records")
        ]
        for key, (rows, due, column) in asked.items()
    }


def earlier_odds(before: pd.DataFrame, year_end: pd.Timestamp) -> float | None:
    """How likely last month's pack called it that this year's target is reached."""
    rows = _earlier(before, "attainment.ytd")
    found = rows.loc[rows["due"] == year_end, "probability"].dropna()
    return float(found.iloc[0]) if len(found) else None


def changes(
    surprise: pd.DataFrame,
    figures: Figures,
    *,
    then: float | None,
    odds: float | None = None,
    dry: Dry | None = None,
    noise: float,
    seasonal: bool = False,
) -> list[Change]:
    """What moved beyond noise: that deals are created no more (`dry`), the odds of the year against last month's (`odds`), a month outside the interval that would have been
    foreseen for it, and attainment that turned by a point or more and by more money than `noise`; where it turned so a year before too (`seasonal`), that is said and is neither good nor bad."""
    found = []
    chance, year = number_of(figures, "forecast.hit_probability"), number_of(figures, "target.year")
    whole = year or number_of(figures, "bookings.ytd") or 0.0  # before all else: all of the year is at stake
    if dry is not None:
        text = Message("Deals created a month, none since {since:date}", since=dry.since.date())
        found.append(Change(text, 2 * whole, Message("{usual:count} → 0", usual=dry.usual), good=False))
    if odds is not None and chance is not None and abs(chance - odds) >= TURN:
        numbers = Message("{before:percent} → {now:percent}", before=odds, now=chance)
        text = Message("Probability of reaching the year's target")
        found.append(Change(text, whole, numbers, good=chance > odds))
    if len(surprise):
        row = surprise.iloc[0]
        below = bool(row["actual"] < row["low"])
        month = (row["origin"] + pd.DateOffset(months=int(row["step"]) - 1)).date()
        text = (
            Message("{month:month} lies below what would have been foreseen three months before", month=month)
            if below
            else Message(
                "{month:month} lies above what would have been foreseen three months before, by a single large sale",
                month=month,
            )
            if row["by"] == "one_large"
            else Message(
                "{month:month} lies above what would have been foreseen three months before", month=month
            )
        )
        numbers = Message(
            "{actual:money}; foreseen {low:money} to {high:money}",
            actual=row["actual"],
            low=row["low"],
            high=row["high"],
        )
        found.append(Change(text, abs(float(row["actual"] - row["forecast"])), numbers, good=not below))
    now = number_of(figures, "attainment.ytd")
    target = number_of(figures, "target.ytd")
    if (
        now is not None
        and then is not None
        and target is not None
        and abs(now - then) >= max(POINT, noise / target)
    ):
        numbers = Message("{before:tenths} → {now:tenths}", before=then, now=now)
        found.append(
            Change(
                Message("Attainment, year to date, as a year before at this time")
                if seasonal
                else Message("Attainment, year to date"),
                abs(now - then) * target,
                numbers,
                good=None if seasonal else bool(now > then),
            )
        )
    return found

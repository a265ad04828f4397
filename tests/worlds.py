"""Small worlds in which a verdict is false though it looks true, and the same with the effect in them.

Each function makes one company's frame as the facts hand it to the analyses, from a seed. A lookalike has its own cause and
not the one that the verdict names; `effect` puts that one in, of the size told.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.analysis import stars
from salesnb.analysis.decomposition import rivals
from salesnb.calendars.periods import lunar_new_year, working_days

TODAY = pd.Timestamp("2026-10-31")
FIRST = pd.Timestamp("2024-01-01")
BUSY = (0.35, 0.35, 0.1, 0.1, 0.1)  # two of five people bring most


def deals(
    seed: int,
    *,
    n: int = 900,
    begins: pd.Timestamp = FIRST,
    win: float = 0.35,
    days: tuple[float, float] = (60.0, 60.0),
    channels: bool = False,
    flips: bool = False,
    growth: float = 0.0,
    accounts: int = 120,
    unlike: float = 0.0,
    effect: float = 0.0,
    hands: int = 0,
    line: str = "Alpha",
) -> pd.DataFrame:
    """Deals of three lines and eight people. `days`: the mean days to a win and to a loss; `channels`: referrals win at 60%,
    cold calls at 15%; `flips`: the line's share of cold calls goes from a fifth to four fifths in a year; `growth`: how much
    faster deals come at the end; `unlike`: the spread of the accounts' own rates; `effect`: points by which the line wins less
    since February 2026, in the hands of the first `hands` people only (0: everybody)."""
    rng = np.random.default_rng(seed)
    span = (TODAY - begins).days
    when = rng.random(n)
    when = when if not growth else np.log1p(when * np.expm1(growth)) / growth
    created = begins + pd.to_timedelta(np.floor(when * span), unit="D")
    lines = rng.choice(["Alpha", "Beta", "Gamma"], n, p=[0.5, 0.25, 0.25])
    rep = rng.integers(1, 9, n)
    account = rng.integers(0, accounts, n)
    own = rng.normal(0, 1, accounts)[account] * unlike
    late = created >= pd.Timestamp("2025-11-01")
    cold = rng.random(n) < np.where((lines == line) & flips, np.where(late, 0.8, 0.2), 0.5)
    rate = np.where(cold, 0.15, 0.60) if channels or flips else np.full(n, win)
    rate = np.clip(rate + own, 0.02, 0.98)
    struck = (lines == line) & (created >= pd.Timestamp("2025-12-01")) & ((rep <= hands) | (hands == 0))
    won = rng.random(n) < np.clip(rate - effect * struck, 0.01, 1)
    took = rng.gamma(3.0, np.where(won, days[0], days[1]) / 3.0)
    closed = created + pd.to_timedelta(np.ceil(took), unit="D")
    open_ = closed > TODAY
    return pd.DataFrame(
        {
            "opportunity_id": [f"D{number:05d}" for number in range(n)],
            "account_id": [f"C{number:03d}" for number in account],
            "account_name": [f"C{number:03d}" for number in account],
            "rep_id": [f"R{number:02d}" for number in rep],
            "rep_name": [f"Rep {number}" for number in rep],
            "team": np.where(rep % 2, "A", "B"),
            "region": np.where(rep % 2, "East", "West"),
            "product_id": lines,
            "product_line": lines,
            "channel": np.where(cold, "cold_call", "referral"),
            "created_on": created,
            "amount": np.round(rng.lognormal(9, 0.7, n), 2),
            "closed_on": pd.Series(closed).where(~open_),
            "outcome": np.where(open_, "open", np.where(won, "won", "lost")),
            "loss_reason": np.where(open_ | won, None, rng.choice(["price", "timing", "other"], n)),
            "competitor": np.where(open_ | won, None, rng.choice(["Ace", "Best", None], n)),
            "expected_close_on": created + pd.Timedelta(days=90),
            "stage": "quote",
        }
    )  # fmt: skip


def seasonal_deals(seed: int, *, n: int = 1400) -> pd.DataFrame:
    """Deals that are created in the last quarter of any year win at 45%, all others at 25%."""
    made = deals(seed, n=n, days=(30.0, 30.0))
    rng = np.random.default_rng(seed + 1)
    rate = np.where(made["created_on"].dt.quarter == 4, 0.45, 0.25)
    closed = made["outcome"] != "open"
    return made.assign(outcome=np.where(closed, np.where(rng.random(n) < rate, "won", "lost"), "open"))


def cleaned_up(seed: int, *, n: int = 1500) -> pd.DataFrame:
    """A tenth of all deals were forgotten; in October 2026 whatever is older than 200 days is closed as lost."""
    made = deals(seed, n=n, begins=pd.Timestamp("2023-01-01"), days=(50.0, 50.0))
    rng = np.random.default_rng(seed + 1)
    forgotten = rng.random(n) < 0.1
    old = forgotten & (made["created_on"] < TODAY - pd.Timedelta(days=200)).to_numpy()
    days = TODAY - pd.to_timedelta(rng.integers(0, 20, n), unit="D")
    outcome = np.where(old, "lost", np.where(forgotten, "open", made["outcome"]))
    closed = made["closed_on"].mask(forgotten).mask(old, pd.Series(days, made.index))
    return made.assign(outcome=outcome, closed_on=closed)


def stage_passages(seed: int, *, n: int = 1200, lost_days: float = 60.0, lift: float = 0.0) -> pd.DataFrame:
    """Passages of one stage: half move on within fifteen days or so, the others are lost after `lost_days`. `lift`: points by
    which more move on in the earliest of the last four quarters."""
    rng = np.random.default_rng(seed)
    entered = TODAY - pd.to_timedelta(rng.integers(0, 365, n), unit="D")
    early = entered < pd.Timestamp("2026-02-01")
    moves = rng.random(n) < 0.45 + lift * early
    took = np.ceil(rng.gamma(2.0, np.where(moves, 15.0, lost_days) / 2))
    left = entered + pd.to_timedelta(took, unit="D")
    there = left > TODAY
    return pd.DataFrame(
        {
            "opportunity_id": np.arange(n).astype(str), "stage": "quote", "position": 0.0, "entered_on": entered,
            "left_on": pd.Series(left).mask(there), "way": np.where(there, 0, np.where(moves, 1, 2)),
            "days": np.where(there, (TODAY - entered).days, took).astype(float), "amount": 1000.0, "team": "A",
        }
    )  # fmt: skip


def new_year_passages(seed: int, *, n: int = 900, slower: float = 1.0) -> tuple[pd.DataFrame, pd.Timestamp]:
    """Passages of equal length in Chinese working days, seen on 31 January 2025, two days into a New Year that lay in February a
    year before, or in January two years before that day. `slower`: a factor for what entered since August 2024."""
    rng, day = np.random.default_rng(seed), pd.Timestamp("2025-02-05")
    calendar = working_days(pd.Timestamp("2023-01-01"), pd.Timestamp("2026-06-30"), country="CN")
    starts = rng.integers(0, int((calendar <= day).sum()), n)
    took = np.ceil(
        rng.gamma(2.0, 5.0 * np.where(calendar[starts] >= pd.Timestamp("2024-09-01"), slower, 1.0))
    )
    entered, left = calendar[starts], calendar[starts + took.astype(int)]
    there = left > day
    days = np.where(there, (day - entered).days, (left - entered).days).astype(float)
    frame = pd.DataFrame(
        {"stage": "quote", "position": 0, "entered_on": entered, "left_on": pd.Series(left).mask(there), "way": np.where(there, 0, 1), "days": days}
    )  # fmt: skip
    return frame, day


def checklists_kept(seed: int, *, n: int = 500, lost_days: float = 15.0, effect: float = 0.0) -> pd.DataFrame:
    """Checklists are done some twenty days after a deal came to the stage, if it is still there; losses come after `lost_days`,
    wins after sixty. `effect`: points by which a deal wins more whose checklist would be done by day 20."""
    rng = np.random.default_rng(seed)
    done_on = rng.exponential(20.0, n)
    won = rng.random(n) < 0.4 + effect * (done_on < 14)
    days = np.ceil(rng.gamma(2.0, np.where(won, 60.0, lost_days) / 2))
    return pd.DataFrame(
        {
            "opportunity_id": np.arange(n).astype(str), "stage": "quote", "item": "all", "team": rng.choice(["A", "B"], n),
            "outcome": np.where(won, "won", "lost"), "done": done_on < days, "days": days,
        }
    )  # fmt: skip


def course(seed: int, *, sent: str, effect: float = 0.0, n: int = 5000) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Closed deals of twenty people over three years, and who took the course when. `sent`: ``worst`` (each quarter from 2025 on the
    two with the poorest last half year), ``new`` (newcomers in their third month, who grow for half a year), or ``lot``."""
    rng = np.random.default_rng(seed)
    first, people = pd.Timestamp("2023-11-01"), 20
    joined = np.zeros(people)
    if sent == "new":
        joined[10:] = rng.integers(200, 700, 10)
    rep, day = rng.integers(0, people, n), rng.integers(0, 1095, n)
    kept = day >= joined[rep]
    rep, day, luck = rep[kept], day[kept], rng.random(int(kept.sum()))
    tenure = day - joined[rep]
    rate = np.where((sent == "new") & (joined[rep] > 0), 0.1 + 0.2 * np.clip(tenure / 180, 0, 1), 0.3)
    begun = np.full(people, np.inf)
    if sent == "lot":
        begun[:10] = rng.integers(450, 900, 10)
    elif sent == "new":
        begun[10:] = joined[10:] + 75
    for quarter in range(430, 900, 91) if sent == "worst" else ():
        late = (day < quarter) & (day >= quarter - 182)
        shares = [(luck[late & (rep == one)] < 0.3).mean() for one in range(people)]
        for one in [one for one in np.argsort(shares) if np.isinf(begun[one])][:2]:
            begun[one] = quarter
    won = luck < rate + effect * (day >= begun[rep])
    closed = first + pd.to_timedelta(day, unit="D")
    made = pd.DataFrame(
        {"rep_id": [f"R{one:02d}" for one in rep], "outcome": np.where(won, "won", "lost"), "closed_on": closed, "product_line": "Alpha"}
    )  # fmt: skip
    taken = [
        (f"R{one:02d}", first + pd.Timedelta(days=int(day)))
        for one, day in enumerate(begun)
        if np.isfinite(day)
    ]
    trained = pd.DataFrame(taken, columns=["rep_id", "completed_on"]).assign(course="Course", topic="skills")
    return made, trained


def people_deals(seed: int, *, cold: bool = False, fresh: bool = False, weak: float = 0.0) -> pd.DataFrame:
    """Deals of eight people. `cold`: two of them get nine cold calls in ten deals (won at 15%, referrals at 60%); `fresh`: two
    joined nine months ago and grew for half a year; `weak`: points by which one wins less."""
    rng = np.random.default_rng(seed)
    made = deals(seed, n=1400, begins=pd.Timestamp("2024-11-01"))
    who = made["rep_id"].str[1:].astype(int).to_numpy()
    calls = rng.random(len(made)) < np.where(cold & (who <= 2), 0.9, 0.4)
    rate = np.where(calls, 0.15, 0.60) if cold else np.full(len(made), 0.4)
    tenure = (made["created_on"] - pd.Timestamp("2026-01-15")).dt.days.to_numpy()
    rate = np.where(fresh & (who <= 2), rate * np.clip(0.3 + tenure / 260, 0.3, 1), rate) - weak * (who == 1)
    closed = (made["outcome"] != "open").to_numpy()
    made["outcome"] = np.where(closed, np.where(rng.random(len(made)) < rate, "won", "lost"), "open")
    made["channel"] = np.where(calls, "cold_call", "referral")
    return made[~(fresh & (who <= 2) & (tenure < 0))].reset_index(drop=True)


def payments(seed: int, *, together: int = 1, slow: float = 0.0, accounts: int = 40) -> pd.DataFrame:
    """Accounts whose payment runs are late one in five, each with all of its `together` invoices. `slow`: how much oftener the
    first account's are."""
    rng = np.random.default_rng(seed)
    runs = rng.integers(8, 16, accounts)
    late = rng.binomial(runs, 0.2 + slow * (np.arange(accounts) == 0)) * together
    names = [f"C{number:03d}" for number in range(accounts)]
    worth = [rivals.independent([together] * number) for number in runs]
    return pd.DataFrame(
        {"account_id": names, "account_name": names, "due_ttm": runs * together, "late_ttm": late, "runs_ttm": worth, "mean_days_late": 3.0, "invoiced_ttm": 1.0}
    )  # fmt: skip


def floor_sales(seed: int, *, thin: bool = False, each: int = 1, war: float = 0.0) -> pd.DataFrame:
    """A year of orders in three lines and four regions, one in twenty below the floor with all its `each` lines. `thin`: Alpha
    always has two in five; `war`: points more of them for Alpha in the West from April to July."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2025-11-01", periods=12, freq="MS")
    rows = []
    for line in ("Alpha", "Beta", "Gamma"):
        for region in ("East", "North", "South", "West"):
            for month in months:
                fought = war * (line == "Alpha" and region == "West" and 4 <= month.month <= 7)
                orders = int(rng.poisson(10))
                below = int(rng.binomial(orders, (0.4 if thin and line == "Alpha" else 0.05) + fought))
                rows.append((line, region, month, orders, below, orders * each, below * each))
    frame = pd.DataFrame(
        rows, columns=["product_line", "region", "month", "orders", "below_orders", "lines", "below_lines"]
    )
    return frame.assign(below_amount=frame["below_lines"] * 100.0, shortfall=frame["below_lines"] * 5.0)


def order_days(
    seed: int, *, kind: str = "plain", accounts: int = 60, today: pd.Timestamp = TODAY, stopped: float = 0.0
) -> pd.DataFrame:
    """Order days of two and a half years. `kind`: ``plain`` (gamma gaps), ``bursts`` (three days in a week, then months of nothing),
    ``season`` (eight of nine in November to April), ``new_year`` (nobody orders for four weeks about the Chinese one), ``heavy`` (log-normal gaps).
    `stopped`: of its own intervals, since which the first account has ordered nothing."""
    rng = np.random.default_rng(seed)
    first, rows = today - pd.Timedelta(days=910), []
    for number in range(accounts):
        mean = rng.uniform(10, 30)
        if kind == "bursts":
            starts = np.cumsum(rng.exponential(mean * 3, 120))
            at = np.concatenate([starts, starts + rng.integers(1, 4, 120), starts + rng.integers(4, 7, 120)])
        elif kind == "heavy":
            at = np.cumsum(rng.lognormal(np.log(mean) - 0.5, 1.0, 400))
        else:
            at = np.cumsum(rng.gamma(2.0, mean / 2, 400))
        days = first + pd.to_timedelta(np.floor(np.unique(at)), unit="D")
        if kind == "season" and number % 3 == 0:
            winter = (days.month >= 11) | (days.month <= 4)
            days = days[winter | (rng.random(len(days)) < 0.12)]
        if kind == "new_year":
            holidays = pd.DatetimeIndex([lunar_new_year(year) for year in (2024, 2025, 2026)])
            near = np.abs(
                (days.to_numpy()[:, None] - holidays.to_numpy()[None, :]) / np.timedelta64(1, "D")
            ).min(axis=1)
            days = days[near > 14]
        days = days[days <= (today - pd.Timedelta(days=round(stopped * mean)) if number == 0 else today)]
        rows += [(f"C{number:03d}", day) for day in days.unique()]
    frame = pd.DataFrame(rows, columns=["account_id", "day"])
    return frame.assign(net_amount=np.round(rng.lognormal(8, 0.6, len(frame)), 2), is_order=True)


def quarter_ends(
    seed: int, *, drawn: float = 0.0, plain: bool = False, one_huge: float = 0.0
) -> pd.DataFrame:
    """Eight orders a working day, half as many again in a quarter's last five days and a tenth fewer in the fifteen after, at every
    quarter's end alike. `drawn`: the share of October's first fifteen days that the September sprint moved to its last five. `plain`: no day is like
    a quarter's end; `one_huge`: an order on the sprint's last day, in usual ones' money."""
    rng = np.random.default_rng(seed)
    days = working_days(pd.Timestamp("2024-01-01"), TODAY)
    rate = pd.Series(8.0, days)
    for end in () if plain else pd.date_range("2024-03-31", "2026-09-30", freq="QE"):
        rate[days[days <= end][-5:]] = 12.0
        rate[days[days > end][:15]] = 7.2
    moved = days[days > pd.Timestamp("2026-09-30")][:15]
    rate[days[days <= pd.Timestamp("2026-09-30")][-5:]] += drawn * rate[moved].sum() / 5
    rate[moved] *= 1 - drawn
    counts = rng.poisson(rate.to_numpy())
    when = days.repeat(counts)
    amounts = np.round(rng.lognormal(8, 0.5, len(when)), 2)
    amounts[np.flatnonzero(when <= pd.Timestamp("2026-09-30"))[-1]] += one_huge * amounts.mean()
    return pd.DataFrame({"account_id": "C1", "day": when, "net_amount": amounts, "is_order": True})


def overdue(seed: int, *, december: float = 0.0, jump: float = 0.0) -> pd.DataFrame:
    """Month ends to December 2026 with overdue money; every December has `december` more, this one `jump`."""
    rng = np.random.default_rng(seed)
    ends = pd.date_range("2024-10-31", "2026-12-31", freq="ME")
    owed = 100 + rng.normal(0, 5, len(ends)) + december * (ends.month == 12)
    owed[-1] += jump
    return pd.DataFrame(
        {"month_end": ends, "open": 500.0, "billed": 500.0, "overdue": owed, "invoiced_90d": 400.0}
    )


def seasonal_bookings(
    seed: int,
    *,
    year_end: float = 1.0,
    jump: float = 1.0,
    heavy: float = 0.5,
    one_huge: float = 0.0,
    begins: str = "2025-01-01",
) -> tuple[pd.DataFrame, pd.Series]:
    """Two years of a company that sells every December `year_end` times as much, and its even targets; this December `jump` times. `heavy`: the
    log-normal spread of the amounts; `one_huge`: an order of June, in usual ones' money; `begins`: since when orders are known."""
    rng = np.random.default_rng(seed)
    days = working_days(pd.Timestamp("2025-01-01"), pd.Timestamp("2026-12-31"))
    rate = np.where(days.month == 12, year_end, 1.0) * np.where(days >= pd.Timestamp("2026-12-01"), jump, 1.0)
    when = days.repeat(rng.poisson(6 * rate))
    frame = pd.DataFrame(
        {
            "day": when,
            "rep_id": rng.choice(list("ABCDEFGH"), len(when)),
            "net_amount": rng.lognormal(3, heavy, len(when)),
        }
    )
    frame = frame[frame["day"] >= begins].reset_index(drop=True)
    june = frame.index[frame["day"] >= "2026-06-10"][0]
    frame.loc[june, "net_amount"] += one_huge * float(frame["net_amount"].mean())
    year = frame.loc[frame["day"].dt.year == 2026, "net_amount"].sum()
    return frame, pd.Series(year / 12, pd.date_range("2026-01-01", periods=12, freq="MS"))


def habits_by_luck(seed: int, *, people: int = 20, effect: float = 0.0) -> tuple[pd.DataFrame, list[str]]:
    """Habits of people drawn by lot; bookings are what they win, how large and in how many lines, and the best by bookings are the
    stars. `effect`: standard deviations by which those note more pain points."""
    rng = np.random.default_rng(seed)
    names = [f"R{number:02d}" for number in range(people)]
    frame = pd.DataFrame({name: rng.normal(0, 1, people) for name in stars.HABITS}).assign(rep_id=names)
    booked = frame[["win_rate", "deal_size", "lines_sold"]].sum(axis=1) + rng.normal(0, 0.3, people)
    best = booked.nlargest(5).index
    frame.loc[best, "pain_points_share"] += effect
    return frame, [names[number] for number in best]


def weeks_of_sales(
    seed: int, *, peak: float = 0.0, one_huge: float = 0.0, dip: float = 0.0
) -> tuple[pd.Series, pd.Series, pd.Timestamp]:
    """Weekly money of a line and of all others, and the day of an event. `peak`: how much more the three weeks before it had; `one_huge`:
    an order before it, in usual weeks' money; `dip`: the share that the line lacks in the six weeks after it."""
    rng = np.random.default_rng(seed)
    weeks = pd.date_range(end=TODAY, periods=140, freq="7D")
    own, rest = pd.Series(rng.gamma(20, 5, 140), weeks), pd.Series(rng.gamma(80, 5, 140), weeks)
    own.iloc[107:110] *= 1 + peak
    own.iloc[104] += 100 * one_huge
    own.iloc[110:116] *= 1 - dip
    return own, rest, weeks[110]


def few_large(
    seed: int,
    *,
    people: int = 12,
    orders: float = 6.0,
    spread: float = 1.0,
    behind: float = 0.0,
    new: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """People who each sell `orders` large orders or so in ten months, whose amounts differ by a log-normal `spread`; targets are what is
    expected of them. `behind`: the share that the first sells less; the last `new` came in May and grew for half a year."""
    rng = np.random.default_rng(seed)
    names = [f"R{number:02d}" for number in range(people)]
    hired = [pd.Timestamp("2026-05-01") if place >= people - new else FIRST for place in range(people)]
    each = 100 * np.exp(spread**2 / 2)
    sold = []
    for place, (name, since) in enumerate(zip(names, hired, strict=True)):
        days = np.sort(rng.integers(0, 304, rng.poisson(orders * (1 - behind * (place == 0)))))
        tenure = days - (since - pd.Timestamp("2026-01-01")).days
        days = days[rng.random(len(days)) < np.clip(tenure / 182, 0, 1)] if since > FIRST else days
        sold += [(name, pd.Timestamp("2026-01-01") + pd.Timedelta(days=int(day))) for day in days]
    booked = pd.DataFrame(sold, columns=["rep_id", "day"])
    booked = booked.assign(net_amount=100 * rng.lognormal(0, spread, len(booked)))
    who = pd.DataFrame({"rep_id": names, "rep_name": names, "team": "A", "region": "East", "hired_on": hired})
    months = pd.date_range("2026-01-01", TODAY, freq="MS")
    asked = pd.DataFrame(
        [("rep", name, month, orders * each / len(months)) for name in names for month in months],
        columns=["dimension", "member", "month", "amount"],
    )
    return who.assign(left_on=pd.NaT), booked, asked


def like_groups(
    seed: int, *, regions_differ: bool = False, unlike: float = 0.0, effect: float = 0.0
) -> pd.DataFrame:
    """Closed deals whose channel decides. `regions_differ`: the West has nine cold calls in ten deals, the East one; `unlike`: the spread of
    forty accounts' own rates; `effect`: points by which the West wins less between like deals."""
    made = deals(seed, n=1200, channels=True, accounts=40, unlike=unlike)
    rng = np.random.default_rng(seed + 7)
    west = (made["region"] == "West").to_numpy()
    cold = rng.random(len(made)) < (np.where(west, 0.9, 0.1) if regions_differ else 0.5)
    own = rng.normal(0, 1, 40)[made["account_id"].str[1:].astype(int)] * unlike
    rate = np.clip(np.where(cold, 0.15, 0.60) + own - effect * west, 0.02, 0.98)
    closed = (made["outcome"] != "open").to_numpy()
    made["outcome"] = np.where(closed, np.where(rng.random(len(made)) < rate, "won", "lost"), "open")
    return made.assign(channel=np.where(cold, "cold_call", "referral") if regions_differ else "web")


def leads(seed: int, *, of_the_best: bool = False, young: bool = False, effect: float = 0.0) -> pd.DataFrame:
    """A year of leads from three channels and six people. `of_the_best`: the fair's leads go to the two who convert most; `young`: nine in
    ten webinar leads are of the last months, when fewer have had their time; `effect`: points by which cold calls convert less."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2025-11-01", "2026-09-01", freq="MS")
    rows = []
    for place, month in enumerate(months):
        for rep in range(6):
            for channel in ("cold_call", "fair", "webinar"):
                busy = (
                    1.8
                    if of_the_best and channel == "fair" and rep < 2
                    else 0.6
                    if of_the_best and channel == "fair"
                    else 1.0
                )
                busy *= (2.5 if place > 7 else 0.2) if young and channel == "webinar" else 1.0
                skill = 0.4 if of_the_best and rep < 2 else 0.2
                ripe = 0.4 if young and place > 7 else 1.0
                made = int(rng.poisson(8 * busy))
                chance = np.clip(skill * ripe - effect * (channel == "cold_call"), 0.01, 1)
                rows.append(
                    (month + pd.Timedelta(days=14), channel, f"R{rep}", made, int(rng.binomial(made, chance)))
                )
    return pd.DataFrame(rows, columns=["day", "channel", "rep_id", "created", "converted"])


def fields(seed: int, *, late: bool = False, whole: bool = False, effect: float = 0.0) -> pd.DataFrame:
    """Required fields of 240 open deals of four teams. `late`: team D's deals stand at a stage that asks for fields which everybody leaves
    empty; `whole`: a deal's fields are filled all or none; `effect`: points by which team D fills less."""
    rng = np.random.default_rng(seed)
    deals_, each = 240, 6
    team = rng.choice(list("ABCD"), deals_)
    quote = rng.random(deals_) < np.where(late & (team == "D"), 0.9, 0.2)
    names = np.tile(np.arange(each), deals_)
    deal = np.repeat(np.arange(deals_), each)
    asked = (names < 4) | quote[deal]
    chance = np.where(names < 4, 0.85, 0.4) - effect * (team[deal] == "D")
    filled = (rng.random(deals_)[deal] < 0.8) if whole else rng.random(len(deal)) < chance
    frame = pd.DataFrame(
        {
            "opportunity_id": deal, "stage": np.where(quote[deal], "quote", "needs"), "team": team[deal], "rep_id": team[deal],
            "rep_name": team[deal], "field": names.astype(str), "filled": filled, "weight": 1.0,
        }
    )  # fmt: skip
    return frame[asked].reset_index(drop=True)


def key_days(seed: int, *, slower: float = 0.0, begins: int = 910) -> pd.DataFrame:
    """Order days of twelve key accounts since `begins` days. `slower`: the share that the first three order less often in the last half
    year."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(12):
        at = np.cumsum(rng.gamma(2.0, rng.uniform(3, 8) / 2, 900))
        days = TODAY - pd.Timedelta(days=begins) + pd.to_timedelta(np.floor(np.unique(at)), unit="D")
        days = days[days <= TODAY].unique()
        kept = (days < pd.Timestamp("2026-05-01")) | (rng.random(len(days)) > slower * (number < 3))
        rows += [(f"C{number:03d}", day) for day in days[kept]]
    frame = pd.DataFrame(rows, columns=["account_id", "day"])
    return frame.assign(net_amount=100.0, is_order=True)


def team_hours(
    seed: int, *, load: float = 0.9, over: float = 0.0
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Hours of four teams of five in fifteen months, about `load` of their days; answers to the pulse; the people. `over`: what the first
    team has on top in the last quarter."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2025-08-01", TODAY, freq="MS")
    rows = []
    for team in "ABCD":
        for month in months:
            share = load + over * (team == "A" and month >= pd.Timestamp("2026-08-01"))
            hours = rng.gamma(1.0, 1.0, rng.poisson(share * 735)) if share else np.zeros(0)
            rows.append((team, month, hours.sum(), float((hours**2).sum()), 735.0))
    loads = pd.DataFrame(rows, columns=["team", "month", "hours", "squares", "available"])
    people = pd.DataFrame({"rep_id": np.arange(20).astype(str), "team": list("ABCD") * 5, "active": True})
    asked = []
    for span in ("now", "before"):
        for team in "ABCD":
            answers = np.clip(
                np.round(rng.normal(3 + over * 4 * (team == "A" and span == "now"), 0.7, 5)), 1, 5
            )
            asked.append((team, span, 5, answers.mean(), answers.var(ddof=1)))
    return loads, pd.DataFrame(asked, columns=["team", "span", "people", "mean", "variance"]), people


def two_years(seed: int, *, one_huge: float = 0.0, lost: float = 0.0, heavy: bool = False) -> pd.DataFrame:
    """Bookings of two years in four regions, three lines and five people each. `one_huge`: an order of last year, in usual ones' money;
    `lost`: the share that two people in the East no longer sell of Alpha; `heavy`: amounts with a heavy tail."""
    rng = np.random.default_rng(seed)
    n = 6000
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 669, n), unit="D")
    region = rng.choice(["East", "North", "South", "West"], n)
    rep = np.array(
        [f"{place}{number}" for place, number in zip(region, rng.choice(5, n, p=BUSY), strict=True)]
    )
    line = rng.choice(["Alpha", "Beta", "Gamma"], n)
    amount = rng.lognormal(3, 1.5 if heavy else 0.4, n)
    frame = pd.DataFrame(
        {"day": day, "region": region, "product_line": line, "rep_id": rep, "net_amount": amount}
    )
    theirs = (
        frame["rep_id"].isin(["East0", "East1"]) & (line == "Alpha") & (day >= pd.Timestamp("2026-01-01"))
    )
    frame = frame[~(theirs & (rng.random(n) < lost))].reset_index(drop=True)
    first = frame.index[(frame["rep_id"] == "East0") & (frame["day"] < pd.Timestamp("2025-10-31"))][0]
    frame.loc[first, "net_amount"] += one_huge * float(frame["net_amount"].mean())
    return frame


def new_year_bookings(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Two years of forty orders on each Chinese working day, with the New Year in January of 2025 and in February of 2026, and even
    targets."""
    rng = np.random.default_rng(seed)
    days = working_days(pd.Timestamp("2025-01-01"), pd.Timestamp("2026-12-31"), country="CN")
    when = days.repeat(rng.poisson(40, len(days)))
    sold = pd.DataFrame(
        {
            "day": when,
            "rep_id": rng.choice(list("ABCDEFGH"), len(when)),
            "net_amount": rng.lognormal(3, 0.5, len(when)),
        }
    )
    year = sold.loc[sold["day"].dt.year == 2026, "net_amount"].sum()
    return sold, pd.Series(year / 12, pd.date_range("2026-01-01", periods=12, freq="MS"))


def worked_together(seed: int, *, n: int = 900, effect: float = 0.0, lost_days: float = 20.0) -> pd.DataFrame:
    """Closed deals on which a further person works every forty days or so; losses come after `lost_days`, wins after sixty. `effect`: points
    by which deals win more that get a second person from the first day."""
    rng = np.random.default_rng(seed)
    pair = rng.random(n) < 0.4 * (effect > 0)
    won = rng.random(n) < 0.35 + effect * pair
    days = np.ceil(rng.gamma(2.0, np.where(won, 60.0, lost_days) / 2))
    created = FIRST + pd.to_timedelta(rng.integers(0, 900, n), unit="D")
    return pd.DataFrame(
        {
            "account_id": rng.integers(0, 200, n).astype(str), "outcome": np.where(won, "won", "lost"), "created_on": created,
            "closed_on": created + pd.to_timedelta(days, unit="D"), "people": 1 + pair + rng.poisson(days / 40),
        }
    )  # fmt: skip

"""Leads, deals and what is recorded of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.calendars.periods import working_days
from tests.worlds.dates import FIRST, TODAY


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


def checklists_kept(
    seed: int, *, n: int = 500, lost_days: float = 15.0, effect: float = 0.0, channels: bool = False
) -> pd.DataFrame:
    """Checklists are done some twenty days after a deal came to the stage, if it is still there; losses come after `lost_days`,
    wins after sixty. `effect`: points by which a deal wins more whose checklist would be done by day 20; `channels`: referrals win at 60% and have theirs done
    in half the time, cold calls at 20%."""
    rng = np.random.default_rng(seed)
    cold = channels & (rng.random(n) < 0.5)
    done_on = rng.exponential(np.where(cold | (not channels), 20.0, 10.0))
    won = rng.random(n) < (np.where(cold, 0.2, 0.6) if channels else 0.4) + effect * (done_on < 14)
    days = np.ceil(rng.gamma(2.0, np.where(won, 60.0, lost_days) / 2))
    return pd.DataFrame(
        {
            "opportunity_id": np.arange(n).astype(str), "stage": "quote", "item": "all", "team": rng.choice(["A", "B"], n),
            "outcome": np.where(won, "won", "lost"), "done": done_on < days, "days": days, "channel": np.where(cold, "cold_call", "referral"),
        }
    )  # fmt: skip


def team_checklists(
    seed: int, *, n: int = 480, young: bool = False, short: bool = False, effect: float = 0.0
) -> pd.DataFrame:
    """Checklists of four teams' deals, done some twenty days after a deal came to the stage. `young`: three in five deals of team D came in the last
    weeks, of all others one in ten; `short`: team D's stand at a stage whose checklist takes twice as long; `effect`: points by which team D keeps it less."""
    rng = np.random.default_rng(seed)
    team = rng.choice(list("ABCD"), n)
    fresh = rng.random(n) < np.where(young & (team == "D"), 0.6, 0.1)
    late = rng.random(n) < np.where(short & (team == "D"), 0.9, 0.3)
    age = np.where(fresh, rng.integers(0, 25, n), rng.integers(25, 330, n))
    done = (rng.exponential(np.where(late & short, 60.0, 20.0)) < age) & (
        rng.random(n) >= effect * (team == "D")
    )
    return pd.DataFrame(
        {"opportunity_id": np.arange(n).astype(str), "stage": np.where(late, "quote", "needs"), "item": "all", "team": team, "done": done, "age": age}
    )  # fmt: skip


def begun(seed: int, *, summers: bool = False, stops: bool = False) -> pd.DataFrame:
    """Thirty deals a month over three years, closed within 20 to 90 days. `summers`: nobody begins one from August to October, in no year; `stops`:
    none is begun since August of this year."""
    rng = np.random.default_rng(seed)
    created = pd.Timestamp("2023-11-01") + pd.to_timedelta(rng.integers(0, 1096, 1080), unit="D")
    created = created[~(summers & (created.month >= 8) & (created.month <= 10))]
    created = created[~(stops & (created >= pd.Timestamp("2026-08-01")))]
    closed = created + pd.to_timedelta(rng.integers(20, 100, len(created)), unit="D")
    return pd.DataFrame({"created_on": created, "closed_on": pd.Series(closed).mask(closed > TODAY)})


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


def fields(
    seed: int, *, late: bool = False, whole: bool = False, young: bool = False, effect: float = 0.0
) -> pd.DataFrame:
    """Required fields of 240 open deals of four teams. `late`: team D's deals stand at a stage that asks for fields which everybody leaves
    empty; `whole`: a deal's fields are filled all or none; `young`: four in five deals of team D are of the last weeks, of all others one, and less is known of
    such yet; `effect`: points by which team D fills less."""
    rng = np.random.default_rng(seed)
    deals_, each = 240, 6
    team = rng.choice(list("ABCD"), deals_)
    quote = rng.random(deals_) < np.where(late & (team == "D"), 0.9, 0.2)
    names = np.tile(np.arange(each), deals_)
    deal = np.repeat(np.arange(deals_), each)
    asked = (names < 4) | quote[deal]
    fresh = young & (rng.random(deals_) < np.where(team == "D", 0.8, 0.2))
    chance = np.where(names < 4, 0.85, 0.4) - effect * (team[deal] == "D") - 0.35 * fresh[deal]
    begun = TODAY - pd.to_timedelta(
        np.where(fresh, rng.integers(1, 20, deals_), rng.integers(40, 300, deals_)), unit="D"
    )
    filled = (rng.random(deals_)[deal] < 0.8) if whole else rng.random(len(deal)) < chance
    frame = pd.DataFrame(
        {
            "opportunity_id": deal, "stage": np.where(quote[deal], "quote", "needs"), "team": team[deal], "rep_id": team[deal],
            "rep_name": team[deal], "created_on": begun[deal], "field": names.astype(str), "filled": filled, "weight": 1.0,
        }
    )  # fmt: skip
    return frame[asked].reset_index(drop=True)


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

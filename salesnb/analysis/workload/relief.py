"""Does load go with stress, and did help that was offered lower it?

Answers of people are told of sides of five people or more alone, and of these only differences. Help is an action whose metric is stress;
it is for the team of whoever answers for it. The change of the helped from the three months before to the three months after
is held against everybody else's. Help is offered where stress is high, and what is high falls by itself: so the change from the three
months before those, which nobody was picked for, must show it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from salesnb.analysis.decomposition import rivals
from salesnb.analysis.intervals import beyond_noise
from salesnb.calendars.periods import months_back
from salesnb.findings import CANNOT_TELL, Finding

METRICS = ("stress", "wellbeing", "pulse", "压力", "员工状态")
KINDS = {
    "eap": ("eap", "assistance", "counsel", "员工援助", "心理"),
    "team_day": ("team day", "team-day", "outing", "offsite", "团建", "团队日"),
    "talk": ("talk", "one-on-one", "1:1", "conversation", "谈话", "面谈", "谈心"),
}  # of help, by words of the action
SPAN = 90  # days before and after
ALARM = 0.05  # chance of any false call, over all help
HELP = ["action_id", "done_on", "team", "kinds", "helped", "change", "others", "effect", "low", "high", "p_value", "conclusion", "by", "rivals"]  # fmt: skip


def offered(actions: pd.DataFrame, people: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Which help was given, to which team, when? One row per action on stress that was done: action_id, done_on, team (of its owner;
    empty where none is known), kinds (of `KINDS`)."""
    metric = actions["metric"].fillna("").astype(str).str.lower()
    about = np.array([any(word in text for word in METRICS) for text in metric], dtype=bool)
    rows = actions[about & (actions["done_on"] <= as_of).to_numpy()]
    text = rows["description"].fillna("").astype(str).str.lower()
    teams = people.drop_duplicates("rep_id").set_index("rep_id")["team"]
    return pd.DataFrame(
        {
            "action_id": rows["action_id"], "done_on": rows["done_on"], "team": rows["owner_id"].map(teams).fillna(""),
            "kinds": [[kind for kind, words in KINDS.items() if any(word in one for word in words)] for one in text],
        }
    ).reset_index(drop=True)  # fmt: skip


def spans(done_on: pd.Timestamp) -> tuple[tuple[pd.Timestamp, pd.Timestamp], ...]:
    """The three months before the help, the three before those, and the three after: first and last days."""
    day, length = pd.Timedelta(days=1), pd.Timedelta(days=SPAN)
    return ((done_on - 2 * length, done_on - length - day), (done_on - length, done_on - day), (done_on + day, done_on + length))  # fmt: skip


def effects(help_: pd.DataFrame, asked: list[pd.DataFrame], *, as_of: pd.Timestamp) -> pd.DataFrame:
    """What did each help do? The rows of `offered` with helped (people who answered), change and others (points of five, from the three
    months before to the three after, of the helped and of all others), effect (their difference) with its 95% interval, p_value,
    conclusion, by and rivals (regression: what of it is gone from the three months before those on).

    `asked`: for each help the sides of `spans` (side, place, people, mean, variance); without both sides in all three, and before the
    three months after are over, it cannot be told.
    """
    rows = []
    for one, sides in zip(help_.to_dict("records"), asked, strict=True):
        over = one["done_on"] + pd.Timedelta(days=SPAN) <= as_of
        cells = {(row["side"], row["place"]): row for row in sides.to_dict("records")} if over else {}
        if len(cells) < 6:
            rows.append(
                one | {"conclusion": CANNOT_TELL, "by": "", "rivals": {}, "net_p": np.nan, "p_value": np.nan}
            )
            continue
        near, far = (_against(cells, place) for place in (1, 0))
        moved = {side: cells[side, 2]["mean"] - cells[side, 1]["mean"] for side in ("these", "others")}
        rows.append(
            one | {
                "helped": int(cells["these", 2]["people"]), "change": moved["these"], "others": moved["others"],
                "effect": near.value, "low": near.low, "high": near.high, "p_value": near.p_value, "net_p": far.p_value,
                "net": far.value, "rivals": {"regression": rivals.share_of(near.value, far.value)},
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=[*HELP, "net", "net_p"]).astype({"conclusion": object, "by": object})
    known = table["p_value"].notna().to_numpy()
    if known.any():
        seen = beyond_noise(table["p_value"], alpha=ALARM) & known
        same = (np.sign(table["net"].astype(float)) == np.sign(table["effect"].astype(float))).to_numpy()
        alike = beyond_noise(table["net_p"].where(seen & same), alpha=ALARM)
        words = rivals.worded(table.index, seen, alike, list(table["rivals"]))
        table.loc[known, ["conclusion", "by"]] = words.loc[known, ["conclusion", "by"]]
    return table[HELP]


def _against(cells: Mapping[Any, Mapping[Any, Any]], place: int) -> rivals.Estimate:
    """The change from a span to the one after the help, less the others' (Welch 1947; people's means of the spans taken as independent)."""
    signs = {("these", 2): 1, ("these", place): -1, ("others", 2): -1, ("others", place): 1}
    value = float(sum(sign * cells[cell]["mean"] for cell, sign in signs.items()))
    parts = [
        (float(cells[cell]["variance"]) / cells[cell]["people"], cells[cell]["people"] - 1) for cell in signs
    ]
    variance = sum(part for part, _ in parts)
    if not variance > 0:
        return rivals.Estimate(value, np.nan, np.nan, np.nan)
    freedom = variance**2 / sum(part**2 / free for part, free in parts)
    error = variance**0.5
    half = float(student.ppf(0.975, freedom)) * error
    return rivals.Estimate(
        value, value - half, value + half, float(2 * student.sf(abs(value) / error, freedom))
    )


def busy(load: pd.DataFrame, *, as_of: pd.Timestamp, months: int = 3) -> list[str]:
    """Who is in the busier half? The ids of people (`load`: rep_id × month, hours, available) above the median load of the last `months`."""
    recent = load[load["month"] >= months_back(as_of, months)].groupby("rep_id")[["hours", "available"]].sum()
    share = (recent["hours"] / recent["available"].where(recent["available"] > 0)).dropna()
    return [str(rep) for rep in share.index[share > share.median()]]


def with_load(sides: pd.DataFrame) -> rivals.Estimate | None:
    """By how many points of five is the busier half (`these`) more stressed than the others, with a 95% interval? None below two sides."""
    if len(sides) < 2:
        return None
    these, others = (sides[sides["side"] == side].iloc[0] for side in ("these", "others"))
    parts = [(float(one["variance"]) / one["people"], one["people"] - 1) for one in (these, others)]
    variance = sum(part for part, _ in parts)
    if not variance > 0:
        return None
    value, error = float(these["mean"] - others["mean"]), variance**0.5
    freedom = variance**2 / sum(part**2 / free for part, free in parts)
    half = float(student.ppf(0.975, freedom)) * error
    return rivals.Estimate(
        value, value - half, value + half, float(2 * student.sf(abs(value) / error, freedom))
    )


def findings(helped: pd.DataFrame, load: rivals.Estimate | None, *, as_of: pd.Timestamp) -> list[Finding]:
    """The verdicts of `effects` and `with_load`."""
    both = pd.DataFrame([load] if load else [], columns=rivals.Estimate._fields)
    both = both.assign(hit=(both["p_value"] < ALARM) & (both["value"] > 0), member="")
    return [
        *rivals.told(helped, id="help.stress", member="action_id", value="effect", stated=ALARM, unit="person", basis="peers"),
        *rivals.plainly(
            both, "hit", id="load.stress", member="member", value="value", stated=ALARM, unit="person", basis="peers",
            period=(months_back(as_of, 3), as_of),
        ),
    ]  # fmt: skip

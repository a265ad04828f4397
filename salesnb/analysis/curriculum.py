"""Which module of training does whom lack, and what fits into the next quarter?

A module is product knowledge, selling skills or communication. What a person needs follows from the stages at which the person loses
more deals than colleagues would, beyond chance, and from lines that fell by two people's pitch; which module helps at a stage the plan
says, else where in the process it stands. A quarter has as many hours for courses as its selling hours leave beside the appointments that a team usually has. They go to who loses
most money, first to courses whose effect was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from salesnb.analysis.survival import stage_order as stage_order
from salesnb.calendars.periods import months_back, working_days
from salesnb.findings import FOUND

MODULES = ("product", "skills", "communication")
WORDS = {
    "communication": ("communicat", "presentation", "writing", "listening", "沟通", "表达", "演讲", "写作"),
    "skills": (
        "selling",
        "negotiat",
        "closing",
        "prospecting",
        "objection",
        "谈判",
        "销售技巧",
        "技能",
        "异议",
    ),
    "product": ("product", "产品"),
}  # of a course's name, where its topic is not known
LOAD_MONTHS = 3  # whose appointments are the usual ones
WANTED = ["rep_id", "rep_name", "team", "module", "reasons", "rate", "peers", "lost_value"]
PLANNED = [*WANTED, "course", "effect", "lift", "hours", "place"]


def modules(training: pd.DataFrame, lines: Iterable[object] = ()) -> pd.Series:
    """Which module is each course? By course: its topic, else what its name says (a product line of `lines`, or one of `WORDS`);
    courses that neither tells are left out.

    `training`: rep_id, course, topic.
    """
    known = (
        training[training["topic"].isin(MODULES)]
        .groupby("course")["topic"]
        .agg(lambda one: one.mode().iloc[0])
    )
    words = {**WORDS, "product": (*WORDS["product"], *(word for _, word in _words(lines)))}
    found = dict(known)
    for course in training["course"].dropna().unique():
        said = [
            module for module, parts in words.items() if any(part in str(course).lower() for part in parts)
        ]
        if course not in found and len(said) == 1:
            found[course] = said[0]
    return pd.Series(found, dtype=object)


def _words(lines: Iterable[object]) -> list[tuple[str, str]]:
    """Each product line with the word by which a course's name may name it."""
    return [(line, line.lower().rstrip("s")) for line in lines if isinstance(line, str) and line]


def wanted(
    weak: pd.DataFrame,
    people: pd.DataFrame,
    readings: Iterable[Any] = (),
    *,
    order: Sequence[str],
    given: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Who needs which module? One row per person of `people` × module, most money at stake first.

    `weak`: coaching.weaknesses (rep_id, stage, rate, peers, lost_value, weak): a weak stage asks for the module of `given` (stage → module,
    as the plan says), else for communication in the first half of the process in the `order` of its stages, where the customer is
    understood, and for skills in the second, where is sold. `readings` of product_lines.reading: a line that fell by the pitch of two
    people asks these for its product module. `people`: rep_id, rep_name, team. Of a person's reasons for one module all stand in
    `reasons` (stages or lines); `rate` and `peers` are of the one with most at stake, `lost_value` is their sum.
    """
    places, said = {stage: place for place, stage in enumerate(order)}, dict(given or {})
    rows = weak.loc[weak["weak"].astype(bool), ["rep_id", "stage", "rate", "peers", "lost_value"]]
    rows = rows.rename(columns={"stage": "reason"}).assign(
        module=[said.get(one) or _by_place(places.get(one, len(order)), len(order)) for one in rows["stage"]]
    )
    named = people.drop_duplicates("rep_name", keep=False).set_index("rep_name")["rep_id"]
    pitched = [
        {
            "rep_id": named[name], "reason": one.line, "rate": one.few_now, "peers": one.rest_now,
            "lost_value": one.lost_value / len(one.few), "module": "product",
        }
        for one in readings if one is not None and one.verdict == "pitch" for name in one.few if name in named
    ]  # fmt: skip
    rows = pd.concat([rows, pd.DataFrame(pitched, columns=rows.columns)]) if pitched else rows
    rows = rows.merge(people[["rep_id", "rep_name", "team"]].drop_duplicates("rep_id"), on="rep_id")
    rows = rows.sort_values(
        ["lost_value", "rep_id", "reason"], ascending=[False, True, True], na_position="last"
    )
    table = rows.groupby(["rep_id", "module"], sort=False, as_index=False).agg(
        rep_name=("rep_name", "first"), team=("team", "first"), reasons=("reason", list), rate=("rate", "first"),
        peers=("peers", "first"), lost_value=("lost_value", "sum"),
    )  # fmt: skip
    return table.sort_values(
        ["lost_value", "rep_id", "module"], ascending=[False, True, True], ignore_index=True
    )[WANTED]


def _by_place(place: int, stages: int) -> str:
    return "communication" if 2 * place < stages - 1 else "skills"


def free_hours(
    load: pd.DataFrame,
    people: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    hours_per_day: float,
    country: str | None = None,
) -> pd.Series:
    """How many selling hours of the next calendar quarter are beside a team's usual appointments? By team; missing without logged ones.

    `load`: team × month (hours, available); `people`: whoever is there (team).
    """
    first = next_quarter(as_of)
    days = len(working_days(first, first + pd.DateOffset(months=3) - pd.Timedelta(days=1), country=country))
    heads = people.groupby("team")["rep_id"].nunique()
    recent = (
        load[load["month"] >= months_back(as_of, LOAD_MONTHS)].groupby("team")[["hours", "available"]].sum()
    )
    taken = (recent["hours"] / recent["available"].where(recent["available"] > 0)).where(recent["hours"] > 0)
    return heads * days * hours_per_day * (1 - taken.reindex(heads.index)).clip(lower=0)


def next_quarter(as_of: pd.Timestamp) -> pd.Timestamp:
    """The first day of the calendar quarter after that of `as_of`."""
    return (as_of.to_period("Q") + 1).start_time


def quarter_plan(
    needs: pd.DataFrame,
    training: pd.DataFrame,
    kinds: pd.Series,
    effects: pd.DataFrame,
    free: pd.Series,
    *,
    hours: float,
    lines: Iterable[object] = (),
) -> pd.DataFrame:
    """Who takes which course next quarter? The rows of `needs` of `wanted`, in their order, with course, its effect, hours, and place:
    ``planned``; ``full`` (the team has no `hours` left), ``unknown`` (no hours of the team are known) or ``course`` (there is none
    of the module that the person has not taken; of one about other product lines than the reasons there is none).

    `training`: rep_id, course; `kinds` of `modules`; `effects`: course, lift, conclusion (of training.lifts); `free` of `free_hours`, of
    which each course takes `hours` a person. Of several courses: one that was seen to help, then the one that most people took.
    """
    left, rows = free.to_dict(), []
    about = {
        course: {line for line, word in _words(lines) if word in str(course).lower()}
        for course in kinds.index
    }
    judged = effects.set_index("course")
    taken = training.groupby("course")["rep_id"].nunique()
    done = training.groupby("rep_id")["course"].agg(set)
    for need in needs.to_dict("records"):
        open_ = [
            one for one in kinds.index[kinds == need["module"]]
            if one not in done.get(need["rep_id"], set()) and (not about[one] or about[one] & set(need["reasons"]))
        ]  # fmt: skip
        helps = {
            one: judged["conclusion"].get(one, "") == FOUND and judged["lift"].get(one, 0.0) > 0
            for one in open_
        }
        harmed = {
            one: judged["conclusion"].get(one, "") == FOUND and judged["lift"].get(one, 0.0) < 0
            for one in open_
        }
        ranked = sorted(
            (one for one in open_ if not harmed[one]), key=lambda one: (not helps[one], -taken[one], one)
        )
        course = ranked[0] if ranked else None
        known = left.get(need["team"], np.nan)
        place = (
            "course"
            if course is None
            else "unknown"
            if known != known
            else "planned"
            if known >= hours
            else "full"
        )
        if place == "planned":
            left[need["team"]] = known - hours
        effect = judged["conclusion"].get(course, "") if course else ""
        lift = float(judged["lift"].get(course, np.nan)) if course else np.nan
        rows.append(need | {"course": course, "effect": effect, "lift": lift, "hours": hours, "place": place})
    return pd.DataFrame(rows, columns=PLANNED)


def grid(
    people: pd.DataFrame, training: pd.DataFrame, kinds: pd.Series, planned: pd.DataFrame
) -> pd.DataFrame:
    """Person × module: what was taken, what is needed? One row per person of `people`, who needs something first: rep_id, rep_name, team,
    one column per module with the courses taken, and needs (the modules lacking)."""
    module = training["course"].map(kinds)
    taken = training.assign(module=module).dropna(subset=["module"]).drop_duplicates(["rep_id", "course"])
    counted = pd.crosstab(taken["rep_id"], taken["module"])
    table = people[["rep_id", "rep_name", "team"]].drop_duplicates("rep_id").reset_index(drop=True)
    for name in MODULES:
        table[name] = table["rep_id"].map(counted.get(name, {})).fillna(0).astype(int)
    lacking = planned.groupby("rep_id", sort=False)["module"].agg(list)
    table["needs"] = [lacking.get(rep, []) for rep in table["rep_id"]]
    rank = {rep: place for place, rep in enumerate(planned["rep_id"].unique())}
    table["rank"] = table["rep_id"].map(rank).fillna(len(rank))
    return table.sort_values(["rank", "rep_name"], ignore_index=True).drop(columns="rank")

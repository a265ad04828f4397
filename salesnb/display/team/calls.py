"""What the team page asks for and saw change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesnb.audience import lead_of
from salesnb.display.kit.words import called
from salesnb.display.team.handover import relief
from salesnb.display.team.prose import attainment
from salesnb.headlines import Change, Decision, Figure
from salesnb.language import Message
from salesnb.results.people import Handover

YEAR = 365  # days, over which deals were passed on or lost


def lead(
    figures: Mapping[str, Figure], attained: pd.DataFrame, needs: pd.DataFrame, teams: pd.DataFrame
) -> Message | None:
    """The page in one sentence, for its card."""
    heavy = list(teams.loc[teams["overloaded"].astype(bool), "team"])
    coached = needs[needs["kind"] == "coaching"]
    if figures["team.median_attainment"].value is None:
        return attainment(attained, figures)
    if heavy and len(coached):
        return Message(
            "{at:count} of {n:count} people are at target; coach {names:list}, and take work off {teams:list}.",
            at=figures["team.at_target"].value,
            n=int(attained["attainment"].notna().sum()),
            names=list(dict.fromkeys(coached["rep_name"]))[:3],
            teams=heavy[:2],
        )
    return attainment(attained, figures)


def decisions(
    needs: pd.DataFrame, teams: pd.DataFrame, people: pd.DataFrame, moved: Handover | None = None
) -> list[Decision]:
    """What the director is asked to decide: relief for overloaded teams first, then coaching with money at stake."""
    names = dict(zip(people["rep_id"], people["rep_name"].fillna(people["rep_id"]), strict=True))
    leads = {
        team: str(names.get(lead_of(people, team, within="team"), ""))
        for team in people["team"].dropna().unique()
    }
    free = teams[~teams["overloaded"].astype(bool)].sort_values("load")
    asked = []
    for heavy in teams[teams["overloaded"].astype(bool)].to_dict("records"):
        named = relief(moved, people, heavy["team"])
        if named:
            asked.append(
                Decision(
                    f"relief-{heavy['team']}",
                    Message(
                        "Hand {n:count} customers of {team} over to {takers:list}",
                        team=heavy["team"],
                        **named,
                    ),
                    Message(
                        "{load:share} of selling hours taken; {hours:number} hours a week move",
                        load=heavy["load"],
                        hours=named["hours"],
                    ),
                    str(leads.get(heavy["team"], "")),
                    _due(needs, "workload"),
                    float(str(named["served"])) or None,
                    loaded=tuple(map(str, named["loaded"])),  # type: ignore[call-overload]
                )
            )
            continue
        giver = free.iloc[0]["team"] if len(free) else None
        if giver is None:
            continue
        asked.append(
            Decision(
                f"relief-{heavy['team']}",
                Message(
                    "Move advisers or accounts from {giver} to relieve {team}",
                    giver=giver,
                    team=heavy["team"],
                ),
                Message(
                    "{load:share} of selling hours taken against {other:share}",
                    load=heavy["load"],
                    other=free.iloc[0]["load"],
                ),
                str(leads.get(heavy["team"], "")),
                _due(needs, "workload"),
                None,
            )
        )
    for need in needs[needs["kind"] == "coaching"].head(2).to_dict("records"):
        asked.append(
            Decision(
                f"coaching-{need['rep_id']}-{need['need']}",
                Message(
                    "Coach {name} at the stage {stage}", name=need["rep_name"], stage=called(need["need"])
                ),
                Message(
                    "{rate:share} of deals move on, colleagues {peers:share}",
                    rate=need["measure"],
                    peers=need["yardstick"],
                ),
                head if (head := leads.get(need["team"], "")) != need["rep_name"] else "",
                need["due"].date(),
                float(need["at_stake"]),
                over=YEAR,
                coached=(str(need["rep_name"]),),
            )
        )
    return asked


def _due(needs: pd.DataFrame, kind: str) -> Any:
    rows = needs[needs["kind"] == kind]
    return rows["due"].iloc[0].date() if len(rows) else None


def changes(now: pd.DataFrame, before: pd.DataFrame) -> list[Change]:
    """Who crossed beyond chance since last month: newly behind, or no longer."""
    was = before.set_index("rep_id")["standing"].to_dict()
    then = before.set_index("rep_id")["attainment"].to_dict()
    found = []
    for person in now[now["standing"] == "behind"].to_dict("records"):
        if was.get(person["rep_id"]) not in (None, "behind", "none"):
            found.append(
                Change(
                    Message("{name} is now behind target by more than chance", name=person["rep_name"]),
                    float(-person["gap"]),
                    _moved(then, person),
                    good=False,
                )
            )
    for person in now[now["standing"].isin(["near", "ahead"])].to_dict("records"):
        if was.get(person["rep_id"]) == "behind":
            found.append(
                Change(
                    Message("{name} is back within chance of the target", name=person["rep_name"]),
                    abs(float(person["gap"])),
                    _moved(then, person),
                    good=True,
                )
            )
    return found


def _moved(then: Mapping[Any, Any], person: Mapping[Any, Any]) -> Message:
    """From which share of the target to which."""
    return Message(
        "{before:tenths} → {now:tenths}", before=then.get(person["rep_id"]), now=person["attainment"]
    )

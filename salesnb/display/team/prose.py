"""The team page in sentences: who needs which help, and what the data cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from salesnb.display.kit.words import RIVAL_NAMES, called, rival
from salesnb.display.team.tables import HABIT_NAMES, habit_value
from salesnb.headlines import Figure
from salesnb.language import Message, Nothing, marked

NAMED = 4  # people and teams that a sentence still names


def attainment(attained: pd.DataFrame, figures: Mapping[str, Figure]) -> Message | None:
    """Who is at target and who needs help?"""
    if attained.empty:
        return None
    median, people = figures["team.median_attainment"].value, int(figures["team.reps"].value or 0)
    if attained["bookings"].isna().all():
        return Message("No order of the year names a sales person, so nobody can say who is at target.")
    if median is None:
        best = attained.sort_values("bookings", ascending=False).iloc[0]
        return Message(
            "Nobody has a personal target; of {n:count} people {name} books most, {money:money} in the year to date.",
            n=people,
            name=best["rep_name"],
            money=best["bookings"],
        )
    people = int(attained["attainment"].notna().sum())  # only who has a target can reach it
    behind = attained[attained["standing"] == "behind"]
    new = attained[attained["by"] == "maturity"]
    if behind.empty and len(new):
        return Message(
            "{at:count} of {n:count} people are at target, the median at {median:share}; behind by more than chance: {names:list}, explained by {rival}.",
            at=figures["team.at_target"].value,
            n=people,
            median=median,
            names=list(new["rep_name"])[:NAMED],
            rival=_instead(new.iloc[0]),
        )
    if behind.empty:
        return Message(
            "{at:count} of {n:count} people are at target, the median at {median:share}; nobody is behind by more than chance.",
            at=figures["team.at_target"].value,
            n=people,
            median=median,
        )
    if len(behind) == 1:
        return Message(
            "{at:count} of {n:count} people are at target, the median at {median:share}; {name} alone is behind by more than chance, by {money:money}.",
            at=figures["team.at_target"].value,
            n=people,
            median=median,
            name=behind["rep_name"].iloc[0],
            money=-behind["gap"].sum(),
        )
    return Message(
        "{at:count} of {n:count} people are at target, the median at {median:share}; {behind:count} are behind by more than chance, by {money:money} together.",
        at=figures["team.at_target"].value,
        n=people,
        median=median,
        behind=len(behind),
        money=-behind["gap"].sum(),
    )


def attainment_caveat(attained: pd.DataFrame) -> Message | None:
    """What attainment does not show."""
    if attained["attainment"].isna().all():
        return None
    return Message(
        "People with a target: {n:count}. The interval takes a person's order days as they fell; it does not know how hard a territory is.",
        n=int(attained["attainment"].notna().sum()),
    )


def ramp(ramping: pd.DataFrame) -> Message | None:
    """How do newcomers do?"""
    if ramping.empty:
        return Nothing("Nobody was hired in the last twelve months whose orders can be followed.")
    latest = (
        ramping.sort_values("tenure_month")
        .groupby("rep_id")
        .tail(3)
        .groupby("rep_name")["share"]
        .mean()
        .sort_values()
    )
    values = {"name": latest.index[0], "share": latest.iloc[0]}
    if len(latest) == 1:
        return Message(
            "{name}, the only newcomer, sold {share:share} of what a settled colleague did in the last three months of tenure.",
            **values,
        )
    return Message(
        "Of {n:count} newcomers {name} sold least: {share:share} of what a settled colleague did in the last three months of tenure.",
        n=len(latest),
        **values,
    )


COURSE_RIVALS = {
    "selection": marked("the weak months for which people were sent"),
    "maturity": marked("the growth of newcomers"),
}


def _instead(row: pd.Series) -> Message:
    """What explains a row's difference, in the words of people and courses."""
    code = str(row["by"])
    return Message(COURSE_RIVALS.get(code, RIVAL_NAMES[code]))


def courses(lifts: pd.DataFrame) -> Message | None:
    """Did the training work?"""
    if lifts.empty:
        return Nothing(
            "No course can be judged: too few deals closed after one, or nobody untrained to compare with."
        )
    found = lifts[lifts["found"].astype(bool) & (lifts["lift"] > 0)]
    doubted = lifts[lifts["conclusion"].isin(["explained", "cannot_tell"]) & (lifts["lift"] > 0)]
    if found.empty and len(doubted):
        first = doubted.iloc[0]
        values = {"course": first["course"], "lift": first["lift"]}
        if first["by"]:
            return Message(
                "After {course} the win rate is {lift:gain} higher, explained by {rival} and not by the course.",
                rival=_instead(first),
                **values,
            )
        return Message(
            "After {course} the win rate is {lift:gain} higher; course or choice of people: the data cannot tell.",
            **values,
        )
    if found.empty:
        return Nothing("None of {n:count} courses has moved the win rate beyond chance.", n=len(lifts))
    best = found.iloc[0]
    return Message(
        "{course} lifted the win rate by {lift:gain} ({span:gains}), from {before:share}; {others:count} other courses show nothing beyond chance.",
        course=best["course"],
        lift=best["lift"],
        span=(best["low"], best["high"]),
        before=best["before"],
        others=len(lifts) - len(found),
    )


def courses_caveat(lifts: pd.DataFrame) -> Message | None:
    """What the comparison does not prove."""
    if lifts.empty:
        return None
    return Message(
        "A comparison with reps not yet trained ({deals:count} deals after a course), not an experiment: who was sent first may have been chosen. Corrected for looking at {n:count} courses.",
        deals=int(lifts["deals"].max()),
        n=len(lifts),
    )


def stars(attained: pd.DataFrame, names: Sequence[str], differences: pd.DataFrame) -> Message | None:
    """What do the stars do differently?"""
    people = [name for rep in names for name in attained.loc[attained["rep_id"] == rep, "rep_name"]]
    if not people or differences.empty:
        return Message("There are too few people or too few records to tell a star's habits from luck.")
    sure = differences[differences["beyond_chance"].astype(bool)]
    first = (sure if len(sure) else differences).iloc[0]
    told: dict[str, Any] = {
        "people": people[:3],
        "habit": Message(HABIT_NAMES[first["habit"]]),
        "stars": habit_value(first["habit"], first["stars"]),
        "others": habit_value(first["habit"], first["others"]),
    }
    if sure.empty:
        return Nothing(
            "No habit of the best ({people:list}) differs beyond chance; furthest from the others: {habit}, {stars} against {others}.",
            **told,
        )
    return Message(
        "What sets {people:list} apart beyond chance: {habit}, {stars} against {others}. Copy that first.",
        **told,
    )


def stars_elsewhere(names: Sequence[str], people: pd.DataFrame) -> Message | None:
    """Why a scope's page does not tell what the best do: some of them are not its own people. None where all are."""
    if people.empty or set(names) <= set(people["rep_id"]):
        return None
    return Message("Who stands out is not of this scope alone; what they do stands in the company's pack.")


def stars_caveat(habits: pd.DataFrame, differences: pd.DataFrame) -> Message | None:
    """How little so few people can show."""
    if differences.empty:
        return None
    return Message(
        "{n:count} people, {looks:count} habits, corrected for so many looks; a habit that goes with success need not be its cause.",
        n=len(habits),
        looks=len(differences),
    )


def coaching(found: pd.DataFrame) -> Message | None:
    """Who needs coaching in what?"""
    if found.empty:
        return None
    weak = found[found["weak"].astype(bool)]
    told = found[found["conclusion"] == "explained"]
    if weak.empty and len(told):
        first = told.iloc[0]
        return Message(
            "{name} moves {rate:share} of deals past {stage}, colleagues {peers:share}: explained by {rival}, not by skill.",
            name=first["rep_name"],
            rate=first["rate"],
            stage=called(first["stage"]),
            peers=first["peers"],
            rival=_instead(first),
        )
    if weak.empty:
        return Nothing("Nobody loses more deals at any stage than chance and the product mix explain.")
    first = weak.iloc[0]
    return Message(
        "{name} moves {rate:share} of deals past {stage}, colleagues {peers:share}; the records weak beyond chance ({n:count}) put {money:money} at stake.",
        name=first["rep_name"],
        rate=first["rate"],
        stage=called(first["stage"]),
        peers=first["peers"],
        n=len(weak),
        money=weak["lost_value"].sum(),
    )


def coaching_caveat(found: pd.DataFrame) -> Message | None:
    """How the many looks were held in check."""
    if found.empty:
        return None
    return Message(
        "{looks:count} person-stage records looked at; one in ten of those called weak may be chance. The money counts only the part expected to last.",
        looks=len(found),
    )


def rivalry(rivals: pd.DataFrame) -> Message | None:
    """Where do we compete with ourselves?"""
    across = rivals[rivals["across_teams"].astype(bool)]
    if across.empty:
        return Nothing("No account is worked repeatedly by people of two teams.")
    first = across.iloc[0]
    if len(across) == 1:
        if not first["net_amount"]:
            return Message(
                "More than one team works one account, {account} ({names}).",
                account=first["account_name"],
                names=_few(first["names"]),
            )
        return Message(
            "More than one team works one account, {account} ({names}), with {money:money} of bookings.",
            account=first["account_name"],
            names=_few(first["names"]),
            money=first["net_amount"],
        )
    if not across["net_amount"].sum():
        return Message(
            "More than one team works each of {n:count} accounts, {account} among them ({names}).",
            n=len(across),
            account=first["account_name"],
            names=_few(first["names"]),
        )
    return Message(
        "More than one team works each of {n:count} accounts, with {money:money} of bookings; the largest is {account} ({names}).",
        n=len(across),
        money=across["net_amount"].sum(),
        account=first["account_name"],
        names=_few(first["names"]),
    )


def _few(people: Sequence[str]) -> Message:
    """The first of several people, and how many more."""
    if len(people) <= NAMED:
        return Message("{names:list}", names=people)
    return Message("{first:list} with {more:count} more", first=people[:2], more=len(people) - 2)


def cooperation(compared: pd.DataFrame) -> Message | None:
    """Does working together help?"""
    if compared.empty:
        return Message("Too few deals were worked by several people to say whether cooperation helps.")
    both = compared[compared["together"].astype(bool)].iloc[0]
    if both["by"]:
        alone = compared[~compared["together"].astype(bool)].iloc[0]
        return Message(
            "Deals worked by several people were won in {yes:percent}, those of one in {no:percent}: explained by {rival}.",
            yes=both["win_rate"],
            no=alone["win_rate"],
            rival=rival(both["by"]),
        )
    if both["difference"] < 0:
        return Message(
            "Deals worked by several people were won {difference:gain} less often ({span:gains}); larger deals get more people, so this is no proof.",
            difference=-both["difference"],
            span=(-both["high"], -both["low"]),
        )
    return Message(
        "Deals worked by several people were won {difference:gain} more often ({span:gains}); larger deals get more people, so this is no proof.",
        difference=both["difference"],
        span=(both["low"], both["high"]),
    )


def load(teams: pd.DataFrame) -> Message | None:
    """Which team is overloaded?"""
    if teams.empty:
        return None
    heavy = teams[teams["overloaded"].astype(bool)]
    first = (heavy if len(heavy) else teams).iloc[0]
    told = {"team": first["team"], "load": first["load"], "before": first["before"]}
    if first["conclusion"] == "cannot_tell":
        return Message(
            "{team} takes {load:share} of its selling hours; with {low:percent} to {high:percent} the data cannot tell whether it is overloaded.",
            team=first["team"],
            load=first["load"],
            low=first["low"],
            high=first["high"],
        )
    if pd.isna(first["before"]):  # the records do not go back a year
        if heavy.empty:
            return Nothing(
                "No team is overloaded: {team} is the busiest at {load:share} of its selling hours.",
                team=first["team"],
                load=first["load"],
            )
        return Message(
            "{team} is overloaded: {load:share} of its selling hours are taken.",
            team=first["team"],
            load=first["load"],
        )
    if heavy.empty:
        return Nothing(
            "No team is overloaded: {team} is the busiest at {load:share} of its selling hours, {before:share} a year before.",
            **told,
        )
    if pd.isna(first["stress"]):
        return Message(
            "{team} is overloaded: {load:share} of its selling hours are taken, {before:share} a year before.",
            **told,
        )
    return Message(
        "{team} is overloaded: {load:share} of its selling hours are taken ({before:share} a year before), stress rose from {was:number} to {stress:number}.",
        was=first["stress_before"],
        stress=first["stress"],
        **told,
    )


def load_caveat(teams: pd.DataFrame) -> Message | None:
    """What logged hours leave out."""
    if teams.empty:
        return None
    first = teams.iloc[0]
    if pd.notna(first["stress_low"]):
        return Message(
            "The load of {team} is sure within {low:percent} to {high:percent}, its change of stress within {least:number} to {most:number}. Only logged activities count, without desk work and travel.",
            team=first["team"],
            low=first["low"],
            high=first["high"],
            least=round(first["stress_low"], 1),
            most=round(first["stress_high"], 1),
        )
    return Message(
        "Only logged activities count: desk work and travel are not in the hours, so that full load is reached earlier than it looks."
    )


def help_wanted(needs: pd.DataFrame) -> Message | None:
    """Which help first?"""
    if needs.empty:
        return Nothing("Nobody's results call for help beyond the usual.")
    people = list(dict.fromkeys(needs.loc[needs["rep_id"].notna(), "rep_name"]))
    teams = list(dict.fromkeys(needs.loc[needs["kind"] == "workload", "team"]))
    money = needs["at_stake"].sum()
    if len(people) + len(teams) > NAMED:
        return Message(
            "Help is due to {n:count} people and teams, {first} first; {money:money} is at stake.",
            n=len(people) + len(teams),
            first=(people or teams)[0],
            money=money,
        )
    return Message(
        "Help is due to {names:list}; {money:money} is at stake.", names=[*people, *teams], money=money
    )

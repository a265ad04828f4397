"""What else does the demo company note down? Courses, moods, satisfaction, events and what was decided."""

from __future__ import annotations

import numpy as np
import pandas as pd

from salesnb.intake.demo import effects as planted
from salesnb.intake.demo.effects import Effects
from salesnb.intake.demo.ordering import silent_from
from salesnb.intake.demo.people import LEAVER, LINES, SUCCESSOR, TEAMS, Company
from salesnb.intake.demo.rhythm import Rhythm, stream

# The course in waves; five of seven waves fall into the last twenty months.
COURSE_DAYS = {
    "R02": "2024-11-15", "R07": "2024-11-15", "R09": "2025-02-21", "R15": "2025-02-21", "R21": "2025-05-16", "R18": "2025-05-16",
    "R05": "2025-08-22", "R11": "2025-08-22", "R22": "2025-11-14", "R16": "2025-11-14", "R04": "2026-01-16", "R19": "2026-01-16",
}  # fmt: skip
OTHER_COURSES = (
    ("Drive portfolio", "product"),
    ("Sensor basics", "product"),
    ("Negotiation", "skills"),
    ("Writing quotes", "communication"),
)
LINE_COURSE = {"R01": "2024-04-12", "R12": "2024-06-21"}  # two people only: too few for an effect to be told
ACTIONS = (
    ("pipeline", "coverage 1.5 by quarter end", "Close or remove deals that are older than 180 days"),
    ("receivables", "overdue below 15M", "Weekly call list for invoices more than 30 days overdue"),
    ("coverage", "all key accounts seen in 30 days", "Plan visits to key accounts two weeks ahead"),
    ("win_rate", "win rate 32%", "Review every lost quote within a week"),
    ("crm", "completeness 90%", "Fill amount and expected close at the stage quote"),
    ("leads", "10 leads a day", "Two web seminars with the product managers"),
    ("pricing", "no line below the floor", "Discounts above 20% go to the regional head"),
    ("visits", "40 visits a day", "Two visit days a week for every sales engineer"),
)


def courses(seed: int) -> dict[str, pd.Timestamp]:
    """When each trained person took the course that lifts conversion."""
    return {rep: pd.Timestamp(day) for rep, day in COURSE_DAYS.items()}


def training(company: Company, rhythm: Rhythm, *, seed: int) -> pd.DataFrame:
    rng = stream(seed, 40)
    rows = [
        (rep, planted.COURSE, "skills", day, int(rng.integers(72, 98))) for rep, day in courses(seed).items()
    ]
    for rep in company.reps["rep_id"]:
        for course, topic in OTHER_COURSES:
            day = rhythm.starts + pd.Timedelta(days=int(rng.integers(20, 1050)))
            if rng.random() < 0.55 and rep not in (LEAVER, SUCCESSOR):
                rows.append((rep, course, topic, day, int(rng.integers(60, 98))))
    rows += [(rep, "Valve selection", "product", pd.Timestamp(day), 88) for rep, day in LINE_COURSE.items()]
    table = pd.DataFrame(rows, columns=["rep_id", "course", "topic", "completed_on", "score"])
    table = table[table["completed_on"].between(rhythm.starts, rhythm.days[-1])]
    return table.sort_values(["completed_on", "rep_id", "course"], kind="stable").reset_index(drop=True)


def pulse(company: Company, rhythm: Rhythm, *, seed: int, effects: Effects) -> pd.DataFrame:
    """A survey each month since 2025; the overloaded team tells it."""
    rng = stream(seed, 41)
    rows = []
    for month in pd.date_range(max(rhythm.starts, pd.Timestamp("2025-01-01")), rhythm.days[-1], freq="MS"):
        for rep in company.reps.to_dict("records"):
            level, answers = rng.normal(2.6, 0.6), rng.random() < 0.93
            if rep["team"] == planted.OVERLOADED_TEAM and month >= planted.OVERLOAD_BEGINS:
                level += effects.overload_stress
            if rep["team"] == planted.HELPED_TEAM and month < planted.HELPED_ON:
                level += effects.strain
            there = rep["hired_on"] <= month and (pd.isna(rep["left_on"]) or rep["left_on"] > month)
            if there and answers:
                rows.append((rep["rep_id"], month + pd.Timedelta(days=11), int(np.clip(round(level), 1, 5))))
    return pd.DataFrame(rows, columns=["rep_id", "surveyed_on", "stress"])


def satisfaction(company: Company, rhythm: Rhythm, *, seed: int, effects: Effects) -> pd.DataFrame:
    """Twice a year, the larger accounts always, the others by chance."""
    rng = stream(seed, 42)
    n = len(company.size)
    base = np.clip(rng.normal(7.8, 0.9, n), 4, 9.6)
    rows = []
    for month in pd.date_range(rhythm.starts, rhythm.days[-1], freq="MS"):
        if month.month not in (5, 9):
            continue
        asked, noise = rng.random(n) < np.where(np.arange(n) < 60, 0.9, 0.30), rng.normal(0, 0.7, n)
        for account in np.flatnonzero(asked):
            name = f"C{account + 1:03d}"
            score = base[account] + noise[account]
            if (
                effects.silence
                and silent_from(name) is not None
                and month >= planted.DRIFT_BEGINS - pd.Timedelta(days=40)
            ):
                score -= 3.2
            rows.append(
                (name, month + pd.Timedelta(days=int(account % 20)), int(np.clip(round(score), 0, 10)))
            )
    return pd.DataFrame(rows, columns=["account_id", "surveyed_on", "score"])


def events(company: Company, rhythm: Rhythm, *, seed: int, effects: Effects) -> pd.DataFrame:
    """What happened around the company; the planted events among ordinary ones."""
    rng = stream(seed, 43)
    rows: list[tuple[object, ...]] = []
    for _ in range(14):
        kind = ("decision_change", "departure", "other")[int(rng.integers(0, 3))]
        account = f"C{int(rng.integers(min(20, len(company.size) - 1), len(company.size))):03d}"
        note = {"decision_change": "采购负责人更换", "departure": "联系人离职", "other": "展会反馈"}[kind]
        rows.append(
            (
                rhythm.starts + pd.Timedelta(days=int(rng.integers(10, 1080))),
                kind,
                account,
                None,
                int(rng.integers(1, 4)),
                note,
            )
        )
    if effects.war_discount:
        rows.append((planted.WAR[2], "price_war", None, planted.WAR[0], 4, "西区水泵价格战，竞争对手降价"))
    if effects.publicity_orders:
        rows.append(
            (planted.PUBLICITY[1], "publicity", None, planted.PUBLICITY[0], 4, "媒体报道压力传感器召回")
        )
    if effects.silence:
        rows.append(
            (
                pd.Timestamp("2026-06-15"),
                "decision_change",
                planted.STOPPED[0],
                None,
                5,
                "新任采购总监，原供应商名单重审",
            )
        )
    if effects.drives_points:
        rows.append((pd.Timestamp("2026-02-24"), "other", None, "Drives", 3, "恒力 Hengli 进入伺服驱动市场"))
    table = pd.DataFrame(
        rows, columns=["happened_on", "kind", "account_id", "product_line", "severity", "note"]
    )
    table = table[table["happened_on"].between(rhythm.starts, rhythm.days[-1])]
    return table.sort_values(["happened_on", "kind"], kind="stable").reset_index(drop=True)


def actions(company: Company, rhythm: Rhythm, *, seed: int) -> pd.DataFrame:
    """Decisions of the last ten months: most done, some late, some forgotten."""
    rng = stream(seed, 44)
    leads = [members[0] for _, members in TEAMS.values()]
    rows = []
    for month in pd.date_range(rhythm.days[-1] - pd.DateOffset(months=10), rhythm.days[-1], freq="MS"):
        for place in sorted(rng.choice(len(ACTIONS), 4, replace=False)):
            metric, goal, text = ACTIONS[place]
            raised = month + pd.Timedelta(days=int(rng.integers(4, 9)))
            due = raised + pd.Timedelta(days=int(rng.integers(14, 45)))
            done = due + pd.Timedelta(days=int(rng.normal(-2, 10)))
            forgotten = rng.random() < 0.22
            done_on = pd.NaT if forgotten or done > rhythm.days[-1] else max(done, raised)
            rows.append((raised, leads[int(rng.integers(0, len(leads)))], due, metric, goal, done_on, text))
    table = pd.DataFrame(
        rows, columns=["raised_on", "owner_id", "due_on", "metric", "goal", "done_on", "description"]
    )
    table = table.sort_values(["raised_on", "owner_id", "metric"], kind="stable").reset_index(drop=True)
    table.insert(0, "action_id", [f"M{number:02d}" for number in range(1, len(table) + 1)])
    if planted.HELPED_ON - pd.DateOffset(months=6) < rhythm.starts:
        return table
    lead, day = TEAMS[planted.HELPED_TEAM][1][0], planted.HELPED_ON
    given = {
        "action_id": "H01",
        "raised_on": day - pd.Timedelta(days=14),
        "owner_id": lead,
        "due_on": day,
        "done_on": day,
    }
    help_ = given | {
        "metric": "stress",
        "goal": "stress below 3",
        "description": "Talks, EAP and a team day for the team",
    }
    return pd.concat([pd.DataFrame([help_])[list(table)], table], ignore_index=True)


def rival_accounts(company: Company) -> list[tuple[int, str]]:
    """Accounts that two teams chase, with the person of the other team: two in the East, one in the South."""
    picked = []
    for rank, region in zip(planted.RIVAL_RANKS, ("East", "East", "South"), strict=True):
        own = np.flatnonzero((company.accounts["region"] == region).to_numpy())
        later = own[own >= rank - 1]
        account = int(later[0] if len(later) else own[-1])
        owner_team = company.team_of[str(company.owner[account])]
        rival = next(name for name, (place, _) in TEAMS.items() if place == region and name != owner_team)
        picked.append((account, TEAMS[rival][1][1]))
    return picked


def product_line(product: np.ndarray) -> np.ndarray:
    return np.array(LINES)[np.asarray(product) // 6]

"""A company in which every name, id, note and amount is told from every other, and which of them are whose."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

PLAN = """company: Canary Works
currency: CNY
country: CN
stages: [lead, quote]
commission: {unit: amount, tiers: [{from: 0, rate: 0.01}]}
credit: {cost_of_capital: 0.06, prepay_above: 1_000_000}
"""
REGIONS = {"Oxelrand": ("Quorbin", "Tavellis"), "Umbrivale": ("Wexanto",)}
SYLLABLES = [
    "zor",
    "vek",
    "lim",
    "tap",
    "quo",
    "rin",
    "dax",
    "mel",
    "fub",
    "hol",
    "jit",
    "nar",
    "pex",
    "syl",
    "wob",
]


@dataclass
class Canaries:
    """The tables, and of each identity (id, name, note, amount as text) the account and the person that it belongs to."""

    tables: dict[str, pd.DataFrame]
    whose: dict[str, tuple[str, str]] = field(default_factory=dict)


def made(seed: int = 7) -> Canaries:
    """Three teams of five, four and one in two regions; two people share a name; two years of orders, deals and the rest."""
    drawn = random.Random(seed)

    def word() -> str:
        return "".join(drawn.choice(SYLLABLES) for _ in range(4)).title()

    def key(kind: str) -> str:
        return f"{kind}{drawn.randrange(10**7, 10**8)}x"

    def amount(least: int = 10**8, most: int = 10**9) -> float:
        return drawn.randrange(least, most) * 10 / 100 + drawn.randrange(1, 10) / 100

    people, accounts, whose = [], [], {}
    sizes = {"Quorbin": 5, "Tavellis": 4, "Wexanto": 3}
    for region, teams in REGIONS.items():
        for team in teams:
            for place in range(sizes[team]):
                rep = key("P")
                name = "Jinro Vellampor" if place == 1 and team != "Tavellis" else f"{word()} {word()}"
                role = "team lead" if place == 0 else "seller"
                people.append((rep, name, team, region, role, "2020-01-01"))
    for rep, name, _, region, *_ in people:
        whose |= {rep: ("", rep)} | ({name: ("", rep)} if name != "Jinro Vellampor" else {})
        for _ in range(3):
            account = key("A")
            accounts.append((account, f"{word()} {word()}", region, rep))
            whose |= {account: (account, rep), accounts[-1][1]: (account, rep)}
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in COLUMNS}
    rows["reps"], rows["accounts"] = list(people), list(accounts)
    rows["products"] = [("V1", "Valve", "Valves"), ("V2", "Pump", "Pumps")]
    months = pd.date_range("2024-11-01", "2026-10-01", freq="MS")
    for account, _, _, rep in accounts:
        for month in months:
            if drawn.random() < 0.5:
                continue
            day = f"{month + pd.Timedelta(days=drawn.randrange(27)):%Y-%m-%d}"
            order, bill, sold = key("O"), key("I"), amount()
            rows["orders"].append(
                (order, account, rep, drawn.choice(("V1", "V2")), day, 3, sold, round(sold * 1.1, 2))
            )
            rows["invoices"].append((bill, account, order, day, day, "" if month > months[-3] else day, sold))
            whose |= {order: (account, rep), bill: (account, rep), f"{sold:.2f}": (account, rep)}
        for month in months[::2]:
            deal, worth = key("D"), amount()
            outcome = "open" if month > months[-4] else drawn.choice(("won", "lost"))
            closed = "" if outcome == "open" else f"{month + pd.Timedelta(days=40):%Y-%m-%d}"
            opened = f"{month:%Y-%m-%d}"
            rows["opportunities"].append(
                (deal, account, rep, "V1", opened, worth, "quote", "2026-12-01", closed, outcome)
            )
            rows["stage_events"] += [
                (deal, "lead", opened),
                (deal, "quote", f"{month + pd.Timedelta(days=9):%Y-%m-%d}"),
            ]
            visit = key("T")
            rows["activities"].append((visit, rep, account, deal, "visit", opened, 60))
            whose |= {deal: (account, rep), visit: (account, rep), f"{worth:.2f}": (account, rep)}
        note = f"{word()} {word()} {word()}"
        rows["events"].append(("2026-06-10", "departure", account, 3, note))
        rows["satisfaction"].append((account, "2026-09-01", drawn.randrange(3, 10)))
        whose[note] = (account, rep)
    for rep, *_ in people:
        promise, aim = key("M"), f"{word()} {word()} {word()}"
        rows["actions"].append(
            (promise, "2026-08-01", rep, "2026-09-15", "pricing", aim, f"{word()} {word()} {word()}")
        )
        asked = amount()
        rows["targets"] += [
            (f"{month:%Y-%m-%d}", "month", "rep", rep, asked)
            for month in pd.date_range("2026-01-01", periods=12, freq="MS")
        ]
        whose |= {
            promise: ("", rep),
            aim: ("", rep),
            rows["actions"][-1][-1]: ("", rep),
            f"{asked:.2f}": ("", rep),
        }
        rows["pulse"] += [(rep, f"{month:%Y-%m-15}", drawn.randrange(1, 6)) for month in months]
        rows["training"].append((rep, "Closing", "skills", "2026-02-01", 80))
    rows["orders"].append(
        (key("O"), accounts[0][0], people[0][0], "V1", "2026-02-30", 1, 5, 5)
    )  # a day that is none
    tables = {name: pd.DataFrame(rows[name], columns=columns.split()) for name, columns in COLUMNS.items()}
    return Canaries(tables, {text: owner for text, owner in whose.items() if text})


COLUMNS = {
    "reps": "rep_id rep_name team region role hired_on",
    "accounts": "account_id account_name region owner_id",
    "products": "product_id product_name product_line",
    "orders": "order_id account_id rep_id product_id ordered_on quantity net_amount list_amount",
    "invoices": "invoice_id account_id order_id issued_on due_on paid_on amount",
    "opportunities": "opportunity_id account_id rep_id product_id created_on amount stage expected_close_on closed_on outcome",
    "stage_events": "opportunity_id stage entered_on",
    "activities": "activity_id rep_id account_id opportunity_id kind happened_on minutes",
    "events": "happened_on kind account_id severity note",
    "satisfaction": "account_id surveyed_on score",
    "actions": "action_id raised_on owner_id due_on metric goal description",
    "targets": "period_start grain dimension member amount",
    "pulse": "rep_id surveyed_on stress",
    "training": "rep_id course topic completed_on score",
}


def written(canaries: Canaries, folder: Path) -> Path:
    """The company as a workspace."""
    folder.mkdir(parents=True)
    (folder / "plan.yml").write_text(PLAN, encoding="utf-8")
    for name, table in canaries.tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder

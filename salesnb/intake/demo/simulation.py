"""A demo company's 36 months as the sixteen tables, clean: the dirt of real exports is `blemishes`'."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesnb.intake.demo import effects as planted
from salesnb.intake.demo.contacts import activities
from salesnb.intake.demo.deals import STAGES, Chase, chase
from salesnb.intake.demo.effects import NO_EFFECTS, Effects
from salesnb.intake.demo.ordering import order_lines, repeat_orders
from salesnb.intake.demo.payments import invoices, targets
from salesnb.intake.demo.people import TEAMS, Company, build
from salesnb.intake.demo.records import (
    actions,
    courses,
    events,
    pulse,
    rival_accounts,
    satisfaction,
    training,
)
from salesnb.intake.demo.rhythm import Rhythm, stream

DEFAULT_SEED = 69


@dataclass(frozen=True)
class Simulation:
    """The tables, and what only the simulation knows."""

    tables: dict[str, pd.DataFrame]
    company: Company
    lines: pd.DataFrame  # order lines with `pulled` (belongs to the following month) and `war`
    deals: pd.DataFrame  # deals with `heat`, `zombie`, `kept`


def simulate(
    seed: int = DEFAULT_SEED, *, accounts: int = 400, months: int = 36, effects: bool | Effects = True
) -> dict[str, pd.DataFrame]:
    """The sixteen tables in memory, by name; one row as in the workspace's tables, dates as timestamps, money in CNY.

    `effects=False` gives the null company, in which only chance differs from one seed to the next; fewer `accounts` or
    `months` give a smaller one. The last day is always 2026-10-31.
    """
    return live(seed, accounts=accounts, months=months, effects=effects).tables


def live(
    seed: int = DEFAULT_SEED, *, accounts: int = 400, months: int = 36, effects: bool | Effects = True
) -> Simulation:
    """The same with the truth behind the tables."""
    sizes = effects if isinstance(effects, Effects) else Effects() if effects else NO_EFFECTS
    ends = planted.LAST_DAY
    starts = (ends + pd.Timedelta(days=1)) - pd.DateOffset(months=months)
    rhythm = Rhythm.of(starts=starts, ends=ends)
    company = build(seed, accounts=accounts, starts=starts, ends=ends)
    regular, left = repeat_orders(company, rhythm, seed=seed, effects=sizes)
    hunt = chase(company, rhythm, courses(seed), left, seed=seed, effects=sizes)
    if sizes.rivalry:
        hunt = _with_rivals(hunt, company, rhythm)
    lines = order_lines(company, rhythm, hunt.deals, regular, seed=seed, effects=sizes)
    acts = activities(company, rhythm, hunt.deals, seed=seed, effects=sizes)
    dates = rhythm.dates
    tables = {
        "accounts": company.accounts.copy(),
        "reps": company.reps.copy(),
        "products": company.products.copy(),
        "orders": _orders(lines, company, rhythm),
        "targets": targets(company, lines, starts=starts, ends=ends),
        "leads": _leads(hunt.leads, company, rhythm, seed=seed),
        "opportunities": _opportunities(hunt.deals, hunt.stage_events, company, rhythm, seed=seed, effects=sizes),
        "stage_events": hunt.stage_events,
        "activities": acts.assign(account_id=_account_ids(acts["account"]), happened_on=dates(acts["position"].to_numpy()))[
            ["activity_id", "rep_id", "account_id", "opportunity_id", "kind", "happened_on", "minutes", "has_minutes", "has_pain_points", "has_next_step"]
        ],
        "checklist_items": hunt.checklist,
        "invoices": _invoices(company, rhythm, lines, seed, sizes),
        "satisfaction": satisfaction(company, rhythm, seed=seed, effects=sizes),
        "training": training(company, rhythm, seed=seed),
        "pulse": pulse(company, rhythm, seed=seed, effects=sizes),
        "events": events(company, rhythm, seed=seed, effects=sizes),
        "actions": actions(company, rhythm, seed=seed),
    }  # fmt: skip
    return Simulation(tables, company, lines, hunt.deals)


def _account_ids(numbers: pd.Series) -> pd.Series:
    return "C" + (numbers + 1).astype(int).astype(str).str.zfill(3)


def _orders(lines: pd.DataFrame, company: Company, rhythm: Rhythm) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "order_id": lines["order_id"], "line_id": lines["line_id"], "account_id": _account_ids(lines["account"]), "rep_id": lines["rep_id"],
            "product_id": company.products["product_id"].to_numpy()[lines["product"]], "opportunity_id": lines["opportunity_id"],
            "ordered_on": rhythm.dates(lines["position"].to_numpy()), "quantity": lines["quantity"], "net_amount": lines["net_amount"],
            "list_amount": lines["list_amount"], "cost_amount": lines["cost_amount"],
        }
    )  # fmt: skip


def _invoices(
    company: Company, rhythm: Rhythm, lines: pd.DataFrame, seed: int, sizes: Effects
) -> pd.DataFrame:
    table = invoices(company, rhythm, lines, seed=seed, effects=sizes)
    table["account_id"] = _account_ids(table["account"])
    return table[
        ["invoice_id", "account_id", "order_id", "issued_on", "due_on", "paid_on", "amount", "paid_amount"]
    ]


def _leads(leads: pd.DataFrame, company: Company, rhythm: Rhythm, *, seed: int) -> pd.DataFrame:
    rng = stream(seed, 50)
    last = len(rhythm.days) - 1
    day = leads["position"].to_numpy()
    qualified = day + leads["wait"].to_numpy()
    drop = day + rng.integers(2, 40, len(leads))
    qualifies = leads["qualifies"].to_numpy() & (qualified <= last)
    drops = leads["drops"].to_numpy() & ~leads["qualifies"].to_numpy() & (drop <= last)
    table = pd.DataFrame(
        {
            "created_on": rhythm.dates(day), "channel": leads["channel"], "rep_id": leads["rep_id"],
            "account_id": _account_ids(leads["account"]).where(leads["known"] | leads["opportunity_id"].notna()),
            "qualified_on": pd.Series(rhythm.dates(qualified)).where(qualifies), "disqualified_on": pd.Series(rhythm.dates(drop)).where(drops),
            "disqualify_reason": leads["reason"].where(drops), "opportunity_id": leads["opportunity_id"],
        }
    )  # fmt: skip
    table = table[day >= rhythm.first].reset_index(drop=True)
    table.insert(0, "lead_id", [f"L{number:04d}" for number in range(1, len(table) + 1)])
    return table


def _opportunities(
    deals: pd.DataFrame,
    stage_events: pd.DataFrame,
    company: Company,
    rhythm: Rhythm,
    *,
    seed: int,
    effects: Effects,
) -> pd.DataFrame:
    """As the CRM shows them on the last day; some fields were never filled, in one team more of them."""
    rng = stream(seed, 51)
    n = len(deals)
    closed = (deals["closed"] < len(rhythm.days)).to_numpy()
    careless = np.isin(deals["rep_id"], TEAMS[planted.INCOMPLETE_TEAM][1]) * effects.crm_missing
    seen = stage_events.groupby("opportunity_id", sort=False)["stage"].last()
    quoted = deals["opportunity_id"].map(seen).isin(STAGES[3:])
    return pd.DataFrame(
        {
            "opportunity_id": deals["opportunity_id"], "account_id": _account_ids(deals["account"]), "rep_id": deals["rep_id"],
            "product_id": company.products["product_id"].to_numpy()[deals["product"]], "channel": deals["channel"],
            "created_on": rhythm.dates(deals["position"].to_numpy()),
            "amount": deals["amount"].mask(rng.random(n) < 0.02 + careless * 0.8),
            "stage": deals["opportunity_id"].map(seen),
            "expected_close_on": pd.Series(rhythm.dates(deals["position"].to_numpy() + deals["expected"].to_numpy())).mask(rng.random(n) < 0.05 + careless * 1.2),
            "closed_on": pd.Series(rhythm.dates(np.where(closed, deals["closed"], 0))).where(closed),
            "outcome": np.where(~closed, "open", np.where(deals["won"], "won", "lost")),
            "loss_reason": deals["loss_reason"].where(closed),
            "competitor": deals["competitor"].where(quoted & (rng.random(n) > careless)),
        }
    )  # fmt: skip


def _with_rivals(hunt: Chase, company: Company, rhythm: Rhythm) -> Chase:
    """Open deals of two teams on the same accounts, created in the last two months."""
    last, deals, moves = len(rhythm.days) - 1, [hunt.deals], [hunt.stage_events]
    number = len(hunt.deals)
    for account, rival in rival_accounts(company):
        for place, rep in enumerate((company.owner[account], rival, rival)):
            number += 1
            created = int(rhythm.worked(np.array([last - 48 + 9 * place]))[0])
            row = hunt.deals.iloc[[0]].assign(
                opportunity_id=f"D{number:04d}", position=created, account=account, channel="existing", lead=np.nan, rep_id=rep, line="Pumps",
                product=7 + place, amount=1_180_000.0 + 90_000 * place, heat=0.4, won=False, zombie=False, closed=last + 40, last=2, kept=True,
                expected=75, loss_reason=None, competitor=None,
            )  # fmt: skip
            deals.append(row)
            steps = [created, created + 6, created + 15]
            moves.append(
                pd.DataFrame(
                    {
                        "opportunity_id": f"D{number:04d}",
                        "stage": STAGES[:3],
                        "entered_on": rhythm.dates(np.minimum(steps, last)),
                    }
                )
            )
    return Chase(
        hunt.leads, pd.concat(deals, ignore_index=True), pd.concat(moves, ignore_index=True), hunt.checklist
    )

"""How does the demo company come to lie in a folder? plan.yml and sixteen files, the same bytes everywhere."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from salesnb.intake.demo.blemishes import blemish
from salesnb.intake.demo.chinese import in_chinese, plan_in_chinese
from salesnb.intake.demo.effects import Effects
from salesnb.intake.demo.payments import region_shares
from salesnb.intake.demo.simulation import DEFAULT_SEED, live
from salesnb.intake.reading.table_names import table_name

PLAN = """\
# What Demo Industrial decided for the year. Every setting that salesnb knows stands here; most have defaults.
company: Demo Industrial
currency: CNY
language: en
country: CN                        # working days: China's, adjusted weekends included
hours_per_day: 7                   # selling hours of a person's working day
fiscal_year_starts: 1

targets:                           # the company's months, regions and people are in targets.csv; the rest follows from here
  2026:
    amount: 1_000_000_000
    shape: best                    # the one that would have been closest in past years
    fixed: {2026-02: 45_000_000}   # Chinese New Year
    mix: {Valves: 0.30, Pumps: 0.24, Drives: 0.20}
    growth: {Sensors: 0.10, Services: 0.20}
    regions: REGIONS
    fixed_parts: {West: {Services: 20_000_000}}   # a region's product line that stays as it is
    over_assignment: 1.05

tiers:
  strategic: {top_share: 0.05, min_days: 365, contact_days: 14, executive_contact_days: 30, hours_per_month: 16}
  core: {revenue_share: 0.80, contact_days: 30, hours_per_month: 6}
  potential: {new_days: 180, contact_days: 60, hours_per_month: 3}
  opportunity: {contact_days: 90, hours_per_month: 1, screen: {industry_fit: 0.5, budget: 100_000, decision_access: [influencer, decision_maker]}}

stages: [lead, qualified, needs, quote, negotiation]
required_fields:
  quote: [competitor]
  negotiation: [competitor]
checklists:
  quote: [competitor_analysis, differentiators, payment_terms]

sprints:
  - {name: Quarter end, start: 2026-09-01, end: 2026-09-30, target: 95_000_000, visits_per_day: 30, leads_per_day: 10,
     lead_conversion: 0.15, key_account_contact_days: 7, squads: {Falcons: [R01, R02, R03, R04], Tigers: [R05, R06, R07, R08],
     Wolves: [R09, R10, R11, R12], Dragons: [R14, R15, R16, R17]}, bonus: {at: 1.0, amount: 20_000}}
  - {name: Autumn fair, start: 2026-10-01, end: 2026-10-31, target: 90_000_000, visits_per_day: 30, leads_per_day: 10,
     lead_conversion: 0.15, key_account_contact_days: 7, squads: {East: [R01, R02, R03, R04, R05, R06, R07, R08], North: [R09, R10, R11, R12, R13],
     South: [R14, R15, R16, R17, R18, R19, R20], West: [R21, R22, R23, R24]}, bonus: {at: 1.0, amount: 20_000}}
  - {name: Year end, start: 2026-11-30, end: 2026-12-31, target: 118_000_000, visits_per_day: 30, leads_per_day: 10,
     lead_conversion: 0.15, key_account_contact_days: 7, squads: {East: [R01, R02, R03, R04, R05, R06, R07, R08], North: [R09, R10, R11, R12, R13],
     South: [R14, R15, R16, R17, R18, R19, R20], West: [R21, R22, R23, R24]}, bonus: {at: 1.0, amount: 20_000}}

commission:
  basis: net_amount
  mode: marginal
  by: rep
  unit: attainment
  tiers:
    - {from: 0, rate: 0.004}
    - {from: 0.8, rate: 0.008}
    - {from: 1.0, rate: 0.015}
  cap: 500_000

credit: {cost_of_capital: 0.06, prepay_above: 5_000_000, long_terms_days: 90}
price_floors: {Valves: 0.18, Pumps: 0.15, Drives: 0.15, Sensors: 0.20, Services: 0.30}
intake: {max_rejected: 0.05, date_order: ymd}
"""

ENCODINGS = {"accounts": "utf-8-sig", "events": "gb18030"}  # as Excel and an older system would save them


def write_demo(
    folder: Path | str,
    *,
    accounts: int = 400,
    months: int = 36,
    seed: int = DEFAULT_SEED,
    effects: bool | Effects = True,
    language: str = "en",
) -> Path:
    """Write plan.yml and one CSV per table into `folder` (made if missing); the same arguments give the same bytes.

    In Chinese (``zh``) it is the same company with Chinese names, words, headings and files. Existing files of the same names are replaced. Returns the folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    company = live(seed, accounts=accounts, months=months, effects=effects)
    tables = company.tables
    for name, texts in blemish({name: as_text(table) for name, table in tables.items()}, seed=seed).items():
        written = in_chinese(name, texts) if language == "zh" else texts
        path = folder / f"{table_name(name, language)}.csv"
        path.write_bytes(_csv(written).encode(ENCODINGS.get(name, "utf-8")))
    shares = region_shares(company.company, company.lines)
    regions = "{" + ", ".join(f"{name}: {share:.2f}" for name, share in shares.items()) + "}"
    plan = PLAN.replace("REGIONS", regions)
    (folder / "plan.yml").write_text(
        plan_in_chinese(plan) if language == "zh" else plan, encoding="utf-8", newline="\n"
    )
    return folder


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Every value as an export writes it: days without time, amounts to the cent, blanks for what is missing."""
    return pd.DataFrame({name: _texts(table[name]) for name in table.columns})


def _texts(column: pd.Series) -> pd.Series:
    missing = column.isna()
    if pd.api.types.is_datetime64_any_dtype(column):
        texts = column.dt.strftime("%Y-%m-%d").astype(object)
    elif pd.api.types.is_bool_dtype(column):
        texts = column.map({True: "true", False: "false"}).astype(object)
    elif pd.api.types.is_float_dtype(column):
        values = column.fillna(0).to_numpy()
        whole = bool(np.all(values == np.round(values)))
        texts = pd.Series(
            [f"{value:.0f}" if whole else f"{value:.2f}" for value in values],
            index=column.index,
            dtype=object,
        )
    else:
        texts = column.astype(object).map(lambda value: "" if value is None else str(value))
    return texts.mask(missing, "")


def _csv(texts: pd.DataFrame) -> str:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(texts.columns)
    writer.writerows(texts.itertuples(index=False, name=None))
    return lines.getvalue()

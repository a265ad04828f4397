"""Who sells what to whom? The demo company's teams, products and customers, before anything happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from salesnb.intake.demo.effects import HUGE_ACCOUNT_RANK, HUGE_TERMS, VALVE_REPS
from salesnb.intake.demo.names import REP_NAMES, account_names
from salesnb.intake.demo.rhythm import stream

LINES = ("Valves", "Pumps", "Drives", "Sensors", "Services")
LINE_SHARES = (0.30, 0.24, 0.20, 0.14, 0.12)
REGION_SHARES = {"East": 0.35, "North": 0.20, "South": 0.28, "West": 0.17}
TEAMS = {
    "Falcons": ("East", ("R01", "R02", "R03", "R04")),
    "Tigers": ("East", ("R05", "R06", "R07", "R08")),
    "Wolves": ("North", ("R09", "R10", "R11", "R12", "R13")),
    "Dragons": ("South", ("R14", "R15", "R16", "R17")),
    "Herons": ("South", ("R18", "R19", "R20")),
    "Bears": ("West", ("R21", "R22", "R23", "R24")),
}
LEAVER, SUCCESSOR = "R25", "R13"  # the leaver's customers went to the successor
LEFT_ON, HIRED_ON = pd.Timestamp("2026-01-31"), pd.Timestamp("2026-02-23")
PRODUCTS = {
    "Valves": ("Ball valve", "Butterfly valve", "Gate valve", "Control valve", "Check valve", "Safety valve"),
    "Pumps": ("Centrifugal pump", "Gear pump", "Dosing pump", "Vacuum pump", "Slurry pump", "Booster set"),
    "Drives": (
        "Servo drive",
        "Frequency inverter",
        "Gear motor",
        "Linear drive",
        "Soft starter",
        "Drive cabinet",
    ),
    "Sensors": (
        "Pressure sensor",
        "Flow meter",
        "Level sensor",
        "Temperature probe",
        "Position encoder",
        "Gas detector",
    ),
    "Services": (
        "Commissioning",
        "Maintenance contract",
        "Retrofit",
        "Calibration",
        "Operator training",
        "Spare parts kit",
    ),
}
INDUSTRIES = ("Chemicals", "Water", "Power", "Food", "Mining", "Semiconductors", "Shipbuilding", "Pharma")


@dataclass(frozen=True)
class Company:
    """The company at rest: three tables and what the simulation knows beyond them."""

    accounts: pd.DataFrame
    reps: pd.DataFrame
    products: pd.DataFrame
    size: np.ndarray  # one per account, sums to 1
    line_mix: np.ndarray  # accounts × lines, rows sum to 1
    owner: np.ndarray  # one rep id per account
    late_days: np.ndarray  # mean days that an account pays after the due day

    @property
    def slow_payer(self) -> int:
        """The account of the huge order: the first of the North from a middling rank on."""
        return _northern(self.accounts["region"].to_numpy())

    @property
    def team_of(self) -> dict[str, str]:
        return dict(zip(self.reps["rep_id"], self.reps["team"], strict=True))


def build(seed: int, *, accounts: int, starts: pd.Timestamp, ends: pd.Timestamp) -> Company:
    """The company's people, products and customers; account ids go by size, the largest is C001."""
    rng = stream(seed, 1)
    reps, products = _reps(), _products(rng)
    size = 1.0 / (np.arange(accounts) + 6.0) ** 0.92
    size = size / size.sum()
    region, owner = _territories(size, reps)
    main = np.array([_main_line(rng, rep) for rep in owner])
    mix = rng.dirichlet(np.array(LINE_SHARES) * 5, size=accounts) * 0.45
    mix[np.arange(accounts), main] += 0.55
    table = _accounts(rng, size, region, owner, starts=starts, ends=ends)
    late = np.maximum(rng.normal(-8, 5, accounts), -14)
    late[rng.random(accounts) < 0.12] += 24
    return Company(table, reps, products, size, mix, owner, late)


def _northern(region: np.ndarray) -> int:
    north = np.flatnonzero(region == "North")
    later = north[north >= HUGE_ACCOUNT_RANK - 1]
    return int(later[0] if len(later) else north[-1])


def _main_line(rng: np.random.Generator, rep: str) -> int:
    draw = rng.random(2)
    if rep in VALVE_REPS and draw[0] < 0.92:
        return 0
    return int(np.searchsorted(np.cumsum(LINE_SHARES), draw[1] * 0.999999))


def _reps() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for team, (region, members) in TEAMS.items():
        for place, rep in enumerate(members):
            number = int(rep[1:])
            hired = pd.Timestamp("2015-03-02") + pd.Timedelta(days=int((number * 157) % 2900))
            role = "team lead" if place == 0 else "key account manager" if place == 1 else "sales engineer"
            rows.append(
                (
                    rep,
                    REP_NAMES[number - 1],
                    team,
                    region,
                    role,
                    HIRED_ON if rep == SUCCESSOR else hired,
                    pd.NaT,
                )
            )
    rows.append(
        (LEAVER, REP_NAMES[24], "Wolves", "North", "sales engineer", pd.Timestamp("2019-06-03"), LEFT_ON)
    )
    return pd.DataFrame(rows, columns=["rep_id", "rep_name", "team", "region", "role", "hired_on", "left_on"])


def _products(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for line in LINES:
        for place, name in enumerate(PRODUCTS[line]):
            price = float(np.round(np.exp(rng.uniform(np.log(900), np.log(38_000))), -1))
            cost = np.round(price * (0.42 if line == "Services" else 0.58) * rng.uniform(0.95, 1.05), 2)
            rows.append((f"P{LINES.index(line) + 1}{place + 1}", name, line, price, float(cost)))
    return pd.DataFrame(
        rows, columns=["product_id", "product_name", "product_line", "list_price", "unit_cost"]
    )


def _territories(size: np.ndarray, reps: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """From the largest account down: the region furthest below its share, there the rep furthest below."""
    selling = reps[reps["rep_id"] != LEAVER]
    regions = list(REGION_SHARES)
    got, load = dict.fromkeys(regions, 0.0), dict.fromkeys(selling["rep_id"], 0.0)
    members = {region: list(selling.loc[selling["region"] == region, "rep_id"]) for region in regions}
    region_of, owner = [], []
    for weight in size:
        region = max(regions, key=lambda name: (REGION_SHARES[name] - got[name], name))
        rep = min(members[region], key=lambda name: (load[name], name))
        got[region] += weight
        load[rep] += weight / (1.6 if rep in VALVE_REPS else 1.0)
        region_of.append(region)
        owner.append(rep)
    return np.array(region_of), np.array(owner)


def _accounts(
    rng: np.random.Generator,
    size: np.ndarray,
    region: np.ndarray,
    owner: np.ndarray,
    *,
    starts: pd.Timestamp,
    ends: pd.Timestamp,
) -> pd.DataFrame:
    n = len(size)
    span = (ends - starts).days
    old = rng.random(n) < 0.66
    old[: min(60, n)] = True
    created = np.where(old, -rng.integers(60, 2200, n), rng.integers(0, max(span - 30, 1), n))
    terms = rng.choice([30, 45, 60, 90], n, p=[0.35, 0.2, 0.35, 0.1])
    revenue = size * 4.0e10 * np.exp(rng.normal(0, 0.7, n))
    terms[_northern(region)] = HUGE_TERMS
    return pd.DataFrame(
        {
            "account_id": [f"C{rank:03d}" for rank in range(1, n + 1)],
            "account_name": account_names(rng, n),
            "industry": rng.choice(INDUSTRIES, n),
            "region": region,
            "owner_id": owner,
            "created_on": starts + pd.to_timedelta(created, unit="D"),
            "employees": np.maximum(np.round(revenue / 900_000, -1), 20).astype(int),
            "annual_revenue": np.round(revenue, -5),
            "is_strategic": np.arange(n) < 8,
            "industry_fit": np.round(rng.beta(4, 2.5, n), 2),
            "budget": np.round(size * 8.0e8 * np.exp(rng.normal(0, 0.6, n)), -4),
            "decision_access": rng.choice(
                ["unknown", "user", "influencer", "decision_maker"], n, p=[0.2, 0.25, 0.3, 0.25]
            ),
            "credit_limit": np.maximum(np.round(size * 4.0e8, -5), 300_000),
            "payment_terms_days": terms,
        }
    )

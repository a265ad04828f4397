"""Headlines, pay and the linter give one answer to one target, or the linter tells the difference."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesnb.analysis import carriers, incentives, targets
from salesnb.intake.digests import read_workspace_plan
from salesnb.plan import Plan
from salesnb.plan.linter import lint
from salesnb.plan.linter.targets import company_year
from salesnb.plan.spreading import SUMMED, spread_rows
from tests.packs import ROOT, rendered

DAY = pd.Timestamp("2026-10-31")
REPS = pd.DataFrame({"rep_id": ["R1", "R2"], "rep_name": ["Ann", "Bo"], "team": ["T", "T"]})
SOLD = pd.DataFrame(
    {
        "day": pd.Timestamp("2026-09-30"), "rep_id": ["R1", "R2"], "team": "T", "region": "East", "product_line": "Valves",
        "net_amount": [100.0, 50.0], "cost_amount": 0.0,
    }
)  # fmt: skip
TIERS = {"tiers": [{"from": 0, "rate": 0.01}, {"from": 1, "rate": 0.03}], "cap": 10**9}


def plan(**settings) -> Plan:
    return Plan.model_validate({"company": "X", "commission": TIERS, **settings})


def table(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["period_start", "grain", "dimension", "member", "amount"])
    return frame.assign(
        period_start=pd.to_datetime(frame["period_start"]), amount=frame["amount"].astype(float)
    )


def answers(plan: Plan, rows: pd.DataFrame, bookings=SOLD, reps=REPS, as_of=DAY):
    """The year's target as the headlines, the linter and pay have it (pay: the sum of people's), and what the linter says of that year."""
    starts = plan.fiscal_year_starts
    months = targets.fiscal_months(as_of, starts=starts)
    even = pd.Series(1.0, index=months)
    twelve = targets.scope_months(rows, plan, even, as_of=as_of, company=bookings)
    head = targets.headlines(bookings, twelve, as_of=as_of, starts=starts)["target.year"].value
    spread = spread_rows(rows, as_of=as_of, starts=starts)
    pledged = carriers.own_rows(spread, bookings, reps, company=True)
    by = incentives.paid_by(plan.commission)
    carried = carriers.by_member(bookings, pledged, dimension=by, as_of=as_of, starts=starts)
    asked = carried.set_index("member")["target_year"]
    pay = incentives.build(
        bookings, plan.commission, as_of=as_of, targets=asked, people=reps, paths=_none(), starts=starts
    )
    paid = pay.table["target"].sum(min_count=1)
    words = [str(message) for message in lint(plan, rows)]
    label = targets.fiscal_label(as_of, starts=starts)
    said = [one for one in words if f"targets {label}" in one or one.startswith(("targets:", "commission:"))]
    return head, company_year(plan, label, spread), None if pd.isna(paid) else float(paid), "\n".join(said)


def _none():
    return pd.DataFrame().to_numpy(dtype=float).reshape(0, 0)


def figures(words: str) -> set[float]:
    return {float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", words)}


def agree(head, linter, paid, words, *, factor=1.0):
    if head is None:
        assert linter is None
        return
    assert linter == pytest.approx(head, abs=0.011)
    if paid is None:
        assert "hands out none by" in words
    elif abs(paid - head * factor) > 1 + 1e-3 * head:
        assert all(any(abs(told - one) < 1 for told in figures(words)) for one in (paid, head))


def people(*amounts, year="2026-01-01", names=("R1", "R2")):
    return [(year, "year", "rep", name, amount) for name, amount in zip(names, amounts, strict=False)]


COMPANY = ("2026-01-01", "year", "company", "X", 1200)
CASES = {
    "company only": (plan(), table(COMPANY), 1200, None),
    "plan.yml only": (plan(targets={2026: {"amount": 1200}}), table(), 1200, None),
    "people only": (plan(), table(*people(700, 500)), 1200, 1200),
    "people by name": (plan(), table(*people(700, 500, names=("Ann", "Bo"))), 1200, 1200),
    "lines only": (plan(), table(("2026-01-01", "year", "product_line", "Valves", 900)), 900, None),
    "people fall short": (plan(), table(COMPANY, *people(400, 500)), 1200, 900),
    "people are asked for more": (plan(), table(COMPANY, *people(800, 700)), 1200, 1500),
    "more by the plan": (
        plan(targets={2026: {"amount": 1200, "over_assignment": 1.25}}),
        table(COMPANY, *people(800, 700)),
        1200,
        1500,
    ),
    "regions stand for the company": (
        plan(),
        table(("2026-01-01", "year", "region", "East", 1000), *people(400, 500)),
        1000,
        900,
    ),
    "table and plan.yml": (plan(targets={2026: {"amount": 1000}}), table(COMPANY, *people(700, 500)), 1200, 1200),
    "half a year in the table": (
        plan(targets={2026: {"amount": 1000}}),
        table(("2026-01-01", "quarter", "company", "X", 300), ("2026-04-01", "quarter", "company", "X", 300)),
        None,
        None,
    ),
    "one month holds more than the year leaves": (
        plan(),
        table(COMPANY, ("2026-03-01", "month", "company", "X", 1500), *people(700, 500)),
        1500,
        1200,
    ),
    "the company under two names": (
        plan(),
        table(COMPANY, ("2026-01-01", "year", "company", "Y", 300), *people(800, 700)),
        1500,
        1500,
    ),
    "somebody from July on": (
        plan(),
        table(COMPANY, ("2026-01-01", "year", "rep", "R1", 900), *(
            (f"2026-{month:02}-01", "month", "rep", "R2", 50) for month in range(7, 13)
        )),
        1200,
        1200,
    ),
    "a fiscal year": (
        plan(fiscal_year_starts=7, targets={2026: {"amount": 1200}}),
        table(*people(700, 500, year="2026-07-01")),
        1200,
        1200,
    ),
    "calendar years in a fiscal year": (
        plan(fiscal_year_starts=7),
        table(COMPANY, ("2027-01-01", "year", "company", "X", 2400), *people(700, 500, year="2026-07-01")),
        1800,
        1200,
    ),
    "fixed months hold more": (
        plan(targets={2026: {"amount": 1000, "fixed": {"2026-01": 900, "2026-02": 900}}}),
        table(*people(900, 900)),
        1800,
        1800,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_target_has_one_answer_or_the_linter_tells_the_difference(case):
    settings, rows, year, pay = CASES[case]
    head, linter, paid, words = answers(settings, rows)
    assert (head, paid) == (pytest.approx(year), pytest.approx(pay))
    factor = settings.targets[2026].over_assignment if case == "more by the plan" else 1.0
    agree(head, linter, paid, words, factor=factor)
    if case in {
        "people only",
        "people by name",
        "somebody from July on",
        "a fiscal year",
        "more by the plan",
    }:
        assert words == ""


def test_what_does_not_count_is_told():
    for case, words in {
        "half a year in the table": "has 6 of the company's twelve months and counts; plan.yml's 1,000 does not",
        "one month holds more than the year leaves": "comes to 1,500, 300 more than the 1,200 by year",
        "calendar years in a fiscal year": "2 rows of a year begin in another month than the fiscal year",
        "table and plan.yml": "says 1,200, plan.yml 1,000",
    }.items():
        assert words in answers(*CASES[case][:2])[3]


ROWS = st.lists(
    st.tuples(
        st.sampled_from([f"2026-{month:02}-01" for month in range(1, 13)] + ["2025-07-01", "2027-01-01"]),
        st.sampled_from(["month", "quarter", "year"]),
        st.sampled_from(["company", *SUMMED]),
        st.sampled_from(["R1", "R2", "Ann"]),
        st.integers(1, 10**6),
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS, st.sampled_from([1, 4, 7]), st.none() | st.integers(1, 10**6), st.booleans())
def test_any_table_and_plan(rows, starts, amount, whole):
    """Where people's targets leave months open, no year of theirs is summed, and nothing is said of it."""
    own = [(f"2026-{starts:02}-01", "year", "company", "X", 10**6)] if whole else []
    frame = table(*rows, *own)
    settings = plan(fiscal_year_starts=starts, targets={2026: {"amount": amount}} if amount else {})
    head, linter, paid, words = answers(settings, frame)
    assert (head is None) == (linter is None)
    asked = frame["dimension"].eq("rep")
    spread = spread_rows(frame, as_of=DAY, starts=starts)
    if not asked.any() or spread.loc[spread["dimension"] == "rep", "month"].nunique() == 12:
        agree(head, linter, paid, words)
    else:
        agree(head, linter, head, words)


def test_the_demo():
    demo = ROOT / "data" / "demo"
    rows = pd.read_csv(demo / "targets.csv", parse_dates=["period_start"])
    reps = pd.read_csv(demo / "reps.csv")
    settings = read_workspace_plan(demo)
    sold = SOLD.assign(rep_id=reps["rep_id"].iloc[:2].to_list())
    head, linter, paid, words = answers(settings, rows, bookings=sold, reps=reps)
    assert head == linter == settings.targets[2026].amount
    assert head < paid < head * settings.targets[2026].over_assignment
    assert words == ""
    pack = rendered(demo, "2026-10")
    assert pack.metrics["target.year"]["value"] == head
    earned = pd.read_csv(next((pack.folder / "tables").glob("10_*.commission.csv")))
    assert earned["target"].sum() == pytest.approx(paid)

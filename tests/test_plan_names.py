"""Is a name of plan.yml, of the targets or of a reference that matches nothing told with the nearest one, and no other?"""

from __future__ import annotations

from pathlib import Path

import pytest

from salesnb.cli.checking import examine
from tests.packs import ROOT

PLAN = """company: A
currency: CNY
targets: {2026: {amount: 100, mix: {Valves: 0.5}, growth: {Pumps: 0.1}, regions: {East: 0.5}, fixed_parts: {East: {Pumps: 1}}}}
stages: [lead, quote]
required_fields: {quote: [competitor]}
checklists: {quote: [terms]}
sprints: [{name: S, start: 2026-10-01, end: 2026-10-31, target: 10, squads: {Wolves: [R01, R02]}}]
price_floors: {Valves: 0.18}
"""
FILES = {
    "accounts": "account_id,account_name,region,owner_id\nC001,Müller GmbH,East,R01\nC002,Two,West,R02\n",
    "reps": "rep_id,rep_name,team,region\nR01,Li Wei,T1,East\nR02,Ana,T2,West\n",
    "products": "product_id,product_name,product_line\nP1,Valve,Valves\nP2,Pump,Pumps\n",
    "orders": "order_id,account_id,rep_id,product_id,ordered_on,net_amount\n1,C001,R01,P1,2026-09-03,10\n2,C002,R02,P2,2026-10-05,7\n",
    "opportunities": "opportunity_id,account_id,rep_id,created_on,amount,stage,outcome\nD1,C001,R01,2026-09-01,5,lead,open\nD2,C002,R02,2026-09-01,5,quote,open\n",
    "checklist_items": "opportunity_id,stage,item,done_on\nD2,quote,terms,2026-09-05\n",
    "targets": "period_start,grain,dimension,member,amount\n2026-01-01,year,region,East,5\n2026-01-01,year,rep,Ana,5\n2026-01-01,year,rep,R01,5\n",
}


def workspace(folder: Path, *changes: tuple[str, str, str]) -> str:
    """The small workspace, with texts of its files replaced: (file, old, new)."""
    texts = {"plan.yml": PLAN} | {f"{name}.csv": text for name, text in FILES.items()}
    for file, old, new in changes:
        assert old in texts[file]
        texts[file] = texts[file].replace(old, new)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return str(folder)


def told(folder: Path, *changes: tuple[str, str, str]) -> list[str]:
    return [str(message) for message in examine(workspace(folder, *changes)).suspicions]


def test_a_plan_that_names_what_the_data_have_is_silent(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("plan.yml", "price_floors: {Valves", "price_floors: {Valvs"), "price_floors: no product line in the data is called Valvs; did you mean Valves?"),
        (("plan.yml", "mix: {Valves", "mix: {Valve"), "targets.2026.mix: no product line in the data is called Valve; did you mean Valves?"),
        (("plan.yml", "growth: {Pumps", "growth: {Pmups"), "targets.2026.growth: no product line in the data is called Pmups; did you mean Pumps?"),
        (("plan.yml", "regions: {East", "regions: {Eest"), "targets.2026.regions: no region in the data is called Eest; did you mean East?"),
        (("plan.yml", "fixed_parts: {East: {Pumps", "fixed_parts: {East: {Steel"), "no product line in the data is called Steel; there are Pumps and Valves"),
        (("plan.yml", "stages: [lead", "stages: [leads"), "stages: no stage in the data is called leads; did you mean lead?"),
        (("plan.yml", "required_fields: {quote", "required_fields: {quot"), "required_fields: no stage in the data is called quot; did you mean quote?"),
        (("plan.yml", "[competitor]", "[competitors]"), "required_fields: no column of opportunities in the data is called competitors; did you mean competitor?"),
        (("plan.yml", "[terms]", "[term]"), "checklists: no checklist item in the data is called term; did you mean terms?"),
        (("plan.yml", "R02]", "Ana]"), "sprints (S): no person in the data is called Ana; did you mean R02?"),
        (("plan.yml", "R02]", "R2]"), "sprints (S): no person in the data is called R2; did you mean R02?"),
        (("targets.csv", "rep,Ana", "rep,Anna"), "targets: no person in the data is called Anna; did you mean Ana?"),
        (("targets.csv", "region,East", "region,Eats"), "targets: no region in the data is called Eats; did you mean East?"),
        (("orders.csv", "C002,R02", "c-2,R02"), "orders: 1 value of account_id is not in accounts, such as c-2; is C002 meant?"),
        (("orders.csv", "C001,R01", "müller gmbh,R01"), "such as müller gmbh; is C001 meant?"),
        (("accounts.csv", "West,R02", "West,Anna"), "accounts: 1 value of owner_id is not in reps, such as Anna; is R02 meant?"),
        (("orders.csv", "C002,R02", "C003,R02"), "orders: 1 value of account_id is not in accounts, such as C003"),
    ],
)  # fmt: skip
def test_a_name_that_matches_nothing_is_told_with_the_nearest(
    tmp_path: Path, change: tuple[str, str, str], said: str
) -> None:
    lines = told(tmp_path, change)
    assert any(line.endswith(said) for line in lines), lines


def test_what_the_data_do_not_name_at_all_is_not_judged(tmp_path: Path) -> None:
    workspace(tmp_path, ("plan.yml", "price_floors: {Valves", "price_floors: {Anything"))
    (tmp_path / "products.csv").unlink()
    assert not any("Anything" in str(each) for each in examine(str(tmp_path)).suspicions)


def test_the_demo_company_names_what_it_has() -> None:
    lines = [str(each) for each in examine(str(ROOT / "data" / "demo")).suspicions]
    assert not any("is called" in line for line in lines)

"""Are the year's sales days known, and is what they brought held against a usual day?"""

import datetime as dt

import pandas as pd
import pytest

from salesnb.analysis import sales_days as bought
from salesnb.calendars.periods import working_days
from salesnb.calendars.sales_days import sales_days
from salesnb.display.retrospective import prose
from salesnb.errors import InputError
from salesnb.language import Language
from salesnb.plan import load_plan

AS_OF = pd.Timestamp("2026-11-30")


def year(**own: str) -> list[tuple[str, dt.date]]:
    return sales_days(dt.date(2026, 1, 1), dt.date(2026, 12, 31), country="CN", named=own)


def test_a_country_has_its_own_and_a_company_adds_to_them():
    assert [day.strftime("%m-%d") for _, day in year()] == ["06-18", "11-11", "12-12"]
    assert ("周年庆", dt.date(2026, 5, 20)) in year(周年庆="05-20")
    black = sales_days(dt.date(2026, 11, 1), dt.date(2026, 11, 30), country="US", named={})
    assert black == [("Black Friday", dt.date(2026, 11, 27)), ("Cyber Monday", dt.date(2026, 11, 30))]
    assert sales_days(dt.date(2026, 1, 1), dt.date(2026, 12, 31), country=None, named={}) == []
    assert sales_days(dt.date(2026, 1, 1), dt.date(2026, 12, 31), country=None, named={"leap": "02-29"}) == []


def daily(start: str, **special: float) -> pd.DataFrame:
    days = working_days(pd.Timestamp(start), AS_OF, country="CN")
    amounts = [special.get(day.strftime("d%Y%m%d"), 100.0) for day in days]
    return pd.DataFrame({"day": days, "net_amount": amounts})


def test_a_sales_day_is_held_against_the_usual_day_of_its_month():
    found = bought.in_month(
        daily("2025-10-01", d20261111=250.0, d20251111=150.0), as_of=AS_OF, country="CN", named={}
    ).set_index("name")
    assert found.loc["Singles' Day", ["times", "times_before"]].tolist() == [2.5, 1.5]
    assert found.loc["Double Twelve", "ahead"]
    assert pd.isna(found.loc["Double Twelve", "times"])
    said = Language("en")(prose.sales_days(found.reset_index()))
    assert "Singles' Day on 11 Nov, 2.5× a usual day (a year before 1.5×)" in said
    assert "双11" in Language("zh")(prose.sales_days(found.reset_index()))


def test_what_orders_do_not_reach_is_not_told():
    found = bought.in_month(daily("2026-06-01"), as_of=AS_OF, country="CN", named={"{odd}": "11-20"})
    assert found["times_before"].isna().all()
    assert "{odd} on 20 Nov" in Language("en")(prose.sales_days(found))
    assert prose.sales_days(bought.in_month(daily("2026-06-01"), as_of=AS_OF, country=None, named={})) is None


def test_a_day_that_is_none_is_told(tmp_path):
    plan = tmp_path / "plan.yml"
    plan.write_text("company: Small\nsales_days: {fair: 13-40}\n")
    with pytest.raises(InputError, match="such as 11-11"):
        load_plan(plan)

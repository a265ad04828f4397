"""Who could be star of the year: facts by hand, and a ranking that knows how lumpy orders are."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import star_of_year

DAY = pd.Timestamp("2026-10-31")
NONE = {
    "order_days": pd.DataFrame(columns=["account_id", "day", "is_order"]),
    "owners": pd.DataFrame(columns=["account_id", "owner_id"]),
    "work": pd.DataFrame(columns=["account_id", "rep_id", "contacts", "order_lines"]),
}


def _attained(money: dict[str, float], target: float = 100.0) -> pd.DataFrame:
    rows = pd.DataFrame({"rep_id": list(money), "bookings": list(money.values())})
    return rows.assign(rep_name=rows["rep_id"], team="T", target=target, attainment=rows["bookings"] / target)


def _sales(rng: np.random.Generator, means: dict[str, float], orders: int = 30) -> pd.DataFrame:
    found = []
    for rep, mean in means.items():
        n = rng.poisson(orders)
        found.append(
            pd.DataFrame(
                {
                    "rep_id": rep,
                    "day": pd.Timestamp("2026-01-02")
                    + pd.to_timedelta(rng.choice(300, n, replace=False), unit="D"),
                    "net_amount": rng.exponential(mean / orders, n),
                }
            )
        )
    return pd.concat(found, ignore_index=True)


def test_the_facts_by_hand():
    bookings = pd.DataFrame(
        {
            "rep_id": ["A"] * 3 + ["B"] * 2,
            "day": pd.to_datetime(["2024-05-01", "2025-05-01", "2026-05-01", "2025-05-01", "2026-05-01"]),
            "net_amount": [25.0, 80.0, 100.0, 50.0, 40.0],
        }
    )
    accounts = [f"K{i}" for i in range(6)]
    order_days = pd.DataFrame(
        {
            "account_id": [*accounts, *accounts[:3]],
            "day": pd.to_datetime(["2025-06-01"] * 6 + ["2026-06-01"] * 3), "is_order": True,
        }
    )  # fmt: skip
    owners = pd.DataFrame({"account_id": accounts, "owner_id": ["A"] * 6})
    work = pd.DataFrame(
        {"account_id": ["K0", "K0", "K1"], "rep_id": ["A", "B", "B"], "contacts": [3, 2, 2], "order_lines": 0}
    )
    found = star_of_year.ranking(
        _attained({"A": 100.0, "B": 40.0}), bookings, bookings, order_days, owners, work,
        as_of=DAY, data_from=pd.Timestamp("2023-01-01"),
    ).set_index("rep_id")  # fmt: skip
    assert found.loc["A", ["growth", "three_years", "yearly", "bought", "kept"]].tolist() == [
        0.25,
        205.0,
        1.0,
        6,
        0.5,
    ]
    assert found["helped"].to_dict() == {
        "A": 0,
        "B": 1,
    }  # K1 was never worked by its owner: a handover is no help
    assert np.isnan(found.loc["B", "kept"])
    late = star_of_year.ranking(
        _attained({"A": 100.0, "B": 40.0}),
        bookings,
        bookings,
        **NONE,
        as_of=DAY,
        data_from=pd.Timestamp("2025-01-01"),
    )
    assert late["three_years"].isna().all()
    assert star_of_year.ranking(
        _attained({"A": 1.0}), bookings, bookings, **NONE, as_of=DAY, data_from=DAY
    ).empty


def test_among_equals_nobody_is_surely_first_and_a_real_star_is():
    sure, found, chances = 0, 0, []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        for star in (1.0, 4.0):
            means = dict.fromkeys("ABCDEFGH", 100.0) | {"A": 100.0 * star}
            days = _sales(rng, means)
            money = days.groupby("rep_id")["net_amount"].sum().to_dict()
            ranks = star_of_year.ranking(_attained(money), days, days, **NONE, as_of=DAY, data_from=DAY)
            chances.append(ranks["first"].sum())
            if star == 1.0:
                sure += ranks["first"].iloc[0] > 0.9
            else:
                found += ranks["rep_id"].iloc[0] == "A" and ranks["first"].iloc[0] > 0.9
    assert chances == pytest.approx([1.0] * 80)
    assert sure <= 4  # one year in ten at most looks certain where all are equal
    assert found >= 32

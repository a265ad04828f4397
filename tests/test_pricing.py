"""Prices below the floor, by hand."""

import numpy as np
import pandas as pd
import pytest

from salesnb.analysis import pricing


def cells(rows) -> pd.DataFrame:
    frame = pd.DataFrame(
        rows,
        columns=[
            "product_line",
            "region",
            "rep_id",
            "month",
            "lines",
            "below_lines",
            "below_amount",
            "shortfall",
        ],
    )
    return frame.assign(month=pd.to_datetime(frame["month"]))


WAR = cells(
    [
        ("Pumps", "West", "R1", "2026-05-01", 20, 0, 0.0, 0.0),
        ("Pumps", "West", "R1", "2026-06-01", 20, 9, 900.0, 90.0),
        ("Pumps", "West", "R2", "2026-07-01", 20, 8, 800.0, 80.0),
        ("Pumps", "East", "R3", "2026-06-01", 60, 1, 50.0, 5.0),
        ("Drives", "West", "R1", "2026-06-01", 60, 1, 50.0, 5.0),
    ]
)


def test_headlines_sum_the_lines_below():
    figures = pricing.headlines(WAR, floors={"Pumps": 0.15})
    assert figures["pricing.below_floor_count"].value == 19
    assert figures["pricing.below_floor_value"].value == 1800.0


def test_headlines_say_why_there_is_none():
    assert (
        str(pricing.headlines(WAR, floors={})["pricing.below_floor_count"].reason)
        == "plan.yml sets no price_floors."
    )
    assert pricing.headlines(WAR.iloc[:0], floors={"Pumps": 0.1})["pricing.below_floor_value"].value is None


def test_below_floor_by_rep_adds_up():
    rows = pricing.below_floor(WAR, by=["rep_id"])
    assert rows["rep_id"].tolist() == ["R1", "R2", "R3"]
    assert rows["shortfall"].sum() == WAR["shortfall"].sum()
    assert pricing.below_floor(WAR.iloc[:0], by=["rep_id"]).empty


def test_a_price_war_is_found_with_its_months():
    wars = pricing.price_wars(WAR)
    first = wars.iloc[0]
    assert (first["product_line"], first["region"], bool(first["found"])) == ("Pumps", "West", True)
    assert (first["first_month"], first["last_month"]) == (
        pd.Timestamp("2026-06-01"),
        pd.Timestamp("2026-07-01"),
    )
    assert wars["found"].sum() == 1


def test_one_cell_alone_is_no_war():
    assert not pricing.price_wars(WAR.iloc[1:2])["found"].any()
    assert pricing.price_wars(WAR.iloc[:0]).empty


def test_even_breaches_raise_no_more_alarms_than_stated():
    alarms = 0
    for seed in range(40):
        below = np.random.default_rng(seed).binomial(80, 0.05, size=20)
        frame = cells(
            [
                (f"L{n % 5}", f"G{n // 5}", "R", "2026-06-01", 80, int(count), 1.0, 1.0)
                for n, count in enumerate(below)
            ]
        )
        alarms += bool(pricing.price_wars(frame)["found"].any())
    assert alarms <= 6


def squared(sold):
    """Days with their squares, as the engine sums them."""
    net, listed = sold["net_amount"], sold["list_amount"]
    return sold.assign(net_squares=net**2, products=net * listed, list_squares=listed**2)


def test_what_a_price_war_gave_away_by_hand():
    wars = pricing.price_wars(WAR)
    months = pd.date_range("2026-01-15", "2026-07-15", freq="MS") + pd.Timedelta(days=14)
    paid = [90.0 if month < pd.Timestamp("2026-06-01") else 70.0 for month in months]
    sold = pd.DataFrame(
        {"day": months, "product_line": "Pumps", "region": "West", "net_amount": paid, "list_amount": 100.0}
    )
    first = pricing.given_away(wars, squared(sold)).iloc[0]
    assert first["usual"] == pytest.approx(0.1)
    assert [first["further"], first["low"], first["high"]] == pytest.approx(
        [0.2, 0.2, 0.2]
    )  # the usual one never varied
    assert first["given_away"] == pytest.approx(0.2 * 200)
    varied = sold.assign(net_amount=sold["net_amount"] + [1, -1, 1, -1, 0, 0][: len(sold)])
    wider = pricing.given_away(wars, squared(varied)).iloc[0]
    assert wider["low"] < wider["further"] < wider["high"]
    unlisted = pricing.given_away(wars, squared(sold.assign(list_amount=np.nan)))
    assert unlisted["further"].isna().all()


def test_a_war_in_a_nameless_region_is_priced_too():
    nameless = WAR.assign(region=WAR["region"].replace("West", None))
    sold = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-03-10", "2026-04-10", "2026-06-10", "2026-07-10", "2026-06-10"]),
            "product_line": "Pumps",
            "region": [None, None, None, None, "East"],
            "net_amount": [90.0, 90.0, 70.0, 70.0, 10.0],
            "list_amount": 100.0,
        }
    )
    war = pricing.given_away(pricing.price_wars(nameless), squared(sold)).iloc[0]
    assert pd.isna(war["region"])
    assert war["found"]
    assert war[["usual", "further", "given_away"]].tolist() == pytest.approx([0.1, 0.2, 40.0])


@pytest.mark.parametrize(
    ("below", "run"),
    [
        ([8, 8, 8, 0, 0, 60], (0, 2)),
        ([8, 0, 0, 0, 0, 60], (5, 5)),  # of two as long, that with more lines
        ([0, 60, 60, 0, 8, 8], (1, 2)),
    ],
)
def test_the_longest_run_is_that_of_most_months(below, run):
    months = pd.date_range("2026-01-01", periods=6, freq="MS")
    rows = [
        ("Pumps", "West", "R1", month, 100, lines, 1.0 * lines, 1.0 * lines)
        for month, lines in zip(months, below, strict=True)
    ]
    rows += [("Drives", "East", "R1", month, 100, 1, 1.0, 1.0) for month in months]
    war = pricing.price_wars(cells(rows)).iloc[0]
    assert (war["first_month"], war["last_month"]) == tuple(months[list(run)])

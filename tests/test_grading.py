"""Last month's calls, graded by hand; a pack's calls.json is read back; two packs in a row grade each other."""

import json
from pathlib import Path

import pandas as pd
import pytest

from salesnb.analysis import grading
from salesnb.intake import facts

AS_OF = pd.Timestamp("2026-10-31")
MADE_ON = pd.Timestamp("2026-09-30")


def call(
    kind: str, subject: str, probability: float | None = None, due: str | None = None, **more: object
) -> dict:
    return {
        "id": f"{kind}-{subject}",
        "kind": kind,
        "subject": subject,
        "probability": probability,
        "due": due,
    } | more


def written(folder: Path, *calls: dict) -> pd.DataFrame:
    (folder / "calls.json").write_text(json.dumps({"as_of": "2026-09-30", "calls": list(calls)}))
    return facts.earlier_calls(str(folder))


def orders(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["account_id", "day"])
    return frame.assign(day=pd.to_datetime(frame["day"]), is_order=True)


NO_ACTIONS = pd.DataFrame({"action_id": pd.Series(dtype=str), "status": pd.Series(dtype=str)})
NO_DEALS = pd.DataFrame({"opportunity_id": pd.Series(dtype=str), "outcome": pd.Series(dtype=str)})


def test_no_pack_makes_no_call(tmp_path: Path) -> None:
    for previous in ("", str(tmp_path), str(tmp_path / "nowhere")):
        calls = facts.earlier_calls(previous)
        assert calls.empty
        assert grading.grade_accounts(calls, orders(("A", "2026-10-01")), as_of=AS_OF).empty
        assert grading.grade_silence(calls, orders(), as_of=AS_OF).empty
        assert grading.grade_deals(calls, NO_DEALS).empty
        assert grading.decisions(
            calls, actions=NO_ACTIONS, order_days=orders(), opportunities=NO_DEALS, as_of=AS_OF
        ).empty
    assert grading.scorecard({"account": grading.grade_accounts(calls, orders(), as_of=AS_OF)}).empty


def test_calls_on_orders_count_from_the_day_after_they_were_made(tmp_path: Path) -> None:
    calls = written(
        tmp_path,
        call("account", "A", 0.8, "2026-10-15"),
        call("account", "B", 0.4, "2026-10-15"),  # ordered a day too late
        call("account", "D", 0.4, "2026-10-15"),  # ordered on the day on which the pack was made
        call("account", "C", 0.4, "2026-11-15"),  # not due yet
    )
    days = orders(("A", "2026-10-15"), ("B", "2026-10-16"), ("D", "2026-09-30"), ("C", "2026-10-02"))
    graded = grading.grade_accounts(calls, days, as_of=AS_OF)
    assert dict(zip(graded["subject"], graded["came"], strict=True)) == {"A": True, "B": False, "D": False}
    found = grading.grade(graded)
    assert found is not None
    assert (found.calls, found.came, found.expected) == (3, 1, pytest.approx(1.6))
    assert found.brier == pytest.approx((0.04 + 0.16 + 0.16) / 3)
    assert found.base_brier == pytest.approx(2 / 9)
    assert grading.calibration(graded)["calls"].tolist() == [2, 1]


def test_silence_and_deals(tmp_path: Path) -> None:
    calls = written(
        tmp_path,
        call("silence", "A", 0.7, amount=100.0),
        call("silence", "B", 0.7, amount=50.0),
        call("deal", "D1", 0.6, "2026-11-25", text="Won"),
        call("deal", "D2", 0.2, "2026-11-25"),
        call("deal", "D3", 0.2, "2026-11-25"),
    )
    silent = grading.grade_silence(calls, orders(("B", "2026-10-20")), as_of=AS_OF)
    assert silent[["subject", "came"]].to_numpy().tolist() == [["A", True], ["B", False]]
    deals = pd.DataFrame({"opportunity_id": ["D1", "D2", "D3"], "outcome": ["lost", "open", "won"]})
    ended = grading.grade_deals(calls, deals)
    assert ended[["subject", "came"]].to_numpy().tolist() == [["D1", False], ["D3", True]]
    card = grading.scorecard({"silence": silent, "deal": ended})
    assert card["came"].tolist() == [1, 1]
    assert card["expected"].tolist() == pytest.approx([1.4, 0.8])


def test_a_forecast_is_graded_when_its_month_is_over(tmp_path: Path) -> None:
    month = {"amount": 5.0, "low": 4.0, "high": 6.0}
    calls = written(
        tmp_path,
        call("forecast", "bookings.month", due="2026-10-31", **month),
        call("forecast", "bookings.month", due="2026-11-30", **month),
        call("forecast", "bookings.ytd", due="2026-12-31", **month),
    )
    sold = pd.DataFrame({"day": pd.to_datetime(["2026-10-10", "2026-11-01"]), "net_amount": [6.5, 9.0]})
    months = grading.grade_forecasts(calls, sold, as_of=AS_OF)
    assert months[["actual", "inside"]].to_numpy().tolist() == [[6.5, False]]


def test_who_was_met_since_and_old_deals_that_are_closed_or_dated_anew_are_settled(tmp_path: Path) -> None:
    asked = {"kind": "decision", "due": "2026-10-14", "owner": "Mei", "text": "Do it", "amount": 1.0}
    ids = {"silent-A": "", "silent-B": "", "contact-C": "", "funnel-zombies": "2"}
    calls = written(tmp_path, *({"id": name, "subject": about, **asked} for name, about in ids.items()))
    met = pd.DataFrame(
        {"account_id": ["A", "C"], "last_contact_on": pd.to_datetime(["2026-10-05", "2026-09-01"])}
    )
    deals = pd.DataFrame(
        {
            "opportunity_id": ["D1", "D2", "D3"],
            "created_on": pd.to_datetime(["2024-01-01", "2024-02-01", "2026-09-01"]),
            "closed_on": pd.to_datetime(["2026-10-10", None, None]),
            "expected_close_on": pd.to_datetime([None, "2026-12-01", None]),
            "outcome": ["lost", "open", "open"],
        }
    )

    def fates(deals: pd.DataFrame, contacts: pd.DataFrame | None) -> dict[str, str]:
        found = grading.decisions(
            calls,
            actions=pd.DataFrame({"action_id": [], "status": []}),
            order_days=orders(("A", "2026-08-02")),
            opportunities=deals,
            contacts=contacts,
            as_of=AS_OF,
        )
        return dict(zip(found["id"], found["fate"], strict=True))

    assert fates(deals, met) == {
        "silent-A": "met", "silent-B": "not yet", "contact-C": "not yet", "funnel-zombies": "done",
    }  # fmt: skip
    undated = deals.assign(expected_close_on=pd.NaT)
    assert fates(undated, None) == {
        "silent-A": "not yet", "silent-B": "not yet", "contact-C": "unseen", "funnel-zombies": "not yet",
    }  # fmt: skip


def test_what_became_of_decisions(tmp_path: Path) -> None:
    asked = {"kind": "decision", "subject": "", "due": "2026-10-14", "owner": "Mei", "text": "Do it"}
    ids = ["action-M1", "action-M2", "silent-A", "silent-B", "deal-D1", "gap-East"]
    calls = written(tmp_path, *({"id": name, "amount": 10.0 * n, **asked} for n, name in enumerate(ids)))
    fates = grading.decisions(
        calls,
        actions=pd.DataFrame({"action_id": ["M1", "M2"], "status": ["done", "overdue"]}),
        order_days=orders(("A", "2026-10-02")),
        opportunities=pd.DataFrame({"opportunity_id": ["D1"], "outcome": ["won"]}),
        as_of=AS_OF,
    )
    assert dict(zip(fates["id"], fates["fate"], strict=True)) == {
        "gap-East": "unseen",
        "deal-D1": "won",
        "silent-B": "not yet",
        "silent-A": "ordered",
        "action-M2": "not yet",
        "action-M1": "done",
    }
    assert fates.loc[fates["late"], "id"].tolist() == ["gap-East", "silent-B", "action-M2"]

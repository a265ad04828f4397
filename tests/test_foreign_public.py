"""Public data by `init --from` alone: are its orders, customers and receivables those of the statements written by hand?

`python -m tests.test_foreign_public` renders a report of each and compares every headline; the tests do so for one of them.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from salesnb.intake import contents, snapshot
from salesnb.intake.foreign.answers import Answers
from salesnb.intake.foreign.taking_in import take_in
from tests.packs import SHARED, rendered
from tests.test_metrics import differences

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the public data are not beside this checkout (../shared/data)"
)
OURS = {"northwind": "northwind", "superstore": "superstore", "ibm_ar": "receivables"}
SAME = (  # of both workspaces, to the cent
    "SELECT order_id, account_id, product_id, ordered_on, count(*), round(sum(net_amount), 2) FROM orders GROUP BY ALL ORDER BY ALL",
    "SELECT invoice_id, account_id, issued_on, due_on, paid_on, amount FROM invoices ORDER BY ALL",
    "SELECT account_id FROM accounts ORDER BY ALL",
    "SELECT product_id, product_line FROM products ORDER BY ALL",
)
BOOKINGS = "SELECT coalesce(sum(net_amount), 0) FROM orders WHERE strftime(ordered_on, '%Y-%m') = '{month}'"
CUSTOMERS = """SELECT count(*) FROM (SELECT account_id FROM orders WHERE ordered_on <= last_day('{month}-01'::DATE)
    AND ordered_on > last_day('{month}-01'::DATE - INTERVAL 12 MONTH) GROUP BY 1 HAVING sum(net_amount) > 0)"""
OPEN = "SELECT sum(amount) FROM invoices WHERE issued_on <= last_day('{month}-01'::DATE) AND paid_on > last_day('{month}-01'::DATE)"


@pytest.mark.parametrize("raw", OURS)
def test_files_alone_give_what_was_written_by_hand(raw: str, tmp_path: Path) -> None:
    take_in([SHARED / "data" / raw], tmp_path / "data", answers=Answers())
    found, right = tmp_path / "found.duckdb", tmp_path / "right.duckdb"
    snapshot.write_snapshot((tmp_path / "data").resolve(), found)
    by_hand = (SHARED / "workspaces" / OURS[raw]).resolve()
    snapshot.write_snapshot(by_hand, right)
    for query in SAME:
        if (
            raw != "superstore" or "product_line" not in query
        ):  # there two names share an id, of which either may stand
            assert contents.fetch_all(found, query) == contents.fetch_all(right, query)
    expected = json.loads((by_hand / "expected.json").read_text(encoding="utf-8"))
    metrics, month = expected["metrics"], expected["month"]
    for key, query in (
        ("bookings.month", BOOKINGS),
        ("customers.active", CUSTOMERS),
        ("receivables.open", OPEN),
    ):
        if metrics.get(key) is not None:
            ((value,),) = contents.fetch_all(found, query.format(month=month))
            assert value == pytest.approx(metrics[key], rel=1e-6), key


REPORTED = {**OURS, "cdnow": "cdnow", "maven_crm": "maven_crm"}
NOT_CARRIED = {  # by hand an open deal has its list price, which the files do not give it
    "maven_crm": ("funnel.open_value", "funnel.zombie_value", "exposure.hhi", "exposure.top3_share")
}


def unlike(raw: str, folder: Path) -> dict[str, tuple[object, object]]:
    """The headlines of a report on the raw files that are not those expected of the workspace written by hand."""
    expected = json.loads((SHARED / "workspaces" / REPORTED[raw] / "expected.json").read_text(encoding="utf-8"))  # fmt: skip
    take_in([SHARED / "data" / raw], folder / f"own-{raw}", answers=Answers())
    pack = rendered(folder / f"own-{raw}", expected["month"])
    assert pack.status == 0, pack.printed
    carried = {key: value for key, value in expected["metrics"].items() if key not in NOT_CARRIED.get(raw, ())}  # fmt: skip
    return differences(carried, pack.metrics)


def test_a_file_without_headings_gives_every_headline_by_report(tmp_path: Path) -> None:
    assert not unlike("cdnow", tmp_path)


if __name__ == "__main__":
    for name in REPORTED:
        with tempfile.TemporaryDirectory() as made:
            print(f"{name}: {unlike(name, Path(made)) or 'every headline as expected'}", flush=True)

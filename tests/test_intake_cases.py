"""Small workspaces as people have them, in which cells, lines or currencies were lost or bent once: what is right of each?"""

from __future__ import annotations

from pathlib import Path

import pytest

from salesnb.errors import InputError
from salesnb.intake import contents, quarantine, snapshot
from tests.packs import SHARED

CASES = SHARED / "cases" / "intake"

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases are not beside this checkout (../shared/cases)"
)


class Read:
    """What was read of a case: its tables, its rejected rows and what was told."""

    def __init__(self, case: str, place: Path) -> None:
        self.path = place / "s.duckdb"
        snapshot.write_snapshot((CASES / case).resolve(), self.path)
        self.contents = contents.read_contents(self.path)
        self.told = "\n".join(str(message) for message in self.contents.suspicions)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return contents.fetch_all(self.path, query)

    def one(self, query: str) -> object:
        return self.rows(query)[0][0]

    def rejected(self, table: str) -> dict[int, str]:
        found = quarantine.rejected_rows(self.path, table, self.contents.headings[table])
        read, kept = self.contents.counts[table]
        assert kept + len(found) == read
        return dict(zip(found["source_row"], map(str, found["reason"]), strict=True))


SUM = "SELECT sum(net_amount) FROM orders"


@pytest.mark.parametrize(
    ("case", "orders", "total", "told"),
    [
        ("equal-lines-rejected", 36, 12 * 157, None),
        ("latin1-german", 24, 2676, "accounts.csv was read as Windows 1252, as in Müller"),
        ("latin1-refused", 24, 2676, "accounts.csv was read as Windows 1252, as in Café"),
        ("na-and-dash", 24, 2676, None),
        ("net-30-terms", 24, 2676, None),
        ("no-customer", 24, 2676, None),
        ("title-block-own-headings", 24, 2676, "the headings stand in row 4"),
        ("totals-row", 24, 2676, "row 26 is a total and was set aside: it says 2,676.00, read 2,676.00 ✓"),
        ("totals-row-id", 24, 2676, "row 26 is a total and was set aside: it says 2,676.00, read 2,676.00 ✓"),
        ("utf16-tab", 24, 2676, "orders.csv was read as UTF-16"),
        ("xlsx-title-total-serial", 24, 2676, "it says 2,676.00, read 2,676.00 ✓"),
        ("zh-chinese-file-name", 24, 70_000, None),
        ("zh-merged-cells", 24, 70_000, "account_id stands only in the first row of each of 3 blocks"),
        (
            "zh-month-sheets",
            6,
            18_000,
            "1月 (2 rows, 4,000), 2月 (2 rows, 6,000) and 3月 (2 rows, 8,000) as one table",
        ),
        ("zh-target-month-text", 24, 70_000, None),
        ("zh-title-row-3", 24, 70_000, "row 28 is a total and was set aside: it says 70,000.00"),
        ("zh-wechat", 24, 70_000, "read as other in 4 rows"),
        ("zh-workbook-without-plan/销售.xlsx", 24, 70_000, "销售.xlsx has no sheet plan"),
        ("zoho-date", 24, 2676, None),
    ],
)
def test_no_order_is_lost_or_bent(
    case: str, orders: int, total: float, told: str | None, tmp_path: Path
) -> None:
    read = Read(case, tmp_path)
    assert read.contents.counts["orders"] == (orders, orders)
    assert read.one(SUM) == total
    assert told is None or told in read.told
    assert set(read.contents.left_out["orders"]) == {0}


@pytest.mark.parametrize("case", ["multi-currency", "multi-currency-in-cell"])
def test_currencies_are_not_added_up(case: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="several currencies \\(1,332 JPY and 1,344 USD\\)"):
        Read(case, tmp_path)


def test_names_terms_and_blanks_are_what_is_written(tmp_path: Path) -> None:
    for case in ("latin1-german", "net-30-terms", "na-and-dash", "no-customer"):
        (tmp_path / case).mkdir()
    names = Read("latin1-german", tmp_path / "latin1-german")
    assert names.one("SELECT string_agg(account_name, '|') FROM accounts") == (
        "Müller AG|Bäcker GmbH|Schröder KG|Krüger"
    )
    terms = Read("net-30-terms", tmp_path / "net-30-terms")
    assert terms.rows("SELECT payment_terms_days FROM accounts") == [(30,), (60,), (30,), (15,)]
    blanks = Read("na-and-dash", tmp_path / "na-and-dash")
    assert blanks.rows("SELECT count(rep_id), count(cost_amount) FROM orders") == [(8, 8)]
    assert Read("no-customer", tmp_path / "no-customer").one("SELECT count(account_id) FROM orders") == 0


def test_amounts_in_chinese(tmp_path: Path) -> None:
    read = Read("zh-amounts-zh", tmp_path)
    amounts = [amount for (amount,) in read.rows("SELECT net_amount FROM orders ORDER BY order_id")]
    assert sorted(amounts) == sorted([1234, 12_000, 1234.5, 1234, 12_000, 35_000, 2_000_000, 1200])
    assert read.rejected("orders") == {
        10: "net_amount cannot be read: 1234(含税); write it as 1234.50",
        **dict.fromkeys((11, 12, 13), "net_amount is missing"),
    }
    assert read.contents.left_out["orders"] == (0, 4)


def test_dates_in_chinese(tmp_path: Path) -> None:
    read = Read("zh-dates-zh", tmp_path)
    assert read.rejected("orders") == {13: "ordered_on names no year: 3月5日; write it as 2026-10-31"}
    days = {str(day) for (day,) in read.rows("SELECT DISTINCT ordered_on FROM orders")}
    assert days == {"2024-03-05", "2024-03-06"}
    assert "24.3.5 is read as 5 Mar 2024, its year first" in read.told
    assert read.contents.left_out["orders"] == (100, 0)


def test_outcomes_in_chinese(tmp_path: Path) -> None:
    """Closed (已关闭, 结单) may be won or lost: nobody can tell."""
    read = Read("zh-outcome-words", tmp_path)
    assert sorted(read.rows("SELECT outcome, count(*) FROM opportunities GROUP BY 1")) == [
        ("lost", 8),
        ("open", 4),
        ("won", 8),
    ]
    assert {why.split(";")[0] for why in read.rejected("opportunities").values()} == {
        f"outcome is not one of the allowed words: {word}" for word in ("已关闭", "结单")
    }


def test_contacts_in_chinese(tmp_path: Path) -> None:
    kinds = dict(Read("zh-wechat", tmp_path).rows("SELECT kind, count(*) FROM activities GROUP BY 1"))
    assert kinds == {"visit": 6, "call": 2, "message": 3, "meeting": 4, "email": 1, "other": 4}


def test_a_month_in_a_target_is_its_first_day(tmp_path: Path) -> None:
    read = Read("zh-target-month-text", tmp_path)
    assert [str(day) for (day,) in read.rows("SELECT period_start FROM targets ORDER BY 1")] == [
        f"2025-0{month}-01" for month in range(1, 6)
    ]


def test_two_people_in_a_cell_and_one_customer_of_two_names_are_told(tmp_path: Path) -> None:
    for case, told in (
        ("zh-two-people-in-a-cell", "several people stand in 2 cells, such as 张三/李四"),
        ("zh-renamed-customer", "such as 甲机电有限公司 and 甲机电股份有限公司; if they are one customer"),
    ):
        (tmp_path / case).mkdir()
        assert told in Read(case, tmp_path / case).told

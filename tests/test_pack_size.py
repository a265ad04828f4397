"""Does a company with 5,000 accounts still get pages that a phone opens at once?"""

from __future__ import annotations

import csv
from pathlib import Path

from salesnb.headlines import PAGES
from salesnb.intake.demo import write_demo
from tests.packs import rendered

MEGABYTE = 1_000_000


def test_each_page_of_5000_accounts_stays_below_two_megabytes(tmp_path: Path) -> None:
    workspace = tmp_path / "large"
    write_demo(workspace, accounts=5000, months=14)
    with (workspace / "accounts.csv").open(encoding="utf-8-sig") as file:
        assert sum(1 for _ in csv.DictReader(file)) >= 5000
    pack = rendered(workspace, "2026-10")
    assert pack.status == 0, pack.printed
    sizes = {name: (pack.folder / f"{name}.html").stat().st_size for name in ["index", *PAGES]}
    assert {name: size for name, size in sizes.items() if size >= 2 * MEGABYTE} == {}

"""Are a company's own checks, SQL that must return no rows, told like suspicions?"""

from __future__ import annotations

from pathlib import Path

import pytest

from salesnb.cli.checking import examine
from tests.small_notebooks import write_workspace


def told(folder: Path, checks: str) -> list[str]:
    workspace = write_workspace(folder)
    (workspace / "accounts.csv").write_text(
        "account_id,account_name,region,Segment\nC1,One,East,Gold\nC2,Two,West,Silver\n"
    )
    with (workspace / "plan.yml").open("a") as file:
        file.write(f"columns: {{accounts: {{segment: text}}}}\nchecks:\n{checks}\n")
    return [str(each) for each in examine(str(workspace)).suspicions]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM orders WHERE net_amount < 0", None),
        ("SELECT order_id, ordered_on FROM orders WHERE net_amount < 8 ORDER BY 1;", "2 rows, such as order_id 2 and ordered_on 2026-10-05"),
        ("SELECT account_id FROM accounts WHERE segment = 'Gold'", "1 row, such as account_id C1"),
        ("SELECT * FROM leads", None),
        ("SELECT amuont FROM orders", "never cannot be answered: Binder Error: Referenced column \"amuont\" not found"),
        ("DELETE FROM orders", "never cannot be answered: a check is one SELECT"),
        ("SELECT * FROM read_text('/etc/hostname')", "never cannot be answered: Permission Error"),
    ],
)  # fmt: skip
def test_rows_that_must_not_be_are_told(tmp_path: Path, query: str, said: str | None) -> None:
    lines = told(tmp_path, f'  never: "{query}"')
    if said is None:
        assert lines == []
    else:
        assert len(lines) == 1
        assert lines[0].startswith("plan.yml, checks: never")
        assert said in lines[0]

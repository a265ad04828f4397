"""Is what goes wrong said in one sentence, with the status that design.md gives?"""

from __future__ import annotations

from pathlib import Path

import pytest

from salesnb import cli
from tests.small_notebooks import write_workspace


def leave(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(list(arguments))
    return int(left.value.code or 0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "{data}", "--month", "2026-10", "--as-of", "2026-10-17"], "one of the two"),
        (["report", "{data}", "--month", "2026-13"], "does not exist"),
        (["report", "{data}", "--month", "2026-10-17"], "--as-of"),
        (["report", "{data}", "--as-of", "2026-10"], "--month"),
        (["report", "{data}", "--month", "2026-10", "--lang", "de"], "must be one of en and zh"),
        (["report", "{data}/none", "--month", "2026-10"], "does not exist"),
        (["report", "{data}", "--month", "2026-10", "--notebooks", "/nowhere"], "notebooks"),
        (["report", "{data}", "--mont", "2026-10"], "--month"),
        (["check", "{data}/none"], "does not exist"),
        (["init", "{data}"], "nothing is overwritten"),
        (["demo", "{data}"], "nothing is overwritten"),
    ],
)
def test_a_request_that_cannot_be_meant_is_one_sentence_and_status_2(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_workspace(tmp_path / "data")
    assert leave(*(argument.replace("{data}", str(data)) for argument in arguments)) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert len(shown.err.strip().splitlines()) == 1
    assert "Traceback" not in shown.err + shown.out


def test_check_shows_rows_and_what_more_would_bring(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_workspace(tmp_path / "data")
    with (data / "orders.csv").open("a") as file:
        file.writelines(f"{number},C1,2026-10-0{number % 9 + 1},1\n" for number in range(10, 50))
        file.write(",C1,2026-10-07,5\n")
    assert leave("check", str(data)) == 0
    shown = capsys.readouterr().out
    assert "Orders (orders)\t44\t43\t1" in shown
    assert "order_id is missing" in shown
    assert "- invoices: receivables" in shown


@pytest.mark.parametrize(
    ("tongue", "said"), [("en", "760,000,000 short of the 1,000,000,000"), ("zh", "760,000,000")]
)
def test_check_tells_the_classic_slip(
    tongue: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_workspace(tmp_path / "data")
    spans = [("2026-01-01", "year", 10**9)]
    spans += [(f"2026-{month:02d}-01", "quarter", 25 * 10**7) for month in (1, 4, 7, 10)]
    spans += [(f"2026-{month:02d}-01", "month", 2 * 10**7) for month in range(1, 13)]
    rows = "".join(f"{start},{grain},company,X,{amount}\n" for start, grain, amount in spans)
    (data / "targets.csv").write_text("period_start,grain,dimension,member,amount\n" + rows)
    assert leave("check", str(data), "--lang", tongue) == 0
    assert said in capsys.readouterr().out


def test_check_of_what_cannot_be_used_says_why_with_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_workspace(tmp_path / "data")
    with (data / "orders.csv").open("a") as file:
        file.write(",C1,2026-10-07,5\n")
    assert leave("check", str(data)) == 2
    assert "1 of 4 rows break" in capsys.readouterr().out


def test_a_fault_of_ours_is_a_sentence_and_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("salesnb.cli.checking.examine", lambda workspace: {}["missing"])
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = write_workspace(tmp_path / "data")
    assert leave("check", str(data)) == 1
    said = capsys.readouterr().err
    (log,) = tmp_path.glob("salesnb-*.log")
    assert str(log) in said
    assert "Traceback" not in said
    assert "KeyError" in log.read_text()

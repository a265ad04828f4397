"""Is the same question answered once in a run, and anew wherever no run keeps answers?"""

from pathlib import Path

import pandas as pd
import pytest

from salesnb.caching import FOLDER_VARIABLE, cached

ASKED: list[int] = []


@cached
def doubled(frame: pd.DataFrame, *, times: int = 2) -> pd.DataFrame:
    ASKED.append(times)
    return frame.assign(amount=frame["amount"] * times)


@pytest.fixture
def frame() -> pd.DataFrame:
    ASKED.clear()
    return pd.DataFrame({"account_id": ["A1", None], "amount": [1.5, 2.5]})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "answers"))
    return tmp_path / "answers"


def test_the_same_question_is_answered_once_in_a_run(frame: pd.DataFrame, folder: Path) -> None:
    first, again = doubled(frame), doubled(frame.copy())
    assert ASKED == [2]
    pd.testing.assert_frame_equal(first, again, check_exact=True)


def test_another_frame_or_option_is_another_question(frame: pd.DataFrame, folder: Path) -> None:
    doubled(frame)
    assert doubled(frame, times=3)["amount"].tolist() == [4.5, 7.5]
    assert doubled(frame.assign(amount=1.0))["amount"].tolist() == [2.0, 2.0]
    assert ASKED == [2, 3, 2]


def test_a_callers_changes_stay_with_the_caller(frame: pd.DataFrame, folder: Path) -> None:
    for _ in range(2):
        mine = doubled(frame)
        mine["amount"] = 0.0
    assert doubled(frame)["amount"].tolist() == [3.0, 5.0]


def test_without_a_run_each_question_is_answered_anew(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    doubled(frame), doubled(frame)
    assert ASKED == [2, 2]


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(frame: pd.DataFrame, folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert doubled(frame)["amount"].tolist() == [3.0, 5.0]
    assert ASKED == [2]


def test_a_broken_answer_is_found_anew(frame: pd.DataFrame, folder: Path) -> None:
    doubled(frame)
    (kept,) = folder.rglob("output.pkl")
    kept.write_bytes(b"half")
    assert doubled(frame)["amount"].tolist() == [3.0, 5.0]
    assert ASKED == [2, 2]


def test_an_error_is_no_answer(folder: Path) -> None:
    with pytest.raises(KeyError):
        doubled(pd.DataFrame({"other": [1]}))
    assert not list(folder.rglob("output.pkl"))

"""Does a reader ever see half a pack, and does a dead run's rubbish ever stay?"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from salesnb.errors import InputError
from salesnb.report import swap


def test_a_finished_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    place = tmp_path / "out" / "2026-10"
    for text in ("first", "second"):
        with swap.in_the_making(place) as making:
            (making / "index.html").write_text(text)
            swap.swap_in(making, place)
        assert (place / "index.html").read_text() == text
    assert [path.name for path in place.parent.iterdir()] == ["2026-10"]


def test_without_an_atomic_exchange_the_old_one_is_kept_until_the_new_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
    test_a_finished_folder_takes_the_place_of_the_old_one(tmp_path)
    assert (tmp_path / "out" / "2026-10" / "index.html").read_text() == "second"


def test_what_is_not_finished_never_appears(tmp_path: Path) -> None:
    place = tmp_path / "2026-10"
    making = swap.in_the_making(place)
    (making.__enter__() / "index.html").write_text("half")
    assert not making.__exit__(None, None, None)
    assert list(tmp_path.iterdir()) == []


def test_dead_runs_leftovers_go_and_an_interrupted_exchange_is_undone(tmp_path: Path) -> None:
    (tmp_path / ".2026-09.making").mkdir()
    (tmp_path / ".2026-10.kept").mkdir()
    (tmp_path / ".2026-10.kept" / "index.html").write_text("good")
    (tmp_path / ".2026-10.lock").touch()
    swap.remove_dead(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2026-10"]
    assert (tmp_path / "2026-10" / "index.html").read_text() == "good"


def test_a_running_ones_folder_is_left_alone(tmp_path: Path) -> None:
    with swap.in_the_making(tmp_path / "2026-10") as making:
        swap.remove_dead(tmp_path)
        assert making.is_dir()


def test_the_second_waits_for_the_first(tmp_path: Path) -> None:
    place, order, told = tmp_path / "2026-10", [], threading.Event()

    def second() -> None:
        with swap.in_the_making(place, waiting=told.set):
            order.append("second")

    thread = threading.Thread(target=second)
    with swap.in_the_making(place):
        thread.start()
        assert told.wait(5)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match="cannot be written"),
        swap.in_the_making(tmp_path / "file" / "2026-10"),
    ):
        pass

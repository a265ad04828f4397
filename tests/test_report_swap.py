"""Does a reader ever see half a pack, and does a dead run's rubbish ever stay?"""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from salesnb.errors import InputError
from salesnb.report import locks, swap
from salesnb.report.request import Request


def test_a_finished_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    place = tmp_path / "out" / "2026-10"
    for text in ("first", "second"):
        _publish(place, text)
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


@pytest.mark.parametrize("atomic", [True, False])
def test_a_run_killed_at_any_step_leaves_a_whole_pack_and_nothing_that_the_next_does_not_clear(
    atomic: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not atomic:
        monkeypatch.setattr(swap, "_exchange", lambda one, other: False)
    place = tmp_path / "out" / "2026-10"
    _publish(place, "old")
    for step in range(1, 1000):
        status = _killed_at(step, lambda: _publish(place, "new"))
        swap.remove_dead(place.parent)
        assert [path.name for path in place.parent.iterdir()] == ["2026-10"], f"after step {step}"
        shown = {text for path in place.iterdir() for text in ("old", "new") if text in path.read_text()}
        assert shown in ({"old"}, {"new"}), f"after step {step}"
        assert len(list(place.iterdir())) == 3
        if status == 0:
            assert shown == {"new"}
            assert step > 20
            return
        _publish(place, "old")
    pytest.fail("it never came to its end")


def _publish(place: Path, text: str) -> None:
    with swap.in_the_making(place) as making:
        for name in ("index.html", "metrics.json", "run.json"):
            (making / name).write_text(json.dumps({"salesnb": text}) if name.endswith("json") else text)
        swap.swap_in(making, place)


def _killed_at(step: int, work: Callable[[], None]) -> int:
    """Do `work` in another process that dies at its `step`-th call to the system; 0 where it came to its end before."""
    pid = os.fork()
    if pid == 0:
        calls = itertools.count(1)

        def strike(event: str, _: object) -> None:
            if event.startswith(("os.", "open", "fcntl.", "ctypes.dlsym")) and next(calls) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(strike)
        work()
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def test_a_pack_kept_elsewhere_behind_a_link_is_left_there(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "2026-10").symlink_to(elsewhere)
    _publish(tmp_path / "2026-10", "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-10", "elsewhere"]
    assert (tmp_path / "2026-10" / "index.html").read_text() == "new"


def _notes(place: Path) -> None:
    place.mkdir()
    (place / "notes.txt").write_text("precious")


def _other_run(place: Path) -> None:
    _notes(place)
    (place / "run.json").write_text('{"name": "marathon"}')


def _linked(place: Path) -> None:
    _notes(place.with_name("notes"))
    place.symlink_to(place.with_name("notes"))


@pytest.mark.parametrize("put", [_notes, _other_run, _linked, lambda place: place.write_text("precious")])
def test_what_is_no_pack_is_never_replaced(put: Callable[[Path], None], tmp_path: Path) -> None:
    early, late = tmp_path / "early" / "2026-10", tmp_path / "late" / "2026-10"
    early.parent.mkdir()
    put(early)
    with pytest.raises(InputError, match="no pack of salesnb"), swap.in_the_making(early):
        pass
    with swap.in_the_making(late) as making:
        (making / "index.html").write_text("new")
        put(late)
        with pytest.raises(InputError, match="no pack of salesnb"):
            swap.swap_in(making, late)
    for place in (early, late):
        assert (place / "notes.txt" if place.is_dir() else place).read_text() == "precious"
        assert [path.name for path in place.parent.iterdir() if path.name.startswith(".")] == []


def test_what_others_keep_in_the_folder_of_packs_stays(tmp_path: Path) -> None:
    for name in (".sync.lock", ".notes.making", ".2026-10.lock", ".snapshot-17.making"):
        (tmp_path / name).mkdir() if name.endswith("making") else (tmp_path / name).touch()
    swap.remove_dead(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".notes.making", ".sync.lock"]


def test_a_file_system_without_locks_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", without)
    with pytest.raises(InputError, match="cannot lock files"), swap.in_the_making(tmp_path / "2026-10"):
        pass


def test_a_dead_runs_temporary_folder_goes_and_a_living_ones_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dead = tmp_path / f"{locks.FOLDER_PREFIX}dead"
    dead.mkdir()
    (dead / locks.LOCK).touch()
    with locks.private_folder() as living:
        locks.remove_abandoned()
        assert list(tmp_path.iterdir()) == [living]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_a_new_run_takes_while_a_dead_ones_is_cleared_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = tmp_path / f"{locks.FOLDER_PREFIX}dead"
    folder.mkdir()
    remove = os.rmdir
    with ExitStack() as run:

        def taken_first(path: str | Path, *more: object, **named: int) -> None:
            if Path(path) == folder and not (folder / "socket").exists():
                run.enter_context(locks.held(folder / locks.LOCK, patient=False))
                (folder / "socket").touch()
            remove(path, *more, **named)

        with monkeypatch.context() as patch:
            patch.setattr(os, "rmdir", taken_first)
            locks.remove_abandoned()
        assert sorted(path.name for path in folder.iterdir()) == [locks.LOCK, "socket"]
    locks.remove_abandoned()
    assert list(tmp_path.iterdir()) == []


def test_what_a_link_named_like_a_dead_runs_folder_leads_to_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary").touch()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / f"{locks.FOLDER_PREFIX}link").symlink_to(tmp_path / "mine")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    locks.remove_abandoned()
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["diary"]


def test_another_companys_pack_is_no_previous_one_and_is_not_replaced(tmp_path: Path) -> None:
    place = tmp_path / "2026-05"
    place.mkdir()
    (place / "run.json").write_text('{"salesnb": "0", "company": "Alpha", "fingerprints": {}}')
    (place / "metrics.json").write_text("{}")
    with pytest.raises(InputError, match="another company"), swap.in_the_making(place, company="Beta"):
        pass
    with swap.in_the_making(place, company="Alpha") as making:
        with pytest.raises(InputError, match="another company"):
            swap.swap_in(making, place, company="Beta")
        swap.swap_in(making, place, company="Alpha")
    place.mkdir(exist_ok=True)
    (place / "run.json").write_text('{"salesnb": "0", "company": "Alpha", "fingerprints": {}}')
    (place / "metrics.json").write_text("{}")
    june = Request("w", dt.date(2026, 6, 30), "", "en", tmp_path, tmp_path, company="Beta")
    assert june.previous is None
    assert replace(june, company="Alpha").previous == place


def test_what_another_user_left_in_the_making_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pack that somebody else made and this user replaced lies where the next one is made, and only its maker may remove it."""
    left = tmp_path / ".2026-06.making"
    left.mkdir()
    monkeypatch.setattr(swap, "_remove", lambda path: None)  # as for a folder of another user
    with swap.in_the_making(tmp_path / "2026-06") as making:
        assert making.name == ".2026-06.1.making"
        swap.swap_in(making, tmp_path / "2026-06")
    assert (tmp_path / "2026-06").is_dir()

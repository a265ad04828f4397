"""`salesnb check FILE` and `salesnb report FILE`: a file, or a folder of them, that is no workspace is understood on the way, and
kept in the cache."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path

from salesnb import __version__
from salesnb.errors import InputError
from salesnb.intake.files import WORKBOOKS, folder_files, is_snapshot
from salesnb.intake.reading import sources, workbooks
from salesnb.intake.reading.headings import heading_place, match_headings
from salesnb.intake.reading.table_names import table_named
from salesnb.intake.schema import CORE, TABLES
from salesnb.language import Language

FOLDER, UNDERSTOOD = "files", "understood.txt"
CORE_NAMES = set(CORE)  # a folder with one of these by name is a workspace that lacks its plan


def workspace_of(given: str, *, lang: str) -> str:
    """`given` where it is a workspace; for foreign files, the workspace that was made of them in the user's cache."""
    path = Path(given)
    with suppress(RuntimeError):  # no such user: then a name that begins with a tilde is meant
        path = path.expanduser()
    files = _foreign(path)
    if not files:
        return given
    from salesnb.intake.cache import cache_folder
    from salesnb.intake.foreign.answers import Answers
    from salesnb.intake.foreign.taking_in import take_in
    from salesnb.intake.foreign.telling import understood

    stamp = "/".join(
        [
            __version__,
            lang,
            *(f"{each.resolve()}/{each.stat().st_mtime_ns}/{each.stat().st_size}" for each in files),
        ]
    )
    folder = cache_folder() / FOLDER / hashlib.sha256(stamp.encode()).hexdigest()[:24]
    if not (folder / "plan.yml").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        try:
            taken = take_in([path], folder, answers=Answers(), lang=lang, company=path.name.split(".")[0])
            say = Language(str(taken.settings["language"]))
            told = "\n".join(say(each) for each in understood(taken))
            (folder / UNDERSTOOD).write_text(told, encoding="utf-8")
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return str(folder)


def understood_of(workspace: str) -> list[str]:
    """What was said of the files when the workspace in the cache was made of them; nothing of any other workspace."""
    path = Path(workspace) / UNDERSTOOD
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _foreign(path: Path) -> list[Path]:
    """The foreign files meant; none where a workspace is, or nothing that could be read as one."""
    try:
        if path.is_dir() and (
            (path / "plan.yml").exists() or (path / "data").is_dir() or CORE_NAMES & set(_named(path))
        ):
            return []
    except OSError:  # whoever reads what is closed to us tells so
        return []
    if not path.exists() or is_snapshot(path):
        return []
    from salesnb.intake.reading import raw_tables  # the engine is needed for nothing before

    if path.is_dir():
        return [each for each in folder_files(path) if raw_tables.form_of(each) is not None]
    return [] if raw_tables.form_of(path) is None or _is_workspace(path) else [path]


def _named(folder: Path) -> list[str]:
    return [table for each in folder_files(folder) if (table := table_named(each.name.split(".")[0]))]


def _is_workspace(path: Path) -> bool:
    """Is a workbook a workspace in one file: with settings, or with a sheet that is a table of ours by its headings?"""
    if path.suffix.lower() not in WORKBOOKS:
        return False
    from salesnb.intake.reading import raw_tables

    try:
        if workbooks.plan_sheet(path) is not None:
            return True
        return any(
            _has_our_headings(source)
            for source in sources.find_sources(path).values()
            if source.table in CORE
        )
    except InputError:
        return path.suffix.lower() in WORKBOOKS and raw_tables.is_book(path)


def _has_our_headings(source: sources.Source) -> bool:
    table = TABLES[source.table]
    found = workbooks.headings(
        source.path, source.sheet, name=source.name, find=lambda rows: heading_place(table, rows)
    )
    return not match_headings(table, sorted(found), name=source.name)[2]

"""The files of a workspace: plan.yml, and for each table one statement over the untouched files that somebody can read."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

import yaml

from salesnb.intake.foreign.drafts import Cell, Draft, Source
from salesnb.intake.reading import raw_tables, values
from salesnb.language import Language, Message, marked

WIDTH = 100
SURE = {
    "known": marked("known heading"),
    "answered": marked("as answered"),
    "partly": marked("guessed by its heading"),
    "values": marked("guessed by its cells"),
    "made": marked("made here"),
}


def statement(draft: Draft, *, workspace: Path, say: Language) -> str:
    """The table's SELECT, with a comment for each column: its heading, how sure, three samples."""
    title = Message(
        "{table}: from {files:list}; each column with its heading, how sure that is, and samples",
        table=draft.table,
        files=sorted({path.name for source in draft.sources for path in source.understood.foreign.files}),
    )
    notes = [say(title), *(say(note) for note in draft.notes)]
    lines = [f"-- {line}" for note in notes for line in textwrap.wrap(_one_line(note), WIDTH)]
    parts = [_select(each, workspace, say) for each in (draft, *draft.further)]
    return "\n".join([*lines, "\nUNION ALL BY NAME\n".join(parts)]) + "\n"


def _select(draft: Draft, workspace: Path, say: Language) -> str:
    cells = [f"  {each.sql} AS {each.column}" for each in draft.cells]
    width = min(max(map(len, cells)) + 1, 72)
    commented = [
        f"{text + (',' if number < len(cells) - 1 else ''):{width}}  -- {_comment(each, say)}"
        for number, (text, each) in enumerate(zip(cells, draft.cells, strict=True))
    ]
    tables = {source.alias: f"{read_export(source, workspace)} AS {source.alias}" for source in draft.sources}
    origin = re.sub(r"\{(\w+)\}", lambda found: tables[found[1]], draft.origin)
    lines = ["SELECT", *commented, f"FROM {origin}"]
    if draft.where:
        lines.append("WHERE " + "\n  AND ".join(dict.fromkeys(draft.where)))
    if draft.grouped:
        lines.append("GROUP BY 1")
    return "\n".join(lines)


def _comment(cell: Cell, say: Language) -> str:
    heading = " + ".join(cell.headings)
    samples = " | ".join(_one_line(each) for each in cell.samples)
    said = say(SURE.get(cell.sure, SURE["known"]))
    return ": ".join(each for each in (_one_line(heading), said) if each) + (
        f"; {samples}" if samples else ""
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def read_export(source: Source, workspace: Path) -> str:
    """``read_export('../sales.csv', …)``: the files by their path from the workspace, and the shape in which they are read."""
    foreign = source.understood.foreign
    shape = foreign.shape
    options = [
        f"{name} := {_list(chosen)}"
        for name, chosen in (("sheets", shape.sheets), ("fill", shape.fill), ("across", shape.across), ("numbers", tuple(source.numbers)), ("days", tuple(source.days)))
        if chosen
    ]  # fmt: skip
    options += [f"{name} := true" for name in ("groups", "once") if getattr(shape, name)]
    options += [
        f"{name} := {number}" for name, number in (("year", shape.year), ("part", shape.part)) if number
    ]
    return f"read_export({', '.join([_files(foreign.files, workspace), *options])})"


def _files(files: Sequence[Path], workspace: Path) -> str:
    """The one file, a pattern that means just these files and their like next month, or a list."""
    paths = [os.path.relpath(each, workspace).replace(os.sep, "/") for each in files]
    if len(paths) == 1:
        return values.literal(paths[0])
    pattern = _pattern(files)
    if pattern is not None:
        return values.literal(f"{os.path.relpath(files[0].parent, workspace).replace(os.sep, '/')}/{pattern}")
    return _list(paths)


def _pattern(files: Sequence[Path]) -> str | None:
    names = [each.name for each in files]
    if len({each.parent for each in files}) > 1:
        return None
    same = takewhile(lambda signs: len(set(signs)) == 1, zip(*names, strict=False))
    start, end = "".join(signs[0] for signs in same).rstrip("0123456789"), raw_tables.form_of(files[0]) or ""
    pattern = f"{start}*{end}"
    found = sorted(each.name for each in files[0].parent.glob(pattern))
    return pattern if start and found == sorted(names) and not set("[]?*") & set(start) else None


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(values.literal, texts)) + "]"


def plan_text(settings: dict[str, object], comments: dict[str, str]) -> str:
    """plan.yml: a setting a line, with how it was found."""
    lines = []
    for key, value in settings.items():
        dumped = yaml.safe_dump(
            {key: value}, allow_unicode=True, default_flow_style=False, width=200, sort_keys=False
        )
        text = dumped.rstrip()
        comment = comments.get(key)
        lines.append(f"{text}  # {_one_line(comment)}" if comment and "\n" not in text else text)
    return "\n".join(lines) + "\n"

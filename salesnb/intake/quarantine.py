"""Which rows were left out, and why? The rejected rows of a snapshot, worded, and the limit beyond which a run stops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from salesnb.errors import InputError
from salesnb.intake.contents import connect
from salesnb.intake.reading.dates import written
from salesnb.intake.reading.readings import form_of
from salesnb.intake.schema import TABLES, Column
from salesnb.language import Message, marked

UNRATED = "unrated:"  # begins the code of a row whose currency has no rate; the currency follows
# what rules that show a text are called together
TOGETHER = (
    marked("{column} cannot be read"),
    marked("{column} is not one of the allowed words"),
    marked("{column} names no year"),
)


def reason(code: str, table: str) -> Message:
    """The rule that a rejected row of `table` breaks, worded for the person who will correct it."""
    rule, _, rest = code.partition(":")
    if rule == "missing":
        return Message("{column} is missing", column=rest)
    if rule in ("unreadable", "unlisted"):
        name, _, text = rest.partition(":")
        return _unread(TABLES[table][name], text)
    if rule == "unrated":
        return Message("the table rates has no rate of {currency} for the day", currency=rest)
    if rule == "range":
        return Message("{column} lies outside its range", column=rest)
    if rule == "implausible":
        return Message("{column} lies before 1970 or after 2100", column=rest)
    if rule == "before":
        end, _, beginning = rest.partition(":")
        return Message("{column} lies before {register}", column=end, register=beginning)
    if rule == "unclosed":
        return Message("won or lost without {column}", column="closed_on")
    if rule == "repeated":
        return (
            Message("the row repeats an earlier one")
            if rest == "row"
            else Message("{column} repeats an earlier row's", column=rest)
        )
    if rule == "quote":
        return Message("a quotation mark is opened and never closed")
    cells, _, width = rest.partition(":")
    return Message("{cells:count} cells under {width:count} headings", cells=int(cells), width=int(width))


def _unread(column: Column, text: str) -> Message:
    """What stands in a cell that must be read and cannot be, and a form that would be."""
    if column.kind == "choice":
        words = [word for word, _ in column.choices]
        return Message(
            "{column} is not one of the allowed words: {text}; these are {words:list}",
            column=column.name,
            text=text,
            words=words,
        )
    lacking = column.kind == "date" and written(text).lacking
    return Message(
        marked("{column} names no year: {text}; write it as {form}")
        if lacking
        else marked("{column} cannot be read: {text}; write it as {form}"),
        column=column.name,
        text=text,
        form=form_of(column),
    )


def of_each_rule(rows: Iterable[tuple[str, float, int]], table: str) -> dict[str, float]:
    """What is left out under each rule, by the first code that it has: codes may show texts, of which there may be many. A rule
    whose rows have no readable amount is left out: what they are worth is unknown."""
    codes: dict[Message, str] = {}
    sums: dict[str, float] = {}
    worth: set[str] = set()
    for code, amount, without in rows:
        kept = codes.setdefault(_without_text(reason(code, table))[0], code)
        sums[kept] = sums.get(kept, 0.0) + amount
        if amount or not without:
            worth.add(kept)
    return {code: amount for code, amount in sums.items() if code in worth}


def money_of(rule: Message, sums: Mapping[str, float], table: str) -> tuple[float | None, str]:
    """What is left out under a rule of `by_reason`, None where no row tells, and in which currency ("": the plan's)."""
    for code, amount in sums.items():
        if _without_text(reason(code, table))[0] == rule:
            return amount, code.removeprefix(UNRATED) if code.startswith(UNRATED) else ""
    return None, ""


def unrated(sums: Mapping[str, float]) -> dict[str, float]:
    """Currency → what is left out of it, because the table of rates has none for the day."""
    return {code.removeprefix(UNRATED): amount for code, amount in sums.items() if code.startswith(UNRATED)}


def by_reason(rows: pd.DataFrame) -> list[tuple[Message, list[tuple[int, str]]]]:
    """The rejected rows by the rule that they break, most first: the rule, and of each row its number and the text that could not
    be read ("" where that is not the matter)."""
    groups: dict[Message, list[tuple[int, str]]] = {}
    for row, why in zip(rows["source_row"], rows["reason"], strict=True):
        rule, text = _without_text(why)
        groups.setdefault(rule, []).append((int(row), text))
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def _without_text(why: Message) -> tuple[Message, str]:
    """The rule that a reason words, and the text that it shows, "" for none."""
    shown = dict(why.values.items())  # noqa: PD011 (a message, no frame)
    if "text" not in shown:
        return why, ""
    return Message(why.template.split(": {text}")[0], column=shown["column"]), str(shown["text"])


def rejected_rows(path: Path, table: str, headings: Sequence[str]) -> pd.DataFrame:
    """The rejected rows of a snapshot's table: source_row, reason (worded), then the source's columns; empty for an unread table."""
    names = ["source_row", "reason", *_distinct(headings)]
    if not headings:
        return pd.DataFrame(columns=names)
    connection = connect(path)
    try:
        frame = connection.con.execute(f"SELECT * FROM rejected.{table} ORDER BY source_row").df()
    finally:
        connection.disconnect()
    frame.columns = pd.Index(names)
    frame["reason"] = pd.Series(
        [reason(code, table) for code in frame["reason"]], index=frame.index, dtype="object"
    )
    return frame


def _distinct(headings: Sequence[str]) -> list[str]:
    """Headings as column names: none empty, none twice."""
    names: list[str] = []
    for place, heading in enumerate(headings, start=1):
        name = heading or f"column {place}"
        while name in (*names, "source_row", "reason"):
            name += " (source)"
        names.append(name)
    return names


def stop_at_limit(
    counts: Mapping[str, tuple[int, int]], path: Path, headings: Mapping[str, Sequence[str]], *, limit: float
) -> None:
    """`InputError` for the first table with a larger share of rejected rows than `limit`: counts by reason, first five rows."""
    for table, (read, kept) in counts.items():
        if read - kept <= limit * read:
            continue
        rows = rejected_rows(path, table, headings[table])
        raise InputError(
            "{table}: {rejected:count} of {read:count} rows break a rule (limit {limit:share}): {reasons:list}; the first are {rows:list}. "
            "Correct them, or raise intake.max_rejected in plan.yml",
            table=table,
            rejected=read - kept,
            read=read,
            limit=limit,
            reasons=[
                Message("{n:count} × {reason}", n=len(found), reason=why) for why, found in by_reason(rows)
            ],
            rows=[
                Message("row {row:count} ({reason})", row=row, reason=why)
                for row, why in zip(rows["source_row"][:5], rows["reason"][:5], strict=True)
            ],
        )

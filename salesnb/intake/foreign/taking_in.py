"""From somebody's own files to a workspace: opened, understood, written. Nothing is overwritten, no file is changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from salesnb.errors import InputError
from salesnb.intake.foreign import answers as answering
from salesnb.intake.foreign import opening, plans, tables, writing
from salesnb.intake.foreign.answers import Answers, Ask
from salesnb.intake.foreign.drafts import Source, listed
from salesnb.intake.foreign.vocabulary import language_of, vocabulary
from salesnb.intake.reading import exports, layouts, raw_tables, readings, shapes
from salesnb.language import Language, Message
from salesnb.plan import read_plan

MOST_BLANK = 10_000  # words of rows without a day among which totals are looked for
COUNTRIES = {
    ("zh", "CNY"): "CN",
    ("zh", "TWD"): "TW",
    ("zh", "HKD"): "HK",
    ("en", "USD"): "US",
    ("en", "GBP"): "GB",
    ("de", "CHF"): "CH",
    ("fr", "CHF"): "CH",
    ("pt", "BRL"): "BR",
    ("es", "MXN"): "MX",
    ("en", "INR"): "IN",
    ("en", "CAD"): "CA",
    ("en", "AUD"): "AU",
}
CURRENCY = "CNY"  # of a plan that names none
COPIES = "export"  # the folder of copied files


@dataclass(frozen=True)
class Control:
    """A file's own sum of the column that a table's amounts are read from; of it, what is in rows of totals and in rows that
    stand apart."""

    table: str
    heading: str
    total: float
    totals: float = 0.0
    cancelled: float = 0.0


@dataclass
class TakenIn:
    """What became of the files: the tables as understood, the settings written, what was left out, sums of the files' own."""

    found: tables.Understanding
    settings: dict[str, object]
    left_out: list[Message] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    repeated: int = 0


def take_in(
    paths: Sequence[Path],
    workspace: Path,
    *,
    answers: Answers,
    copy: bool = False,
    lang: str = "",
    ask: Ask | None = None,
    company: str = "",
    otherwise: str = "en",
) -> TakenIn:
    """Writes plan.yml and a statement per table into the new folder `workspace`; `InputError` for what cannot be guessed.

    The workspace speaks `lang`, else Chinese where the files do, else `otherwise`.
    """
    held = opening.kept_paths(paths)
    folders = [each if each.is_dir() else each.parent for each in held]
    with (
        tempfile.TemporaryDirectory(prefix="salesnb-", ignore_cleanup_errors=True) as scratch,
        closing(duckdb.connect()) as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        if copy:
            held = _copied(held, workspace / COPIES)
        opened = opening.open_all(
            held,
            connection=connection,
            scratch=Path(scratch),
            vocabulary=vocabulary(*folders, workspace),
            chinese=lang == "zh",
            year=answers.year,
        )
        headings = [column.heading for each in opened.tables for column in each.columns]
        answering.require_headings(headings, answers)
        spoken = language_of(headings)
        language = lang or ("zh" if spoken == "zh" else otherwise)
        name = answers.settings.get("company") or company or _company(held)
        ask = answering.at_most(ask)

        def understand(meant: dict[str, str]) -> tables.Understanding:
            year = _year(opened, answers)
            return tables.understand_all(opened.tables, connection=connection, company=name, year=year, answers=meant)  # fmt: skip

        found = understand(answers.headings)
        meant = answering.amounts_meant(found, ask)
        found = understand(answers.headings | meant) if meant else found
        answering.require_years(found)
        counted = answering.currency_of(found)
        order, told = answering.date_order(found, language=spoken, currencies=counted, ask=ask)
        order = answers.settings.get("date_order") or order
        currency = answers.settings.get("currency") or _currency(counted, spoken)
        country = answers.settings.get("country") or (
            COUNTRIES.get((spoken, currency)) if currency in counted else None
        )
        settings: dict[str, object] = {"company": name, "currency": currency, "language": language}
        settings |= {"country": country} if country else {}
        starts = answers.settings.get("fiscal_year_starts") or plans.fiscal_year_of(found)
        settings |= {"fiscal_year_starts": int(starts)} if starts else {}
        stages = plans.stages_of(found)
        settings |= {"stages": stages} if stages else {}
        settings |= {"source": {"folders": _folders(held, workspace)}} if not copy else {}
        settings |= {"intake": {"date_order": order}} if order else {}
        taken = TakenIn(found, settings, [*opened.left_out, *([told] if told else [])])
        taken.repeated = sum(each.repeated for each in opened.tables)
        _check_plan(settings)
        rules = readings.Rules(order, chinese=language == "zh")
        taken.controls = list(_controls(found, connection, rules))
    say = Language(language)
    workspace.mkdir(parents=True, exist_ok=True)
    comments = _comments(counted, currency, answers, say)
    (workspace / "plan.yml").write_text(writing.plan_text(settings, comments), encoding="utf-8")
    for draft in found.drafts:
        text = writing.statement(draft, workspace=workspace.resolve(), say=say)
        (workspace / f"{draft.table}.sql").write_text(text, encoding="utf-8")
    return taken


def _comments(counted: Counter[str], currency: str, answers: Answers, say: Language) -> dict[str, str]:
    if answers.settings.get("currency"):
        return {"currency": say(Message("as answered"))}
    if currency in counted:
        return {}
    return {"currency": say(Message("no file names its currency; correct this line if it is another"))}


def _year(opened: opening.Opened, answers: Answers) -> int | None:
    if answers.year:
        return answers.year
    named = {int(year) for each in opened.tables for text in (each.label, each.title, *(path.name for path in each.files)) for year in layouts.YEAR.findall(text)}  # fmt: skip
    return next(iter(named)) if len(named) == 1 else None


def _company(paths: Sequence[Path]) -> str:
    first = paths[0]
    return first.name if first.is_dir() else opening.stem(first)


def _currency(counted: Counter[str], spoken: str) -> str:
    if counted:
        return counted.most_common(1)[0][0]
    return {
        "zh": "CNY",
        "de": "EUR",
        "fr": "EUR",
        "es": "EUR",
        "it": "EUR",
        "nl": "EUR",
        "pt": "BRL",
        "en": "USD",
    }.get(spoken, CURRENCY)


def _folders(paths: Sequence[Path], workspace: Path) -> list[str]:
    base = workspace.resolve()
    outside = [each for each in paths if not each.resolve().is_relative_to(base)]
    return [os.path.relpath(each, base).replace(os.sep, "/") for each in outside]


def _check_plan(settings: dict[str, object]) -> None:
    read_plan({str(key): value for key, value in settings.items()}, path=Path("plan.yml"))


def _copied(paths: Sequence[Path], folder: Path) -> list[Path]:
    folder.mkdir(parents=True)
    copied = []
    for each in paths:
        to = folder / each.name
        if to.exists():
            raise InputError("two of the files are called {name}; rename one", name=each.name)
        shutil.copytree(each, to) if each.is_dir() else shutil.copy2(each, to)
        copied.append(to)
    return copied


def _controls(
    found: tables.Understanding, connection: duckdb.DuckDBPyConnection, rules: readings.Rules
) -> Iterator[Control]:
    """The files' own sums of the columns that are counted as they stand; what stands apart is counted on the way."""
    for draft in found.drafts:
        cell = draft.columns.get("net_amount") or draft.columns.get("amount")
        if cell is None or draft.table not in ("orders", "opportunities", "invoices"):
            continue
        source = next(
            (
                each
                for each in draft.sources
                if each.understood.foreign.column(cell.headings[0] if cell.headings else "")
            ),
            None,
        )
        if source is None:
            continue
        foreign = source.understood.foreign
        column = foreign.column(cell.headings[0])
        assert column is not None
        loaded = exports.Loaded([each.heading for each in foreign.columns], "", [foreign.label], [])
        shape = shapes.Shape(numbers=tuple({*source.numbers, column.heading}))
        joined, cells = exports.typed(
            loaded, shape, connection=connection, table=foreign.name, rules=rules, notes=[]
        )
        named = ", ".join(
            f"{each} AS {raw_tables.quoted_name(name)}"
            for each, name in zip(cells, loaded.headings, strict=True)
        )
        rows = f"(SELECT source_row, {named} FROM {joined}) AS {source.alias}"
        amount = f"{source.text(column)} * {column.parts.factor:.0f}"
        apart = 0.0
        for label, condition, _ in draft.left_out:
            ((count, money),) = connection.execute(
                f"SELECT count(*), coalesce(sum({amount}), 0) FROM {rows} WHERE {condition}"
            ).fetchall()
            if count:
                draft.stood_apart.append((label, int(count), float(money)))
                apart += float(money)
        if len(cell.headings) != 1 or cell.sure == "made" or draft.further:
            continue
        day = draft.day_of(source)
        blank = f"{source.text(day)} IS NULL" if day is not None else "false"
        ((total, totals),) = connection.execute(
            f"SELECT coalesce(sum({amount}), 0), coalesce(sum({amount}) FILTER ({blank} AND {_totals(source, day)}), 0) FROM {rows}"
        ).fetchall()
        yield Control(draft.table, column.heading, float(total), float(totals), apart)


def _totals(source: Source, day: opening.Column | None) -> str:
    """SQL: does a row say that it is a total? Rows without a day are looked through whole: a total stands below all samples."""
    blank = f"c{day.profile.place} IS NULL" if day is not None else "true"
    words = []
    for each in source.understood.foreign.columns:
        cells = f"c{each.profile.place}"
        rows = source.holds(f"SELECT DISTINCT {cells} FROM {{t}} WHERE {blank} AND {cells} IS NOT NULL LIMIT {MOST_BLANK}")  # fmt: skip
        found = [str(text) for (text,) in rows if layouts.says_total(str(text))]
        words += [f"{source.text(each)} IN ({listed(found)})"] if found else []
    return f"({' OR '.join(words)})" if words else "false"

"""The workspace as an Excel form: a sheet per table, headings explained, and lists where a word is to be chosen.

What is filled in is a workspace; an empty sheet counts as a table that is not there, so nothing needs to be deleted.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from salesnb.intake.forms.explanations import explanation
from salesnb.intake.reading.table_names import table_name
from salesnb.intake.reading.workbooks import plan_key
from salesnb.intake.schema import TABLES, Column, Table
from salesnb.language import Language, marked

ROWS = 5000
FORMATS = {"date": "yyyy-mm-dd", "number": "#,##0.##", "id": "@", "text": "@"}
WIDTH = 14
REQUIRED = PatternFill("solid", fgColor="FFF2CC")
KINDS = {
    "id": marked("text, kept as written"),
    "text": marked("text"),
    "date": marked("a date, as 2026-10-31"),
    "number": marked("a number"),
    "boolean": marked("TRUE or FALSE"),
    "choice": marked("a word from the list"),
}
BOOLEANS = {"en": ("TRUE", "FALSE"), "zh": ("是", "否")}
PLAN_TITLES = {"en": "plan", "zh": "设置"}


def write_form(path: Path, *, say: Language, year: int) -> None:
    """The form as a workbook: one sheet per table, then the settings that everybody needs, the target of `year` among them.

    Names of sheets, headings and words to choose from are those of the reader's language; all of them are read back.
    """
    book = Workbook()
    book.remove(book.active)
    for table in TABLES.values():
        _sheet(book.create_sheet(table_name(table.name, say.code)), table, say)
    _plan(book.create_sheet(PLAN_TITLES[say.code]), say, year)
    book.save(path)


def _sheet(sheet: Worksheet, table: Table, say: Language) -> None:
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, start=1):
        letter = get_column_letter(place)
        heading = column.name_in(say.code)
        cell = sheet.cell(row=1, column=place, value=heading)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top")
        if column.required:
            cell.fill = REQUIRED
        cell.comment = _comment(table.name, column, say)
        sheet.column_dimensions[letter].width = max(WIDTH, len(heading.encode("gbk")) + 3)
        if column.kind in FORMATS:
            sheet.column_dimensions[letter].number_format = FORMATS[column.kind]
        for rule in _rules(column, say):
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{ROWS}")


def _comment(table: str, column: Column, say: Language) -> Comment:
    words = [say(explanation(table, column.name)), say(KINDS[column.kind])]
    if column.choices:
        words.append(", ".join(column.words(say.code).values()))
    words.append(say("required") if column.required else say("may stay empty"))
    comment = Comment("\n".join(words), "salesnb")
    comment.width, comment.height = 260, 110
    return comment


def _rules(column: Column, say: Language) -> list[DataValidation]:
    """Lists and ranges that Excel itself can hold an entry against."""
    if column.kind == "choice":
        words = ",".join(column.words(say.code).values())
        rule = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    elif column.kind == "boolean":
        rule = DataValidation(type="list", formula1=f'"{",".join(BOOLEANS[say.code])}"', allow_blank=True)
    elif column.low is not None and column.high is not None:
        rule = DataValidation(
            type="decimal",
            operator="between",
            formula1=f"{column.low:g}",
            formula2=f"{column.high:g}",
            allow_blank=True,
        )
    elif column.kind == "date":
        rule = DataValidation(type="date", operator="greaterThan", formula1="18264", allow_blank=True)
    else:
        return []
    rule.errorTitle = column.name_in(say.code)
    rule.error = say(KINDS[column.kind])
    return [rule]


def _plan(sheet: Worksheet, say: Language, year: int) -> None:
    """Settings as name, value and what is meant; the language is that of the form."""
    chinese = say.code == "zh"
    settings = (
        ("company", say("Our company"), marked("your company's name, as it stands on the pages")),
        ("currency", "CNY", marked("the currency of all money, as its code")),
        ("country", "CN" if chinese else None, marked("whose working days count, as its code")),
        ("fiscal_year_starts", 1, marked("the month in which your year begins, 1 to 12")),
        (
            f"targets.{year}.amount",
            None,
            marked("the company's target for the year; fill in at least this one"),
        ),
        ("language", say.code, marked("of the pages: en or zh")),
    )
    for row, (key, value, meaning) in enumerate(settings, start=1):
        sheet.append((plan_key(key, say.code), value, say(meaning)))
        if key.startswith("targets"):
            sheet.cell(row=row, column=2).fill = REQUIRED
            sheet.cell(row=row, column=2).number_format = FORMATS["number"]
    for letter, width in (("A", 24), ("B", 32), ("C", 60)):
        sheet.column_dimensions[letter].width = width

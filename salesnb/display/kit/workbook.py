"""How does a plan become a workbook that a team can work with? One sheet a table, headed and formatted as people read it.

No text from the data is read as a formula, and the same tables give the same bytes on every machine and day.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import openpyxl
import pandas as pd
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from salesnb.display.kit.cells import clean, unformulated, width
from salesnb.display.kit.grid import Column
from salesnb.language import Language, Message

FORMATS = {
    "money": "#,##0",
    "amount": "#,##0",
    "cents": "#,##0.00",
    "number": "#,##0.0",
    "count": "#,##0",
    "share": "0.0%",
    "percent": "0%",
    "date": "yyyy-mm-dd",
    "day": "yyyy-mm-dd",
    "month": "yyyy-mm",
}
WIDEST = 60
FULL = PatternFill("solid", start_color="F4C7C3")  # a load above 1
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can hold


@dataclass(frozen=True)
class Sheet:
    """One table of the workbook: its name, its rows, its columns; `load` names the column that is marked where it is above 1."""

    name: str | Message
    data: pd.DataFrame
    columns: dict[str, Column]
    load: str = ""


def workbook(sheets: Sequence[Sheet], *, say: Language) -> bytes:
    """The sheets as an .xlsx; those without a row are left out, and so is the book (empty bytes) where none has one."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        if len(sheet.data):
            _write(book.create_sheet(_title(say.text(sheet.name))), sheet, say)
    if not book.worksheets:
        return b""
    made = io.BytesIO()
    book.save(made)
    return _timeless(made.getvalue())


def _title(name: str) -> str:
    """A name that a sheet may have: at most 31 characters, none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\]", " ", clean(name))[:31] or "1"


def _write(sheet: Worksheet, source: Sheet, say: Language) -> None:
    shown = pd.DataFrame(
        {
            name: [column.called(value, say) for value in source.data[name]]
            for name, column in source.columns.items()
        },
        dtype=object,
    )
    safe = unformulated(shown)
    sheet.append([say(column.label) for column in source.columns.values()])
    for row in safe.itertuples(index=False, name=None):
        sheet.append([_value(value) for value in row])
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for place, (name, column) in enumerate(source.columns.items(), 1):
        letter = get_column_letter(place)
        texts = [str(cell.value or "") for cell in sheet[letter][1:]] if column.kind not in FORMATS else []
        sheet.column_dimensions[letter].width = min(WIDEST, max([12, *map(width, texts)]) + 2)
        for cell in sheet[letter][1:]:
            cell.number_format = FORMATS.get(column.kind, "General")
            if name == source.load and isinstance(cell.value, (int, float)) and cell.value > 1 + 1e-9:
                cell.fill = FULL
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0  # as wide as a page, and as many pages as it takes
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.auto_filter.ref = sheet.dimensions


def _value(value: object) -> object:
    """What a cell can hold: a number, a day, a text without control characters; nothing for what is missing or without end."""
    if value is None or value != value or value in (float("inf"), float("-inf")):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("", value)
    return value.item() if hasattr(value, "item") else value


def _timeless(made: bytes) -> bytes:
    """The same workbook without the moment in which it was made."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()

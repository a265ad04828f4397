"""Renews the catalogues: new texts come in, texts that are gone go out. Run by `make catalogue`.

Chinese comes in untranslated. English is the language of the texts themselves: its catalogue holds those whose words
depend on a number ("{n:count|account is|accounts are} late"), drafted here for somebody who reads what came in.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import typer
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from salesnb.cli import app, helps
from salesnb.intake.reading.table_names import table_name
from salesnb.intake.schema import TABLES
from salesnb.language import CATALOGUES
from salesnb.language.translation import collect

ROOT = Path(__file__).parent.parent
PATH = CATALOGUES / "zh" / "LC_MESSAGES" / "salesnb.po"
ENGLISH = CATALOGUES / "en" / "LC_MESSAGES" / "salesnb.po"
OTHER_WORDS = r"(?:of|and|to|is|are|in|were|was|came|on|at|the|for|with|a|per|there|or|pass|longer)\b"
COUNTED = re.compile(
    rf"\{{(\w+):count\}} ((?:(?!{OTHER_WORDS})[\w’-]+ ){{0,4}}?)(?!is\b|this\b|has\b)([a-z-]+[^su\W]s|people)\b(?!['’])(?: (are|were|have|do)\b)?"
)
ONE = {"are": " is", "were": " was", "have": " has", "do": " does", None: ""}


def for_one(text: str) -> str:
    """The text with the words after each count also as they are after a one; as it is where no word changes."""

    def choice(found: re.Match[str]) -> str:
        field, before, noun, verb = found.groups()
        single = "person" if noun == "people" else re.sub("ies$", "y", noun).removesuffix("s")
        more = f"{before}{noun} {verb}" if verb else before + noun
        return f"{{{field}:count|{before}{single}{ONE[verb]}|{more}}}"

    return COUNTED.sub(choice, text)


def known(path: Path) -> Mapping[str, str]:
    """The translations of a catalogue."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file) if entry.id}


def texts() -> Catalog:
    """The project's texts of now: those that its files mark, the help pages, and the names of tables and columns."""
    fresh = collect(ROOT)
    for name in (*names_in_chinese(), *helps.texts(typer.main.get_command(app))):
        if name not in fresh:
            fresh.add(name)
    return fresh


def names_in_chinese() -> dict[str, str]:
    """Each table and column by the name that files and sheets of ours give it in Chinese."""
    columns = {column.name: column.name_in("zh") for table in TABLES.values() for column in table}
    return columns | {f"table {table}": table_name(table, "zh") for table in TABLES}


def renew() -> Catalog:
    """The Chinese catalogue with the project's texts of now and the translations that it had."""
    chinese, fresh = names_in_chinese() | known(PATH), texts()
    for entry in fresh:
        if entry.id:
            entry.string = chinese.get(entry.id, "")
            entry.flags.discard("python-format")
            entry.flags.discard("python-brace-format")
    return fresh


def renew_english() -> Catalog:
    """The English one: what it had of the texts of now, and drafts for the others that need one."""
    english, fresh = known(ENGLISH), texts()
    fresh.locale = "en"
    fresh.language_team = "en"
    fresh.header_comment = (
        "# The texts whose words depend on a number. `make catalogue` drafts new ones; a test asks for each."
    )
    for entry in list(fresh):
        text = english.get(entry.id) or for_one(entry.id) if entry.id else ""
        if text and text != entry.id:
            entry.string = text
            entry.flags.clear()
        elif entry.id:
            fresh.delete(entry.id)
    return fresh


if __name__ == "__main__":
    for path, catalogue in ((ENGLISH, renew_english()), (PATH, renew())):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True)
    missing = sum(1 for entry in catalogue if entry.id and not entry.string)
    print(f"{len(catalogue)} texts, {missing} to translate, in {PATH.relative_to(ROOT)}")

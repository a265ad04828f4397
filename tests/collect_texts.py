"""Renews the Chinese catalogue: new texts come in untranslated, texts that are gone go out. Run by `make catalogue`."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from salesnb.language import CATALOGUES
from salesnb.language.translation import collect

ROOT = Path(__file__).parent.parent
PATH = CATALOGUES / "zh" / "LC_MESSAGES" / "salesnb.po"


def renew() -> Catalog:
    """The catalogue with the project's texts of now and the translations that it had."""
    known = {}
    if PATH.exists():
        with PATH.open("rb") as file:
            known = {entry.id: entry.string for entry in read_po(file, locale="zh")}
    fresh = collect(ROOT)
    for entry in fresh:
        if entry.id:
            entry.string = known.get(entry.id, "")
            entry.flags.discard("python-format")
            entry.flags.discard("python-brace-format")
    return fresh


if __name__ == "__main__":
    catalogue = renew()
    with PATH.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True)
    missing = sum(1 for entry in catalogue if entry.id and not entry.string)
    print(f"{len(catalogue)} texts, {missing} to translate, in {PATH.relative_to(ROOT)}")

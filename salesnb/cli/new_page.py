"""`salesnb new-page`: a notebook of one's own that works at once. It loads, asks, shows and concludes, and is a page of the pack."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from salesnb import resources
from salesnb.errors import InputError
from salesnb.intake.files import NOTEBOOKS
from salesnb.language import Language, Message, catalogue, marked

FIRST = 70  # behind the six
INTRO = marked("For whom this is, and which decision it serves.")
QUESTION = marked("Which customers bring most?")
WHY = marked("Why the answer matters: what would be done otherwise, and by whom.")
ANSWER = marked("The ten largest customers bring {share:percent} of what was booked.")
SUBTITLE = marked("Bookings of each since the data began")
LABEL = marked("Share of the ten largest customers")
CAVEAT = marked("What this does not show, and which rows it leaves out.")
ASK = '''frame = book.sql("""
    SELECT coalesce(account_name, account_id) AS customer, sum(net_amount) AS bookings
    FROM orders LEFT JOIN accounts USING (account_id)
    GROUP BY ALL ORDER BY bookings DESC
""")
frame.head(10)'''
SHOW = """top, whole = frame.head(10), frame["bookings"].sum()
share = top["bookings"].sum() / whole if whole > 0 else None
answer = f{answer} if share else None
bars = sb.chart(
    lambda ax, data, pen: ax.barh(data["customer"][::-1], data["bookings"][::-1]),
    top,
    name="largest",
    finding=answer or "",
    subtitle={subtitle},
)
page.section(answer, bars, caveat={caveat}, needs="orders")"""


def write_page(name: str, *, folder: Path | None, code: str) -> Path:
    """Writes the notebook `name`, numbered behind the others, and gives its path; `InputError` for a name that no page can have or a
    notebook that is there already. It takes its parameters from the notebooks beside it; `code` is its language, "" theirs."""
    here = folder or (Path(NOTEBOOKS) if Path(NOTEBOOKS).is_dir() else Path())
    if not here.is_dir():
        raise InputError("the folder of notebooks {folder} does not exist; correct --notebooks", folder=here)
    stem = _stem(name, here)
    path = here / f"{stem}.ipynb"
    if path.exists():
        raise InputError(
            "{path} is there already, and nothing is overwritten; choose another name", path=path
        )
    parameters = _parameters(here, code)
    language = re.search(r'^language = "(\w+)"', parameters, re.M)
    say = Language(language.group(1) if language else "en")
    cells = [_cell(kind, text) for kind, text in _texts(stem, parameters, say)]
    cells[1]["metadata"]["tags"] = ["parameters"]
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _stem(name: str, folder: Path) -> str:
    """70_margins: numbered where the name is not, with no blanks."""
    stem = re.sub(r"\s+", "_", name.strip().removesuffix(".ipynb"))
    if not re.fullmatch(r"\w[\w.-]*", stem):
        raise InputError(
            "a page is named after its notebook, such as 70_margins, but {name} was given", name=repr(name)
        )
    if re.match(r"\d", stem):
        return stem
    same = [path for path in folder.glob("*.ipynb") if re.fullmatch(rf"\d+_{re.escape(stem)}", path.stem)]
    if same:
        return same[0].stem
    taken = [int(found.group()) for path in folder.glob("*.ipynb") if (found := re.match(r"\d+", path.stem))]
    return f"{max([FIRST, *(number // 10 * 10 + 10 for number in taken)])}_{stem}"


def _parameters(folder: Path, code: str) -> str:
    """The cell of parameters of the first notebook there, else of our own first one."""
    beside = sorted(folder.glob("[0-9]*.ipynb")) or sorted(resources.notebooks().glob("[0-9]*.ipynb"))
    for path in beside:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if "parameters" in cell.get("metadata", {}).get("tags", []):
                text = "".join(cell["source"])
                return (
                    re.sub(r'^language = "\w+"', f'language = "{code}"', text, flags=re.M) if code else text
                )
    raise InputError("no notebook in {folder} has a cell of parameters to start from", folder=folder)


def _texts(stem: str, parameters: str, say: Language) -> Iterator[tuple[str, str]]:
    title = re.sub(r"^\d+_?", "", stem).replace("_", " ").strip().capitalize() or stem
    yield "markdown", f"# {title}\n{say(Message(INTRO))}"
    yield "code", parameters
    yield "code", "import salesnb as sb"
    opened = f'page = sb.Page("{stem}", book, language=language, outputs=outputs)'
    yield "code", f"book = sb.open(workspace, as_of=as_of, scope=scope)\n{opened}\npage.loaded()"
    yield "markdown", f"## {say(Message(QUESTION))}\n{say(Message(WHY))}"
    yield "code", ASK
    answer, subtitle, caveat, label = (_written(each, say) for each in (ANSWER, SUBTITLE, CAVEAT, LABEL))
    yield "code", SHOW.format(answer=answer, subtitle=subtitle, caveat=caveat)
    yield "code", f'page.kpi("own.{_key(stem)}", share, unit="share", label={label})'


def _written(text: str, say: Language) -> str:
    """The text in the reader's language as Python writes it, its fields left to the notebook's own f-string."""
    said = catalogue(say.code).get(text, text).replace(":percent}", ":.0%}")
    return json.dumps(said, ensure_ascii=False)


def _key(stem: str) -> str:
    return re.sub(r"\W", "_", re.sub(r"^\d+_?", "", stem)).lower() or "number"


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})

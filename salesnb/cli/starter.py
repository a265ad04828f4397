"""`salesnb init` and `salesnb demo`: a folder of the analyst's own, from which the pack can be rendered at once."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from salesnb import resources
from salesnb.errors import InputError, nearest
from salesnb.intake.files import FORM
from salesnb.language import Language, Message, marked
from salesnb.language.translation import translated_code, translated_markdown, translated_preset

SOURCES = ("demo", "excel", "salesforce", "hubspot")
HINTS = {
    "demo": marked(
        "data holds the sample company: put your own tables in its place, one file each, and your settings in data/plan.yml."
    ),
    "excel": marked(
        "Fill in data/workspace.xlsx: a sheet per table, what is marked yellow is required, each heading has a note. Leave sheets empty that you do not need. The settings are in the sheet plan."
    ),
    "salesforce": marked(
        "Put Salesforce's export files (Account, Opportunity, OpportunityHistory, Task, Event, Lead, User, Product2 as csv) into data/export and correct data/plan.yml; data/*.sql say how they are read."
    ),
    "hubspot": marked(
        "Put HubSpot's export files (deals with all properties, companies, contacts, owners as csv) into data/export and correct data/plan.yml; data/*.sql say how they are read."
    ),
}


def own_files(sources: Sequence[str]) -> list[Path]:
    """The user's own files and folders, none where a source of ours is named; `InputError` for what is neither."""
    paths = [Path(each).expanduser() for each in sources if each not in SOURCES]
    if paths and len(paths) < len(sources):
        raise InputError("--from names {source} beside files; take one of them", source=next(each for each in sources if each in SOURCES))  # fmt: skip
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None and "." not in missing.name and missing.parent == Path():
        guess = nearest(str(missing), SOURCES) or SOURCES[0]
        raise InputError(
            "--from must be one of {known:list} or the path of a file or a folder, but is {source}; did you mean {guess}?",
            known=list(SOURCES),
            source=str(missing),
            guess=guess,
        )
    return paths


def write_starter(folder: Path, *, source: str, say: Language) -> list[Message]:
    """plan.yml, data or mappings, the six notebooks and a page of hints in `folder`; gives what to do next.

    `InputError` for an unknown source or a folder that is not empty: nothing is ever overwritten.
    """
    if source not in SOURCES:
        guess = nearest(source, SOURCES) or SOURCES[0]
        raise InputError(
            "--from must be one of {known:list}, but is {source}; did you mean {guess}?",
            known=list(SOURCES),
            source=source,
            guess=guess,
        )
    require_empty(folder)
    data = folder / "data"
    if source == "excel":
        from salesnb.intake.forms import write_form

        data.mkdir(parents=True)
        write_form(data / FORM, say=say, year=dt.date.today().year)
    elif source == "demo" and say.code != "en":
        from salesnb.intake.demo import write_demo

        write_demo(data, language=say.code)
    else:
        shutil.copytree(
            resources.resource("data", "demo")
            if source == "demo"
            else resources.resource("data", "presets", source),
            data,
        )
        if source != "demo":
            _translate(data, say.code)
        _set_language(data / "plan.yml", say.code)
        shutil.copyfile(resources.resource("data", "plan.schema.json"), folder / "plan.schema.json")
    workspace = f"data/{FORM}" if source == "excel" else "data"
    write_notebooks(folder, workspace=workspace, say=say)
    lines = list(_next_steps(source))
    (folder / "README.md").write_text("\n\n".join(say(line) for line in lines) + "\n", encoding="utf-8")
    return [Message("{folder} is ready; go there: cd {folder}", folder=folder), *lines]


def write_notebooks(folder: Path, *, workspace: str, say: Language) -> None:
    """The six notebooks in the reader's language, set to the workspace in `folder`, wherever that is moved."""
    (folder / "notebooks").mkdir()
    for path in sorted(resources.notebooks().glob("*.ipynb")):
        text = _own_notebook(path, workspace=f"../{workspace}", say=say)
        (folder / "notebooks" / path.name).write_text(text, encoding="utf-8")


def require_empty(folder: Path) -> None:
    """`InputError` unless `folder` does not exist or holds nothing."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        raise InputError(
            "{folder} is not an empty folder, and nothing is overwritten; name a new one", folder=folder
        )


def write_demo_workspace(
    folder: Path, *, accounts: int, months: int, seed: int | None, lines: int | None, language: str
) -> None:
    """The sample company as a workspace, in the reader's language; with `lines` a large one of about so many order lines, in English."""
    from salesnb.intake.demo import DEFAULT_SEED, write_demo, write_large

    seed = DEFAULT_SEED if seed is None else seed
    if lines is None:
        write_demo(folder, accounts=accounts, months=months, seed=seed, language=language)
    else:
        write_large(folder, lines=lines, seed=seed)


def _next_steps(source: str) -> Iterator[Message]:
    yield Message(HINTS[source])
    yield Message("Look at what was read: salesnb check .")
    yield Message("Render a month with these notebooks, to reports: salesnb report . --month 2026-10")
    yield Message("Look closer: open a notebook of the folder notebooks in JupyterLab.")
    yield Message("Ask something of your own: salesnb new-page margins writes one more notebook.")


def _translate(data: Path, code: str) -> None:
    """A preset's notes in the language that was chosen."""
    for path in [data / "plan.yml", *data.glob("*.sql")]:
        path.write_text(translated_preset(path.read_text(encoding="utf-8"), language=code), encoding="utf-8")


def _set_language(plan: Path, code: str) -> None:
    """The plan speaks the language that was chosen; a Chinese office's amounts are in yuan until it says otherwise."""
    lines = plan.read_text(encoding="utf-8").splitlines()
    if code == "zh":
        lines = [re.sub("^currency: USD", "currency: CNY", line) for line in lines]
    kept = [
        f"language: {code}" + line[len("language: en") :] if line.startswith("language:") else line
        for line in lines
    ]
    if kept[0].startswith("# yaml-language-server:"):
        kept[0] = "# yaml-language-server: $schema=../plan.schema.json"
    plan.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _own_notebook(path: Path, *, workspace: str, say: Language) -> str:
    """The notebook in the reader's language, set to their workspace, without the outputs of the sample company."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            source = translated_markdown(source, language=say.code)
        elif "parameters" in cell.get("metadata", {}).get("tags", []):
            source = "\n".join(
                _set(line, workspace=workspace, language=say.code) for line in source.splitlines()
            )
        if cell["cell_type"] == "code":
            source = translated_code(source, language=say.code)
        cell["source"] = source.splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _set(line: str, **values: str) -> str:
    """``workspace = "…"  # comment`` with another value and the same comment."""
    name, sign, rest = line.partition(" = ")
    if not sign or name not in values:
        return line
    comment = rest.partition("#")[2]
    return f"{name} = {json.dumps(values[name], ensure_ascii=False)}" + (f"  #{comment}" if comment else "")

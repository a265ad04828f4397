"""Writes what is generated from the code: the tables in data/README.md, data/plan.schema.json. Run by `make references`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from salesnb.cli.checking import UNLOCKS
from salesnb.cli.explaining import column_rows
from salesnb.definitions import used_by
from salesnb.intake.schema import TABLES
from salesnb.language import Language
from salesnb.plan import Plan
from salesnb.plan.explanations import explained, settings

ROOT = Path(__file__).parent.parent
README, SCHEMA = ROOT / "data" / "README.md", ROOT / "data" / "plan.schema.json"
BEGIN, END = "<!-- generated: make references -->", "<!-- end of what is generated -->"


def tables() -> str:
    """Every table with its columns, in Markdown."""
    say = Language("en")
    parts = []
    for table in TABLES.values():
        gain = UNLOCKS.get(table.name, "")
        numbers = used_by(table.name)
        parts += [f"### {table.name}", ""]
        parts += [
            f"For {gain}." if gain else "",
            f"Headline numbers: {', '.join(f'`{key}`' for key in numbers)}." if numbers else "",
            "",
        ]
        parts += ["| column | meaning | kind | | also headed |", "| --- | --- | --- | --- | --- |"]
        parts += [
            f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in column_rows(table, say)
        ]
        parts.append("")
    return "\n".join(line for place, line in enumerate(parts) if line or parts[place - 1])


def readme(text: str) -> str:
    """data/README.md with its generated part renewed."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


def schema() -> str:
    """plan.yml's JSON schema, with what each setting decides, for an editor's completion."""
    content = Plan.model_json_schema(by_alias=True)
    for path, _ in settings():
        _describe(content, content, path.split("."), explained(path))
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _describe(whole: dict[str, Any], part: dict[str, Any], path: list[str], text: str) -> None:
    """Writes the text to the place of the schema that the path leads to; shared types get the text that is true of all."""
    name, *rest = path
    inner = _resolved(whole, part)
    if name == "{}":
        nearer = inner.get("additionalProperties") or inner.get("items")
        return _describe(whole, nearer, rest, text) if isinstance(nearer, dict) and rest else None
    found = inner.get("properties", {}).get(name)
    if not isinstance(found, dict):
        return None
    if rest:
        return _describe(whole, found, rest, text)
    found.setdefault("description", text)
    return None


def _resolved(whole: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    for each in [part, *part.get("anyOf", ())]:
        if "$ref" in each:
            return whole["$defs"][each["$ref"].rpartition("/")[2]]
    return part


def write() -> None:
    README.write_text(readme(README.read_text(encoding="utf-8")), encoding="utf-8")
    SCHEMA.write_text(schema(), encoding="utf-8")


if __name__ == "__main__":
    write()

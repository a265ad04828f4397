"""What did people answer to the decisions of a pack? Written beside the packs, so that it outlives a pack that is made anew.

`answers.json` in the folder that holds the packs: month and scope → the decision's id → answer (taken, not taken, later), by
whom, on which day, and a note.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from salesnb.errors import InputError
from salesnb.language import marked

ANSWERS = "answers.json"  # beside the packs
ASKED = "actions.xlsx"  # in a pack: its decisions, with room for answers
SAID = {"taken": marked("taken"), "not taken": marked("not taken"), "later": marked("later")}
KINDS = tuple(SAID)
FIELDS = ("answer", "by", "on", "note")


def key(month: str, scope: str) -> str:
    """Under which name the answers to a pack are kept, whatever its language."""
    return f"{month} {scope}".strip()


def read_answers(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The answers that are kept in the folder of the packs; empty where there are none or where the file cannot be read as such."""
    try:
        content = json.loads((folder / ANSWERS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {
        str(pack): {str(one): answer for one, answer in given.items() if _is_answer(answer)}
        for pack, given in content.items()
        if isinstance(given, dict)
    }


def _is_answer(answer: object) -> bool:
    if not isinstance(answer, dict) or answer.get("answer") not in KINDS:
        return False
    try:
        return answer.get("on") is None or bool(dt.date.fromisoformat(answer["on"]))
    except (TypeError, ValueError):
        return False


def keep_answers(folder: Path, given: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Adds the answers to those that are kept; a later one replaces an earlier one."""
    if (folder / ANSWERS).is_file() and not read_answers(folder) and (folder / ANSWERS).stat().st_size > 2:
        raise InputError(
            "{file} holds no answers that can be read; move it away first", file=folder / ANSWERS
        )
    kept = read_answers(folder)
    for pack, answers in given.items():
        kept[pack] = {**kept.get(pack, {}), **{one: dict(answer) for one, answer in answers.items()}}
    text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    part = folder / f".{ANSWERS}.part"
    part.write_text(text, encoding="utf-8")
    part.replace(folder / ANSWERS)

"""How are the decisions of a pack answered? As a workbook: one row a decision, with room for answer, person, day and note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from salesnb.answers import key
from salesnb.display.kit.grid import Column
from salesnb.display.kit.workbook import Sheet, workbook
from salesnb.language import Language, Message, marked

COLUMNS = {
    "pack": Column(marked("Pack")),
    "id": Column(marked("Id")),
    "text": Column(marked("Decision")),
    "owner": Column(marked("Owner")),
    "due": Column(marked("By when"), "date"),
    "amount": Column(marked("At stake"), "money"),
    "answer": Column(marked("Answer (taken, not taken, later)")),
    "by": Column(marked("Answered by")),
    "on": Column(marked("Answered on")),
    "note": Column(marked("Note")),
}


def asked(calls: Sequence[Mapping[str, Any]], *, month: str, scope: str, say: Language) -> bytes:
    """The workbook; empty bytes without a decision."""
    rows = pd.DataFrame(
        [
            {**{name: call.get(name) for name in ("id", "text", "owner", "amount")}, "due": call.get("due")}
            for call in calls
            if call["kind"] == "decision"
        ]
    )
    if rows.empty:
        return b""
    rows["pack"], rows["due"] = key(month, scope), pd.to_datetime(rows["due"])
    empty = dict.fromkeys(("answer", "by", "on", "note"), "")
    return workbook([Sheet(Message("Decisions"), rows.assign(**empty), dict(COLUMNS))], say=say)

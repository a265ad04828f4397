"""What did an earlier pack leave for the next one to grade? Its calls, where they are written as a pack writes them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from salesnb.headlines import CALLS

NUMBERS = ("probability", "amount", "low", "high")


def read_calls(folder: Path) -> dict[str, Any] | None:
    """The calls.json of the pack in `folder`: month, scope, as_of, and calls with an id and a kind each.

    Empty where there is no such file; None where there is one that cannot be read, so that it can be told.
    """
    path = folder / CALLS
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        dt.date.fromisoformat(content["as_of"])
        whole = all(_is_call(call) for call in content["calls"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return content if whole else None


def _is_call(call: dict[str, Any]) -> bool:
    if call.get("due") is not None:
        dt.date.fromisoformat(call["due"])
    numbers = (call.get(name) for name in NUMBERS)
    return (
        isinstance(call["id"], str)
        and isinstance(call["kind"], str)
        and all(number is None or isinstance(number, (int, float)) for number in numbers)
    )

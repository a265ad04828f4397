"""What does a pack look like to those who did not make it? Whether a folder is one, and what it left to be graded."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesnb.errors import InputError
from salesnb.headlines import CALLS, LARGEST, MANIFEST, METRICS

if TYPE_CHECKING:
    import pandas as pd

MARKS = (b'"salesnb"', b'"fingerprints"')  # in the manifest of every pack, also in one that was cut short
NUMBERS = ("probability", "amount", "low", "high")


def is_pack(folder: Path) -> bool:
    """Did salesnb write this folder?"""
    try:
        manifest = (folder / MANIFEST).read_bytes()
    except OSError:
        return False
    return any(mark in manifest for mark in MARKS)


def read_metrics(folder: str | Path) -> pd.DataFrame:
    """The headline numbers of a pack: one row per key, with value, unit, label, page and the reason where there is no value.

    >>> read_metrics("reports/2026-10").loc["bookings.ytd", "value"]  # doctest: +SKIP
    """
    import pandas as pd  # a command that only looks at packs does without

    path = Path(folder) / METRICS
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))["metrics"]
    except (OSError, ValueError, KeyError):
        raise InputError("{folder} is no pack: {file} cannot be read", folder=folder, file=METRICS) from None
    return pd.DataFrame.from_dict(metrics, orient="index").rename_axis("key")


def compare(earlier: str | Path, later: str | Path) -> pd.DataFrame:
    """What changed between two packs: one row per number that both have, with label, unit, before, after and change.

    >>> compare("reports/2026-09", "reports/2026-10")  # doctest: +SKIP
    """
    before, after = read_metrics(earlier), read_metrics(later)
    both = after[["label", "unit"]].assign(before=before["value"], after=after["value"])
    numbers = both["before"].map(is_amount) & both["after"].map(is_amount)
    told = both[numbers].astype({"before": "float64", "after": "float64"})
    return told.assign(change=told["after"] - told["before"])


def of_another(folder: Path, company: str) -> bool:
    """Does the pack in `folder` say that it is about another company than `company` ("" is not known)?"""
    try:
        made_for = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("company")
    except (OSError, ValueError, AttributeError, RecursionError):
        return False
    return bool(company and made_for and made_for != company)


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
        and all(number is None or is_amount(number) for number in numbers)
    )


def is_amount(number: object) -> bool:
    """A number that a sum can take up: neither infinite nor missing, and small enough that its cents still count."""
    return isinstance(number, (int, float)) and abs(number) < LARGEST

"""Do two packs say the same? `python -m tests.compare_packs BEFORE AFTER`: every figure, call and exported cell that differs.

For a change that must not move a number: metrics.json, calls.json, findings.json and the tables of each pack below the two
folders, numbers within 1e-9 of their size. Exits with 1 where anything differs. Bytes of pages may.
"""

import csv
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("metrics.json", "calls.json", "findings.json", "*.csv")


def differences(before: Any, after: Any, place: str = "") -> Iterator[str]:
    """Where two documents differ: "metrics.bookings: 3 → 4"."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from differences(before.get(key), after.get(key), f"{place}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, f"{place}[{number}]")
    elif not same(before, after):
        yield f"{place.removeprefix('.')}: {str(before)[:80]} → {str(after)[:80]}"


def same(before: Any, after: Any) -> bool:
    """Equal, or equal as numbers but for the last digits of a sum."""
    try:
        return before == after or math.isclose(float(before), float(after), rel_tol=1e-9, abs_tol=1e-9)
    except (TypeError, ValueError):
        return False


def read(path: Path) -> Any:
    """A document, or a table as a list of rows."""
    if path.suffix == ".json":
        return json.loads(path.read_text(encoding="utf-8"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def compared(before: Path, after: Path) -> list[str]:
    """Every difference between the packs below two folders."""
    names = {
        path.relative_to(folder)
        for folder in (before, after)
        for name in NAMES
        for path in folder.rglob(name)
    }
    found = []
    for name in sorted(names):
        one, other = before / name, after / name
        if not (one.is_file() and other.is_file()):
            found.append(f"{name}: only {'before' if one.is_file() else 'after'}")
        else:
            found += [f"{name}: {each}" for each in differences(read(one), read(other))]
    return found


if __name__ == "__main__":
    told = compared(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(told) or "no difference")
    sys.exit(bool(told))

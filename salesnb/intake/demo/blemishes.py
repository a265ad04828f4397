"""What is wrong with the demo company's exports? The dirt of real ones: a little of each kind, in known numbers.

`DIRT` counts, for each table, the rows that a rule must reject; what is merely ugly (amounts with separators, days with a
time, trailing blanks, whole-width digits) must be read as if it were clean.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from salesnb.intake.demo.rhythm import stream

DIRT = {  # rows to be rejected, by the reason
    "accounts": {"duplicate": 3},
    "orders": {"duplicate": 38, "no number": 24, "no such day": 6},
    "leads": {"qualified before created": 14},
    "opportunities": {"closed before created": 16, "won or lost without a day": 5},
    "activities": {"duplicate": 60, "no day": 25},
    "invoices": {"duplicate": 12, "due before issued": 9},
    "satisfaction": {"score out of range": 7},
    "pulse": {"stress out of range": 3},
}
WHOLE_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
Texts = dict[str, pd.DataFrame]


def blemish(texts: Texts, *, seed: int) -> Texts:
    """The tables as text, with dirt; the caller's frames stay clean. Tables too small for it get less or none."""
    soiled = {name: table.copy() for name, table in texts.items()}
    for place, soil in enumerate(
        (_accounts, _orders, _leads, _opportunities, _activities, _invoices, _scores)
    ):
        soil(soiled, stream(seed, 60, place))
    return soiled


def rejected(texts: Texts) -> dict[str, int]:
    """How many rows of each table a rule must reject."""
    return {
        name: sum(_count(texts[name], wanted) for wanted in DIRT.get(name, {}).values()) for name in texts
    }


def _count(table: pd.DataFrame, wanted: int) -> int:
    return min(wanted, len(table) // 100)


def _some(
    rng: np.random.Generator, table: pd.DataFrame, wanted: int, among: np.ndarray | None = None
) -> np.ndarray:
    """Different rows, at most one in a hundred."""
    rows = np.arange(len(table)) if among is None else np.flatnonzero(among)
    return np.sort(rng.choice(rows, size=min(_count(table, wanted), len(rows)), replace=False))


def _change(table: pd.DataFrame, column: str, rows: np.ndarray, change: Callable[[str], str]) -> None:
    texts = table[column].to_numpy(dtype=object, copy=True)
    for row in rows:
        texts[row] = change(str(texts[row]))
    table[column] = texts


def _repeat(texts: Texts, name: str, rows: np.ndarray) -> None:
    """Export the rows twice, the second time further down."""
    table = texts[name]
    order = np.sort(np.concatenate([np.arange(len(table)), np.minimum(rows + 40, len(table) - 1) + 0.5]))
    copies = iter(rows)
    picked = [int(next(copies)) if place % 1 else int(place) for place in order]
    texts[name] = table.iloc[picked].reset_index(drop=True)


def _with_separators(text: str) -> str:
    return f"{float(text):,.2f}"


def _accounts(texts: Texts, rng: np.random.Generator) -> None:
    table = texts["accounts"]
    _change(table, "account_name", _some(rng, table, 9), lambda text: text + "  ")
    _change(table, "annual_revenue", _some(rng, table, 12), _with_separators)
    _repeat(texts, "accounts", _some(rng, table, DIRT["accounts"]["duplicate"]))


def _orders(texts: Texts, rng: np.random.Generator) -> None:
    table = texts["orders"]
    rows = rng.permutation(np.arange(len(table)))[: 600 if len(table) > 3000 else len(table) // 5]
    dirt = DIRT["orders"]
    missing, undated, rest = np.split(
        rows,
        [
            _count(table, dirt["no number"]),
            _count(table, dirt["no number"]) + _count(table, dirt["no such day"]),
        ],
    )
    _change(table, "order_id", missing, lambda text: "")
    _change(table, "ordered_on", undated, lambda text: text[:5] + "02-30")
    third = len(rest) // 3
    _change(table, "net_amount", rest[:third], _with_separators)
    _change(table, "ordered_on", rest[third : 2 * third], lambda text: text + " 00:00:00")
    _change(table, "quantity", rest[2 * third : 2 * third + 30], lambda text: text.translate(WHOLE_WIDTH))
    clean = np.ones(len(table), dtype=bool)
    clean[rows] = False
    _repeat(texts, "orders", _some(rng, table, dirt["duplicate"], clean))


def _leads(texts: Texts, rng: np.random.Generator) -> None:
    table = texts["leads"]
    rows = _some(
        rng, table, DIRT["leads"]["qualified before created"], (table["qualified_on"] != "").to_numpy()
    )
    _change(table, "qualified_on", rows, lambda text: "2019-12-31")
    _change(table, "disqualify_reason", _some(rng, table, 45), lambda text: text + " ")


def _opportunities(texts: Texts, rng: np.random.Generator) -> None:
    table = texts["opportunities"]
    lost = np.flatnonzero((table["outcome"] == "lost").to_numpy())
    rows = rng.permutation(lost)[: 3 * _count(table, 21)]
    early = rows[: _count(table, DIRT["opportunities"]["closed before created"])]
    undated = rows[
        len(early) : len(early) + _count(table, DIRT["opportunities"]["won or lost without a day"])
    ]
    _change(table, "closed_on", early, lambda text: "2020-01-01")
    _change(table, "closed_on", undated, lambda text: "")
    _change(table, "amount", _some(rng, table, 30, (table["amount"] != "").to_numpy()), _with_separators)


def _activities(texts: Texts, rng: np.random.Generator) -> None:
    table = texts["activities"]
    rows = rng.permutation(np.arange(len(table)))[: len(table) // 40]
    undated, rest = np.split(rows, [_count(table, DIRT["activities"]["no day"])])
    _change(table, "happened_on", undated, lambda text: "")
    _change(table, "kind", rest[: len(rest) // 3], lambda text: "wechat")
    _change(table, "account_id", rest[len(rest) // 3 : len(rest) // 3 + 12], str.lower)
    clean = np.ones(len(table), dtype=bool)
    clean[rows] = False
    _repeat(texts, "activities", _some(rng, table, DIRT["activities"]["duplicate"], clean))


def _invoices(texts: Texts, rng: np.random.Generator) -> None:
    table = texts["invoices"]
    paid = np.flatnonzero((table["paid_on"] != "").to_numpy())
    rows = rng.permutation(paid)[: len(paid) // 30]
    wrong, rest = np.split(rows, [_count(table, DIRT["invoices"]["due before issued"])])
    _change(table, "due_on", wrong, lambda text: "2020-01-01")
    _change(table, "amount", rest[:40], lambda text: "¥" + _with_separators(text))
    clean = np.ones(len(table), dtype=bool)
    clean[rows] = False
    _repeat(texts, "invoices", _some(rng, table, DIRT["invoices"]["duplicate"], clean))


def _scores(texts: Texts, rng: np.random.Generator) -> None:
    scores, moods = texts["satisfaction"], texts["pulse"]
    high = _some(rng, scores, DIRT["satisfaction"]["score out of range"])
    _change(scores, "score", high, lambda text: "99")
    _change(moods, "stress", _some(rng, moods, DIRT["pulse"]["stress out of range"]), lambda text: "9")

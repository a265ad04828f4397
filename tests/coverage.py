"""How often is each planted effect found in companies that nobody looked at, and how often does its interval hold its size?

`python -m tests.coverage [seed …]` prints both for each effect over twelve further companies (two to three minutes of CPU);
`make bench` calls it. The demo company's seed was picked for its story, so what holds there must hold elsewhere.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from tests.companies import company
from tests.sightings import Sighting, sightings
from tests.true_sizes import true_sizes, war_points, without

SEEDS = range(201, 213)  # none of which an analysis was chosen on


def looked_at(seeds: Iterable[int], folder: Path) -> pd.DataFrame:
    """One row per seed × effect: seed, name, found, value, low, high, level, size, holds (missing where no size is told)."""
    rows = []
    for seed in seeds:
        one = company(seed, folder)
        sizes = true_sizes(one.truth, seed=seed)
        for name, sighting in sightings(one.known).items():
            size = war_points(one.truth, seed=seed, span=sighting.span) if sighting.span else sizes[name]
            rows.append((seed, name, sighting.found, *_told(sighting), size, _holds(sighting, size)))
        without.cache_clear()
        company.cache_clear()
    return pd.DataFrame(
        rows, columns=["seed", "name", "found", "value", "low", "high", "level", "size", "holds"]
    )


def by_effect(looks: pd.DataFrame) -> pd.DataFrame:
    """One row per effect: companies, found, told (with a size), holds, level (stated)."""
    grouped = looks.groupby("name")
    return pd.DataFrame(
        {
            "companies": grouped.size(), "found": grouped["found"].sum(), "told": grouped["holds"].count(),
            "holds": grouped["holds"].sum().astype(int), "level": grouped["level"].first(),
        }
    )  # fmt: skip


def _told(sighting: Sighting) -> tuple[float, float, float, float]:
    return sighting.value, sighting.low, sighting.high, sighting.level


def _holds(sighting: Sighting, size: float) -> bool | None:
    return None if pd.isna(sighting.value) else sighting.holds(size)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(by_effect(looked_at([int(seed) for seed in sys.argv[1:]] or SEEDS, Path(place))).to_string())

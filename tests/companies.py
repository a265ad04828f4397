"""Sample companies by seed, with or without their planted effects, and the facts of each asked of the engine once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from salesnb.intake import facts
from salesnb.intake.demo import Effects, Simulation, live
from salesnb.intake.demo.writing import PLAN
from salesnb.intake.facts.people import answered
from salesnb.intake.facts.scoping import collected
from salesnb.intake.workspace import Book, open_book
from tests.packs import once
from tests.planted import AS_OF


class Facts:
    """The facts of one company."""

    def __init__(self, book: Book, seed: int) -> None:
        self.book, self.seed, self.asked = book, seed, {}

    def __getattr__(self, name: str) -> Any:
        if name not in self.asked:
            self.asked[name] = getattr(facts, name)(self.book)
        return self.asked[name]

    def answered(self) -> pd.DataFrame:
        """What `facts.pulse` gives, of teams of any number of people: the method is held against the truth, no page."""
        return collected(answered(self.book, months=3))


@dataclass(frozen=True)
class Company:
    """What the pages see, and what only the simulation knows."""

    known: Facts
    simulated: Callable[[], Simulation]

    @cached_property
    def truth(self) -> Simulation:
        return self.simulated()


@cache
def company(seed: int, folder: Path, *, accounts: int = 400, effects: bool | Effects = True) -> Company:
    """A company without the dirt of real exports, lying below `folder`, where any process may have written it before."""
    simulated = cache(partial(live, seed, accounts=accounts, effects=effects))

    def write(place: Path) -> None:
        place.mkdir(parents=True)
        for name, table in simulated().tables.items():
            table.to_parquet(place / f"{name}.parquet")
        (place / "plan.yml").write_text(PLAN.replace("    regions: REGIONS\n", ""), encoding="utf-8")

    place = once(folder / f"{'company' if effects else 'null'}_{seed}", write)
    return Company(Facts(open_book(str(place), as_of=AS_OF), seed), simulated)

"""Who hands which customers over to whom?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Handover:
    """The fewest moves of customers from people with too much work to people with room.

    `moves`: one row per customer that moves: account_id, giver, taker, hours (a week), revenue (a year), at_risk (money), reach (team, region,
    any: how near the two are). `people`: one row per giver and taker: rep_id, room (hours a week there are), before and after (hours taken),
    served (money at risk that a giver had, in hands with room afterwards).
    `beyond`: hours a week that no move relieves; `at_risk`: the money at risk in the hands of overloaded people, `served` of it in hands with
    room afterwards; `over`: the overloaded people; `proven`: is it shown that no better list exists?
    """

    moves: pd.DataFrame
    people: pd.DataFrame
    over: tuple[str, ...]
    beyond: float
    at_risk: float
    served: float
    proven: bool

    @property
    def hours(self) -> float:
        """The hours a week that move."""
        return float(self.moves["hours"].sum())

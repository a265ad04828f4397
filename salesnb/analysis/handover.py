"""Which customers go from whom to whom, so that overloaded people and the money at risk in their hands are served?

An exact choice (mixed integer programme, HiGHS by scipy): the most money at risk in hands with room, then the least hours beyond anybody's
day, then the fewest customers that move, then the least revenue among them, then the fullest taker as empty as can be. Whoever is overloaded keeps a full day; a taker
keeps a tenth of it free for what is not logged.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components

from salesnb.results.people import Handover

FULL = 0.9  # of a taker's selling hours: the rest is for desk work and travel
AWAY = 21  # days without a logged activity, after which nobody knows whether a person is there
SETTLED = 6  # months in the job, below which nothing is handed to a person
LEAVING = 90  # days before a known leaving day in which nothing is handed to a person
THIN = 1 / 3  # of the median person's logged hours: who logs less may be busy with what is not logged
MOST_NODES = 2000  # of the search of each step; beyond it the best list so far is told as such
SEARCHED, NEAREST = (
    400,
    5,
)  # pairs of a customer and a taker that are all searched; of more, takers for each customer
ROUGH = 1e-3  # of a step's value, by which it may be missed where there are more
CLOSE = 1e-7  # by which a step's optimum may be missed by the next, of sums scaled to one
MOVES = ["account_id", "giver", "taker", "hours", "revenue", "at_risk", "reach"]
PEOPLE = ["rep_id", "room", "before", "after", "served"]
REACH = {"team": 0, "region": 1, "any": 2}


def at_risk(
    covered: pd.DataFrame, deals: pd.DataFrame, *, as_of: pd.Timestamp, limit: float | None
) -> pd.Series:
    """What money is at risk at each account?

    The revenue of a year of a key account that was not met in time (`covered`: `tiers.coverage`), else the amounts of its open deals that should have
    closed by now and are younger than `limit` days (older ones are hardly money). By account_id; accounts without any are left out.
    """
    late = covered.loc[~covered["in_time"].astype(bool)].set_index("account_id")["revenue"]
    age = (as_of - deals["created_on"]).dt.days
    stuck = deals[
        (deals["outcome"] == "open")
        & (deals["expected_close_on"] < as_of)
        & ~(age > (np.inf if limit is None else limit))
        & deals["account_id"].notna()
    ]
    waiting = stuck.groupby("account_id")["amount"].sum()
    both = waiting.rename("waiting").to_frame().join(late.rename("late"), how="outer").fillna(0.0)
    money = both["late"].where(both["late"] > 0, both["waiting"])
    return money[money > 0].astype(float)


def carried(
    work: pd.DataFrame,
    owners: pd.DataFrame,
    assigned: pd.DataFrame,
    risk: pd.Series,
    lines: pd.DataFrame,
    *,
    weeks: float,
) -> pd.DataFrame:
    """What does each account take of its owner's week, and what hangs on it?

    `work`: account_id, rep_id, hours (of `weeks` weeks); `owners`: account_id, owner_id; `assigned`: `tiers.assign`; `risk`: of `at_risk`; `lines`: account_id,
    product_line, net_amount. One row per account that has an owner who worked for it: account_id, owner_id, hours (a week), revenue, at_risk, line (which it buys most of,
    missing where unknown), stays (a strategic account keeps its person).
    """
    own = owners.merge(work, left_on=["account_id", "owner_id"], right_on=["account_id", "rep_id"])
    hours = own.groupby(["account_id", "owner_id"])["hours"].sum().reset_index()
    known = assigned.set_index("account_id")
    most = lines[lines["product_line"].notna() & (lines["net_amount"] > 0)].sort_values(
        ["net_amount", "product_line"], ascending=[False, True]
    )
    line = most.drop_duplicates("account_id").set_index("account_id")["product_line"]
    hours["hours"] = hours["hours"] / weeks
    hours["revenue"] = hours["account_id"].map(known["revenue"]).fillna(0.0).astype(float)
    hours["at_risk"] = hours["account_id"].map(risk).fillna(0.0).astype(float)
    hours["line"] = hours["account_id"].map(line)
    hours["stays"] = hours["account_id"].map(known["tier"]).eq("strategic")
    return hours.sort_values("account_id", ignore_index=True)


def takers(
    people: pd.DataFrame, load: pd.DataFrame, last_on: pd.Series, *, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Who could take something over?

    `people`: `facts.reps`; `load` of `workload.person_load`; `last_on`: of the last logged activity by rep_id. One row per person that is there, has worked for half a year, does not leave
    within `LEAVING` days, logged something in the last `AWAY` days and not far less than the others, and has room: rep_id, team, region, room (hours a week there are), hours
    (taken), free (up to `FULL` of them).
    """
    rows = people[people["active"].astype(bool)].merge(
        load[["rep_id", "room", "hours", "overloaded"]], on="rep_id"
    )
    if rows.empty:
        return pd.DataFrame(columns=["rep_id", "team", "region", "room", "hours", "free"])
    grown = ~(rows["hired_on"] > as_of - pd.DateOffset(months=SETTLED))
    stays = ~(rows["left_on"] <= as_of + pd.Timedelta(days=LEAVING))
    there = (as_of - rows["rep_id"].map(last_on)).dt.days <= AWAY
    logs = rows["hours"] >= THIN * rows["hours"].median()
    free = FULL * rows["room"] - rows["hours"]
    fit = grown & stays & there & logs & ~rows["overloaded"].astype(bool) & (free > 0)
    kept = rows.assign(free=free)[fit]
    return kept[["rep_id", "team", "region", "room", "hours", "free"]].reset_index(drop=True)


def sold_lines(bookings: pd.DataFrame, *, since: pd.Timestamp) -> set[tuple[str, str]] | None:
    """Who has sold which product line since a day: pairs of rep_id and product_line; None where no line is known."""
    rows = bookings[
        (bookings["day"] >= since) & bookings["product_line"].notna() & (bookings["net_amount"] > 0)
    ]
    if rows.empty:
        return None
    return set(rows[["rep_id", "product_line"]].itertuples(index=False, name=None))


def handover(
    accounts: pd.DataFrame,
    load: pd.DataFrame,
    able: pd.DataFrame,
    people: pd.DataFrame,
    *,
    sells: Collection[tuple[str, str]] | None,
) -> Handover | None:
    """The fewest moves by which overloaded people and the money at risk in their hands are served.

    `accounts` of `carried`, `load` of `workload.person_load`, `able` of `takers`, `people`: rep_id, team, region. A customer may go to its
    owner's team or region (to anybody where neither is known of the owner), and where `sells` (rep_id, product_line) is known and the customer's main line too, to who has sold that line. None where nobody is overloaded, or no money is at risk
    with those who are.
    """
    heavy = load[load["overloaded"].astype(bool)].sort_values("rep_id", ignore_index=True)
    own = accounts[accounts["owner_id"].isin(heavy["rep_id"]) & (accounts["hours"] > 0)].reset_index(
        drop=True
    )
    if heavy.empty or not own["at_risk"].sum() > 0:
        return None
    able = able.reset_index(drop=True)
    licensed = _licensed(own[~own["stays"]], able, people, sells)
    pairs = _few(licensed, able)
    found = [_Problem(*part).solved() for part in _parts(own, heavy, able, pairs)]
    return Handover(
        pd.concat([one.moves for one in found], ignore_index=True).sort_values(
            "giver", kind="stable", ignore_index=True
        ),
        pd.concat([one.people for one in found], ignore_index=True),
        tuple(heavy["rep_id"]),
        sum(one.beyond for one in found),
        float(own["at_risk"].sum()),
        sum(one.served for one in found),
        all(one.proven for one in found) and len(pairs) == len(licensed),
    )


def _few(pairs: pd.DataFrame, able: pd.DataFrame) -> pd.DataFrame:
    """Of more pairs than can be searched, for each customer its nearest takers, those with most free hours first."""
    if len(pairs) <= SEARCHED:
        return pairs
    near = pairs.assign(far=pairs["reach"].map(REACH), free=-able["free"].to_numpy()[pairs["taker"]])
    return (
        near.sort_values(["account", "far", "free", "taker"]).groupby("account").head(NEAREST)[pairs.columns]
    )


def _parts(
    own: pd.DataFrame, heavy: pd.DataFrame, able: pd.DataFrame, pairs: pd.DataFrame
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    """The choice in parts that have no person in common: the best of each is the best of all."""
    place = own["owner_id"].map({rep: at for at, rep in enumerate(heavy["rep_id"])}).to_numpy(int)
    size = len(heavy) + len(able)
    ends = place[pairs["account"].to_numpy(int)], len(heavy) + pairs["taker"].to_numpy(int)
    _, part = connected_components(coo_array((np.ones(len(pairs)), ends), shape=(size, size)), directed=False)
    for one in np.unique(part[: len(heavy)]):
        givers, takes = np.flatnonzero(part[: len(heavy)] == one), np.flatnonzero(part[len(heavy) :] == one)
        rows = np.flatnonzero(np.isin(place, givers))
        inside = pairs[np.isin(pairs["account"].to_numpy(int), rows)]
        yield (
            own.iloc[rows].reset_index(drop=True),
            heavy.iloc[givers].reset_index(drop=True),
            able.iloc[takes].reset_index(drop=True),
            inside.assign(
                account=np.searchsorted(rows, inside["account"].to_numpy(int)),
                taker=np.searchsorted(takes, inside["taker"].to_numpy(int)),
            ),
        )


def _licensed(
    own: pd.DataFrame, able: pd.DataFrame, people: pd.DataFrame, sells: Collection[tuple[str, str]] | None
) -> pd.DataFrame:
    """Which customer may go to whom: account (its row), taker (the row in `able`), reach."""
    home = people.drop_duplicates("rep_id").set_index("rep_id")[["team", "region"]]
    rows = []
    for place, account in own.iterrows():
        team, region = home.loc[account["owner_id"]] if account["owner_id"] in home.index else (None, None)
        for at, taker in enumerate(able.to_dict("records")):
            near = [
                name
                for name, one in (("team", team), ("region", region))
                if pd.notna(one) and one == taker[name]
            ]
            if not near and (pd.notna(team) or pd.notna(region)):
                continue
            line = account["line"]
            if sells is not None and pd.notna(line) and (taker["rep_id"], line) not in sells:
                continue
            rows.append((place, at, near[0] if near else "any"))
    return pd.DataFrame(rows, columns=["account", "taker", "reach"])


class _Found:
    """What the search ends with."""

    def __init__(self, moves: pd.DataFrame, people: pd.DataFrame, beyond: float, served: float, proven: bool):
        self.moves, self.people, self.beyond, self.served, self.proven = moves, people, beyond, served, proven


class _Problem:
    """The choice as a mixed integer programme. Variables: a move per pair (0/1), a person freed (0/1), money served per account (0/1),
    hours beyond per person, the fullest taker."""

    def __init__(
        self, own: pd.DataFrame, heavy: pd.DataFrame, able: pd.DataFrame, pairs: pd.DataFrame
    ) -> None:
        self.own, self.heavy, self.able, self.pairs = own, heavy, able, pairs
        self.excess = (heavy["hours"] - heavy["room"]).to_numpy(float)
        self.risky = own.index[own["at_risk"] > 0].to_numpy()
        sizes = len(pairs), len(heavy), len(self.risky), len(heavy), 1
        ends = np.cumsum((0, *sizes))
        self.moved, self.freed, self.served, self.beyond, self.fullest = (
            np.arange(first, last) for first, last in itertools.pairwise(ends)
        )
        self.width = int(ends[-1])
        self.whole = np.r_[np.ones(sum(sizes[:3])), np.zeros(sizes[3] + 1)]
        self.upper = np.r_[np.ones(sum(sizes[:3])), self.excess, 1.0]

    def rows(self) -> tuple[csr_array, np.ndarray]:
        """The inequalities: each row of the matrix at most its bound."""
        place: list[int] = []
        column: list[int] = []
        value: list[float] = []
        bound: list[float] = []

        def at_most(columns: np.ndarray, values: np.ndarray | float, limit: float) -> None:
            place.extend([len(bound)] * len(columns))
            column.extend(columns)
            value.extend(np.broadcast_to(values, len(columns)))
            bound.append(limit)

        account, taker = self.pairs["account"].to_numpy(), self.pairs["taker"].to_numpy()
        hours = self.own["hours"].to_numpy(float)[account.astype(int)]
        giver = self.own["owner_id"].map({rep: at for at, rep in enumerate(self.heavy["rep_id"])}).to_numpy()
        of_giver = giver[account.astype(int)]
        for one in np.unique(account):
            at_most(self.moved[account == one], 1.0, 1.0)
        for person, over in enumerate(self.excess):
            mine = self.moved[of_giver == person]
            at_most(np.r_[mine, self.beyond[person]], np.r_[-hours[of_giver == person], -1.0], -over)
            at_most(np.r_[self.beyond[person], self.freed[person]], np.r_[1.0, over], over)
        for place_of, one in enumerate(self.risky):
            gone = self.moved[account == one]
            columns = np.r_[self.served[place_of], gone, self.freed[giver[one]]]
            at_most(columns, np.r_[1.0, -np.ones(len(gone) + 1)], 0.0)
        for at, (free, room, taken) in enumerate(self.able[["free", "room", "hours"]].to_numpy(float)):
            theirs = taker == at
            at_most(self.moved[theirs], hours[theirs], free)
            at_most(np.r_[self.moved[theirs], self.fullest], np.r_[hours[theirs] / room, -1.0], -taken / room)
        matrix = coo_array((value, (place, column)), shape=(len(bound), self.width))
        return csr_array(matrix), np.array(bound)

    def costs(self) -> list[np.ndarray]:
        """What is made least, one after the other; each scaled to about one."""
        money = self.own["at_risk"].to_numpy(float)
        revenue = self.own["revenue"].to_numpy(float).clip(min=0)[self.pairs["account"].to_numpy(int)]
        found = []
        for columns, weights in (
            (self.served, -money[self.risky] / max(money.sum(), 1e-9)),
            (self.beyond, 1 / max(self.excess.sum(), 1e-9)),
            (self.moved, 1.0),
            (self.moved, revenue / max(revenue.max(initial=0.0), 1e-9)),
            (self.fullest, 1.0),
        ):
            cost = np.zeros(self.width)
            cost[columns] = weights
            found.append(cost)
        return found

    def solved(self) -> _Found:
        matrix, bound = self.rows()
        proven, values = True, np.zeros(self.width)
        values[self.beyond] = self.excess
        for cost in self.costs():
            result = milp(
                cost,
                integrality=self.whole,
                bounds=Bounds(0, self.upper),
                constraints=LinearConstraint(matrix, -np.inf, bound),
                options={
                    "mip_rel_gap": 0.0 if len(self.pairs) <= SEARCHED else ROUGH,
                    "node_limit": MOST_NODES,
                },
            )
            if result.x is None:  # nothing found within the limit: what is known so far stands
                proven = False
                break
            proven, values = proven and result.status == 0, result.x
            matrix = csr_array(vstack([matrix, csr_array(cost[None, :])]))
            bound = np.r_[bound, float(cost @ values) + CLOSE]
        return self.told(values, proven)

    def told(self, values: np.ndarray, proven: bool) -> _Found:
        chosen = self.pairs[values[self.moved] > 0.5]
        moves = self.own.loc[chosen["account"].to_numpy(int)].assign(
            taker=self.able["rep_id"].to_numpy()[chosen["taker"].to_numpy(int)],
            reach=chosen["reach"].to_numpy(),
        )
        moves = moves.rename(columns={"owner_id": "giver"}).sort_values(
            ["giver", "at_risk", "hours", "account_id"],
            ascending=[True, False, False, True],
            ignore_index=True,
        )[MOVES]
        gone, come = (moves.groupby(side)["hours"].sum() for side in ("giver", "taker"))
        both = pd.concat([self.heavy, self.able[self.able["rep_id"].isin(come.index)]])
        people = both[["rep_id", "room"]].assign(before=both["hours"])
        people["after"] = (
            people["before"] - people["rep_id"].map(gone).fillna(0.0) + people["rep_id"].map(come).fillna(0.0)
        )
        left = (people["after"] - people["room"]).clip(lower=0).iloc[: len(self.heavy)]
        free = set(people["rep_id"].iloc[: len(self.heavy)][left.to_numpy() < 1e-6])
        safe = self.own["owner_id"].isin(free) | self.own["account_id"].isin(moves["account_id"])
        own = self.own.loc[safe].groupby("owner_id")["at_risk"].sum()
        people["served"] = people["rep_id"].map(own).fillna(0.0)
        return _Found(
            moves,
            people.reset_index(drop=True)[PEOPLE],
            float(left.where(left >= 1e-6, 0.0).sum()),
            float(self.own.loc[safe, "at_risk"].sum()),
            proven,
        )

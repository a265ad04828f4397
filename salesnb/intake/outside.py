"""What must not leave a scope? The company's people, accounts, deals, notes and amounts that are not the scope's.

The gate of a pack asks `Outside` about the words and numbers that it found there; which of them are an identity of the
company is asked in the engine, so that a large company's order lines are never carried along.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property

import ibis
import pandas as pd
from ibis import _

from salesnb.audience import AUDIENCES, lead_of
from salesnb.intake.book import Book
from salesnb.intake.facts.members import sources
from salesnb.intake.facts.sales import reps, targets
from salesnb.intake.facts.scoping import placed, rows
from salesnb.intake.scopes import Scope
from salesnb.intake.warehouse.queries import Tables

IDS = {
    "opportunities": "opportunity_id",
    "orders": "order_id",
    "invoices": "invoice_id",
    "leads": "lead_id",
    "activities": "activity_id",
    "actions": "action_id",
}
PAIRED = ("orders", "opportunities", "leads", "activities")
AMOUNTS = (
    ("orders", "order_id", "net_amount"),
    ("opportunities", "opportunity_id", "amount"),
    ("invoices", "invoice_id", "amount"),
    ("accounts", "account_id", "annual_revenue"),
    ("accounts", "account_id", "credit_limit"),
    ("accounts", "account_id", "budget"),
)
OF_PEOPLE = ("region", "team")  # kinds of scope to which people belong, and with them their rows
LARGEST = 1e16  # of amounts: the engine compares whole cents
MOST = 1000  # literals of one question to a warehouse


@dataclass(frozen=True)
class Outside:
    """What of the company is outside the scope of `book`."""

    book: Book
    _asked: dict[str, pd.DataFrame] = field(init=False, default_factory=dict, repr=False)

    @cached_property
    def own_people(self) -> set[str]:
        """The scope's own people: of a region or a team its members today, of a person that person; else nobody."""
        scope = self._scope
        if scope.kind == "rep":
            return {scope.member}
        return set(self._inside("reps")["rep_id"]) if scope.kind in OF_PEOPLE else set()

    @cached_property
    def accounts(self) -> set[str]:
        """The accounts of the scope: placed there, owned by its people, named by a row of its people or of its own."""
        if self._scope.kind == "account":
            return {self._scope.member}
        own, listed, pairs = self.own_people, self._frame("accounts"), self._pairs
        found = self._its_accounts | set(listed.loc[listed["owner_id"].isin(own), "account_id"])
        return found | set(pairs.loc[pairs["rep_id"].isin(own), "account_id"].dropna())

    @cached_property
    def people(self) -> set[str]:
        """Who may be named: its own people, their lead, and but for a person's pack whoever its accounts' rows name, with the lead
        who acts for one of these that has left."""
        own = self.own_people
        if self._scope.kind == "rep":
            return own | self._leads(own)
        listed = self._frame("accounts")
        owners = listed.loc[listed["account_id"].isin(self._its_accounts), "owner_id"]
        named = own | set(owners.dropna()) | set(self._its["rep_id"].dropna())
        left = self._latest.loc[~self._latest["active"].astype(bool), "rep_id"]
        return named | self._leads(own | (named & set(left)))

    def _leads(self, people: set[str]) -> set[str]:
        """Who leads the teams of these people, else their regions."""
        everyone = self._latest
        homes = everyone.loc[everyone["rep_id"].isin(people), ["team", "region"]].drop_duplicates()
        found = {
            lead_of(everyone, team, within="team") or lead_of(everyone, region, within="region")
            for team, region in homes.itertuples(index=False)
        }
        return found - {""}

    def names(self) -> dict[str, str]:
        """The names and notes that are not the scope's: text → people, accounts or notes. One that the scope has too is not among them."""
        people, listed = self._frame("reps"), self._frame("accounts")
        strange = people[~people["rep_id"].isin(self.people)]
        found = {str(name): "people" for name in strange["rep_name"].dropna()}
        strange = listed[~listed["account_id"].isin(self.accounts)]
        found |= {str(name): "accounts" for name in strange["account_name"].dropna()}
        notes = self._notes
        found |= {str(note): "notes" for note in notes.loc[~notes["inside"], "note"]}
        known = self.known()
        return {name: kind for name, kind in found.items() if name not in known}

    def known(self) -> set[str]:
        """The words of the scope's own: names of its people and accounts, its notes, and what is sold."""
        people, listed, notes = self._frame("reps"), self._frame("accounts"), self._notes
        inside = people[people["rep_id"].isin(self.people)]
        found = {*inside["rep_name"].dropna(), *inside["rep_id"]}
        own = listed[listed["account_id"].isin(self.accounts)]
        for column in ("account_id", "account_name", "industry"):
            found |= set(own[column].dropna())
        found |= set(notes.loc[notes["inside"], "note"]) | {self.book.plan.company}
        for column in ("product_id", "product_name", "product_line"):
            found |= set(self._frame("products")[column].dropna())
        for sprint in self.book.plan.sprints:
            found |= {sprint.name}
        return {str(each) for each in found}

    def members(self) -> dict[str, str]:
        """The regions and teams, and of an own column the members, that are not the scope's: name → regions, teams or members."""
        people, listed, scope = self._frame("reps"), self._frame("accounts"), self._scope
        inside = people[people["rep_id"].isin(self.people)]
        own = listed[listed["account_id"].isin(self.accounts)]
        found: dict[str, str] = {}
        for column in ("team", "region"):
            mine, theirs = {scope.member}, set[str]()
            for every, its in ((people, inside), (listed, own)):
                if column in every:
                    mine |= set(its[column].dropna())
                    theirs |= set(every[column].dropna())
            found |= {str(name): f"{column}s" for name in theirs - mine}
        return found | dict.fromkeys(self._others(), "members")

    def _others(self) -> set[str]:
        """The other members of an own column that are words."""
        if self._scope.kind in AUDIENCES:
            return set()
        found = set()
        for table, column in sources(self.book, self._scope.kind).items():
            held = self.book.whole_table(table)
            if held[column].type().is_string():
                found |= set(held.select(other=_[column]).distinct().to_pandas()["other"].dropna())
        return {str(name) for name in found} - {self._scope.member}

    def ids(self, words: Collection[str]) -> dict[str, str]:
        """Which of the words are an id of the company that is not the scope's? word → the table that it is an id of.

        A word may say its column (account_id=17), where the id is a number.
        """
        plain = {word for word in words if "=" not in word}
        typed = [word.partition("=") for word in words if "=" in word]
        known, found = self.known(), dict[str, str]()
        for name, column in {"people": "rep_id", "accounts": "account_id", **IDS}.items():
            columns = {column, "owner_id"} if name == "people" else {column}
            numbers = {value for heading, _, value in typed if heading in columns}
            every = self._strange(name, column, plain | numbers, known)
            found |= dict.fromkeys(every & plain, name)
            found |= {
                f"{heading}={value}": name
                for heading, _, value in typed
                if heading in columns and value in every - plain
            }
        return {each: name for each, name in found.items() if each not in known}

    def _strange(self, name: str, column: str, words: set[str], known: set[str]) -> set[str]:
        """Those of the words that are an id of the table and not the scope's; the scope's are added to `known`."""
        if name == "people":
            return (set(self._frame("reps")["rep_id"]) - self.people) & words
        if name == "accounts":
            return (set(self._frame("accounts")["account_id"]) - self.accounts) & words
        if not words or not self.book.has(name):
            return set()
        every = self._among(self.book.table(name), column, words)
        mine = self._mine(name, column, every)
        known |= mine
        return every - mine

    def amounts(self, cents: Collection[int]) -> set[int]:
        """Which of the amounts, in cents, stand in a row of the company that is not the scope's, and in none that is?"""
        strange: set[int] = set()
        mine: set[int] = set()
        if not cents:
            return strange
        for name, key, column in AMOUNTS:
            if not self.book.has(name):
                continue
            table = self.book.table(name).filter(_[column].abs() < LARGEST)
            priced = table.mutate(cents=(_[column] * 100).round().cast("int64"))
            found = self._held(priced, "cents", cents, key)
            own = self.accounts if name == "accounts" else self._mine(name, key, set(found[key].dropna()))
            inside = found[key].isin(own)
            mine |= set(found.loc[inside, "cents"])
            strange |= set(found.loc[~inside, "cents"])
        strange |= _cents(self._frame("targets")) & set(cents)
        mine |= _cents(targets(self.book))
        return strange - mine

    @property
    def rows(self) -> int:
        """How many rows the company has that carry an amount."""
        counts = self.book.counts.set_index("table")["kept"]
        return int(sum(counts.get(name, 0) for name in {"targets", *(name for name, _, _ in AMOUNTS)}))

    # ---------------------------------------------------------------------------------------------------------------

    def _mine(self, name: str, column: str, ids: set[str]) -> set[str]:
        """Those of the ids whose row is the scope's; in a region's and a team's pack also the rows of its people and accounts."""
        if not ids:
            return set()
        mine = self._among(rows(self.book, name), column, ids)
        rest = ids - mine
        if rest and self._scope.kind in OF_PEOPLE:
            table = self.book.table(name)
            located = placed(self.book, name, table)
            frame = self._held(located, column, rest, "row_account", "row_rep")
            its = frame["row_account"].isin(self.accounts) | frame["row_rep"].isin(self.own_people)
            mine |= set(frame.loc[its, column])
        return mine

    def _among(self, table: ibis.Table, column: str, words: set[str]) -> set[str]:
        return {str(each) for each in self._held(table, column, words)[column].dropna()}

    def _held(
        self, table: ibis.Table, column: str, values: Collection[str] | Collection[int], *others: str
    ) -> pd.DataFrame:
        """The rows whose column is one of the values: that column and the others, each once. A warehouse is asked with few at a time."""
        asked, every = sorted(values, key=str), [column, *others]
        if not isinstance(self.book.connection, Tables):
            wanted = ibis.memtable(pd.DataFrame({column: asked}))
            return table.semi_join(wanted, column).select(*every).distinct().to_pandas()
        found = [
            table.filter(table[column].isin(asked[start : start + MOST]))
            .select(*every)
            .distinct()
            .to_pandas()
            for start in range(0, len(asked), MOST)
        ]
        return pd.concat(found, ignore_index=True)

    @property
    def _scope(self) -> Scope:
        assert self.book.scope is not None
        return self.book.scope

    @property
    def _latest(self) -> pd.DataFrame:
        """One row per person of the company, as of today."""
        return reps(self.book, company=True)

    @cached_property
    def _its_accounts(self) -> set[str]:
        """The accounts that are the scope's or that a row of it names."""
        return set(self._inside("accounts")["account_id"]) | set(self._its["account_id"].dropna())

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self._asked:
            self._asked[name] = self.book.table(name).to_pandas()
        return self._asked[name]

    def _inside(self, name: str) -> pd.DataFrame:
        """The scope's rows of the table."""
        if f"inside {name}" not in self._asked:
            self._asked[f"inside {name}"] = rows(self.book, name).to_pandas()
        return self._asked[f"inside {name}"]

    @property
    def _pairs(self) -> pd.DataFrame:
        """Who worked which account: one row per account_id × rep_id of the company."""
        return self._paired("pairs", self.book.table)

    @property
    def _its(self) -> pd.DataFrame:
        """The same of the scope's own rows."""
        return self._paired("its", lambda name: rows(self.book, name))

    def _paired(self, name: str, table: Callable[[str], ibis.Table]) -> pd.DataFrame:
        if name not in self._asked:
            tables = [table(each).select("account_id", "rep_id") for each in PAIRED]
            self._asked[name] = ibis.union(*tables, distinct=True).to_pandas()
        return self._asked[name]

    @property
    def _notes(self) -> pd.DataFrame:
        """One row per note: note, inside. An event without an account is the market's, and everybody's."""
        if "notes" not in self._asked:
            events, actions = self._frame("events"), self._frame("actions")
            market = events["account_id"].isna() | events["account_id"].isin(self.accounts)
            owned = actions["owner_id"].isin(self.people)
            held = [
                (events["note"], market),
                (actions["goal"], owned),
                (actions["description"], owned),
            ]
            notes = pd.concat([pd.DataFrame({"note": note, "inside": inside}) for note, inside in held])
            known = notes.dropna(subset=["note"]).groupby("note")["inside"].any()
            self._asked["notes"] = known.rename_axis("note").reset_index()
        return self._asked["notes"]


def _cents(frame: pd.DataFrame) -> set[int]:
    amounts = frame["amount"].dropna()
    return set((amounts[amounts.abs() < LARGEST] * 100).round().astype("int64"))

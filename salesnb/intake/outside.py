"""What must not leave a scope? The company's people, accounts, deals, notes and amounts that are not the scope's.

The gate of a pack asks `Outside` about the words and numbers that it found there; which of them are an identity of the
company is asked in the engine, so that a large company's order lines are never carried along.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import ibis
import pandas as pd
from ibis import _

from salesnb.intake.book import Book
from salesnb.intake.facts.scoping import placed, rows
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
LEADING = r"\b(?:lead|leader|head|director)\b|主管|经理|总监|组长|队长"


@dataclass(frozen=True)
class Outside:
    """What of the company is outside the scope of `book`."""

    book: Book
    _asked: dict[str, pd.DataFrame] = field(init=False, default_factory=dict, repr=False)

    @cached_property
    def own_people(self) -> set[str]:
        """The scope's own people: of a region or a team its members, of a person that person."""
        scope, people = self.book.scope, self._people
        assert scope is not None
        column = {"region": "region", "team": "team", "rep": "rep_id"}.get(scope.kind)
        return set(people.loc[people[column] == scope.member, "rep_id"]) if column else set()

    @cached_property
    def accounts(self) -> set[str]:
        """The accounts of the scope: placed there, owned by its people, named by a row of its people or of its own."""
        scope, listed, own = self.book.scope, self._accounts, self.own_people
        assert scope is not None
        if scope.kind == "account":
            return {scope.member}
        found = set(listed.loc[listed["owner_id"].isin(own), "account_id"])
        if scope.kind == "region":
            found |= set(listed.loc[listed["region"] == scope.member, "account_id"])
        return found | set(self._pairs.loc[self._pairs["rep_id"].isin(own), "account_id"]) | set(self._its["account_id"])  # fmt: skip

    @cached_property
    def people(self) -> set[str]:
        """Who may be named: its own people, their leads, and but for a person's pack whoever its accounts' rows name."""
        scope, people, own = self.book.scope, self._people, self.own_people
        assert scope is not None
        led = people[people["role"].fillna("").str.contains(LEADING, case=False, regex=True)]
        home = people[people["rep_id"].isin(own)]
        leads = led[led["team"].isin(home["team"])]
        if leads.empty:
            leads = led[led["region"].isin(home["region"])]
        named = own | set(leads["rep_id"]) | {scope.member}
        if scope.kind == "rep":
            return named
        listed = self._accounts
        its = set(self._its["account_id"]) | (
            set(listed.loc[listed["region"] == scope.member, "account_id"])
            if scope.kind == "region"
            else set()
        )
        owners = listed.loc[listed["account_id"].isin(its | {scope.member}), "owner_id"]
        return named | set(owners.dropna()) | set(self._its["rep_id"])

    def names(self) -> dict[str, str]:
        """The names and notes that are not the scope's: text → people, accounts or notes. One that the scope has too is not among them."""
        people, listed = self._people, self._accounts
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
        people, listed, notes = self._people, self._accounts, self._notes
        inside = people[people["rep_id"].isin(self.people)]
        found = {*inside["rep_name"].dropna(), *inside["rep_id"]}
        own = listed[listed["account_id"].isin(self.accounts)]
        for column in ("account_id", "account_name", "industry"):
            found |= set(own[column].dropna())
        found |= set(notes.loc[notes["inside"], "note"]) | {self.book.plan.company}
        products = (
            self.book.table("products").select("product_id", "product_name", "product_line").to_pandas()
        )
        for column in products:
            found |= set(products[column].dropna())
        for sprint in self.book.plan.sprints:
            found |= {sprint.name}
        return {str(each) for each in found}

    def members(self) -> dict[str, str]:
        """The regions and teams that are not the scope's: name → regions or teams."""
        people, listed, scope = self._people, self._accounts, self.book.scope
        assert scope is not None
        inside = people[people["rep_id"].isin(self.people)]
        own = listed[listed["account_id"].isin(self.accounts)]
        found: dict[str, str] = {}
        for column in ("team", "region"):
            mine = {*inside[column].dropna(), scope.member}
            theirs = set(people[column].dropna())
            if column == "region":
                mine |= set(own[column].dropna())
                theirs |= set(listed[column].dropna())
            found |= {str(name): f"{column}s" for name in theirs - mine}
        return found

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
            return (set(self._people["rep_id"]) - self.people) & words
        if name == "accounts":
            return (set(self._accounts["account_id"]) - self.accounts) & words
        if not words or not self.book.has(name) or not self._carried(name):
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
        wanted = ibis.memtable(pd.DataFrame({"cents": sorted(cents)}))
        for name, key, column in AMOUNTS:
            if not self.book.has(name) or isinstance(self.book.connection, Tables):
                continue
            table = self.book.table(name)
            priced = table.mutate(cents=(_[column] * 100).round().cast("int64")).semi_join(wanted, "cents")
            found = priced.select(key, "cents").distinct().to_pandas()
            own = self.accounts if name == "accounts" else self._mine(name, key, set(found[key].dropna()))
            inside = found[key].isin(own)
            mine |= set(found.loc[inside, "cents"])
            strange |= set(found.loc[~inside, "cents"])
        return strange - mine

    @property
    def rows(self) -> int:
        """How many rows the company has that carry an amount."""
        counts = self.book.counts.set_index("table")["kept"]
        return int(sum(counts.get(name, 0) for name in {name for name, _, _ in AMOUNTS}))

    # ---------------------------------------------------------------------------------------------------------------

    def _mine(self, name: str, column: str, ids: set[str]) -> set[str]:
        """Those of the ids whose row is the scope's; in a region's and a team's pack also the rows of its people and accounts."""
        scope = self.book.scope
        assert scope is not None
        if not ids:
            return set()
        mine = self._among(rows(self.book, name), column, ids)
        rest = ids - mine
        if rest and scope.kind in ("region", "team"):
            table = self.book.table(name)
            located = placed(self.book, name, table.filter(table[column].isin(sorted(rest))))
            frame = located.select(column, "row_account", "row_rep").to_pandas()
            its = frame["row_account"].isin(self.accounts) | frame["row_rep"].isin(self.own_people)
            mine |= set(frame.loc[its, column])
        return mine

    def _among(self, table: ibis.Table, column: str, words: set[str]) -> set[str]:
        if isinstance(self.book.connection, Tables):
            kept = table.filter(table[column].isin(sorted(words)))
        else:
            kept = table.semi_join(ibis.memtable(pd.DataFrame({column: sorted(words)})), column)
        return {str(each) for each in kept.select(column).distinct().to_pandas()[column].dropna()}

    def _carried(self, name: str) -> bool:
        """Can ids of the table have come into a pack? No fact carries a warehouse's single activities."""
        return name != "activities" or not isinstance(self.book.connection, Tables)

    @property
    def _people(self) -> pd.DataFrame:
        return self._frame("reps")

    @property
    def _accounts(self) -> pd.DataFrame:
        return self._frame("accounts")

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self._asked:
            self._asked[name] = self.book.table(name).to_pandas()
        return self._asked[name]

    @property
    def _pairs(self) -> pd.DataFrame:
        """Who worked which account: one row per account_id × rep_id of the company."""
        if "pairs" not in self._asked:
            tables = [self.book.table(name).select("account_id", "rep_id") for name in PAIRED]
            self._asked["pairs"] = ibis.union(*tables, distinct=True).to_pandas()
        return self._asked["pairs"]

    @property
    def _its(self) -> pd.DataFrame:
        """The same of the scope's own rows."""
        if "its" not in self._asked:
            tables = [rows(self.book, name).select("account_id", "rep_id") for name in PAIRED]
            self._asked["its"] = ibis.union(*tables, distinct=True).to_pandas().dropna()
        return self._asked["its"]

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

"""The tables as they stood on a day, narrowed to a scope."""

from __future__ import annotations

import pandas as pd

from salesnb.intake.schema import TABLES

HAPPENED = {
    "accounts": "created_on", "orders": "ordered_on", "leads": "created_on", "opportunities": "created_on",
    "stage_events": "entered_on", "activities": "happened_on", "invoices": "issued_on",
    "satisfaction": "surveyed_on", "events": "happened_on", "actions": "raised_on",
}  # fmt: skip


class Seen:
    """`seen.orders`, `seen.reps`, …: the rows dated by as_of (or undated), with `scoped` those of the book's scope; None
    where the workspace has no such table."""

    def __init__(self, book, *, scoped: bool = False):
        self.as_of, self.plan = book.as_of, book.plan
        self.scope = book.scope if scoped else None
        self.listed = book.table("accounts").to_pandas() if book.has("accounts") else self._empty("accounts")
        self._later = {}
        self.written = {name: {c.name for c in TABLES[name] if book.tells(name, c.name)} for name in TABLES}
        self.known = {name: self._read(book, name) for name in TABLES}
        kind = self.scope.kind if self.scope else ""
        self.member = {name: self._members(book, name, kind) for name in TABLES}
        self.tables = {name: self._narrowed(name) for name in TABLES}

    def __getattr__(self, name: str) -> pd.DataFrame | None:
        return self.tables[name]

    def rows(self, name: str) -> pd.DataFrame:
        """The table, without rows where there is none."""
        found = self.tables[name]
        return self._empty(name) if found is None else found

    def _empty(self, name: str) -> pd.DataFrame:
        kinds = {"date": "datetime64[ns]", "number": float}
        return pd.DataFrame({c.name: pd.Series(dtype=kinds.get(c.kind, object)) for c in TABLES[name]})

    def window(self, months: int) -> pd.Timestamp:
        """The first day of the last `months` calendar months."""
        return self.as_of.replace(day=1) - pd.DateOffset(months=months - 1)

    def _read(self, book, name: str) -> pd.DataFrame | None:
        if not book.has(name):
            return None
        rows = book.table(name).to_pandas()
        for column in TABLES[name]:
            if column.kind == "date":
                rows[column.name] = pd.to_datetime(rows[column.name])
            if column.kind == "number":
                rows[column.name] = rows[column.name].astype(float)
        day = HAPPENED.get(name)
        if day is None:
            return rows
        self._later[name] = rows[rows[day] > self.as_of]
        return rows[rows[day].isna() | (rows[day] <= self.as_of)]

    def not_yet(self, name: str) -> set:
        """The ids of the rows dated after as_of."""
        later = self._later.get(name)
        return set() if later is None else set(later[TABLES[name].key[0]])

    def _all(self, name: str) -> pd.DataFrame:
        found = self.known[name]
        return self._empty(name) if found is None else found

    def _narrowed(self, name: str) -> pd.DataFrame | None:
        rows = self.known[name]
        if rows is None or self.scope is None or name in ("products", "targets"):
            return rows
        if self.scope.kind not in ("region", "team", "rep", "account"):
            mine = [self._is_members(name, row) for row in rows.to_dict("records")]
            return rows[pd.Series(mine, index=rows.index, dtype=bool)]
        mine = [self._belongs(*self._places(name, row)) for row in rows.to_dict("records")]
        return rows[pd.Series(mine, index=rows.index, dtype=bool)]

    def _belongs(self, account, rep, *, always: bool = False) -> bool:
        kind, member = self.scope.kind, self.scope.member
        if kind == "account":
            return account == member
        if kind == "rep":
            return rep == member
        if kind == "team":
            return self._team().get(rep) == member
        region = self._region().get(account)
        return (self._region_of_rep().get(rep) if region is None else region) == member

    def _members(self, book, name: str, kind: str) -> dict | None:
        """Key of a row → the member of the product line or own column that it says; None where the table says none."""
        if kind == "product_line":
            if name not in ("products", "events"):
                return None
            rows, column = book.table(name).to_pandas(), "product_line"
        else:
            own = next((one for one in book.own.get(name, ()) if one.name == kind), None)
            if own is None:
                return None
            rows, column = book.whole_table(name).to_pandas(), own.place
        key = rows.index if name == "events" else map(_key, rows[[*TABLES[name].key]].to_dict("records"))
        return {each: value for each, value in zip(key, rows[column], strict=True) if not pd.isna(value)}

    def _is_members(self, name: str, row: dict) -> bool:
        """Its own table's member, else its account's, its product's, its person's; whole where none of these says one."""
        wanted, deals = self.scope.member, ("stage_events", "checklist_items")
        if name == "events" and self.scope.kind == "product_line":
            return row["product_line"] == wanted or (
                pd.isna(row["product_line"]) and pd.isna(row["account_id"])
            )
        if self.member[name] is not None:
            return self.member[name].get(_key({each: row[each] for each in TABLES[name].key})) == wanted
        if name == "reps" and self.member["accounts"] is not None:
            own = [each for each, value in self.member["accounts"].items() if value == wanted]
            return row["rep_id"] in {self._owner().get(account) for account in own}
        account, rep = self._places(name, row)
        if name == "events" and pd.isna(account):
            return True
        if self.member["accounts"] is not None:
            return self.member["accounts"].get(account) == wanted
        if self.member["products"] is not None:
            if name in deals:
                return self.member["products"].get(self._deal_products().get(row["opportunity_id"])) == wanted
            return "product_id" not in row or self.member["products"].get(row["product_id"]) == wanted
        if self.member["reps"] is not None:
            return self.member["reps"].get(rep) == wanted
        return True

    def _deal_products(self) -> dict:
        deals = self._all("opportunities")
        return self._once("deal_products", lambda: _known(deals["opportunity_id"], deals["product_id"]))

    def _places(self, name: str, row: dict) -> tuple[object, object]:
        if name in ("stage_events", "checklist_items"):
            return self._deal_places().get(row["opportunity_id"], (None, None))
        if name == "invoices":
            rep = self._order_rep().get(row["order_id"]) or self._owner().get(row["account_id"])
            return row["account_id"], rep
        if name == "reps":
            account = None
            if self.scope.kind == "account" and self._owner().get(self.scope.member) == row["rep_id"]:
                account = self.scope.member
            return account, row["rep_id"]
        if name == "actions":
            return None, row["owner_id"]
        if "rep_id" in row:
            return row.get("account_id"), row["rep_id"]
        return row["account_id"], self._owner().get(row["account_id"])

    def _once(self, key: str, make):
        kept = self.__dict__.setdefault("_kept", {})
        if key not in kept:
            kept[key] = make()
        return kept[key]

    def _region(self) -> dict:
        """Where an account is does not depend on the day; so for its owner."""
        return self._once("region", lambda: _known(self.listed["account_id"], self.listed["region"]))

    def _region_of_rep(self) -> dict:
        known = self._all("reps")
        return self._once("region_of_rep", lambda: _known(known["rep_id"], known["region"]))

    def _team(self) -> dict:
        known = self._all("reps")
        return self._once("team", lambda: _known(known["rep_id"], known["team"]))

    def _deal_places(self) -> dict:
        def make():
            deals = self._all("opportunities")
            return {row.opportunity_id: (row.account_id, row.rep_id) for row in deals.itertuples()}

        return self._once("deal_places", make)

    def _order_rep(self) -> dict:
        def make():
            orders = self._all("orders").dropna(subset="rep_id")
            return orders.groupby("order_id")["rep_id"].min().to_dict()

        return self._once("order_rep", make)

    def _owner(self) -> dict:
        """The account's owner; without one the rep of its latest order, then of its latest opportunity."""

        def make():
            accounts, owner = self.listed, {}
            for name, day in (("opportunities", "created_on"), ("orders", "ordered_on")):
                met = self._all(name).dropna(subset=["account_id", "rep_id"])
                met = met.sort_values([day, "rep_id"], ascending=[True, False])
                owner |= dict(zip(met["account_id"], met["rep_id"], strict=True))
            return owner | _known(accounts["account_id"], accounts["owner_id"])

        return self._once("owner", make)


def _key(row: dict) -> object:
    """The one column by which a row is known, or all of them together."""
    return next(iter(row.values())) if len(row) == 1 else tuple(row.values())


def _known(keys: pd.Series, values: pd.Series) -> dict:
    return {key: value for key, value in zip(keys, values, strict=True) if not pd.isna(value)}

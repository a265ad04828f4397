"""What do the columns of a table without headings hold? Days, amounts, customers and orders, by their cells alone; each is a guess."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.profiles import MOSTLY, Profile
from salesnb.intake.reading import dates

CENT = 0.011
FEWEST = 3
COUNTED_GOODS = 10_000  # a quantity is seldom more


def fields_of(columns: Sequence[Column]) -> dict[str, Column]:
    """Field → the column that is most probably it: the first days, the amounts that price and quantity give or that have cents,
    the numbers of orders, the names that differ most."""
    free = [each for each in columns if each.profile.kind != "empty"]
    found: dict[str, Column] = {}

    def take(field: str, column: Column | None) -> None:
        if column is not None:
            found[field] = column
            free.remove(column)

    take("date", next((each for each in free if _days(each.profile)), None))
    for each in [each for each in free if _days(each.profile)]:
        free.remove(each)
    numeric = [each for each in free if each.profile.kind == "number" and not _padded(each.profile)]
    three = _price_quantity_amount(numeric)
    if three is not None:
        for field, column in zip(("unit_price", "quantity", "amount"), three, strict=True):
            take(field, column)
    else:
        broken = [each for each in numeric if not each.profile.whole]
        whole = [each for each in numeric if each.profile.whole and not each.profile.unique and not _steps(each.profile)]  # fmt: skip
        if len(broken) == 1 or (not broken and len(whole) == 1):
            take("amount", (broken or whole)[0])
            counted = [
                each for each in whole if each in free and 0 < max(each.profile.numbers) <= COUNTED_GOODS
            ]
            take("quantity", counted[-1] if (broken and len(counted) == 1) or (counted and _small(counted[-1].profile)) else None)  # fmt: skip
    numbers = [each for each in free if _numbered(each.profile)]
    take("order_no", next((each for each in numbers if each.profile.distinct > 0.5 * each.profile.rows), None))  # fmt: skip
    texts = [each for each in free if each.profile.kind == "text" and not _numbered(each.profile)]
    named = [each for each in texts if each.profile.distinct > 1]
    take("customer_name", max(named, key=lambda each: each.profile.distinct, default=None))
    if "customer_name" not in found:
        take("customer_id", next((each for each in numbers if each in free and each.profile.distinct > FEWEST), None))  # fmt: skip
    return found


def _days(profile: Profile) -> bool:
    if profile.date_share >= MOSTLY:
        return True
    eight = all(len(each.strip()) == 8 and each.strip().isdigit() for each in profile.texts)
    return eight and bool(profile.texts) and all(dates.written(each).day for each in profile.texts)


def _padded(profile: Profile) -> bool:
    """Numbers that begin with zeros are names."""
    return any(len(each) > 1 and each[0] == "0" and each.isdigit() for each in map(str.strip, profile.texts))


def _numbered(profile: Profile) -> bool:
    """Is it a number of something: one word with digits in it?"""
    cells = [each.strip() for each in profile.texts]
    return bool(cells) and profile.kind != "date" and sum(any(sign.isdigit() for sign in each) and " " not in each for each in cells) >= MOSTLY * len(cells)  # fmt: skip


def _steps(profile: Profile) -> bool:
    """Does it only rise, as numbers of orders do?"""
    found = profile.numbers
    return len(found) > FEWEST and all(a <= b for a, b in pairwise(found))


def _small(profile: Profile) -> bool:
    return bool(profile.numbers) and sorted(profile.numbers)[len(profile.numbers) // 2] < 100


def _price_quantity_amount(columns: Sequence[Column]) -> tuple[Column, Column, Column] | None:
    full = [each for each in columns if each.profile.filled == each.profile.rows and len(each.profile.numbers) == len(each.profile.sample)]  # fmt: skip
    for price, quantity, amount in permutations(full, 3):
        rows = list(
            zip(price.profile.numbers, quantity.profile.numbers, amount.profile.numbers, strict=False)
        )
        fits = sum(abs(a * b - c) <= CENT + 1e-3 * abs(c) for a, b, c in rows)
        varied = len({c for _, _, c in rows}) > FEWEST and len(set(price.profile.numbers)) > 1 and len(set(quantity.profile.numbers)) > 1  # fmt: skip
        if varied and fits >= 0.9 * len(rows):
            return (price, quantity, amount) if quantity.profile.whole else (quantity, price, amount)
    return None

"""Which is meant where a table says two things of one: two amounts for a target, two rates for a day? Nobody here can answer."""

from __future__ import annotations

from salesnb.errors import MOST_FAULTS, InputError, together
from salesnb.intake.checking.currencies import Money
from salesnb.intake.checking.rules import TARGET
from salesnb.intake.reading.readings import Ask


def require_one_amount(ask: Ask, *, name: str) -> None:
    """`InputError` where a target has two amounts."""
    key = ", ".join(TARGET)
    found = ask(
        f"""
        SELECT {key}, min(amount) AS least, max(amount) AS most, min(source_row) AS first, max(source_row) AS last
        FROM checked WHERE reason IS NULL GROUP BY {key} HAVING count(*) > 1 ORDER BY first LIMIT {MOST_FAULTS}
        """
    )
    faults = [
        InputError(
            "{name}: {member} ({dimension}) has two amounts for the {grain} from {period:date}, {least:exact} and {most:exact} (rows {first:count} and {last:count}); keep the one that counts",
            name=name,
            member=member,
            dimension=dimension,
            grain=grain,
            period=period,
            least=least,
            most=most,
            first=first,
            last=last,
        )
        for period, grain, dimension, member, least, most, first, last in found
    ]
    if faults:
        raise together(faults)


def require_one_rate(ask: Ask, money: Money, *, name: str) -> None:
    """Two rates for one day are a question; a rate of the plan's own currency means that they are another's."""
    code = "upper(trim(currency))"
    found = ask(
        f"""
        SELECT {code} AS code, valid_from, min(rate) AS least, max(rate) AS most, min(source_row) AS first
        FROM checked WHERE reason IS NULL GROUP BY {code}, valid_from
        HAVING min(rate) <> max(rate) OR ({code} = '{money.currency}' AND max(rate) <> 1) ORDER BY first LIMIT 1
        """
    )
    if not found:
        return
    currency, day, least, most, _ = found[0]
    if currency == money.currency:
        raise InputError(
            "{name}: one {currency} is {rate} from {day:date}, but {currency} is the plan's currency; write what one unit of each other currency is in {currency}",
            name=name,
            currency=currency,
            rate=str(most),
            day=day,
        )
    raise InputError(
        "{name}: {currency} has two rates from {day:date}, {least} and {most}; keep the one that counts",
        name=name,
        currency=currency,
        day=day,
        least=str(least),
        most=str(most),
    )

"""Where the gap is and in whose hands it opened, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from salesnb.display.kit.words import assigned
from salesnb.headlines import Cause
from salesnb.language import Message, Nothing
from salesnb.results.targets import Cause as GapCause

CENT = 0.005


def gap(
    cause: GapCause | None,
    cells: pd.DataFrame,
    people: Mapping[str, str],
    *,
    target: bool,
    known: bool = True,
) -> Message | None:
    """Which region explains the gap, and in whose hands it opened. `people`: names by rep id; `known`: there is a target, or the same
    span of last year."""
    if not known:
        return Nothing("There is neither a target nor the same span of last year to hold bookings against.")
    if cells.empty:
        return None
    if cause is None:
        if target:
            return Nothing("No region is behind its target to date.")
        return Nothing("No region has booked less than last year.")
    line, region = assigned(cause.product_line), assigned(cause.region)
    if not target:
        return _against_last_year(cause)
    alone = len(set(cells["region"])) == 1
    if not cause.region and (not alone or not cause.product_line):
        return Message(
            "{whole:money} is missing; too many orders name no region, so the data cannot say where.",
            whole=-cause.whole,
        )
    if alone and not cause.region:
        return Message(
            "{line} lacks most: {gap:money} of the {whole:money} missing; no order names a region.",
            line=line,
            gap=-cells["gap"].iloc[0],
            whole=-cause.whole,
        )
    if not cause.product_line:
        return Message("{part}; too many orders name no product line to say of what.", part=short_of(cause))
    if alone:
        return Message(
            "{line} lacks most: {gap:money} of the {whole:money} missing in {region}.",
            line=line,
            gap=-cells["gap"].iloc[0],
            whole=-cause.gap,
            region=region,
        )
    wide = cause.line
    if wide is not None and wide.gap < cause.gap and wide.behind > 1:
        return Message(
            "{line} lacks most, {gap:money} in {n:count} of {all:count} regions; of the regions {region}, {short:money}.",
            line=assigned(wide.product_line),
            gap=-wide.gap,
            n=wide.behind,
            all=wide.regions,
            region=region,
            short=-cause.gap,
        )
    names = [people.get(name, name) for name in cause.names]
    if cause.personal:
        return Message(
            "{part}; {names:list} brought {lost:money} less of {line} there than last year.",
            part=short_of(cause),
            line=line,
            names=names,
            lost=cause.lost,
        )
    if cause.whole >= 0:
        return Message(
            "{region} is furthest behind, {gap:money} and {line} most of all; the other regions make up for it.",
            region=region,
            gap=-cause.gap,
            line=line,
        )
    if cause.elsewhere is not None and cause.elsewhere < -0.05:
        return Message(
            "{part}, {line} most of all; it also fell {elsewhere:share} in the other regions.",
            part=short_of(cause),
            line=line,
            elsewhere=-cause.elsewhere,
        )
    return Message(
        "{part}, {line} most of all; the data show no single cause.", part=short_of(cause), line=line
    )


def short_of(cause: GapCause) -> Message:
    """What the region with the largest gap lacks, as a part of the printed whole, or beside what the others have more."""
    values = {"region": assigned(cause.region), "gap": -cause.gap}
    if cause.whole >= 0:
        return Message("{region} lacks {gap:money} to date; the company does not", **values)
    if round(cause.gap, 2) == round(cause.whole, 2):
        return Message("{region} is {gap:money} behind to date", **values)
    if cause.gap >= cause.whole:
        return Message(
            "{region} lacks {gap:money} of the {whole:money} missing", **values, whole=-cause.whole
        )
    return Message(
        "{region} is {gap:money} behind, the others together {rest:money} ahead",
        **values,
        rest=cause.whole - cause.gap,
    )


def _against_last_year(cause: GapCause) -> Message:
    """Without a target nobody is behind: what fell against last year, beside the company."""
    fell = {"region": assigned(cause.region), "gap": -cause.gap, "line": assigned(cause.product_line)}
    if not cause.region or not cause.product_line:
        if cause.whole < 0:
            return Message(
                "The company booked {all:money} less than in the same span last year; too many orders name no region or product line to say where.",
                all=-cause.whole,
            )
        return Message(
            "The company booked {all:money} more than in the same span last year; too many orders name no region or product line to say where.",
            all=cause.whole,
        )
    if cause.whole < 0:
        return Message(
            "{region} booked {gap:money} less than in the same span last year, {line} most of all; the company {all:money} less.",
            **fell,
            all=-cause.whole,
        )
    return Message(
        "{region} booked {gap:money} less than in the same span last year, {line} most of all; the company {all:money} more.",
        **fell,
        all=cause.whole,
    )


def causes(cause: GapCause | None, people: Mapping[str, str], *, target: bool) -> list[Cause]:
    """What makes the gap of the year to date: the region that lacks most, with whose hands it opened in, and the other regions together;
    where regions are not known, the product line that lacks most. Without a target, nothing: last year is no plan."""
    if cause is None or not target:
        return []
    if cause.region:
        text = Message("{region}, year to date", region=cause.region)
        if cause.personal and cause.product_line:
            text = Message(
                "{region}, year to date; {names:list} brought {lost:money} less of {line} there than last year",
                region=cause.region,
                names=[people.get(name, name) for name in cause.names],
                lost=cause.lost,
                line=assigned(cause.product_line),
            )
        found, first = [Cause(text, float(cause.gap), "year")], cause.gap
    elif cause.line is not None:
        text = Message("{line}, year to date", line=assigned(cause.line.product_line))
        found, first = [Cause(text, float(cause.line.gap), "year")], cause.line.gap
    else:
        return []
    left = cause.whole - first
    return found if abs(left) < CENT else [*found, Cause(Message("all others together"), float(left), "year")]


def gap_caveat(cause: GapCause | None, *, target: bool) -> Message:
    """Which product line lacks most over all regions, and how the cells' targets came about."""
    wide = cause.line if target and cause is not None else None
    if wide is not None and cause is not None and cause.line_gap > 0:
        return Message(
            "By product line {line} lacks most: {gap:money}, in {n:count} of {all:count} regions; {own} as a whole is {more:money} ahead. Targets of region and product line are fitted to both totals in the proportions of last year. People are compared with their own last year.",
            line=assigned(wide.product_line),
            gap=-wide.gap,
            n=wide.behind,
            all=wide.regions,
            own=assigned(cause.product_line),
            more=cause.line_gap,
        )
    if wide is not None:
        return Message(
            "By product line {line} lacks most: {gap:money}, in {n:count} of {all:count} regions. Targets of region and product line are fitted to both totals in the proportions of last year. People are compared with their own last year.",
            line=assigned(wide.product_line),
            gap=-wide.gap,
            n=wide.behind,
            all=wide.regions,
        )
    if target:
        return Message(
            "Targets of region and product line are fitted to both totals in the proportions of last year. People are compared with their own last year."
        )
    return Message("Without targets, the yardstick is the same span of last year.")

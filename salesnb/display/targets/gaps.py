"""Where the gap is and in whose hands it opened, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesnb.display.targets.prose import named
from salesnb.language import Message


def gap(cause: Any, cells: pd.DataFrame, people: Mapping[str, str], *, target: bool) -> Message | None:
    """Which region explains the gap, and in whose hands it opened. `people`: names by rep id."""
    if cells.empty:
        return None
    if cause is None:
        if target:
            return Message("No region is behind its target to date.")
        return Message("No region has booked less than last year.")
    line, region = named(cause.product_line), named(cause.region)
    if not target:
        return _against_last_year(cause)
    if len(set(cells["region"])) == 1:
        return Message(
            "{line} lacks most: {gap:money} of the {whole:money} missing in {region}.",
            line=line,
            gap=-cells["gap"].iloc[0],
            whole=-cause.gap,
            region=region,
        )
    names = [people.get(name, name) for name in cause.names]
    if cause.personal:
        return Message(
            "{region} explains {share:percent} of the gap; {names:list} account for {part:percent} of what {line} lost there.",
            region=region,
            share=cause.share_of_gap,
            line=line,
            names=names,
            part=cause.share,
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
            "{region} explains {share:percent} of the gap, {line} most of all; it also fell {elsewhere:share} in the other regions.",
            region=region,
            share=cause.share_of_gap,
            line=line,
            elsewhere=-cause.elsewhere,
        )
    return Message(
        "{region} explains {share:percent} of the gap, {line} most of all; the data show no single cause.",
        region=region,
        share=cause.share_of_gap,
        line=line,
    )


def _against_last_year(cause: Any) -> Message:
    """Without a target nobody is behind: what fell against last year, beside the company."""
    fell = {"region": named(cause.region), "gap": -cause.gap, "line": named(cause.product_line)}
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


def gap_caveat(*, target: bool) -> Message:
    """How the cells' targets came about."""
    if target:
        return Message(
            "Targets of region and product line are fitted to both totals in the proportions of last year. People are compared with their own last year."
        )
    return Message("Without targets, the yardstick is the same span of last year.")

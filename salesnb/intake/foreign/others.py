"""Targets, activities, leads and stage changes of foreign tables."""

from __future__ import annotations

from salesnb.intake.foreign.drafts import Cell, Draft, Source, cell, listed
from salesnb.intake.foreign.opening import Column
from salesnb.intake.foreign.pieces import is_person
from salesnb.intake.foreign.sales import Links, day_cell, entity_cells, key_of, no_totals
from salesnb.intake.reading import layouts, numbers
from salesnb.language import Message

CENT = 0.011
MOST = 5_000  # rows of targets among which sums are looked for

MEMBERS = (
    ("rep", ("rep_id", "rep", "rep_name")),
    ("account", ("customer_id", "customer", "customer_name")),
    ("product_line", ("product_line", "product_line_name")),
    ("team", ("team", "team_name")),
    ("region", ("region", "region_name", "state", "country")),
)


def targets_draft(source: Source, links: Links, company: str) -> Draft | None:
    """Targets: whose they are, by the first of person, customer, line, team and region that the rows name."""
    found = source.understood
    amount = found.first("target_amount", "amount", "net_amount")
    period = found.first("period", "date", "order_date", "quarter_no", "year")
    year_said = _year_said(amount, links)
    if amount is None or (period is None and year_said is None):
        return None
    draft = Draft("targets", [], [source], source.place)
    named = [
        (dimension, column)
        for dimension, names in MEMBERS
        if (column := found.first(*names)) is not None and column.profile.filled
    ]
    year = found.first("year")
    if period is None:
        start = Cell("period_start", f"'{year_said}-01-01'", (amount.heading,), "made")
    elif period.meaning and period.meaning.field == "quarter_no" and year is not None:
        start = Cell(
            "period_start",
            f"{source.text(year)} || ' Q' || regexp_extract({source.text(period)}, '[1-4]')",
            (year.heading, period.heading),
        )
    else:
        start = day_cell(source, period, "period_start", links)
    draft.cells = [start, Cell("grain", f"'{_grain(period) if period else 'year'}'", (), "made")]
    other = _members(source)
    if other is not None and (not named or other.profile.filled == other.profile.rows > named[0][1].profile.filled):  # fmt: skip
        named.insert(0, ("rep", other))
    if not named:
        draft.cells += [
            Cell("dimension", "'company'", (), "made"),
            Cell("member", _text(company), (), "made"),
        ]
    elif len(named) == 1 or named[0][1].profile.filled == named[0][1].profile.rows:
        dimension, column = named[0]
        draft.cells += [
            Cell("dimension", f"'{dimension}'", (), "made"),
            cell("member", source.text(column), column),
        ]
        draft.where += no_totals(source, column)
        _without_sums(draft, source, column, period, amount)
    else:
        kinds = " ".join(
            f"WHEN {source.text(column)} IS NOT NULL THEN '{dimension}'" for dimension, column in named
        )
        draft.cells += [
            Cell("dimension", f"CASE {kinds} ELSE 'company' END", tuple(column.heading for _, column in named), "made"),
            cell("member", f"coalesce({', '.join(source.text(column) for _, column in named)}, {_text(company)})", *(column for _, column in named)),
        ]  # fmt: skip
    draft.cells.append(cell("amount", source.amount(amount), amount))
    return draft


def _year_said(amount: Column | None, links: Links) -> int | None:
    """The year of targets without a period: their heading's, else the one that the file's name or title says."""
    held = [int(each) for each in layouts.YEAR.findall(amount.heading)] if amount else []
    return held[0] if len(set(held)) == 1 else links.year


def _without_sums(
    draft: Draft, source: Source, member: Column, period: Column | None, amount: Column
) -> None:
    """Rows whose targets are the sums of the rows above or below them, such as a team's among its people, are not added up."""
    when = f"c{period.profile.place}" if period is not None else "''"
    rows = source.holds(f"SELECT c{member.profile.place}, {when}, c{amount.profile.place} FROM {{t}} WHERE c{member.profile.place} IS NOT NULL ORDER BY source_row LIMIT {MOST}")  # fmt: skip
    comma = any(map(numbers.speaks_for_comma, amount.profile.texts)) and not any(map(numbers.speaks_for_point, amount.profile.texts))  # fmt: skip
    held: dict[str, dict[str, float]] = {}
    for name, at, cell_text in rows:
        read = numbers.number(str(cell_text), decimal_comma=comma, money=True) if cell_text else None
        if read is not None and not layouts.says_total(str(name)):
            held.setdefault(str(name), {})[str(at)] = read[0]
    sums = _sums_among(held)
    if sums and len(sums) < len(held):
        draft.where.append(f"{source.text(member)} NOT IN ({listed(sums)})")
        draft.notes.append(Message("{names:list}: sums of the targets beside them, not added up", names=sums))


def _sums_among(held: dict[str, dict[str, float]]) -> list[str]:
    """The members whose amounts are, in every period, those of at least two neighbours put together."""
    names, found = list(held), []
    for place, name in enumerate(names):
        own = held[name]
        for step in (-1, 1):
            near, summed = place + step, dict.fromkeys(own, 0.0)
            count = 0
            while 0 <= near < len(names) and names[near] not in found and set(held[names[near]]) == set(own):
                summed = {at: summed[at] + held[names[near]][at] for at in own}
                count += 1
                near += step
                if count > 1 and any(own.values()) and all(abs(summed[at] - own[at]) < CENT for at in own) and not is_person(name):  # fmt: skip
                    found.append(name)
                    break
    return list(dict.fromkeys(found))


def _members(source: Source) -> Column | None:
    """A column of words that nothing else is, in a table of targets: whose they are."""
    free = [each for each in source.understood.foreign.columns if each.profile.kind == "text" and (each.meaning is None or each.field in ("name", "customer"))]  # fmt: skip
    return free[0] if len(free) == 1 else None


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _grain(period: Column) -> str:
    name = period.meaning.field if period.meaning else ""
    texts = period.profile.texts
    if name == "quarter_no" or (texts and all("Q" in each.upper() or "季" in each for each in texts)):
        return "quarter"
    return "year" if name == "year" or (texts and all(each.strip(" 年度FY").isdigit() and len(each.strip(" 年度FY")) == 4 for each in texts)) else "month"  # fmt: skip


def activities_draft(source: Source, links: Links) -> Draft | None:
    found = source.understood
    day = found.first("activity_date", "date", "made_date", "order_date", "created", "due_date", "period")
    kind = found.first("type", "activity", "subject", "channel")
    if day is None:
        return None
    number = next(
        (
            each
            for name in ("activity_id", "id")
            for each in found.fields.get(name, [])
            if each.profile.unique
        ),
        None,
    )
    draft = Draft("activities", [], [source], source.place)
    draft.cells.append(cell("activity_id", source.text(number), number) if number else Cell("activity_id", f"CAST({source.alias}.source_row AS VARCHAR)", (), "made"))  # fmt: skip
    draft.cells += entity_cells([source], links, among=("account", "rep"))
    deal = found.first("deal_id")
    if deal is not None:
        draft.cells.append(cell("opportunity_id", source.text(deal), deal))
    draft.cells.append(cell("kind", source.text(kind), kind) if kind else Cell("kind", "'other'", (), "made"))
    draft.cells.append(day_cell(source, day, "happened_on", links))
    minutes = found.first("duration")
    if minutes is not None and minutes.profile.kind == "number":
        draft.cells.append(cell("minutes", source.text(minutes), minutes))
    return draft


def leads_draft(source: Source, links: Links) -> Draft | None:
    found = source.understood
    day = found.first("created", "date", "order_date", "made_date", "period")
    if day is None:
        return None
    number = next(
        (
            each
            for name in ("lead_id", "id", "lead")
            for each in found.fields.get(name, [])
            if each.profile.unique
        ),
        None,
    )
    draft = Draft("leads", [], [source], source.place)
    draft.cells.append(cell("lead_id", source.text(number), number) if number else Cell("lead_id", f"CAST({source.alias}.source_row AS VARCHAR)", (), "made"))  # fmt: skip
    draft.cells.append(day_cell(source, day, "created_on", links))
    channel = found.first("channel")
    if channel is not None:
        draft.cells.append(cell("channel", source.text(channel), channel))
    owner = key_of(source, "rep", links)
    if owner is not None:
        draft.cells.append(cell("rep_id", source.text(owner.key), owner.key))
    converted = found.first("closed")
    if converted is not None:
        draft.cells.append(cell("qualified_on", source.text(converted), converted))
    deal = found.first("deal_id")
    if deal is not None and deal.profile.filled:
        draft.cells.append(cell("opportunity_id", source.text(deal), deal))
    return draft


def stages_draft(source: Source, links: Links) -> Draft | None:
    found = source.understood
    deal, stage = found.first("deal_id", "deal"), found.first("stage")
    day = found.first("stage_date", "created", "date", "made_date", "order_date")
    if deal is None or stage is None or day is None:
        return None
    draft = Draft("stage_events", [], [source], source.place)
    draft.cells = [
        cell("opportunity_id", source.text(deal), deal),
        cell("stage", source.text(stage), stage),
        cell("entered_on", source.text(day), day),
    ]
    return draft

"""How does a notebook put its sections on the page, and hand its results to the pack?

``page = Page("20_customer_segmentation", book, language=language, outputs=outputs)`` once; then a section each:
``page.section(answer, chart, table, caveat=…, needs="orders")`` as the last line of its cell, and ``page.hand_over(…)`` in
the last cell. The page knows its reader's language and the book's currency; nothing before it does. What a section shows is HTML that looks alike in JupyterLab and in the exported page, plain text for everything
else, and the project's own MIME kinds for the pack, which is built from the executed notebooks alone.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from salesnb.calendars.days import next_working
from salesnb.calendars.periods import days_left, end_early
from salesnb.display.kit.bare import bare_figure, bare_picture, bare_table, tidy
from salesnb.display.kit.cells import unformulated
from salesnb.display.kit.exhibit import Exhibit
from salesnb.display.kit.figures import handed, listed, said
from salesnb.display.kit.grid import Column, table_html
from salesnb.display.kit.lab import readable
from salesnb.display.kit.noted import Noted
from salesnb.display.kit.own import own_figure
from salesnb.display.kit.source import Source
from salesnb.display.kit.theme import lab_css
from salesnb.errors import InputError
from salesnb.findings import Finding
from salesnb.headlines import (
    COVER_MIME,
    FIGURE_MIME,
    FIGURES_MIME,
    HEADLINES,
    KINDS,
    SECTION_MIME,
    Call,
    Cause,
    Change,
    Decision,
    Figure,
    Line,
    Settled,
    plain,
)
from salesnb.language import LANGUAGES, Language, Message, Nothing, Text, Written, marked

Evidence = Any  # an Exhibit, or a frame, series, Axes or Figure as it comes


class Shown:
    """One rich output: a bundle of MIME kinds, the same at each look."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        self.bundle = dict(bundle)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return dict(self.bundle)

    def __repr__(self) -> str:
        return str(self.bundle["text/plain"])


class Page:
    """One notebook's page: sections in order, then what it hands to the pack.

    `name` is the notebook's; `book` what `open_book` gave; `language` en or zh; `outputs` a folder for the CSV of
    the exhibits and the calls, or "" for none.

    >>> from salesnb.intake.workspace import open
    >>> page = Page("70_margins", open("data/demo", as_of="2026-10"))
    >>> page.section("Valves earn 27%.")
    Valves earn 27%.
    """

    def __init__(self, name: str, book: Source, *, language: str = "en", outputs: str | Path = "") -> None:
        if not re.fullmatch(r"\w[\w .-]*", name):
            raise InputError(
                "a page is named after its notebook, such as 70_margins, but {name} was given",
                name=repr(name),
            )
        if language not in LANGUAGES:
            raise InputError(
                "language must be one of {known:list}, but is {code}",
                known=list(LANGUAGES),
                code=repr(language),
            )
        self.name = name
        self.book = book
        self.say = Language(language, currency=book.currency, unit=book.unit)
        self.outputs = Path(outputs) if outputs else None
        self.exhibits: dict[str, Exhibit] = {}
        self.bare = 0
        self.lines: list[Line] = []
        readable()

    def section(
        self,
        answer: Text | Evidence | None = None,
        *exhibits: Evidence | None,
        aside: Sequence[Exhibit | None] = (),
        caveat: Text | Noted | None = None,
        needs: str | Sequence[str] = (),
        withheld: Message | None = None,
    ) -> Shown:
        """A section: its answer in bold, its evidence, its caveat in small. Of the exhibits the first is open, the others, and
        all `aside`, show their findings when more evidence is asked for. Where the answer is that nothing was found, the page has one line of it.

        Evidence is an exhibit, or as it comes: a frame, a series, an Axes or a Figure; the answer may be left out.
        Without a table that it `needs` ("orders"; "orders|invoices": one of them) the section says that alone; so it does
        with the reason for which a scope's pack does not hold it, `withheld`. Exhibits that
        are None had nothing to show and are left out; with neither answer nor exhibit the section says so.
        """
        lacking = withheld or self.book.lacking(*([needs] if isinstance(needs, str) else needs))
        if lacking is not None:
            told = self.say.sentence(lacking)
            return self._shown(f'<p class="lacking">{html.escape(told)}</p>', [told], lacking=told)
        if answer is not None and not isinstance(answer, str | Message | Written):
            answer, exhibits = None, (answer, *exhibits)
        given = [evidence for evidence in exhibits if evidence is not None]
        shown = [each for each in given if isinstance(each, Exhibit)]
        present = [*shown, *(exhibit for exhibit in aside if exhibit is not None)]
        if answer is None and not present and not given:
            answer = Nothing("Nothing to show: no data in this period.")
        said = None if answer is None else self.say.sentence(answer)
        quiet = re.split("[;；]", said or "")[0].rstrip(".。") if isinstance(answer, Nothing) else ""
        parts = [f'<p class="answer"><strong>{html.escape(said)}</strong></p>'] if said else []
        parts += [self._bare(each) for each in given if not isinstance(each, Exhibit)]
        drawn: list[str] = []
        for exhibit in present:
            if exhibit.name in self.exhibits:
                self._same(exhibit)
            self.exhibits[exhibit.name] = exhibit
            csv, book = self._write_csv(exhibit), self._write_book(exhibit)
            folded = len(drawn) >= min(1, len(shown))
            drawn.append(exhibit.html(self.say, page=self.name, csv=csv, book=book, folded=folded))
        first, rest = drawn[: min(1, len(shown))], "".join(drawn[min(1, len(shown)) :])
        if len(drawn) - len(first) > 1:
            more = html.escape(self.say("More evidence: {n:count}", n=len(drawn) - len(first)))
            rest = f'<details class="further"><summary>{more}</summary>{rest}</details>'
        parts += [*first, rest]
        notes = caveat if isinstance(caveat, Noted) else Noted(caveat, "")
        noted, method = (
            None if note is None else self.say.text(note) for note in (notes.caveat, notes.method)
        )
        if noted:
            parts.append(f'<p class="caveat">{html.escape(noted)}</p>')
        if method:
            parts.append(f'<p class="caveat analyst">{html.escape(method)}</p>')
        lines = [
            *([said] if said else []),
            *(f"- {self.say.sentence(exhibit.finding)}" for exhibit in present),
            *filter(None, (noted, method)),
        ]
        return self._shown(
            "".join(parts),
            lines,
            answer=said,
            quiet=quiet,
            exhibits=[exhibit.name for exhibit in present],
            caveat=noted,
        )

    def kpi(
        self,
        key: str,
        value: float | None,
        *,
        unit: str,
        label: str,
        target: float | None = None,
        reason: str = "",
    ) -> Shown:
        """A number of one's own: it reaches metrics.json under `key`, and the first page where plan.yml's `tiles` name it.

        `unit` is money, share, count, days or number. A value that is None or missing is unknown, for the `reason` given.

        >>> page.kpi("margin.valves", 0.27, unit="share", label="Margin, valves", target=0.30)  # doctest: +SKIP
        """
        figure = own_figure(key, value, unit=unit, label=label, target=target)
        known_value = figure["value"]
        if known_value is None:
            figure["reason"] = reason or self.say("The page did not say why.")
        said = self.say.kind(known_value, KINDS[unit]) if known_value is not None else figure["reason"]
        against = (
            self.say("target {target}", target=self.say.kind(target, KINDS[unit]))
            if target is not None
            else ""
        )
        line = self.say("{label}: {words}", label=label, words=", ".join(filter(None, (str(said), against))))
        shown = self._bundle(f'<p class="kpi">{html.escape(line)}</p>', [line])
        return Shown(shown | {FIGURE_MIME: {**figure, "page": self.name}})

    def loaded(self) -> Shown:
        """After opening the book: which days the data cover, how many rows each table gave, what looks suspicious."""
        counts, first, last, as_of = (
            self.book.counts,
            self.book.data_from,
            self.book.data_to,
            self.book.as_of,
        )
        counts = counts.assign(table=[self.say.our_name(name) for name in counts["table"]])
        rejected = int(counts["rejected"].sum())
        kept = int(counts["kept"].sum())
        answer = Message(
            "The data run from {first:date} to {last:date}: rows kept {kept:count}, rejected {rejected:count}.",
            first=first,
            last=last,
            kept=kept,
            rejected=rejected,
        )
        words = [self.say(answer)]
        if end_early(last, as_of, country=self.book.plan.country):
            words.append(self.say("They end before the day of this report, {as_of:date}.", as_of=as_of))
        labels = {
            "table": marked("Table"),
            "read": marked("Read"),
            "kept": marked("Kept"),
            "rejected": marked("Rejected"),
        }
        columns = {name: Column(label, "" if name == "table" else "count") for name, label in labels.items()}
        grid = "".join(table_html(counts, columns, caption=self.say("Rows by table"), say=self.say, fold=20))
        doubts = "".join(f"<li>{html.escape(self.say(doubt))}</li>" for doubt in self.book.suspicions)
        title = self.say("Rows by table")
        fold = f"<details><summary>{html.escape(title)}</summary>{grid}{f'<ul>{doubts}</ul>' if doubts else ''}</details>"
        cover = {
            "first": str(first)[:10],
            "last": str(last)[:10],
            "as_of": str(as_of)[:10],
            "counts": [
                {key: row[key] if key == "table" else int(row[key]) for key in labels}
                for row in counts.to_dict("records")
            ],
            "suspicions": [self.say(doubt) for doubt in self.book.suspicions],
        }
        return Shown(
            self._bundle(f'<p class="caveat">{html.escape(" ".join(words))}</p>{fold}', words)
            | {COVER_MIME: cover}
        )

    def for_people(self, lines: Sequence[Line]) -> Shown:
        """Lines of the own sheets of the scope's people, which the last cell hands over with the rest; of nobody else."""
        here = set(self.book.reps["rep_id"])
        kept = [line for line in lines if line.rep_id in here]
        self.lines = [*self.lines, *kept]
        return self._shown(
            "", [f"{line.rep_id}: {self.say.sentence(line.text)}" for line in kept], people=len(kept)
        )

    def hand_over(
        self,
        *,
        leads: Sequence[Text | None] = (),
        figures: Mapping[str, Figure] | None = None,
        history: Mapping[str, Iterable[tuple[dt.date, float | None]]] | None = None,
        decisions: Sequence[Decision] = (),
        calls: Sequence[Call] = (),
        changes: Sequence[Change] = (),
        causes: Sequence[Cause] = (),
        settled: Sequence[Settled] = (),
        findings: Sequence[Finding] = (),
        card: str = "",
        acting: Mapping[str, str] | None = None,
        country: str | None = None,
    ) -> Shown:
        """The last cell: sentences for the first screen, headline figures with their last twelve months, what is asked for,
        predicted, changed and found, what made the month (`causes`) and what became of last month's decisions (`settled`), and the
        name of the exhibit for the card on index.html.

        Every key of the page must be there; a figure that cannot be computed carries its reason. A decision of somebody who has left
        is asked of who acts in their place (`acting`, "" for nobody), and is due on a working day of `country`; its money is what can
        still be won or saved this year.
        """
        decisions = [self._acted(decision, acting or {}, country) for decision in decisions]
        given = dict(figures or {})
        own = [key for key, headline in HEADLINES.items() if headline.page == self.name]
        if missing := [key for key in own if key not in given]:
            raise ValueError(f"figures must have every key of the page, but {', '.join(missing)} is missing")
        if unknown := [key for key in given if key not in HEADLINES]:
            raise ValueError(
                f"figures must be keys of headlines.HEADLINES, but {', '.join(unknown)} was passed"
            )
        if card and card not in self.exhibits:
            card = ""
        content: dict[str, Any] = {
            "page": self.name,
            "language": self.say.code,
            "currency": self.say.currency,
            "leads": [self.say.sentence(lead) for lead in leads if lead is not None],
            "figures": {key: handed(key, given[key], self.say) for key in HEADLINES if key in given},
            "history": {
                key: [[str(when)[:10], plain(value)] for when, value in points]
                for key, points in (history or {}).items()
            },
            "decisions": [decision.to_json(self.say) for decision in decisions],
            "calls": [call.to_json(self.say) for call in calls],
            "changes": [
                change.to_json(self.say) for change in sorted(changes, key=lambda change: -abs(change.size))
            ],
            "causes": [cause.to_json(self.say) for cause in causes],
            "settled": [one.to_json(self.say) for one in settled],
            "lines": [line.to_json(self.say) for line in self.lines],
            "findings": [found.to_json() for found in findings],
            "card": self._card(card),
        }
        if self.outputs is not None:
            self._write(
                self.outputs / "calls" / f"{self.name}.json",
                json.dumps(content["calls"], ensure_ascii=False, indent=1) + "\n",
            )
        lines = [f"{key}: {said(key, given[key], self.say)}" for key in HEADLINES if key in given]
        shown = self._bundle(listed(given, self.say), lines)
        return Shown(shown | {FIGURES_MIME: content})

    # ---------------------------------------------------------------------------------------------------------------

    def _acted(self, decision: Decision, acting: Mapping[str, str], country: str | None) -> Decision:
        """The decision as it is asked: of one person who is here, else of the director; on a working day."""
        owner, why = decision.owner, decision.why
        if isinstance(owner, str) and owner in acting:
            why = Message("{why}; {owner} has left", why=why, owner=owner)
            owner = acting[owner]
        due = None if decision.due is None else next_working(decision.due, country)
        left = days_left(self.book.as_of, starts=self.book.plan.fiscal_year_starts)
        decision = decision.in_days(left)
        return replace(decision, owner=owner or self.say("Sales director"), why=why, due=due)

    def _bare(self, evidence: Any) -> str:
        """A frame as a table with its CSV, a drawing as a picture; `InputError` for anything else."""
        if isinstance(evidence, pd.DataFrame | pd.Series):
            frame = tidy(evidence)
            self.bare += 1
            title = self.say("Table {number}", number=self.bare)
            address = ""
            if self.outputs is not None:
                address = f"tables/{self.name}.section_{self.bare}.csv"
                text = unformulated(frame).to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
                self._write(self.outputs / address, text, bom=True)
            rows = self.say("{title}, rows: {rows:count}", title=title, rows=len(frame))
            return bare_figure(
                bare_table(frame, caption=title, say=self.say), rows, csv=address, say=self.say
            )
        figure = getattr(evidence, "figure", evidence)
        if not hasattr(figure, "savefig"):
            raise InputError(
                "a section takes exhibits, frames, series, Axes and Figures, but {kind} was given",
                kind=type(evidence).__name__,
            )
        return bare_picture(figure, self.say)

    def _card(self, name: str) -> dict[str, str] | None:
        if not name:
            return None
        exhibit = self.exhibits[name]
        return {
            "name": name,
            "finding": self.say.sentence(exhibit.finding),
            "subtitle": self.say.text(exhibit.subtitle),
            "html": exhibit.card(self.say),
        }

    def _write_csv(self, exhibit: Exhibit) -> str:
        if self.outputs is None:
            return ""
        address = f"tables/{self.name}.{exhibit.name}.csv"
        self._write(self.outputs / address, exhibit.csv(self.say), bom=True)
        return address

    def _write_book(self, exhibit: Exhibit) -> str:
        if self.outputs is None or exhibit.book is None:
            return ""
        address = f"tables/{self.name}.{exhibit.name}.xlsx"
        (self.outputs / address).write_bytes(exhibit.book(self.say))
        return address

    def _write(self, path: Path, text: str, *, bom: bool = False) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8-sig" if bom else "utf-8", newline="")

    def _same(self, exhibit: Exhibit) -> None:
        """A cell that is run again shows its exhibit again; another exhibit must have another name."""
        if list(self.exhibits[exhibit.name].held.columns) != list(exhibit.held.columns):
            raise ValueError(
                f"each exhibit of a page needs its own name, but {exhibit.name!r} was used twice"
            )

    def _shown(self, inside: str, lines: Sequence[str], **facts: object) -> Shown:
        return Shown(self._bundle(inside, lines) | {SECTION_MIME: {"page": self.name, **facts}})

    def _bundle(self, inside: str, lines: Sequence[str]) -> dict[str, Any]:
        language = "zh-CN" if self.say.code == "zh" else "en"
        shown = f'<style>{lab_css(self.book.plan.brand.colour)}</style><div class="snb" lang="{language}">{inside}</div>'
        return {"text/html": shown, "text/plain": "\n".join(lines)}

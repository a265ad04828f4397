"""Which numbers does a notebook hand to the pack, and how do they travel?

`HEADLINES` lists every key of ``metrics.json`` with its unit, its label and the page that computes it; the formulas are in
the docstrings of the functions that compute them. A notebook shows its figures, findings, decisions and calls as outputs
with a MIME type of the project's own; the pack is built from the executed notebooks alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from salesnb.language import Language, Message, Text, marked

FIGURES_MIME = "application/vnd.salesnb.figures+json"
SECTION_MIME = "application/vnd.salesnb.section+json"
COVER_MIME = "application/vnd.salesnb.cover+json"
EVERYDAY_MIME = "application/vnd.salesnb.everyday+json"
FIGURE_MIME = "application/vnd.salesnb.figure+json"  # one number of an analyst's own page

LARGEST = 1e15  # of any amount: beyond it a float no longer holds the cents

MANIFEST = "run.json"  # in a pack: from what it was made, and how that went
METRICS = "metrics.json"  # in a pack: every headline number
MONTH = "month.html"  # in a pack: the month as one file to send
CALLS = "calls.json"  # in a pack: what it predicts and asks for
OPEN_DEALS = (
    "tables/30_funnel_diagnosis.open_deals.csv"  # in a pack: the pipeline that the next one compares with
)

PAGES = {
    "10_target_breakdown": marked("Targets"),
    "20_customer_segmentation": marked("Customers"),
    "30_funnel_diagnosis": marked("Funnel"),
    "40_team_enablement": marked("Team"),
    "50_risk_control": marked("Risk"),
    "60_sprint_retrospective": marked("Retrospective"),
}


@dataclass(frozen=True)
class Figure:
    """A headline number, or the reason why there is none."""

    value: float | int | str | None
    reason: Message | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("a figure has either a value or a reason")


def plain(value: object) -> Any:
    """A number as JSON holds it: twelve digits, the same on every machine; None for what is not a finite number."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number.is_integer() and abs(number) < LARGEST else float(f"{number:.12g}")


def _day(value: dt.date | None) -> str | None:
    return None if value is None or value != value else value.isoformat()[:10]


def _read_day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


@dataclass(frozen=True)
class Decision:
    """What the director is asked for: what, why (with its number), who acts, by when, the money at stake.

    The part of `id` before its first hyphen is the kind; decisions of a kind that `TOGETHER` knows are asked for as one on
    the first page, which then names their `subject`s. `at_stake` is what can still be won or saved; where it was lost in so many days
    (`over`), the page asks for what the same pace would cost in those that are left of the year. `coached` are the people who are to be
    helped: nobody is asked twice to help the same; `loaded` those who are to carry more: nobody is both.
    """

    id: str
    what: Message | str
    why: Message | str
    owner: Text
    due: dt.date | None
    at_stake: float | None = None
    subject: str = ""
    coached: tuple[str, ...] = ()
    over: int | None = None
    loaded: tuple[str, ...] = field(default=(), repr=False)

    def in_days(self, left: int) -> Decision:
        """The same with what is at stake in the days that are `left`."""
        if self.over is None or self.at_stake is None:
            return self
        return replace(self, at_stake=self.at_stake * left / self.over, over=left)

    def to_json(self, say: Language) -> dict[str, Any]:
        words = {
            "id": self.id,
            "what": say.sentence(self.what),
            "why": say.sentence(self.why),
            "owner": say.text(self.owner),
        }
        return words | {
            "due": _day(self.due),
            "at_stake": plain(self.at_stake),
            "subject": self.subject,
            "coached": list(self.coached),
            **({"loaded": list(self.loaded)} if self.loaded else {}),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Decision:
        return cls(
            content["id"],
            content["what"],
            content["why"],
            content["owner"],
            _read_day(content["due"]),
            content["at_stake"],
            content.get("subject", ""),
            tuple(content.get("coached", ())),
            loaded=tuple(content.get("loaded", ())),
        )


TOGETHER: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "silent": (
            marked("Visit {subjects:list} and learn why their orders stopped"),
            marked("the largest: {first}"),
        ),
        "contact": (marked("Call {subjects:list} this week"), marked("the largest: {first}")),
        "action": (
            marked("Finish or drop the {n:count} actions that are longest overdue"),
            marked("the oldest: {first}"),
        ),
    }
)  # a kind of decisions → what is asked for, and why, where there are several


@dataclass(frozen=True)
class Call:
    """What this pack predicts or asks for, for the next retrospective to grade.

    kind: forecast, target, deal, account (an order), promoted and dropped (a prospect's first order), silence, slowing, payment, decision; subject: what it is about (an id or a key of metrics.json); probability that
    it happens by `due`; amount with low and high (an 80% interval) where a number is predicted.
    """

    id: str
    kind: str
    subject: str
    probability: float | None = None
    amount: float | None = None
    low: float | None = None
    high: float | None = None
    due: dt.date | None = None
    text: Message | str = ""

    def to_json(self, say: Language) -> dict[str, Any]:
        numbers = {name: plain(getattr(self, name)) for name in ("probability", "amount", "low", "high")}
        return {
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            **numbers,
            "due": _day(self.due),
            "text": say.text(self.text) if self.text else "",
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Call:
        return cls(**{**content, "due": _read_day(content["due"])})


@dataclass(frozen=True)
class Change:
    """What moved since last month beyond noise; `size` (money, or any one scale) orders the changes of a pack.

    `text` says what moved, `numbers` from what to what, `good` whether that is better or worse (None: neither), `rose` which way a
    number went of which less is better.
    """

    text: Message | str
    size: float
    numbers: Message | str = ""
    good: bool | None = None
    rose: bool | None = None

    def to_json(self, say: Language) -> dict[str, Any]:
        return {
            "text": say.sentence(self.text),
            "rose": self.rose,
            "size": plain(self.size),
            "numbers": say.sentence(self.numbers),
            "good": self.good,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Change:
        return cls(
            content["text"],
            content["size"],
            content.get("numbers", ""),
            content.get("good"),
            content.get("rose"),
        )


@dataclass(frozen=True)
class Cause:
    """What made the month or the year to date what it is: a sentence and its money (below zero: it took away).

    The three largest of the month stand on the paper's first screen; those of the `year` only where the month has none.
    """

    text: Message | str
    amount: float
    span: str = "month"

    def to_json(self, say: Language) -> dict[str, Any]:
        return {"text": say.sentence(self.text), "amount": plain(self.amount), "span": self.span}


@dataclass(frozen=True)
class Settled:
    """What became of a decision of last month's pack: what was asked of whom, the money, and a word with its status
    (ahead: it came about; behind: it ended badly; watch: not yet; "": only its owner knows)."""

    text: Message | str
    owner: Text
    word: Message | str
    status: str = ""
    amount: float | None = None

    def to_json(self, say: Language) -> dict[str, Any]:
        words = {name: say.text(getattr(self, name)) for name in ("owner", "word")}
        return {"text": say.sentence(self.text), **words, "status": self.status, "amount": plain(self.amount)}


PARTS = (
    "number",
    "pay",
    "customers",
    "deals",
    "given",
    "answers",
    "training",
)  # of a person's sheet, in its order


@dataclass(frozen=True)
class Line:
    """A line of a person's sheet for the weekly talk: whose (`rep_id`), of which part (`PARTS`), what it says, the one question to ask,
    and the money."""

    rep_id: str
    part: str
    text: Message | str
    ask: Message | str = ""
    amount: float | None = None

    def to_json(self, say: Language) -> dict[str, Any]:
        words = {"text": say.sentence(self.text), "ask": say.sentence(self.ask) if self.ask else ""}
        return {"rep_id": self.rep_id, "part": self.part, **words, "amount": plain(self.amount)}


KINDS: Mapping[str, str] = MappingProxyType(
    {"money": "amount", "share": "share", "count": "count", "days": "days", "number": "number", "text": ""}
)  # a unit → the kind of field that writes it


@dataclass(frozen=True)
class Headline:
    """What a key of metrics.json means: unit (money, share, count, days, number, text), label, page."""

    unit: str
    label: str
    page: str


def _of(page: str, **keys: tuple[str, str]) -> dict[str, Headline]:
    return {key.replace("__", "."): Headline(unit, label, page) for key, (unit, label) in keys.items()}


HEADLINES: Mapping[str, Headline] = {
    **_of(
        "10_target_breakdown",
        bookings__month=("money", marked("Bookings, month")),
        bookings__ytd=("money", marked("Bookings, year to date")),
        bookings__prior_ytd=("money", marked("Bookings, same span last year")),
        target__year=("money", marked("Target, year")),
        target__month=("money", marked("Target, month")),
        target__ytd=("money", marked("Target, year to date")),
        attainment__month=("share", marked("Attainment, month")),
        attainment__ytd=("share", marked("Attainment, year to date")),
        required__per_working_day=("money", marked("Needed per working day")),
        forecast__year=("money", marked("Forecast, year")),
        forecast__year_p10=("money", marked("Forecast, low (1 in 10)")),
        forecast__year_p90=("money", marked("Forecast, high (1 in 10)")),
        forecast__hit_probability=("share", marked("Probability of reaching the target")),
        forecast__model=("text", marked("Forecast model")),
        forecast__mase=("number", marked("Forecast error against seasonal naive (MASE)")),
        incentives__payout=("money", marked("Commission, year to date")),
        incentives__rate=("share", marked("Commission rate")),
    ),
    **_of(
        "20_customer_segmentation",
        customers__active=("count", marked("Active customers")),
        tier__strategic=("count", marked("Strategic accounts")),
        tier__core=("count", marked("Core accounts")),
        tier__potential=("count", marked("Potential accounts")),
        tier__opportunity=("count", marked("Opportunity accounts")),
        tier_share__strategic=("share", marked("Revenue share, strategic")),
        tier_share__core=("share", marked("Revenue share, core")),
        tier_share__potential=("share", marked("Revenue share, potential")),
        tier_share__opportunity=("share", marked("Revenue share, opportunity")),
        concentration__top10_share=("share", marked("Revenue share of the ten largest")),
        concentration__hhi=("number", marked("Revenue concentration (HHI)")),
        repeat__r=("number", marked("Repeat model, r")),
        repeat__alpha=("number", marked("Repeat model, alpha")),
        repeat__a=("number", marked("Repeat model, a")),
        repeat__b=("number", marked("Repeat model, b")),
        repeat__log_likelihood=("number", marked("Repeat model, log-likelihood")),
        repeat__expected_orders_90d=("number", marked("Order days expected in 90 days")),
        coverage__key_accounts=("share", marked("Key accounts met in time")),
    ),
    **_of(
        "30_funnel_diagnosis",
        funnel__open_count=("count", marked("Open deals")),
        funnel__open_value=("money", marked("Open pipeline")),
        funnel__win_rate=("share", marked("Win rate, twelve months")),
        funnel__median_days_to_close=("days", marked("Median days to close")),
        funnel__zombie_limit_days=("days", marked("Age beyond which nothing was won")),
        funnel__zombie_count=("count", marked("Zombie deals")),
        funnel__zombie_value=("money", marked("Zombie pipeline")),
        funnel__bottleneck=("text", marked("Bottleneck stage")),
        deals__auc=("number", marked("Deal model, AUC")),
        deals__brier=("number", marked("Deal model, Brier score")),
        deals__base_brier=("number", marked("Base rate, Brier score")),
        deals__verdict=("text", marked("Deal model, verdict")),
        hygiene__completeness=("share", marked("CRM completeness")),
    ),
    **_of(
        "40_team_enablement",
        team__reps=("count", marked("Sales people")),
        team__median_attainment=("share", marked("Median personal attainment")),
        team__at_target=("count", marked("People at target")),
    ),
    **_of(
        "50_risk_control",
        receivables__open=("money", marked("Open receivables")),
        receivables__overdue=("money", marked("Overdue receivables")),
        receivables__overdue_share=("share", marked("Overdue share")),
        receivables__dso=("days", marked("Days sales outstanding")),
        receivables__late_rate=("share", marked("Invoices paid late")),
        exposure__hhi=("number", marked("Exposure concentration (HHI)")),
        exposure__top3_share=("share", marked("Exposure share of the three largest")),
        pricing__below_floor_count=("count", marked("Order lines below the margin floor")),
        pricing__below_floor_value=("money", marked("Sales below the margin floor")),
    ),
    **_of(
        "60_sprint_retrospective",
        sprint__leads_per_day=("number", marked("Sprint: leads per working day")),
        sprint__lead_conversion=("share", marked("Sprint: lead conversion")),
        sprint__attainment=("share", marked("Sprint: attainment")),
        sprint__key_account_weekly=("share", marked("Sprint: strategic accounts contacted every week")),
        sprint__pull_forward=("money", marked("Sprint: pulled forward from the next month")),
        actions__open=("count", marked("Actions open")),
        actions__overdue=("count", marked("Actions overdue")),
        actions__done_share=("share", marked("Actions done")),
    ),
}
# models, their parameters and scores: only the analyst's edition shows them
ANALYSTS = frozenset(
    key
    for key in HEADLINES
    if (key.startswith("repeat.") and key != "repeat.expected_orders_90d")
    or key.endswith((".hhi", ".auc", "brier", ".mase", ".model"))
)

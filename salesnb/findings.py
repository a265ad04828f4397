"""What does a page assert about a cause or a difference, and how may it be wrong?

A verdict is a `Finding`: what was looked at, how often, what else could explain it, and the conclusion, of which
"explained by …" and "cannot tell" are two. The sentence of a page is made from it, and ``findings.json`` keeps it in codes.
`IDS` lists every verdict that the package's own pages can assert; ``data/README.md`` tells them to readers of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

from salesnb.headlines import plain
from salesnb.language import marked

FINDINGS = "findings.json"  # in a pack: every verdict of its pages

FOUND, EXPLAINED, CANNOT_TELL, NONE = "found", "explained", "cannot_tell", "none"
CONCLUSIONS = (FOUND, "product", "pitch", EXPLAINED, CANNOT_TELL, NONE)
RIVALS = ("mix", "maturity", "calendar", "past", "selection", "regression", "one_large", "records")
UNITS = (
    "account",
    "deal",
    "lead",
    "order",
    "order_day",
    "payment_run",
    "person",
    "team",
    "quarter_end",
    "month",
    "week",
    "record",
)
BASES = (
    "year_before",
    "own_past",
    "peers",
    "target",
    "untreated",
    "quarter_ends",
    "forecast",
    "chance",
)  # held against what?

IDS: Mapping[str, str] = MappingProxyType(
    {
        "line.fell": marked("A product line's win rate fell"),
        "line.why": marked("Why a line fell: the product, or the pitch of two people"),
        "line.split": marked("A line's win rate itself changed, beyond mix and immaturity"),
        "line.share": marked("A product line's share of the year is another than planned"),
        "stage.bottleneck": marked("A stage converts worse than in its best quarter"),
        "stage.slower": marked("Deals stay longer in a stage"),
        "cohort.unlike": marked("A quarter's deals fare unlike the others' at equal age"),
        "group.win_rate": marked("A channel, region, team or line wins unlike all others"),
        "group.days": marked("A channel, region, team or line takes unlike all others to close its deals"),
        "group.stage": marked("A group passes fewer deals at a stage than all others, or slower"),
        "bundle.pair": marked("Two product lines are bought together beyond chance"),
        "deals.together": marked("Deals of several people are won unlike those of one"),
        "deals.dried_up": marked("Deals are created no more"),
        "lead.channel": marked("A channel's leads become deals unlike all others'"),
        "records.team": marked("A team leaves required fields empty"),
        "checklist.team": marked("A team keeps the checklist less than the others"),
        "checklist.effect": marked("Deals with a kept checklist are won more often"),
        "pipeline.open_value": marked("The open pipeline moved beyond its usual steps"),
        "pipeline.win_rate": marked("The win rate moved beyond its usual steps"),
        "pipeline.zombie_value": marked("The pipeline older than anything won moved beyond its usual steps"),
        "receivables.overdue": marked("Overdue money moved beyond its usual steps"),
        "account.slow_payer": marked("An account pays late more often than its peers"),
        "price.elasticity": marked("A lower price sold more of a line"),
        "price.war": marked("A line is sold below its floor in a region since some month"),
        "event.aftermath": marked("Sales dipped after an event"),
        "account.silent": marked("An account pauses longer than its own rhythm explains"),
        "account.slower": marked("A key account orders less often than before"),
        "repeat.model": marked("The repeat model foretells orders better than each account's own rate"),
        "account.act": marked("Trials, discounts, visits or joint marketing brought orders of their own"),
        "course.lift": marked("A course lifted the win rate of those who took it"),
        "person.weak": marked("A person loses more deals at a stage than colleagues would"),
        "person.attainment": marked("A person is behind or ahead of target beyond chance"),
        "star.year": marked("Somebody is first of the year beyond chance"),
        "person.strong": marked("A person does better than colleagues in like cases at something that can be taught"),
        "star.habit": marked("The best differ in a habit"),
        "team.overloaded": marked("A team's appointments exceed its working day"),
        "person.overloaded": marked("A person's appointments exceed the working day"),
        "load.stress": marked("The busier half of the people is more stressed than the others"),
        "help.stress": marked("Help that was offered changed the stress of a team"),
        "step.poaching": marked("People sell more at colleagues' customers just below a step of their pay"),
        "squads.pace": marked("People in squads gain more in a sprint than people of an equal pace outside"),
        "bookings.surprise": marked("A month lies outside of what would have been foreseen for it"),
        "attainment.turned": marked("Attainment turned in the month"),
        "gap.few_hands": marked("A gap lies in the hands of few people"),
        "sprint.effect": marked("A sprint brought something of its own, beyond what such weeks bring anyway"),
        "sprint.pull_forward": marked("A sprint drew orders from the month after it"),
        "quarter.bunching": marked("Orders crowd at the ends of quarters"),
        "decision.worked": marked("A kind of decision moved its own number, beyond like ones without a decision"),
    }
)  # fmt: skip

ASKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "line.fell": ("mix", "maturity"),
        "line.why": ("mix", "maturity"),
        "line.split": ("mix", "maturity"),
        "line.share": ("calendar", "one_large"),
        "stage.bottleneck": ("mix", "maturity"),
        "stage.slower": ("mix", "calendar"),
        "cohort.unlike": ("mix", "calendar"),
        "group.win_rate": ("mix", "maturity"),
        "group.days": ("mix",),
        "group.stage": ("mix",),
        "deals.together": ("mix", "maturity"),
        "lead.channel": ("mix", "maturity"),
        "records.team": ("mix", "maturity"),
        "checklist.team": ("mix", "maturity"),
        "checklist.effect": ("mix", "maturity"),
        "pipeline.open_value": ("records", "calendar", "one_large"),
        "pipeline.win_rate": ("records", "calendar"),
        "pipeline.zombie_value": ("records", "calendar"),
        "receivables.overdue": ("calendar", "one_large"),
        "price.elasticity": ("selection", "mix", "one_large"),
        "price.war": ("past",),
        "event.aftermath": ("regression", "calendar"),
        "account.silent": ("past", "calendar", "records"),
        "account.slower": ("calendar",),
        "account.act": ("selection", "regression"),
        "course.lift": ("selection", "maturity"),
        "person.weak": ("mix", "maturity"),
        "person.attainment": ("maturity",),
        "person.strong": ("mix", "maturity"),
        "star.habit": ("selection",),
        "help.stress": ("regression",),
        "step.poaching": ("mix", "calendar"),
        "squads.pace": ("mix",),
        "bookings.surprise": ("one_large", "records"),
        "attainment.turned": ("calendar", "one_large", "records"),
        "sprint.effect": ("calendar",),
        "sprint.pull_forward": ("calendar",),
        "decision.worked": ("selection", "regression"),
    }
)  # which other causes may explain each verdict; the others are held equal by how it is asked, or do not touch it


@dataclass(frozen=True)
class Finding:
    """One verdict. `member`: whom or what it is about (an id or a name; empty: the scope). `value` with `low` and `high` in the
    verdict's own measure, `p` the chance of it by luck, `stated` the error rate that the verdict states, over `looks` looks;
    `unit` what is independent, `basis` what it is held against, `period` its days (first/last). `rivals`: the share of
    `value` that each other explanation accounts for; `by` the one that explains it, or that it cannot be told from."""

    id: str
    conclusion: str
    member: str = ""
    by: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    stated: float | None = None
    unit: str = "deal"
    looks: int = 1
    rivals: Mapping[str, float] = field(default_factory=dict)
    period: str = ""
    basis: str = "peers"

    def __post_init__(self) -> None:
        for name, known in (("id", IDS), ("conclusion", CONCLUSIONS), ("unit", UNITS), ("basis", BASES)):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name} must be one of {', '.join(known)}, but {getattr(self, name)!r} was passed"
                )
        for rival in (*self.rivals, *([self.by] if self.by is not None else [])):
            asked = ASKED.get(self.id, ())
            if rival not in asked:
                raise ValueError(
                    f"a rival of {self.id} must be one of {', '.join(asked) or 'none'}, but {rival!r} was passed"
                )
        if (self.conclusion == EXPLAINED) > (self.by is not None):
            raise ValueError(f"{self.id} is explained: by names the rival")
        if self.by is not None and self.conclusion not in (EXPLAINED, CANNOT_TELL):
            raise ValueError(f"{self.id} is {self.conclusion}: by must be None, but {self.by!r} was passed")
        if self.conclusion in ("product", "pitch") and self.id != "line.why":
            raise ValueError(f"only line.why ends in {self.conclusion}")
        for name in ("p", "stated"):
            share = plain(getattr(self, name))
            if share is not None and not 0 <= share <= 1:
                raise ValueError(f"{name} must lie between 0 and 1, but {share} was passed")
        ends = [plain(number) for number in (self.low, self.value, self.high)]
        known_ends = [number for number in ends if number is not None]
        if known_ends != sorted(known_ends):
            raise ValueError(f"low, value and high of {self.id} must rise, but {ends} were passed")
        if self.looks < 1:
            raise ValueError(f"looks must be 1 or more, but {self.looks} was passed")

    @property
    def holds(self) -> bool:
        """Is the verdict asserted, with no rival that explains it?"""
        return self.conclusion in (FOUND, "product", "pitch")

    def to_json(self) -> dict[str, Any]:
        """Codes and numbers of twelve digits, in the order of the fields; what is not known is null."""
        content = {one.name: getattr(self, one.name) for one in fields(self)}
        numbers = {name: plain(content[name]) for name in ("value", "low", "high", "p", "stated")}
        return content | numbers | {"rivals": {name: plain(share) for name, share in self.rivals.items()}}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Finding:
        """The finding that `to_json` wrote; what a pack adds (page and scope) is left out."""
        return cls(**{one.name: content[one.name] for one in fields(cls) if one.name in content})

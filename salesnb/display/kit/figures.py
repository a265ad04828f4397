"""How are the headline numbers of a page handed over, and listed at its end?"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

from salesnb.definitions import definition
from salesnb.headlines import ANALYSTS, HEADLINES, KINDS, Figure, plain
from salesnb.language import Language, Message


def handed(key: str, figure: Figure, say: Language) -> dict[str, Any]:
    """The figure as the pack keeps it: value, unit, label, and the reason where there is no value."""
    headline = HEADLINES[key]
    content = {"value": plain(figure.value), "unit": headline.unit, "label": say(headline.label)}
    return content if figure.reason is None else content | {"reason": say(figure.reason)}


def said(key: str, figure: Figure, say: Language) -> str:
    """The value as it is read, or the reason why there is none."""
    if figure.reason is not None:
        return say(figure.reason)
    kind = KINDS[HEADLINES[key].unit]
    return say.kind(figure.value, kind) if kind else _named(str(figure.value), say)


def _named(value: str, say: Language) -> str:
    """A name of the code's own, or several with a number behind each: "Theta 17%, deals 25%"."""
    parts = [part.rpartition(" ") if part.endswith("%") else (part, "", "") for part in value.split(", ")]
    return (
        say.list(say.word(name) + blank + number for name, blank, number in parts)
        if parts[1:]
        else say.word(value)
    )


def _look(key: str, figure: Figure) -> str:
    """The class of a value's cell: a reason, a number that stays on its line, or a name that may wrap."""
    if figure.reason is not None:
        return "why"
    return "n" if KINDS[HEADLINES[key].unit] else "name"


def listed(figures: Mapping[str, Figure], say: Language) -> str:
    """All of them in a fold, in the order of `HEADLINES`."""
    rows = "".join(
        f'<tr class="{"analyst" if key in ANALYSTS else ""}"><th scope="row">{html.escape(say(HEADLINES[key].label))}</th>'
        f'<td class="{_look(key, figures[key])}">{html.escape(said(key, figures[key], say))}</td></tr>'
        for key in HEADLINES
        if key in figures
    )
    headings = [html.escape(say("Number")), html.escape(say("Value"))]
    head = f'<tr class="vh"><th scope="col">{headings[0]}</th><th scope="col">{headings[1]}</th></tr>'
    title = html.escape(say("All headline numbers of this page"))
    pairs = f'<table class="pairs"><thead>{head}</thead><tbody>{rows}</tbody></table>'
    return f'<details class="figures"><summary>{title}</summary>{pairs}{origins(figures, say)}</details>'


def origins(figures: Iterable[str], say: Language) -> str:
    """Where each of the numbers comes from, in a fold: its definition, what it is made of, the function that computes it."""
    items = []
    for key in (each for each in HEADLINES if each in set(figures)):
        found = definition(key)
        lines = [
            say(Message(found.text)),
            say("Made of: {inputs:list}", inputs=list(found.inputs)),
            say("Computed by: {function}", function=f"salesnb.{found.function}"),
        ]
        name = html.escape(say(HEADLINES[key].label))
        items.append(f'<dt id="{key}">{name} <code>{key}</code></dt><dd>{html.escape(" ".join(lines))}</dd>')
    title = html.escape(say("Where these numbers come from"))
    fold = f'<details class="origins"><summary>{title}</summary><dl>{"".join(items)}</dl></details>'
    return f'<figure class="analyst">{fold}</figure>'  # in the notebook's edition alone

"""Who is at target, what training brought, what the stars do and who carries too much, drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from salesnb.display.kit import drawing, exhibit, labels, theme
from salesnb.display.kit.columns import interval
from salesnb.display.kit.exhibit import Column, Exhibit
from salesnb.display.kit.forms import dots
from salesnb.display.kit.labels import label_point
from salesnb.display.kit.pen import Pen
from salesnb.display.kit.words import called
from salesnb.display.team.tables import COURSE_COLUMNS, HABIT_NAMES
from salesnb.language import Message, marked

STANDING = {"behind": theme.BEHIND, "ahead": theme.AHEAD, "near": theme.ACTUAL}


def draw_attainment(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A dot per person with its interval, best on top; the target is the line at 100%."""
    rows = data.iloc[::-1].reset_index(drop=True)
    return dots(
        ax,
        list(rows["rep_name"]),
        rows["attainment"],
        low=rows["low"].clip(lower=0),
        high=rows["high"],
        colours=list(rows["standing"].map(STANDING)),
        pen=pen,
        reading="share",
        at=1.0,
    )


def attainment(attained: pd.DataFrame) -> Exhibit | None:
    """Every person's attainment with its 90% interval."""
    rows = attained.dropna(subset=["attainment"])
    if rows.empty:
        return None
    behind, ahead = int((rows["standing"] == "behind").sum()), int((rows["standing"] == "ahead").sum())
    return exhibit.chart(
        draw_attainment,
        rows,
        name="attainment",
        finding=Message(
            "{behind:count} of {n:count} people are behind target beyond chance, {ahead:count} ahead",
            behind=behind,
            n=len(rows),
            ahead=ahead,
        ),
        subtitle=Message(
            "Bookings over personal target, year to date; line: 90% interval; ▼ behind, ▲ ahead beyond chance"
        ),
        height=0.25 * len(rows) + 0.6,
        columns={
            "rep_name": Column(marked("Name")),
            "attainment": Column(marked("Attainment"), "share"),
            **interval("share"),
        },
    )


def draw_courses(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """A dot per course with its interval; hollow grey: the same comparison before the course."""
    colours = np.where(
        data["found"] & (data["lift"] > 0), theme.AHEAD, np.where(data["found"], theme.BEHIND, theme.ACTUAL)
    )
    ax.scatter(
        data["placebo"], range(len(data)), facecolors=theme.PAPER, edgecolors=theme.MUTED, s=34, zorder=2
    )
    return dots(
        ax,
        list(data["course"]),
        data["lift"],
        low=data["low"],
        high=data["high"],
        colours=list(colours),
        pen=pen,
    )


def courses(lifts: pd.DataFrame) -> Exhibit | None:
    """What each course did to the win rate, with intervals and placebo."""
    finding = Message(
        "{n:count} of {all:count} courses moved the win rate beyond chance",
        n=int(lifts["found"].astype(bool).sum()),
        all=len(lifts),
    )
    return exhibit.chart(
        draw_courses,
        lifts,
        name="course_lift",
        finding=finding,
        subtitle=Message(
            "Change of the win rate after each course against reps not yet trained, 95% interval; hollow: the half year before it"
        ),
        height=0.42 * len(lifts) + 0.7,
        columns=COURSE_COLUMNS,
    )


def draw_course_path(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """The difference by quarter of a year before and after the course."""
    ax.axhline(0, color=theme.TARGET, linewidth=1.0)
    ax.axvline(0, color=theme.MUTED, linewidth=1.0, linestyle=(0, (3, 3)))
    middle = data["months"] + 1.5
    ax.vlines(middle, data["low"], data["high"], color=theme.CONTEXT, linewidth=2.5, alpha=0.6)
    ax.scatter(
        middle,
        data["difference"],
        c=[theme.ACTUAL if month >= 0 else theme.MUTED for month in data["months"]],
        s=44,
        zorder=3,
    )
    label_point(ax, 0, float(data["high"].max()), pen("Course"), above=True)
    labels.points_axis(ax, pen)
    ax.set_xticks(list(range(-12, 13, 6 if pen.narrow else 3)))
    ax.set_xlabel(pen("Months since the course"))
    return ax


def course_path(path: pd.DataFrame, *, course: str) -> Exhibit | None:
    """How the win rate of trained reps moved around a course."""
    return exhibit.chart(
        draw_course_path,
        path,
        name="course_path",
        finding=Message(
            "Win rate before and after {course}, against what untrained reps let expect",
            course=course,
        ),
        subtitle=Message(
            "Win rate less what was to be expected without the course, by quarter around it, 95% interval; before it the dots should lie at zero"
        ),
        columns={
            "months": Column(marked("Month"), "count"),
            "difference": Column(marked("Difference"), "points"),
            **interval("points"),
            "deals": Column(marked("Deals"), "count"),
        },
    )


def draw_habits(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """The stars' difference in standard deviations, per habit, beside the band of chance."""
    return dots(
        ax,
        [pen.sentence(pen(HABIT_NAMES[name])) for name in data["habit"]],
        data["standardised"],
        low=data["low"] / data["spread"],
        high=data["high"] / data["spread"],
        colours=[theme.AHEAD if sure else theme.ACTUAL for sure in data["beyond_chance"]],
        pen=pen,
        reading="number",
        band=True,
        texts=[pen.signed(value) for value in data["standardised"]],
    )


def habits(differences: pd.DataFrame) -> Exhibit | None:
    """In which habits the stars differ from the others."""
    if differences.empty:
        return None
    return exhibit.chart(
        draw_habits,
        differences,
        name="star_habits",
        finding=Message(
            "In {n:count} of {all:count} habits the stars differ beyond chance",
            n=int(differences["beyond_chance"].sum()),
            all=len(differences),
        ),
        subtitle=Message(
            "Stars less others, in standard deviations between people; grey band: as many people drawn at random, for so many habits"
        ),
        height=0.34 * len(differences) + 0.7,
        columns={
            "habit": Column(marked("Habit"), words=HABIT_NAMES),
            "standardised": Column(marked("Difference, standard deviations"), "number"),
            "p_value": Column(marked("Chance"), "percent"),
        },
    )


def draw_load(ax: Axes | np.ndarray, data: pd.DataFrame, pen: Pen) -> Axes | np.ndarray:
    """A panel per team: hours taken over hours there are, by month."""
    for one, (team, rows) in zip(drawing.axes_of(ax), data.groupby("team", sort=False), strict=False):
        over = bool(rows["load"].tail(3).mean() > 1)
        one.axhline(1.0, color=theme.TARGET, linewidth=1.0, linestyle=(0, (4, 2)))
        one.plot(rows["month"], rows["load"], color=theme.ACTUAL)
        if over:
            one.fill_between(
                rows["month"],
                1.0,
                rows["load"],
                where=rows["load"] > 1.0,
                interpolate=True,
                color=theme.BEHIND,
            )
        one.set_title(str(team))
        labels.share_axis(one, pen, ticks=3)
        labels.month_axis(one, pen, few=True)
    return ax


def load(load_months: pd.DataFrame, teams: pd.DataFrame) -> Exhibit | None:
    """Hours that activities take over the hours there are, by team and month."""
    if load_months.empty or teams.empty:
        return None
    order = list(teams["team"])[:6]
    rows = pd.concat([load_months[load_months["team"] == team] for team in order])
    first = teams.iloc[0]
    cols = min(3, len(order))
    return exhibit.chart(
        draw_load,
        rows,
        name="team_load",
        finding=Message(
            "{team} spends {load:share} of its selling hours on logged activities",
            team=first["team"],
            load=first["load"],
        ),
        subtitle=Message("Hours logged over hours available, by month; dashed: all hours taken"),
        rows=-(-len(order) // cols),
        cols=cols,
        height=(2.0 * -(-len(order) // cols), 1.9 * (len(order) if len(order) <= 4 else -(-len(order) // 2))),
        columns={
            "team": Column(marked("Team")),
            "month": Column(marked("Month"), "month"),
            "hours": Column(marked("Hours"), "count"),
            "available": Column(marked("Available"), "count"),
            "load": Column(marked("Load"), "share"),
        },
    )


def draw_weak(ax: Axes, data: pd.DataFrame, pen: Pen) -> Axes:
    """The twelve rep-stage pairs furthest below the colleagues, with intervals."""
    return dots(
        ax,
        [
            f"{name} · {pen.text(called(stage))}"
            for name, stage in zip(data["rep_name"], data["stage"], strict=True)
        ],
        data["difference"],
        low=data["low"],
        high=data["high"],
        colours=[theme.BEHIND if weak else theme.ACTUAL for weak in data["weak"]],
        pen=pen,
    )


def weaknesses(found: pd.DataFrame) -> Exhibit | None:
    """Where people lose more deals than colleagues would."""
    rows = found.head(12)
    return exhibit.chart(
        draw_weak,
        rows,
        name="stage_weakness",
        finding=Message(
            "{n:count} of {looks:count} person-stage records are weak beyond chance",
            n=int(found["weak"].sum()),
            looks=len(found),
        ),
        subtitle=Message(
            "Share of deals that moved on, less what colleagues reach on the same products; 90% interval; red: beyond chance"
        ),
        height=0.32 * len(rows) + 0.7,
        columns={
            "rep_name": Column(marked("Name")),
            "stage": Column(marked("Stage"), "given"),
            "difference": Column(marked("Difference"), "points"),
            "deals": Column(marked("Deals"), "count"),
        },
    )

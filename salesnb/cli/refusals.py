"""How is a command that cannot be meant refused, and in which language? Typer's own words are English and for programmers."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from salesnb.errors import nearest, told
from salesnb.language import LANGUAGES, Message, marked

COMMANDS = ("report", "send", "check", "init", "new-page", "explain", "demo")
LANGUAGE_LINE = re.compile(rb"^language:\s*[\"']?(\w+)", re.M)


def worded(error: Any, arguments: Sequence[str]) -> Message | None:
    """The sentence for what typer refused; None where it has shown its help instead.

    Typer's classes are known by their names and attributes: they are not part of its public interface.
    """
    kind, said = type(error).__name__, str(getattr(error, "message", ""))
    command = next((each for each in arguments if each in COMMANDS), "")
    option = str(getattr(error, "option_name", ""))
    if kind == "NoArgsIsHelpError":
        return None
    if kind == "NoSuchOption":
        return told(_no_such_option(option, list(getattr(error, "possibilities", None) or [])))
    if kind == "BadOptionUsage":
        if "not take" in said:
            return told(Message("{option} takes no value; leave the value out", option=option))
        return Message(
            "{option} needs a value after it; see salesnb {command} --help", option=option, command=command
        )
    if kind == "MissingParameter":
        return Message(
            "salesnb {command} needs a {missing}: write it after {command}; see salesnb {command} --help",
            command=command,
            missing=error.param.name,
        )
    if kind == "BadParameter":
        return _bad_value(error.param.opts[0], said)
    if not command:
        return told(_no_such_command(next((each for each in arguments if not each.startswith("-")), "–")))
    extra = re.search(r"\(([^()]*)\)$", said)
    return told(
        Message(
            "salesnb {command} was given more than it takes ({extra}); put a name that holds blanks in quotation marks",
            command=command,
            extra=extra.group(1) if extra else "–",
        )
    )


PLACES = (marked("folder"), marked("name"), marked("pack"), marked("workspace"))  # what commands ask for


def _no_such_option(option: str, known: Sequence[str]) -> Message:
    guess = nearest(option, known)
    if guess:
        return Message("there is no option {option}; did you mean {guess}?", option=option, guess=guess)
    return Message("there is no option {option}; see salesnb --help", option=option)


def _no_such_command(written: str) -> Message:
    guess = nearest(written, COMMANDS)
    if guess:
        return Message("there is no command {command}; did you mean {guess}?", command=written, guess=guess)
    return Message(
        "there is no command {command}; there are {known:list}", command=written, known=list(COMMANDS)
    )


def _bad_value(option: str, said: str) -> Message:
    most = re.search(r"(?:<=|less than or equal to) *([0-9]+)", said)
    if most:
        return Message("{option} must be at most {most:count}", option=option, most=int(most.group(1)))
    least = re.search(r"(?:>=|greater than or equal to) *([0-9]+)", said)
    if least:
        return Message(
            "{option} must be at least {least:count}",
            option=option,
            least=int(least.group(1)),
        )
    return Message("{option} must be a number", option=option)


def asked_language(arguments: Sequence[str]) -> str:
    """The language of an error: the one asked for with --lang, else that of the plan of a workspace among the arguments, else
    the locale's."""
    for one, other in zip(arguments, [*arguments[1:], ""], strict=False):
        asked = one.removeprefix("--lang=") if one.startswith("--lang=") else other if one == "--lang" else ""
        if asked in LANGUAGES:
            return asked
    places = (each for each in arguments if not each.startswith("-") and each not in COMMANDS)
    return next((code for each in places if (code := plan_language(each))), locale_language())


def locale_language() -> str:
    """The language in which the reader's system speaks, English where it is none of ours."""
    spoken = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return spoken[:2] if spoken[:2] in LANGUAGES else "en"


def plan_language(workspace: str) -> str | None:
    """The language of a workspace's plan, also of one that has mistakes; None where there is no plan or it names none.

    Whatever else goes wrong here is told by who reads the workspace: a message must not fail for want of its language.
    """
    from salesnb.intake.digests import read_workspace_plan
    from salesnb.intake.files import find_workspace

    try:
        path = find_workspace(workspace)
    except Exception:
        return None
    try:
        plan = read_workspace_plan(path)
        return plan.language if "language" in plan.model_fields_set else None
    except Exception:
        return _written_language(path / "plan.yml" if path.is_dir() else path.with_name("plan.yml"))


def _written_language(plan: Path) -> str | None:
    try:
        found = LANGUAGE_LINE.search(plan.read_bytes())
    except OSError:
        return None
    code = found.group(1).decode() if found else ""
    return code if code in LANGUAGES else None

"""What is wrong with a setting of plan.yml? Each mistake as one sentence: where, what stands there, what must."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from salesnb.errors import nearest
from salesnb.language import Message
from salesnb.plan.cures import readings, written

Place = tuple[int | str, ...]
LONGEST = 80
MOST_TOLD = 10
FIRST_YEAR = 1900  # a smaller number in a place counts the entries of a list
SECRET_PLACES = ("source",)  # an address with its password, written where only a variable's name may stand


class SettingError(ValueError):
    """What a setting's own rule says; `expected` completes the words: must be …"""

    def __init__(self, expected: Message) -> None:
        self.expected = expected
        super().__init__(str(expected))


class ContradictionError(ValueError):
    """Parts of a setting that are valid each and impossible together, as a sentence."""

    def __init__(self, sentence: Message) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


def mistakes(error: ValidationError, model: type[BaseModel], content: Any, *, path: Path) -> Message:
    """A sentence for each mistake, a line each: misspelt keys first, and not the key that is missing for one of them."""
    once: dict[Place, Any] = {}
    for problem in error.errors():
        once.setdefault(tuple(problem["loc"]), problem)
    unknown = [each for each in once.values() if each["type"] == "extra_forbidden"]
    meant = {
        (*place[:-1], nearest(str(place[-1]), _settings_at(model, place[:-1])))
        for place in (each["loc"] for each in unknown)
    }
    misnamed = {
        place[:-1] for place in once if place[-1:] == ("[key]",)
    }  # what stands there waits for its name
    others = [
        each for place, each in once.items() if each["type"] != "extra_forbidden" and place not in misnamed
    ]
    others = [each for each in others if each["type"] != "missing" or tuple(each["loc"]) not in meant]
    told = [_sentence(each, model, content, path) for each in [*unknown, *others]]
    if len(told) > MOST_TOLD:
        rest = Message("{path}: {count:count} more mistakes", path=path, count=len(told) - MOST_TOLD)
        told = [*told[:MOST_TOLD], rest]
    if len(told) == 1:
        return told[0]
    numbered = {f"mistake{number}": each for number, each in enumerate(told)}
    a_line_each = "\n".join(f"{{{name}}}" for name in numbered)
    return Message(a_line_each, **numbered)


def _sentence(problem: Mapping[str, Any], model: type[BaseModel], content: Any, path: Path) -> Message:
    place: Place = tuple(problem["loc"])
    where = written_place(place)
    if problem["type"] == "extra_forbidden":
        return _unknown(place, where, model, path)
    if problem["type"] == "missing":
        return Message("{path}: the setting {where} is missing; add it", path=path, where=where)
    reason = (problem.get("ctx") or {}).get("error")
    if isinstance(reason, ContradictionError):
        return Message("{path}: {reason}; correct it", path=path, reason=reason.sentence)
    said: dict[str, Any] = {
        "path": path,
        "where": where,
        "expected": reason.expected if isinstance(reason, SettingError) else _expected(problem, place, model),
        "got": "…"
        if place[0] in SECRET_PLACES and problem["input"] is not None
        else _written(problem["input"]),
    }
    cure = None if place[0] in SECRET_PLACES else _cure(problem, model, content)
    if place[-1] == "[key]":
        said["where"] = written_place(place[:-2])
        if cure is not None:
            return Message(
                "{path}: {got} under {where} must be {expected}; write {cure}", **said, cure=written(cure)
            )
        return Message("{path}: {got} under {where} must be {expected}; correct it", **said)
    if cure is not None:
        return Message(
            "{path}: {where} is {got}, but must be {expected}; write {cure}", **said, cure=written(cure)
        )
    return Message("{path}: {where} is {got}, but must be {expected}; correct it", **said)


def _cure(problem: Mapping[str, Any], model: type[BaseModel], content: Any) -> Any:
    """What the value may have meant and the place takes; None where that is not known."""
    words = re.findall(r"'([^']*)'", str((problem.get("ctx") or {}).get("expected", "")))
    place = tuple(problem["loc"])
    if isinstance(problem["input"], int) and abs(problem["input"]) > 10**18:
        return None
    for candidate in readings(problem["input"], words):
        if place[-1] == "[key]" and isinstance(candidate, list):
            continue
        changed = _changed(content, place, candidate)
        try:
            model.model_validate(changed)
            return candidate
        except ValidationError as error:
            there = (*place[:-2], str(candidate), "[key]") if place[-1] == "[key]" else place
            left = [tuple(map(str, each["loc"][: len(there)])) for each in error.errors()]
            if tuple(map(str, there)) not in left:
                return candidate
    return None


def _changed(content: Any, place: Place, value: Any) -> Any:
    """`content` with another value, or another key, at the place."""
    if not place:
        return value
    if place[1:] == ("[key]",):
        return {(value if str(key) == str(place[0]) else key): held for key, held in content.items()}
    if isinstance(content, Mapping):
        return {
            key: _changed(held, place[1:], value) if str(key) == str(place[0]) else held
            for key, held in content.items()
        }
    if isinstance(content, list):
        return [
            _changed(held, place[1:], value) if at == place[0] else held for at, held in enumerate(content)
        ]
    return content


def written_place(place: Place) -> str:
    """``sprints #1.target``: entries of a list are counted from one, as people do."""
    words = [f" #{part + 1}" if isinstance(part, int) and part < FIRST_YEAR else f".{part}" for part in place]
    return "".join(words).removeprefix(".").removesuffix(".[key]")


def _unknown(place: Place, where: str, model: type[BaseModel], path: Path) -> Message:
    known = list(_settings_at(model, place[:-1]))
    guess = nearest(str(place[-1]), known)
    if guess:
        return Message(
            "{path}: the setting {where} does not exist; did you mean {guess}?",
            path=path,
            where=where,
            guess=guess,
        )
    return Message(
        "{path}: the setting {where} does not exist; there are {known:list}",
        path=path,
        where=where,
        known=known,
    )


def _expected(problem: Mapping[str, Any], place: Place, model: type[BaseModel]) -> Message:
    """What must stand at the place, by the kind of pydantic's complaint; its own words are for programmers."""
    kind, facts = str(problem["type"]), problem.get("ctx") or {}
    if kind == "literal_error":
        return Message("one of {words:list}", words=re.findall(r"'([^']*)'", str(facts["expected"])))
    if kind in ("less_than_equal", "less_than"):
        return _at_most(facts["le"] if "le" in facts else facts["lt"])
    if kind == "greater_than_equal":
        return Message("at least {least:number}", least=facts["ge"])
    if kind == "greater_than":
        return Message("more than {least:number}", least=facts["gt"])
    if kind.startswith(("int_", "int_parsing")):
        return Message("a whole number")
    if kind.startswith(("float_", "finite_", "decimal_")):
        return Message("a number")
    if kind.startswith("date"):
        return Message("a date such as 2026-10-31")
    if kind.startswith("bool"):
        return Message("true or false")
    if kind == "list_type":
        return Message("a list such as [one, two]")
    if kind == "too_short":
        return Message("a list with at least one entry")
    if kind.startswith(("model_", "dict_", "mapping_")):
        known = list(_settings_at(model, place))
        if known:
            return Message("a group of settings: {known:list}", known=known)
        return Message("a group of entries such as {{name: value}}")
    return Message("a text that is not empty")


def _at_most(most: float) -> Message:
    if most == 1:
        return Message("at most 1, because it is a share (0.3 means 30%)")
    return Message("at most {most:number}", most=most)


def _written(value: object) -> object:
    """The value as the file holds it, not as Python writes it."""
    if value is None or value == "":
        return Message("empty")
    if isinstance(value, str):
        return f"“{value[:LONGEST]}”"
    return json.dumps(value, default=str, ensure_ascii=False)[:LONGEST]


def _settings_at(annotation: Any, place: Place) -> Iterator[str]:
    """The settings that exist at a place of the plan."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field.annotation for name, field in annotation.model_fields.items()}
        if not place:
            yield from fields
        elif str(place[0]) in fields:
            yield from _settings_at(fields[str(place[0])], place[1:])
    elif place and get_args(annotation):
        yield from _settings_at(get_args(annotation)[-1], place[1:])

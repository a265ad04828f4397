"""What does plan.yml say, as plain values? YAML without its surprises, and each mistake in it as one sentence.

Not read here: anchors (a small file can unfold into gigabytes), tags (they name code), repeated keys. ``no`` and ``off``
stay words (NO is Norway), ``1:30`` and ``007`` stay texts (YAML 1.1 would make 90 and 7 of them).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from salesnb.errors import InputError, trouble
from salesnb.language import Message, marked

PROBLEMS = (  # what PyYAML says, and what that means for the person who wrote the file
    (r"'\\t' that cannot start", marked("a tab stands where blanks are needed")),
    (
        r"cannot start any token",
        marked("a value begins with a sign of YAML's own; put it in quotation marks"),
    ),
    (r"mapping values are not allowed", marked("the line holds a second colon, or is indented too far")),
    (r"special characters", marked("the file holds a sign that no text holds")),
    (r"another document", marked("a second document begins (---); keep one")),
    (r"unexpected end of stream|expected ',' or", marked("a bracket or a quotation mark is never closed")),
    (r"unknown escape", marked("a backslash stands in double quotation marks; use single ones")),
    (r"could not find expected ':'", marked("a colon is missing after a key")),
    (r"expected <block end>|could not find", marked("the line is indented otherwise than its neighbours")),
)


class _Mistake(yaml.MarkedYAMLError):
    """A mistake whose sentence is ours."""

    def __init__(self, message: Message, mark: yaml.Mark) -> None:
        super().__init__(problem_mark=mark)
        self.message = message


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors, tags, repeated keys and values that change on reading."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML's own name, set below

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.events.AliasEvent) or event.anchor:
            raise _Mistake(Message("anchors (&) and aliases (*) are not read here"), event.start_mark)
        if event.tag:
            raise _Mistake(Message("tags such as {tag} are not read here", tag=event.tag), event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
            if not isinstance(key, (str, int, float, bool)):
                raise _Mistake(Message("a key must be a name or a number"), key_node.start_mark)
            if key in seen:
                raise _Mistake(Message("the key {key} stands twice", key=key), key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def checked(self, node: Any, construct: Callable[[Any, Any], Any]) -> Any:
        """A date or a number that exists: 2026-02-30 does not."""
        try:
            return construct(self, node)
        except ValueError:
            shown = str(node.value)[:40]
            raise _Mistake(
                Message("{value} is no date or number that exists", value=shown), node.start_mark
            ) from None


def _checked(construct: Callable[[Any, Any], Any]) -> Callable[[_PlainLoader, Any], Any]:
    return lambda loader, node: loader.checked(node, construct)


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?(0|[1-9][0-9_]*)", [*"-+0123456789"]),
    (
        "float",
        r"[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?",
        [*"-+.0123456789"],
    ),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", [*"0123456789"]),
):
    _PlainLoader.add_implicit_resolver(  # type: ignore[no-untyped-call]
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first
    )
for _kind, _construct in (
    ("int", yaml.SafeLoader.construct_yaml_int),
    ("timestamp", yaml.SafeLoader.construct_yaml_timestamp),
):
    _PlainLoader.add_constructor(f"tag:yaml.org,2002:{_kind}", _checked(_construct))


def value_of(text: str) -> Any:
    """A single value as plan.yml would hold it; `yaml.YAMLError` where it is none."""
    return yaml.load(text, Loader=_PlainLoader)


def read_text(path: Path) -> str:
    """What plan.yml holds, as text; `InputError` where there is none."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            "{path} is missing: a workspace needs a plan.yml with at least the line company: NAME", path=path
        ) from None
    except OSError as error:
        raise InputError(
            "{path} cannot be read ({problem}); grant access to it", path=path, problem=trouble(error)
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(
            "{path} is not UTF-8 (byte {byte}): save it as UTF-8", path=path, byte=error.start + 1
        ) from None


def settings_in(text: str, *, path: Path) -> Any:
    """The same as plain values; `InputError` names the line and what is wrong there."""
    try:
        return value_of(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            "{path} cannot be read as YAML at line {line}: {problem}; correct it",
            path=path,
            line=mark.line + 1 if mark else 1,
            problem=_worded(error),
        ) from None
    except RecursionError:
        raise InputError("{path} cannot be read as YAML: it is nested too deeply", path=path) from None


def _worded(error: yaml.YAMLError) -> Message:
    if isinstance(error, _Mistake):
        return error.message
    said = str(error)
    known = next((text for pattern, text in PROBLEMS if re.search(pattern, said)), None)
    return Message(known) if known else Message("brackets, quotation marks or indentation do not fit")

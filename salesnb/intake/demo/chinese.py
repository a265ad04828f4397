"""How does the sample company look in a Chinese office? The same company in Chinese words, headings and file names.

Nothing is drawn anew: every number, day and code is that of the English one, and so is every blemish.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import yaml

from salesnb.intake.demo.names import BRANDS, CITIES, TRADES
from salesnb.intake.schema import TABLES, Column

LANGUAGE = "zh"
BOOLEANS = {"true": "是", "false": "否"}
_ACCOUNT = re.compile(
    "^({}) ({}) ({})(?: ([0-9]+))?$".format(
        *("|".join(name for name, _ in names) for names in (CITIES, BRANDS, TRADES))
    )
)
_PLACED = {english: chinese for names in (CITIES, BRANDS, TRADES) for english, chinese in names}
_UNUSED = re.compile(r"# [a-z_]+: ")  # a setting that the company does not use
_COMMENT = re.compile(r"(^|\s+)# (.*)$")


@cache
def _lists() -> Mapping[str, Any]:
    return yaml.safe_load(files(__package__).joinpath("chinese.yml").read_text(encoding="utf-8"))


def in_chinese(name: str, texts: pd.DataFrame) -> pd.DataFrame:
    """A table of the company as text, in Chinese: its headings, and the words of its columns; blanks around a word stay."""
    table = TABLES[name]
    return pd.DataFrame(
        {
            column.name_in(LANGUAGE): texts[column.name].map(_around(_translation(name, column)))
            for column in table
            if column.name in texts
        }
    )


def plan_in_chinese(plan: str) -> str:
    """plan.yml's text in Chinese: names of members, stages and sprints, the comments, and its language."""
    words = _joined(_lists()["plan"])
    named = re.compile(
        rf"(?<![\w.])({'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?![\w.])"
    )
    comments, lines = _lists()["comments"], []
    for line in plan.splitlines():
        unused = "# " if _UNUSED.match(line) else ""
        setting, blank, comment = _parted(line.removeprefix(unused))
        setting = named.sub(lambda found: words[found[1]], setting)
        lines.append(unused + setting + (f"{blank}# {comments.get(comment, comment)}" if comment else ""))
    return "\n".join(lines).replace("language: en", f"language: {LANGUAGE}") + "\n"


def _parted(line: str) -> tuple[str, str, str]:
    found = _COMMENT.search(line)
    return (line[: found.start()], found[1], found[2]) if found else (line, "", "")


def _joined(names: str | list[str]) -> dict[str, str]:
    return {
        english: chinese
        for name in ([names] if isinstance(names, str) else names)
        for english, chinese in _lists()[name].items()
    }


def _translation(table: str, column: Column) -> Callable[[str], str]:
    if column.name == "account_name":
        return _account
    words = {
        "choice": lambda: column.words(LANGUAGE) | {"wechat": "微信"},
        "boolean": lambda: BOOLEANS,
    }.get(column.kind, lambda: _joined(_lists()["columns"].get(table, {}).get(column.name, [])))()
    return lambda text: words.get(text, text)


def _account(name: str) -> str:
    found = _ACCOUNT.match(name)
    if not found:
        return name
    city, brand, trade, number = found.groups()
    return f"{_PLACED[city]}{_PLACED[brand]}{_PLACED[trade]}有限公司" + (f" {number}" if number else "")


def _around(translate: Callable[[str], str]) -> Callable[[str], str]:
    def translated(text: str) -> str:
        bare = text.strip()
        return text.replace(bare, translate(bare), 1) if bare else text

    return translated

"""What may leave a run? Everything of a pack goes through here: what is not the scope's is withheld, and nothing tells of the machine.

A page, its tables, workbooks and notebook stand or fall together: one person, account, deal, note or amount of outside, and the
page becomes a failed one that says how many. Which identities those are, `intake.outside` knows. A word that the project's
own texts, its products or the scope's own names hold is no identity in a sentence, only where it stands alone in a cell.
What no reading finds: a sum that is computed of outside's rows, an amount of few digits, the dots of a picture.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from glob import escape
from pathlib import Path

from babel import Locale

from salesnb.errors import InputError
from salesnb.headlines import PAGES
from salesnb.intake.outside import Outside
from salesnb.intake.workspace import Book
from salesnb.language import LANGUAGES, Language, Message, catalogue, marked
from salesnb.report.cleaning import clean, machine_names
from salesnb.report.contents import texts_of
from salesnb.report.execute import PageRun

CHANCE = 1e-6  # of withholding a page for amounts that are equal by coincidence
DISTINCTIVE = 7  # significant digits from which an amount is told from another
SHORTEST = 3  # letters of an id or a name that is looked for inside a sentence
LONGEST = 25  # of a number's signs
FULL = 40  # coincidences to expect from which on nothing can be told
LARGEST = 1e16  # of amounts: the engine compares whole cents
CJK = "\u3400-\u4dbf\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7af"
TOKEN = re.compile(rf"[{CJK}]|[^\W{CJK}]+")
WORD = re.compile(r"""[^\s<>"'&;,()=|{}\[\]，。；：、（）“”]+""")
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w])")
ANSWERS = re.compile(
    r"(?=.*\bstress\b)(?=.*\b(?:rep_id|surveyed_on)\b)\s*\w+(?:\s+\w+)*\s*"
)  # headings of single answers
KINDS = {
    "answers": marked("tables of employees' single answers: {n:count}"),
    "people": marked("people: {n:count}"),
    "accounts": marked("customers: {n:count}"),
    "opportunities": marked("deals: {n:count}"),
    "orders": marked("orders: {n:count}"),
    "invoices": marked("invoices: {n:count}"),
    "leads": marked("leads: {n:count}"),
    "activities": marked("activities: {n:count}"),
    "actions": marked("actions: {n:count}"),
    "notes": marked("notes: {n:count}"),
    "regions": marked("regions: {n:count}"),
    "teams": marked("teams: {n:count}"),
    "members": marked("other members: {n:count}"),
    "amounts": marked("amounts: {n:count}"),
}


class Gate:
    """The gate of one pack, which knows the scope of `book`; without a scope everything is inside."""

    def __init__(self, book: Book) -> None:
        self.outside = Outside(book) if book.scope is not None else None
        self._book = book
        self._machine = machine_names()
        self._ids: dict[str, str] = {}
        self._amounts: set[int] = set()
        self._asked: tuple[set[str], set[int]] = (set(), set())

    def strangers(self, held: Mapping[str, set[str]]) -> dict[str, Counter[str]]:
        """Which of the texts hold an identity or an amount of outside? Name → kind → number; without those that hold none.

        The engine is asked once for all of them, and about no word or amount twice.
        """
        if self.outside is None or not held:
            return {}
        words = {name: _words(texts) for name, texts in held.items()}
        amounts = {name: _amounts(texts) for name, texts in held.items()}
        self._ask(set().union(*words.values()), set().union(*amounts.values()))
        told = {}
        for name, texts in held.items():
            found = {each: self._ids[each] for each in words[name] & self._ids.keys()}
            for text in texts:
                found.update(self._names.within(text))
            told[name] = Counter(found.values())
            hits = self._amounts & amounts[name]
            if count := _beyond_chance(hits, amounts[name], rows=self.outside.rows):
                told[name]["amounts"] = count
        return {name: found for name, found in told.items() if found}

    def pages(self, folder: Path, runs: Mapping[str, PageRun]) -> dict[str, PageRun]:
        """The runs; a page that holds what is not the scope's, or what an employee answered, has become a failed one, and its files
        are gone. What they tell of the machine is taken out."""
        files = {page: _files_of(folder, page) for page in runs}
        self._clean([path for paths in files.values() for path in paths])
        looked = files if self.outside else {page: files[page] for page in files if page not in PAGES}
        texts = {page: set().union(*map(texts_of, paths)) for page, paths in looked.items()}
        strange = self.strangers(texts)
        for page, held in texts.items():
            if answers := sum(ANSWERS.fullmatch(text) is not None for text in held):
                strange.setdefault(page, Counter())["answers"] = answers
        passed = dict(runs)
        for page, found in strange.items():
            for path in files[page]:
                path.unlink()
            passed[page] = replace(runs[page], problem=self._problem(found), section="", detail="")
        return passed

    def kept(self, lines: Sequence[Message], say: Language) -> list[Message]:
        """Those of the lines that the run itself writes (doubts about the data) which may leave."""
        strange = self.strangers({str(place): {say(line)} for place, line in enumerate(lines)})
        return [line for place, line in enumerate(lines) if str(place) not in strange]

    def whole(self, folder: Path, runs: Mapping[str, PageRun]) -> None:
        """The last look, at what the run has written of the pages and beside them; `InputError` where something got through."""
        looked = {path for page in runs for path in _files_of(folder, page)}
        paths = [path for path in folder.rglob("*") if path.is_file() and path not in looked]
        self._clean(paths)
        if self.outside is None:
            return
        found = self.strangers({path.relative_to(folder).as_posix(): texts_of(path) for path in paths})
        if found:
            raise InputError(
                "the pack of {scope} was not written: {files:list} would hold what is not of it",
                scope=str(self.outside.book.scope),
                files=sorted(found),
            )

    # ---------------------------------------------------------------------------------------------------------------

    @cached_property
    def _names(self) -> _Names:
        assert self.outside is not None
        return _Names(self.outside)

    def _ask(self, words: set[str], amounts: set[int]) -> None:
        """Asks which of the words are ids and which of the amounts are of outside, but for those asked about before."""
        assert self.outside is not None
        known, seen = self._asked
        self._ids |= self.outside.ids(words - known - _own_words())
        self._amounts |= self.outside.amounts(amounts - seen)
        self._asked = known | words, seen | amounts

    def _clean(self, paths: Sequence[Path]) -> None:
        for path in paths:
            clean(path, names=self._machine, spoken=self._spoken, pictures=self.outside is None)

    def _spoken(self) -> set[str]:
        """Whoever the data name may be called as the machine or its user is."""
        people = self._book.table("reps").select("rep_id", "rep_name").to_pandas()
        return {*people["rep_id"], *people["rep_name"]}

    def _problem(self, found: Mapping[str, int]) -> Message:
        if set(found) == {"answers"}:
            return Message(
                "The page was withheld: it held what single employees answered, which is shown of groups alone."
            )
        return Message(
            "The page was withheld: it held what is not of {scope} ({what:list}).",
            scope=str(self.outside.book.scope) if self.outside is not None else "",
            what=[Message(KINDS[kind], n=number) for kind, number in sorted(found.items())],
        )


class _Names:
    """The names and notes of outside, to be found in texts: each by its first word, the longest at a place counts."""

    def __init__(self, outside: Outside) -> None:
        strange, members, known = outside.names(), outside.members(), outside.known()
        self.alone = {**members, **strange}
        for name in known:
            self.alone.pop(name, None)
        self._index: dict[str, list[str]] = {}
        for name in {*self.alone, *known}:
            if first := TOKEN.search(name):
                self._index.setdefault(first.group(), []).append(name)
        for held in self._index.values():
            held.sort(key=len, reverse=True)
        common = {name for text in {*_catalogue(), *known} for name in self._all(text)}
        self.common = {name for name in self.alone if len(name) < SHORTEST and name.isascii()} | common

    def within(self, text: str) -> dict[str, str]:
        """The names of outside that the text is or holds: name → kind."""
        if text in self.alone:
            return {text: self.alone[text]}
        return {
            name: self.alone[name]
            for name in self._all(text)
            if name in self.alone and name not in self.common
        }

    def _all(self, text: str) -> Iterable[str]:
        end = 0
        for token in TOKEN.finditer(text):
            start = token.start()
            if start < end or token.group() not in self._index:
                continue
            for name in self._index[token.group()]:
                stop = start + len(name)
                if text.startswith(name, start) and not _goes_on(text, stop):
                    end = stop
                    yield name
                    break


def _goes_on(text: str, stop: int) -> bool:
    """Does the word before `stop` go on after it? Chinese, Japanese and Korean words have no end to be seen."""
    if stop >= len(text) or not text[stop].isalnum() or not text[stop - 1].isalnum():
        return False
    return not (re.match(rf"[{CJK}]", text[stop]) or re.match(rf"[{CJK}]", text[stop - 1]))


def _words(texts: Iterable[str]) -> set[str]:
    """The words that can be an id: those of sentences with enough letters, shorter ones that stand alone, and numbers under an id's
    heading (account_id=17)."""
    found = {word.rstrip(".:!?") for text in texts for word in WORD.findall(text)}
    found = {word for word in found if len(word) >= SHORTEST and not _is_number(word)}
    return found | {text for text in texts if len(text) > 1 and not text.isalpha() and not _is_number(text)}


def _amounts(texts: Iterable[str]) -> set[int]:
    """The amounts, in cents, that have enough digits to be told from others."""
    found = {number for text in texts for number in NUMBER.findall(text) if len(number) < LONGEST}
    amounts = (float(number.replace(",", "")) for number in found)
    cents = (round(each * 100) for each in amounts if each < LARGEST)
    return {each for each in cents if _digits(each) >= DISTINCTIVE}


def _digits(cents: int) -> int:
    """How many significant digits has it?"""
    return len(str(cents).rstrip("0"))


def _beyond_chance(hits: set[int], amounts: set[int], *, rows: int) -> int:
    """How many of the amounts are one of outside, where they are more than coincidence brings (`CHANCE`), else 0.

    By coincidence, each of them is that of one of the company's rows with the chance of one in as many numbers as have its digits.
    """
    seen, found = Counter(map(_digits, amounts)), Counter(map(_digits, hits))
    return sum(
        number
        for digits, number in found.items()
        if _tail(number, seen[digits] * rows / (9 * 10 ** (digits - 1))) < CHANCE
    )


def _is_number(word: str) -> bool:
    """A short one is a count of something; one of many digits is looked for as an id, too."""
    return word.isdigit() and len(word) < DISTINCTIVE - 1


def _tail(number: int, expected: float) -> float:
    """The chance that at least `number` come, where `expected` do (Poisson)."""
    if expected > FULL:  # the file is full of numbers, the company of rows: nothing can be told
        return 1.0
    below = sum(
        math.exp(-expected) * expected**each / math.factorial(each) for each in range(min(number, 60))
    )
    return max(0.0, 1.0 - below) if number > 1 else -math.expm1(-expected)


def _files_of(folder: Path, page: str) -> list[Path]:
    """What a page leaves: its executed notebook, its tables and workbooks, its calls."""
    found = [folder / "notebooks" / f"{page}.ipynb", folder / "calls" / f"{page}.json"]
    found += (folder / "tables").glob(f"{escape(page)}.*")
    return [path for path in found if path.is_file()]


@cache
def _catalogue() -> frozenset[str]:
    """The project's own texts, in every language, and the names of months and days."""
    texts = {text for code in LANGUAGES for pair in catalogue(code).items() for text in pair}
    for code in LANGUAGES:
        locale = Locale.parse(code)
        for names in (locale.months, locale.days):
            texts |= {
                str(name) for form in names.values() for width in form.values() for name in width.values()
            }
    return frozenset(texts)


@cache
def _own_words() -> frozenset[str]:
    """The words of the project's own texts."""
    return frozenset(word for text in _catalogue() for word in WORD.findall(text))

"""Which meanings do the parts of a heading have? The vocabulary is data (`vocabulary.yml`); here a heading is cut by it.

A heading is cut where case, blanks or signs part it, then into the longest words that are known; a German or Chinese
compound is cut inside. What is left over is counted: a heading that is only half understood is never sure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from salesnb.errors import InputError
from salesnb.intake.reading.units import TRADITIONAL, without_unit

OWN_WORDS = "headings.yml"  # a user's additions, beside the export or in the workspace
CAMEL = re.compile(
    r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ][a-zà-ÿ])|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])"
)
SIGNS = re.compile(r"[^\w%]+|_+", re.UNICODE)
CJK = re.compile(r"[\u3400-\u9fff]+")
LINKS = ("s", "es", "n", "en", "e")  # between the parts of a German compound, and the ends of a plural
SHORT = ("nr", "kd", "vk", "ek", "id", "no", "rg", "art")  # which may be parts of one all the same
SHORTEST = 4
LONGEST_PHRASE = 5


@dataclass(frozen=True)
class Parts:
    """A heading cut into meanings, in their order; how many of its words nobody knows; a factor and a currency named as its unit."""

    meanings: tuple[str, ...]
    strange: int = 0
    factor: float = 1.0
    currency: str | None = None
    whole: str | None = None  # what the heading as a whole is listed for
    words: tuple[str, ...] = ()
    weak: bool = False  # does it hold a word that may as well mean something else?


@dataclass(frozen=True)
class Vocabulary:
    """Words and whole headings, folded → meaning."""

    words: Mapping[str, str]
    headings: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)  # a user's, which go before all
    weak: frozenset[str] = frozenset()  # words that may as well mean something else

    @cached_property
    def hanzi(self) -> dict[str, str]:
        return {word: meaning for word, meaning in self.words.items() if CJK.fullmatch(word)}

    @cached_property
    def compounds(self) -> dict[str, str]:
        """Words that may be parts of a longer one."""
        return {
            word.replace(" ", ""): meaning
            for word, meaning in self.words.items()
            if (len(word) >= SHORTEST or word in SHORT) and meaning != "filler" and word.isascii()
        }

    def cut(self, heading: str) -> Parts:
        """The heading's meanings."""
        bare, factor, currency = without_unit(heading)
        key = folded(heading)
        whole = self.own.get(key) or self.headings.get(key) or self.headings.get(folded(bare))
        found: list[str] = []
        words: list[str] = []
        strange = 0
        tokens = list(_tokens(bare))
        place = 0
        while place < len(tokens):
            for length in range(min(LONGEST_PHRASE, len(tokens) - place), 0, -1):
                phrase = " ".join(tokens[place : place + length])
                known = self._known(phrase) or self._known(phrase.replace(" ", "") if length > 1 else phrase)
                if known:
                    found.append(known)
                    words.append(phrase)
                    place += length
                    break
            else:
                inside, left = self._inside(tokens[place])
                found += inside
                words.append(tokens[place])
                strange += left
                place += 1
        return Parts(
            tuple(each for each in found if each != "filler"),
            strange,
            factor,
            currency,
            whole,
            tuple(words),
            not self.weak.isdisjoint(words),
        )

    def _known(self, phrase: str) -> str | None:
        if phrase in self.words:
            return self.words[phrase]
        if phrase.isascii() and len(phrase) > SHORTEST:
            for end in ("s", "n", "en", "e", "er", "es"):
                if (
                    phrase.endswith(end)
                    and len(phrase) - len(end) >= SHORTEST
                    and (known := self.words.get(phrase.removesuffix(end)))
                ):
                    return known
        return None

    def _inside(self, token: str) -> tuple[list[str], int]:
        """The meanings inside a token, and 1 where a part of it is strange."""
        if token.isdigit():
            return [], 0
        if CJK.search(token):
            return self._hanzi(token)
        cut = self._compound(token) if token.isascii() and len(token) >= 2 * SHORTEST - 2 else None
        return (cut, 0) if cut else ([], 1)

    def _compound(self, token: str) -> list[str] | None:
        """The fewest known words that make up the whole token, German links between them left out."""
        best: list[list[str] | None] = [[], *[None] * len(token)]
        for end in range(1, len(token) + 1):
            for start in range(end):
                before = best[start]
                if before is None:
                    continue
                piece = token[start:end]
                known = self.compounds.get(piece)
                if known is None and end - start > SHORTEST:
                    linked = next((piece[: -len(link)] for link in LINKS if piece.endswith(link)), piece)
                    known = self.compounds.get(linked)
                if known and (best[end] is None or len(before) + 1 < len(best[end] or [])):
                    best[end] = [*before, known]
        return best[-1]

    def _hanzi(self, text: str) -> tuple[list[str], int]:
        """The cut that leaves the fewest signs over, then the one of the fewest words."""
        best: list[tuple[int, int, list[str]]] = [(0, 0, [])]
        for end in range(1, len(text) + 1):
            left, count, parts = best[end - 1]
            found = (left + 1, count, parts)
            for start in range(max(0, end - 8), end):
                known = self.words.get(text[start:end])
                if known:
                    left, count, parts = best[start]
                    found = min((left, count + 1, [*parts, known]), found, key=lambda each: each[:2])
            best.append(found)
        left, _, parts = best[-1]
        return parts, int(left > 0)


def folded(heading: str) -> str:
    """A heading without capitals, accents, signs and blanks, in simplified script."""
    return "".join(_tokens(heading))


def _tokens(heading: str) -> Iterator[str]:
    text = unicodedata.normalize("NFKC", heading).replace("№", "no").replace("#", " no ")
    text = CAMEL.sub(" ", text)
    text = re.sub(r"(?<=[\u3400-\u9fff])(?=[A-Za-z])|(?<=[A-Za-z])(?=[\u3400-\u9fff])", " ", text)
    for token in SIGNS.sub(" ", plain(text)).split():
        yield "percent" if token == "%" else token


def plain(text: str) -> str:
    """Without capitals and accents, in simplified script."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("ß", "ss"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(TRADITIONAL)


def vocabulary(*folders: Path) -> Vocabulary:
    """The vocabulary, with what the users of the `folders` have added to it."""
    base = _shipped()
    own_words: dict[str, str] = {}
    own: dict[str, str] = {}
    for folder in folders:
        path = folder / OWN_WORDS
        if path.is_file():
            try:
                content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
                own_words |= dict(_pairs(content.get("words") or {}))
                own |= dict(_pairs(content.get("headings") or {}, whole=True))
            except (yaml.YAMLError, AttributeError, TypeError, ValueError):
                raise InputError(
                    "{file} cannot be read; below headings, write a meaning and in brackets the headings that have it, such as net_amount: [Umsatz]",
                    file=path.name,
                ) from None
    return Vocabulary({**base.words, **own_words}, base.headings, own, base.weak - own_words.keys())


@lru_cache(maxsize=1)
def _shipped() -> Vocabulary:
    content = yaml.safe_load(Path(__file__).with_name("vocabulary.yml").read_text(encoding="utf-8"))
    weak = frozenset(word for word, _ in _pairs({"weak": content["weak"]}))
    return Vocabulary(
        dict(_pairs(content["words"])), dict(_pairs(content["headings"], whole=True)), weak=weak
    )


def language_of(headings: Iterable[str]) -> str:
    """The language that most of the headings speak, by the words that only one language has; en where none does."""
    spoken: Counter[str] = Counter()
    for heading in headings:
        for token in _tokens(heading):
            if CJK.search(token):
                spoken["zh"] += 1
            elif len(languages := _languages().get(token, frozenset())) == 1:
                spoken[next(iter(languages))] += 1
    return spoken.most_common(1)[0][0] if spoken else "en"


@lru_cache(maxsize=1)
def _languages() -> dict[str, frozenset[str]]:
    content = yaml.safe_load(Path(__file__).with_name("vocabulary.yml").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for written in content["words"].values():
        for language, listed in written.items():
            for word in listed:
                for token in _tokens(str(word)):
                    found.setdefault(token, set()).add(str(language))
    return {token: frozenset(languages) for token, languages in found.items()}


def _pairs(content: Mapping[str, Any], *, whole: bool = False) -> Iterator[tuple[str, str]]:
    for meaning, written in content.items():
        lists: Iterable[Any] = written.values() if isinstance(written, dict) else [written]
        for word in (str(word) for each in lists for word in each):
            yield (folded(word) if whole else " ".join(_tokens(word)), str(meaning))
            umlauts = re.sub(
                "[äöü]", lambda sign: {"ä": "ae", "ö": "oe", "ü": "ue"}[sign[0]], word.casefold()
            )
            if umlauts != word.casefold():
                yield (folded(umlauts) if whole else " ".join(_tokens(umlauts)), str(meaning))

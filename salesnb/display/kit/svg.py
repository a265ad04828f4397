"""How does a matplotlib drawing become a small, themed piece of a page?

The figure is written as SVG with text as text; here it loses metadata, wrappers, fonts and decimals, its colours become CSS
variables (so that it follows light and dark), and its ids get the exhibit's name (so that two drawings on a page don't
share one). What comes out is the same for the same drawing, on every machine.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from salesnb.display.kit.palette import INK, MEANINGS, PAPER

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
_VARIABLES = {to_hex(colour.light): name for name, colour in MEANINGS.items()} | {"#000000": "ink"}
_DEFAULTS = {
    "stroke-linejoin": {"miter", "round"},
    "stroke-linecap": {"butt"},
    "opacity": {"1"},
    "fill-opacity": {"1"},
    "stroke-opacity": {"1"},
    "stroke-width": {"1"},
    "stroke-dashoffset": {"0"},
    "font-weight": {"400", "normal"},
    "text-anchor": {"start"},
    "font-style": {"normal"},
}
_KEPT = (
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "fill-opacity",
    "stroke-opacity",
    "opacity",
    "font-size",
    "font-weight",
    "text-anchor",
)
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-?\d+e-?\d+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@contextmanager
def unwarned() -> Iterator[None]:
    """Drawing without matplotlib's complaint about Chinese: the reader's own fonts draw the text, ours only measures it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def svg_of(figure: Figure, *, name: str) -> str:
    """The figure as an ``<svg>`` for HTML, without a size of its own: it fills the width that it is given."""
    file = io.StringIO()
    with unwarned():
        figure.savefig(
            file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return compact(file.getvalue(), name=name)


def compact(text: str, *, name: str) -> str:
    """matplotlib's SVG document as a small inline ``<svg>``; `name` prefixes its ids."""
    root = ElementTree.fromstring(_CONTROL.sub("", text))
    ids: dict[str, str] = {}
    for element in root.iter():
        if (
            element.tag
            in (f"{SVG}clipPath", f"{SVG}linearGradient", f"{SVG}pattern", f"{SVG}path", f"{SVG}image")
            and "id" in element.attrib
        ):
            ids.setdefault(element.attrib["id"], f"{name}-{len(ids)}")
    used = set(re.findall(r"[\"(]#([^\")]+)[\")]", text))
    inside = "".join(
        _written(child, {key: value for key, value in ids.items() if key in used}) for child in root
    )
    box = _rounded(root.attrib["viewBox"])
    return f'<svg viewBox="{box}" stroke-linejoin="round">{inside}</svg>'


def _written(element: ElementTree.Element, ids: dict[str, str]) -> str:
    tag = element.tag.removeprefix(SVG)
    if tag in ("metadata", "style") or not isinstance(element.tag, str):
        return ""
    attributes = _attributes(tag, element, ids)
    inside = "".join(_written(child, ids) for child in element)
    if tag == "text":
        inside = escape("".join(element.itertext()).strip())
    if tag in ("g", "defs") and (not inside or (tag == "g" and not attributes)):
        return inside
    if (
        tag == "path"
        and attributes.get("fill") == "none"
        and "stroke" not in attributes
        and "id" not in attributes
    ):
        return ""
    if tag == "text" and not inside.strip():
        return ""
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"


def _attributes(tag: str, element: ElementTree.Element, ids: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for key, value in element.attrib.items():
        if key == "id":
            if value in ids:
                kept["id"] = ids[value]
        elif key == "style":
            kept.update(_style(value, text=tag == "text"))
            for name in kept.keys() & {"fill"}:  # a hatched bar is filled with a pattern
                kept[name] = re.sub(r"url\(#([^)]+)\)", lambda match: f"url(#{ids[match[1]]})", kept[name])
        elif key == "d":
            kept["d"] = _path(value)
        elif key == f"{XLINK}href":
            kept["href"] = "#" + ids[value[1:]] if value.startswith("#") else value
        elif key == "clip-path":
            kept[key] = re.sub(r"#([^)]+)", lambda match: "#" + ids[match[1]], value)
        elif key == "transform":
            turned = re.sub(r"rotate\(-?0(?:\.0+)?( [^)]*)?\)", "", value).strip()
            if turned:
                kept[key] = _rounded(turned, 2)
        elif key in ("x", "y", "width", "height", "viewBox", "points"):
            kept[key] = _rounded(value)
        elif not key.startswith("{"):
            kept[key] = value
    return kept


def _style(style: str, *, text: bool) -> dict[str, str]:
    kept: dict[str, str] = {}
    for part in style.split(";"):
        key, _, value = part.partition(":")
        key, value = key.strip(), value.strip()
        if key == "font":  # font: 700 10px 'DejaVu Sans', …
            size = re.search(r"([\d.]+)px", value)
            kept["font-size"] = _rounded(size[1]) if size else "10"
            if re.search(r"\b(bold|[6-9]00)\b", value):
                kept["font-weight"] = "600"
        elif key == "font-size":
            kept[key] = _rounded(value.removesuffix("px"))
        elif key in ("fill", "stroke"):
            kept[key] = _colour(value, text=text)
        elif key in _KEPT and value not in _DEFAULTS.get(key, ()):
            kept[key] = _rounded(value, 2)
    if text and "fill" not in kept:
        kept["fill"] = "var(--ink)"
    if kept.get("stroke") == "none":
        del kept["stroke"]
    return kept


def _colour(value: str, *, text: bool) -> str:
    name = _VARIABLES.get(value.lower())
    if name is None:
        return value
    plain = value.lower() in (to_hex(INK), to_hex(PAPER), "#000000")
    return f"var(--{name}-t)" if text and not plain else f"var(--{name})"


def _rounded(text: str, decimals: int = 1) -> str:
    def short(match: re.Match[str]) -> str:
        number = f"{float(match[0]):.{decimals}f}".rstrip("0").rstrip(".")
        return "0" if number in ("-0", "") else number

    return _NUMBER.sub(short, text)


def _path(text: str) -> str:
    """M 0 144 ⏎ L 288 144 ⏎ z → M0 144H288z"""
    text = re.sub(r"\s+", " ", _rounded(text)).strip()
    parts = re.findall(r"([A-Za-z])([^A-Za-z]*)", text)
    out: list[str] = []
    at: tuple[str, str] = ("", "")
    last = ""
    for command, rest in parts:
        numbers = rest.split()
        if command in "ML" and len(numbers) == 2:
            x, y = numbers
            if command == "L" and (x, y) == at:
                continue
            if command == "L" and y == at[1]:
                out.append(f"H{x}")
            elif command == "L" and x == at[0]:
                out.append(f"V{y}")
            else:
                out.append(
                    (" " if command == last == "L" and out[-1][0] not in "HV" else command) + f"{x} {y}"
                )
            at, last = (x, y), command
        else:
            out.append(command + " ".join(numbers))
            at, last = (tuple(numbers[-2:]) if len(numbers) >= 2 else ("", "")), command  # type: ignore[assignment]
    return "".join(out)

"""How does a page take on the house's look, and tell which language its names are in?"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from salesnb.errors import InputError
from salesnb.plan import Brand
from salesnb.plan.brand import house

LARGEST = 300_000  # bytes of a logo, which lies in every page
KINDS = {".svg": "svg+xml", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
NAMES = re.compile(f"[{HAN}](?:[{HAN}\uff08\uff09\u00b7]*[{HAN}\uff09])?")
TAG = re.compile(r"(<[^>]*>)")
CLOSED = re.compile(r"<(/?)(style|title|svg)\b")


@dataclass(frozen=True)
class Look:
    """The rules that follow those of every page, and the logo's markup."""

    css: str = ""
    logo: str = ""


def look_of(brand: Brand, workspace: Path, *, company: str) -> Look:
    """The look that plan.yml asks for; `InputError` where the logo cannot be used."""
    css = ""
    if brand.colour:
        day, night = house(brand.colour)
        css = f":root{{{day}}}@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}"
    return Look(css, _logo(brand.logo, workspace, company) if brand.logo else "")


def _logo(name: str, workspace: Path, company: str) -> str:
    folder = (workspace if workspace.is_dir() else workspace.parent).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise InputError("plan.yml, brand: the workspace holds no {file}", file=name)
    body = path.read_bytes()
    if len(body) > LARGEST:
        raise InputError(
            "plan.yml, brand: {file} has {size:count} KB; a logo, which lies in every page, may have {most:count}",
            file=name,
            size=len(body) // 1000,
            most=LARGEST // 1000,
        )
    address = f"data:image/{KINDS[path.suffix.lower()]};base64,{base64.b64encode(body).decode()}"
    return f'<img class="logo" alt="{escape(company)}" src="{address}">'


def tongued(markup: str) -> str:
    """An English page whose Chinese names say that they are Chinese, for voices and fonts."""
    parts, within = TAG.split(markup), ""
    for place, part in enumerate(parts):
        if place % 2:
            if found := CLOSED.match(part):
                within = "" if found[1] else found[2]
        elif within not in ("style", "title") and NAMES.search(part):
            tag = "tspan" if within == "svg" else "span"
            parts[place] = NAMES.sub(lambda name, tag=tag: f'<{tag} lang="zh">{name[0]}</{tag}>', part)  # type: ignore[misc]
    return "".join(parts)

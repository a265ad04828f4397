"""How is a number's text made, whatever the language?"""

from __future__ import annotations

import math

MISSING = "–"
MINUS = "\N{MINUS SIGN}"


def absent(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in {"NaT", "<NA>"}


def thousands(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    if text.strip("-0.,") == "":
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def signed(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    if round(abs(value), decimals) >= 10 ** (digits - decimals):  # 9.996 → 10.0, not 10.00
        decimals = max(0, decimals - 1)
    return thousands(value, decimals)


def bare(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text

"""How do the values between a notebook's sections read in JupyterLab? Amounts as amounts, findings and decisions as rows.

pandas writes a column of amounts as 9.367950e+08, and a list of findings is a paragraph of brackets. Neither says anything
to who checks a page. What a pack shows is not touched: it has tables of its own.
"""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass

import pandas as pd

SHOWN = 12  # findings or decisions; the rest are counted


def amount(value: float) -> str:
    """Whole from a thousand on, else four digits that count.

    >>> amount(936794967.4), amount(0.128967), amount(-3.5), amount(0.0), amount(3e-12)
    ('936,794,967', '0.129', '-3.5', '0', '0.0000')
    """
    if 0 < abs(value) < 0.0001:
        return "0.0000"  # so small a chance or a difference
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def listed(values: list[object]) -> str | None:
    """A list of records of one kind as an HTML table, without the fields that none of them has; of other lists nothing."""
    if not values or not is_dataclass(values[0]) or len({type(one) for one in values}) > 1:
        return None
    names = [one.name for one in fields(values[0])]
    rows = pd.DataFrame([{name: getattr(one, name) for name in names} for one in values])
    told = [name for name in names if any(value not in (None, "", (), {}) for value in rows[name])]
    table = rows[told].head(SHOWN).map(_written)
    more = f"<p>{SHOWN} / {len(rows)}</p>" if len(rows) > SHOWN else ""
    return str(table.to_html(border=0)) + more


def _written(value: object) -> object:
    if value is None or value != value:
        return ""
    return amount(value) if isinstance(value, float) else value


def readable() -> None:
    """Says to the notebook's shell, where there is one, how to show such values; a format that the user has set stays."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    if pd.get_option("display.float_format") is None:
        pd.set_option("display.float_format", amount)
    shell.display_formatter.formatters["text/html"].for_type(list, listed)

"""What must a number of an analyst's own say of itself before it stands in metrics.json beside those of the six pages?"""

from __future__ import annotations

import re
from typing import Any

from salesnb.errors import InputError
from salesnb.headlines import HEADLINES, KINDS, plain


def own_figure(
    key: str, value: float | None, *, unit: str, label: str, target: float | None
) -> dict[str, Any]:
    """key, value, unit, label and target, as metrics.json holds them; `InputError` for a key or unit that cannot stand there."""
    if not re.fullmatch(r"[a-z]\w*(\.\w+)+", key) or key in HEADLINES:
        raise InputError(
            "a number of one's own has a key such as margin.valves that no page of the six uses, but {key} was given",
            key=repr(key),
        )
    units = [name for name in KINDS if name != "text"]
    if unit not in units:
        raise InputError("unit must be one of {known:list}, but is {unit}", known=units, unit=repr(unit))
    return {"key": key, "value": plain(value), "unit": unit, "label": label, "target": plain(target)}

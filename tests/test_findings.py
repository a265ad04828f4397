"""A verdict holds together, travels as codes, and every one is told to readers of findings.json."""

import json
import re
from pathlib import Path

import pytest

from salesnb.findings import BASES, CONCLUSIONS, IDS, RIVALS, UNITS, Finding

TOLD = (Path(__file__).parents[1] / "data" / "README.md").read_text(encoding="utf-8")
MIX = Finding(
    "line.fell", "explained", "Alpha", "mix", -0.2, -0.3, -0.1, 0.001, 0.05, "account", 3, {"mix": 0.86, "maturity": 0.0},
    "2026-02-01/2026-10-31", "year_before",
)  # fmt: skip


def test_a_finding_is_read_back_as_it_was_written():
    written = json.loads(json.dumps(MIX.to_json()))
    assert written["rivals"] == {"mix": 0.86, "maturity": 0}
    assert Finding.from_json(written | {"page": "30_funnel_diagnosis", "scope": ""}) == MIX


def test_what_is_unknown_is_null():
    assert Finding("line.fell", "none", value=float("nan")).to_json()["value"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "line.rose"},
        {"conclusion": "perhaps"},
        {"conclusion": "explained"},  # by what?
        {"conclusion": "found", "by": "mix"},
        {"conclusion": "cannot_tell", "by": "weather"},
        {"conclusion": "pitch"},  # of another verdict
        {"conclusion": "found", "p": 1.5},
        {"conclusion": "found", "value": 1.0, "low": 2.0},
        {"conclusion": "found", "looks": 0},
        {"conclusion": "found", "unit": "row"},
        {"conclusion": "found", "rivals": {"weather": 0.5}},
    ],
)
def test_a_finding_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must|by|only"):
        Finding(**({"id": "line.fell", "conclusion": "none"} | wrong))


def test_every_code_is_told_to_the_readers_of_the_file():
    assert dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.+) \|$", TOLD, flags=re.M)) == dict(IDS)
    for code in (*CONCLUSIONS, *RIVALS, *UNITS, *BASES):
        assert f"`{code}`" in TOLD, code

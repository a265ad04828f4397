"""Is every table, setting and headline number explained, and is what is generated from the code what the code says?"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import re
from typing import Any

import pytest
import yaml
from nbformat.json_compat import JsonSchemaValidator, ValidationError

from salesnb.cli.explaining import explain
from salesnb.definitions import definition
from salesnb.display.kit.figures import origins
from salesnb.errors import InputError
from salesnb.headlines import HEADLINES
from salesnb.intake.schema import TABLES
from salesnb.language import Language
from salesnb.plan import Plan
from salesnb.plan.explanations import SETTINGS, explained, settings
from tests.packs import ROOT, rendered
from tests.write_references import README, SCHEMA, readme, schema

SAY = Language("en")
DEMO_PLAN = (ROOT / "data" / "demo" / "plan.yml").read_text(encoding="utf-8")
# the sample plan with the settings that it shows after a #
WHOLE_PLAN = re.sub(r"^# (?=[a-z_]+: )(?!yaml-)", "", DEMO_PLAN, flags=re.M)


@pytest.mark.parametrize("key", HEADLINES)
def test_a_headline_number_has_a_definition_inputs_and_a_function(key: str) -> None:
    found = definition(key)
    module, _, function = f"salesnb.{found.function}".rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))
    for each in found.inputs:
        table, _, column = each.partition(".")
        if each.startswith("plan.yml: "):
            assert explained(each.removeprefix("plan.yml: "))
        else:
            assert not column or column in TABLES[table].names
    assert explain(key, SAY)[0][1:] == [
        found.text,
        SAY("Made of: {inputs:list}", inputs=list(found.inputs)),
        f"Computed by: salesnb.{found.function}",
    ]


def test_every_setting_is_explained_and_nothing_else() -> None:
    texts = {explained(path) for path, _ in settings()}
    assert texts == set(SETTINGS.values())
    assert len(explain("plan", SAY)[1]) == 1 + len([*settings()])
    assert [row[0] for row in explain("credit", SAY)[1]][2] == "credit.cost_of_capital"
    assert explain("plan.credit", SAY) == explain("credit", SAY)


def test_tables_columns_and_what_there_is_not() -> None:
    lines, rows = explain("orders", SAY)
    assert [row[0] for row in rows[1:]] == TABLES["orders"].names
    assert "bookings.ytd" in lines[2]
    assert len(explain("account_id", SAY)[0]) > 5
    assert explain("orders", Language("zh"))[0][0] == "订单 (orders)"
    for name, said in {"bokings.ytd": "did you mean bookings.ytd", "prive_floors": "did you mean price_floors", "zzzzzz": "name a table"}.items():  # fmt: skip
        with pytest.raises(InputError, match=said):
            explain(name, SAY)


def test_what_is_generated_is_what_the_code_says() -> None:
    text = README.read_text(encoding="utf-8")
    assert text == readme(text), "run make references"
    assert SCHEMA.read_text(encoding="utf-8") == schema(), "run make references"
    for table in TABLES.values():
        assert all(f"\n| {name} |" in text for name in table.names)


def test_the_sample_plan_has_every_setting_and_is_one() -> None:
    content = yaml.safe_load(WHOLE_PLAN)
    Plan.model_validate(content)
    missing = [path for path, _ in settings() if not _stands(content, path.split("."))]
    # a commission within a sprint or a scenario has the settings of the plan's own
    both = [path for path in missing if not path.startswith("commission") and ".commission." not in path]
    assert not both
    shown = {path.partition(".")[2] for path in missing if path.startswith("commission")}
    alternative = content["commission_alternative"] | {"tiers": content["commission_alternative"]["tiers"]}
    assert all(_stands({"c": alternative}, ["c", *path.split(".")]) for path in shown if path)


def _stands(content: Any, path: list[str]) -> bool:
    if not path:
        return True
    name, *rest = path
    if name == "{}":
        below = content.values() if isinstance(content, dict) else content
        return any(_stands(each, rest) for each in below)
    return isinstance(content, dict) and name in content and _stands(content[name], rest)


def test_an_editor_finds_the_schema_and_the_plans_keep_to_it() -> None:
    rules = json.loads(SCHEMA.read_text(encoding="utf-8"))
    plans = [ROOT / "data" / "demo" / "plan.yml", *(ROOT / "data" / "presets").glob("*/plan.yml")]
    for path in plans:
        text = path.read_text(encoding="utf-8")
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        assert named is not None
        assert (path.parent / named[1]).resolve() == SCHEMA
        JsonSchemaValidator(rules).validate(_json(yaml.safe_load(text)))
    JsonSchemaValidator(rules).validate(_json(yaml.safe_load(WHOLE_PLAN)))
    for wrong in ({"company": "A", "curency": "CNY"}, {"company": "A", "hours_per_day": 30}, {}):
        with pytest.raises(ValidationError):
            JsonSchemaValidator(rules).validate(wrong)
    assert rules["properties"]["tiles"]["description"] == SETTINGS["tiles"]


def _json(content: Any) -> Any:
    if isinstance(content, dict):
        return {str(key): _json(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_json(each) for each in content]
    return content.isoformat() if isinstance(content, dt.date) else content


def test_each_page_says_where_its_numbers_come_from() -> None:
    pack = rendered(ROOT / "data" / "demo", "2026-10").folder
    for page in {headline.page for headline in HEADLINES.values()}:
        keys = [key for key, headline in HEADLINES.items() if headline.page == page]
        text = (pack / f"{page}.html").read_text(encoding="utf-8")
        assert "Where these numbers come from" not in text  # the director's edition
        notebook = (pack / "notebooks" / f"{page}.ipynb").read_text(encoding="utf-8")
        for key in keys:
            assert f'<dt id=\\"{key}\\">' in notebook
            assert f"salesnb.{definition(key).function}" in notebook
    assert origins(["bookings.ytd"], SAY).count("<dt") == 1

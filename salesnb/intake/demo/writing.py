"""How does the demo company come to lie in a folder? plan.yml and sixteen files, the same bytes everywhere."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from salesnb.intake.demo.blemishes import blemish
from salesnb.intake.demo.chinese import in_chinese, plan_in_chinese
from salesnb.intake.demo.effects import Effects
from salesnb.intake.demo.payments import region_shares
from salesnb.intake.demo.simulation import DEFAULT_SEED, live
from salesnb.intake.reading.table_names import table_name

PLAN = files(__package__).joinpath("demo_plan.yml").read_text(encoding="utf-8")
ENCODINGS = {"accounts": "utf-8-sig", "events": "gb18030"}  # as Excel and an older system would save them


def write_demo(
    folder: Path | str,
    *,
    accounts: int = 400,
    months: int = 36,
    seed: int = DEFAULT_SEED,
    effects: bool | Effects = True,
    language: str = "en",
) -> Path:
    """Write plan.yml and one CSV per table into `folder` (made if missing); the same arguments give the same bytes.

    In Chinese (``zh``) it is the same company with Chinese names, words, headings and files. Existing files of the same names are replaced. Returns the folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    company = live(seed, accounts=accounts, months=months, effects=effects)
    tables = company.tables
    for name, texts in blemish({name: as_text(table) for name, table in tables.items()}, seed=seed).items():
        written = in_chinese(name, texts) if language == "zh" else texts
        path = folder / f"{table_name(name, language)}.csv"
        path.write_bytes(_csv(written).encode(ENCODINGS.get(name, "utf-8")))
    shares = region_shares(company.company, company.lines)
    regions = "{" + ", ".join(f"{name}: {share:.2f}" for name, share in shares.items()) + "}"
    plan = PLAN.replace("REGIONS", regions)
    (folder / "plan.yml").write_text(
        plan_in_chinese(plan) if language == "zh" else plan, encoding="utf-8", newline="\n"
    )
    return folder


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Every value as an export writes it: days without time, amounts to the cent, blanks for what is missing."""
    return pd.DataFrame({name: _texts(table[name]) for name in table.columns})


def _texts(column: pd.Series) -> pd.Series:
    missing = column.isna()
    if pd.api.types.is_datetime64_any_dtype(column):
        texts = column.dt.strftime("%Y-%m-%d").astype(object)
    elif pd.api.types.is_bool_dtype(column):
        texts = column.map({True: "true", False: "false"}).astype(object)
    elif pd.api.types.is_float_dtype(column):
        values = column.fillna(0).to_numpy()
        whole = bool(np.all(values == np.round(values)))
        texts = pd.Series(
            [f"{value:.0f}" if whole else f"{value:.2f}" for value in values],
            index=column.index,
            dtype=object,
        )
    else:
        texts = column.astype(object).map(lambda value: "" if value is None else str(value))
    return texts.mask(missing, "")


def _csv(texts: pd.DataFrame) -> str:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(texts.columns)
    writer.writerows(texts.itertuples(index=False, name=None))
    return lines.getvalue()

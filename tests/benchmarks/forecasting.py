"""How good is the forecast beside statsforecast's AutoETS and AutoARIMA, on the same origins? Run by `make bench`.

Real monthly totals and the even monthly series of the M3 competition; ours knows at each origin what was known then. statsforecast is
installed into an environment of its own in a temporary folder; where that fails, the bench says so and shows ours alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from salesnb.analysis import forecast
from tests.held_out import (
    AS_OF,
    NAMES,
    SHARED,
    held_out,
    m3_history,
    m3_series,
    monthly,
    origins,
    reliability,
    rest_of_year,
    scaled_errors,
)

WANTED = "statsforecast>=2,<3"
SCRIPT = Path(__file__).with_name("statsforecast_models.py")


def answers(asked: list[dict[str, Any]]) -> list[dict[str, Any]] | str:
    """What AutoETS and AutoARIMA say to [{name, values, origins, horizon}]; the reason where they cannot be had."""
    with tempfile.TemporaryDirectory(prefix="salesnb-bench-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        for command, given in (
            ([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", WANTED], None),
            ([python, str(SCRIPT)], json.dumps(asked)),
        ):
            done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["no message"])[-1]
                return f"{WANTED} cannot be used here: {last}"
    answered: list[dict[str, Any]] = json.loads(done.stdout)
    return answered


def theirs(histories: dict[str, pd.Series]) -> pd.DataFrame | str:
    """AutoETS and AutoARIMA as rows like those of `held_out`; the reason where they cannot be had."""
    asked = [
        {
            "name": name,
            "values": list(history.to_numpy()),
            "origins": origins(history),
            "horizon": forecast.HORIZON,
        }
        for name, history in histories.items()
    ]
    found = answers(asked)
    if isinstance(found, str):
        return found
    rows = []
    for one in found:
        history = histories[one["name"]]
        for step in range(forecast.HORIZON):
            values = {key: one[key][step] for key in ("forecast", "low", "high")}
            actual = float(history.iloc[one["origin"] + step])
            rows.append({"data": one["name"], "model": one["model"], "actual": actual, **values})
    return pd.DataFrame(rows)


def scored(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per data set × model: error, ratio to seasonal naive (MASE), share of months inside the 80% interval."""
    judged = rows.assign(
        error=(rows["actual"] - rows["forecast"]).abs(),
        inside=rows["actual"].between(rows["low"], rows["high"]),
    )
    table = judged.groupby(["data", "model"], sort=False)[["error", "inside"]].mean().reset_index()
    naive = table[table["model"] == forecast.SEASONAL_NAIVE].set_index("data")["error"]
    return table.assign(mase=table["error"] / table["data"].map(naive))


def compared(series: list[np.ndarray]) -> pd.DataFrame:
    """MASE by model on the even series of the M3: sixty months known, six ahead; ours, its parts, and theirs with the seconds of a forecast."""
    table = pd.DataFrame({"mase": scaled_errors(series).mean(), "seconds": float("nan")})
    begun = time.process_time()
    for values in series:  # the forecast alone, as theirs is timed
        forecast.fit(m3_history(values[-66:-6]), AS_OF)
    table.loc["ours", "seconds"] = (time.process_time() - begun) / len(series)
    asked = [
        {"name": str(place), "values": list(values[-66:]), "origins": [60], "horizon": 6}
        for place, values in enumerate(series)
    ]
    found = answers(asked)
    if isinstance(found, str):
        return table
    for row in found:
        values = series[int(row["name"])]
        past, came = values[-66:-6], values[-6:]
        row["mase"] = np.abs(np.array(row["forecast"]) - came).mean() / np.abs(past[12:] - past[:-12]).mean()
    return pd.concat([table, pd.DataFrame(found).groupby("model")[["mase", "seconds"]].mean()])


def main() -> None:
    console = Console(width=120)
    if not SHARED.exists():
        console.print("The forecast's bench needs the real data in ../shared; it is not there.")
        return
    pieces, histories = [], {}
    for name in NAMES:
        history, country = monthly(name)
        rows = held_out(history, country=country)
        label = rows["model"].replace("naive", forecast.SEASONAL_NAIVE)
        pieces.append(rows.assign(data=name, model=label))
        histories[name] = history
    found = theirs(histories)
    if isinstance(found, str):
        console.print(found)
    else:
        pieces.append(found)
    table = scored(pd.concat(pieces, ignore_index=True))
    grid = Table(
        "Data", "Model", title="Forecasts of held-out months, three months ahead", title_justify="left"
    )
    for name in ("Mean error", "To seasonal naive", "80% interval held"):
        grid.add_column(name, justify="right")
    for name in NAMES:
        for row in table[table["data"] == name].sort_values("error").to_dict("records"):
            grid.add_row(
                name, row["model"], f"{row['error']:,.1f}", f"{row['mase']:.2f}", f"{row['inside']:.0%}"
            )
        grid.add_section()
    console.print(grid)
    show_m3(console)


def show_m3(console: Console) -> None:
    """The even monthly series of the M3: errors, what the intervals hold by months known and ahead, and whether odds can be trusted."""
    grid = Table(
        "Model",
        title="Even monthly series of the M3, every 4th: 60 months known, 6 ahead",
        title_justify="left",
    )
    for name in ("MASE", "Seconds a forecast"):
        grid.add_column(name, justify="right")
    for model, row in compared(m3_series(even=True, every=4)).sort_values("mase").iterrows():
        seconds = "" if pd.isna(row["seconds"]) else f"{row['seconds']:.3f}"
        grid.add_row(str(model), f"{row['mase']:.3f}", seconds)
    console.print(grid)
    rows = rest_of_year(m3_series(even=True))
    held = rows.pivot_table(index="known", columns="ahead", values="inside", margins=True)
    grid = Table(
        "Months known",
        title="The rest of the year inside its 80% interval, by months ahead",
        title_justify="left",
    )
    for name in held.columns:
        grid.add_column(str(name), justify="right")
    for known, shares in held.iterrows():
        grid.add_row(str(known), *(f"{share:.1%}" for share in shares))
    console.print(grid)
    grid = Table(
        "Said",
        title="Targets of 0.9, 1.0 and 1.1 of the foreseen: odds said and reached",
        title_justify="left",
    )
    for name in ("Forecasts", "Mean odds said", "Reached"):
        grid.add_column(name, justify="right")
    for row in reliability(rows, bands=10).to_dict("records"):
        grid.add_row(
            f"{row['low']:.0%} to {row['high']:.0%}",
            f"{row['n']:,.0f}",
            f"{row['said']:.1%}",
            f"{row['hit']:.1%}",
        )
    console.print(grid)


if __name__ == "__main__":
    main()

"""How good is the forecast beside statsforecast's AutoETS and AutoARIMA, on the same origins? Run by `make bench`.

Real monthly totals, held-out months: our model is the one that the backtest chose before the first of them. statsforecast is
installed into an environment of its own in a temporary folder; where that fails, the bench says so and shows ours alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from salesnb.analysis import forecast
from salesnb.analysis.forecast.models import sarimax, seasonal_naive
from tests.held_out import NAMES, SHARED, held_out, monthly, origins

WANTED = "statsforecast>=2,<3"
SCRIPT = Path(__file__).with_name("statsforecast_models.py")


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
    rows = []
    for one in json.loads(done.stdout):
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


def holiday_benefit() -> tuple[float, float]:
    """Mean error of SARIMAX on China's imports, with Chinese New Year and without, at origins around the holiday."""
    history, _ = monthly("china")
    errors = []
    for country in ("CN", None):
        tested = forecast.backtest(
            history.iloc[:-9],
            country=country,
            models={forecast.SEASONAL_NAIVE: (seasonal_naive, 12), "SARIMAX": (sarimax, 24)},
        )
        errors.append(float(forecast.scores(tested).set_index("model")["mae"]["SARIMAX"]))
    return errors[0], errors[1]


def main() -> None:
    console = Console(width=120)
    if not SHARED.exists():
        console.print("The forecast's bench needs the real data in ../shared; it is not there.")
        return
    pieces, histories = [], {}
    for name in NAMES:
        history, country = monthly(name)
        rows = held_out(history, country=country)
        own = rows["model"] == "chosen"
        label = rows["name"].where(~own, "ours: " + rows["name"])
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
    kept, without = holiday_benefit()
    console.print(
        f"Chinese New Year in SARIMAX, China's imports: mean error {kept:,.1f} with it, {without:,.1f} without."
    )


if __name__ == "__main__":
    main()

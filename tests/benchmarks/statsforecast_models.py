"""AutoETS and AutoARIMA of statsforecast on given series and origins: JSON in, JSON out.

Runs in an environment of its own, since statsforecast may want another pandas than salesnb; imports nothing of ours.
"""

import json
import sys
import time
import warnings

import numpy as np
from statsforecast.models import AutoARIMA, AutoETS

SEASON = 12


def main() -> None:
    """Reads [{name, values, origins, horizon}] and writes rows of name, model, origin, seconds, forecast, low, high."""
    warnings.simplefilter("ignore")
    rows = []
    for series in json.load(sys.stdin):
        values = np.array(series["values"], dtype=float)
        for end in series["origins"]:
            for model in (AutoETS(season_length=SEASON), AutoARIMA(season_length=SEASON)):
                begun = time.process_time()
                seen = model.forecast(y=values[:end], h=series["horizon"], level=[80])
                rows.append(
                    {
                        "name": series["name"],
                        "model": type(model).__name__,
                        "origin": end,
                        "seconds": time.process_time() - begun,
                        "forecast": list(map(float, seen["mean"])),
                        "low": list(map(float, seen["lo-80"])),
                        "high": list(map(float, seen["hi-80"])),
                    }
                )
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main()

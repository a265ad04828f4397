"""Has this been answered before in this run? A batch of packs asks the same of the whole company once per scope.

An answer depends on a function and its arguments and on nothing else; joblib keeps it in the folder that `FOLDER_VARIABLE`
names, which is a run's own and goes with it: neither other data nor other code can meet it there. Where no folder is named,
in an analyst's notebook and in tests, each question is answered anew.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
FOLDER_VARIABLE = "SALESNB_CACHE"  # names a run's folder to the kernels that it starts
NOT_KEPT = "Unable to cache to disk|Exception while loading results|Cannot detect name collisions"


def cached(compute: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """The pure function `compute`, computed once in a run for the same arguments; each caller gets an answer of its own.

    For what every scope asks of the whole company and what takes longer than to tell whether the arguments are the same.
    """

    @wraps(compute)
    def ask(*args: Asked.args, **options: Asked.kwargs) -> Answer:
        folder = os.environ.get(FOLDER_VARIABLE)
        if not folder:
            return compute(*args, **options)
        from joblib import Memory

        with (
            warnings.catch_warnings(),
            suppress(OSError),
        ):  # a full disk keeps nothing, a broken file is no answer
            warnings.filterwarnings("ignore", message=NOT_KEPT)
            kept: Any = Memory(folder, verbose=0).cache(compute)
            return cast(Answer, kept(*args, **options))
        return compute(*args, **options)

    return ask

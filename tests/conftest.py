"""A busy machine is no failure: no property is held to a time. What failed for one is to fail for all.

`make test` tries the same examples every time; `HYPOTHESIS_PROFILE=exploring make unit`, and the bench, try new ones.
"""

import os

from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("exploring", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

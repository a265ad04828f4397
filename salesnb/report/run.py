"""Which packs need making? Compares what each depends on with what its last run noted, and has the rest made.

`make_packs` takes any number of requests of one workspace (several scopes in a batch) and gives what became of each. A pack
whose inputs have not changed costs a look at their digests: nothing that makes packs is imported for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from salesnb.errors import InputError
from salesnb.intake.digests import fingerprint
from salesnb.report import locks, swap
from salesnb.report.fingerprints import changed_pages, marks_of
from salesnb.report.request import PAGE_LIMIT, Outcome, Request, same_place

if TYPE_CHECKING:
    from salesnb.report.progress import Display

# what makes packs needs pandas and Ibis, as the pages do
SHARED = ("salesnb.report.making", "ibis.backends.duckdb")


def make_packs(
    requests: Sequence[Request],
    *,
    jobs: int = 0,
    fresh: bool = False,
    limit: float = PAGE_LIMIT,
    display: Callable[[int], Display],
    waiting: Callable[[Request], None] = lambda request: None,
) -> Iterator[Outcome]:
    """One outcome per request, each as soon as its pack stands.

    `jobs` pages run at once (0: one more than there are cores); `fresh` executes what has not changed, too; `limit` is the
    time of a page in seconds. `InputError` where the workspace, the month, a scope or a notebook cannot be used: then no
    pack is touched.
    """
    _require_distinct(requests)
    data = fingerprint(requests[0].workspace)
    changed = []
    locks.remove_abandoned()
    if requests[0].out.is_dir():
        swap.remove_dead(
            requests[0].out
        )  # a run killed after its pack stood leaves nothing to make, but its folders
    for request in requests:
        swap.require_pack(request.place)
    for request in requests:
        marks = marks_of(request, data)
        if not fresh and changed_pages(request, marks) == []:
            yield Outcome(request, unchanged=True)
        else:
            changed.append((request, marks))
    if changed:
        from salesnb.report.kernels import Kernels

        with Kernels(shared=SHARED) as kernels:
            # the server imports on while this process reads the workspace
            from salesnb.report.making import make

            yield from make(
                changed, kernels, jobs=jobs, fresh=fresh, limit=limit, display=display, waiting=waiting
            )


def _require_distinct(requests: Sequence[Request]) -> None:
    """Two requests for one folder would wait for each other without end."""
    asked: dict[str, Request] = {}
    for request in requests:
        other = asked.setdefault(same_place(request), request)
        if other is not request:
            raise InputError(
                "the scopes {first} and {second} would be one folder, {name}; ask for one of them",
                first=other.scope,
                second=request.scope,
                name=request.name,
            )

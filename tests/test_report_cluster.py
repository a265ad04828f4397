"""Do pages run on a cluster unchanged? Two Dask workers on this machine, asked for by `joblib.parallel_config` alone."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import pytest
from rich.console import Console

from salesnb.cli.reporting import read_requests
from salesnb.language import Language
from salesnb.report.progress import Display
from salesnb.report.request import Outcome
from salesnb.report.run import make_packs
from tests.small_notebooks import HAND_OVER, write_notebook, write_workspace

PAGE = "10_target_breakdown"
SCOPES = ("region=East", "region=West")


def made(folder: Path, out: str) -> list[Outcome]:
    """The packs of two scopes: a page that comes through and one that fails."""
    requests = read_requests(
        str(folder / "data"), month="2026-10", as_of="", scopes=SCOPES, lang="", out=folder / out, notebooks=folder / "notebooks",
    )  # fmt: skip

    def display(pages: int) -> Display:
        return Display(Console(quiet=True), say=Language("en"), pages=pages)

    return sorted(make_packs(requests, display=display), key=lambda outcome: outcome.request.name)


def shown(outcome: Outcome) -> tuple[object, ...]:
    """What a pack shows: its numbers, its pages, and how each of them went."""
    place = outcome.request.place
    texts = {path.name: path.read_text(encoding="utf-8") for path in place.glob("*.html")}
    metrics = json.loads((place / "metrics.json").read_text(encoding="utf-8"))
    return metrics, texts, {page: str(run.problem) for page, run in outcome.runs.items()}


def test_pages_run_on_a_dask_cluster_unchanged(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    write_workspace(tmp_path / "data")
    write_notebook(tmp_path / "notebooks" / f"{PAGE}.ipynb", "## Where do we stand?", HAND_OVER)
    write_notebook(tmp_path / "notebooks" / "40_team_enablement.ipynb", "## Who?", "1 / 0")
    here = made(tmp_path, "here")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
    ):
        there = made(tmp_path, "there")
        assert cluster.scheduler.transition_counter > 0  # the workers had something to do
    assert [shown(outcome) for outcome in there] == [shown(outcome) for outcome in here]
    assert all("ZeroDivisionError" in str(outcome.failed[0].problem) for outcome in there)
    assert not [path for path in (tmp_path / "there").iterdir() if path.name.startswith(".")]

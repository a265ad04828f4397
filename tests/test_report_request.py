"""Where does a pack go, and what are its notebooks told?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesnb.errors import InputError
from salesnb.report import fingerprints
from salesnb.report.request import Request, find_notebooks, normal_scope, safe_name
from tests.small_notebooks import write_notebook

REQUEST = Request("data/demo", date(2026, 1, 31), "", "en", Path("reports"), Path("notebooks"))


def test_folders_are_named_after_month_scope_and_language() -> None:
    assert REQUEST.name == "2026-01"
    assert replace(REQUEST, scope="region=East").name == "2026-01.region=East"
    assert replace(REQUEST, language="zh").name == "2026-01.zh"
    assert replace(REQUEST, language="zh", plan_language="zh", scope="team=华东").name == "2026-01.team=华东"


def test_the_previous_pack_is_last_months_across_the_year(tmp_path: Path) -> None:
    request = replace(REQUEST, out=tmp_path, scope="region=East")
    assert request.parameters(Path("x"))["previous"] == ""
    (tmp_path / "2025-12.region=East").mkdir()
    (tmp_path / "2025-12.region=East" / "metrics.json").write_text("{}")
    assert request.previous == tmp_path / "2025-12.region=East"


def test_a_scope_is_never_a_path() -> None:
    for scope in ("region=../../etc", "team=a/b", "rep=C:\\x", "account=..", "rep=a\nb", "rep=" + "长" * 500):
        name = safe_name(scope)
        assert "/" not in name
        assert "\\" not in name
        assert len(name.encode()) < 200
    assert safe_name("team=a/b") != safe_name("team=a_b")


@given(st.text(min_size=1), st.text(min_size=1))
def test_different_scopes_have_different_folders(one: str, other: str) -> None:
    first, second = safe_name(f"rep={one}"), safe_name(f"rep={other}")
    assert (first == second) == (normal_scope(f"rep={one}") == normal_scope(f"rep={other}"))


def test_a_scope_has_one_writing() -> None:
    assert normal_scope(" region = East ") == "region=East"
    assert normal_scope("rep=Jose\u0301") == "rep=Jos\u00e9"
    assert normal_scope("account=A = B") == "account=A = B"
    assert normal_scope("  ") == ""


def test_a_folder_without_notebooks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no notebook"):
        find_notebooks(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        find_notebooks(tmp_path / "none")


@pytest.mark.parametrize("name", ["index", "Index"])
def test_a_notebook_that_would_be_the_first_page_is_refused(name: str, tmp_path: Path) -> None:
    write_notebook(tmp_path / f"{name}.ipynb", "1")
    with pytest.raises(InputError, match=r"index\.html"):
        find_notebooks(tmp_path)


def test_a_notebook_is_the_same_with_other_outputs_and_another_with_other_cells(tmp_path: Path) -> None:
    one = write_notebook(tmp_path / "one.ipynb", "1")
    mark = fingerprints.of_notebook(one)
    text = one.read_text().replace('"execution_count": null', '"execution_count": 7')
    one.write_text(text)
    assert fingerprints.of_notebook(one) == mark
    assert fingerprints.of_notebook(write_notebook(one, "2")) != mark

"""Does what leaves a scope belong to it alone? Packs of every kind of scope, each file of them searched as its reader could."""

from __future__ import annotations

import csv
import getpass
import html
import io
import json
import re
import socket
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from salesnb import audience
from salesnb.errors import InputError, without_machine
from salesnb.intake import facts
from salesnb.intake.workspace import open_book
from salesnb.plan import read_plan
from salesnb.report.gate import Gate
from salesnb.report.request import Request
from tests import canaries
from tests.packs import ROOT, made_once, rendered
from tests.small_notebooks import write_notebook
from tests.test_report_run import make

DEMO = {"region": "North", "team": "Dragons", "rep": "R01", "account": "C001"}
CLOCK = {"seconds", "duration", "start_time", "end_time", "iopub.execute_input", "iopub.status.busy", "iopub.status.idle", "shell.execute_reply"}  # fmt: skip
PULSE = "rep_id,surveyed_on,stress\n"


def read(path: Path) -> str:
    """Everything that can be read in a file: members of workbooks, strings of JSON and of HTML unescaped."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return html.unescape("\n".join(book.read(name).decode() for name in book.namelist()))
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix in (".json", ".ipynb"):
        text = json.dumps(json.loads(text), ensure_ascii=False).replace('\\"', '"').replace("\\n", "\n")
    return html.unescape(text)


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): read(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def packs(workspace: Path, scopes: dict[str, str]) -> tuple[int, str, dict[str, Path]]:
    """The packs of the scopes, rendered once in one batch for all tests."""
    options = [word for kind, name in scopes.items() for word in ("--scope", f"{kind}={name}")]
    done = rendered(workspace, "2026-10", *options)
    return (
        done.status,
        done.printed,
        {kind: done.folder.parent / f"2026-10.{kind}={name}" for kind, name in scopes.items()},
    )


@cache
def company() -> canaries.Canaries:
    return canaries.made()


@pytest.fixture
def workspace() -> Path:
    """The company of canaries, written once for all processes of this run."""
    return made_once("canaries", lambda folder: canaries.written(company(), folder))


def scopes_of(made: canaries.Canaries) -> dict[str, str]:
    people, accounts = made.tables["reps"], made.tables["accounts"]
    rep = people[people["team"] == "Quorbin"]["rep_id"].iloc[1]  # one of the two with one name
    return {"region": "Umbrivale", "team": "Tavellis", "rep": rep, "account": accounts[accounts["owner_id"] == rep]["account_id"].iloc[0]}  # fmt: skip


def strangers(made: canaries.Canaries, kind: str, member: str) -> set[str]:
    """Every id, name, note and amount that is not the scope's, by the table in CONTRIBUTING."""
    people = made.tables["reps"].set_index("rep_id")
    if kind == "account":
        owner = made.tables["accounts"].set_index("account_id").loc[member, "owner_id"]
        name = people.loc[owner, "rep_name"]
        return {text for text, (account, _) in made.whose.items() if account != member} - {owner, name}
    if kind == "rep":
        team = people.loc[member, "team"]
        lead = people[(people["team"] == team) & (people["role"] == "team lead")].index[0]
        allowed = {lead, people.loc[lead, "rep_name"]}
        return {text for text, (_, rep) in made.whose.items() if rep != member} - allowed
    own = set(people.index[people[kind] == member])
    return {text for text, (_, rep) in made.whose.items() if rep not in own}


def found_in(texts: dict[str, str], wanted: set[str]) -> dict[str, list[str]]:
    """file → which of the wanted texts it holds; an amount also with its thousands separated or without its last zero."""
    told = {}
    for name, text in texts.items():
        plain = text.replace(",", "")
        hits = [
            each
            for each in wanted
            if (each if each[0].isalpha() else each.removesuffix("0"))
            in (text if each[0].isalpha() else plain)
        ]
        if hits:
            told[name] = hits[:5]
    return told


def test_no_pack_of_a_company_of_canaries_holds_what_is_not_its_scopes(workspace: Path) -> None:
    made = company()
    status, printed, folders = packs(workspace, scopes_of(made))
    assert status == 0, printed
    for kind, member in scopes_of(made).items():
        texts = files(folders[kind])
        assert found_in(texts, strangers(made, kind, member)) == {}, kind
        assert len(texts) > 40
        own = {text for text, (_, rep) in made.whose.items()} - strangers(made, kind, member)
        assert found_in(texts, own), "the search finds what is there"


def test_of_two_people_with_one_name_each_is_told_by_the_id(workspace: Path) -> None:
    book = open_book(workspace, as_of="2026-10-31")
    called = facts.reps(book)["rep_name"]
    twins = called[called.str.startswith("Jinro Vellampor")]
    assert twins.nunique() == len(twins) == 2
    _, _, folders = packs(workspace, scopes_of(company()))
    other = next(name for name in twins if scopes_of(company())["rep"] not in name)
    for kind in ("rep", "account", "team"):
        assert found_in(files(folders[kind]), {other}) == {}


def test_pay_of_a_person_stands_in_that_persons_pack_and_in_no_other(workspace: Path) -> None:
    _, _, folders = packs(workspace, scopes_of(company()))
    payout = {kind: json.loads((folder / "metrics.json").read_text())["metrics"]["incentives.payout"] for kind, folder in folders.items()}  # fmt: skip
    assert payout["rep"]["value"] > 0
    assert payout["region"]["value"] > payout["rep"]["value"]  # three people's
    assert payout["account"]["value"] is None
    assert "person's" in payout["account"]["reason"]
    there = {
        kind: (folder / "tables/10_target_breakdown.commission.csv").exists()
        for kind, folder in folders.items()
    }
    assert there == {"region": False, "team": False, "rep": True, "account": False}
    rows = list(
        csv.DictReader(io.StringIO(read(folders["rep"] / "tables/10_target_breakdown.commission.csv")))
    )
    assert [row["member"] for row in rows] == [scopes_of(company())["rep"]]


def test_no_pack_holds_an_employees_answer_nor_rejected_rows_of_the_company(workspace: Path) -> None:
    _, _, folders = packs(workspace, scopes_of(company()))
    for folder in folders.values():
        assert not (folder / "rejected").exists()
        for path in folder.glob("tables/*load*.csv"):
            answers = pd.read_csv(path)
            assert "stress" not in answers or answers["stress"].isna().all()  # teams of three and four


def test_the_demos_packs_of_each_kind_of_scope_are_whole_and_name_nobody_else() -> None:
    status, printed, folders = packs(ROOT / "data/demo", DEMO)
    assert status == 0, printed
    assert "withheld" not in printed
    people = pd.read_csv(ROOT / "data/demo/reps.csv").set_index("rep_id")
    named = {
        "region": people.index[people["region"] == "North"],
        "team": people.index[people["team"] == "Dragons"],
        "rep": ["R01"],
        "account": ["R01"],
    }
    for kind, folder in folders.items():
        others = people.drop(named[kind])["rep_name"]
        assert found_in(files(folder), set(others)) == {}, kind
        cover = (folder / "index.html").read_text(encoding="utf-8")
        assert "May be shown to" in cover
        assert not re.search(r">0 of [\d.]+M<", cover)
    for region in ("East", "South", "West"):
        assert not re.search(
            rf">{region}<", (folders["region"] / "60_sprint_retrospective.html").read_text(encoding="utf-8")
        )


def test_people_stand_beside_each_other_and_pay_of_others_is_told_where_the_table_says() -> None:
    _, _, folders = packs(ROOT / "data/demo", DEMO)
    tables = {kind: {path.stem for path in (folder / "tables").iterdir()} for kind, folder in folders.items()}
    for kind in ("rep", "account"):
        assert not [name for name in tables[kind] if "by_person" in name or name.endswith((".stars", ".contested", ".ramp"))]  # fmt: skip
    assert {"30_funnel_diagnosis.fields_by_person", "40_team_enablement.people"} <= tables["region"]
    for name in ("10_target_breakdown.parts", "10_target_breakdown.carriers", "40_team_enablement.people"):
        assert (name in tables["rep"], name in tables["account"]) == (True, False)
    assert not [
        name for held in tables.values() for name in held if "pulled_pay" in name or "bonuses" in name
    ]


def without_clock(path: Path) -> object:
    """What a file holds, but how long it took and when that was."""
    if path.suffix not in (".ipynb", ".json"):
        return path.read_bytes()

    def told(content: object) -> object:
        if isinstance(content, dict):
            return {key: told(value) for key, value in content.items() if key not in CLOCK}
        return [told(each) for each in content] if isinstance(content, list) else content

    return told(json.loads(path.read_text(encoding="utf-8")))


def test_a_scope_in_a_batch_has_the_same_bytes_as_alone() -> None:
    """In every file: pages, notebooks, tables, workbooks and JSON."""
    alone = rendered(ROOT / "data/demo", "2026-10", "--scope", f"region={DEMO['region']}")
    status, _, folders = packs(ROOT / "data/demo", DEMO)
    assert (alone.status, status) == (0, 0)
    there = folders["region"]
    names = sorted(str(path.relative_to(there)) for path in there.rglob("*") if path.is_file())
    assert names == sorted(str(p.relative_to(alone.folder)) for p in alone.folder.rglob("*") if p.is_file())
    differing = [name for name in names if without_clock(there / name) != without_clock(alone.folder / name)]
    assert differing == []
    assert {Path(name).suffix for name in names} >= {".html", ".ipynb", ".csv", ".json"}
    assert without_clock(there / "run.json") != without_clock(folders["team"] / "run.json")


def test_no_file_of_a_pack_tells_of_the_machine(workspace: Path) -> None:
    _, _, folders = packs(workspace, scopes_of(company()))
    _, _, of_demo = packs(ROOT / "data/demo", DEMO)
    told = {
        str(workspace.parent),
        str(ROOT),
        str(Path.home()) + "/",
        socket.gethostname(),
        f"/{getpass.getuser()}/",
    }
    for folder in (*folders.values(), *of_demo.values()):
        for name, text in files(folder).items():
            assert not [each for each in told if len(each) > 3 and each in text], name


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("File /usr/lib/python3/site.py, line 3", "File site.py, line 3"),
        ("workspace = \"/tmp/a b/data\"", "workspace = \"a b/data\""),
        ("see https://example.org/tmp/page and 3/4 or and/or", "see https://example.org/tmp/page and 3/4 or and/or"),
        ("</td></tr>", "</td></tr>"),
    ],
)  # fmt: skip
def test_of_a_path_its_last_name_is_left(text: str, left: str) -> None:
    assert without_machine(text) == left


# ---- the gate itself ---------------------------------------------------------------------------------------------------


def small(folder: Path, **more: str) -> Path:
    """Two regions, whose people and customers have common names; one region's name is a word of every page."""
    folder.mkdir(parents=True)
    tables = {
        "reps": "rep_id,rep_name,team,region\nR1,Ann Lee,T,East\nR2,May,U,West\nR3,Ann Lee,U,West\nR4,王芳,U,West\n",
        "accounts": "account_id,account_name,region,owner_id\nC1,Acme,East,R1\nC2,Acme Holding,West,R2\nC3,Total,West,R2\n",
        "orders": (
            "order_id,account_id,rep_id,ordered_on,net_amount\n"
            "O1001,C1,R1,2026-09-03,1234567.89\nO1002,C2,R2,2026-10-05,7654321.98\nO1003,C3,R3,2026-10-06,98765432109.87\n"
            "17,C2,R2,2026-10-07,250\n"
        ),
        "events": "happened_on,kind,account_id,severity,note\n2026-10-01,departure,C2,3,The buyer went to a rival\n2026-10-02,publicity,,3,A fair was held\n",
    }
    (folder / "plan.yml").write_text("company: Small & Sons\ncurrency: CNY\n", encoding="utf-8")
    for name, text in {**tables, **more}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Gate(open_book(small(tmp_path / "small"), as_of="2026-10-31", scope="region=East"))


@pytest.mark.parametrize(
    ("name", "body", "kinds"),
    [
        ("page.html", '<p hidden>sold to Acme Holding</p>', {"accounts"}),
        ("page.html", '<img alt="Acme Holding: 3">', {"accounts"}),
        ("page.html", '<svg><text x="1">王芳</text></svg>', {"people"}),
        ("page.html", "<!-- O1002 -->", {"orders"}),
        ("page.html", "<td>West</td>", {"regions"}),
        ("page.html", "<p>赢单最多的是王芳的客户</p>", {"people"}),
        ("page.html", "<p>The buyer went to a rival, said C1</p>", {"notes"}),
        ("table.csv", "account,amount\nC2,3\n", {"accounts"}),
        ("table.csv", "member\nMay\nTotal\n", {"people", "accounts"}),
        ("table.csv", "order_id,amount\n17,3\n", {"orders"}),
        ("table.csv", "orders,amount\n17,3\n", set()),
        ("run.json", '{"a": [{"b": "R2 \\u738b\\u82b3"}]}', {"people"}),
        ("table.csv", "amount\n98765432109.87\n", {"amounts"}),
    ],
)  # fmt: skip
def test_the_gate_finds_what_is_of_outside_wherever_it_stands(
    gate: Gate, tmp_path: Path, name: str, body: str, kinds: set[str]
) -> None:
    from salesnb.report.contents import texts_of

    (tmp_path / name).write_text(body, encoding="utf-8")
    assert set(gate.strangers({name: texts_of(tmp_path / name)}).get(name, {})) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "17 orders of Acme in May, Total 250",  # a number, a month and a word of tables are no identities in a sentence
        "Ann Lee (R1) sold 1,234,567.89",
        "A fair was held",
        "7654321.98",  # one amount of seven digits may be equal by coincidence: rows and numbers are many
        "Acme Holdings and AcmeHolding",
    ],
)
def test_the_gate_does_not_stumble_over_coincidences(gate: Gate, text: str) -> None:
    many = {f"{1000003 + 7919 * number}.{number % 90 + 10}" for number in range(4000)}
    assert gate.strangers({"page": {text} | many}) == {}


def test_a_page_of_ones_own_that_opens_the_company_in_a_scopes_run_is_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    data, notebooks = small(tmp_path / "data"), tmp_path / "notebooks"
    opened = "from salesnb.intake.workspace import open_book\nfrom salesnb.intake import facts\n"
    write_notebook(
        notebooks / "70_unscoped.ipynb",
        "## Who?",
        opened + "facts.accounts(open_book(workspace, as_of=as_of))",
    )
    write_notebook(
        notebooks / "71_files.ipynb",
        "## Who?",
        "import pandas as pd\npd.read_csv(workspace + '/accounts.csv')",
    )
    write_notebook(
        notebooks / "72_own.ipynb",
        "## Who?",
        opened + "facts.accounts(open_book(workspace, as_of=as_of, scope=scope))",
    )
    request = Request(str(data), date(2026, 10, 31), "region=East", "en", tmp_path / "reports", notebooks)
    (outcome,) = make([request])
    assert {run.page for run in outcome.failed} == {"70_unscoped", "71_files"}
    texts = files(request.place)
    assert found_in(texts, {"Acme Holding", "C2"}) == {}
    assert "opens that scope alone" in texts["70_unscoped.html"]
    assert "withheld" in texts["71_files.html"]
    assert not (request.place / "notebooks/71_files.ipynb").exists()
    assert "Acme" in texts["notebooks/72_own.ipynb"]


# ---- employees' answers ------------------------------------------------------------------------------------------------


def asked(folder: Path, teams: dict[str, tuple[int, int]], *, plan: str = "") -> Path:
    """`teams`: how many people of each answered in East and in West."""
    people = [
        (f"{team}{region[0]}{number}", team, region)
        for team, counts in teams.items()
        for region, count in zip(("East", "West"), counts, strict=True)
        for number in range(count)
    ]
    reps = "".join(f"{rep},Person {rep},{team},{region}\n" for rep, team, region in people)
    answers = "".join(
        f"{rep},2026-{month}-10,{3 + number % 2}\n"
        for number, (rep, *_) in enumerate(people)
        for month in ("09", "10")
    )
    place = small(folder, reps=f"rep_id,rep_name,team,region\n{reps}", pulse=PULSE + answers)
    (place / "plan.yml").write_text(f"company: Small & Sons\ncurrency: CNY\n{plan}", encoding="utf-8")
    return place


def told(folder: Path, scope: str = "") -> dict[str, int]:
    groups = facts.pulse(open_book(folder, as_of="2026-10-31", scope=scope))
    assert set(groups.columns) == {"team", "span", "people", "mean", "variance"}
    return dict(zip(groups["team"], groups["people"], strict=True))


def test_answers_are_told_of_five_people_and_never_leave_fewer_by_subtraction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = asked(tmp_path / "asked", {"One": (1, 0), "Four": (4, 0), "Five": (5, 0), "Six": (5, 1)})
    assert told(folder) == {"Five": 5, "Six": 6}
    assert told(folder, "region=East") == {
        "Five": 5
    }  # the six without their one in the West would tell of that one
    assert told(folder, "region=West") == {}
    assert told(folder, "team=Six") == {"Six": 6}
    assert told(folder, "rep=FiveE0") == told(folder, "account=C1") == {}


def test_answers_of_one_person_count_once_and_the_plan_may_only_ask_for_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = asked(tmp_path / "asked", {"Five": (5, 0), "Six": (6, 0)}, plan="privacy: {fewest_people: 6}\n")
    assert told(folder) == {"Six": 6}
    with pytest.raises(InputError, match="at least 5"):
        read_plan({"company": "X", "privacy": {"fewest_people": 4}}, path=tmp_path / "plan.yml")


def test_rejected_answers_leave_without_the_answer_and_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = asked(tmp_path / "asked", {"Five": (5, 0)}, plan="intake: {max_rejected: 1}\n")
    with (folder / "pulse.csv").open("a") as file:
        file.write("FiveE1,2026-10-11,9\n")
    write_notebook(tmp_path / "notebooks/70_any.ipynb", "## Who?", "1")
    request = Request(str(folder), date(2026, 10, 31), "", "en", tmp_path / "reports", tmp_path / "notebooks")
    make([request])
    assert read(request.place / "rejected/pulse.csv").splitlines() == [
        "source_row,reason",
        "12,stress lies outside its range",
    ]


# ---- who may see what --------------------------------------------------------------------------------------------------


def test_contributing_holds_the_table_that_the_code_keeps_to() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for row in audience.table():
        assert f"| {' | '.join(row)} |" in text
    for line in audience.COMPANY_WIDE:
        assert f"- {line}" in text


def test_a_scope_of_a_kind_to_come_holds_neither_pay_nor_people_beside_each_other() -> None:
    for kind in ("product_line", "segment"):
        assert all(audience.withheld(kind, subject) for subject in audience.WHY)
    assert not any(audience.withheld("company", subject) for subject in audience.WHY)

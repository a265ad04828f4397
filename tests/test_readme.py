"""Do README.md and README.zh.md say the same, and does what they name exist?"""

from __future__ import annotations

import re
from collections import Counter

import pytest
import typer

from salesnb.cli import app
from salesnb.cli.starter import FORM, write_starter
from salesnb.findings import FINDINGS
from salesnb.headlines import CALLS, MANIFEST, METRICS
from salesnb.language import Language
from tests.packs import ROOT

ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """The language and the lines of each code block, without comments and empty lines."""
    return [
        (language, [code for line in body.splitlines() if (code := re.sub(r"(^|\s)#.*", "", line).rstrip())])
        for language, body in FENCE.findall(text)
    ]


def sections(text: str) -> list[tuple[str, str]]:
    """The level of each heading and what stands below it, code blocks left out."""
    parts = re.split(r"^(#+) .*\n", FENCE.sub("", text), flags=re.M)
    assert not parts[0]
    return list(zip(parts[1::2], parts[2::2], strict=True))


def code_in(text: str) -> Counter[str]:
    return Counter(re.findall(r"`([^`\n]+)`", FENCE.sub("", text)))


def links_in(text: str) -> Counter[str]:
    return Counter(re.findall(r"\]\(([^)]+)\)", text))


def rows_in(text: str) -> list[list[str]]:
    lines = (line for line in text.splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_each_readme_begins_with_a_link_to_the_other():
    assert "[中文](README.zh.md)" in ENGLISH.splitlines()[:3][-1]
    assert "[English](README.md)" in CHINESE.splitlines()[:3][-1]


def test_both_readmes_have_the_same_headings_commands_names_and_links():
    assert [level for level, _ in sections(ENGLISH)] == [level for level, _ in sections(CHINESE)]
    assert blocks(ENGLISH) == blocks(CHINESE)
    assert len(blocks(ENGLISH)) == 4
    other = Counter({"README.md", "README.zh.md"})
    for (_, here), (_, there) in zip(sections(ENGLISH), sections(CHINESE), strict=True):
        assert code_in(here) == code_in(there)
        assert links_in(here) - other == links_in(there) - other
        assert [len(row) for row in rows_in(here)] == [len(row) for row in rows_in(there)]
        assert len(re.findall(r"^\d\. ", here, re.M)) == len(re.findall(r"^\d\. ", there, re.M))


def test_both_glossaries_have_the_same_pairs_of_terms():
    here, there = (rows_in(sections(text)[-1][1])[2:] for text in (ENGLISH, CHINESE))
    assert [(english, chinese) for english, chinese, _ in here] == [
        (english, chinese) for chinese, english, _ in there
    ]
    assert len(here) > 30
    assert all(re.search("[\u4e00-\u9fff]", meaning) for *_, meaning in there)


def test_every_link_leads_to_a_file():
    targets = links_in(ENGLISH) + links_in(CHINESE)
    assert {target for target in targets if not (ROOT / target).is_file()} == set()


def test_every_command_exists_with_its_options():
    salesnb = typer.main.get_command(app)
    commands = salesnb.commands
    named = [line for line in code_in(ENGLISH) if re.match(r"(\.venv/bin/)?salesnb ", line)]
    assert len(named) >= 5
    for line in named:
        _, command, *rest = line.split()
        known = {option for parameter in commands[command].params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= known
    options = {line.split()[0] for line in code_in(ENGLISH) if line.startswith("--")}
    everywhere = {
        option for command in commands.values() for parameter in command.params for option in parameter.opts
    }
    everywhere |= {option for parameter in salesnb.params for option in parameter.opts}
    assert options
    assert options <= everywhere
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = {line.split()[1] for line in code_in(ENGLISH) if line.startswith("make ")}
    targets |= {line.split()[1] for line in blocks(ENGLISH)[0][1]}
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, re.M)} == set()


@pytest.mark.parametrize("source", ["excel", "salesforce", "hubspot"])
def test_the_paths_of_the_three_steps_are_those_that_init_makes(tmp_path, source):
    write_starter(tmp_path / "mycompany", source=source, say=Language("en"))
    named = re.findall(r"mycompany/[\w./]+", "\n".join(code_in(ENGLISH)))
    form = f"mycompany/data/{FORM}"
    assert form in named
    assert {"mycompany/data", "mycompany/notebooks"} <= set(named)
    for path in named:
        assert (tmp_path / path).exists() == (path != form or source == "excel")
    assert source == "excel" or (tmp_path / "mycompany/data/plan.yml").is_file()


def test_the_files_of_a_pack_have_the_names_that_a_run_gives_them():
    assert {"index.html", METRICS, CALLS, FINDINGS, MANIFEST} <= set(code_in(ENGLISH))

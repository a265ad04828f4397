"""What of an executed notebook does a reader see?"""

from __future__ import annotations

import nbformat

from salesnb.headlines import COVER_MIME, FIGURES_MIME, SECTION_MIME
from salesnb.language import Language
from salesnb.report.export import Cell, page_content, shown
from salesnb.report.pack import write_csv

SAY = Language("en")


def output(**data: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output(
        "display_data", data={kind.replace("__", "/"): text for kind, text in data.items()}
    )


def test_sections_begin_at_questions_and_keep_what_follows() -> None:
    node = nbformat.v4.new_notebook()
    code = nbformat.v4.new_code_cell("secret_code()")
    code.outputs = [
        output(text__html="<p>shown</p>"),
        nbformat.v4.new_output("stream", name="stderr", text="warned"),
    ]
    node.cells = [
        nbformat.v4.new_markdown_cell("# Title\n\nFor *whom* {braces}."),
        nbformat.v4.new_markdown_cell("## First?\n\nBecause <script>alert(1)</script>."),
        code,
        nbformat.v4.new_markdown_cell("And more."),
    ]
    content = page_content(node, say=SAY, name="page")
    (section,) = content.sections
    assert content.heading == "Title"
    assert content.intro == "<p>For <em>whom</em> {braces}.</p>\n"
    assert section.title == "First?"
    assert "<p>shown</p><p>And more.</p>" in section.html
    assert "secret_code" not in section.html
    assert "warned" not in section.html
    assert "<script>" not in section.html


def test_what_is_handed_over_and_the_data_close_the_page() -> None:
    node = nbformat.v4.new_notebook()
    loading, asking, handing = (nbformat.v4.new_code_cell("x") for _ in range(3))
    loading.outputs = [output(text__html="<p>72 rows</p>", **{COVER_MIME: {}})]
    asking.outputs = [
        output(text__html="<p>a</p>", **{SECTION_MIME: {"answer": "East."}}),
        output(text__html="<p>b</p>", **{SECTION_MIME: {"answer": "Other."}}),
    ]
    handing.outputs = [output(text__html="<p>numbers</p>", **{FIGURES_MIME: {"page": "p"}})]
    closing = nbformat.v4.new_markdown_cell("## What goes to the pack\n\nFor the machine.")
    node.cells = [
        nbformat.v4.new_markdown_cell("# T"),
        loading,
        nbformat.v4.new_markdown_cell("## Where?"),
        asking,
        closing,
        handing,
    ]
    content = page_content(node, say=SAY, name="page")
    assert [(section.title, section.answer) for section in content.sections] == [("Where?", "East.")]
    assert content.closing == "<p>72 rows</p><p>numbers</p>"
    assert content.intro == ""
    assert content.handed == {"page": "p"}
    node.cells = [
        *node.cells[:-2],
        handing,
    ]  # handed over under a question that has its answer: the question stays
    content = page_content(node, say=SAY, name="page")
    assert [section.title for section in content.sections] == ["Where?"]
    assert "numbers" not in content.sections[0].html


def test_pictures_are_in_the_page_and_plain_text_is_a_note() -> None:
    cell = Cell()
    picture = shown(output(image__png="aGk=\n", text__plain='A "picture"'), say=SAY, cell=cell)
    assert 'src="data:image/png;base64,aGk="' in picture
    assert 'alt="A &quot;picture&quot;"' in picture
    note = shown(output(text__plain="'<b>'"), say=SAY, cell=cell)
    assert note == '<div class="snb"><pre class="note">&#x27;&lt;b&gt;&#x27;</pre></div>'
    assert cell.left_out == []


def test_a_spreadsheet_runs_nothing_from_our_files(tmp_path) -> None:  # type: ignore[no-untyped-def]
    write_csv(
        tmp_path / "x.csv", ["=a"], [["=1+1"], ["-5"], ["@x"], ["\ufeff =1"], ["-5+1"], [None]], say=SAY
    )
    written = (tmp_path / "x.csv").read_text("utf-8-sig").splitlines()
    assert written == ["'=a", "'=1+1", "-5", "'@x", "'\ufeff =1", "'-5+1", '""']

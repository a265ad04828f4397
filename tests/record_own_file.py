"""Records how a file that nobody prepared becomes a workspace: runs the commands and draws what they print.

Run by `make recording`; writes reports/own_file.svg, the picture in both READMEs. Nothing in it is typed by hand.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tests.foreign_files import CASES

PICTURE = Path(__file__).parent.parent / "reports" / "own_file.svg"
WIDTH = 118
LINES = 46
FILE = "Umsatzliste 2025.csv"
COMMANDS = (
    (f'head -3 "{FILE}" | iconv -f cp1252 -t utf-8',),
    ("salesnb", "init", "mycompany", "--from", FILE, "--lang", "en"),
)


def _aligned(lines: list[str]) -> list[str]:
    """The lines with their tables in columns, as a terminal shows them."""
    rows = [line.split("\t") for line in lines if "\t" in line]
    widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
    return [
        "".join(f"{cell:{width}}" for cell, width in zip(line.split("\t"), widths, strict=True))
        if "\t" in line
        else line
        for line in lines
    ]


def main() -> None:
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        CASES["de_flat"](folder)
        for command in COMMANDS:
            shown = (
                command[0]
                if len(command) == 1
                else " ".join(f'"{each}"' if " " in each else each for each in command)
            )
            console.print(Text(f"$ {shown}", style="bold"))
            run = (
                command[0]
                if len(command) == 1
                else [str(Path(sys.executable).with_name(command[0])), *command[1:]]
            )
            done = subprocess.run(
                run, shell=isinstance(run, str), cwd=folder, capture_output=True, text=True, check=True
            )
            for line in _aligned(done.stdout.splitlines()[:LINES]):
                console.print(Text(line[:WIDTH]))
    svg = console.export_svg(title="salesnb init mycompany --from FILE")
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.S)  # no request leaves the page
    PICTURE.write_text(re.sub(r"terminal-\d+", "terminal", svg), encoding="utf-8")


if __name__ == "__main__":
    main()

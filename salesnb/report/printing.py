"""How does month.html become a PDF? Printed by a Chromium where there is one; any browser prints the same by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from salesnb.errors import InputError
from salesnb.headlines import MONTH

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip
LIMIT = 120.0  # seconds
PDF = "month.pdf"


def browser() -> str | None:
    """A Chromium of this machine."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def print_month(pack: Path) -> Path:
    """Write ``month.pdf`` beside ``month.html``, whole or not at all; `InputError` where no Chromium is, or it does not print."""
    found = browser()
    if found is None:
        raise InputError(
            "no PDF was written: there is no Chromium on this machine; {file} prints as two pages from any browser",
            file=str(pack / MONTH),
        )
    with tempfile.TemporaryDirectory(prefix="salesnb-print-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / PDF
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [found, *QUIET, *root, f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}"]
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                [*command, (pack / MONTH).resolve().as_uri()], capture_output=True, timeout=LIMIT, check=False
            )
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            raise InputError(
                "no PDF was written: {browser} did not print {file}", browser=Path(found).name, file=MONTH
            )
        beside = pack / f".{PDF}"
        shutil.copyfile(made, beside)
        beside.replace(pack / PDF)
    return pack / PDF

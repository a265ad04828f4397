"""The month by mail and on paper: what is sent to whom by a real server on loopback, what is refused, and what is printed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from salesnb.report import printing
from tests.mail_server import mail_server
from tests.small_notebooks import write_workspace

SENTENCES = ["We are 3.8% behind plan.", "East lacks 34.2M."]
READERS = "to: [director@example.com, board@example.com], from: salesnb@example.com"


def _pack(folder: Path, *, settings: str, status: str = "complete", scope: str = "") -> tuple[Path, Path]:
    workspace, pack = write_workspace(folder / "w"), folder / "2026-10"
    with (workspace / "plan.yml").open("a") as file:
        file.write(f"mail: {{{settings}}}\n")
    pack.mkdir()
    manifest = {
        "salesnb": "0",
        "fingerprints": {},
        "company": "Small & Sons",
        "parameters": {"workspace": "gone", "language": "en", "scope": scope},
        "pages": {"10_target_breakdown": {"status": status}},
        "title": "October 2026 brought 64.0M",
        "sentences": SENTENCES,
    }
    (pack / "run.json").write_text(json.dumps(manifest))
    (pack / "month.html").write_text("<h1>October</h1>\n..dots\n")
    return workspace, pack


def _send(workspace: Path, pack: Path, *options: str, **variables: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "salesnb", "send", str(pack), "--workspace", str(workspace), *options]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", **variables}
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_pack_is_mailed_with_its_sentences_as_text_and_the_month_beside_them(tmp_path: Path) -> None:
    with mail_server(password="s3cret") as inbox:
        settings = f"{READERS}, server: 127.0.0.1, port: {inbox.port}, security: none, user: bot, password_env: MAIL_WORD"
        workspace, pack = _pack(tmp_path, settings=settings)
        status, said = _send(workspace, pack, "--dry-run")
        assert status == 0
        assert inbox.mails == []
        assert all(sentence in said for sentence in SENTENCES)
        assert "Nothing was sent." in said
        assert _send(workspace, pack)[0] == 2  # without the password
        status, said = _send(workspace, pack, MAIL_WORD="wrong")
        assert status == 2
        assert "did not accept the user bot" in said
        assert "wrong" not in said
        status, said = _send(workspace, pack, MAIL_WORD="s3cret")
    assert status == 0, said
    (mail,) = inbox.mails
    assert mail["Subject"] == "Small & Sons: October 2026 brought 64.0M"
    assert inbox.readers == ["director@example.com", "board@example.com"]
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == "\n\n".join(SENTENCES)
    (month,) = mail.iter_attachments()
    assert month.get_filename() == "2026-10.html"
    assert month.get_content_type() == "text/html"
    assert month.get_content().replace("\r\n", "\n") == "<h1>October</h1>\n..dots\n"


def test_an_incomplete_pack_goes_only_where_that_is_said(tmp_path: Path) -> None:
    with mail_server() as inbox:
        settings = f"{READERS}, server: 127.0.0.1, port: {inbox.port}, security: none"
        workspace, pack = _pack(tmp_path, settings=settings, status="failed")
        status, said = _send(workspace, pack)
        assert status == 2
        assert "incomplete (10_target_breakdown) and was not sent" in said
        assert inbox.mails == []
        assert _send(workspace, pack, "--incomplete")[0] == 0
    assert len(inbox.mails) == 1


def test_a_scopes_pack_goes_to_its_own_readers_alone(tmp_path: Path) -> None:
    with mail_server(refused={"gone@example.com"}) as inbox:
        where = f"server: 127.0.0.1, port: {inbox.port}, security: none"
        scoped = f'{READERS}, {where}, scopes: {{"region=East": [east@example.com, gone@example.com]}}'
        workspace, pack = _pack(tmp_path, settings=scoped, scope="region=West")
        status, said = _send(workspace, pack)
        assert status == 2
        assert "names nobody whom the pack of region=West goes to" in said
        manifest = json.loads((pack / "run.json").read_text())
        manifest["parameters"]["scope"] = "region=East"
        (pack / "run.json").write_text(json.dumps(manifest))
        status, said = _send(workspace, pack)
    assert status == 2  # somebody was refused, and that is said
    assert "refused gone@example.com" in said
    assert inbox.readers == ["east@example.com"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_goes_encrypted_to_a_server_that_the_machine_trusts_alone(
    tmp_path: Path, security: Literal["starttls", "tls"]
) -> None:
    with mail_server(
        password="s3cret", refused={"board@example.com"}, security=security, folder=tmp_path
    ) as inbox:
        settings = f"{READERS}, server: 127.0.0.1, port: {inbox.port}, security: {security}, user: bot, password_env: MAIL_WORD"
        workspace, pack = _pack(tmp_path, settings=settings)
        status, said = _send(workspace, pack, MAIL_WORD="s3cret")
        assert (status, inbox.mails) == (2, [])  # a certificate that nobody here vouches for
        assert "no safe connection to the mail server" in said
        trusted = {"SSL_CERT_FILE": str(inbox.authority)}
        status, said = _send(workspace, pack, MAIL_WORD="wrong", **trusted)
        assert (status, inbox.mails) == (2, [])
        assert "did not accept the user bot or the password" in said
        status, told = _send(workspace, pack, MAIL_WORD="s3cret", **trusted)
        assert status == 2  # one of two readers is refused
        assert "refused board@example.com; the others have it" in told
    assert all(len(each.strip().splitlines()) == 1 for each in (said, told))
    assert (inbox.readers, inbox.encrypted) == (["director@example.com"], [True])


def test_readers_who_are_all_refused_and_a_server_without_a_safe_way_are_one_sentence(tmp_path: Path) -> None:
    with mail_server(refused={"director@example.com", "board@example.com"}) as inbox:
        where = f"{READERS}, server: 127.0.0.1, port: {inbox.port}"
        (tmp_path / "open").mkdir()
        _, told = _send(*_pack(tmp_path / "open", settings=f"{where}, security: none"))
        _, unsafe = _send(*_pack(tmp_path, settings=where))
    assert "refused board@example.com and director@example.com; nobody has it" in told
    assert "offers neither STARTTLS" in unsafe
    assert all(len(each.strip().splitlines()) == 1 for each in (told, unsafe))
    assert inbox.mails == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("to: [nobody]", "a mail address such as director@example.com"),
        ("to: [a@b.example]", "who writes the mail"),
        (READERS, "names no mail server"),
        (f"{READERS}, server: 127.0.0.1, port: 9, security: none", "cannot be reached"),
    ],
)
def test_what_is_missing_is_one_sentence(tmp_path: Path, settings: str, said: str) -> None:
    workspace, pack = _pack(tmp_path, settings=settings)
    status, told = _send(workspace, pack)
    assert status == 2
    assert said in told
    assert len(told.strip().splitlines()) == 1


def test_a_folder_that_is_no_pack_and_a_workspace_that_is_gone_are_told(tmp_path: Path) -> None:
    workspace, pack = _pack(tmp_path, settings=READERS)
    assert "is no pack" in _send(workspace, tmp_path)[1]
    command = [sys.executable, "-m", "salesnb", "send", str(pack)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "name it with --workspace" in done.stderr


@pytest.mark.browser
def test_the_month_is_printed_whole_or_it_is_told_why_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, pack = _pack(tmp_path, settings=READERS)
    if printing.browser() is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    made = printing.print_month(pack)
    assert len(re.findall(rb"/Type\s*/Page\b", made.read_bytes())) == 1
    assert sorted(path.name for path in pack.iterdir()) == ["month.html", "month.pdf", "run.json"]
    monkeypatch.setattr(printing, "BROWSERS", ())
    with pytest.raises(printing.InputError, match="no Chromium on this machine"):
        printing.print_month(pack)

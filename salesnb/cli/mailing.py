"""What does `salesnb send` ask for, and what does it tell?"""

from __future__ import annotations

from pathlib import Path

from salesnb.errors import InputError
from salesnb.headlines import MONTH
from salesnb.intake.digests import read_workspace_plan
from salesnb.intake.files import find_workspace
from salesnb.language import Language
from salesnb.report import post


def mail_pack(pack: Path, *, workspace: str, dry_run: bool, incomplete: bool) -> list[str]:
    """Mail the pack, or only say so; the lines to print. `InputError` where it cannot or should not be sent."""
    manifest = post.read_manifest(pack)
    if not incomplete:
        post.require_complete(manifest)
    parameters = manifest["parameters"]
    try:
        found = find_workspace(workspace or parameters["workspace"])
    except InputError:
        if workspace:
            raise
        raise InputError(
            "the workspace of this pack is not found from here; name it with --workspace FOLDER"
        ) from None
    mail = read_workspace_plan(found).mail
    say = Language(parameters["language"])
    made = post.letter(pack, manifest, mail)
    told = [say("To {readers}: {subject}", readers=made["To"], subject=made["Subject"])]
    told += [
        *manifest["sentences"],
        say("{file}, {size:count} KB", file=MONTH, size=(pack / MONTH).stat().st_size // 1024),
    ]
    if dry_run:
        return [*told, say("Nothing was sent.")]
    post.send(made, mail)
    return [told[0], say("Sent.")]

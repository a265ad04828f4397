"""How does a month reach those who read it in their mail? ``month.html`` as an attachment, the five sentences as the text.

What is sent is what stands in the finished pack; a pack with a failed page goes only where that is said. The password never leaves
its environment variable but to the server.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

from salesnb.errors import InputError, trouble
from salesnb.headlines import MANIFEST, MONTH
from salesnb.packs import is_pack
from salesnb.plan import Mail

PATIENCE = 30.0  # seconds that a server may take for an answer


def read_manifest(pack: Path) -> dict[str, Any]:
    """The run.json of a finished pack; `InputError` where the folder is none or has no month.html."""
    if not is_pack(pack) or not (pack / MONTH).is_file():
        raise InputError(
            "{folder} is no pack with a {file}; make it with salesnb report", folder=pack, file=MONTH
        )
    try:
        content = json.loads((pack / MANIFEST).read_text(encoding="utf-8"))
        return {
            **content,
            "sentences": content["sentences"],
            "title": content["title"],
            "pages": content["pages"],
        }
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            "{file} of {folder} cannot be read; make the pack anew", file=MANIFEST, folder=pack
        ) from None


def require_complete(manifest: dict[str, Any]) -> None:
    """`InputError` where a page of the pack failed."""
    failed = [name for name, page in manifest["pages"].items() if page.get("status") != "complete"]
    if failed:
        raise InputError(
            "the pack is incomplete ({pages:list}) and was not sent; --incomplete sends it as it is",
            pages=failed,
        )


def letter(pack: Path, manifest: dict[str, Any], mail: Mail) -> EmailMessage:
    """The mail: subject, the five sentences, month.html; `InputError` where plan.yml names no sender or nobody to read it."""
    scope = manifest["parameters"].get("scope", "")
    readers = mail.scopes.get(scope, []) if scope else mail.to
    if not readers:
        raise InputError(
            "plan.yml names nobody whom the pack of {scope} goes to: {setting}",
            scope=scope or manifest.get("company", ""),
            setting=f"mail: {{scopes: {{{scope}: [name@example.com]}}}}"
            if scope
            else "mail: {to: [name@example.com]}",
        )
    if mail.sender is None:
        raise InputError(
            "plan.yml does not say who writes the mail: mail: {example}", example="{from: name@example.com}"
        )
    made = EmailMessage()
    made["Subject"] = " ".join(f"{manifest.get('company', '')}: {manifest['title']}".split())
    made["From"], made["To"] = mail.sender, ", ".join(readers)
    made["Date"], made["Message-ID"] = (
        formatdate(localtime=True),
        make_msgid(domain=mail.sender.partition("@")[2]),
    )
    made.set_content("\n\n".join(manifest["sentences"]) + "\n")
    month = f"{pack.name.partition('.')[0]}.html"
    made.add_attachment((pack / MONTH).read_bytes(), maintype="text", subtype="html", filename=month)
    return made


def send(made: EmailMessage, mail: Mail) -> None:
    """Hand the mail to the server of plan.yml; `InputError` says what went wrong."""
    if mail.server is None:
        raise InputError(
            "plan.yml names no mail server: mail: {example}", example="{server: smtp.example.com}"
        )
    password = ""
    if mail.password_env:
        password = os.environ.get(mail.password_env, "")
        if not password:
            raise InputError("the environment variable {name} holds no password", name=mail.password_env)
    context = ssl.create_default_context()
    try:
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(mail.server, mail.port, timeout=PATIENCE, context=context)
        else:
            server = smtplib.SMTP(mail.server, mail.port, timeout=PATIENCE)
        with server:
            if mail.security == "starttls":
                server.starttls(context=context)
            if mail.user:
                server.login(mail.user, password)
            refused = server.send_message(made)
    except smtplib.SMTPAuthenticationError:
        raise InputError(
            "the mail server {server} did not accept the user {user} or the password",
            server=mail.server,
            user=mail.user or "",
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise InputError(
            "the mail server {server} offers neither STARTTLS nor a password's way in; set mail: {setting} in plan.yml",
            server=mail.server,
            setting="{security: tls}",
        ) from None
    except smtplib.SMTPRecipientsRefused as error:
        raise InputError(
            "the mail server refused {readers:list}; nobody has it", readers=sorted(error.recipients)
        ) from None
    except smtplib.SMTPException as error:
        raise InputError(
            "the mail server {server} refused the mail ({kind})",
            server=mail.server,
            kind=type(error).__name__,
        ) from None
    except ssl.SSLError as error:
        raise InputError(
            "no safe connection to the mail server {server}: {problem}; its certificate must be one that this machine trusts, and port and security must fit it",
            server=f"{mail.server}:{mail.port}",
            problem=getattr(error, "verify_message", "") or error.reason or "TLS",
        ) from None
    except OSError as error:
        raise InputError(
            "the mail server {server} cannot be reached: {problem}",
            server=f"{mail.server}:{mail.port}",
            problem=trouble(error),
        ) from None
    if refused:
        raise InputError(
            "the mail server refused {readers:list}; the others have it", readers=sorted(refused)
        )

"""A mail server on loopback, by aiosmtpd: with STARTTLS or TLS from the first byte, a user's password, and readers that it refuses."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

HOST = "127.0.0.1"


@dataclass
class Inbox:
    """What has come in: the mails, and whom the envelopes named; `authority` is the file of who signed the server's certificate."""

    port: int = 0
    refused: set[str] = field(default_factory=set)
    mails: list[EmailMessage] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    authority: Path | None = None

    async def handle_RCPT(  # noqa: N802 (the names are aiosmtpd's)
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.readers += envelope.rcpt_tos
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 taken"


@contextmanager
def mail_server(
    *,
    password: str = "",
    refused: set[str] | None = None,
    security: Literal["none", "starttls", "tls"] = "none",
    folder: Path | None = None,
) -> Iterator[Inbox]:
    """A server that runs; with `security` its certificate's authority lies in `folder`."""
    inbox = Inbox(refused=refused or set())
    context = None
    if security != "none":
        assert folder is not None
        authority = trustme.CA()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(HOST).configure_cert(context)
        inbox.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(inbox.authority)
    with socket.socket() as free:
        free.bind((HOST, 0))
        inbox.port = free.getsockname()[1]
    more: dict[str, Any] = {}
    if password:
        more = {
            "authenticator": lambda *told: AuthResult(
                success=told[-1].password == password.encode(), handled=False
            ),
            "auth_require_tls": False,
        }
    if security == "starttls":
        more |= {"tls_context": context, "require_starttls": True}
    server = Controller(inbox, HOST, inbox.port, ssl_context=context if security == "tls" else None, **more)
    server.start()
    try:
        yield inbox
    finally:
        server.stop()

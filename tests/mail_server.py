"""A mail server on loopback that speaks SMTP (RFC 5321) as far as a client that sends one mail needs it, with AUTH PLAIN."""

from __future__ import annotations

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Inbox:
    """What has come in: the mails, whom the envelopes named, and how the client gave its name."""

    port: int = 0
    password: str = ""
    refused: set[str] = field(default_factory=set)
    mails: list[EmailMessage] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    inbox: Inbox

    def handle(self) -> None:
        self._say("220 loopback")
        for raw in iter(self.rfile.readline, b""):
            line = raw.decode().strip()
            verb = line.upper()
            if verb.startswith("EHLO"):
                self._say("250-loopback", "250 AUTH PLAIN" if self.inbox.password else "250 SIZE")
            elif verb.startswith("AUTH PLAIN"):
                _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                self.inbox.logins.append(user)
                self._say("235 welcome" if password == self.inbox.password else "535 no")
            elif verb.startswith("RCPT"):
                reader = line.partition("<")[2].partition(">")[0]
                known = reader not in self.inbox.refused
                self.inbox.readers += [reader] if known else []
                self._say("250 ok" if known else "550 nobody here")
            elif verb == "DATA":
                self._say("354 go on")
                body = b"".join(iter(self.rfile.readline, b".\r\n")).replace(b"\r\n..", b"\r\n.")
                self.inbox.mails.append(message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def mail_server(*, password: str = "", refused: set[str] | None = None) -> Iterator[Inbox]:
    inbox = Inbox(password=password, refused=refused or set())
    handler = type("Talk", (_Talk,), {"inbox": inbox})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        inbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield inbox
        finally:
            server.shutdown()

"""Who is called by webhooks in the tests: one that answers in memory, and a server with TLS on this machine."""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from directory.services.webhook_calls import Said
from web.calling import Outward

HOST = "cases.example.org"
URL = f"https://{HOST}/hooks/directory?from=registry"
PUBLIC = "93.184.215.14"
"""Public, and nobody's in these tests: connections to it are led to this machine."""


@dataclass(frozen=True, slots=True)
class Got:
    """A call as it arrived."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Receiver(Outward):
    """Takes calls in memory, and says what it was told to say, or that all is well."""

    got: list[Got] = field(default_factory=list)
    says: list[Said] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Said:
        """Keep the call."""
        self.got.append(Got(url, headers, body))
        return self.says.pop(0) if self.says else Said("accepted", 204)


def certified(folder: Path, name: str = HOST) -> Path:
    """A file with a key and a certificate for a name, which vouches for itself."""
    key, moment = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(moment - timedelta(days=1)).not_valid_after(moment + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    path = folder / f"{name}.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    path.write_bytes(key.private_bytes(*plain) + certificate)
    return path


@dataclass(slots=True)
class Line:
    """A server on this machine and how to reach it: whom was asked for, where to, and what it heard."""

    port: int
    trusts: Path
    addresses: Sequence[str] = (PUBLIC,)
    asked: list[tuple[str, int]] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)

    def outward(self, deadline_s: float = 5.0) -> Outward:
        """A way to call whose names and connections lead here; all else is as it always is."""
        return Outward(self._resolve, self._connect, self._trust, deadline_s)

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.addresses

    def _connect(self, address: tuple[str, int], timeout: float) -> socket.socket:
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.trusts)


Answer = Callable[[ssl.SSLSocket], None]


def answering(*parts: bytes) -> Answer:
    """Sends these bytes."""

    def answer(connection: ssl.SSLSocket) -> None:
        for part in parts:
            connection.sendall(part)

    return answer


def _request(connection: ssl.SSLSocket) -> bytes:
    heard = b""
    while (part := connection.recv(65536)) and b"{" not in part:
        heard += part
    return heard + part


@contextmanager
def listening(certificate: Path, answer: Answer, trusts: Path | None = None) -> Iterator[Line]:
    """A server that takes one connection, hears a request and answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Line(server.getsockname()[1], trusts or certificate)

        def serve() -> None:
            with suppress(OSError):
                taken, _ = server.accept()
                with context.wrap_socket(taken, server_side=True) as connection:
                    line.heard.append(_request(connection))
                    answer(connection)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield line
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join(5)

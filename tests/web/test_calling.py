"""Calls from this server reach public addresses alone, whoever answers for a name, and wait for nobody for long."""

import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from directory.services.webhook_calls import Said
from tests.web.receivers import HOST, PUBLIC, URL, answering, certified, listening
from web.calling import MOST_READ, Outward, is_public

OK = b"HTTP/1.1 204 No Content\r\n\r\n"
BODY = b'{"event": "changed"}'


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the host of the tests."""
    return certified(tmp_path_factory.mktemp("tls"))


def test_a_call_is_a_post_over_tls_to_the_address_that_was_looked_at(certificate: Path) -> None:
    with listening(certificate, answering(OK)) as line:
        said = line.outward().post(URL, {"webhook-id": "msg_1", "content-type": "application/json"}, BODY)

    head, _, body = line.heard[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert (said, body) == (Said("accepted", 204), BODY)
    assert lines[0] == "POST /hooks/directory?from=registry HTTP/1.1"
    assert {f"Host: {HOST}", "webhook-id: msg_1", f"Content-Length: {len(BODY)}"} < set(lines)
    assert (line.asked, line.connected) == ([(HOST, 443)], [(PUBLIC, 443)])


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),  # noqa: S104
        *("100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "192.88.99.1"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "2130706433", "0x7f.1", ""),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1"),
        *("fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:7f00:1::1"),
        *("2001:db8::1", "fec0::1", "100::1", "2606:2800:21f::1%eth0"),
    ],
)
def test_no_address_that_leads_inside_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "196.25.1.1", "2606:2800:21f::1", "2c0f:fc89::1"])
def test_those_of_the_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("addresses", [[], ["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC]])
def test_a_name_with_one_address_inside_is_not_called(certificate: Path, addresses: list[str]) -> None:
    with listening(certificate, answering(OK)) as line:
        line.addresses = addresses
        said = line.outward().post(URL, {}, BODY)

    assert (said, line.connected) == (Said("address_refused"), [])


def test_a_name_is_resolved_once_for_a_call(certificate: Path) -> None:
    """Whoever answers for it could say something else the second time."""
    with listening(certificate, answering(OK)) as line:
        line.addresses = [PUBLIC, "8.8.8.8"]
        line.outward().post(URL.replace(HOST, f"{HOST}:8443"), {}, BODY)

    assert (line.asked, line.connected) == ([(HOST, 8443)], [(PUBLIC, 8443)])


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    tried: list[str] = []

    def refuse(address: tuple[str, int], _timeout: float) -> None:
        tried.append(address[0])
        raise ConnectionRefusedError

    many = [f"8.8.8.{last}" for last in range(9)]
    said = Outward(lambda _host, _port: many, refuse).post(URL, {}, BODY)  # type: ignore[arg-type]

    assert (said, tried) == (Said("unreachable"), many[:3])


@pytest.mark.parametrize("error", [OSError(), UnicodeError()])
def test_a_name_that_leads_nowhere_is_said(error: Exception) -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise error

    assert Outward(unknown).post(URL, {}, BODY) == Said("unresolved")


def test_the_certificate_must_be_for_the_name_and_of_somebody_trusted(certificate: Path, tmp_path: Path) -> None:
    other = certified(tmp_path, "other.example.org")
    with listening(other, answering(OK), trusts=other) as wrong_name:
        said_of_name = wrong_name.outward().post(URL, {}, BODY)
    with listening(certificate, answering(OK), trusts=other) as unknown:
        said_of_issuer = unknown.outward().post(URL, {}, BODY)

    assert (said_of_name, said_of_issuer) == (Said("tls_failed"), Said("tls_failed"))
    assert wrong_name.heard + unknown.heard == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: https://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", ("redirected", 302)),
        (b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n", ("refused", 500)),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", ("refused", 410)),
        (b"what?\r\n\r\n", ("broken_off", None)),
        (b"", ("broken_off", None)),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", ("broken_off", None)),
        (b"HTTP/1.1 200 " + b"x" * 70_000, ("broken_off", None)),
    ],
)
def test_what_is_answered_is_told_by_its_status_alone(
    certificate: Path, answer: bytes, said: tuple[str, int | None]
) -> None:
    with listening(certificate, answering(answer)) as line:
        assert line.outward().post(URL, {}, BODY) == Said(*said)

    assert len(line.connected) == 1


def test_of_a_huge_answer_little_is_read(certificate: Path) -> None:
    sent: list[int] = []

    def flood(connection: ssl.SSLSocket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(4000):
            connection.sendall(b"x" * 16_384)
            sent.append(16_384)

    with listening(certificate, flood) as line:
        assert line.outward().post(URL, {}, BODY) == Said("accepted", 200)

    assert MOST_READ < 16_384
    assert sum(sent) < 4000 * 16_384 / 2


def _drip(connection: ssl.SSLSocket) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 2000:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def _nothing(connection: ssl.SSLSocket) -> None:
    connection.recv(1)


def _go_on(connection: ssl.SSLSocket) -> None:
    for _ in range(2000):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.02)


@pytest.mark.parametrize("answer", [_drip, _nothing, _go_on])
def test_who_answers_slowly_is_not_waited_for(certificate: Path, answer: Callable[[ssl.SSLSocket], None]) -> None:
    began = time.monotonic()
    with listening(certificate, answer) as line:
        said = line.outward(deadline_s=0.2).post(URL, {}, BODY)
        took = time.monotonic() - began

    assert said == Said("timed_out")
    assert took < 10


def test_no_header_can_be_smuggled_in(certificate: Path) -> None:
    with listening(certificate, answering(OK)) as line, pytest.raises(ValueError, match="Invalid header"):
        line.outward().post(URL, {"webhook-id": "1\r\nX-Else: 2"}, BODY)

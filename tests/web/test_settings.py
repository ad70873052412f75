"""Settings refuse what would be unsafe, and keep their secret."""

import stat
from pathlib import Path

import pytest

from web.settings import LOOPBACK_NAMES, Settings, Unsafe, from_environment, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "[::1]", "localhost"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "registry.example", "localhost.example", ""])  # noqa: S104
def test_everything_else_is_not_and_is_refused_with_the_reason(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(Unsafe, match="unencrypted"):
        Settings(database_url="sqlite://", secret_key=b"k", host=host)


@pytest.mark.parametrize(
    "environment",
    [
        {"HOST": "0.0.0.0"},  # noqa: S104
        {"PORT": "0"},
        {"PORT": "65536"},
        {"PORT": "http"},
        {"SECRET_KEY": "short"},
        {"CORS_ORIGINS": "*"},
        {"RATE_PER_KEY": "many"},
        {"RATE_PER_ADDRESS": "-1"},
        {"TRUSTED_PROXIES": "1000001"},
        {"PUBLIC_URL": "http://directory.example"},
        {"PUBLIC_URL": "https://directory.example/"},
        {"PUBLIC_URL": "https://directory.example/pages"},
        {"PUBLIC_URL": "https://me@directory.example"},
        {"PUBLIC_URL": "directory.example"},
        {"WEBHOOK_HOSTS": "*"},
        {"WEBHOOK_HOSTS": "*.example.org"},
        {"WEBHOOK_HOSTS": "cases.example.org 10.0.0.1"},
        {"WEBHOOK_HOSTS": "localhost"},
        {"WEBHOOK_HOSTS": "cases.example.org:443"},
        {"WEBHOOK_HOSTS": "[::1]"},
    ],
)
def test_an_unsafe_environment_is_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(Unsafe):
        from_environment(environment, tmp_path)


def test_an_empty_environment_keeps_everything_in_the_instance_folder(tmp_path: Path) -> None:
    settings = from_environment({}, tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path / 'instance' / 'directory.sqlite3'}"
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8000, True)
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "instance" / "secret").stat().st_mode) == 0o600
    assert len(settings.secret_key) == 64
    assert from_environment({}, tmp_path).secret_key == settings.secret_key
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "secure", "more"),
    [
        ("https://directory.example", True, ("directory.example",)),
        ("https://directory.example:8443", True, ("directory.example",)),
        ("http://localhost:8000", False, ()),
        ("", False, ()),
    ],
)
def test_the_public_address_is_a_name_to_answer_to(
    tmp_path: Path, url: str, secure: bool, more: tuple[str, ...]
) -> None:
    settings = from_environment({"PUBLIC_URL": url}, tmp_path)

    assert (settings.secure, settings.names) == (secure, (*LOOPBACK_NAMES, *more))


def test_the_environment_is_heard(tmp_path: Path) -> None:
    given = {
        "INSTANCE": str(tmp_path / "elsewhere"),
        "DATABASE_URL": "postgresql://x/y",
        "PORT": "9000",
        "DEMO": "0",
        "SECRET_KEY": "k" * 32,
        "CORS_ORIGINS": "https://a.example https://b.example",
        "WEBHOOK_HOSTS": "Cases.example.org  b.example.org",
    }

    settings = from_environment(given, tmp_path)

    assert (settings.database_url, settings.port, settings.demo) == ("postgresql://x/y", 9000, False)
    assert settings.secret_key == b"k" * 32
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.webhook_hosts == {"cases.example.org", "b.example.org"}
    assert settings.instance == tmp_path / "elsewhere"
    assert not (tmp_path / "instance" / "secret").exists()

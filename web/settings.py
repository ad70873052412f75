"""What the environment may set. Read once, frozen; what would be unsafe is refused with its reason."""

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from directory.services.web_addresses import is_host

ROOT = Path(__file__).resolve().parent.parent
MAX_BODY_BYTES = 1024 * 1024
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
RATE_PER_KEY = 180_000
"""Requests a minute, more than one server answers: an app with many users behind it has one key, and somebody who asks
one thing after the other over one connection has one worker's share of it."""
RATE_PER_ADDRESS = 3_000
HIGHEST = 1_000_000
SECRET_BYTES = 32
SECRET_LEAST_CHARACTERS = 32


class Unsafe(Exception):
    """The server would not be safe to run like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The outside provider people may sign in with. `bind_by` is the claim that finds an account the first time:
    `preferred_username`, or `email` (verified, of `mailbox_domain`); null is none, and an administrator binds each.
    `acr` and `amr` are the values of those claims that say that it asked for a second factor; none is believed unless
    named."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = "Sign in with your organisation"
    bind_by: str | None = None
    mailbox_domain: str | None = None
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not is_origin("/".join(self.issuer.split("/")[:3])) or set(self.issuer) & set("?# @"):
            raise Unsafe("OIDC_ISSUER must be https: whoever answered for it could sign in as anybody.")
        if not self.client_id or not self.client_secret:
            raise Unsafe("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
        if self.bind_by not in (None, "preferred_username", "email"):
            raise Unsafe("OIDC_BIND_BY must be preferred_username or email, or left out.")
        if (self.bind_by == "email") != bool(self.mailbox_domain):
            raise Unsafe("OIDC_BIND_BY=email and OIDC_MAILBOX_DOMAIN go together: whose mailboxes are user names?")

    @property
    def scope(self) -> str:
        """What is asked of the provider: no more than is used."""
        return {"preferred_username": "openid profile", "email": "openid email"}.get(self.bind_by or "", "openid")

    def username(self, claims: Mapping[str, object]) -> str | None:
        """The user name that the claims vouch for, if accounts may be found by it."""
        said = None if self.bind_by is None else claims.get(self.bind_by)
        if not isinstance(said, str):
            return None
        if self.bind_by == "preferred_username":
            return said
        name, _, domain = said.rpartition("@")
        return name if claims.get("email_verified") is True and domain.lower() == self.mailbox_domain else None

    def had_second_factor(self, claims: Mapping[str, object]) -> bool:
        """Whether the claims say so in words that the settings believe."""
        amr = claims.get("amr")
        methods = set(map(str, amr)) if isinstance(amr, list) else set()
        return claims.get("acr") in self.acr or bool(methods & set(self.amr))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this process runs. `clock` is the one source of time, `secret_key` keys the digests of replayed bodies and
    signs cookies, `instance` is the folder of what is this machine's own, `secret_database_url` connects the one role
    of PostgreSQL that reads true locations, `public_url` is where browsers find the pages (without one, at this
    machine's names by plain http). Rates are requests a minute, shared out among the workers; 0 is no limit. Addresses
    are told apart by X-Forwarded-For as the last of so many trusted proxies writes it; with none they are not.
    `webhook_hosts` are the hosts that this server may call at all; without any it calls nobody."""

    database_url: str
    secret_key: bytes = field(repr=False)
    secret_database_url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = True
    instance: Path = ROOT / "instance"
    cors_origins: tuple[str, ...] = ()
    max_body_bytes: int = MAX_BODY_BYTES
    workers: int = 1
    rate_per_key: int = 0
    rate_per_address: int = 0
    trusted_proxies: int = 0
    public_url: str | None = None
    provider: Provider | None = field(default=None)
    webhook_hosts: frozenset[str] = frozenset()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __post_init__(self) -> None:
        if not is_loopback(self.host):
            raise Unsafe(
                f"It will not listen on {self.host}: keys and safe houses would travel unencrypted. It listens on a "
                "loopback address only; put what ends TLS on the same machine."
            )
        if "*" in self.cors_origins:
            raise Unsafe("CORS_ORIGINS must name its origins: with * any web page could read the registry.")
        if self.public_url is not None and not is_origin(self.public_url):
            raise Unsafe("PUBLIC_URL must be https://host or https://host:port: passwords would travel unencrypted.")
        if not all(map(is_host, self.webhook_hosts)):
            raise Unsafe("WEBHOOK_HOSTS must name each host, as in cases.example.org: no address, no port, no *.")

    @property
    def secure(self) -> bool:
        """Whether browsers reach the pages by TLS."""
        return (self.public_url or "").startswith("https:")

    @property
    def names(self) -> tuple[str, ...]:
        """The host names that this service answers to."""
        public = urlsplit(self.public_url or "").hostname
        return LOOPBACK_NAMES if public in (None, *LOOPBACK_NAMES) else (*LOOPBACK_NAMES, str(public))


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, and nobody else's way in."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_origin(url: str) -> bool:
    """Whether a URL is an origin and nothing more: scheme, host and port, by TLS unless the host is this machine."""
    found = re.fullmatch(r"(https?)://([a-z0-9.-]+|\[::1\])(:[0-9]{1,5})?", url)
    return found is not None and (found[1] == "https" or is_loopback(found[2]))


def from_environment(environment: Mapping[str, str] = os.environ, root: Path = ROOT) -> Settings:
    """Settings of this process. Makes the instance folder and its secret where they are missing. Raises Unsafe."""
    instance = Path(environment.get("INSTANCE") or root / "instance")
    instance.mkdir(mode=0o700, exist_ok=True)
    given = environment.get("SECRET_KEY", "")
    if given and len(given) < SECRET_LEAST_CHARACTERS:
        raise Unsafe(f"SECRET_KEY must have at least {SECRET_LEAST_CHARACTERS} characters.")
    return Settings(
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{instance / 'directory.sqlite3'}",
        secret_key=given.encode() if given else kept_secret(instance / "secret"),
        secret_database_url=environment.get("SECRET_DATABASE_URL") or None,
        host=environment.get("HOST") or "127.0.0.1",
        port=port(environment.get("PORT") or "8000"),
        demo=environment.get("DEMO", "1") != "0",
        instance=instance,
        cors_origins=tuple(environment.get("CORS_ORIGINS", "").split()),
        workers=number("WEB_CONCURRENCY", environment, 1) or 1,
        rate_per_key=number("RATE_PER_KEY", environment, RATE_PER_KEY),
        rate_per_address=number("RATE_PER_ADDRESS", environment, RATE_PER_ADDRESS),
        trusted_proxies=number("TRUSTED_PROXIES", environment, 0),
        public_url=environment.get("PUBLIC_URL") or None,
        provider=_provider(environment),
        webhook_hosts=frozenset(environment.get("WEBHOOK_HOSTS", "").lower().split()),
    )


def _provider(environment: Mapping[str, str]) -> Provider | None:
    issuer = environment.get("OIDC_ISSUER")
    if not issuer:
        return None
    return Provider(
        issuer=issuer,
        client_id=environment.get("OIDC_CLIENT_ID", ""),
        client_secret=environment.get("OIDC_CLIENT_SECRET", ""),
        label=environment.get("OIDC_LABEL") or "Sign in with your organisation",
        bind_by=environment.get("OIDC_BIND_BY") or None,
        mailbox_domain=environment.get("OIDC_MAILBOX_DOMAIN", "").lower() or None,
        acr=tuple(environment.get("OIDC_ACR", "").split()),
        amr=tuple(environment.get("OIDC_AMR", "").split()),
    )


def number(name: str, environment: Mapping[str, str], usual: int) -> int:
    """A setting that is a whole number, not negative. Raises Unsafe."""
    text = environment.get(name) or str(usual)
    if not text.isascii() or not text.isdigit() or int(text) > HIGHEST:
        raise Unsafe(f"{name} must be a whole number from 0 to {HIGHEST}.")
    return int(text)


def port(text: str) -> int:
    """A TCP port. Raises Unsafe."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Unsafe("PORT must be a number from 1 to 65535.")
    return int(text)


def kept_secret(path: Path) -> bytes:
    """The secret in its file, made on first use. Linked into place whole, so that two starters agree on one."""
    if not path.exists():
        mine = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_bytes()

"""Where a programme may be served, to whom, and why not.

The kit answers on this computer only, unless the operator says how words are kept private on the
way (https, or a proxy that has it), and everybody can be told whom to ring.
"""

import errno
import ipaddress
import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cascade_tools.errors import SettingsFault
from cascade_tools.settings import Settings

LOOPBACK = "127.0.0.1"
PORT = 8870


@dataclass(frozen=True, slots=True)
class Listening:
    """What the operator decided, checked.

    ``host`` and ``port`` are where the server listens (port 0: any free one), ``base`` the path it
    stands under, ``hosts`` the names it answers to besides this computer's own, ``tls`` its
    certificate.  ``proxied`` means that a stated proxy's headers are believed.
    """

    host: str
    port: int
    base: str
    hosts: tuple[str, ...]
    tls: ssl.SSLContext | None
    proxied: bool
    stated: str = ""

    def public(self, port: int) -> str:
        """The address people type, once the port is known."""
        if self.stated:
            return self.stated
        scheme = "https" if self.tls else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{port}{self.base}"


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening(
    settings: Settings,
    *,
    host: str = LOOPBACK,
    port: int = PORT,
    https: tuple[Path, Path] | None = None,
    proxy: str = "",
    address: str = "",
    base: str = "",
) -> Listening:
    """Where this programme will be served.  Raises ``SettingsFault`` with the reason and the fix.

    ``https`` is a certificate and its key; ``proxy`` the https address of a proxy in front, as
    people type it; ``address`` the same where there is no proxy.
    """
    beyond = bool(proxy) or not is_loopback(host)
    if beyond:
        _may_leave_this_computer(settings, host, bool(https), proxy)
    stated, name, path = _stated(proxy or address)
    if https and proxy:
        raise SettingsFault("Give --https or --proxy, not both: one of them holds the certificate.")
    if beyond and not stated and host in ("0.0.0.0", "::"):  # noqa: S104 - refused, not used
        raise SettingsFault(
            f"{host} is no address people can type. Add --address https://NAME/ as they will."
        )
    if stated and not (https or proxy):
        raise SettingsFault("--address needs --https CERT KEY: it is the address people type.")
    wanted = _base(base) if base else path or "/"
    if path and base and wanted != path:
        raise SettingsFault(f"--base {base} is not the path in the address. Make them the same.")
    _free(host, port)
    return Listening(
        host=host,
        port=port,
        base=wanted,
        hosts=tuple(h for h in (name, "" if is_loopback(host) else host) if h),
        tls=_certificate(*https) if https else None,
        proxied=bool(proxy),
        stated=f"{stated}{wanted}" if stated else "",
    )


def _may_leave_this_computer(settings: Settings, host: str, https: bool, proxy: str) -> None:
    if settings.demo:
        raise SettingsFault(
            "This is a fictional programme, where anyone may be anyone. It is only ever served on "
            "this computer. For real people run: cascade init FOLDER"
        )
    if not https and not proxy:
        raise SettingsFault(
            f"{host} can be reached from other computers, and without https anybody on the way "
            "can read what people write. Add --https CERT KEY, or --proxy https://ADDRESS for a "
            "proxy that has a certificate, or leave out --host."
        )
    if missing := settings.placeholders():
        raise SettingsFault(
            "People could not be told whom to ring. Fill these in, in programme.toml: "
            f"{', '.join(missing)}."
        )


def _stated(address: str) -> tuple[str, str, str]:
    """A stated address as its beginning, its host's name and its path (empty: none was stated)."""
    if not address:
        return "", "", ""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    whole = parts.scheme == "https" and parts.hostname and not (parts.query or parts.fragment)
    if not whole or parts.username is not None:
        raise SettingsFault(
            f"{address!r} is no address to give to people. Write it as they will type it, with "
            "https://, such as https://kit.example.org/."
        )
    name = str(parts.hostname)
    shown = f"[{name}]" if ":" in name else name
    return f"https://{shown}{f':{port}' if port else ''}", name, _base(parts.path)


def _base(path: str) -> str:
    inside = path.strip("/")
    if any(part in ("", ".", "..") for part in inside.split("/")) and inside:
        raise SettingsFault(f"{path!r} cannot be a path. Write --base /x/.")
    if not all(c.isalnum() or c in "-_./~" for c in inside):
        raise SettingsFault(f"{path!r} cannot be a path. Use letters, digits and hyphens.")
    return f"/{inside}/" if inside else "/"


def _certificate(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except OSError:  # SSLError is one, too
        raise SettingsFault(
            f"--https: {certificate} and {key} are not a certificate and its key. "
            "Give the two PEM files, certificate first."
        ) from None
    return context


def _free(host: str, port: int) -> None:
    """Say so now if the port cannot be had, before anything is made or started."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except (OSError, OverflowError):
        raise SettingsFault(f"--host {host} is no address of this computer.") from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise port_fault(fault, host, port) from None


def port_fault(fault: OSError, host: str, port: int) -> SettingsFault:
    """Why the server cannot listen there, and what to do."""
    if fault.errno == errno.EADDRINUSE:
        return SettingsFault(
            f"Something else is using port {port}, perhaps Cascade already. "
            "Add --port with another number, or --port 0 for any free one."
        )
    if fault.errno == errno.EACCES:
        return SettingsFault(
            f"This account may not use port {port}. Add --port with a number above 1024."
        )
    return SettingsFault(f"--host {host} is no address of this computer.")

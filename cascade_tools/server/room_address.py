"""The address of a room, as people in it type it."""

import ipaddress
import socket
from urllib.parse import urlsplit

from cascade_tools.errors import SettingsFault

# An address for examples.  To connect a datagram socket sends nothing: it only asks this computer
# which of its own addresses it would use.
FAR_AWAY = ("192.0.2.1", 9)
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - what an operator may have said
HTTP = 80


def public_address(host: str, port: int, stated: str = "") -> str:
    """Ends in a slash.  ``stated`` is what an operator says people type; the usual one is this
    computer's address on the network it is on.  Raises ``SettingsFault``."""
    if stated:
        return _read(stated, port)
    name = local_address() if host in EVERYWHERE else host
    return f"http://{_bracketed(name)}{_port(port)}/"


def local_address() -> str:
    """This computer's address on its network; loopback where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(FAR_AWAY)
        except OSError:
            return "127.0.0.1"
        return str(asking.getsockname()[0])


def is_only_here(address: str) -> bool:
    """Whether no other computer can open this address."""
    name = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _read(stated: str, port: int) -> str:
    whole = stated if "://" in stated else f"http://{stated}"
    try:
        parts = urlsplit(whole)
        known = parts.port
    except ValueError:
        parts, known = urlsplit(""), None
    sound = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
    if not sound or parts.query or parts.fragment or parts.username or " " in stated:
        raise SettingsFault(
            f"--address {stated} is no address to type. Write it as 192.168.1.20, or "
            "http://practice.example.org/."
        )
    shown = parts.netloc if known or "://" in stated else f"{parts.netloc}{_port(port)}"
    return f"{parts.scheme}://{shown}/"


def _port(port: int) -> str:
    return "" if port == HTTP else f":{port}"


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name

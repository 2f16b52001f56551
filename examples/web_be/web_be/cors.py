"""Reads the origins that browsers may call this service from."""

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
DNS_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", re.ASCII)


def parse_cors_origins(value: str) -> list[str]:
    """Parses CORS_ORIGINS, e.g. "https://shop.example,http://localhost:3000". Empty means: no other origin.

    Raises ValueError for anything that no browser sends as its Origin header, since it would never match. "*" is
    nothing of that kind either: together with credentials it would let every site act as the signed-in user.
    Source: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin
    """
    origins = [origin.strip() for origin in value.split(",") if origin.strip()]
    for origin in origins:
        sent = as_browsers_send_it(origin)
        if sent != origin:
            raise ValueError(
                f'CORS_ORIGINS: "{origin}" is not an origin as browsers send it; write '
                + (f'"{sent}": ' if sent else "")
                + "scheme://host[:port] in lower case, without a default port, a wildcard or anything behind it, "
                "several separated by commas"
            )
    return origins


def as_browsers_send_it(url: str) -> str | None:
    """Returns the origin of an http or https URL, and None for what is none.

    Source: https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = host_as_browsers_write_it(parts.hostname or "")
    except ValueError:  # what urlsplit, ipaddress or the IDNA codec cannot read
        return None
    if parts.scheme not in DEFAULT_PORTS or host is None or port == 0:
        return None
    return f"{parts.scheme}://{host}" + ("" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}")


def host_as_browsers_write_it(host: str) -> str | None:
    if ":" in host:
        return f"[{IPv6Address(int(IPv6Address(host)))}]"  # without a zone
    name = host if host.isascii() else host.encode("idna").decode()
    if name.rstrip(".").rpartition(".")[2].isdigit():  # browsers take it for an address
        return str(IPv4Address(name))
    return name if DNS_NAME.fullmatch(name) else None

"""Reads the origins that browsers may call this service from."""

from urllib.parse import urlsplit


def parse_cors_origins(value: str) -> list[str]:
    """Parses CORS_ORIGINS, e.g. "https://shop.example,http://localhost:3000". Empty means: no other origin.

    Raises ValueError for anything but scheme://host[:port]. A trailing slash or a path would never equal a browser's
    Origin header, and "*" together with credentials would let every site act as the signed-in user.
    Source: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin
    """
    origins = [origin.strip() for origin in value.split(",") if origin.strip()]
    for origin in origins:
        url = urlsplit(origin)
        if url.scheme not in ("http", "https") or not url.hostname or origin != f"{url.scheme}://{url.netloc}":
            raise ValueError(
                f'CORS_ORIGINS: "{origin}" is not an origin; write scheme://host[:port] without a trailing slash, '
                "several separated by commas"
            )
    return origins

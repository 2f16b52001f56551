"""CORS_ORIGINS: origins exactly as browsers send them."""

import re

import pytest

from web_be.cors import parse_cors_origins


def test_no_origin_is_allowed_by_default():
    assert parse_cors_origins("") == []


def test_origins_are_separated_by_commas():
    origins = ["https://a.example", "http://b.example:3000"]
    assert parse_cors_origins(" https://a.example, http://b.example:3000,") == origins


@pytest.mark.parametrize(
    "origin",
    [
        *["http://localhost:3000", "https://shop.example:8443", "http://shop.example:443", "https://shop.example."],
        *["https://xn--bcher-kva.example", "https://dev_1.shop.example", "http://127.0.0.1:8080", "http://[::1]:8080"],
    ],
)
def test_what_browsers_send_is_taken(origin):
    assert parse_cors_origins(origin) == [origin]


@pytest.mark.parametrize(
    "origin", ["*", "a.example", "https://a.example/", "https://a.example/path", "ftp://a.example"]
)
def test_what_no_browser_would_send_is_refused(origin):
    with pytest.raises(ValueError, match="CORS_ORIGINS.*scheme://host"):
        parse_cors_origins(f"https://good.example,{origin}")


@pytest.mark.parametrize(
    "origin",
    [
        *["https://*.shop.example", "https://shop .example", "https://shop.example:99999", "https://shop.example:0"],
        *["https://shop.example:http", "https://", "https://:8000", "https://shop..example", "https://shop%2eexample"],
        *["http://[::1", "http://127.1", "http://1.2.3.256", "null", "shop.example:443"],
        *[f"https://{'a' * 64}.example", f"https://{'a.' * 130}example", "https://shop.example;https://b.example"],
    ],
)
def test_what_names_no_origin_is_refused(origin):
    with pytest.raises(ValueError, match="as browsers send it; write scheme://host"):
        parse_cors_origins(origin)


@pytest.mark.parametrize(
    ("origin", "sent"),
    [
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://Shop.example", "https://shop.example"),
        ("HTTPS://shop.example", "https://shop.example"),
        ("https://user:pw@shop.example", "https://shop.example"),
        ("https://shop.example:08443", "https://shop.example:8443"),
        ("https://shop.example:", "https://shop.example"),
        ("https://shop.example?x", "https://shop.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[0:0::1]:3000", "http://[::1]:3000"),
        ("http://[fe80::1%eth0]", "http://[fe80::1]"),
    ],
)
def test_what_browsers_send_in_its_place_is_said(origin, sent):
    with pytest.raises(ValueError, match=f'CORS_ORIGINS: "{re.escape(origin)}" .*write "{re.escape(sent)}": '):
        parse_cors_origins(origin)

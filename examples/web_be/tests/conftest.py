"""What the tests share: the real application on a registry of its own, and a reader of its metrics."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.testclient import TestClient

from web_be.main import create_app

ALLOWED_ORIGIN = "https://shop.example"

Sample = Callable[..., float | None]


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def app(registry: CollectorRegistry) -> FastAPI:
    return create_app([ALLOWED_ORIGIN], registry)


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    # As a server does it, an unhandled exception becomes a response instead of ending the test.
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def requests_total(registry: CollectorRegistry) -> Sample:
    """Reads one counter series; None if it does not exist."""

    def read(method: str, path: str, status: int) -> float | None:
        return registry.get_sample_value(
            "http_requests_total", {"method": method, "path": path, "status": str(status)}
        )

    return read

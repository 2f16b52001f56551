"""What the tests share: applications on a registry of their own, a reader of its metrics, and a real server."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from web_be import http_metrics
from web_be.main import create_app

ALLOWED_ORIGIN = "https://shop.example"

Sample = Callable[..., float | None]
Samples = dict[tuple[str, ...], float]


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


@pytest.fixture
def counted(registry: CollectorRegistry) -> Callable[[], dict[tuple[str, str], float]]:
    """Reads all counter series as {(path, status): requests}."""

    def read() -> dict[tuple[str, str], float]:
        return {
            (sample.labels["path"], sample.labels["status"]): sample.value
            for metric in registry.collect()
            for sample in metric.samples
            if sample.name == "http_requests_total"
        }

    return read


def parsed(text: str) -> Samples:
    """The text of /metrics as {(name, label values...): value}, in the order of the labels' names."""
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class Server:
    """uvicorn with the application `app` of some source, beside a copy of http_metrics.py as everybody makes it."""

    def __init__(self, folder: Path, source: str, options: tuple[str, ...], env: dict[str, str]) -> None:
        shutil.copy(http_metrics.__file__, folder)
        (folder / "service.py").write_text(source)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "uvicorn", "service:app", "--port", str(self.port), "--log-level", "critical"]
        self.process = subprocess.Popen([*command, *options], cwd=folder, env={**os.environ, **env})
        deadline = time.monotonic() + 30
        while True:
            try:
                self.get("/metrics")
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, "the server does not start"
                time.sleep(0.05)

    def get(self, path: str, timeout: float = 10) -> tuple[int, str]:
        with self.ask(path, timeout) as connection:
            head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
        return int(head.split()[1]), body.decode()

    def ask(self, path: str, timeout: float = 10) -> socket.socket:
        """Sends a request; whoever closes the socket before the answer is a client that leaves."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout)
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: service\r\n\r\n".encode())
        return connection

    def samples(self) -> Samples:
        return parsed(self.get("/metrics")[1])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:  # it waits for the threads of a test
            self.kill()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(source: str, *options: str, **env: str) -> Server:
        servers.append(Server(tmp_path, source, options, env))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()

"""What OpenTelemetry really exposes and pushes is what the stack's profile says."""

import inspect
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi import FastAPI
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

import service
from service import create_app

PROFILE = json.loads((Path(__file__).parents[1] / "profile.json").read_text())


@pytest.fixture
def client() -> TestClient:
    # As a server does it, an unhandled exception becomes a response instead of ending the test.
    return TestClient(create_app(CollectorRegistry()), raise_server_exceptions=False)


def requests(client: TestClient) -> dict[tuple[str, str, str], float]:
    """The counted requests by path, method and status, read with the profile's names."""
    labels = [PROFILE[key] for key in ("pathLabel", "methodLabel", "statusLabel")]
    return {
        tuple(sample.labels[label] for label in labels): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
        if sample.name == PROFILE["requests"]
    }


def test_requests_are_counted_under_the_names_of_the_profile(client):
    client.get("/items/1")
    client.get("/items/2")
    client.get("/error")
    assert requests(client) == {("/items/{item_id}", "GET", "200"): 2, ("/error", "GET", "500"): 1}


def test_duration_is_a_histogram_in_seconds_by_path(client):
    client.get("/items/1")
    text = client.get("/metrics").text
    buckets = [
        sample.labels
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == f"{PROFILE['duration']}_bucket"
    ]
    assert {labels[PROFILE["pathLabel"]] for labels in buckets} == {"/items/{item_id}"}
    bounds = {float(labels["le"]) for labels in buckets}
    assert {0.005, 1.0, 10.0, float("inf")} <= bounds


def test_scrapes_are_no_traffic(client):
    assert client.get("/metrics").headers["content-type"] == CONTENT_TYPE_LATEST
    assert requests(client) == {}


@pytest.mark.parametrize("path", ["/metrics", "/metrics/"])
def test_scrapes_with_a_slash_are_no_traffic_either(client, path):
    client.get(path)
    client.get(path, follow_redirects=False)
    assert requests(client) == {}


def test_a_path_that_only_contains_the_word_is_traffic(client):
    client.get("/items/metrics")
    assert requests(client) == {("/items/{item_id}", "GET", "422"): 1}


def test_metrics_need_no_thread(client):
    (route,) = [route for route in client.app.routes if getattr(route, "path", None) == "/metrics"]
    assert inspect.iscoroutinefunction(route.endpoint)


def test_what_handles_an_exception_decides_on_the_status(client):
    client.app.exception_handler(Exception)(lambda request, error: PlainTextResponse("later", 503))
    assert client.get("/error").status_code == 503
    assert requests(client) == {("/error", "GET", "503"): 1}


def test_what_is_mounted_has_the_path_of_its_mount(client):
    for mount in ("/v1", "/v2"):
        mounted = FastAPI()
        mounted.get("/items/{i}")(lambda i: i)
        client.app.mount(mount, mounted)
        client.get(f"{mount}/items/1")
    assert requests(client) == {("/v1", "GET", "200"): 1, ("/v2", "GET", "200"): 1}


@pytest.fixture
def pushed(monkeypatch):
    """What a receiver of OTLP is sent: requests, each with the path that it was sent to."""
    received = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, ExportMetricsServiceRequest.FromString(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    endpoint = f"http://127.0.0.1:{server.server_port}/api/v1/otlp/v1/metrics"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", endpoint)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    monkeypatch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "100")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "shop")
    readers = []
    made = service.metric_reader
    monkeypatch.setattr(service, "metric_reader", lambda registry: readers.append(made(registry)) or readers[-1])
    yield received
    for reader in readers:
        reader.shutdown()
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_pushes_where_it_is_told_and_shows_nothing_then(pushed):
    client = TestClient(create_app(CollectorRegistry()))
    client.get("/items/1")
    deadline = time.monotonic() + 10
    while not pushed and time.monotonic() < deadline:
        time.sleep(0.05)
    path, request = pushed[-1]
    (resource,) = request.resource_metrics
    names = {metric.name for scope in resource.scope_metrics for metric in scope.metrics}
    assert path == "/api/v1/otlp/v1/metrics"
    assert "http.server.request.duration" in names
    assert ("service.name", "shop") in {(each.key, each.value.string_value) for each in resource.resource.attributes}
    assert "http_server" not in client.get("/metrics").text

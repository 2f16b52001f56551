"""What OpenTelemetry really exposes is what the stack's profile says."""

import inspect
import json
from pathlib import Path

import pytest
from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

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

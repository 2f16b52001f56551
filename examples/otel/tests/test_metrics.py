"""What OpenTelemetry really exposes is what the stack's profile says."""

import json
from pathlib import Path

import pytest
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
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

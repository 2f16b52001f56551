"""The service: its routes, /metrics and CORS."""

import json
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.parser import text_string_to_metric_families

from conftest import ALLOWED_ORIGIN
from web_be import main

PREFLIGHT = {"Access-Control-Request-Method": "GET"}


def test_routes_answer(client, monkeypatch):
    monkeypatch.setattr(main, "SLOW_SECONDS", (0.01, 0.02))
    assert client.get("/items/1").json() == {"id": 1, "name": "apple"}
    assert "no item 9" in client.get("/items/9").json()["detail"]
    assert 0.01 <= client.get("/slow").json()["seconds"] <= 0.02
    assert client.get("/healthz").status_code == 200


def test_metrics_are_in_the_clients_format_with_documented_names_and_labels(client):
    client.get("/")
    response = client.get("/metrics")
    assert response.headers["content-type"] == CONTENT_TYPE_LATEST
    labels = {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }
    assert labels["http_requests_total"] == {"method", "path", "status"}
    assert labels["http_request_duration_seconds_bucket"] == {"path", "le"}
    assert labels["http_requests_in_progress"] == set()


def test_metrics_have_the_names_that_the_stacks_alerts_and_dashboards_ask_for(client):
    profile = json.loads((Path(__file__).parents[1] / "profile.json").read_text())
    client.get("/items/1")
    samples = {
        sample.name: sample
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }
    counted = samples[profile["requests"]]
    labels = [counted.labels[profile[key]] for key in ("pathLabel", "methodLabel", "statusLabel")]
    assert labels == ["/items/{item_id}", "GET", "200"]
    bucket = samples[f"{profile['duration']}_bucket"]
    assert bucket.labels[profile["pathLabel"]] == "/items/{item_id}"


def test_allowed_origin_is_echoed(client):
    response = client.get("/", headers={"Origin": ALLOWED_ORIGIN})
    assert response.headers["access-control-allow-origin"] == ALLOWED_ORIGIN


def test_other_origin_is_not(client):
    response = client.get("/", headers={"Origin": "https://evil.example"})
    assert response.status_code == 200  # CORS is enforced by the browser
    assert "access-control-allow-origin" not in response.headers


def test_preflights_are_answered_and_counted(client, requests_total):
    assert client.options("/items/1", headers={"Origin": ALLOWED_ORIGIN, **PREFLIGHT}).status_code == 200
    assert client.options("/items/1", headers={"Origin": "https://evil.example", **PREFLIGHT}).status_code == 400
    assert requests_total("OPTIONS", "unmatched", 200) == 1
    assert requests_total("OPTIONS", "unmatched", 400) == 1


def test_an_error_can_be_read_by_an_allowed_origin(client):
    response = client.get("/error", headers={"Origin": ALLOWED_ORIGIN})
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == ALLOWED_ORIGIN

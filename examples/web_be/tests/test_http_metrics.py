"""The middleware: what is counted, under which labels, and what is measured."""

import asyncio
import time

import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.testclient import TestClient

from web_be.http_metrics import HttpMetricsMiddleware


def series(registry: CollectorRegistry) -> set[tuple[str, ...]]:
    return {
        (sample.name, *sorted(sample.labels.items()))
        for metric in registry.collect()
        for sample in metric.samples
    }


def duration(registry: CollectorRegistry, path: str, suffix: str) -> float | None:
    return registry.get_sample_value(f"http_request_duration_seconds_{suffix}", {"path": path})


def test_counter_and_histogram_grow_with_each_request(client, registry, requests_total):
    for _ in range(3):
        client.get("/")
    assert requests_total("GET", "/", 200) == 3
    assert duration(registry, "/", "count") == 3
    assert 0 < duration(registry, "/", "sum") < 5


def test_path_label_is_the_route_template(client, requests_total):
    client.get("/items/1")
    client.get("/items/2?colour=red")
    client.get("/items/999")
    client.get("/items/not-a-number")
    assert requests_total("GET", "/items/{item_id}", 200) == 2
    assert requests_total("GET", "/items/{item_id}", 404) == 1
    assert requests_total("GET", "/items/{item_id}", 422) == 1


def test_template_of_an_included_router_has_its_prefix(app, client, requests_total):
    users = APIRouter(prefix="/users")
    users.get("/{user_id}")(lambda user_id: user_id)
    app.include_router(users, prefix="/api")
    client.get("/api/users/7")
    assert requests_total("GET", "/api/users/{user_id}", 200) == 1


def test_known_path_with_a_wrong_method_keeps_its_template(client, requests_total):
    client.delete("/items/1")
    assert requests_total("DELETE", "/items/{item_id}", 405) == 1


def test_invented_urls_and_methods_make_no_more_series(client, registry, requests_total):
    client.get("/no/such/page")
    client.get("/items/999")
    client.request("INVENTED", "/")
    before = series(registry)
    for number in range(500):
        client.get(f"/no/such/page/{number}")
        client.get(f"/items/{number + 1000}")
        client.request(f"INVENTED{number}", "/")
    assert series(registry) == before
    assert requests_total("GET", "unmatched", 404) == 501
    assert requests_total("GET", "/items/{item_id}", 404) == 501
    assert requests_total("_OTHER", "/", 405) == 501


def test_unhandled_exception_is_recorded_as_500_and_measured(client, registry, requests_total):
    assert client.get("/error").status_code == 500
    assert requests_total("GET", "/error", 500) == 1
    assert duration(registry, "/error", "count") == 1
    assert registry.get_sample_value("http_requests_in_progress") == 0


def test_unhandled_exception_still_reaches_the_server(app):
    with pytest.raises(RuntimeError, match="/error always fails"):
        TestClient(app).get("/error")


def test_exception_after_the_headers_is_recorded_as_500(app, client, requests_total):
    async def body():
        yield b"first"
        raise RuntimeError("broken off")

    app.get("/broken")(lambda: StreamingResponse(body()))
    client.get("/broken")
    assert requests_total("GET", "/broken", 500) == 1
    assert requests_total("GET", "/broken", 200) is None


def test_a_stream_is_measured_to_its_last_byte(app, client, registry):
    async def body():
        yield b"first"
        await asyncio.sleep(0.2)
        yield b"last"

    app.get("/stream")(lambda: StreamingResponse(body()))
    client.get("/stream")
    assert duration(registry, "/stream", "sum") >= 0.2


def test_a_background_task_is_not_part_of_the_latency(app, client, registry):
    task = BackgroundTask(time.sleep, 0.5)
    app.get("/background")(lambda: PlainTextResponse("done", background=task))
    client.get("/background")
    assert duration(registry, "/background", "sum") < 0.5


def test_requests_in_progress_include_the_current_one(app, client, registry):
    app.get("/seen")(lambda: registry.get_sample_value("http_requests_in_progress"))
    assert client.get("/seen").json() == 1
    assert registry.get_sample_value("http_requests_in_progress") == 0


@pytest.mark.parametrize("root_path", ["", "/behind/a/proxy"])
def test_scrapes_and_probes_are_no_traffic(app, registry, root_path):
    client = TestClient(app, root_path=root_path)
    assert client.get(f"{root_path}/metrics").status_code == 200
    assert client.get(f"{root_path}/healthz").status_code == 200
    assert {name for name, *labels in series(registry) if labels} == set()


def test_a_second_middleware_on_one_registry_is_refused(registry):
    HttpMetricsMiddleware(FastAPI(), registry=registry)
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        HttpMetricsMiddleware(FastAPI(), registry=registry)


def test_an_application_that_sends_nothing_is_recorded_as_500(registry, requests_total):
    async def silent(scope, receive, send):
        pass

    scope = {"type": "http", "method": "GET", "path": "/"}
    asyncio.run(HttpMetricsMiddleware(silent, registry=registry)(scope, None, None))
    assert requests_total("GET", "unmatched", 500) == 1

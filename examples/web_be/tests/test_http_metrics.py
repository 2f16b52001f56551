"""The middleware: what is counted, under which labels, and what is measured."""

import asyncio
import importlib.util
import time

import pytest
from fastapi import APIRouter, FastAPI, WebSocket
from prometheus_client import CollectorRegistry
from starlette.background import BackgroundTask
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.testclient import TestClient

from web_be import http_metrics
from web_be.http_metrics import HttpMetricsMiddleware, add_outermost
from web_be.main import create_app


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


@pytest.mark.parametrize("media_type", ["text/event-stream", "text/event-stream; charset=utf-8"])
def test_server_sent_events_are_measured_until_they_begin(app, client, registry, requests_total, media_type):
    async def body():
        await asyncio.sleep(0.2)
        yield b"data: 1\n\n"

    app.get("/events/{id}")(lambda id: StreamingResponse(body(), media_type=media_type))
    client.get("/events/1")
    assert duration(registry, "/events/{id}", "sum") < 0.2
    assert requests_total("GET", "/events/{id}", 200) == 1


def test_a_route_without_a_meaningful_duration_is_counted_only(registry, requests_total):
    app = FastAPI()
    add_outermost(app, HttpMetricsMiddleware, registry=registry, untimed_paths=["/poll/{id}"])
    app.get("/poll/{id}")(lambda id: id)
    TestClient(app).get("/poll/1")
    assert requests_total("GET", "/poll/{id}", 200) == 1
    assert duration(registry, "/poll/{id}", "count") is None


@pytest.mark.parametrize("handled", [Exception, RuntimeError, 500])
def test_what_handles_an_exception_decides_on_the_status(app, client, requests_total, handled):
    app.exception_handler(handled)(lambda request, error: PlainTextResponse("later", 503))
    assert client.get("/error").status_code == 503
    assert requests_total("GET", "/error", 503) == 1
    assert requests_total("GET", "/error", 500) is None


def test_a_failing_background_task_does_not_change_what_was_answered(app, client, requests_total):
    task = BackgroundTask(lambda: 1 / 0)
    app.get("/background")(lambda: PlainTextResponse("done", background=task))
    client.get("/background")
    assert requests_total("GET", "/background", 200) == 1


def test_head_is_counted_and_a_websocket_is_not(app, client, counted):
    async def echo(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()

    app.websocket("/socket")(echo)
    app.add_route("/head", lambda request: PlainTextResponse("body"))
    assert client.head("/head").text == ""
    with client.websocket_connect("/socket") as socket:
        socket.send_text("hello")
        assert socket.receive_text() == "hello"
    assert counted() == {("/head", "200"): 1}


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


def test_applications_of_one_process_share_the_metrics(client, requests_total, registry):
    other = create_app(registry=registry)
    client.get("/items/1")
    TestClient(other).get("/items/1")
    assert requests_total("GET", "/items/{item_id}", 200) == 2


def test_a_second_copy_of_the_file_counts_into_the_same_metrics(client, requests_total, registry):
    spec = importlib.util.spec_from_file_location("copy", http_metrics.__file__)
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    other = FastAPI()
    copy.add_outermost(other, copy.HttpMetricsMiddleware, registry=registry)
    TestClient(other).get("/docs")
    client.get("/docs")
    assert requests_total("GET", "/docs", 200) == 2


def test_a_request_that_passes_two_middlewares_is_counted_once(app, client, requests_total, registry):
    mounted = create_app(registry=registry)
    app.mount("/v1", mounted)
    client.get("/v1/items/1")
    assert requests_total("GET", "/v1/items/{item_id}", 200) == 1
    assert requests_total("GET", "/items/{item_id}", 200) is None


def test_an_application_has_to_be_measured_before_it_starts(app, client):
    client.get("/")
    with pytest.raises(RuntimeError, match="after an application has started"):
        add_outermost(app, HttpMetricsMiddleware)


def test_opentelemetry_finds_the_outermost_middleware_that_it_expects(app):
    # Else its instrumentation of FastAPI does nothing.
    assert isinstance(app.build_middleware_stack(), ServerErrorMiddleware)


def test_an_application_that_sends_nothing_is_recorded_as_500(registry, requests_total):
    async def silent(scope, receive, send):
        pass

    scope = {"type": "http", "method": "GET", "path": "/"}
    asyncio.run(HttpMetricsMiddleware(silent, registry=registry)(scope, None, None))
    assert requests_total("GET", "unmatched", 500) == 1

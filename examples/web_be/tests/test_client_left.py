"""A client that leaves is no error of the service, whichever way the server tells it."""

import asyncio
from contextlib import suppress

import pytest
from fastapi import FastAPI
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, StreamingResponse

from web_be.http_metrics import HttpMetricsMiddleware, add_outermost


async def parts():
    while True:
        yield b"part"
        await asyncio.sleep(0)


async def upload(request):
    return PlainTextResponse(await request.body())


async def patient(request):
    while not await request.is_disconnected():
        await asyncio.sleep(0)
    raise RuntimeError("nobody is there any more")


@pytest.fixture
def app(registry):
    app = FastAPI()
    app.add_route("/stream", lambda request: StreamingResponse(parts()))
    app.add_route("/plain", lambda request: PlainTextResponse("all at once"))
    app.add_route("/upload", upload, methods=["POST"])
    app.add_route("/patient", patient)
    app.get("/never")(asyncio.Event().wait)
    add_outermost(app, HttpMetricsMiddleware, registry=registry)
    return app


def scope(path, method="GET", spec_version="2.4"):
    return {
        **{"type": "http", "method": method, "path": path, "query_string": b"", "headers": []},
        "asgi": {"version": "3.0", "spec_version": spec_version},
    }


async def gone():
    return {"type": "http.disconnect"}


async def waits():
    await asyncio.Event().wait()


async def ignored(message):
    pass


def failing_after(messages):
    """The `send` of a server of version 2.4, whose client leaves after some messages."""
    left = iter(range(messages))

    async def send(message):
        if next(left, None) is None:
            raise ConnectionResetError("the client left")

    return send


@pytest.mark.parametrize("messages", [0, 1, 3])
@pytest.mark.parametrize("path", ["/stream", "/plain"])
def test_an_answer_that_cannot_be_sent_keeps_its_status(app, counted, path, messages):
    with suppress(OSError, ClientDisconnect):
        asyncio.run(app(scope(path), gone, failing_after(messages)))
    assert counted() == {(path, "200"): 1}


def test_a_stream_that_older_servers_cancel_keeps_its_status(app, counted):
    async def receive():
        await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    asyncio.run(app(scope("/stream", spec_version="2.3"), receive, ignored))
    assert counted() == {("/stream", "200"): 1}


@pytest.mark.parametrize(("method", "path"), [("POST", "/upload"), ("GET", "/patient")])
def test_who_leaves_before_the_answer_is_499(app, counted, method, path):
    with pytest.raises(Exception):
        asyncio.run(app(scope(path, method), gone, ignored))
    assert counted() == {(path, "499"): 1}


def test_a_cancelled_request_is_499(app, counted, registry):
    async def cancel():
        task = asyncio.create_task(app(scope("/never"), gone, ignored))
        await asyncio.sleep(0.05)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())
    assert counted() == {("/never", "499"): 1}
    assert registry.get_sample_value("http_requests_in_progress") == 0


def test_an_error_while_the_client_waits_stays_an_error(app, counted):
    async def broken():
        yield b"part"
        raise OSError("a file of the service, not its client")

    app.add_route("/broken", lambda request: StreamingResponse(broken()))
    with pytest.raises(Exception):
        asyncio.run(app(scope("/broken"), waits, ignored))
    assert counted() == {("/broken", "500"): 1}

"""HTTP metrics for Prometheus, for FastAPI and Starlette. Copy this one file into your own service:

    from http_metrics import HttpMetricsMiddleware, add_outermost, metrics_endpoint

    add_outermost(app, HttpMetricsMiddleware)
    app.add_route("/metrics", metrics_endpoint())

Needs prometheus-client, and Starlette 0.41 or newer.
"""

import os
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.applications import Starlette
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

try:
    # FastAPI keeps the routes of an included router in a node of their own; this has them with their whole path.
    from fastapi.routing import iter_route_contexts as each_route
except ImportError:  # Starlette alone, or a FastAPI that has all routes in one list
    each_route = iter

# No route template can equal it: they all start with "/".
UNMATCHED_PATH = "unmatched"

# A client may send any word as its method, so all others share one label value, named as OpenTelemetry does:
# https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ (attribute http.request.method)
KNOWN_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"})
OTHER_METHOD = "_OTHER"

# The client left before it was answered: no status of HTTP, and no error of the service. nginx logs the same number.
CLIENT_LEFT = 499


def add_outermost(app: Starlette, middleware: Callable[..., ASGIApp], **options: Any) -> None:
    """As app.add_middleware(), but around what answers unhandled exceptions as well.

    Starlette runs `@app.exception_handler(Exception)`, and sends its own 500, outside of all that add_middleware()
    adds: no middleware in there sees the status that the client gets. Wrapping the application would do as well, but
    then `app` has no routes to add to any more, and `fastapi run` does not find it.
    Source: https://www.starlette.io/middleware/ (CORSMiddleware, "Global Enforcement")

    Raises RuntimeError once the application has started, like app.add_middleware().
    """
    if app.middleware_stack is not None:
        raise RuntimeError("Cannot add middleware after an application has started")
    build = app.build_middleware_stack
    # OpenTelemetry's instrumentation expects a ServerErrorMiddleware as the outermost, and does nothing without one.
    app.build_middleware_stack = lambda: ServerErrorMiddleware(middleware(build(), **options))


def metrics_endpoint(registry: CollectorRegistry = REGISTRY) -> Callable[[Request], Awaitable[Response]]:
    """What answers at /metrics: of this process, or of all workers where PROMETHEUS_MULTIPROC_DIR names their folder.

    async, so that it needs no thread: requests that block all of them are just what the metrics have to show.
    """

    async def metrics(request: Request) -> Response:
        folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        return Response(generate_latest(all_workers(folder) if folder else registry), media_type=CONTENT_TYPE_LATEST)

    return metrics


def all_workers(folder: str) -> CollectorRegistry:
    """A registry of what the processes with files in the folder have counted, the ended ones included.

    Source: https://prometheus.github.io/client_python/multiprocess/
    """
    # A worker that was killed would handle its last requests for ever. Not every server has a hook for its end.
    for file in Path(folder).glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not is_running(pid):
            with suppress(FileNotFoundError):  # another worker has just done it
                mark_process_dead(pid, folder)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)
    return registry


def is_running(pid: int) -> bool:
    if os.name == "nt":  # where 0 is Ctrl-C
        return True
    try:
        os.kill(pid, 0)  # sends nothing
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


class HttpMetrics:
    """The collectors. One set for each registry: all applications of a process count into it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "http_requests_total",
            "HTTP requests by method, route template and response status.",
            ["method", "path", "status"],
            registry=registry,
        )
        # No method or status: each of these series would be multiplied by the number of buckets.
        self.duration = Histogram(
            "http_request_duration_seconds",
            "Time from the request's arrival to the last byte of its response, by route template.",
            ["path"],
            registry=registry,
        )
        # Without labels: the route is not known before the request has been routed.
        self.in_progress = Gauge(
            "http_requests_in_progress",
            "HTTP requests being handled now.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        # Several workers: one that is given the process id of a dead one would go on with that one's number.
        self.in_progress.set(0)

    @classmethod
    def of(cls, registry: CollectorRegistry) -> "HttpMetrics":
        # On the registry itself, so that a second copy of this file in the same process finds it too.
        if not hasattr(registry, "http_metrics"):
            registry.http_metrics = cls(registry)
        return registry.http_metrics


class HttpMetricsMiddleware:
    """Counts requests and measures their latency until the last byte of the response body, streamed or not.

    A plain ASGI middleware: Starlette's BaseHTTPMiddleware would time a stream only up to its first byte.

    registry: where the collectors are. A request that passes several middlewares of one registry is counted once.
    untracked_paths: what is no traffic, as paths or route templates. A scrape or a health probe every few seconds would
        hide that real requests have stopped; Prometheus has `up` and `scrape_duration_seconds` for its own.
    untimed_paths: route templates that are counted, but whose duration says nothing: long polling, downloads. Of
        server-sent events (text/event-stream) the time until the stream begins is measured, listed here or not.
    """

    def __init__(
        self,
        app: ASGIApp,
        registry: CollectorRegistry = REGISTRY,
        untracked_paths: Collection[str] = ("/metrics", "/healthz"),
        untimed_paths: Collection[str] = (),
    ) -> None:
        self.app = app
        self.metrics = HttpMetrics.of(registry)
        self.untracked_paths = frozenset(map(without_slash, untracked_paths))
        self.untimed_paths = frozenset(map(without_slash, untimed_paths))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.metrics in counted_by(scope) or self.is_untracked(path_of(scope)):
            await self.app(scope, receive, send)
            return

        counted_by(scope).append(self.metrics)
        exchange = Exchange(receive, send)
        with self.metrics.in_progress.track_inprogress():
            try:
                await self.app(scope, exchange.receive, exchange.send)
            except BaseException as error:  # always raised again for the server to handle and log
                exchange.fail(error)
                raise
            finally:
                self.record(scope, exchange)

    def record(self, scope: Scope, exchange: "Exchange") -> None:
        path = route_template(scope)
        if self.is_untracked(path):
            return
        self.metrics.requests.labels(method_label(scope), path, str(exchange.final_status())).inc()
        if without_slash(path) not in self.untimed_paths:
            self.metrics.duration.labels(path).observe(exchange.seconds())

    def is_untracked(self, path: str) -> bool:
        return without_slash(path) in self.untracked_paths


class Exchange:
    """What is seen of one request and its response, on their way between the server and the application.

    Source: https://asgi.readthedocs.io/en/latest/specs/www.html
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.started_at = perf_counter()  # monotonic: time.time() can jump when the clock is set
        self.ended_at: float | None = None  # when there was nothing left to measure
        self.status: int | None = None
        self.complete = False
        self.client_left = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect":  # after a complete response too, where it means nothing
            self.client_left = True
        return message

    async def send(self, message: Message) -> None:
        begins = message["type"] == "http.response.start"
        if begins and not self.client_left:
            self.status = message["status"]
        try:
            await self._send(message)
        except OSError:  # how a server says it since version 2.4 of the specification
            self.client_left = True
            raise
        # Background tasks run after the last byte and are not part of the latency.
        self.complete = self.complete or is_last(message)
        if self.ended_at is None and (self.complete or (begins and is_event_stream(message))):
            self.ended_at = perf_counter()

    def fail(self, error: BaseException) -> None:
        """Takes note of what the application raised."""
        # What is no Exception is a cancellation: the server gave the request up, its client mostly has.
        self.client_left = self.client_left or not isinstance(error, Exception)
        if not self.complete and not self.client_left:
            self.status = 500  # even after a 200: the client got a truncated body

    def final_status(self) -> int:
        """What the application answered, 500 where it broke off, CLIENT_LEFT where nobody waited for it any more."""
        if self.status is not None:
            return self.status
        return CLIENT_LEFT if self.client_left else 500  # what the server answers for an application that sends nothing

    def seconds(self) -> float:
        return (self.ended_at or perf_counter()) - self.started_at


def is_last(message: Message) -> bool:
    """Whether it ends a response. Some servers are given a file instead of a body."""
    ends_body = message["type"] == "http.response.body" and not message.get("more_body", False)
    return ends_body or message["type"] == "http.response.pathsend"


def is_event_stream(message: Message) -> bool:
    headers = {name.lower(): value for name, value in message.get("headers", ())}
    return headers.get(b"content-type", b"").startswith(b"text/event-stream")


def counted_by(scope: Scope) -> list[HttpMetrics]:
    """The collectors that count this request already."""
    return scope.setdefault("http_metrics", [])


def without_slash(path: str) -> str:
    """Returns the path as it is compared: a mounted /metrics answers at /metrics/, and redirects there."""
    return path.rstrip("/") or "/"


def path_of(scope: Scope) -> str:
    """Returns the path as routes see it: behind `--root-path` ASGI paths carry that prefix, or a proxy removes it."""
    path, prefix = scope["path"], scope.get("root_path", "").rstrip("/")
    return path.removeprefix(prefix) if path.startswith(f"{prefix}/") else path


def method_label(scope: Scope) -> str:
    """Returns the request's method, or OTHER_METHOD for one that HTTP does not define."""
    return scope["method"] if scope["method"] in KNOWN_METHODS else OTHER_METHOD


def route_template(scope: Scope) -> str:
    """Returns the matched route as it was declared, e.g. "/items/{item_id}" for /items/7, or UNMATCHED_PATH.

    Never the raw URL: each distinct label value is a time series, and clients can invent URLs without end.
    To be called after routing. The route of a mounted application has the mount's path in front; what is mounted
    without routes, such as static files, has the mount's path alone.
    Source: https://prometheus.io/docs/practices/naming/#labels
    """
    router = scope.get("router")
    if router is None:  # a middleware has answered
        return UNMATCHED_PATH
    return noted_template(scope) or searched_template(router.routes, scope) or UNMATCHED_PATH


def noted_template(scope: Scope) -> str | None:
    """What the framework has written down: of most routes, and never of mounted ones."""
    # For a route of an included router, scope["route"].path lacks the prefix given to include_router(); FastAPI keeps
    # the whole path in its context. Undocumented, so tests/test_paths.py holds it to the pinned version.
    fastapi = scope.get("fastapi", {})
    if "app_root_path" in scope:  # mounted
        return None
    if "frontend_path" in fastapi:  # of app.frontend()
        return without_slash(path_of(scope).removesuffix(fastapi["frontend_path"]))
    return getattr(fastapi.get("effective_route_context") or scope.get("route"), "path", None)


def searched_template(routes: Iterable[BaseRoute], scope: Scope) -> str | None:
    # What a mount has written into the scope is taken back.
    root_path = scope.get("app_root_path", scope.get("root_path", ""))
    try:
        return template_among(routes, {**scope, "root_path": root_path, "path_params": {}, "fastapi": {}})
    except Exception:  # a path that a convertor could not read; the application has failed of it before
        return None


def template_among(routes: Iterable[BaseRoute], scope: Scope) -> str | None:
    """Chooses a route as Starlette's router does: the first that fits, else the first that fits but for the method."""
    partial = None
    for route in each_route(routes):
        match, child_scope = route.matches(scope)
        if match is Match.FULL:
            return template_of(route, {**scope, **child_scope})
        if match is Match.PARTIAL and partial is None:
            partial = route.path
    return partial


def template_of(route: BaseRoute, scope: Scope) -> str | None:
    prefix = getattr(route, "path", None) or ""  # a Host has none
    routes = getattr(route, "routes", None)  # only what is mounted has them
    if routes is None:
        return prefix
    if not routes:
        return prefix or "/"
    template = template_among(routes, scope)
    return None if template is None else prefix + template

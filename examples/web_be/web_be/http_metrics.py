"""ASGI middleware that records HTTP traffic for Prometheus. Copy this one file into your own FastAPI service.

    app.add_middleware(HttpMetricsMiddleware)  # the last one added is the outermost: it sees every response
"""

from collections.abc import Collection
from time import perf_counter

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No route template can equal it: they all start with "/".
UNMATCHED_PATH = "unmatched"

# A client may send any word as its method, so all others share one label value, named as OpenTelemetry does:
# https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ (attribute http.request.method)
KNOWN_METHODS = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
OTHER_METHOD = "_OTHER"


class HttpMetricsMiddleware:
    """Counts requests and measures their latency until the last byte of the response body, streamed or not.

    A plain ASGI middleware: Starlette's BaseHTTPMiddleware would time a stream only up to its first byte.

    registry: receives the collectors. One middleware per registry: a second one raises ValueError.
    untracked_paths: exact paths that are no traffic. A scrape or a health probe every few seconds would hide that real
        requests have stopped; Prometheus has `up` and `scrape_duration_seconds` for its own.
    """

    def __init__(
        self,
        app: ASGIApp,
        registry: CollectorRegistry = REGISTRY,
        untracked_paths: Collection[str] = ("/metrics", "/healthz"),
    ) -> None:
        self.app = app
        self.untracked_paths = frozenset(untracked_paths)
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
            "http_requests_in_progress", "HTTP requests being handled now.", registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_untracked(scope):
            await self.app(scope, receive, send)
            return

        started_at = perf_counter()  # monotonic: time.time() can jump when the clock is set
        ended_at: float | None = None
        status = 500  # what the server answers for an application that sends nothing

        async def observed_send(message: Message) -> None:
            nonlocal status, ended_at
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                ended_at = perf_counter()  # background tasks run later and are not part of the latency

        with self.in_progress.track_inprogress():
            try:
                await self.app(scope, receive, observed_send)
            except BaseException:  # also a cancelled request; always raised again for the server to handle and log
                if ended_at is None:
                    status = 500  # even after a 200: the client got a truncated body
                raise
            finally:
                path = route_template(scope)
                self.requests.labels(method_label(scope), path, str(status)).inc()
                self.duration.labels(path).observe((ended_at or perf_counter()) - started_at)

    def _is_untracked(self, scope: Scope) -> bool:
        # Behind `--root-path` ASGI paths carry that prefix, routes do not.
        return scope["path"].removeprefix(scope.get("root_path", "")) in self.untracked_paths


def route_template(scope: Scope) -> str:
    """Returns the matched route as it was declared, e.g. "/items/{item_id}" for /items/7, or UNMATCHED_PATH.

    Never the raw URL: each distinct label value is a time series, and clients can invent URLs without end.
    To be called after routing. A mounted application's routes carry no mount prefix.
    Source: https://prometheus.io/docs/practices/naming/#labels
    """
    # For a route of an included router, scope["route"].path lacks the prefix given to include_router();
    # FastAPI keeps the whole path here. Undocumented, so tests/test_http_metrics.py holds it to the pinned version.
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return UNMATCHED_PATH if route is None else route.path


def method_label(scope: Scope) -> str:
    """Returns the request's method, or OTHER_METHOD for one that HTTP does not define."""
    return scope["method"] if scope["method"] in KNOWN_METHODS else OTHER_METHOD

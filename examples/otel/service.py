"""A FastAPI service that OpenTelemetry instruments; Prometheus scrapes it, or is pushed to, without a collector in between."""

import os

# Read while the instrumentation is imported. Without it the names are those from before the conventions became stable:
# http.server.duration, in milliseconds.
os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")

from fastapi import FastAPI, Response  # noqa: E402
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as GrpcExporter  # noqa: E402
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as HttpExporter  # noqa: E402
from opentelemetry.exporter.prometheus import PrometheusMetricReader  # noqa: E402
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor  # noqa: E402
from opentelemetry.sdk.metrics import MeterProvider  # noqa: E402
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader  # noqa: E402
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest  # noqa: E402


def metric_reader(registry: CollectorRegistry) -> MetricReader:
    """Pushes where it is said where to, and shows /metrics otherwise: who did both would be counted twice."""
    if os.environ.get("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"):
        by_grpc = os.environ.get("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL") == "grpc"
        return PeriodicExportingMetricReader(GrpcExporter() if by_grpc else HttpExporter())
    return PrometheusMetricReader(registry=registry)


def create_app(registry: CollectorRegistry = REGISTRY) -> FastAPI:
    """Builds the service. `registry` holds what /metrics shows."""
    app = FastAPI(title="otel")

    @app.get("/items/{item_id}")
    async def read_item(item_id: int) -> dict[str, int]:
        return {"id": item_id}

    @app.get("/error")
    async def error() -> None:
        raise RuntimeError("/error always fails, to show how an unhandled exception looks in the metrics")

    # async: a scrape needs no thread, of which an overloaded service has none.
    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    # A scrape every few seconds would hide that real requests have stopped. A regular expression that is searched in the
    # whole URL: "/metrics" alone would leave /items/metrics out too.
    FastAPIInstrumentor.instrument_app(
        app,
        meter_provider=MeterProvider(metric_readers=[metric_reader(registry)]),
        excluded_urls="^https?://[^/]+/metrics/?$",
    )
    return app


app = create_app()

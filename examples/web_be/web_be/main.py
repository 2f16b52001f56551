"""The service: a few routes that produce every kind of traffic, and /metrics for Prometheus."""

import asyncio
import os
import random
from collections.abc import Sequence

from fastapi import APIRouter, FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from prometheus_client import REGISTRY, CollectorRegistry

from web_be.cors import parse_cors_origins
from web_be.http_metrics import HttpMetricsMiddleware, add_outermost, metrics_endpoint

ITEMS = {1: "apple", 2: "banana", 3: "cherry"}
SLOW_SECONDS = (0.1, 1.5)  # within the histogram's default buckets, which end at 10 s

routes = APIRouter()


@routes.get("/")
async def index() -> dict[str, str]:
    return {"service": "web_be", "metrics": "/metrics"}


@routes.get("/items/{item_id}")
async def read_item(item_id: int) -> dict[str, int | str]:
    if item_id not in ITEMS:
        raise HTTPException(status_code=404, detail=f"no item {item_id}; there are {sorted(ITEMS)}")
    return {"id": item_id, "name": ITEMS[item_id]}


@routes.get("/slow")
async def slow() -> dict[str, float]:
    seconds = random.uniform(*SLOW_SECONDS)
    await asyncio.sleep(seconds)
    return {"seconds": seconds}


@routes.get("/error")
async def error() -> None:
    raise RuntimeError("/error always fails, to show how an unhandled exception looks in the metrics")


@routes.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


def create_app(cors_origins: Sequence[str] = (), registry: CollectorRegistry = REGISTRY) -> FastAPI:
    """Builds the service. `registry` holds what /metrics shows; the default also has process and Python metrics."""
    app = FastAPI(title="web_be")
    app.include_router(routes)

    app.add_route("/metrics", metrics_endpoint(registry), include_in_schema=False)
    # Outermost, so that a page of an allowed origin can read a 500 too.
    add_outermost(
        app,
        CORSMiddleware,
        allow_origins=list(cors_origins),
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"],
        allow_headers=["Content-Type", "Authorization"],
    )
    # Around that again: CORSMiddleware answers preflights itself, and a wave of refused ones should be seen.
    add_outermost(app, HttpMetricsMiddleware, registry=registry)
    return app


app = create_app(parse_cors_origins(os.environ.get("CORS_ORIGINS", "")))

"""The label `path`: the route as it was declared, whatever kind of route it is, and never what a client invents."""

import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import make_asgi_app
from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from web_be.http_metrics import HttpMetricsMiddleware, add_outermost


async def answer(request):
    return PlainTextResponse("ok")


def items() -> FastAPI:
    app = FastAPI()
    app.get("/items/{i}")(lambda i: i)
    return app


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.css").write_text("")
    (tmp_path / "index.html").write_text("")
    return tmp_path


def test_plain_starlette_routes_have_their_template(app, client, counted):
    app.add_route("/plain/{x}", answer)
    client.get("/plain/1")
    client.get("/plain/2")
    client.post("/plain/2")
    client.get("/docs")
    client.get("/openapi.json")
    assert counted() == {
        ("/plain/{x}", "200"): 2,
        ("/plain/{x}", "405"): 1,
        ("/docs", "200"): 1,
        ("/openapi.json", "200"): 1,
    }


def test_static_files_share_the_path_of_their_mount(app, client, counted, folder):
    app.mount("/static", StaticFiles(directory=folder))
    client.get("/static/a.css")
    client.get("/static/missing.css")
    assert counted() == {("/static", "200"): 1, ("/static", "404"): 1}


def test_a_single_page_application_at_the_root_is_slash(app, client, counted, folder):
    app.mount("/", StaticFiles(directory=folder, html=True))
    client.get("/a.css")
    client.get("/items/1")
    assert counted() == {("/", "200"): 1, ("/items/{item_id}", "200"): 1}


def test_a_frontend_of_fastapi_has_the_path_it_was_declared_with(app, client, counted, folder):
    app.frontend("/shop", directory=folder, fallback="index.html")
    client.get("/shop/a.css")
    client.get("/shop/any/page", headers={"Accept": "text/html"})
    client.get("/shop")
    assert {path for path, _ in counted()} == {"/shop"}


def test_mounted_applications_with_the_same_route_stay_apart(app, client, counted):
    app.mount("/v1", items())
    app.mount("/v2", items())
    for path in ("/v1/items/1", "/v1/items/2", "/v2/items/1", "/items/1", "/v1/nothing", "/v1/docs"):
        client.get(path)
    assert counted() == {
        ("/v1/items/{i}", "200"): 2,
        ("/v2/items/{i}", "200"): 1,
        ("/items/{item_id}", "200"): 1,
        ("unmatched", "404"): 1,
        ("/v1/docs", "200"): 1,
    }


def test_mounts_within_mounts_and_within_routers_have_every_prefix(app, client, counted):
    tenant = FastAPI()
    tenant.mount("/shop", items())
    router = APIRouter()
    router.mount("/mounted", items())
    router.add_route("/plain/{x}", answer)
    app.include_router(router, prefix="/api")
    app.mount("/tenants/{tenant}", tenant)
    for path in ("/tenants/a/shop/items/1", "/tenants/b/shop/items/2", "/api/mounted/items/1", "/api/plain/1"):
        assert client.get(path).status_code == 200
    assert counted() == {
        ("/tenants/{tenant}/shop/items/{i}", "200"): 2,
        ("/api/mounted/items/{i}", "200"): 1,
        ("/api/plain/{x}", "200"): 1,
    }


def test_what_is_mounted_without_routes_to_see_has_the_path_of_its_mount(app, client, counted):
    app.mount("/wrapped", CORSMiddleware(items(), allow_origins=["*"]))
    client.get("/wrapped/items/1")
    assert counted() == {("/wrapped", "200"): 1}


@pytest.mark.parametrize("root_path", ["", "/behind/a/proxy"])
def test_starlette_alone_is_seen_like_fastapi(registry, counted, root_path):
    app = Starlette(
        routes=[
            Route("/items/{item:int}", answer),
            Host("api.example", Starlette(routes=[Route("/of-host/{x}", answer)])),
            Mount("/v1", routes=[Route("/items/{i}", answer), Route("/", answer)]),
        ]
    )
    add_outermost(app, HttpMetricsMiddleware, registry=registry)
    client = TestClient(app, root_path=root_path)
    for path in ("/items/1", "/v1/items/1", "/v1/", "/nothing"):
        client.get(f"{root_path}{path}")
    client.get(f"{root_path}/of-host/1", headers={"Host": "api.example"})
    assert counted() == {
        ("/items/{item:int}", "200"): 1,
        ("/v1/items/{i}", "200"): 1,
        ("/v1/", "200"): 1,
        ("unmatched", "404"): 1,
        ("/of-host/{x}", "200"): 1,
    }


def test_a_path_that_no_convertor_reads_is_counted_too(app, client, counted):
    class Failing(Convertor):
        regex = "[a-z]+"

        def convert(self, value):
            raise ValueError(value)

    register_url_convertor("failing", Failing())
    app.add_route("/failing/{x:failing}", answer)
    assert client.get("/failing/x").status_code == 500
    assert counted() == {("unmatched", "500"): 1}


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/metrics/any", "/healthz", "/healthz/"])
def test_scrapes_of_a_mounted_client_library_are_no_traffic(registry, counted, path):
    app = FastAPI()
    app.get("/healthz")(lambda: "ok")
    app.mount("/metrics", make_asgi_app(registry))
    add_outermost(app, HttpMetricsMiddleware, registry=registry)
    response = TestClient(app).get(path, follow_redirects=False)
    assert response.status_code in (200, 307)
    assert TestClient(app).get(path).status_code == 200
    assert counted() == {}


def test_a_route_is_left_out_by_its_template(registry, counted):
    app = items()
    add_outermost(app, HttpMetricsMiddleware, registry=registry, untracked_paths=["/items/{i}", "/internal/metrics/"])
    app.get("/internal/metrics")(lambda: "")
    client = TestClient(app)
    client.get("/items/1")
    client.get("/internal/metrics")
    assert counted() == {}

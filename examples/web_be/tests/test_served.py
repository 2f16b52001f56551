"""A copy of http_metrics.py in somebody's service, with a real server."""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"

# As somebody may have it before they copy the file.
SERVICE = '''
import asyncio, os, time
from fastapi import FastAPI
from fastapi.responses import JSONResponse, StreamingResponse

app = FastAPI()

@app.get("/items/{item_id}")
async def read_item(item_id: int):
    return item_id

@app.get("/blocks/{seconds}")
def blocks(seconds: float):
    time.sleep(seconds)

@app.get("/waits/{seconds}")
async def waits(seconds: float):
    await asyncio.sleep(seconds)

@app.get("/pid")
async def pid():
    return os.getpid()

@app.get("/stream")
async def stream():
    async def parts():
        while True:
            yield b"part"
            await asyncio.sleep(0.01)
    return StreamingResponse(parts())
'''


def documented() -> str:
    """The lines that the README has people paste."""
    (snippet,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len([line for line in snippet.splitlines() if line]) == 3
    return snippet


def eventually(check) -> None:
    deadline = time.monotonic() + 10
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def requests(samples, path, status="200"):
    return samples.get(("http_requests_total", "GET", path, status))


def test_the_documented_lines_count_what_the_client_gets(serve):
    handler = '''
@app.exception_handler(Exception)
async def handle(request, error):
    return JSONResponse({}, 503)

@app.get("/error")
async def error():
    raise RuntimeError

'''
    server = serve(SERVICE + documented() + handler)
    assert server.get("/items/1")[0] == 200
    assert server.get("/error")[0] == 503
    samples = server.samples()
    assert requests(samples, "/items/{item_id}") == 1
    assert requests(samples, "/error", "503") == 1
    assert requests(samples, "/error", "500") is None
    assert ("http_requests_total", "GET", "/metrics", "200") not in samples


def test_metrics_are_answered_while_all_threads_are_busy(serve):
    server = serve(SERVICE + documented())
    with ThreadPoolExecutor(45) as clients:
        answers = [clients.submit(server.get, "/blocks/2") for _ in range(45)]
        eventually(lambda: server.samples()[("http_requests_in_progress",)] == 45)
        assert not any(answer.done() for answer in answers)


def test_a_client_that_leaves_is_no_error(serve):
    server = serve(SERVICE + documented())
    for path in ("/stream", "/waits/0.3"):
        with server.ask(path) as connection:
            if path == "/stream":
                connection.recv(1)
    eventually(lambda: requests(server.samples(), "/waits/{seconds}") and requests(server.samples(), "/stream"))
    assert {key[3] for key in server.samples() if key[0] == "http_requests_total"} == {"200"}


def test_several_workers_are_one_service(serve, tmp_path):
    folder = tmp_path / "workers"
    folder.mkdir()
    server = serve(SERVICE + documented(), "--workers", "2", PROMETHEUS_MULTIPROC_DIR=str(folder))
    eventually(lambda: len({server.get("/pid")[1] for _ in range(20)}) == 2)
    for _ in range(20):
        server.get("/items/1")
    for _ in range(10):
        samples = server.samples()
        assert requests(samples, "/items/{item_id}") == 20
        assert [key for key in samples if key[0] == "http_requests_in_progress"] == [("http_requests_in_progress",)]


def test_a_worker_that_was_killed_handles_nothing_any_more_and_has_counted(serve, tmp_path):
    folder = tmp_path / "workers"
    folder.mkdir()
    first = serve(SERVICE + documented(), PROMETHEUS_MULTIPROC_DIR=str(folder))
    first.get("/items/1")
    with first.ask("/waits/60"):
        eventually(lambda: first.samples()[("http_requests_in_progress",)] == 1)
        first.kill()
    second = serve(SERVICE + documented(), PROMETHEUS_MULTIPROC_DIR=str(folder))
    second.get("/items/1")
    samples = second.samples()
    assert requests(samples, "/items/{item_id}") == 2
    assert samples[("http_requests_in_progress",)] == 0


def test_a_worker_with_the_process_id_of_a_dead_one_starts_at_zero(tmp_path):
    # Twice in one process: the second finds the file of the first.
    script = """
from prometheus_client import CollectorRegistry
from web_be.http_metrics import HttpMetrics, all_workers

HttpMetrics(CollectorRegistry()).in_progress.inc()
HttpMetrics(CollectorRegistry())
print(all_workers(".").get_sample_value("http_requests_in_progress"))
"""
    folders = os.pathsep.join([str(README.parent), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": folders, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True, text=True).stdout == "0.0\n"

"""A kernel's messages reach the browser one right after the other."""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
import uuid
from pathlib import Path

import pytest
import websocket

pytest.importorskip("playwright.sync_api")

from tests.browser import lab

ROUNDS = 30
# The client's delayed acknowledgement lasts 40 ms on Linux (longer elsewhere): with Nagle's
# algorithm on, the last message of an answer cannot come sooner. Half of that parts the two.
DELAYED = 0.040


def gaps(server: lab.Server) -> list[float]:
    """Seconds from the first to the last message of each of `ROUNDS` answers."""
    request = urllib.request.Request(
        f"{server.url}/api/kernels?token={server.token}", b'{"name": "python3"}', method="POST"
    )
    with urllib.request.urlopen(request) as answer:
        kernel = json.load(answer)["id"]
    address = f"{server.url.replace('http', 'ws')}/api/kernels/{kernel}/channels"
    # The client of a browser's page: no TCP_QUICKACK, and the legacy protocol, all in JSON.
    socket = websocket.create_connection(f"{address}?token={server.token}&session_id=s", timeout=60)
    found = []
    for _ in range(ROUNDS):
        name = uuid.uuid4().hex
        header = {"msg_id": name, "msg_type": "kernel_info_request", "session": "s"}
        header |= {"username": "", "version": "5.3", "date": ""}
        asked = {"header": header, "parent_header": {}, "metadata": {}, "content": {}}
        socket.send(json.dumps(asked | {"channel": "shell", "buffers": []}))
        times = []
        while len(times) < 3:  # busy, the reply, idle
            if json.loads(socket.recv())["parent_header"].get("msg_id") == name:
                times.append(time.perf_counter())
        found.append(times[-1] - times[0])
    socket.close()
    return found


def test_no_message_waits_for_an_acknowledgement(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with lab.serving(tmp_path, tmp_path / "work") as server:
        found = gaps(server)
    # A busy machine is slow now and then; with the delay hardly one answer of thirty is quick.
    assert statistics.quantiles(found, n=4)[0] < DELAYED / 2

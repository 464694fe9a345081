"""The vote from phones: what is counted, and what nobody gets who should not."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tornado.ioloop import IOLoop

from helpers.teaching import vote
from helpers.teaching.class_copy import make_class_copy
from helpers.teaching.cutting import KitError
from helpers.teaching.polls import PredictionPoll, poll, read_hands
from helpers.teaching.rooms import OPEN_FILE, ROOM_FILE, VOTES_FILE
from tests.teaching import kit


class Served:
    """A room that is open in a thread of its own."""

    def __init__(self, room: vote.Room, port: int) -> None:
        self.room, self.port = room, port

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        reply = line.getresponse()
        text = reply.read().decode()
        line.close()
        return reply.status, dict(reply.getheaders()), text

    def device(self) -> str:
        status, headers, _ = self.ask("GET", f"/{self.room.code}")
        assert status == 200
        return headers["Set-Cookie"].split(";")[0]

    def cast(self, cookie: str, answer: Any, open_: str = "99.p2 before") -> tuple[int, str]:
        body = json.dumps({"open": open_, "answer": answer})
        status, _, text = self.ask("POST", f"/{self.room.code}/vote", body, Cookie=cookie,
                                   Content_Type="application/json")  # fmt: skip
        return status, text

    def open(self, exercise: str, phase: str = "before") -> None:
        said = {"exercise": exercise, "phase": phase}
        (self.room.folder / OPEN_FILE).write_text(json.dumps(said))


@pytest.fixture
def served(bank: Path, tmp_path: Path) -> Iterator[Served]:
    room = vote.make_room(kit.FIXTURE, tmp_path / "polls")
    ready = threading.Event()
    held: dict[str, Any] = {}

    def run() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        server, place = vote.serve(room, "127.0.0.1")
        held.update(loop=IOLoop.current(), server=server, place=place)
        ready.set()
        held["loop"].start()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    made = Served(room, int(held["place"].split(":")[2].split("/")[0]))
    (room.folder / ROOM_FILE).write_text(json.dumps({"address": held["place"]}))
    yield made
    held["loop"].add_callback(held["loop"].stop)
    thread.join(10)
    held["server"].stop()


def test_thirty_votes_at_once_are_all_counted(served: Served) -> None:
    served.open("99.p2")
    answers = ["much longer", "longer", "shorter"]

    def one(number: int) -> int:
        cookie = served.device()
        assert served.ask("GET", f"/{served.room.code}/now", Cookie=cookie)[0] == 200
        return served.cast(cookie, answers[number % 3])[0]

    begun = time.monotonic()
    with ThreadPoolExecutor(max_workers=30) as pool:
        assert list(pool.map(one, range(30))) == [200] * 30
    print(f"\n30 votes in {time.monotonic() - begun:.2f} s")
    panel = poll("99.p2", served.room.folder)
    assert panel.sentence.startswith("30 votes on 99.p2; hidden until you show the result.")
    assert {r["count"] for r in panel.still()["datasets"]["votes"]} == {0}
    panel.open("show=yes")
    assert {r["count"] for r in panel.still()["datasets"]["votes"]} == {10}


def test_one_device_has_one_vote_and_may_change_it(served: Served) -> None:
    served.open("99.p2")
    cookie = served.device()
    assert json.loads(served.cast(cookie, "longer")[1]) == {"problem": ""}
    served.cast(cookie, "shorter")
    kept = (served.room.folder / VOTES_FILE).read_text()
    assert json.loads(kept) == {"votes": {"99.p2": {"before": ["shorter"]}}}
    assert cookie.split("=")[1] not in kept


def test_numbers_are_read_and_closed_questions_say_so(served: Served) -> None:
    cookie = served.device()
    assert "closed" in served.cast(cookie, "12", "99.p1 before")[1]
    served.open("99.p1")
    assert "not a number" in served.cast(cookie, "many", "99.p1 before")[1]
    assert json.loads(served.cast(cookie, "12,5", "99.p1 before")[1]) == {"problem": ""}
    assert "closed" in served.cast(cookie, "longer", "99.p2 before")[1]
    panel = PredictionPoll(poll("99.p1", served.room.folder).data, "show=yes")
    assert "1 vote on 99.p1: most, 1, say 12.5 %." in panel.sentence


@pytest.mark.parametrize(
    "path",
    ["/", "/AAAAAAAAA", "/CODE/", "/CODE/../votes.json", "/CODE/votes.json", "/votes.json",
     "/%2e%2e/%2e%2e/etc/passwd", "/CODE%00", "/favicon.ico", "/CODE/now/x"],
)  # fmt: skip
def test_nothing_else_is_there(served: Served, path: str) -> None:
    status, headers, text = served.ask("GET", path.replace("CODE", served.room.code))
    assert (status, text) == (404, "")
    assert "Server" not in headers
    assert "Set-Cookie" not in headers


def test_another_page_or_host_cannot_vote(served: Served) -> None:
    served.open("99.p2")
    cookie, code = served.device(), served.room.code
    body = json.dumps({"open": "99.p2 before", "answer": "longer"})
    json_type = {"Content_Type": "application/json", "Cookie": cookie}
    for headers in (
        {**json_type, "Origin": "http://evil.example"},
        {"Cookie": cookie, "Content_Type": "text/plain"},
        {"Content_Type": "application/json"},
        {"Content_Type": "application/json", "Cookie": "hrd_vote=guessed"},
    ):
        assert served.ask("POST", f"/{code}/vote", body, **headers)[0] == 403
    assert served.ask("GET", f"/{code}", Host="evil.example")[0] == 404
    assert served.ask("PUT", f"/{code}/vote", body, **json_type)[0] in {404, 405}
    for bad in ("{", "[]", '{"open": 1}', '{"open":"99.p2 before","answer":{}}',
                json.dumps({"open": "99.p2 before", "answer": "x" * 300})):  # fmt: skip
        assert served.ask("POST", f"/{code}/vote", bad, **json_type)[0] == 400
    assert not (served.room.folder / VOTES_FILE).exists()
    page = served.ask("GET", f"/{code}")
    assert "default-src 'none'" in page[1]["Content-Security-Policy"]
    assert "HttpOnly" in page[1]["Set-Cookie"]
    assert "SameSite=Strict" in page[1]["Set-Cookie"]


def test_large_bodies_and_silent_connections_end(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = socket.create_connection(("127.0.0.1", served.port), timeout=10)
    line.sendall(
        f"POST /{served.room.code}/vote HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Length: 900000000\r\n\r\n".encode()
    )
    assert line.recv(100) in {b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"}
    line.close()
    monkeypatch.setattr(vote, "SILENT", 0.3)
    quiet = socket.create_connection(("127.0.0.1", served.port), timeout=10)
    quiet.sendall(b"GET / HT")
    assert quiet.recv(10) == b""
    quiet.close()


def test_guessing_the_code_and_asking_too_often_are_slowed() -> None:
    now = [0.0]
    limits = vote.Limits(clock=lambda: now[0])
    assert all(limits.allow("a") for _ in range(400))
    assert not limits.allow("a")
    assert limits.allow("b")
    now[0] = 1.0
    assert limits.allow("a")
    for _ in range(20):
        limits.miss("c")
    assert not limits.allow("c")
    now[0] = 62.0
    assert limits.allow("c")


def test_a_room_has_an_end_of_devices(served: Served) -> None:
    for _ in range(vote.DEVICES_AN_ADDRESS):
        assert served.room.device("", "10.0.0.9")
    assert served.room.device("", "10.0.0.9") == ""
    assert served.room.device("", "10.0.0.8")


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "nonsense", "::"])
def test_only_a_local_address_is_served(address: str) -> None:
    with pytest.raises(KitError):
        vote.own_address(address)


def test_an_earlier_vote_is_put_aside(bank: Path, tmp_path: Path) -> None:
    polls = tmp_path / "polls"
    polls.mkdir()
    for name in (VOTES_FILE, OPEN_FILE, ROOM_FILE, "handin_ada.json"):
        (polls / name).write_text("{}")
    make_class_copy(kit.FIXTURE, tmp_path)
    assert sorted(p.name for p in polls.iterdir()) == ["handin_ada.json", "votes-1.json"]
    room = vote.make_room(kit.FIXTURE, polls)
    assert set(room.entries) == {"99.p1", "99.p2"}
    assert len({vote.new_code() for _ in range(50)}) == 50


def test_the_code_can_be_read_by_a_phone() -> None:
    words = vote.invitation("http://192.168.1.20:40000/ABCDEFGHJ")
    assert words.rstrip().endswith("http://192.168.1.20:40000/ABCDEFGHJ")
    lines = words.splitlines()[:-1]
    assert len({len(line) for line in lines}) == 1


# Hands -----------------------------------------------------------------------------------------


def test_hands_are_typed_in_the_order_of_the_answers(bank: Path, tmp_path: Path) -> None:
    panel = poll("99.p2", tmp_path)
    panel.open("hands=2 5 1&show=yes")
    assert "8 votes on 99.p2: most, 5, say longer." in panel.sentence
    panel.open("hands=3 3 1&show=yes")
    assert "7 votes on 99.p2: most, 3 each, say much longer and longer." in panel.sentence
    panel.open("hands=2 5&show=yes")
    assert "Type 3 counts" in panel.error
    panel.open("hands=")
    assert "type the hands you count" in panel.error


@pytest.mark.parametrize(
    ("text", "votes"),
    [
        ("", []),
        ("10 x 2, 12 x 1", [10.0, 10.0, 12.0]),
        ("12,5 x 2; many × 1", [12.5, 12.5, "many"]),
    ],
)
def test_hands_on_an_open_question(text: str, votes: list[Any]) -> None:
    assert read_hands(text, ()) == votes


def test_phones_are_opened_from_the_poll(served: Served) -> None:
    panel = poll("99.p2", served.room.folder)
    assert "Open for phones" in panel.error
    panel.pressed("phones")
    assert served.room.open_now() == ("99.p2", "before")

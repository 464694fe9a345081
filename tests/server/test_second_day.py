"""What is handed out of a notebook depends on whether a kernel runs for it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from helpers.server.second_day import WIDGET, show_pictures_without_a_kernel


def model(path: str) -> dict[str, Any]:
    live = {WIDGET: {"model_id": "a"}, "image/png": "x", "text/plain": "[Panel]"}
    bare = {WIDGET: {"model_id": "b"}}
    outputs: list[dict[str, Any]] = [
        {"data": live}, {"data": bare}, {"output_type": "stream", "text": "said"}
    ]  # fmt: skip
    cells = [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": outputs}]
    return {"type": "notebook", "path": path, "content": {"cells": cells}}


def handed_out(sessions: list[dict[str, Any]], path: str, content: bool = True) -> dict[str, Any]:
    async def list_sessions() -> list[dict[str, Any]]:
        return sessions

    def get(path: str, content: bool = True) -> dict[str, Any]:
        return model(path) if content else {**model(path), "content": None}

    server = SimpleNamespace(
        contents_manager=SimpleNamespace(get=get),
        session_manager=SimpleNamespace(list_sessions=list_sessions),
    )
    show_pictures_without_a_kernel(server)
    found: dict[str, Any] = asyncio.run(server.contents_manager.get(path, content=content))
    return found


def kinds(found: dict[str, Any]) -> list[set[str]]:
    return [set(out.get("data", {})) for out in found["content"]["cells"][1]["outputs"]]


def test_without_a_kernel_a_widget_gives_way_to_its_picture() -> None:
    without = [{"image/png", "text/plain"}, {WIDGET}, set()]
    assert kinds(handed_out([], "a/b.ipynb")) == without
    other = [{"path": "a/c.ipynb", "kernel": {"id": "1"}}, {"path": "a/b.ipynb", "kernel": None}]
    assert kinds(handed_out(other, "/a/b.ipynb")) == without


def test_with_a_kernel_it_stays_live() -> None:
    mine = [{"path": "a/b.ipynb", "kernel": {"id": "1"}}]
    both = [{WIDGET, "image/png", "text/plain"}, {WIDGET}, set()]
    assert kinds(handed_out(mine, "/a/b.ipynb")) == both


def test_a_listing_has_nothing_to_change() -> None:
    assert handed_out([], "a.ipynb", content=False)["content"] is None

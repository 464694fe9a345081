"""start.py finds what is wrong and says what to do, before anything is installed."""

from __future__ import annotations

import importlib.util
import json
import socket
import sys
from collections import namedtuple
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """start.py, living in a copy of the project's outline in a folder of its own."""
    spec = importlib.util.spec_from_file_location("start_under_test", ROOT / "start.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in module.NEEDED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "ENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "hrd-ready.json")
    return module


def test_an_old_python_is_named_with_the_ones_that_work(start, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 1))
    assert "3.11, 3.12 or 3.13" in start.python_problem()
    monkeypatch.setattr(start.sys, "version_info", (3, 12, 0))
    assert start.python_problem() is None


def test_a_lone_start_py_is_told_apart_from_the_project(start) -> None:  # type: ignore[no-untyped-def]
    assert start.folder_problem() is None
    (start.ROOT / "requirements.lock").unlink()
    assert "lacks requirements.lock" in start.folder_problem()


def test_a_full_disk_matters_only_before_the_install(start, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(start.shutil, "disk_usage", lambda _: usage(10, 10, 10**8))
    assert "0.1 GB are free" in start.disk_problem()
    monkeypatch.setattr(start, "environment_state", lambda: "ready")
    assert start.disk_problem() is None


def test_no_write_permission_is_one_sentence(start, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(start, "ROOT", start.ROOT / "not-there")
    assert "Nothing can be written" in start.writing_problem()


def test_a_busy_port_is_noted(start, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(start, "PORT", taken.getsockname()[1])
        assert "is in use" in start.port_note()
    assert start.port_note() is None


def test_a_path_with_spaces_is_fine(start, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(start, "ROOT", Path("/tmp/my course"))
    assert "that works" in start.path_note()


def test_environment_states(start) -> None:  # type: ignore[no-untyped-def]
    assert start.environment_state() == "absent"
    start.ENV.mkdir()
    assert start.environment_state() == "unfinished"
    start.env_python().parent.mkdir(parents=True)
    start.env_python().write_text("")
    start.STAMP.write_text("{ broken")
    assert start.environment_state() == "unfinished"
    start.STAMP.write_text(json.dumps(start.fingerprint()))
    assert start.environment_state() == "ready"
    start.LOCK.write_text("another lock")
    assert start.environment_state() == "stale"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one the project was tested"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("NewConnectionError: Temporary failure in name resolution", "no way to the internet"),
        ("ERROR: something else", "could not be installed"),
    ],
)
def test_pip_failures_are_explained(start, line: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
    assert sentence in start.explain_pip(["Collecting x", line])


def test_an_unknown_command_lists_those_there_are(start, capsys) -> None:  # type: ignore[no-untyped-def]
    assert start.main(["launch"]) == 2
    assert "lab, test, doctor" in capsys.readouterr().out


def test_doctor_reports_without_installing(start, capsys) -> None:  # type: ignore[no-untyped-def]
    assert start.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "not set up yet" in said
    assert not start.ENV.exists()
    (start.ROOT / "pyproject.toml").unlink()
    assert start.main(["doctor"]) == 1
    assert "Problem:" in capsys.readouterr().out


def test_start_uses_nothing_but_the_standard_library() -> None:
    import ast

    tree = ast.parse((ROOT / "start.py").read_text("utf-8"))
    names = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


def test_lab_serves_the_folder_of_a_students_set(start, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    own = tmp_path / "my set"
    own.mkdir()
    with pytest.raises(start.Stop, match="holds no notebook"):
        start.place_of([str(own)])
    for name in ("03_b.ipynb", "02_a.ipynb"):
        (own / name).write_text("{}")
    book = str((own / "02_a.ipynb").resolve())
    start.ROOT = tmp_path / "elsewhere"
    assert start.place_of([str(own), "--no-browser"]) == (own.resolve(), [book, "--no-browser"])
    assert start.place_of([book]) == (own.resolve(), [book])
    start.ROOT = tmp_path.resolve()
    assert start.place_of([book])[0] == tmp_path.resolve()
    assert start.place_of(["--no-browser"]) == (start.ROOT, ["--no-browser"])


def test_the_kits_commands_run_where_the_user_is(start, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    calls = []
    monkeypatch.setattr(start, "set_up", lambda: None)
    monkeypatch.setattr(start, "call", lambda *given: calls.append(given) or 0)
    for name, module in {
        "assign": "helpers.teaching.assign",
        "collect": "helpers.teaching.collect",
        "handout": "helpers.teaching.handout",
    }.items():
        assert start.main([name, "x"]) == 0
        command, _env, folder = calls.pop()
        assert command[1:] == ["-P", "-m", module, "x"]
        assert folder == str(Path.cwd())


def test_class_needs_one_notebook(start, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    assert start.main(["class"]) == 1
    assert "Name one notebook" in capsys.readouterr().err
    monkeypatch.setattr(start, "run_module", lambda *_: 1)
    monkeypatch.setattr(start, "lab", lambda *_: pytest.fail("lab opened without a copy"))
    assert start.main(["class", "99"]) == 1

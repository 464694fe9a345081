"""start.py finds what is wrong and says what to do, before anything is installed."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import socket
import subprocess
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
        ("ERROR: No matching distribution found for x", "PIP_NO_INDEX"),
        ("ERROR: something else", "could not be installed"),
    ],
)
def test_pip_failures_are_explained(start, line: str, sentence: str) -> None:  # type: ignore[no-untyped-def]
    said = start.explain(["Collecting x", line], "The packages could not be installed")
    assert sentence in said


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
    own = own.resolve()
    book = own / "02_a.ipynb"
    start.ROOT = tmp_path / "elsewhere"
    first = start.ROOT / start.FIRST
    assert start.place_of([str(own), "--no-browser"]) == (own, book, ["--no-browser"])
    assert start.place_of([str(book)]) == (own, book, [])
    assert start.place_of(["--port", "9999"]) == (start.ROOT, first, ["--port", "9999"])
    with pytest.raises(start.Stop, match="There is no folder or notebook 04"):
        start.place_of(["--port=9999", "04"])
    start.ROOT = tmp_path.resolve()
    assert start.place_of([str(book)])[0] == tmp_path.resolve()


def test_lab_names_the_notebook_and_leaves_the_port_to_the_user(start, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    called = []
    monkeypatch.setattr(start, "set_up", lambda: None)
    monkeypatch.setattr(start, "call", lambda command: called.append(command) or 0)
    assert start.main(["--port=9999"]) == 0
    (command,) = called
    assert [word for word in command if "port" in word] == ["--port=9999"]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in command


def test_what_leads_python_or_pip_astray_is_left_out(start, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    astray = (
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONSTARTUP",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_DRY_RUN",
    )
    for name in astray:
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "a mirror")
    env = start.environment()
    assert not set(astray) & set(env)
    assert (env["PIP_USER"], env["PIP_INDEX_URL"], env["PYTHONSAFEPATH"]) == ("0", "a mirror", "1")


def test_what_jupyter_writes_stays_in_the_folder(start) -> None:  # type: ignore[no-untyped-def]
    env = start.environment()
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        assert start.ROOT in Path(env[name]).parents


def test_a_second_set_up_waits_for_the_first(start, capsys) -> None:  # type: ignore[no-untyped-def]
    with start.alone() as held:
        assert not start.got(open(held.name, "r+b"))  # noqa: SIM115
    with start.alone():
        pass
    assert "Another window" not in capsys.readouterr().out


def test_the_set_ups_last_look_runs(start) -> None:  # type: ignore[no-untyped-def]
    command = [sys.executable, "-c", start.CHECK]
    assert subprocess.run(command, cwd=ROOT / "notebooks", env=start.environment()).returncode == 0


@pytest.mark.parametrize("letters", ["plain", "my suite", "José Ünï ✓ 人权", 'it\'s "odd"'])
def test_the_path_file_is_read_in_any_encoding(start, monkeypatch, letters: str) -> None:  # type: ignore[no-untyped-def]
    """A real environment, a computer with an encoding of its own, a folder with any letters."""
    if os.name == "nt" and '"' in letters:
        pytest.skip("no such folder on Windows")
    root = start.ROOT / letters
    (root / "helpers").mkdir(parents=True)
    (root / "helpers" / "__init__.py").write_text("found = True")
    (root / "notebooks").mkdir()
    monkeypatch.setattr(start, "ROOT", root)
    monkeypatch.setattr(start, "ENV", root / ".venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    start.put_on_path()
    look = [start.env_python(), "-c", "import helpers; assert helpers.found"]
    for encoding in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {}):
        env = {**start.environment(), **encoding}
        assert subprocess.run(look, env=env, cwd=root / "notebooks").returncode == 0


def test_an_old_python_can_read_start_py_to_its_end() -> None:
    """Otherwise it ends in a SyntaxError, not in the sentence."""
    source = (ROOT / "start.py").read_text("utf-8")
    assert source.isascii()
    newer = (
        ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Match, ast.Nonlocal, ast.YieldFrom,
        ast.AsyncFunctionDef, ast.Await, ast.TryStar,
    )  # fmt: skip
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, newer), f"line {node.lineno}"
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            assert not any(isinstance(e, ast.Starred) for e in node.elts), f"line {node.lineno}"
        if isinstance(node, ast.Dict):
            assert None not in node.keys, f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            assert not node.args.kwonlyargs, f"line {node.lineno}"
            assert node.returns is None, f"line {node.lineno}"
        if isinstance(node, ast.Raise):
            assert node.cause is None, f"line {node.lineno}"


OLD = [p for name in ("2.7", "3.5", "3.8", "3.9", "3.10") if (p := shutil.which(f"python{name}"))]
OLD += sorted(str(p) for p in Path.home().glob(".pyenv/versions/[23].*/bin/python"))


@pytest.mark.parametrize("python", OLD or [pytest.param("", marks=pytest.mark.skip("none here"))])
def test_an_old_python_says_which_is_needed(python: str, tmp_path: Path) -> None:
    asked = [python, "-c", "import sys; print(sys.version_info[:2] < (3, 11))"]
    found = subprocess.run(asked, capture_output=True, text=True)
    if found.stdout.strip() != "True":
        pytest.skip("not old, or only a shim")
    ran = subprocess.run([python, ROOT / "start.py"], capture_output=True, text=True)
    assert ran.returncode == 1
    assert "the notebooks need 3.11, 3.12 or 3.13" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_any_console_can_print_what_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "✓ é"
    for name in ("requirements.lock", "pyproject.toml", "helpers/__init__.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(ROOT / "start.py", folder)
    for name in ("exercises", "notebooks"):
        (folder / name).mkdir()
    (folder / "notebooks" / "00_start_here.ipynb").write_text("{}")
    for encoding in ("cp1252", "ascii", "utf-8"):
        env = {**os.environ, "PYTHONIOENCODING": encoding}
        command = [sys.executable, folder / "start.py", "doctor"]
        ran = subprocess.run(command, env=env, capture_output=True)
        assert (ran.returncode, ran.stderr) == (0, b"")


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

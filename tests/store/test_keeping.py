"""What was acknowledged is kept: beside other kernels, killed ones, wrong clocks, later files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from helpers.store import answers, place
from helpers.store.answers import AnswerStore, SettingStore

WRITER = """
import sys
from pathlib import Path
from helpers.store.answers import AnswerStore
store, name, number = AnswerStore(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
said = [n for n in range(number) if store.record(f"{name}.{n}", n, "Right")]
print(*said)
"""
HOLDER = """
import sys, time
from pathlib import Path
from helpers.store.answers import AnswerStore
store = AnswerStore(Path(sys.argv[1]))
def hold(records):
    print("held", flush=True)
    time.sleep(60)
store._change(hold)
"""


def writers(folder: Path, count: int, number: int) -> tuple[set[str], set[str]]:
    """Return the names of the answers that were acknowledged, and of those that are kept."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(who), str(number)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for who in range(count)
    ]
    said = set()
    for who, process in enumerate(running):
        words, _ = process.communicate()
        assert process.returncode == 0
        said |= {f"{who}.{n}" for n in words.split()}
    return said, set(AnswerStore(folder).read())


@pytest.mark.parametrize("count", [2, 8])
def test_every_answer_that_was_acknowledged_is_kept(tmp_path: Path, count: int) -> None:
    said, kept = writers(tmp_path, count, 25)
    assert said == kept
    assert said
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "answers.json"]


def test_without_the_lock_nothing_is_written_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_PATIENCE", 0.1)
    store = AnswerStore(tmp_path)
    with FileLock(tmp_path / ".lock"):
        assert not store.record("01.1", 3, "Right")
    assert store.notice == (
        f"Your answer could not be saved in {tmp_path.name}/ (another notebook kept it locked); "
        "the check itself worked."
    )
    assert not store.path.exists()
    assert store.record("01.1", 3, "Right")


def test_a_killed_kernel_leaves_no_lock_and_no_file(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    (tmp_path / "answers.tmp").write_text("half an ans")  # as if killed in the middle of writing
    process.kill()
    process.wait()
    process.stdout.close()
    begun = time.monotonic()
    assert AnswerStore(tmp_path).record("01.1", 3, "Right")
    assert time.monotonic() - begun < answers._PATIENCE / 2
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "answers.json"]


def test_a_lock_file_from_tomorrow_costs_nothing(tmp_path: Path) -> None:
    store = SettingStore(tmp_path)
    assert store.record("08.credit", "p=0.5")
    tomorrow = time.time() + 86_400
    os.utime(tmp_path / ".lock", (tomorrow, tomorrow))
    begun = time.monotonic()
    assert store.record("08.credit", "p=0.6")
    assert time.monotonic() - begun < answers._PATIENCE / 2


def test_what_a_later_version_wrote_is_kept(tmp_path: Path) -> None:
    later = {
        "version": 2,
        "badges": [1],
        "answers": {
            "01.1": {"history": [], "value": 3, "mood": "sure"},
            "01.2": ["a form of its own"],
        },
    }
    (tmp_path / "answers.json").write_text(json.dumps(later))
    store = AnswerStore(tmp_path)
    assert set(store.read()) == {"01.1"}
    assert store.record("01.1", 4, "Right")
    found = json.loads(store.path.read_text("utf-8"))
    assert (found["version"], found["badges"]) == (2, [1])
    assert found["answers"]["01.1"]["mood"] == "sure"
    assert found["answers"]["01.2"] == ["a form of its own"]
    assert store.record("01.2", 5, "Right")  # needs the place: the whole file is kept first
    kept = json.loads((tmp_path / "answers.kept-1.json").read_text("utf-8"))
    assert kept["answers"]["01.2"] == ["a form of its own"]
    assert store.read()["01.2"]["value"] == 5


def test_a_file_that_cannot_be_read_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = AnswerStore(tmp_path)
    assert store.record("01.1", 3, "Right")
    before = store.path.read_bytes()

    def refuse(_self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", refuse)
        assert store.read() == {}
        assert not store.record("01.2", 4, "Right")
        assert "Permission denied" in store.notice
    assert store.path.read_bytes() == before


# A folder per person ----------------------------------------------------------------------------


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one's own outside the home folder; returns the folder that holds both."""
    for name in ("suite", "home"):
        (tmp_path / name).mkdir()
    monkeypatch.delenv("HRD_WORK_DIR", raising=False)
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setattr(place, "_PROJECT", tmp_path / "suite")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    return tmp_path


def test_on_ones_own_computer_all_stays_in_the_suite(alone: Path) -> None:
    assert place.work_dir() == alone / "suite" / "work"
    assert place.said_place() == ""


def test_on_a_hub_each_person_has_her_own(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert place.work_dir() == alone / "home" / "hrd-work"
    assert str(alone / "home" / "hrd-work") in place.said_place()
    monkeypatch.setattr(place, "_PROJECT", alone / "home" / "suite")
    (alone / "home" / "suite").mkdir()
    assert place.work_dir() == alone / "home" / "suite" / "work"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows tells no owner this way")
def test_another_accounts_folder_is_not_written(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = (alone / "suite").stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert place.work_dir() == alone / "home" / "hrd-work"


def test_a_folder_that_cannot_be_written_is_not_used(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert place.work_dir() == alone / "home" / "hrd-work"


def test_a_shared_set_keeps_answers_apart_by_build(
    alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = alone / "handed-out"
    folder.mkdir()
    marker = {"what": "hrd student set", "build": "b7", "key": "", "own_cohort": False}
    (folder / "set.json").write_text(json.dumps(marker))
    monkeypatch.chdir(folder)
    assert place.work_dir() == folder / "work"
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert place.work_dir() == alone / "home" / "hrd-work" / "b7"


def test_the_first_cell_says_where_answers_go(tmp_path: Path) -> None:
    """Every notebook imports helpers.exercises in its first cell."""
    env = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    env.pop("HRD_WORK_DIR", None)
    for user, said in (("ada", f"own folder {tmp_path / 'hrd-work'}."), (None, "")):
        found = subprocess.run(
            [sys.executable, "-c", "from helpers.exercises import ask"],
            env=env | ({"JUPYTERHUB_USER": user} if user else {}),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert said in found if said else not found

"""Answers survive a restart, a damaged file, a folder that cannot be written, other kernels."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.exercises import check, export_answers, progress
from helpers.exercises.learner import stored_value
from helpers.store.answers import AnswerStore, work_dir

WRITER = """
import sys
from helpers.store.answers import AnswerStore
store = AnswerStore()
for i in range(20):
    assert store.record(f"{sys.argv[1]}.{i}", i, "Right"), store.notice
"""


def test_answers_survive_another_process(bank: Path) -> None:
    code = 'from helpers.exercises import check; check("99.2", "public coercive")'
    subprocess.run([sys.executable, "-c", code], check=True)
    assert stored_value("99.2") == "public coercive"
    check("99.2", "private coercive")
    history = AnswerStore().read()["99.2"]["history"]
    assert [h["verdict"] for h in history] == ["Not yet", "Right"]
    assert all(h["at"] and h["phase"] == "before reveal" for h in history)


def test_kernels_side_by_side_keep_each_others_answers(bank: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(n)]) for n in range(3)]
    assert [p.wait() for p in running] == [0, 0, 0]
    assert len(AnswerStore().read()) == 60
    assert sorted(p.name for p in bank.iterdir()) == [".lock", "answers.json"]


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b'{"answers": 3}', b""])
def test_a_damaged_file_is_kept_aside(bank: Path, content: bytes) -> None:
    bank.mkdir()
    (bank / "answers.json").write_bytes(content)
    (bank / "answers.broken-1.json").write_text("older")
    result = check("99.1", 89.5)
    assert result.right
    assert result.notice == (
        "The file of stored answers was damaged; it is kept as answers.broken-2.json."
    )
    assert (bank / "answers.broken-2.json").read_bytes() == content
    assert (bank / "answers.broken-1.json").read_text() == "older"
    assert stored_value("99.1") == 89.5
    assert check("99.1", 89.5).notice == ""


def test_a_damaged_record_does_not_hide_the_others(bank: Path) -> None:
    check("99.1", 89.5)
    content = json.loads((bank / "answers.json").read_text())
    content["answers"]["99.2"] = 7
    (bank / "answers.json").write_text(json.dumps(content))
    assert stored_value("99.1") == 89.5
    assert check("99.2", "private coercive").right


def test_a_folder_that_cannot_be_written_leaves_the_check_working(
    bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    monkeypatch.setenv("HRD_WORK_DIR", str(tmp_path / "taken"))
    result = check("99.1", 89.5)
    assert result.right
    assert result.notice.startswith("Your answer could not be saved in taken/ (")
    assert progress()["state"].eq("not started").all()


def test_default_folder_is_ignored_by_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HRD_WORK_DIR")
    root = Path(__file__).resolve().parents[2]
    assert work_dir() == root / "work"
    assert "work/" in (root / ".gitignore").read_text().split()


def test_progress_and_export(bank: Path, tmp_path: Path) -> None:
    assert set(progress()["state"]) == {"not started"}
    check("99.1", 84.2)
    check("99.1", 89.5)
    row = progress().set_index("exercise").loc["99.1"]
    assert (row["state"], row["tries"], row["kind"]) == ("right", 2, "number")
    first = export_answers(tmp_path / "mine.json")
    second = export_answers(tmp_path / "mine.json")
    assert (first.name, second.name) == ("mine.json", "mine-2.json")
    assert json.loads(first.read_text())["answers"]["99.1"]["value"] == 89.5
    with pytest.raises(ValueError, match="choose a folder you can write to"):
        export_answers(tmp_path / "nowhere" / "mine.json")

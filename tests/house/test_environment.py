"""environment.yml, pyproject.toml and requirements.lock say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
CONDA_NAMES = {"playwright-python": "playwright"}


def project() -> dict[str, Requirement]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*table["dependencies"], *table["optional-dependencies"]["test"]]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def conda() -> dict[str, Requirement]:
    found = {}
    for line in (ROOT / "environment.yml").read_text("utf-8").splitlines():
        match = re.fullmatch(r"\s+- ([A-Za-z0-9_-]+[<>=!].*)", line)
        if match:
            requirement = Requirement(match[1])
            name = CONDA_NAMES.get(requirement.name, requirement.name)
            found[canonicalize_name(name)] = requirement
    return found


def lock() -> list[Requirement]:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[A-Za-z0-9]", line)]


def test_conda_file_has_the_same_bounds_as_the_project() -> None:
    ours, theirs = project(), conda()
    python = theirs.pop("python")
    said = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert str(python.specifier) == str(Requirement(f"python{said}").specifier)
    assert {n: str(r.specifier) for n, r in theirs.items()} == {
        n: str(r.specifier) for n, r in ours.items()
    }


@pytest.mark.parametrize("name", sorted(project()))
def test_every_bound_is_written_out_and_the_lock_is_inside_it(name: str) -> None:
    wanted = project()[name]
    assert "<" in str(wanted.specifier), f"{name} has no upper bound"
    pins = [pin for pin in lock() if canonicalize_name(pin.name) == name]
    assert pins, f"{name} is not in requirements.lock"
    for pin in pins:
        (exact,) = pin.specifier
        assert exact.operator == "=="
        assert Version(exact.version) in wanted.specifier


def test_every_locked_package_has_a_hash_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert "--index" not in text
    for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]

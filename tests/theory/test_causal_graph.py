"""Back-door paths against textbook diagrams and a second, independent rule."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.theory.causal_graph import (
    GraphError,
    back_door_paths,
    causal_paths,
    closing_sets,
    descendants,
    paths,
)

NAMES = "xzyabc"


def separated(arrows: set[tuple[str, str]], x: str, y: str, fixed: set[str]) -> bool:
    """The moral-graph rule (Lauritzen et al. 1990), which lists no path at all."""
    ancestors = {x, y} | fixed
    while more := {a for a, b in arrows if b in ancestors} - ancestors:
        ancestors |= more
    kept = {(a, b) for a, b in arrows if a in ancestors and b in ancestors}
    links = {frozenset(arrow) for arrow in kept}
    for child in ancestors:
        parents = [a for a, b in kept if b == child]
        links |= {frozenset(pair) for pair in combinations(parents, 2)}
    reached, front = {x}, {x}
    while front:
        front = {n for link in links for n in link if link & front and n not in reached | fixed}
        reached |= front
    return y not in reached


@st.composite
def diagrams(draw: st.DrawFn) -> tuple[set[tuple[str, str]], set[str]]:
    pairs = list(combinations(NAMES, 2))  # arrows run along one order: no circle
    arrows = {pair for pair in pairs if draw(st.booleans())}
    fixed = {name for name in NAMES[1:-1] if draw(st.booleans())}
    return arrows, fixed


@given(diagrams())
def test_no_open_path_is_separation(drawn: tuple[set[tuple[str, str]], set[str]]) -> None:
    arrows, fixed = drawn
    opened = any(path.open for path in paths(arrows, "x", "c", fixed))
    assert opened != separated(arrows, "x", "c", fixed)


def test_a_fork_is_open_until_it_is_held_fixed() -> None:
    fork = [("u", "x"), ("u", "y"), ("x", "y")]
    (path,) = back_door_paths(fork, "x", "y")
    assert path.words == "x ← u → y"
    assert path.arrows == (("u", "x"), ("u", "y"))
    assert path.open
    (path,) = back_door_paths(fork, "x", "y", ["u"])
    assert not path.open
    assert path.closed_by == ("u",)
    assert closing_sets(fork, "x", "y", ["u"]) == (frozenset({"u"}),)


def test_holding_a_collider_fixed_opens_the_m_graph() -> None:
    """Pearl (2009), the M-shaped diagram: adjusting for z does harm."""
    m_graph = [("a", "x"), ("a", "z"), ("b", "z"), ("b", "y"), ("x", "y")]
    assert not any(p.open for p in back_door_paths(m_graph, "x", "y"))
    assert any(p.open for p in back_door_paths(m_graph, "x", "y", ["z"]))
    assert not any(p.open for p in back_door_paths(m_graph, "x", "y", ["z", "a"]))
    assert closing_sets(m_graph, "x", "y", ["a", "b", "z"]) == (frozenset(),)


def test_a_mediator_is_never_a_closing_variable() -> None:
    chain = [("x", "m"), ("m", "y"), ("u", "x"), ("u", "y")]
    assert descendants(chain, "x") == {"m", "y"}
    assert closing_sets(chain, "x", "y", ["m"]) == ()
    (path,) = causal_paths(chain, "x", "y", ["m"])
    assert path.closed_by == ("m",)


def test_what_is_no_diagram_is_refused() -> None:
    with pytest.raises(GraphError, match="circle"):
        paths([("a", "b"), ("b", "a")], "a", "b")
    with pytest.raises(GraphError, match="cannot be held fixed"):
        paths([("a", "b")], "a", "b", ["a"])

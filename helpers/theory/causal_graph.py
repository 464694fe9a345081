"""Causal diagrams: which paths between a cause and an effect are open, and what closes them.

A diagram is a set of arrows between named variables, without a circle. A *back-door path*
runs from the cause to the effect and begins with an arrow into the cause: it makes the two
go together although the one does not act on the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

Arrow = tuple[str, str]


class GraphError(ValueError):
    """A diagram that is none: one sentence says what is wrong with it."""


@dataclass(frozen=True)
class Path:
    """One path, and whether it is open once some variables are held fixed.

    Attributes
    ----------
    nodes : tuple of str
        From the cause to the effect.
    forward : tuple of bool
        For each step, whether the arrow points along the path.
    open : bool
        Whether the path carries association.
    closed_by : tuple of str
        Variables that close it: those held fixed on the way, and colliders left alone.
    """

    nodes: tuple[str, ...]
    forward: tuple[bool, ...]
    open: bool
    closed_by: tuple[str, ...]

    @property
    def words(self) -> str:
        """The path in one line, as `chosen ← country → released`."""
        text = self.nodes[0]
        for node, along in zip(self.nodes[1:], self.forward, strict=True):
            text += f" {'→' if along else '←'} {node}"
        return text

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """The arrows of the path, each as (from, to)."""
        steps = zip(self.nodes, self.nodes[1:], self.forward, strict=False)
        return tuple((a, b) if along else (b, a) for a, b, along in steps)


def descendants(arrows: Iterable[Arrow], node: str) -> frozenset[str]:
    """Return every variable that can be reached from `node` along arrows."""
    arrows = tuple(arrows)
    found: set[str] = set()
    front = {node}
    while front:
        front = {b for a, b in arrows if a in front} - found
        found |= front
    return frozenset(found)


def _check(arrows: tuple[Arrow, ...]) -> None:
    for node in {node for arrow in arrows for node in arrow}:
        if node in descendants(arrows, node):
            raise GraphError(f"The arrows run in a circle through {node!r}; take one away.")


def _walks(arrows: tuple[Arrow, ...], cause: str, effect: str) -> list[tuple[str, ...]]:
    near: dict[str, list[str]] = {}
    for a, b in arrows:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)
    done: list[tuple[str, ...]] = []
    growing: list[tuple[str, ...]] = [(cause,)]
    while growing:
        walk = growing.pop()
        for node in near.get(walk[-1], []):
            if node == effect:
                done.append((*walk, node))
            elif node not in walk:
                growing.append((*walk, node))
    return sorted(done, key=lambda walk: (len(walk), walk))


def paths(
    arrows: Iterable[Arrow], cause: str, effect: str, fixed: Collection[str] = ()
) -> tuple[Path, ...]:
    """Return every path from `cause` to `effect`, shortest first.

    Parameters
    ----------
    arrows : iterable of (from, to)
    cause, effect : str
    fixed : collection of str
        Variables held fixed (adjusted for, conditioned on).

    Raises
    ------
    GraphError
        The arrows run in a circle, or the cause or the effect itself is held fixed.

    References
    ----------
    Pearl (2009) Causality, 2nd ed., definition 1.2.3 (d-separation).
    """
    arrows = tuple(dict.fromkeys(arrows))
    _check(arrows)
    if {cause, effect} & set(fixed):
        raise GraphError("The cause and the effect are compared; they cannot be held fixed.")
    found = []
    for nodes in _walks(arrows, cause, effect):
        forward = tuple(step in arrows for step in pairwise(nodes))
        closing = []
        for before, node, after in zip(forward, nodes[1:-1], forward[1:], strict=False):
            if before and not after:  # a collider: two arrows meet here
                if not ({node} | descendants(arrows, node)) & set(fixed):
                    closing.append(node)
            elif node in fixed:
                closing.append(node)
        found.append(Path(nodes, forward, not closing, tuple(closing)))
    return tuple(found)


def back_door_paths(
    arrows: Iterable[Arrow], cause: str, effect: str, fixed: Collection[str] = ()
) -> tuple[Path, ...]:
    """Return the paths that begin with an arrow into the cause; see `paths`."""
    return tuple(p for p in paths(arrows, cause, effect, fixed) if not p.forward[0])


def causal_paths(
    arrows: Iterable[Arrow], cause: str, effect: str, fixed: Collection[str] = ()
) -> tuple[Path, ...]:
    """Return the paths whose arrows all point from cause to effect; see `paths`."""
    return tuple(p for p in paths(arrows, cause, effect, fixed) if all(p.forward))


def closing_sets(
    arrows: Iterable[Arrow], cause: str, effect: str, candidates: Collection[str]
) -> tuple[frozenset[str], ...]:
    """Return the smallest sets of `candidates` that close every back-door path.

    Parameters
    ----------
    candidates : collection of str
        Variables that may be held fixed; descendants of the cause are left out, since to
        hold one fixed takes away part of the effect.

    Returns
    -------
    tuple of frozenset
        All sets of the smallest size; empty when none closes everything.

    References
    ----------
    Pearl (2009) Causality, 2nd ed., definition 3.3.1 (the back-door criterion).
    """
    arrows = tuple(dict.fromkeys(arrows))
    usable = sorted(set(candidates) - descendants(arrows, cause) - {cause, effect})
    for size in range(len(usable) + 1):
        good = [
            frozenset(chosen)
            for chosen in combinations(usable, size)
            if not any(p.open for p in back_door_paths(arrows, cause, effect, chosen))
        ]
        if good:
            return tuple(good)
    return ()

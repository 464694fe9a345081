"""A cell that cannot be computed on a reader's own rows says so in a sentence, and the next runs.

The cells of a notebook are written for rows on which everything can be computed. On other
rows (nobody released, all of one region, five women) some of them cannot. While own rows are
in use each cell is run inside a `try`; what it would have named is then taken away, so that a
cell below does not go on with what is left from other rows.
"""

from __future__ import annotations

import ast
from typing import Any

_CALL = "_hrd_cannot"


class _Guarded(ast.NodeTransformer):
    """Puts the statements of a cell into a `try`; its last value is still shown."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        if not node.body:
            return node
        *before, last = node.body
        if isinstance(last, ast.Expr):
            shown = ast.parse("_hrd_show(None)").body[0]
            assert isinstance(shown, ast.Expr)
            assert isinstance(shown.value, ast.Call)
            shown.value.args = [last.value]
            before.append(ast.copy_location(shown, last))
        else:
            before.append(last)
        names = sorted(
            {
                part.id
                for statement in before
                for part in ast.walk(statement)
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            }
        )
        attempt = ast.parse(
            "try:\n    pass\nexcept Exception as _hrd_problem:\n"
            f"    {_CALL}(_hrd_problem, {names!r})"
        ).body[0]
        assert isinstance(attempt, ast.Try)
        attempt.body = before
        node.body = [ast.copy_location(attempt, before[0])]
        return ast.fix_missing_locations(node)


_guarded = _Guarded()


def guard_cells(on: bool) -> None:
    """Guard the cells that run after this one, or stop doing so; outside IPython do nothing."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return
    while _guarded in shell.ast_transformers:
        shell.ast_transformers.remove(_guarded)
    if not on:
        return

    def show(value: Any) -> None:
        if value is not None:
            display(value)

    def cannot(problem: Exception, names: list[str]) -> None:
        for name in names:
            shell.user_ns.pop(name, None)
        print(cannot_say(problem))

    shell.user_ns["_hrd_show"], shell.user_ns[_CALL] = show, cannot
    shell.ast_transformers.append(_guarded)


def cannot_say(problem: Exception) -> str:
    """Return in a sentence why a cell could not be computed on a reader's rows."""
    if isinstance(problem, NameError):
        return (
            f"Not computed on your rows: it needs {getattr(problem, 'name', '') or 'something'!r}, "
            "which a cell above could not compute."
        )
    first = (str(problem).strip().splitlines() or [""])[0].strip()
    if type(problem).__module__.startswith("helpers.") and first:
        return f"Not computed on your rows: {first}"
    why = f" ({first[:160]})" if first else ""
    return f"Not computed on your rows: they are too few or too alike for it{why}."

"""The box in which a reader brings a table, maps its columns, and says *Use these rows*."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import anywidget
import pandas as pd
import traitlets

from helpers.data.archive import look_through
from helpers.data.catalog import load_cohort
from helpers.data.reading import Grid, Source, Unreadable, look
from helpers.data.reading.source import as_path
from helpers.data.uploads import (
    DAYS,
    NEEDED,
    OURS,
    Recipe,
    Report,
    guessed,
    own_rows,
    questions,
    wanted_names,
)
from helpers.panels.own.guard import guard_cells
from helpers.store.answers import work_dir

_HERE = Path(__file__).parent
_SHOWN_ROWS: Final = 5
_RECIPE: Final = "recipe.json"
_NONE: Final = "(none)"


class _View(anywidget.AnyWidget):
    _esm = _HERE / "own.js"
    _css = _HERE / "own.css"
    frame = traitlets.Dict().tag(sync=True)


class OwnRows:
    """A reader's own table, or the synthetic cohort while there is none.

    The table that was taken into use and the recipe of its columns are kept in the work
    folder, so that every notebook opens with it the next time; they never leave this computer.

    Parameters
    ----------
    folder : Path, optional
        Where they are kept. Default: `own/` in the work folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else work_dir() / "own"
        self.source: Source | None = None
        self.grid: Grid | None = None
        self.recipe = Recipe()
        self.refusal = ""
        self.report: Report | None = None
        self.state = ""
        self._frame: pd.DataFrame | None = None
        self._view = _View(frame={})
        self._view.on_msg(lambda _, content, buffers: self.receive(content, buffers))
        self._open_kept()
        self._say()

    # What notebooks use ------------------------------------------------------------------

    def cohort(self) -> tuple[pd.DataFrame, str]:
        """Return the rows in use and what they are, as `cohort_or_own` does."""
        guard_cells(on=False)
        source, recipe, problem = self._kept()
        if source is not None:
            try:
                frame, report = own_rows(source, recipe)
            except Unreadable as error:
                problem = str(error)
            else:
                guard_cells(on=True)
                return frame, str(report)
        cohort = load_cohort()
        said = f"Synthetic cohort: {len(cohort)} invented rows."
        return cohort, f"{problem} The synthetic cohort is shown instead." if problem else (
            f"{said} No file of yours is in use."
        )

    # What the reader does ----------------------------------------------------------------

    def receive(self, content: Mapping[str, Any], buffers: Any = ()) -> None:
        """Do what the box in the notebook asks; whatever goes wrong is said in it."""
        kind = content.get("kind")
        self.state = ""
        try:
            if kind == "file":
                self.bring(Source(Path(str(content["name"])).name, bytes(buffers[0])))
            elif kind == "path":
                self.bring(self._one_of(str(content["path"])))
            elif kind == "column":
                self.choose(str(content["key"]), str(content["value"]))
            elif kind == "answer":
                self.answer(*(str(content[k]) for k in ("of", "key", "spelling", "value")))
            elif kind == "use":
                self.use()
            elif kind == "back":
                self.back()
        except Unreadable as problem:
            self.refusal, self.report = str(problem), None
            if kind in ("file", "path"):
                self.source = self.grid = None
        except OSError as problem:
            self.state = f"Nothing was kept ({problem.strerror or problem})."
        self._say()

    def _one_of(self, path: str) -> Source:
        """Return the file of a path, or of a folder the one table that has the columns."""
        if not as_path(path).is_dir():
            return Source.of_path(path)
        archive = look_through(path)
        if archive.rows_file is None:
            lines = archive.found.head(5).itertuples(index=False)
            raise Unreadable(
                " ".join(
                    [archive.said, *(f"{row.file}: {row.serves or row.missing}" for row in lines)]
                )
            )
        self.state = archive.said
        return Source.of_path(archive.rows_file)

    def bring(self, source: Source, recipe: Recipe | None = None) -> None:
        """Read a file and map its columns by their names."""
        self.source, self.grid, self.recipe = source, None, recipe or Recipe()
        self.refusal, self.report = "", None
        self.grid = look(source, wanted_names(self.recipe))
        self._read()

    def choose(self, ours: str, theirs: str) -> None:
        """Take one of their columns for one of ours; an empty text takes none."""
        columns = {**self.recipe.columns, ours: theirs}
        self.recipe = dataclasses.replace(self.recipe, columns=columns)
        self._read()

    def answer(self, of: str, key: str, spelling: str, value: str) -> None:
        """Say what a spelling means: of a day ("days"), a flag ("values") or a region."""
        kept = {name: dict(part) for name, part in dataclasses.asdict(self.recipe).items()}
        if of == "values":
            kept["values"].setdefault(key, {})[spelling] = value
        else:
            kept["days" if of == "days" else "regions"][key if of == "days" else spelling] = value
        self.recipe = Recipe(**kept)
        self._read()

    def use(self) -> None:
        """Keep the table and its recipe, and take them into use."""
        if self.source is None or self.report is None or self.refusal:
            return
        columns = {ours: self._mapped().get(ours, "") for ours in OURS}
        recipe = dataclasses.replace(self.recipe, columns=columns)
        self.back()
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / self.source.name).write_bytes(self.source.data)
        (self.folder / _RECIPE).write_text(recipe.text(), encoding="utf-8")
        self.state = (
            "These rows are in use. Now run the cells below: Run > Run Selected Cell and All "
            f"Below. A copy and its recipe are kept in {self.folder}, for notebooks 03 and 04."
        )

    def back(self) -> None:
        """Take the synthetic rows again, and delete the copy that was kept."""
        if self.folder.is_dir():
            shutil.rmtree(self.folder)
        self.state = "The synthetic rows are in use; run the cells below again."

    # What it shows -----------------------------------------------------------------------

    def _kept(self) -> tuple[Source | None, Recipe, str]:
        try:
            names = [p for p in sorted(self.folder.iterdir()) if p.name != _RECIPE]
        except OSError:
            return None, Recipe(), ""
        try:
            recipe = Recipe.of_text((self.folder / _RECIPE).read_text("utf-8"))
            return Source.of_path(names[0]), recipe, ""
        except (OSError, IndexError, UnicodeDecodeError):
            return None, Recipe(), "The rows kept in your work folder are not complete."
        except Unreadable as problem:
            return None, Recipe(), str(problem)

    def _open_kept(self) -> None:
        source, recipe, problem = self._kept()
        self.refusal = problem
        if source is not None:
            try:
                self.bring(source, recipe)
            except Unreadable as error:
                self.refusal = str(error)
            self.state = "These rows are in use."

    def _read(self) -> None:
        self.refusal, self.report = "", None
        if self.source is None:
            return
        try:
            self._frame, self.report = own_rows(self.source, self.recipe)
        except Unreadable as problem:
            self.refusal = str(problem)

    def _mapped(self) -> dict[str, str]:
        return guessed(self.grid, self.recipe) if self.grid is not None else {}

    def _say(self) -> None:
        table, fields, asks = None, [], []
        if self.grid is not None:
            rows = zip(self.grid.rows, self.grid.cells[:_SHOWN_ROWS], strict=False)
            table = {
                "names": list(self.grid.names),
                "rows": [[str(n), *(cell[:40] for cell in cells)] for n, cells in rows],
            }
            mapped = self._mapped()
            options = [[_NONE, ""], *([name[:40], name] for name in self.grid.names)]
            fields = [
                {
                    "key": ours,
                    "label": _label(ours),
                    "needed": ours in NEEDED,
                    "options": options,
                    "value": mapped.get(ours, ""),
                }
                for ours in OURS
            ]
            asks = [dataclasses.asdict(ask) for ask in questions(self.grid, self.recipe)]
        self._view.frame = {
            "file": self.source.name if self.source is not None else "",
            "table": table,
            "fields": fields,
            "asks": asks,
            "refusal": self.refusal,
            "summary": self.report.summary if self.report else "",
            "decisions": list(self.report.decisions) if self.report else [],
            "usable": self.report is not None and not self.refusal,
            "kept": self.folder.is_dir(),
            "state": self.state or "The synthetic rows are in use.",
            "template": ",".join(OURS) + "\n",
        }

    @property
    def shown(self) -> Mapping[str, Any]:
        """What the box shows now."""
        return dict(self._view.frame)

    def _repr_mimebundle_(self, **_: Any) -> Any:
        live = self._view._repr_mimebundle_()
        bundle = dict(live[0] if isinstance(live, tuple) else live or {})
        return {**bundle, "text/plain": "[Your own rows] Run this cell to bring a table of yours."}


def _label(ours: str) -> str:
    words = {"freethe20": "in the campaign", "left_prison": "left prison, last seen"}
    return words.get(ours, ours.replace("_", " ")) + (" (day)" if ours in DAYS else "")

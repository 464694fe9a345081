"""The coding bench (one learner) and the class panel (many coders) for the vignettes."""

from __future__ import annotations

import html
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import altair as alt
import ipywidgets as widgets
import numpy as np
import pandas as pd

from helpers import charts
from helpers.charts import drawing
from helpers.charts import strategies as pictures
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.live import LiveView
from helpers.panels.base.panel import Panel, Picture, with_rows
from helpers.provenance.kinds import Provenance, carry
from helpers.stats.agreement import cohen_kappa, krippendorff_alpha
from helpers.store.answers import work_dir

CODES = (
    "public expressive",
    "private expressive",
    "public coercive",
    "private coercive",
    "outside",
)
LEVELS = ("easy", "medium", "hard")
SHORT = dict(zip(CODES, ("pu-ex", "pr-ex", "pu-co", "pr-co", "out"), strict=True))
"""Short signs of the codes, for bars too narrow for a name."""
_GROUPS = {"key": ("code in the key", CODES), "difficulty": ("difficulty", LEVELS)}


def keyed(vignettes: pd.DataFrame) -> pd.DataFrame:
    """Return the columns the bench needs, the vignette's own words as `text`."""
    kept = ["vignette_id", "date", "sender", "vignette", "key", "difficulty"]
    kept += ["explanation", "alternative", "source"]
    return carry(vignettes[kept].rename(columns={"vignette": "text"}), vignettes)


def agreement_rows(vignettes: pd.DataFrame, codes: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the share coded as in the key: `kind, group, share, label`.

    There is one kind of group for the codes of the key and one for the difficulties.

    Parameters
    ----------
    vignettes : DataFrame
        `vignette_id, key, difficulty`.
    codes : mapping
        Code by vignette id; vignettes not yet coded are absent.
    """
    coded = vignettes[vignettes["vignette_id"].isin(list(codes))].copy()
    coded["agrees"] = coded["key"] == coded["vignette_id"].map(dict(codes))
    rows = []
    for column, (kind, names) in _GROUPS.items():
        for name in names:
            part = coded.loc[coded[column] == name, "agrees"]
            if len(part):
                rows.append(
                    {
                        "kind": kind,
                        "group": name,
                        "share": float(part.mean()),
                        "label": f"{int(part.sum())} of {len(part)}",
                    }
                )
    return rows


def say_agreement(vignettes: pd.DataFrame, codes: Mapping[str, str]) -> str:
    """Return agreement with the key in words: count, kappa, and kappa by difficulty."""
    coded = vignettes[vignettes["vignette_id"].isin(list(codes))]
    if coded.empty:
        return "Nothing is coded yet. Read the vignette and choose one of the five codes."
    mine = coded["vignette_id"].map(dict(codes))
    right = int((mine == coded["key"]).sum())
    text = f"You agree with the key on {right} of {len(coded)} vignettes coded"
    kappa = cohen_kappa(mine.tolist(), coded["key"].tolist()).kappa
    text += "." if np.isnan(kappa) else f"; Cohen's kappa is {kappa:z.2f}."
    parts = []
    for level in LEVELS:
        some = (coded["difficulty"] == level).to_numpy()
        if some.sum() >= 5:
            value = cohen_kappa(mine[some].tolist(), coded.loc[some, "key"].tolist()).kappa
            if not np.isnan(value):
                parts.append(f"{level} {value:z.2f}")
    return text + (f" By difficulty: {', '.join(parts)}." if parts else "")


class CodingBench:
    """Vignettes one at a time, in an order of the learner's own, with reasons.

    Codes are kept in a file (columns `vignette_id, code`) after every choice, so a
    closed browser or a restarted kernel loses nothing.

    Parameters
    ----------
    vignettes : DataFrame
        As `keyed` returns it.
    path : Path, optional
        The learner's file; by default `typology_codes.csv` in the work folder.
    """

    def __init__(self, vignettes: pd.DataFrame, path: Path | None = None) -> None:
        self.vignettes = vignettes.reset_index(drop=True)
        self.path = path or work_dir() / "typology_codes.csv"
        self.problem = ""
        self.codes = self._read()
        self._order = self._shuffled()
        self._place = next(
            (i for i, v in enumerate(self._order) if v not in self.codes), len(self._order) - 1
        )
        self._quiet = False
        self._build()
        self._show()

    def _shuffled(self) -> list[str]:
        # The order differs between learners and stays the same for one: it is drawn
        # from the name of the folder that holds the codes.
        seed = sum(map(ord, str(self.path.parent.resolve())))
        ids = self.vignettes["vignette_id"].tolist()
        return list(np.random.default_rng(seed).permutation(ids))

    def _read(self) -> dict[str, str]:
        if not self.path.exists():
            return {}
        try:
            kept = pd.read_csv(self.path, dtype=str, keep_default_na=False)
            pairs = dict(zip(kept["vignette_id"], kept["code"], strict=True))
        except (OSError, ValueError, KeyError) as problem:
            self.problem = (
                f"{self.path.name} could not be read ({problem}); it is left as it is and your "
                "new codes go to a second file."
            )
            self.path = self.path.with_name("typology_codes_2.csv")
            return {}
        known = set(self.vignettes["vignette_id"])
        return {v: c for v, c in pairs.items() if v in known and c in CODES}

    def _write(self) -> None:
        table = pd.DataFrame(
            [(v, self.codes.get(v, "")) for v in self.vignettes["vignette_id"]],
            columns=["vignette_id", "code"],
        )
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            table[table["code"] != ""].to_csv(part, index=False)
            part.replace(self.path)
            self.problem = ""
        except OSError as error:
            self.problem = (
                f"Your codes could not be saved ({error.strerror or error}); they stay on this "
                "page until it is closed. Check that the folder can be written to."
            )

    def _build(self) -> None:
        self._head = widgets.HTML()
        self._text = widgets.HTML()
        self._choice = widgets.ToggleButtons(
            options=list(CODES), value=None, style={"button_width": "max-content"}
        )
        self._choice.observe(self._chosen, names="value")
        self._feedback = widgets.HTML()
        back = widgets.Button(description="Previous", icon="arrow-left")
        forth = widgets.Button(description="Next", icon="arrow-right")
        skip = widgets.Button(description="Next not coded")
        back.on_click(lambda _: self.go(self._place - 1))
        forth.on_click(lambda _: self.go(self._place + 1))
        skip.on_click(lambda _: self.go_to_open())
        template = charts.finish(
            pictures.agreement_bars({kind: list(names) for kind, names in _GROUPS.values()}),
            Provenance.YOURS,
            title="Your codes and the key",
            description="Share of vignettes coded as in the key, by cell and by difficulty.",
        )
        self._spec = template.to_dict()
        self._view = LiveView(
            {"Your codes and the key": drawing.compiled(with_rows(self._spec, {}))}
        )
        buttons = widgets.HBox([back, forth, skip])
        self.widget = widgets.VBox(
            [self._head, self._text, self._choice, self._feedback, buttons, self._view]
        )
        self.widget.add_class("hrd-bench")

    def go(self, place: int) -> None:
        """Show the vignette at this place; the ends stay where they are."""
        self._place = min(max(place, 0), len(self._order) - 1)
        self._show()

    def go_to_open(self) -> None:
        """Show the next vignette that has no code yet, if there is one."""
        ahead = [*range(self._place + 1, len(self._order)), *range(self._place + 1)]
        self.go(next((i for i in ahead if self._order[i] not in self.codes), self._place))

    @property
    def rows(self) -> dict[str, Any]:
        """The rows drawn now, by data set of the chart."""
        return dict(self._view.frame.get("rows", {}))

    @property
    def sentence(self) -> str:
        """What the bench says now."""
        return str(self._view.frame.get("sentence", ""))

    def code(self, code: str) -> None:
        """Give the vignette on show a code; the same as choosing its button."""
        self._choice.value = code

    def _chosen(self, change: Any) -> None:
        if self._quiet or change["new"] is None:
            return
        self.codes[self._order[self._place]] = change["new"]
        self._write()
        self._show()

    def _show(self) -> None:
        now = self._order[self._place]
        row = self.vignettes.set_index("vignette_id").loc[now]
        number = f"Vignette {self._place + 1} of {len(self._order)}; {len(self.codes)} coded"
        self._head.value = f"<p class='hrd-count'>{number}</p>"
        self._text.value = (
            "<blockquote style='font-size:1.15em;line-height:1.5;max-width:46em'>"
            f"{html.escape(row['text'])}{_when_and_who(row)}</blockquote>"
        )
        given = self.codes.get(now)
        self._quiet = True
        self._choice.value = given
        self._quiet = False
        self._feedback.value = _feedback(row, given, self.problem)
        self._view.show(
            {"groups": agreement_rows(self.vignettes, self.codes)},
            say_agreement(self.vignettes, self.codes),
        )

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_()
        return {**live, "text/plain": f"[Coding bench] {len(self._order)} vignettes to code."}, {}


def _feedback(row: pd.Series, given: str | None, problem: str) -> str:
    warn = f"<p>⚠ {html.escape(problem)}</p>" if problem else ""
    if given is None:
        return f"<div role='status' style='min-height:5em'>{warn}</div>"
    if given == row["key"]:
        head = f"✓ As in the key: <b>{html.escape(row['key'])}</b>."
    else:
        head = f"✗ You chose {html.escape(given)}; the key says <b>{html.escape(row['key'])}</b>."
    reason = html.escape(row["explanation"])
    other = ""
    if isinstance(row["alternative"], str) and row["alternative"]:
        other = f"<p><i>A defensible alternative:</i> {html.escape(row['alternative'])}</p>"
    return (
        "<div role='status' style='min-height:5em;max-width:46em;line-height:1.45'>"
        f"{warn}<p>{head} {reason}</p>{other}<p>Source: {_link(row['source'])}</p></div>"
    )


def _when_and_who(row: pd.Series) -> str:
    parts = [html.escape(row[name]) for name in ("date", "sender") if row[name]]
    if not parts:
        return ""
    return f"<br><span style='font-size:.8em'>({'; '.join(parts)})</span>"


def _link(source: str) -> str:
    text = html.escape(source)
    if not source.startswith(("http://", "https://")):
        return text
    return f'<a href="{text}" target="_blank" rel="noopener">{text}</a>'


# The class ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassState:
    view: str = "confusion"
    difficulty: str = "all"
    show: int = 10


@dataclass(frozen=True)
class ClassCodes:
    """A class's codes: long table (`coder, vignette_id, code`) and the keyed vignettes."""

    codes: pd.DataFrame
    vignettes: pd.DataFrame
    problems: tuple[str, ...] = ()


def _wide(data: ClassCodes, difficulty: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    key = data.vignettes
    if difficulty != "all":
        key = key[key["difficulty"] == difficulty]
    part = data.codes.merge(key[["vignette_id", "key"]], on="vignette_id")
    if part.empty:
        raise ValueError(
            "No code of the class belongs to these vignettes. Choose 'all', or check that the "
            "folder holds files with the columns vignette_id and code."
        )
    wide = part.pivot(index="coder", columns="vignette_id", values="code")
    return part, wide


class ClassAgreement(Panel[ClassState]):
    """Where a class agrees with the key, and where its members disagree with one another."""

    name: ClassVar[str] = "The class"
    State = ClassState

    def controls(self) -> Mapping[str, Control]:
        levels = {"all": "all", **{level: level for level in LEVELS}}
        return {
            "difficulty": Choice("Difficulty", levels),
            "show": Slider("Most contested shown", 3, 12),
        }

    def chart(self) -> Any:
        both = alt.vconcat(pictures.confusion(SHORT), pictures.contested(SHORT))
        marked = carry(self.data.codes.copy(), self.data.codes, self.data.vignettes)
        return charts.finish(
            both.resolve_scale(color="independent"),
            marked,
            title="The class against the key, and against itself",
            description="A heat map of codes against the key, and the most contested vignettes.",
        )

    @staticmethod
    def compute(state: ClassState, data: ClassCodes) -> Picture:
        part, wide = _wide(data, state.difficulty)
        given = part.dropna(subset=["key", "code"])
        counts = _shares(given["key"], given["code"])
        # Every code beside every key there is: nobody's choice is 0 %, not a blank.
        cells = [
            {"key": key, "code": code, "count": n, "share": share}
            for key in sorted(counts)
            for code in CODES
            for n, share in [counts[key].get(code, (0, 0.0))]
        ]
        votes = _shares(given["vignette_id"], given["code"])
        most = {v: max(share for _, share in votes[v].values()) for v in sorted(votes)}
        modal = pd.Series(most).sort_values()
        shown = modal.index[: state.show]
        text = dict(zip(data.vignettes["vignette_id"], data.vignettes["text"], strict=True))
        rows = [row for v in shown for row in _bar(v, text[v], votes[v])]
        alpha = krippendorff_alpha(wide).alpha
        agree = float((part["key"] == part["code"]).mean())
        words = (
            f"{wide.shape[0]} coders, {wide.shape[1]} vignettes: Krippendorff's alpha is "
            f"{alpha:.2f}; {100 * agree:.0f} % of all codes are those of the key. Most contested "
            f"is {shown[0]} ({_opening(text[shown[0]])}), on which {100 * modal.iloc[0]:.0f} % "
            "chose the commonest code."
        )
        if data.problems:
            words += " Files left out: " + " ".join(data.problems)
        return Picture({"cells": cells, "votes": rows}, words)


def _shares(groups: pd.Series, codes: pd.Series) -> dict[str, dict[str, tuple[int, float]]]:
    """Return by group and code how often it was given, and its share of the group."""
    size = Counter(groups)
    out: dict[str, dict[str, tuple[int, float]]] = {group: {} for group in size}
    for (group, code), n in sorted(Counter(zip(groups, codes, strict=True)).items()):
        out[group][code] = (n, n / size[group])
    return out


def _bar(vignette: str, text: str, votes: dict[str, tuple[int, float]]) -> list[dict[str, Any]]:
    """Return the parts of a vignette's bar, the commonest code first."""
    out, start = [], 0
    for code, (n, share) in sorted(votes.items(), key=lambda vote: -vote[1][0]):
        out.append(
            {
                "code": code,
                "count": n,
                "share": share,
                "tip": text,
                "vignette": f"{vignette}: {_opening(text)}",
                "start": start,
                "end": start + n,
                "middle": start + n / 2,
                "sign": SHORT[code] if share >= _ROOM else "",  # if there is room for it
            }
        )
        start += n
    return out


_ROOM = 0.12
"""Share of a bar below which a sign does not fit into its part."""


def _opening(text: str, letters: int = 34) -> str:
    """Return the first words of a vignette, enough to know it again."""
    return textwrap.shorten(text, letters, placeholder=" …")

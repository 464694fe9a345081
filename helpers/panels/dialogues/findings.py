"""Panels on human rights dialogues: timeline, spiral model, scorecard, benchmark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from helpers import charts
from helpers.calendar import LAUNCH, millis
from helpers.charts import dialogues as pictures
from helpers.panels.base.controls import Choice, Control, Greyed, Toggle, greyed
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance, mark
from helpers.provenance.shown import ShownTable, badged
from helpers.theory.benchmarks import SERIES, YEARS
from helpers.words import counted

# The programmes on one calendar ----------------------------------------------------------

PROGRAMMES = (
    "Norway-China",
    "Norway-Indonesia",
    "Norway-Vietnam",
    "Norway (all)",
    "EU-China",
    "US-Vietnam",
)
KINDS: Mapping[str, str] = {
    "round": "round",
    "overview": "start",
    "background": "start",
    "status": "pause, status",
    "partner": "partner project",
    "principle": "rule or debate",
    "oversight": "rule or debate",
}
PAUSES: Mapping[str, tuple[str, str]] = {
    "D12": ("D13", "frozen"),
    "D40": ("D41", "no rounds"),
    "D42": ("D42", "broken off"),
}
"""First record of a pause, the record that ends it, and a word for it."""

COUNTRIES: Mapping[str, tuple[str, ...]] = {
    "China": ("Norway-China", "Norway (all)", "EU-China"),
    "Indonesia": ("Norway-Indonesia", "Norway (all)"),
    "Vietnam": ("Norway-Vietnam", "Norway (all)", "US-Vietnam"),
}


@dataclass(frozen=True)
class ProgrammeState:
    country: str = "all"
    kind: str = "all"
    source: str = "all"
    comparators: bool = True


class ProgrammeTimeline(Panel[ProgrammeState]):
    """Rounds, pauses and related records of dialogues, each a click from its source.

    `data` is the table of `load_dialogue_programmes`.
    """

    name: ClassVar[str] = "Dialogue programmes"
    State = ProgrammeState

    def controls(self) -> Mapping[str, Control]:
        return _filters(self.data)

    @staticmethod
    def unavailable(state: ProgrammeState, data: pd.DataFrame) -> Greyed:
        records = set(
            zip(data["programme"], data["record_type"].map(KINDS), data["source_kind"], strict=True)
        )

        def check(tried: ProgrammeState) -> str:
            if any(
                (tried.country == "all" or programme in COUNTRIES[tried.country])
                and (tried.comparators or programme.startswith("Norway"))
                and tried.kind in ("all", kind)
                and tried.source in ("all", source)
                for programme, kind, source in records
            ):
                return ""
            return "no record with the other choices"

        return greyed(state, _filters(data), check)

    def chart(self) -> Any:
        template = pictures.programmes(
            list(PROGRAMMES),
            first=millis("1992-06-01"),
            last=millis("2026-06-01"),
            launch=millis(LAUNCH),
        )
        return charts.finish(
            template,
            self.data,
            title="Human rights dialogues on one calendar",
            description="One row for each programme; points are records, dashed bars are pauses.",
        )

    @staticmethod
    def compute(state: ProgrammeState, data: pd.DataFrame) -> Picture:
        rows = data.assign(kind=data["record_type"].map(KINDS)).sort_values("earliest")
        if state.country != "all":
            rows = rows[rows["programme"].isin(COUNTRIES[state.country])]
        if not state.comparators:
            rows = rows[rows["programme"].str.startswith("Norway")]
        if state.kind != "all":
            rows = rows[rows["kind"] == state.kind]
        if state.source != "all":
            rows = rows[rows["source_kind"] == state.source]
        if rows.empty:
            raise ValueError(
                "No record is of this kind, country and publisher together. Choose 'every kind' "
                "or 'anyone'."
            )
        rows = rows.assign(
            day=rows["earliest"] + (rows["latest"] - rows["earliest"]) / 2,
            number=rows["round_no"],
            href=rows["source"],
            when=[_when(r.date, r.precision) for r in rows.itertuples(index=False)],
        )
        rows["tip"] = [
            f"{r.when}, {r.programme}: {r.level_and_track}. {_capital(r.reported_effect_or_status)}"
            f" [{r.source_kind}; click to open]"
            for r in rows.itertuples(index=False)
        ]
        unsure = rows[rows["earliest"] < rows["latest"]]
        span = rows.groupby("programme").agg(earliest=("earliest", "min"), latest=("latest", "max"))
        columns = ["programme", "day", "kind", "number", "tip", "href"]
        bands = ["programme", "kind", "earliest", "latest", "tip", "href"]
        table = rows[["when", "programme", "kind", "reported_effect_or_status"]].rename(
            columns={"reported_effect_or_status": "what is reported"}
        )
        table = table.assign(**{"published by": rows["source_kind"], "source": rows["source"]})
        return Picture(
            {
                "runs": span.reset_index(),
                "pauses": _pauses(rows, data),
                "bands": unsure[bands],
                "records": rows[columns],
            },
            _say_programmes(rows, data),
            table,
        )


def _filters(data: pd.DataFrame) -> dict[str, Control]:
    kinds = dict.fromkeys(KINDS.values())
    sources = sorted(data["source_kind"].unique())
    return {
        "country": Choice("Country", {"all three": "all", **{name: name for name in COUNTRIES}}),
        "kind": Choice("Kind", {"every kind": "all", **{kind: kind for kind in kinds}}),
        "source": Choice("Published by", {"anyone": "all", **{s: s for s in sources}}),
        "comparators": Toggle("With the EU's and the United States' dialogues"),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _when(date: str, precision: str) -> str:
    if precision == "day":
        return date
    return f"{date} (day not known)" if precision == "month" else f"{date} (year only)"


def _pauses(rows: pd.DataFrame, everything: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the pauses whose first record is shown."""
    known = everything.set_index("id")
    out = []
    for row in rows[rows["id"].isin(PAUSES)].itertuples(index=False):
        last, word = PAUSES[row.id]
        end = known.loc[last]
        until = end["latest"] if last == row.id else end["earliest"]
        out.append(
            {
                "programme": row.programme,
                "earliest": millis(row.earliest),
                "latest": millis(until),
                "middle": (millis(row.earliest) + millis(until)) // 2,
                "text": word,
                "tip": row.tip,
                "href": row.href,
            }
        )
    return out


def _say_programmes(rows: pd.DataFrame, everything: pd.DataFrame) -> str:
    rounds = rows[rows["kind"] == "round"]
    said = (
        f"{counted(len(rows), 'record')} of {len(everything)} shown, from "
        f"{rows['earliest'].min():%Y} to {rows['latest'].max():%Y}, "
        f"{counted(len(rounds), 'of them a round', 'of them rounds')}."
    )
    gaps = []
    for name, group in rounds.groupby("programme", sort=False):
        numbered = pd.to_numeric(group["round_no"], errors="coerce").dropna()
        if len(numbered) and numbered.max() > len(group):
            gaps.append(
                f"{name}: {len(group)} found, the last found is number {int(numbered.max())}"
            )
    if gaps:
        said += f" Many rounds left no page that we found ({'; '.join(gaps)})."
    vague = int((rows["earliest"] < rows["latest"]).sum())
    if vague:
        verb = "is drawn as an interval" if vague == 1 else "are drawn as intervals"
        said += f" {counted(vague, 'date')} known only to the month or year {verb}."
    return said


# Tables ----------------------------------------------------------------------------------


def benchmark_table() -> pd.DataFrame:
    """Return the three invented series as a marked table, one row a year."""
    table = pd.DataFrame({"year": YEARS})
    for series in SERIES.values():
        table[series.name] = series.here
        table[f"{series.name}, no dialogue"] = series.there
    return mark(table, Provenance.ILLUSTRATION)


def phases_table(model: pd.DataFrame) -> ShownTable:
    """Return the phases, what marks the step beyond each, and a page on it, under a badge.

    Parameters
    ----------
    model : DataFrame
        As `load_spiral_model` returns it.
    """
    return badged(
        pd.DataFrame(
            {
                "": model["phase_no"],
                "phase": model["phase"],
                "what the state does": model["what_the_state_does"],
                "the step beyond": model["transition_to_next_is_marked_by"],
                "where diplomacy fits": model["where_dialogue_or_HRD_fits"],
                "a page on it": model["sources"].str.extract(r"(https?://[^\s;]+)")[0],
            }
        ),
        model,
    )


def findings_table(findings: pd.DataFrame, identifiers: Sequence[str]) -> ShownTable:
    """Return findings under their badge, with their sources as links.

    Parameters
    ----------
    findings : DataFrame
        As `load_dialogue_findings` returns them.
    identifiers : sequence of str
        Which, in this order.

    Raises
    ------
    ValueError
        If an identifier is unknown.
    """
    known = findings.set_index("id")
    if missing := [i for i in identifiers if i not in known.index]:
        raise ValueError(f"There is no finding {missing[0]!r}.")
    rows = known.loc[list(identifiers)].reset_index()
    kinds = {"summary": "summary of Stokke", "external": "other page"}
    return badged(
        pd.DataFrame(
            {
                "id": rows["id"],
                "finding, in our words": rows["statement"],
                "from": rows["source_kind"].map(kinds),
                "source": rows["source"].str.extract(r"(https?://\S+)")[0],
            }
        ),
        findings,
    )

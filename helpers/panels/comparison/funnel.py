"""Panels on the second comparison group: where its women come from, and by which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.calendar import DAYS_PER_MONTH, LAUNCH
from helpers.charts import funnel as pictures
from helpers.panels.base.controls import Choice, Control, Slider
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import carry
from helpers.stats.comparison import risk_difference
from helpers.study.models import in_prison_at_launch
from helpers.study.vocabulary import STATUSES

_STEPS: Final = (
    (
        "Urgent Actions (documents)",
        1100,
        "over",
        "issued on the target countries, January 2000 to September 2015",
        "cases without an Urgent Action",
    ),
    (
        "people named in them",
        2800,
        "over",
        "every name in those documents, each once",
        "anybody whom no document names",
    ),
    ("women named", 455, "", "sex coded by hand from the text", "men"),
    (
        "'roughly 60 percent' of the 455",
        273,
        "about",
        "reported as arrested, detained or disappeared, and held two months or longer",
        "anyone let go within two months, however she came out",
    ),
    (
        "women in models 1 and 3",
        252,
        "",
        "as above, with approximate dates; the nineteen of the campaign are among them",
        "the difference from 273 is not explained in the article",
    ),
    (
        "women in models 2 and 4",
        246,
        "",
        "all five case concerns known",
        "six women with a concern unknown",
    ),
    (
        "women in model 5",
        156,
        "",
        "still in prison in 2015, concerns known",
        "everyone released, dead or lost sight of before",
    ),
)
_MODELS: Final = {4: 1, 5: 2, 6: 5}


def funnel_steps(fit: pd.DataFrame) -> pd.DataFrame:
    """Return the steps from documents to models, marked as published.

    Parameters
    ----------
    fit : DataFrame
        As `load_published_fit` returns it; the last three counts are read from it.

    Returns
    -------
    DataFrame
        step, count, kind, rule, leaves_out, source.
    """
    sizes = fit[fit["table"] == "table3"].set_index("model")["n_observations"]
    rows = []
    for place, (step, count, word, rule, out) in enumerate(_STEPS):
        count = int(sizes[_MODELS[place]]) if place in _MODELS else count
        kind = {"over": "printed as 'over'", "about": "computed by us"}.get(word, "printed")
        source = "Table 3" if place in _MODELS else "section 'Comparison Group 2'"
        source = "0.60 × 455, from that section" if word == "about" else source
        label = f"{word} {count:,}".strip()
        rows.append((step, count, kind, label, rule, out, source))
    columns = ["step", "count", "kind", "label", "rule", "leaves_out", "source"]
    return carry(pd.DataFrame(rows, columns=columns), fit)


@dataclass(frozen=True)
class FunnelState:
    step: int = 1


class Funnel(Panel[FunnelState]):
    """From documents to models, one rule at a time. `data` is what `funnel_steps` returns."""

    name: ClassVar[str] = "The funnel"
    State = FunnelState

    def controls(self) -> Mapping[str, Control]:
        return {"step": Slider("Step", 1, len(_STEPS))}

    def chart(self) -> Any:
        steps = self.data["step"].tolist()
        return charts.finish(
            pictures.funnel(steps, float(self.data["count"].max())),
            self.data,
            title="From Urgent Actions to the models",
            description="Seven bars, from over 1,100 documents to 156 women.",
        )

    @staticmethod
    def compute(state: FunnelState, data: pd.DataFrame) -> Picture:
        bars = data[["step", "count", "kind", "label"]].assign(tip=data["rule"])
        row = data.iloc[state.step - 1]
        words = (
            f"Step {state.step}, {row['step']}: {row['label']}. Rule: {row['rule']}. "
            f"It leaves out: {row['leaves_out']}. Source: {row['source']}."
        )
        if state.step in (4, 5):
            words += (
                " Sixty per cent of 455 is 273, yet 252 women are in Table 3: 252 / 455 is "
                "55.4 per cent, and the nineteen of the campaign are among them."
            )
        shown = data.loc[: state.step - 1, ["step", "label", "rule", "leaves_out", "source"]]
        table = shown.rename(columns={"label": "number", "leaves_out": "leaves out"})
        return Picture({"steps": bars, "here": [{"step": row["step"]}]}, words, table)


# Rules on rows -----------------------------------------------------------------------------

CAMPAIGN: Final = "campaign rows"
OTHERS: Final = "comparison rows"
_FIRST_YEAR: Final = 2000


@dataclass(frozen=True)
class RulesState:
    months: int = 2
    counted: str = "whole"
    sample: str = "all"
    since: int = _FIRST_YEAR
    dead: str = "kept"


class CodingRules(Panel[RulesState]):
    """Other rules for who is in the comparison, applied to the synthetic cohort."""

    name: ClassVar[str] = "Other coding rules"
    State = RulesState
    first: ClassVar[tuple[str, ...]] = ("months", "counted", "sample")
    reset_label: ClassVar[str] = "Back to as published"

    def controls(self) -> Mapping[str, Control]:
        return {
            "months": Slider("Least time held", 0, 24, unit="months"),
            "counted": Choice(
                "Time counted", {"to the end of custody": "whole", "to the launch": "launch"}
            ),
            "sample": Choice("Sample", {"in prison 2000-2015": "all", "in prison 2015": "2015"}),
            "since": Slider("Arrested since", _FIRST_YEAR, 2015),
            "dead": Choice("Died or executed", {"not released": "kept", "left out": "out"}),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.rules([CAMPAIGN, OTHERS]),
            self.data,
            title="Who is compared, and what comes out",
            description="Rows kept in two groups, the shares released, and their difference.",
        )

    @staticmethod
    def compute(state: RulesState, data: pd.DataFrame) -> Picture:
        rows = kept_rows(state, data)
        kept, shares, counts = [], [], []
        for group, chosen in ((CAMPAIGN, 1), (OTHERS, 0)):
            released = rows.loc[rows["freethe20"] == chosen, "released"]
            k, n = int(released.sum()), len(released)
            counts.append((k, n))
            if n == 0:
                raise ValueError(
                    f"No {group} are left under these rules, so there is nothing to compare. "
                    "Ask for less time held or an earlier year of arrest."
                )
            kept += [
                {"group": group, "outcome": "released", "start": 0, "end": k, "label": f"{k}"},
                {
                    "group": group,
                    "outcome": "not released",
                    "start": k,
                    "end": n,
                    "label": f"{n - k}",
                },
            ]
            label = f"{k} of {n}, {100 * k / n:.0f} %"
            shares.append({"group": group, "share": 100 * k / n, "label": label})
        (a, n), (b, m) = counts
        limits = risk_difference(a, n, b, m)
        gap = {
            "row": "difference",
            "low": 100 * limits.low,
            "high": 100 * limits.high,
            "estimate": 100 * limits.estimate,
            "label": f"{100 * limits.estimate:.0f} points",
        }
        words = (
            f"Synthetic rows: {a} of {n} campaign rows ({100 * a / n:.0f} %) and {b} of {m} "
            f"comparison rows ({100 * b / m:.0f} %) are released; the difference is "
            f"{100 * limits.estimate:.0f} points (95 % interval {100 * limits.low:.0f} to "
            f"{100 * limits.high:.0f}, Newcombe)."
        ).replace("-", "−")
        if min(n, m) == 1:
            words += " One row is not a group: its share can only be 0 or 100 %."
        if state.months < 2 and state.counted == "whole":
            words += " Below two months nothing changes: shorter spells were cut before."
        return Picture({"kept": kept, "shares": shares, "gap": [gap]}, words)


def kept_rows(state: RulesState, cohort: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the rules keep.

    Parameters
    ----------
    state : RulesState
    cohort : DataFrame
        As `load_cohort` returns it.
    """
    end = cohort["left_prison"]
    if state.counted == "launch":
        end = end.clip(upper=pd.Timestamp(LAUNCH))
    held = (end - cohort["arrested"]).dt.days / DAYS_PER_MONTH
    keep = (held >= state.months) & (cohort["arrested"].dt.year >= state.since)
    if state.sample == "2015":
        keep &= in_prison_at_launch(cohort)
    if state.dead == "out":
        keep &= cohort["status"] != STATUSES[1]
    return cohort[keep]

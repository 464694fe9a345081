"""The docket of claims, and which conclusion loses its footing when claims are struck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pandas as pd

from helpers import charts
from helpers.charts import trial as pictures
from helpers.charts.trial import SHORT
from helpers.panels.base.controls import Choice, Control, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import carry
from helpers.provenance.shown import ShownTable, badged
from helpers.study.claims import CONTRADICTED, GROUNDS, IMPRECISE, VERDICTS, Court, rule
from helpers.words import listed

_HOW: Final = {
    "computed": "The verdict was computed just now; it rests on {}.",
    "read": "The verdict is a reading of the passages, not a computation.",
    "": "No verdict: what would settle it is not here.",
}
_KINDS: Final = {
    "every kind": "all",
    "numbers": "number",
    "facts": "fact",
    "methods": "method",
    "tensions inside the paper": "internal_tension",
}


@dataclass(frozen=True)
class Register:
    """Every claim with its ruling, and what rests on it.

    Attributes
    ----------
    claims : DataFrame
        id, kind, claim, section, value, source, verdict, calculation, how, rests (on what the
        verdict does), hangs (how many conclusions rest on the claim).
    rests : DataFrame
        id, conclusion, claim, needed.
    """

    claims: pd.DataFrame
    rests: pd.DataFrame


def register(load: Any) -> Register:
    """Return the register with a ruling on every claim.

    Parameters
    ----------
    load : module
        `helpers.data`: the claims, the readings, what rests on what, and the tables of the court.
    """
    claims, rests = load.load_claims(), load.load_conclusions()
    court = Court(
        women=load.load_women(),
        coding=load.load_release_coding(),
        intervals=load.load_release_intervals(),
        calendar=load.load_feature_calendar(),
        azerbaijan=load.load_timeline("azerbaijan"),
        vietnam=load.load_timeline("vietnam"),
        interviews=load.load_interviews(),
        samples=load.load_published_samples(),
    )
    readings = load.load_claim_readings()
    known = {row.id: (row.verdict, row.words) for row in readings.itertuples(index=False)}
    rulings = [rule(claim, court, known) for claim in claims["id"]]
    table = claims.assign(
        verdict=[r.verdict for r in rulings],
        calculation=[r.calculation for r in rulings],
        how=[r.how for r in rulings],
        rests=[r.rests for r in rulings],
        hangs=[int((rests["claim"] == claim).sum()) for claim in claims["id"]],
    )
    return Register(carry(table, claims), rests)


@dataclass(frozen=True)
class DocketState:
    claim: str = "C004"
    kind: str = "all"
    verdict: str = "all"
    hangs: bool = False


class Docket(Panel[DocketState]):
    """Every claim with its calculation; `data` is what `register` returns."""

    name: ClassVar[str] = "Docket"
    State = DocketState

    def controls(self) -> Mapping[str, Control]:
        claims = self.data.claims
        names = {f"{row.id}  {row.claim[:60]}": row.id for row in claims.itertuples(index=False)}
        verdicts = {"every verdict": "all", **{v: v for v in VERDICTS}}
        return {
            "claim": Choice("Open a claim", names),
            "kind": Choice("Show", _KINDS),
            "verdict": Choice("Verdict", verdicts),
            "hangs": Toggle("Only where a conclusion rests on it"),
        }

    first = ("claim", "verdict")

    def chart(self) -> Any:
        return charts.finish(
            pictures.docket(VERDICTS),
            self.data.claims,
            title=f"{len(self.data.claims)} claims, one mark each",
            description="Claims in rows by verdict; those that the filter leaves out are pale.",
        )

    @staticmethod
    def compute(state: DocketState, data: Register) -> Picture:
        claims = data.claims
        shown = pd.Series(True, index=claims.index)
        if state.kind != "all":
            shown &= claims["kind"] == state.kind
        if state.verdict != "all":
            shown &= claims["verdict"] == state.verdict
        if state.hangs:
            shown &= claims["hangs"] > 0
        marks = pd.DataFrame(
            {
                "id": claims["id"],
                "verdict": claims["verdict"].map(SHORT),
                "place": claims.groupby("verdict").cumcount() + 1,
                "claim": claims["claim"],
                "shown": shown.map({True: "yes", False: "no"}),
            }
        )
        row = claims.loc[claims["id"] == state.claim].iloc[0]
        rests = data.rests[data.rests["claim"] == state.claim]
        hangs = (
            f" It bears on: {listed(rests['conclusion'].str.rstrip('.'))}." if len(rests) else ""
        )
        pages = [part for part in row["source"].split("; ") if part.startswith("http")]
        where = f" Outside the paper: {listed(pages)}." if pages else ""
        words = (
            f"{row['id']} ({row['section']}): {row['claim'].rstrip('.')}. The paper: "
            f"{row['value_stated'].rstrip('.')}. Verdict: {row['verdict']}. {row['calculation']} "
            f"{_HOW[row['how']].format(row['rests'])}{where}{hangs} The filter shows "
            f"{int(shown.sum())} of {len(claims)}."
        )
        table = claims.loc[shown, ["id", "claim", "verdict", "calculation", "source"]]
        return Picture(
            {"claims": marks, "chosen": marks[marks["id"] == state.claim]},
            words,
            table,
            figures={"verdict": row["verdict"], "shown": int(shown.sum()), "how": row["how"]},
        )


STRIKES: Final = {
    "nothing": "none",
    "what the paper contradicts itself": "contradicted",
    "that, and what is imprecise": "imprecise",
    "whatever does not simply hold": "all",
}


@dataclass(frozen=True)
class FootingState:
    strike: str = "none"
    also: str = "none"


class Footing(Panel[FootingState]):
    """Strike claims and see which conclusions stand; `data` is what `register` returns."""

    name: ClassVar[str] = "What rests on what"
    State = FootingState

    def controls(self) -> Mapping[str, Control]:
        used = sorted(set(self.data.rests["claim"]))
        words = self.data.claims.set_index("id")["claim"]
        one = {f"{claim}  {words.get(claim, '')[:60]}": claim for claim in used}
        return {
            "strike": Choice("Strike", STRIKES),
            "also": Choice("and this claim", {"no other": "none", **one}),
        }

    def chart(self) -> Any:
        return charts.finish(
            pictures.footing(),
            self.data.claims,
            title="Claims, and what is concluded from them",
            description="Lines from claims to conclusions; thick where a conclusion needs it.",
        )

    @staticmethod
    def compute(state: FootingState, data: Register) -> Picture:
        verdict = data.claims.set_index("id")["verdict"]
        gone = {
            "none": (),
            "contradicted": (CONTRADICTED,),
            "imprecise": (CONTRADICTED, IMPRECISE),
            "all": tuple(v for v in VERDICTS if v != "holds"),
        }[state.strike]
        struck = {claim for claim in verdict.index if verdict[claim] in gone} | {state.also}
        rests = data.rests.assign(struck=data.rests["claim"].isin(struck))
        claims = list(dict.fromkeys(rests["claim"]))
        height = {c: (k + 0.5) / len(claims) for k, c in enumerate(claims)}
        ends, words, lines = [], [], []
        groups = list(rests.groupby("id", sort=False))
        fallen = 0
        for k, (_, group) in enumerate(groups):
            y = (k + 0.5) / len(groups)
            lost = bool((group["struck"] & (group["needed"] == "yes")).any())
            left = int((~group["struck"]).sum())
            stands = "falls" if lost or left < len(group) / 2 else "stands"
            fallen += stands == "falls"
            name = str(group["conclusion"].iloc[0])
            shown = f"FALLS: {name}" if stands == "falls" else name
            ends.append({"y": y, "words": _broken(shown), "stands": stands})
            words.append((name.rstrip("."), stands, left, len(group)))
            lines += [
                {
                    "x": 0.12,
                    "x2": 0.48,
                    "y": height[r.claim],
                    "y2": y,
                    "needed": r.needed,
                    "struck": "yes" if r.struck else "no",
                }
                for r in group.itertuples(index=False)
            ]
        tips = data.claims.set_index("id")["claim"]
        labels = [
            {
                "label": f"× {c}" if c in struck else c,
                # Two columns in turn, so that labels do not touch.
                "x": 0.11 if place % 2 else 0.02,
                "y": height[c],
                "struck": "yes" if c in struck else "no",
                "tip": f"{c}: {tips.get(c, '')}",
            }
            for place, c in enumerate(claims)
        ]
        lost_ones = [f"{n} ({left} of {m} claims left)" for n, s, left, m in words if s == "falls"]
        said = f" {'; '.join(lost_ones)}." if lost_ones else ""
        return Picture(
            {"lines": lines, "claims": labels, "conclusions": ends},
            f"{fallen} of {len(groups)} conclusions lose their footing.{said} A conclusion falls "
            "when a claim it needs is struck, or more than half of those under it; which it needs "
            "is our reading.",
            figures={"fallen": fallen, "struck": len(struck & set(claims))},
        )


def _broken(text: str, width: int = 46) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def verdict_table(data: Register) -> ShownTable:
    """Return how many claims of each kind, and on each ground, have each verdict."""
    claims = data.claims
    kind = pd.Categorical(claims["kind"].str.replace("_", " "))
    rests = pd.Categorical(claims["rests"], GROUNDS)
    table = pd.crosstab([kind, rests], claims["verdict"], rownames=["kind", "rests on"])
    columns = [v for v in VERDICTS if v in table]
    return badged(carry(table[columns].reset_index(), claims))

"""What every table holds: the one source for types, allowed values, descriptions and units.

The Frictionless descriptors and the codebook are generated from here
(`python -m workshop.descriptors`), and the loaders check against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from helpers.provenance.kinds import Provenance

DAY: Final = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
ANY_DATE: Final = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
URL: Final = r"https?://\S+"


@dataclass(frozen=True)
class Field:
    """One column.

    Attributes
    ----------
    kind : {"text", "whole", "number", "day", "date", "flag", "url"}
        `day` is an ISO day; `date` is a day, a month (YYYY-MM) or a year (YYYY).
    meaning : str
        What it says, with its unit.
    allowed : sequence of str
        The values it may take; empty when any.
    empty : bool
        Whether it may be empty (then: unknown or not applicable).
    low, high : float, optional
        Bounds of a number.
    """

    kind: str
    meaning: str
    allowed: Sequence[str] = ()
    empty: bool = False
    low: float | None = None
    high: float | None = None

    @property
    def expected(self) -> str:
        """What a cell must hold, in words."""
        if self.allowed:
            return f"one of: {', '.join(self.allowed)}"
        words = {
            "text": "some text",
            "whole": "a whole number",
            "number": "a number",
            "day": "a day as YYYY-MM-DD",
            "date": "a date as YYYY-MM-DD, YYYY-MM or YYYY",
            "flag": "0 or 1",
            "url": "an address that begins with http",
        }[self.kind]
        if self.low is not None and self.high is not None:
            words += f" from {self.low:g} to {self.high:g}"
        return words

    def wrong(self, cells: pd.Series) -> pd.Series:
        """Return which cells, read as text, do not hold what they must."""
        filled = cells != ""
        if self.allowed:
            good = cells.isin(list(self.allowed))
        elif self.kind in _TESTS:
            good = cells.map(_TESTS[self.kind])
        else:
            good = filled
        if self.low is not None and self.high is not None:
            good &= pd.to_numeric(cells, errors="coerce").between(self.low, self.high)
        return (filled & ~good) | (~filled & (not self.empty))

    @property
    def pattern(self) -> str | None:
        """The regular expression of the whole cell, for text kinds that have one."""
        return {"day": DAY, "date": ANY_DATE, "url": URL}.get(self.kind)


@dataclass(frozen=True)
class Table:
    """One file: its place, its columns, its key, and what other tables it refers to."""

    file: str
    title: str
    provenance: Provenance
    fields: Mapping[str, Field]
    key: Sequence[str]
    refers: Mapping[str, str] | None = None

    @property
    def folder(self) -> str:
        return self.file.split("/")[0]

    @property
    def name(self) -> str:
        return self.file.split("/")[-1].removesuffix(".csv")


def _is_number(text: str) -> bool:
    # Stricter than float(), which also takes "1_0", "inf" and "nan".
    return re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text) is not None


def _is_day(text: str) -> bool:
    # The years keep a slip of the pen, such as 0215, from passing as a date.
    if not re.fullmatch(DAY, text) or not 1900 <= int(text[:4]) <= 2100:
        return False
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    return _is_day({4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text))


_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    "whole": lambda text: re.fullmatch(r"-?\d{1,15}", text) is not None,
    "number": _is_number,
    "flag": lambda text: text in ("0", "1"),
    "day": _is_day,
    "date": _is_date,
    "url": lambda text: text.startswith(("http://", "https://")),
}
"""What a filled cell of a kind must pass; text may be anything."""

_PRECISION = ("day", "month", "year", "unknown")
_YES_NO = ("yes", "no")
EXPECTED: Final = (
    "almost certainly not",
    "very unlikely",
    "unlikely",
    "as likely as not",
    "likely",
    "very likely",
    "almost certainly",
)
"""How expected a card of evidence is under a hypothesis, from least to most."""
_CASE = Field("text", "case", ("azerbaijan", "vietnam"))
SOURCE_KINDS: Final = (
    "government",
    "parliament",
    "university or research",
    "press",
    "NGO or advocacy",
)
REGIONS: Final = ("Africa", "Asia", "Middle East", "Other")
_COUNTRIES = (
    "Azerbaijan",
    "Burma (Myanmar)",
    "China",
    "Egypt",
    "Eritrea",
    "Ethiopia",
    "Iran",
    "North Korea",
    "Russia",
    "Syria",
    "Uzbekistan",
    "Venezuela",
    "Vietnam",
)
MANNERS: Final = (
    "pardon or amnesty",
    "sentence suspended",
    "bail or parole",
    "exile",
    "exchange of prisoners",
    "charges dropped",
    "end of term or later",
    "not known",
    "no release found",
    "not applicable",
)
CELLS: Final = (
    "public expressive",
    "private expressive",
    "public coercive",
    "private coercive",
)
CODES: Final = (*CELLS, "outside")
_CONCERNS = {
    f"{name}": Field("flag", f"1 if {text}; empty for six rows", empty=True)
    for name, text in {
        "prisoner_of_conscience": "called a prisoner of conscience",
        "torture_concerns": "torture is feared",
        "death_penalty_concerns": "a death sentence is feared",
        "legal_concerns": "the proceedings raise concern",
        "medical_concerns": "health raises concern",
    }.items()
}
_READINGS = (
    "holds",
    "holds with a condition",
    "imprecise",
    "contradicted by the paper itself",
    "cannot be checked here",
)
_NAMED_BY = (
    "Free the Press (US State Department)",
    "President's World Press Freedom Day statement",
    "Press Uncuffed (CPJ / Univ. of Maryland)",
    "CPJ ten for World Press Freedom Day",
)
_WAYS = (
    "amnesty or pardon",
    "end of term",
    "early release",
    "bail or parole",
    "sentence suspended",
    "exile",
    "exchange of prisoners",
    "acquittal",
    "not known",
    "no exit found",
)
_ABSENT = {
    f"absent_by_{number}": Field("flag", f"1 if absent by the {word}", empty=True)
    for number, word in enumerate(("next census", "second after", "third after"), start=1)
}
CONCERNS: Final = tuple(_CONCERNS)
"""Columns of the five concerns of a case."""

STATUSES: Final = ("released", "died or executed", "in custody when last confirmed")
"""How a spell in prison ends, as far as it is known."""

_ID = Field("text", "identifier of the woman, W01 to W20 by the day she was featured")
_NAME = Field("text", "name as the campaign wrote it")


def _text(meaning: str, empty: bool = False) -> Field:
    return Field("text", meaning, empty=empty)


def _timeline(country: str) -> Table:
    return Table(
        f"cases/{country}_timeline.csv",
        f"Dated events, {country.capitalize()}",
        Provenance.PUBLIC_RECORD,
        {
            "id": _text("identifier"),
            "date": Field("date", "date as precise as the source gives it"),
            "precision": Field("text", "precision of the date", _PRECISION),
            "earliest": Field("day", "first day the date allows"),
            "latest": Field("day", "last day the date allows"),
            "paper_date": _text("the paper's own wording of the date, when it differs", True),
            "actor": Field(
                "text",
                "who acts",
                ("US executive", "US Congress", "target government", "NGO/IO", "other"),
            ),
            "action_type": Field("text", "kind of action", ("expressive", "coercive", "none")),
            "forum": Field("text", "where", ("public", "private", "none")),
            "inducement": Field("text", "inducement", ("carrot", "stick", "none")),
            "person": _text("whom it concerns"),
            "event": _text("what happened, in our words"),
            "source_kind": Field("text", "paper or external page", ("paper", "external")),
            "source": _text("the source"),
            "verified": Field("text", "an external page seen states it, with its date", _YES_NO),
            "corroboration_url": Field("url", "a second source", empty=True),
            "note": _text("remark", True),
        },
        key=("id",),
    )


TABLES: Final[dict[str, Table]] = {
    table.file: table
    for table in (
        Table(
            "women/women.csv",
            "The nineteen named women, and the symbolic North Korean row",
            Provenance.PUBLIC_RECORD,
            {
                "woman_id": _ID,
                "name": _NAME,
                "symbolic": Field("flag", "1 for the unnamed North Korean row; never counted"),
                "day_featured": Field("whole", "order in the campaign", low=1, high=20),
                "date_featured": Field("day", "day featured, where a source gives it", empty=True),
                "country": Field("text", "country holding her", _COUNTRIES),
                "region": Field("text", "region as the paper names it", REGIONS),
                "occupation": _text("occupation"),
                "arrest_date": Field("date", "start of custody as the source gives it", empty=True),
                "arrest_precision": Field("text", "precision of the arrest date", _PRECISION),
                "arrest_earliest": Field("day", "first day the date allows", empty=True),
                "arrest_latest": Field("day", "last day the date allows", empty=True),
                "sentence_months": Field(
                    "whole", "term in months in force at the launch or later", empty=True
                ),
                "charge": _text("charge as reported", True),
                "release_date": Field(
                    "date", "first exit from prison or house arrest after launch", empty=True
                ),
                "release_precision": Field("text", "precision of the release date", _PRECISION),
                "manner": Field("text", "manner of release, our grouping", MANNERS),
                "release_manner": _text("manner of release, in full"),
                "released_by_2018_09": Field("flag", "coding B; empty = unknown", empty=True),
                "verified": Field("text", "arrest and release sourced", ("yes", "partly", "no")),
                "note": _text("conflicts between sources and what was inferred", True),
            },
            key=("woman_id",),
        ),
        Table(
            "women/release_coding.csv",
            "Three ways to code a release",
            Provenance.PUBLIC_RECORD,
            {
                "woman_id": _ID,
                "name": _NAME,
                "A": Field("flag", "a sourced exit after launch", empty=True),
                "B": Field("flag", "freed at some time after launch; weak sources too", empty=True),
                "C": Field("flag", "outside prison and house arrest in 2018-09", empty=True),
            },
            key=("woman_id",),
            refers={"woman_id": "women/women.csv"},
        ),
        Table(
            "women/release_intervals.csv",
            "What the sources allow for the day of release",
            Provenance.PUBLIC_RECORD,
            {
                "woman_id": _ID,
                "name": _NAME,
                "release_earliest": Field("day", "first day possible; empty = open", empty=True),
                "release_latest": Field("day", "last day possible", empty=True),
                "held_until": Field(
                    "day", "last day a source shows her held, where no exit is known", empty=True
                ),
                "reported_out": Field(
                    "day",
                    "day of a report that has her out before the launch, though the campaign "
                    "listed her; empty = none",
                    empty=True,
                ),
                "note": _text("why"),
            },
            key=("woman_id",),
            refers={"woman_id": "women/women.csv"},
        ),
        Table(
            "women/sources.csv",
            "One row for each source and fact",
            Provenance.PUBLIC_RECORD,
            {
                "source_id": _text("identifier"),
                "woman_id": Field("text", "woman; empty for the campaign itself", empty=True),
                "name": _text("woman, or campaign"),
                "fact": _text("which fact the source supports"),
                "url": Field("url", "address; empty where none was recorded", empty=True),
                "title": _text("title of the page"),
                "published": Field("date", "date shown on the page", empty=True),
                "what_the_source_says": _text("in our words"),
            },
            key=("source_id",),
            refers={"woman_id": "women/women.csv"},
        ),
        Table(
            "women/campaign_events.csv",
            "Dated events of the campaign",
            Provenance.PUBLIC_RECORD,
            {
                "event_id": _text("identifier"),
                "date": Field("date", "date as precise as the source gives it"),
                "precision": Field("text", "precision of the date", _PRECISION),
                "earliest": Field("day", "first day the date allows"),
                "latest": Field("day", "last day the date allows"),
                "event": _text("what happened"),
                "source_url": Field("url", "address", empty=True),
            },
            key=("event_id",),
        ),
        Table(
            "women/feature_calendar.csv",
            "When each woman was featured: sourced and inferred",
            Provenance.PUBLIC_RECORD,
            {
                "woman_id": _ID,
                "day_featured": Field("whole", "order in the campaign", low=1, high=20),
                "name": _NAME,
                "sourced_date": Field("day", "day a source gives", empty=True),
                "inferred_date": Field("day", "day by our calendar of 18 business days"),
                "inferred_date_one_later": Field("day", "the same, one day later from day 4"),
            },
            key=("woman_id",),
            refers={"woman_id": "women/women.csv"},
        ),
        Table(
            "published/coefficients.csv",
            "Tables 3 and 4 as printed",
            Provenance.PUBLISHED,
            {
                "table": Field("text", "table", ("table3", "table4")),
                "model": Field("whole", "model", low=1, high=5),
                "term": _text("term"),
                "estimate": Field(
                    "number", "coefficient: probability (Table 3), log months (Table 4)"
                ),
                "std_error": Field("number", "standard error, same unit"),
                "stars": Field("text", "significance as printed", ("*", "**", "***"), empty=True),
            },
            key=("table", "model", "term"),
        ),
        Table(
            "published/model_fit.csv",
            "Foot of Tables 3 and 4 as printed",
            Provenance.PUBLISHED,
            {
                "table": Field("text", "table", ("table3", "table4")),
                "model": Field("whole", "model", low=1, high=5),
                "sample": _text("sample"),
                "outcome": _text("outcome"),
                "n_observations": Field("whole", "women"),
                "log_likelihood": Field("number", "log-likelihood as printed"),
                "aic": Field("number", "Akaike criterion as printed", empty=True),
            },
            key=("table", "model"),
        ),
        Table(
            "published/samples.csv",
            "Counts the paper gives or implies",
            Provenance.PUBLISHED,
            {
                "group": _text("group"),
                "description": _text("who"),
                "women": Field("whole", "women"),
                "released": Field("whole", "released"),
                "basis": _text("where the counts come from"),
            },
            key=("group",),
        ),
        _timeline("azerbaijan"),
        _timeline("vietnam"),
        Table(
            "cases/conditions.csv",
            "The four conditions in four countries",
            Provenance.PUBLIC_RECORD,
            {
                "country": _text("country"),
                "condition": _text("condition of Table 2"),
                "value_before_campaign": _text("before the campaign"),
                "value_after_campaign": _text("after its launch"),
                "basis": Field("text", "basis", ("stated", "inferred", "not addressed")),
                "evidence": _text("evidence, in our words"),
                "paper_section": _text("section of the paper"),
                "interview": _text("interviews cited"),
                "external_check": _text("what another source says", True),
                "external_url": Field("url", "address", empty=True),
                "coding_confidence": Field("text", "confidence", ("low", "medium", "high")),
            },
            key=("country", "condition"),
        ),
        Table(
            "cases/interviews.csv",
            "Interview fragments quoted in the paper",
            Provenance.PUBLIC_RECORD,
            {
                "fragment_id": _text("identifier"),
                "interview": Field("whole", "number of the interview"),
                "section": _text("section of the paper"),
                "mechanism": _text("mechanism it speaks to"),
                "supports_or_limits": Field(
                    "text", "supports it, limits it, or context", ("supports", "limits", "context")
                ),
                "paraphrase": _text("in our words"),
                "quote": _text("a few words, as printed"),
                "note": _text("remark", True),
            },
            key=("fragment_id",),
        ),
        Table(
            "cases/claim_readings.csv",
            "Claims that no number settles: what two passages, or a page beside one, say",
            Provenance.PUBLISHED,
            {
                "id": _text("claim"),
                "verdict": Field("text", "our reading, or that it cannot be checked", _READINGS),
                "words": _text("the passages in our words, or what would settle it"),
            },
            key=("id",),
            refers={"id": "cases/claims.csv"},
        ),
        Table(
            "cases/conclusions.csv",
            "Which conclusion of the paper rests on which claim, our reading",
            Provenance.PUBLISHED,
            {
                "id": _text("conclusion"),
                "conclusion": _text("in our words"),
                "claim": _text("identifier of a claim"),
                "needed": Field("text", "the conclusion cannot stand without it", _YES_NO),
            },
            key=("id", "claim"),
        ),
        Table(
            "cases/claims.csv",
            "Claims of the paper that can be checked",
            Provenance.PUBLIC_RECORD,
            {
                "id": _text("identifier"),
                "kind": Field("text", "kind", ("internal_tension", "number", "fact", "method")),
                "claim": _text("the claim, in our words"),
                "section": _text("section of the paper"),
                "value_stated": _text("value stated", True),
                "how_to_verify": _text("how it may be checked"),
                "check_result": _text("a first check: a lead, not a finding", True),
                "status": _text("status of that check"),
                "teaching_value": Field("text", "value in class", ("low", "medium", "high")),
                "source": _text("source"),
            },
            key=("id",),
        ),
        Table(
            "cases/discrepancies.csv",
            "What the paper says beside what other sources say",
            Provenance.PUBLIC_RECORD,
            {
                "id": _text("identifier"),
                "case": _CASE,
                "topic": _text("what the two differ on"),
                "paper_says": _text("the paper, in our words"),
                "paper_first": Field("day", "first day the paper's account allows"),
                "paper_last": Field("day", "last day the paper's account allows"),
                "other_says": _text("the other source, in our words"),
                "other_first": Field("day", "first day the other source allows"),
                "other_last": Field("day", "last day the other source allows"),
                "other_url": Field("url", "address of the other source"),
                "what_follows": _text("why it matters, our judgement"),
                "section": _text("section of the paper"),
            },
            key=("id",),
        ),
        Table(
            "cases/hypotheses.csv",
            "Rival explanations of each case",
            Provenance.ILLUSTRATION,
            {
                "case": _CASE,
                "hypothesis": Field("text", "identifier", ("H1", "H2", "H3", "H4", "H5", "H6")),
                "short": _text("a name of a few words"),
                "statement": _text("the hypothesis, in our words"),
                "if_true": _text("what one would expect to see"),
                "origin": _text("whose it is"),
            },
            key=("case", "hypothesis"),
        ),
        Table(
            "cases/evidence_cards.csv",
            "Cards of evidence for process tracing",
            Provenance.PUBLIC_RECORD,
            {
                "case": _CASE,
                "card_id": _text("identifier"),
                "title": _text("a few words for charts"),
                "card": _text("the observation, in our words"),
                "quote": _text("a few words as printed in the paper", True),
                "origin": Field("text", "where it is from", ("interview", "timeline", "figure")),
                "source_group": _text("cards with the same entry could be wrong together"),
                "refers": _text("fragments or events it draws on"),
                "source": _text("the source"),
                "source_url": Field("url", "address; the paper's own for interviews"),
                "ask": _text("a question to weigh it by"),
            },
            key=("card_id",),
        ),
        Table(
            "cases/readings.csv",
            "One worked reading of the cards; the weights are ours",
            Provenance.ILLUSTRATION,
            {
                "case": _CASE,
                "card_id": _text("card"),
                **{
                    f"H{n}": Field(
                        "text",
                        f"how expected the card is if hypothesis H{n} is true",
                        EXPECTED,
                        empty=n == 6,
                    )
                    for n in range(1, 7)
                },
                "why": _text("why, in a sentence"),
            },
            key=("card_id",),
            refers={"card_id": "cases/evidence_cards.csv"},
        ),
        Table(
            "typology/vignettes.csv",
            "Vignettes to code on the typology: 36 in the four cells, 3 outside",
            Provenance.PUBLIC_RECORD,
            {
                "vignette_id": _text("identifier"),
                "date": Field("date", "date as precise as the source gives it"),
                "precision": Field("text", "precision of the date", _PRECISION),
                "sender": _text("who acts", True),
                "target": _text("toward whom", True),
                "vignette": _text("what happened, in our words"),
                "action_type": Field("text", "key: action", ("expressive", "coercive", "none")),
                "forum": Field("text", "key: forum", ("public", "private", "none")),
                "key": Field("text", "key: cell, or outside", CODES),
                "inducement": Field("text", "inducement", ("carrot", "stick", "none")),
                "difficulty": Field(
                    "text", "difficulty, our judgement", ("easy", "medium", "hard")
                ),
                "explanation": _text("why the key says so"),
                "alternative": _text("a defensible alternative", True),
                "source_kind": Field("text", "paper or external page", ("paper", "external")),
                "source": _text("the source"),
                "verified": Field("text", "an external page seen states it", _YES_NO),
                "note": _text("remark", True),
            },
            key=("vignette_id",),
        ),
        Table(
            "dialogues/programmes.csv",
            "Human rights dialogue programmes: rounds, partners, status",
            Provenance.PUBLIC_RECORD,
            {
                "id": _text("identifier"),
                "programme": _text("programme"),
                "record_type": _text("kind of record"),
                "date": Field("text", "date or span as the source gives it"),
                "precision": Field("text", "precision of the date", _PRECISION),
                "earliest": Field("day", "first day the date allows"),
                "latest": Field("day", "last day the date allows"),
                "round_no": Field("text", "number of the round", empty=True),
                "place": _text("place", True),
                "level_and_track": _text("level and track"),
                "topics": _text("topics", True),
                "participants": _text("participants", True),
                "reported_effect_or_status": _text("reported effect or status"),
                "source": Field("url", "the source"),
                "source_kind": Field("text", "who publishes it", SOURCE_KINDS),
                "verified": Field("text", "an external page seen states it", _YES_NO),
                "note": _text("remark", True),
            },
            key=("id",),
        ),
        Table(
            "dialogues/findings.csv",
            "Findings and recommendations on dialogues",
            Provenance.PUBLIC_RECORD,
            {
                "id": _text("identifier"),
                "kind": Field("text", "kind", ("finding", "recommendation")),
                "theme": _text("theme"),
                "statement": _text("in our words"),
                "source": _text("the source"),
                "source_kind": Field("text", "summary of Stokke or other", ("summary", "external")),
                "verified": Field("text", "the source states it", _YES_NO),
                "note": _text("remark", True),
            },
            key=("id",),
        ),
        Table(
            "dialogues/scorecard.csv",
            "Programmes scored on nine criteria; the scores are ours",
            Provenance.ILLUSTRATION,
            {
                "criterion_id": _text("criterion"),
                "criterion": _text("its name"),
                "origin": _text("where it comes from"),
                "scale_0": _text("what 0 means"),
                "scale_1": _text("what 1 means"),
                "scale_2": _text("what 2 means"),
                "programme": _text("programme"),
                "score": Field("whole", "score, 0 to 2", low=0, high=2),
                "rationale": _text("why"),
                "evidence_url": Field("url", "evidence"),
                "confidence": Field("text", "confidence", ("low", "medium", "high")),
                "scored_by": _text("who scored"),
            },
            key=("criterion_id", "programme"),
        ),
        Table(
            "dialogues/spiral_model.csv",
            "The five phases of the spiral model",
            Provenance.PUBLIC_RECORD,
            {
                "phase_no": Field("whole", "phase", low=1, high=5),
                "phase": _text("its name"),
                "what_the_state_does": _text("what the state does"),
                "observable_indicators": _text("indicators"),
                "transition_to_next_is_marked_by": _text("what marks the next step"),
                "dominant_actors": _text("who drives it"),
                "dominant_mode_of_interaction": _text("mode of interaction"),
                "where_dialogue_or_HRD_fits": _text("where diplomacy fits"),
                "illustration": _text("illustration"),
                "sources": _text("sources"),
                "source_status": _text("what was seen of them"),
            },
            key=("phase_no",),
        ),
        Table(
            "dialogues/spiral_indicators.csv",
            "Thirteen indicators of the phases in three countries; the coding is ours",
            Provenance.ILLUSTRATION,
            {
                "country": _text("country"),
                "indicator_id": _text("indicator"),
                "phase_no": Field("whole", "phase it speaks for", low=1, high=5),
                "indicator": _text("what is looked for"),
                "seen": Field("text", "seen", ("yes", "no", "unclear", "not found")),
                "evidence": _text("what the page says, in our words"),
                "evidence_url": Field("url", "evidence; none when not found", empty=True),
                "confidence": Field("text", "confidence", ("low", "medium", "high")),
                "scored_by": _text("who coded"),
            },
            key=("country", "indicator_id"),
        ),
        Table(
            "dialogues/spiral_placements.csv",
            "Where we place three countries on the spiral, and why",
            Provenance.ILLUSTRATION,
            {
                "country": _text("country"),
                "period": _text("years the judgement is about"),
                "phase_no": Field("whole", "phase", low=1, high=5),
                "reason": _text("why"),
                "evidence_url": Field("url", "evidence"),
                "confidence": Field("text", "confidence", ("low", "medium", "high")),
                "scored_by": _text("who judged"),
            },
            key=("country",),
        ),
        Table(
            "urgent_actions/by_country.csv",
            "Amnesty International Urgent Actions by country up to January 2014",
            Provenance.PUBLIC_RECORD,
            {
                "country": Field("text", "country", _COUNTRIES),
                "urgent_actions": Field("whole", "Urgent Actions issued", low=0, high=20000),
            },
            key=("country",),
        ),
        Table(
            "classroom/codes.csv",
            "A synthetic class of 25 coders of the vignettes",
            Provenance.SYNTHETIC,
            {
                "coder": _text("number of the coder"),
                "vignette_id": _text("vignette"),
                "code": Field("text", "code given", CODES),
            },
            key=("coder", "vignette_id"),
            refers={"vignette_id": "typology/vignettes.csv"},
        ),
        Table(
            "media/power.csv",
            "How often simulated studies of attention see a lasting effect",
            Provenance.ILLUSTRATION,
            {
                "women": Field("whole", "people in a study", low=1, high=1000),
                "effects": Field(
                    "text",
                    "fixed effects of the regression",
                    ("person+year", "country+year", "person", "none"),
                ),
                "errors": Field("text", "kind of standard errors", ("cluster", "HC1")),
                "ratio": Field("number", "true lasting ratio of 1 + articles"),
                "studies": Field("whole", "simulated studies", low=1, high=100000),
                "seen": Field("number", "share of the studies with p below 0.05"),
                "estimate": Field("number", "mean estimate, on the scale of ln(1 + articles)"),
                "standard_error": Field("number", "mean standard error, same scale"),
            },
            key=("women", "effects", "errors", "ratio"),
        ),
        Table(
            "cohort/cohort.csv",
            "The synthetic cohort: 252 invented rows calibrated to Tables 3 and 4",
            Provenance.SYNTHETIC,
            {
                "id": Field("whole", "row"),
                "country": _text("country; invented outside the campaign"),
                "region": Field("text", "region as the paper names it", REGIONS),
                "freethe20": Field("flag", "1 for the nineteen campaign rows"),
                "arrested": Field("day", "arrest, invented"),
                "left_prison": Field("day", "exit, or last day confirmed held; invented"),
                "status": Field("text", "how the spell ends", STATUSES),
                "released": Field("flag", "1 if released"),
                "in_prison_2015": Field("flag", "1 if in prison at the launch"),
                **_CONCERNS,
            },
            key=("id",),
        ),
        Table(
            "second_campaign/people.csv",
            "Whom Free the Press and two lists beside it named, 2012-2016",
            Provenance.PUBLIC_RECORD,
            {
                "id": _text("naming: campaign, year and number"),
                "person": _text("person, one spelling for every naming"),
                "campaign": Field("text", "who named", _NAMED_BY),
                "year": Field("whole", "year", low=2012, high=2016),
                "name": _text("name as written then"),
                "country": _text("country"),
                "named_earliest": Field("day", "first day the naming can have been"),
                "named_latest": Field("day", "last day the naming can have been"),
                "precision": _text("how the day is known"),
                "in_custody": Field(
                    "text", "in custody when named", ("yes", "no", "no (house arrest)", "unknown")
                ),
                "arrest_earliest": Field("day", "first possible day of arrest", empty=True),
                "arrest_latest": Field("day", "last possible day of arrest", empty=True),
                "exit_earliest": Field("day", "first possible day of exit", empty=True),
                "exit_latest": Field("day", "last possible day of exit", empty=True),
                "manner": _text("how the person left custody, in our words", True),
                "status": _text("where the person was on 1 December 2019", True),
                "verified": Field("text", "a page seen states it", ("yes", "partly", "no")),
                "cpj_spelling": _text("spelling in the journalists' census", True),
                "way": Field("text", "manner in one word, our coding", _WAYS, empty=True),
                "one_case": _text("case shared by several people", True),
                "also_freethe20": Field("text", "also in #FreeThe20", _YES_NO, empty=True),
                "note": _text("remark", True),
            },
            key=("id",),
        ),
        Table(
            "second_campaign/namings.csv",
            "Namings of people in custody, and whether the next censuses still list them",
            Provenance.PUBLIC_RECORD,
            {
                "id": _text("naming"),
                "campaign": Field("text", "who named", _NAMED_BY),
                "year": Field("whole", "year", low=2012, high=2016),
                "country": _text("country"),
                "census_before": Field("whole", "census of 1 December before", low=2011, high=2015),
                "in_census": Field("text", "listed in the census before", _YES_NO),
                "censuses_seen": Field("whole", "censuses seen so far", empty=True),
                "gender": Field("text", "gender in the census", ("Female", "Male"), empty=True),
                **_ABSENT,
            },
            key=("id",),
            refers={"id": "second_campaign/people.csv"},
        ),
        Table(
            "second_campaign/others.csv",
            "Others held in the same country at the same census, counts only",
            Provenance.PUBLIC_RECORD,
            {
                "country": _text("country"),
                "census": Field("whole", "census of 1 December", low=1992, high=2019),
                "held": Field("whole", "held on that day and never named by the campaign"),
                "absent_by_1": Field("whole", "of them absent by the next census"),
                "absent_by_2": Field("whole", "of them absent by the second census after"),
                "absent_by_3": Field("whole", "of them absent by the third census after"),
                "women": Field("whole", "women among those held"),
            },
            key=("country", "census"),
        ),
        Table(
            "second_campaign/world.csv",
            "All held at a census, by censuses already seen and gender, counts only",
            Provenance.PUBLIC_RECORD,
            {
                "census": Field("whole", "census of 1 December", low=1992, high=2018),
                "seen_band": Field("whole", "censuses seen; 5 is five or more", low=1, high=5),
                "gender": Field("text", "gender", ("Female", "Male")),
                "held": Field("whole", "held on that day"),
                "absent_next": Field("whole", "of them absent from the next census"),
            },
            key=("census", "seen_band", "gender"),
        ),
        Table(
            "second_campaign/sources.csv",
            "Sources of the second campaign, one row a person and fact",
            Provenance.PUBLIC_RECORD,
            {
                "id": _text("row"),
                "person_id": _text("naming, or all"),
                "fact": _text("what it settles"),
                "url": _text("address, or the census table used"),
                "title": _text("title of the page", True),
                "published": _text("date of the page", True),
                "what_the_source_says": _text("what the page says, in our words"),
            },
            key=("id",),
        ),
        Table(
            "cohort/long_list.csv",
            "The synthetic long list of forty",
            Provenance.SYNTHETIC,
            {
                "id": _text("row"),
                "list": Field("text", "list", ("short", "long only")),
                "arrested": Field("day", "arrest, invented"),
                "left_prison": Field("day", "exit, or last day confirmed held; invented"),
                "status": Field("text", "how the spell ends", STATUSES),
                "released_within_3y": Field("flag", "1 if released within three years of launch"),
            },
            key=("id",),
        ),
        Table(
            "cohort/audit.csv",
            "The 161 printed numbers beside those of the synthetic cohort",
            Provenance.SYNTHETIC,
            {
                "table": Field("text", "printed table", ("table3", "table4")),
                "model": Field("whole", "printed column", low=1, high=5),
                "quantity": _text("term, its standard error (s.e.), or a measure of fit"),
                "target": Field("number", "as printed"),
                "obtained": Field("number", "from the synthetic rows"),
                "difference": Field("number", "obtained minus target"),
                "decimals": Field("whole", "decimals printed"),
                "exact": Field("flag", "1 if every printed digit agrees"),
                "within_one_unit": Field("flag", "1 if at most one unit of the last digit away"),
                "stars_agree": Field("flag", "1 if the stars agree"),
            },
            key=("table", "model", "quantity"),
        ),
        Table(
            "cohort/digests.csv",
            "A digest of each row of the synthetic cohort, so that a changed cell is noticed",
            Provenance.SYNTHETIC,
            {
                "id": _text("row of cohort.csv"),
                "digest": _text("first 16 hexadecimal digits of the SHA-256 of its cells"),
            },
            key=("id",),
        ),
        Table(
            "cohort/shuffles.csv",
            "Curves of the synthetic cohort under shuffled labels, released at any time",
            Provenance.SYNTHETIC,
            {
                "among": Field(
                    "text", "among whom labels were shuffled", ("anyone", "country", "held", "both")
                ),
                "run": Field("whole", "number of the shuffle", low=0, high=999),
                "median": Field("number", "distance of the median estimate from 0, in points"),
                "significant": Field(
                    "number", "share significant in the commoner direction", low=0, high=1
                ),
                "stouffer": Field("number", "distance of Stouffer's mean z from 0"),
            },
            key=("among", "run"),
        ),
    )
}

"""A class's predictions as a chart: files dropped into a folder are counted."""

from __future__ import annotations

import contextlib
import json
import re
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import segno

from helpers import charts
from helpers.charts.polls import poll_bars
from helpers.exercises import bank, grading
from helpers.exercises.reading import UnreadableAnswer
from helpers.panels.base.controls import Button, Choice, Line, Toggle
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.teaching.course import say
from helpers.teaching.cutting import KitError
from helpers.teaching.piles import Roster, pile_up
from helpers.teaching.returned import read_folder
from helpers.teaching.rooms import OPEN_FILE, OWN_FILES, ROOM_FILE, VOTES_FILE
from helpers.teaching.tally import MOST_BARS, number_bars, number_of
from helpers.words import listed

FOLDER = "polls"


@dataclass(frozen=True)
class Ballots:
    """The votes on one prediction.

    Attributes
    ----------
    identifier : str
        Exercise id.
    options : tuple of str
        Empty when any answer is allowed.
    unit : str
        Unit of a number.
    before, after : tuple
        One vote a student, as it stood before and after the result was shown.
    problems : tuple of str
        One sentence for each file that does not count.
    place : str
        The folder, in words.
    room : str
        Address of the vote from phones, when there is one.
    """

    identifier: str
    options: tuple[str, ...] = ()
    unit: str = ""
    before: tuple[Any, ...] = ()
    after: tuple[Any, ...] = ()
    problems: tuple[str, ...] = field(default=())
    place: str = FOLDER
    room: str = ""


def read_ballots(identifier: str, folder: str | Path = FOLDER) -> Ballots:
    """Return the votes in a folder; never raises for a bad file.

    Parameters
    ----------
    identifier : str
        Id of an exercise of kind "prediction".
    folder : path
        Holds files that students' `hand_in` wrote, and the votes that phones cast.
    """
    place = Path(folder).expanduser()
    try:
        entry = bank.find(identifier)
        if entry["kind"] != "prediction":
            raise KitError(f"Exercise {identifier} is no prediction, so there is nothing to poll.")
        inbox = read_folder(place, leave=OWN_FILES)
    except (bank.UnknownExercise, KitError) as problem:
        return Ballots(str(identifier), problems=(str(problem),), place=str(folder))
    piles, _ = pile_up(inbox, Roster(()))
    votes = _from_phones(place, str(identifier))
    problems = [f"{file} {text}." for file, text in inbox.problems]
    for pile in piles:
        found = pile.records.get(identifier)
        if found is None:
            continue
        for phase in ("before", "after"):
            said = [h["value"] for h in found[0]["history"] if h["phase"] == f"{phase} reveal"]
            if not said:
                continue
            try:
                votes[phase].append(grading.read_answer(entry, said[-1]))
            except UnreadableAnswer:
                problems.append(f"{pile.name}: {say(said[-1])[:40]!r} cannot be read.")
    return Ballots(
        str(identifier),
        tuple(entry.get("options", ())),
        str(entry.get("unit") or ""),
        tuple(votes["before"]),
        tuple(votes["after"]),
        tuple(problems),
        str(folder),
        _room(place),
    )


def _from_phones(folder: Path, identifier: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {"before": [], "after": []}
    try:
        said = json.loads((folder / VOTES_FILE).read_text("utf-8"))["votes"].get(identifier, {})
        for phase, votes in found.items():
            votes += [v for v in said.get(phase, []) if isinstance(v, str | int | float)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return found


def _room(folder: Path) -> str:
    try:
        return str(json.loads((folder / ROOM_FILE).read_text("utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@dataclass(frozen=True)
class PollState:
    """Which vote is counted, whether it is shown, and hands counted in the room."""

    phase: str = "before"
    show: bool = False
    hands: str = ""


@dataclass(frozen=True)
class Hands(Line):
    """Counts typed by whoever counts the hands; kept as typed, read when the poll is drawn."""

    def take(self, value: Any) -> str:
        return self.read(str(value))

    def read(self, text: str) -> str:
        return " ".join(text.split())[:200]

    def write(self, value: str) -> str:
        return value

    def say(self, value: str) -> str:
        return value


def read_hands(text: str, options: tuple[str, ...]) -> list[Any]:
    """Return one vote a hand.

    Parameters
    ----------
    text : str
        With options, one count for each in their order ("14 3 2"); without, each answer with
        its count ("10 x 3, 12 x 5").
    options : tuple of str

    Raises
    ------
    ValueError
        One sentence, when it cannot be read so.
    """
    if not text.strip():
        return []
    if options:
        parts = re.split(r"[\s,;]+", text.strip(" ,;"))
        if len(parts) != len(options) or not all(re.fullmatch(r"\d{1,3}", p) for p in parts):
            raise ValueError(
                f"Type {len(options)} counts, one for each answer in its order, such as "
                f"{' '.join(str(n) for n in range(len(options), 0, -1))}."
            )
        return [o for o, n in zip(options, parts, strict=True) for _ in range(int(n))]
    votes: list[Any] = []
    for part in re.split(r"[,;]\s+|[,;]$", text.strip()):
        found = re.fullmatch(r"(.+?)\s*[x×*]\s*(\d{1,3})", part.strip())
        if not found:
            raise ValueError("Type each answer with its count, such as 10 x 3, 12 x 5.")
        number = number_of(found[1])
        votes += [found[1] if number is None else number] * int(found[2])
    return votes


def vote_rows(votes: tuple[Any, ...], options: tuple[str, ...], unit: str) -> pd.DataFrame:
    """Return one row an answer: answer, place, count, label.

    Numbers are in order, in at most twelve bars; options are in the order of the exercise.
    """
    count = Counter(votes)
    numbers = [v for v in votes if isinstance(v, int | float)]
    if options:
        pairs = [(o, count.get(o, 0)) for o in options]
    elif numbers and len(numbers) == len(votes):
        pairs = number_bars(numbers, unit)
    else:
        pairs = [(say(v)[:60], n) for v, n in count.most_common(MOST_BARS)]
    return pd.DataFrame(
        [
            {"answer": answer, "place": place, "count": n, "label": str(n)}
            for place, (answer, n) in enumerate(pairs)
        ],
        columns=["answer", "place", "count", "label"],
    )


class PredictionPoll(Panel[PollState]):
    """What a class predicted: from hands counted, phones, and files in a folder."""

    name: ClassVar[str] = "Prediction poll"
    State = PollState
    first = ("phones", "again", "hands", "show")

    def read_again(self) -> None:
        """Count what is in the folder now."""
        self.data = read_ballots(self.data.identifier, self.data.place)
        self._show()

    def controls(self) -> Mapping[str, Any]:
        options = self.data.options
        example = "14 3 2" if options else "10 x 3, 12 x 5"
        phones = {"phones": Button("Open for phones")} if self.data.room else {}
        return {
            **phones,
            "again": Button("Count again"),
            "hands": Hands("Hands", f"in their order: {example}" if options else example),
            "phase": Choice("Votes", {"before the result": "before", "changed after": "after"}),
            "show": Toggle("Show the result"),
        }

    def pressed(self, field: str) -> None:
        if field == "phones":
            said = {"exercise": self.data.identifier, "phase": self.state.phase}
            with contextlib.suppress(OSError):  # the sentence then still counts no vote
                (Path(self.data.place) / OPEN_FILE).write_text(json.dumps(said), encoding="utf-8")
        self.read_again()

    def chart(self) -> Any:
        return charts.finish(
            poll_bars(),
            Provenance.YOURS,
            title=f"The class on {self.data.identifier}",
            description="Bars of how many students predicted each answer.",
        )

    @staticmethod
    def compute(state: PollState, data: Ballots) -> Picture:
        hands = read_hands(state.hands, data.options)
        votes = (*(data.before if state.phase == "before" else data.after), *hands)
        aside = f" Not counted: {' '.join(data.problems[:4])}" if data.problems else ""
        if not votes:
            raise ValueError(_nothing(state, data) + aside)
        rows = vote_rows(votes, data.options, data.unit)
        count = f"{len(votes)} {'vote' if len(votes) == 1 else 'votes'} on {data.identifier}"
        if not state.show:
            rows = rows.assign(count=0, label="")
            return Picture({"votes": rows}, f"{count}; hidden until you show the result.{aside}")
        most = rows["count"].max()
        top = list(rows.loc[rows["count"] == most, "answer"])
        words = f"{count}: most, {most}{' each' if len(top) > 1 else ''}, say {listed(top)}."
        if len(top) > 3:
            words = f"{count}: no answer leads."
        numbers = [v for v in votes if isinstance(v, int | float)]
        if len(numbers) == len(votes):
            middle = grading.number_text(statistics.median(numbers))
            words += f" The middle vote is {middle}{f' {data.unit}' if data.unit else ''}."
        return Picture({"votes": rows}, words + aside)


def _nothing(state: PollState, data: Ballots) -> str:
    if state.phase == "after":
        return f"Nobody changed the prediction {data.identifier} after the result."
    how = "type the hands you count"
    if data.room:
        how += f", or press Open for phones and let the class vote at {data.room}"
    return (
        f"No vote on {data.identifier} yet: {how}, or drop files handin_*.json into "
        f"{data.place!r} and count again."
    )


def poll(identifier: str, folder: str | Path = FOLDER) -> PredictionPoll:
    """Show a class's votes on a prediction.

    Parameters
    ----------
    identifier : str
        Id of an exercise of kind "prediction".
    folder : path
        Where the class's hand-in files and votes lie; default the folder "polls" beside the
        notebook.
    """
    return PredictionPoll(read_ballots(identifier, folder))


class Invitation:
    """Where the class can vote, as text and as a QR code; empty when there is no vote."""

    def __init__(self, folder: str | Path = FOLDER) -> None:
        self.address = _room(Path(folder))

    def __repr__(self) -> str:
        return f"Vote at {self.address}" if self.address else ""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        if not self.address:
            return {"text/plain": ""}
        code = segno.make(self.address, micro=False).svg_data_uri(scale=5, border=3)
        html = (
            f'<p style="font-size:28px"><img alt="QR code of the address beside it" src="{code}" '
            f'style="vertical-align:middle;height:220px"> '
            f"<strong>{escape(self.address)}</strong></p>"
        )
        return {"text/plain": repr(self), "text/html": html}


def invitation(folder: str | Path = FOLDER) -> Invitation:
    """Show where the class can vote by phone."""
    return Invitation(folder)

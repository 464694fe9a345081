"""A class's predictions as a chart: files dropped into a folder are counted."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from helpers import charts
from helpers.charts.polls import poll_bars
from helpers.exercises import bank, grading
from helpers.exercises.reading import UnreadableAnswer
from helpers.panels.base.controls import Button, Choice, Control
from helpers.panels.base.panel import Panel, Picture
from helpers.provenance.kinds import Provenance
from helpers.teaching.course import say
from helpers.teaching.cutting import KitError
from helpers.teaching.piles import Roster, pile_up
from helpers.teaching.returned import read_folder
from helpers.teaching.tally import MOST_BARS, number_bars

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
    """

    identifier: str
    options: tuple[str, ...] = ()
    unit: str = ""
    before: tuple[Any, ...] = ()
    after: tuple[Any, ...] = ()
    problems: tuple[str, ...] = field(default=())
    place: str = FOLDER


def read_ballots(identifier: str, folder: str | Path = FOLDER) -> Ballots:
    """Return the votes in a folder of hand-in files; never raises for a bad file.

    Parameters
    ----------
    identifier : str
        Id of an exercise of kind "prediction".
    folder : path
        Holds files that students' `hand_in` wrote.
    """
    place = Path(folder).expanduser()
    try:
        entry = bank.find(identifier)
        if entry["kind"] != "prediction":
            raise KitError(f"Exercise {identifier} is no prediction, so there is nothing to poll.")
        inbox = read_folder(place)
    except (bank.UnknownExercise, KitError) as problem:
        return Ballots(str(identifier), problems=(str(problem),), place=str(folder))
    piles, _ = pile_up(inbox, Roster(()))
    before: list[Any] = []
    after: list[Any] = []
    problems = [f"{file} {text}." for file, text in inbox.problems]
    for pile in piles:
        found = pile.records.get(identifier)
        if found is None:
            continue
        for votes, phase in ((before, "before reveal"), (after, "after reveal")):
            said = [h["value"] for h in found[0]["history"] if h["phase"] == phase]
            if not said:
                continue
            try:
                votes.append(grading.read_answer(entry, said[-1]))
            except UnreadableAnswer:
                problems.append(f"{pile.name}: {say(said[-1])[:40]!r} cannot be read.")
    return Ballots(
        str(identifier),
        tuple(entry.get("options", ())),
        str(entry.get("unit") or ""),
        tuple(before),
        tuple(after),
        tuple(problems),
        str(folder),
    )


@dataclass(frozen=True)
class PollState:
    """Which vote is counted."""

    phase: str = "before"


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
    """What a class predicted, from files in a folder."""

    name: ClassVar[str] = "Prediction poll"
    State = PollState

    def read_again(self) -> None:
        """Count the files that are in the folder now."""
        self.data = read_ballots(self.data.identifier, self.data.place)
        self._show()

    def controls(self) -> Mapping[str, Control | Button]:
        return {
            "again": Button("Read the folder again"),
            "phase": Choice("Votes", {"before the result": "before", "changed after": "after"}),
        }

    def pressed(self, field: str) -> None:
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
        votes = data.before if state.phase == "before" else data.after
        aside = f" Not counted: {' '.join(data.problems[:4])}" if data.problems else ""
        if not votes:
            raise ValueError(
                f"No vote on {data.identifier} is in the folder {data.place!r} yet. Drop the "
                f"class's files handin_*.json there and read the folder again.{aside}"
                if state.phase == "before"
                else f"Nobody changed the prediction {data.identifier} after the result.{aside}"
            )
        rows = vote_rows(votes, data.options, data.unit)
        top = rows.loc[rows["count"].idxmax()]
        words = (
            f"{len(votes)} votes on {data.identifier}: most, {top['count']}, say {top['answer']}."
        )
        numbers = [v for v in votes if isinstance(v, int | float)]
        if len(numbers) == len(votes):
            middle = grading.number_text(statistics.median(numbers))
            words += f" The middle vote is {middle}{f' {data.unit}' if data.unit else ''}."
        return Picture({"votes": rows}, words + aside)


def poll(identifier: str, folder: str | Path = FOLDER) -> PredictionPoll:
    """Show a class's votes on a prediction.

    Parameters
    ----------
    identifier : str
        Id of an exercise of kind "prediction".
    folder : path
        Where the class's hand-in files lie; default the folder "polls" beside the notebook.
    """
    return PredictionPoll(read_ballots(identifier, folder))

"""Exercises that live in their notebook, with instant feedback and answers that survive.

In a notebook, after the markdown cell with the question, one learner cell::

    ask("01.2")                      # a widget: controls, Check, Hint, feedback
    check("01.3", 14 / 19)           # the function form: an answer from the learner's own code
    check("01.4", my_function)       # kind "code": called on hidden inputs
    predict("01.p1")                 # a widget: records a prediction before the reveal
    predict("01.p1", 60)             # the same from code
    reveal("01.p1")                  # a button, then "You predicted 60; here is 74."
    prediction("01.p1")              # what was predicted, or None
    hand_in()                        # writes the stored answers to a file for the instructor
    present()                        # for a class: hides the code, enlarges the rest

and in exercises/NN_topic.py, the file with the notebook's name, a call with plain values only;
the file is parsed, never run::

    solution("01.1", kind="number", answer=89.5, tolerance=0.6, unit="%", decimals=1,
             wrong={84.2: "That is coding B: sixteen of nineteen."},
             hints=["Count the rows first."], explanation="17 of 19 women.",
             objective="Compute a release share under a stated coding", level="apply")
    solution("01.2", kind="choice", options=["public coercive", "private coercive"],
             answer="private coercive", wrong={"public coercive": "The forum is closed."})
    solution("01.3", kind="multiple", options=["a", "b", "c"], answer=["a", "b"],
             wrong={"c": "message when c is wrongly chosen (or wrongly left out)",
                    ("a",): "message for exactly this set"})
    solution("01.4", kind="ordering", answer=["first", "second", "third"],
             wrong={("second", "first"): "message when second is put before first",
                    ("third", "second", "first"): "message for exactly this order"})
    solution("01.5", kind="text", answer=["risk set", "the risk set"], wrong={"sample": "..."})
    solution("01.6", kind="code", answer="def share(k, n):\n    return k / n",
             tests=[((17, 19), 0.894737), ((0, 5), 0.0)],
             tolerance=1e-5, wrong={1: "message when hidden input number 1 (from 0) fails"})
    solution("01.p1", kind="prediction", entry="number", unit="%", truth=74)  # or options=[...]
    solution("01.r1", kind="reflection", rubric=["names a rival explanation"])

Common to all kinds: ``hints`` (list of sentences, shown one at a time), ``explanation`` (shown
with "Right"), ``objective``, ``level`` (remember, understand, apply, analyze, evaluate, create),
``discussion`` (for instructors, never shown to a learner). A number that depends on the rows of the
synthetic cohort also has ``varies="name"``, the name of a rule in `helpers.teaching.varying`;
one that holds only in the suite's cohort has ``only_shipped=True`` and is left out where
students get cohorts of their own.
Identifiers start with the two digits of the notebook. `truth` is what `reveal` compares a
prediction with; a notebook that computes it passes it to `reveal`.

``progress()`` returns a table of exercises and their state; ``export_answers(path)`` writes a
copy of the stored answers, to keep or to hand in; ``export_settings()`` does so for the panels'
settings that were kept. Answers are kept in ``work/answers.json``
(or in the folder named by ``HRD_WORK_DIR``), which git ignores.
"""

from __future__ import annotations

from helpers.exercises.handin import HandIn, hand_in
from helpers.exercises.learner import (
    CheckResult,
    check,
    export_answers,
    export_settings,
    prediction,
    progress,
)
from helpers.exercises.presenting import present
from helpers.exercises.table import solution
from helpers.exercises.widgets import ask, predict, reveal
from helpers.store.place import said_place

__all__ = [
    "CheckResult",
    "HandIn",
    "ask",
    "check",
    "export_answers",
    "export_settings",
    "hand_in",
    "predict",
    "prediction",
    "present",
    "progress",
    "reveal",
    "solution",
]

if said := said_place():
    print(said)

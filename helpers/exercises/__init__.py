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

The answers stand in exercises/NN_topic.py, the file with the notebook's name, which is parsed and
never run; CONTRIBUTING.md is the guide for whoever writes one.

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

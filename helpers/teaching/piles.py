"""Decide whose each returned file is, and say how.

In this order: the key of a set; the name inside; the folder or file name that a learning
platform gave; a folder; the file's own name. Two people of one name stay two: files that
only share a name are put together when they share an answer's history or a folder of their
own, or when the roster knows one person of that name and no platform says otherwise.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from helpers.teaching.places import fold, run_together, share_a_word, words
from helpers.teaching.returned import Inbox, Record, Returned
from helpers.teaching.roster import Student

BY_KEY, BY_NAME, BY_FOLDER = "key", "name inside", "folder"
BY_FILE: Final = "file name"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Note = tuple[str, str]


@dataclass
class Pile:
    """All that came back from one student.

    Attributes
    ----------
    key : str
        Of the set, so that the right answers are looked up; may be empty.
    name : str
        In words.
    known_by : str
        What told whose it is.
    student : Student, optional
        As the roster has her.
    parts, unreadable : list of Returned
    ran : dict
        Answers that a run of the notebooks gave, by exercise.
    """

    key: str
    name: str
    known_by: str = ""
    student: Student | None = None
    parts: list[Returned] = field(default_factory=list)
    unreadable: list[Returned] = field(default_factory=list)
    ran: dict[str, Record] = field(default_factory=dict)

    @cached_property
    def records(self) -> dict[str, tuple[Record, Returned]]:
        """The newest record of each exercise and where it was found."""
        newest: dict[str, tuple[Record, Returned]] = {}
        for part in sorted(self.parts, key=lambda p: (moment(p.made) or _NEVER, p.kind)):
            for identifier, record in part.answers.items():
                have = newest.get(identifier)
                if have is None or _last(record) >= _last(have[0]):
                    newest[identifier] = (record, part)
        return newest

    @property
    def made(self) -> datetime | None:
        """When the newest of the files was made, as it says."""
        return max((m for p in self.parts if (m := moment(p.made))), default=None)


def moment(text: str) -> datetime | None:
    """Return a time in UTC, or None when there is none or it lies in the future."""
    try:
        found = datetime.fromisoformat(text)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found <= datetime.now(UTC) else None


def _last(record: Record) -> datetime:
    return max((moment(h["at"]) or _NEVER for h in record["history"]), default=_NEVER)


def history_of(part: Returned) -> frozenset[tuple[str, str, str]]:
    """Return (exercise, time, answer) of all that a file's history says."""
    return frozenset(
        (identifier, h["at"], json.dumps(h["value"], sort_keys=True, default=str))
        for identifier, record in part.answers.items()
        for h in record["history"]
        if h["at"]
    )


@dataclass
class _Who:
    """What is known of whose a file is: a group to put it in, a label, how it is known."""

    group: str
    label: str
    how: str
    key: str = ""
    student: Student | None = None


class Roster:
    """The students a course knows, to be found by key, by number or login, and by name."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = tuple(students)
        self._by_key = {s.key: s for s in self.students if s.key}
        self._by_mark: dict[str, list[Student]] = defaultdict(list)
        self._by_words: dict[frozenset[str], list[Student]] = defaultdict(list)
        self._joined: dict[str, list[Student]] = defaultdict(list)
        for student in self.students:
            for mark in student.marks:
                self._by_mark[mark].append(student)
            name = student.name.split(" (")[0]
            self._by_words[words(name)].append(student)
            for form in run_together(name):
                self._joined[form].append(student)

    def by_key(self, key: str) -> Student | None:
        """Return the student with this key."""
        return self._by_key.get(key)

    def by_mark(self, *marks: str) -> Student | None:
        """Return the one student with one of these numbers, logins or addresses."""
        found = {s.key or s.name: s for m in marks if m for s in self._by_mark.get(fold(m), [])}
        return next(iter(found.values())) if len(found) == 1 else None

    def by_name(self, name: str) -> Student | None:
        """Return the one student of this name, however its words are ordered."""
        for found in (self._by_words.get(words(name), []), self._joined.get(fold(name), [])):
            if len(found) == 1:
                return found[0]
        return None


def pile_up(inbox: Inbox, roster: Roster) -> tuple[list[Pile], list[Note]]:
    """Return what came back, by student, and a line for each thing to know about it."""
    notes: list[Note] = []
    everything = [*inbox.returned, *inbox.unreadable]
    unit = _units(inbox.returned)
    whose: list[_Who | None] = [_by_itself(part, roster) for part in everything]
    _lend(everything, whose, unit)
    _by_place(everything, whose, unit, roster, notes)
    _keep_apart(everything, whose, unit, roster, notes)
    _doubt(everything, whose, roster, notes)
    piles: dict[str, Pile] = {}
    for part, who in zip(everything, whose, strict=True):
        if who is None:
            continue
        pile = piles.setdefault(who.group, Pile(who.key, who.label, who.how, who.student))
        (pile.unreadable if part.problem else pile.parts).append(part)
    _name_apart(list(piles.values()))
    for pile in piles.values():
        handed = [p for p in pile.parts if p.answers]
        if len(handed) > 1:
            files = ", ".join(p.file for p in handed)
            notes.append(
                (files, f"{len(handed)} files with answers of {pile.name}: of each exercise the "
                 "newest answer counts")
            )  # fmt: skip
    return sorted(piles.values(), key=lambda p: fold(p.name)), notes


def _units(parts: Sequence[Returned]) -> dict[str, str]:
    """Return, by file, the folder or archive that holds one student's files only."""
    sets: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        if part.place.set_folder != part.place.unit:
            sets[part.place.unit].add(part.place.set_folder)
    unit = {}
    for part in parts:
        several = len(sets[part.place.unit]) > 1 and not part.place.platform
        unit[part.file] = part.place.set_folder if several else part.place.unit
    # A folder with the same notebook or store twice, or with two names, holds several students.
    seen: dict[str, set[str]] = defaultdict(set)
    mixed = set()
    for part in parts:
        where = unit[part.file]
        books = {part.notebook} if part.notebook else {i[:2] for i in part.calls}
        said = {f"book {b}" for b in books if part.kind == "notebook"}
        if seen[where] & said:
            mixed.add(where)
        seen[where] |= said
        named = {f for f in seen[where] if f.startswith("name ")}
        if part.name and named and f"name {fold(part.name)}" not in named:
            mixed.add(where)
        if part.name:
            seen[where].add(f"name {fold(part.name)}")
    platform = {part.place.unit for part in parts if part.place.platform}
    return {f: "" if u in mixed - platform else u for f, u in unit.items()}


def _by_itself(part: Returned, roster: Roster) -> _Who | None:
    """Return whose a file says it is."""
    key = part.key
    if not key and roster.by_key(part.place.key):
        key = part.place.key
    if key:
        student = roster.by_key(key)
        label = student.name if student else part.name or key
        return _Who(f"key {key}", label, BY_KEY, key, student)
    if part.name:
        student = roster.by_mark(part.name)
        group = f"key {student.key}" if student else f"name {fold(part.name)}"
        return _Who(group, student.name if student else part.name, BY_NAME,
                    student.key if student else "", student)  # fmt: skip
    return None


def _lend(parts: Sequence[Returned], whose: list[_Who | None], unit: dict[str, str]) -> None:
    """Let a file that says nothing take what the others in its folder say, if they agree."""
    said: dict[str, dict[str, _Who]] = defaultdict(dict)
    for part, who in zip(parts, whose, strict=True):
        if who is not None and unit.get(part.file):
            said[unit[part.file]].setdefault(who.group, who)
    for number, part in enumerate(parts):
        where = unit.get(part.file, part.place.unit)
        if whose[number] is None and where and len(said.get(where, {})) == 1:
            whose[number] = next(iter(said[where].values()))


def _by_place(
    parts: Sequence[Returned],
    whose: list[_Who | None],
    unit: dict[str, str],
    roster: Roster,
    notes: list[Note],
) -> None:
    """Take a platform's word, then a folder's, then the file's own name."""
    alone: dict[str, list[str]] = defaultdict(list)
    for number, part in enumerate(parts):
        place, who = part.place, whose[number]
        if who is not None and who.how == BY_KEY:
            continue
        if place.platform:
            # A platform's number tells two of one name apart; its name is for reading.
            student = who.student if who else None
            student = student or roster.by_mark(place.ident, place.label)
            label = who.label if who else place.label
            how = who.how if who else f"{BY_FOLDER} of {place.platform}"
            group = f"key {student.key}" if student and student.key else f"unit {place.unit}"
            key = student.key if student else ""
            whose[number] = _Who(group, student.name if student else label, how, key, student)
        elif who is None and part.file in unit and unit[part.file]:
            label = place.label or unit[part.file].rsplit("/", 1)[-1]
            whose[number] = _Who(f"unit {unit[part.file]}", label, BY_FOLDER)
            alone[unit[part.file]].append(part.file)
        elif who is None and not part.problem:
            whose[number] = _Who(f"file {part.file}", place.stem or part.file, BY_FILE)
            notes.append(
                (part.file, "says nowhere whose it is; counted under the name of the file")
            )
        elif who is None and (label := place.label or place.stem):
            student = roster.by_name(label)
            evident = student or part.file.rsplit("/", 1)[-1].startswith("handin")
            if evident:
                whose[number] = _Who(f"name {fold(label)}", label, BY_FILE, "", student)
    for where, files in alone.items():
        notes.append(
            (", ".join(files[:3]), f"says nowhere whose it is; counted under the folder {where}")
        )


def _keep_apart(
    parts: Sequence[Returned],
    whose: list[_Who | None],
    unit: dict[str, str],
    roster: Roster,
    notes: list[Note],
) -> None:
    """Give files of one name to one person only when something besides the name says so."""
    same: dict[str, list[int]] = defaultdict(list)
    for number, who in enumerate(whose):
        if who is not None and not who.group.startswith("key "):
            same[_asked(who, roster)].append(number)
    for numbers in same.values():
        clusters = _clusters([(n, parts[n], whose[n], unit) for n in numbers])
        first = whose[numbers[0]]
        assert first is not None
        student = first.student or roster.by_name(first.label)
        platforms = {whose[n].group for n in numbers if parts[n].place.platform}  # type: ignore[union-attr]
        one = student is not None and len(platforms) <= 1
        if one and student is not None:
            for n in numbers:
                who = whose[n]
                assert who is not None
                group = f"key {student.key}" if student.key else f"roster {student.name}"
                whose[n] = _Who(group, student.name, who.how, student.key, student)
            if len(clusters) > 1:
                files = ", ".join(parts[n].file for n in numbers)
                notes.append((files, f"say {first.label} and share no answer's history; the "
                              "roster has one of that name, so they count as hers"))  # fmt: skip
            continue
        if len(clusters) > 1:
            files = "; ".join(" and ".join(parts[n].file for n in c) for c in clusters)
            notes.append((files, f"{len(clusters)} people say {first.label}: they share no "
                          "answer's history, so they stay apart; if they are one person, put "
                          "the files into one folder of their own"))  # fmt: skip
        for count, cluster in enumerate(clusters):
            group = whose[cluster[0]].group  # type: ignore[union-attr]
            for n in cluster:
                who = whose[n]
                assert who is not None
                whose[n] = _Who(f"{group} #{count}", who.label, who.how, who.key, None)


def _asked(who: _Who, roster: Roster) -> str:
    """Return under what files are compared: the roster's student, or the name as it is."""
    student = who.student or roster.by_name(who.label)
    if student is not None:
        return f"student {student.key or student.name}"
    return f"label {fold(who.label)}"


def _clusters(
    items: Sequence[tuple[int, Returned, _Who | None, dict[str, str]]],
) -> list[list[int]]:
    """Return the files that belong together: one group, folder or history."""
    clusters: list[tuple[set[str], set[tuple[str, str, str]], list[int]]] = []
    for number, part, who, unit in items:
        assert who is not None
        platform = part.place.platform
        marks = {who.group} if platform or who.group.startswith("unit ") else set()
        if not platform and unit.get(part.file):
            marks.add(f"in {unit[part.file]}")
        told = set(history_of(part))
        fitting = [
            c for c in clusters
            if c[0] & marks or (c[1] & told and not (platform and c[0] and not c[0] & marks))
        ]  # fmt: skip
        if not fitting and not told and not platform and clusters:
            fitting = clusters[:1]  # nothing in it speaks for another person
        for other in fitting:
            clusters.remove(other)
            marks, told = marks | other[0], told | other[1]
        clusters.append((marks, told, [*[n for c in fitting for n in c[2]], number]))
    return [sorted(c[2]) for c in clusters]


def _doubt(
    parts: Sequence[Returned], whose: list[_Who | None], roster: Roster, notes: list[Note]
) -> None:
    """Look at files whose key is one student's while all else names another."""
    by: dict[str, list[int]] = defaultdict(list)
    for number, who in enumerate(whose):
        if who is not None and who.how == BY_KEY:
            by[who.key].append(number)
    for key, numbers in by.items():
        student = roster.by_key(key)
        owner = student.name if student else ""
        for number in numbers:
            part = parts[number]
            said = [t for t in (part.name, part.place.label if part.place.platform else "") if t]
            if not owner or not said or _is_hers(part, student, said):
                continue
            other = next((s for t in said if (s := roster.by_name(t) or roster.by_mark(t))), None)
            told = set(history_of(part))
            rest = [parts[n] for n in numbers if n != number]
            shares = any(told & set(history_of(p)) for p in rest)
            if (other is not None and other != student) or (rest and not shares):
                label = f"{said[0]} (with the key of {owner})"
                whose[number] = _Who(f"doubt {fold(said[0])} {key}", label, BY_NAME, key)
                notes.append((part.file, f"has the key of {owner} and calls itself {said[0]}: "
                              "it counts for neither until you have looked"))  # fmt: skip
            else:
                notes.append(
                    (part.file, f"has the key of {owner} and calls itself {said[0]}: look whose")
                )


def _is_hers(part: Returned, student: Student | None, said: Sequence[str]) -> bool:
    if student is None or fold(part.place.ident) in student.marks:
        return True
    return all(share_a_word(t, [student.name, *student.marks]) for t in said)


def _name_apart(piles: Sequence[Pile]) -> None:
    """Give those of one name something in brackets that tells them apart."""
    same: dict[str, list[Pile]] = defaultdict(list)
    for pile in piles:
        same[fold(pile.name)].append(pile)
    for those in same.values():
        if len(those) < 2:
            continue
        taken: set[str] = set()
        for pile in those:
            first = [*pile.parts, *pile.unreadable][0]
            own = first.place.ident or first.place.set_folder or first.file
            # What two have in common tells nobody apart; their files' paths differ.
            own = first.file if own in taken else own
            taken.add(own)
            pile.name = f"{pile.name} ({own})"

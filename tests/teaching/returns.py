"""What a class may send back: eighty returns, innocent and hostile, and where each must appear."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.teaching.roster import Student
from tests.teaching.kit import handin, notebook, record

Content = str | bytes


@dataclass(frozen=True)
class Case:
    """Files to write, whose they are, and the words of the line that must stand there.

    `student` is a name with "!" before it for one whose files cannot be read; empty for none.
    """

    files: tuple[tuple[str, Content], ...]
    student: str = ""
    words: str = ""
    students: tuple[str, ...] = ()

    @property
    def appear(self) -> tuple[str, ...]:
        return self.students or ((self.student,) if self.student else ())


def stamped(*values: Any, day: int = 1, phase: str = "before reveal") -> Any:
    """A record whose tries have seconds of their own, as a real store has."""
    made = record(*values, phase=phase)
    for number, entry in enumerate(made["history"]):
        entry["at"] = f"2026-01-{day:02d}T10:{day % 60:02d}:{number:02d}+00:00"
    return made


def archive(members: Mapping[str, Content]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


ROSTER = (
    Student("Rosa Keyed", "22222222", 0, (("ID", "501"), ("Email", "rosa@x.edu"))),
    Student("Fatima al-Zahra", "33333333", 0, (("ID", "502"), ("Email", "fatima@x.edu"))),
    Student("D'Angelo, Maria", "44444444", 0, (("ID", "503"), ("Email", "maria@x.edu"))),
    Student("Carl Stone", "55555555", 0, (("ID", "504"), ("Email", "carl@x.edu"))),
    Student("José Núñez", "66666666", 0, (("ID", "505"), ("Email", "jose@x.edu"))),
    Student("Missing Person", "77777777", 0, (("ID", "506"), ("Email", "gone@x.edu"))),
    Student("Canvas, Connie", "88888888", 0, (("ID", "9001"), ("Email", "connie@x.edu"))),
    Student("Solo Twice", "99999999", 0, (("ID", "507"), ("Email", "solo@x.edu"))),
    Student("Unread Able", "AAAAAAAA", 0, (("ID", "508"), ("Email", "un@x.edu"))),
    Student("Lee, Min", "BBBBBBBB", 0, (("ID", "601"), ("Email", "min1@x.edu"))),
)
SET = json.dumps({"what": "hrd student set", "build": "B", "key": "", "own_cohort": False,
                  "notebooks": []})  # fmt: skip
RIGHT = 89.5


def _one(name: str = "", key: str = "", day: int = 1, build: str = "B", **more: Any) -> str:
    return handin(key, name, build, **{"_1": stamped(RIGHT, day=day), **more})


def _store(day: int) -> str:
    return json.dumps({"version": 1, "answers": {"99.1": stamped(RIGHT, day=day)}})


def _bomb() -> bytes:
    return archive({"bomb.json": b"0" * 40_000_000})


def _locked() -> bytes:
    made = bytearray(archive({"a.json": "{}"}))
    made[6] |= 1  # the flag that says a password is needed, here and in the directory
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def _lying() -> bytes:
    """An archive whose member says that it holds ten bytes."""
    made = bytearray(archive({"a.json": b'{"a":"' + b"0" * 9_000_000 + b'"}'}))
    place = made.index(b"PK\x01\x02")
    made[22:26] = made[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(made)


def _nested(times: int) -> bytes:
    made = archive({"handin.json": _one("Deep Four", day=26)})
    for number in range(times):
        made = archive({f"z{number}.zip": made})
    return made


ASK = 'ask("99.1")'
CASES: tuple[Case, ...] = (
    # Names that ended up nowhere, and files that say little.
    Case((("handin_alfred-de-musset.json", _one("Alfred de Musset", day=1)),), "Alfred de Musset"),
    Case((("handin_somerset.json", _one("Ann Somerset", day=2)),), "Ann Somerset"),
    Case((("set.json.json", _one("Ulla Basset", day=3)),), "Ulla Basset"),
    Case((("notes/wrongset.json", "{}"),), "", "neither a hand-in file nor a notebook"),
    Case((("ada/work/answers.json", _store(4)),), "ada", "counted under the folder ada"),
    Case((("data/handin_dora.json", _one("Dora", day=5)),), "Dora"),
    Case((("bank/handin_bea.json", _one("Bea", day=6)),), "Bea"),
    # Whole sets.
    Case((("w1.zip", archive({"common/set.json": SET, "common/99_f.ipynb": notebook(ASK),
                              "common/bank/99.json": '{"notebook":"x","exercises":{}}',
                              "common/READ_ME.txt": "x",
                              "common/work/answers.json": _store(7),
                              "common/work/settings.json": '{"settings":{}}'})),),
         "w1", "counted under the folder w1.zip"),
    Case((("w2.zip", archive({"common/set.json": SET, "common/work/answers.json": _store(8)})),),
         "w2", "counted under the folder w2.zip"),
    Case((("eve/common/set.json", SET), ("eve/common/99_f.ipynb", notebook(ASK)),
          ("eve/common/handin_eve.json", _one("Eve", day=9)),
          ("eve/common/data/cohort/cohort.csv", "a,b\n1,2\n")), "Eve"),
    Case((("pile/common/set.json", SET), ("pile/common/work/answers.json", _store(10)),
          ("pile/common (1)/set.json", SET), ("pile/common (1)/work/answers.json", _store(11))),
         students=("pile (pile/common)", "pile (pile/common (1))"), words="counted under"),
    Case((("download.zip", archive({"finn/99_f.ipynb": notebook('check("99.1", 89.5)'),
                                    "gus/99_f.ipynb": notebook('check("99.1", 1)')})),),
         students=("finn", "gus"), words="counted under the folder download.zip/"),
    Case((("flat.zip", archive({"hal.ipynb": notebook('check("99.1", 2)'),
                                "ida.ipynb": notebook('check("99.1", 3)')})),),
         students=("hal", "ida"), words="counted under the name of the file"),
    Case((("deep.zip", archive({"Outer/inner.zip": archive({"handin_jo.json":
                                                            _one("Jo", day=12)})})),),
         "Jo"),
    # Learning platforms.
    Case((("Joan Doe_1001_assignsubmission_file_/handin_joan-doe.json", _one("joan doe", day=13)),),
         "joan doe (1001)", "2 people say joan doe"),
    Case((("Joan Doe_1002_assignsubmission_file_/handin_joan-doe.json", _one("Joan Doe", day=14)),),
         "Joan Doe (1002)"),
    Case((("Kim Park_1003_assignsubmission_file_/common.zip",
           archive({"common/set.json": SET, "common/work/answers.json": _store(15)})),),
         "Kim Park"),
    Case((("Liv Moe_1004_assignsubmission_file_handin_x.json", _one(day=16)),), "Liv Moe"),
    Case((("course.zip", archive({
        "Min Lee_1005_assignsubmission_file_/99_f.ipynb": notebook(ASK),
        "Min Lee_1005_assignsubmission_file_/handin_min.json": _one("Min Lee", day=17),
        "Ola Nor_1006_assignsubmission_file_/essay.docx": b"PK",
        "Ola Nor_1006_assignsubmission_file_/handin_ola.json": "{",
    })),), students=("Lee, Min", "!Ola Nor"), words="2 things in it are not used"),
    Case((("canvasconnie_9001_70001_handin_c.json", _one(day=18)),), "Canvas, Connie"),
    Case((("pauldot_LATE_9002_70002_handin_paul-dot.json", _one("Paul Dot", day=19)),),
         "Paul Dot"),
    Case((("quinnray_9003_70003_99_f-1.ipynb", notebook('check("99.1", 89.5)')),), "quinnray"),
    # Keys.
    Case((("handin_22222222.json", _one(key="22222222", day=20)),), "Rosa Keyed"),
    Case((("handin_33333333.json", '{"what": "hrd hand-in", "answers": {"99'),),
         "!Fatima al-Zahra", "cut off or damaged"),
    Case((("x1/handin_44444444.json", _one(key="44444444", day=21)),), "D'Angelo, Maria"),
    Case((("x2/handin_44444444.json", handin("44444444", "Carl Stone", "B",
                                             "2030-01-01T00:00:00+00:00",
                                             _1=stamped(5, day=22))),),
         "Carl Stone (with the key of D'Angelo, Maria)", "counts for neither"),
    Case((("handin_55555555 (1).json", _one(key="55555555", day=23)),), "Carl Stone"),
    Case((("handin_STRANGER.json", _one(key="STRANGER", day=24)),), "STRANGER",
         "its key STRANGER is not in the roster"),
    Case((("handin_AAAAAAAA.json", b"\x00\x01\x02"),), "!Unread Able", "cut off or damaged"),
    # Names in other forms.
    Case((("jose.json", _one("Jose\u0301 Nu\u0301n\u0303ez", day=25)),), "José Núñez"),
    Case((("solo1.json", _one("solo twice", day=26)),), "Solo Twice", "share no answer's history"),
    Case((("solo2.json", _one("Twice, Solo", day=27)),), "Solo Twice"),
    Case((("maria-a.json", _one("Maria", day=28)),), "Maria (maria-a.json)", "2 people say Maria"),
    Case((("maria-b.json", _one("Mar\u200bia", day=29)),), "Maria (maria-b.json)"),
    Case((("week1/rae.json", _one("Rae", day=30)), ("week2/rae.json", handin(
        "", "Rae", "B", "2026-02-01T00:00:00+00:00",
        _1=stamped(RIGHT, 80, day=30)))), "Rae", "of each exercise the newest answer counts"),
    Case((("sam/handin_sam.json", _one("Sam", day=31)), ("sam/notes.ipynb", notebook(ASK))),
         "Sam"),
    Case((("tia.json.txt", _one("Tia", day=2)),), "Tia"),
    Case((("utf16.json", _one("Uma", day=3).encode("utf-16")),), "Uma"),
    Case((("bom.json", b"\xef\xbb\xbf" + _one("Vic", day=4).encode()),), "Vic"),
    Case((("other-build.json", _one("Wes", day=5, build="OTHER")),), "Wes",
         "comes from build OTHER"),
    # Broken and hostile.
    Case((("null.ipynb", '{"cells":[{"cell_type":"code","source":null}]}'),), "",
         "holds no exercise"),
    Case((("null2/five.ipynb", '{"cells":[{"cell_type":"code","source":5}],"metadata":5}'),),
         "", "holds no exercise"),
    Case((("surrogate.json", handin("", "Half \ud83d", "B", _r1=record("\ud83d text"))),),
         "Half ?"),
    Case((("huge.ipynb", notebook(f'check("99.1", 0x{"f" * 4000})')),), "huge",
         "counted under the name of the file"),
    Case((("digits.json", handin("", "Digi", "B", _1=record(0)).replace("0", "9" * 5000)),), "",
         "cannot be read as JSON"),
    Case((("empty.json", ""),), "", "is empty"),
    Case((("empty.zip", archive({})),), "", "is an empty zip file"),
    Case((("list.json", "[1]"),), "", "neither a hand-in file nor a notebook"),
    Case((("deep.json", "[" * 100_000),), "", "nested too deep"),
    Case((("latin.json", '{"a":"é"}'.encode("latin-1")),), "", "not text in UTF-8"),
    Case((("essay.pdf", b"%PDF"),), "", "is not a notebook"),
    Case((("bomb.zip", _bomb()),), "", "unpacks to more than"),
    Case((("climb.zip", archive({"../../climbed.json": "{}", "/root.json": "{}"})),), "",
         "points outside"),
    Case((("broken.zip", b"PK\x03\x04 and then nothing"),), "", "not a zip file"),
    Case((("locked.zip", _locked()),), "", "locked with a password"),
    Case((("junk.zip", archive({f"m{n}.json": "{" for n in range(40)})),), "",
         "40 things in it are not used"),
    Case(((".DS_Store", b"x"), ("._handin.json", b"x")), "", "files that a computer leaves"),
    Case((("old.ipynb", '{"worksheets":[],"nbformat":3}'),), "", "notebook of an old form"),
    Case((("noanswers.json", '{"what":"hrd hand-in","answers":[]}'),), "", "holds no answers"),
    Case((("escape.ipynb", notebook('check("99.1", "\\d")', 'x = "\\q"')),), "escape",
         "counted under the name of the file"),
    Case((("answers_export.json", _store(6)),), "answers_export.json", "says nowhere whose"),
    Case((("script.json", _one("<script>alert(1)</script>", day=8)),),
         "<script>alert(1)</script>"),
    # Files of another kind where an answer was due: its student is not missing.
    Case((("Pia Arch_1009_assignsubmission_file_/handin.7z", b"7z\xbc\xaf"),), "!Pia Arch",
         "is not a notebook, hand-in file or zip file"),
    Case((("Nina Onl_1010_assignsubmission_onlinetext_/onlinetext.html", "<p>Hello"),),
         "!Nina Onl", "is not a notebook"),
    Case((("handin_dee", _one("No Suffix", day=11)),), "!dee", "is not a notebook"),
    # Names that a spreadsheet, a page or a path might act on.
    Case((("formula.json", _one("=cmd|'/c calc'!A0", day=4)),), "=cmd|'/c calc'!A0"),
    Case((("at.json", _one("\t@SUM(A1)", day=5)),), "@SUM(A1)"),
    Case((("lines.json", _one('Abe\r\nX,Y\n"Z', day=7)),), 'Abe X,Y "Z'),
    Case((("rtl.json", _one("\u202eevil\u202c Rita", day=8)),), "evil Rita"),
    Case((("long.json", _one("L" * 10_000, day=9)),), "L" * 80),
    Case((("invisible.json", _one("\u200b\u00a0 ", day=11)),), "invisible",
         "counted under the name of the file"),
    Case((("none.json", json.dumps({"what": "hrd hand-in", "name": None, "key": 5, "build": ["B"],
                                    "answers": {"99.1": stamped(RIGHT, day=13)}})),),
         "none", "counted under the name of the file"),
    Case((("up.json", _one("../x", day=2)),), "../x"),
    Case((("climber.json", _one("Key Climb", key="../../etc", day=22)),), "Key Climb",
         "its key ../../etc is not in the roster"),
    # Archives and numbers that promise what they do not hold.
    Case((("many.zip", archive({f"m{n:03}.json": b"0" * 4_000_000 for n in range(80)})),), "",
         "not used: unpacks to more than it should hold"),
    Case((("lying.zip", _lying()),), "", "damaged or locked"),
    Case((("nest.zip", _nested(4)),), "", "inside too many others"),
    Case((("back.zip", archive({"..\\..\\x.json": _one("Climb"), "C:\\y.json": _one("C")})),),
         "", "2 things in it are not used"),
    Case((("sfx.zip", b"MZ" + b"\0" * 500 + archive({"a.json": _one("Self Extract", day=27)})),),
         "Self Extract"),
    Case((("nan.json", '{"what":"hrd hand-in","name":"Nan Person","answers":{"99.1":{"value":NaN,'
           '"history":[{"value":1e999,"at":"2026","phase":"x"}]}}}'),), "Nan Person"),
    Case((("version.json", json.dumps({"what": "hrd hand-in", "version": 99, "name": "Future Ver",
                                       "answers": {"99.1": stamped(RIGHT, day=15)}})),),
         "Future Ver"),
    Case((("login.json", "<!doctype html><title>Log in</title>"),), "", "cannot be read as JSON"),
    Case((("UPPER.JSON", _one("Upper Case", day=14)),), "Upper Case"),
    Case((("utf32.json", _one("Utf ThirtyTwo", day=18).encode("utf-32")),), "Utf ThirtyTwo"),
    Case((("Rosa-set/handin_rosa-set.json", _one("Rosa-set", day=7)),), "Rosa-set"),
)  # fmt: skip


def write(folder: Path) -> None:
    """Write every case into one folder."""
    for case in CASES:
        for name, content in case.files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

"""What a page answers without Python is what Python answers."""

from __future__ import annotations

import base64
import functools
import gzip
import json
import math
import os
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy

from helpers import data
from helpers.data import load_vignettes
from helpers.exercises import grading, reading
from helpers.exercises.table import exercises_dir, plain_entry, read_table
from helpers.panels.base import Several
from helpers.panels.base.panel import cells, records
from helpers.panels.cases.tracing import TracingBench
from helpers.panels.typology import coding
from helpers.site import build
from helpers.site.formulas import cases, given
from helpers.site.page import coding_bench
from helpers.site.sealing import sealed_entry
from helpers.site.settings import Stored, values_of
from helpers.study.evidence import PROBABILITIES, Evidence, Weights, as_file
from tests.site import built

pytestmark = pytest.mark.browser
SETTINGS = int(os.environ.get("HRD_SITE_SETTINGS", "10"))
# The notebooks with panels that the page computes.
FORMULAS = ("02", "03", "04", "06", "07", "08", "09", "10", "11", "12")
UNITS = (None, "%", "percent", "months", "women", "days", "Monate", "points", "times", "of 100")
_PIECES = (
    *"0123456789", *"0123456789", ".", ",", "-", "+", "/", " ", "%", "e", "E", "1,000", "12.5",
    "1.234,5", "1 000", "٣", "５", "−", "⁄", "½", " percent", "per cent", " months", "MONTHS",
    "women", "e400", "sqrt(", ")", "(", "*", "^", "=", " of ", "two", "x", "ln(", "exp(", "2",
    "-fold", "points", "pp", "years", " db", "e-7", "\u00a0", "\u2009", "²", "0.5", "17/19",
    "89", "'", '"', "nan",
)  # fmt: skip


def entries(count: int) -> list[list[Any]]:
    draw = random.Random(20)
    out: list[list[Any]] = []
    for _ in range(count):
        text = "".join(draw.choice(_PIECES) for _ in range(draw.randint(1, 5)))
        out.append([text, draw.choice(UNITS)])
    return out


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return math.isclose(one, other, rel_tol=4e-16)


def read_here(text: str, unit: str | None) -> Any:
    try:
        return reading.parse_number(text, unit)
    except reading.UnreadableAnswer as error:
        return str(error)


def test_no_name_is_given_twice_in_the_scripts() -> None:
    # They are one script in the page, where a second function of a name takes the first's place.
    names = re.findall(r"^(?:async )?(?:function|const|let) (\w+)", built.scripts(), re.MULTILINE)
    assert len(names) > 100
    assert [name for name in set(names) if names.count(name) > 1] == []


def test_numbers_are_read_alike(bench: Any) -> None:
    asked = entries(8000)
    read = """asked => asked.map(([text, unit]) => {
        try { return reading.number(text, unit) } catch (error) { return error.message }
    })"""
    there = bench.evaluate(read, asked)
    here = [read_here(*one) for one in asked]
    numbers = sum(isinstance(one, float) for one in here)
    assert 1500 < numbers < 7500  # both kinds are tried
    # The exponential may differ in the last of its sixteen digits.
    assert [x for x in zip(asked, here, there, strict=True) if not alike(x[1], x[2])] == []


def test_numbers_are_rounded_and_written_alike(bench: Any) -> None:
    draw = random.Random(21)
    numbers = [
        draw.choice((1, -1)) * draw.random() * 10 ** draw.randint(-9, 12) for _ in range(3000)
    ]
    numbers += [round(x, draw.randint(0, 3)) for x in numbers[:1000]] + [0.5, 1.5, -2.5, 0.125, 0.0]
    asked = [[x, draw.randint(-2, 7)] for x in numbers]
    there = bench.evaluate(
        "asked => asked.map(([x, p]) => [reading.onGrid(x, p), reading.numberText(x)])", asked
    )
    here = [[reading.on_grid(x, p), grading.number_text(x)] for x, p in asked]
    assert [x for x in zip(asked, here, there, strict=True) if x[1] != x[2]] == []


def tries(entry: dict[str, Any], fields: dict[str, Any], draw: random.Random) -> list[Any]:
    """Return answers to an exercise as its form sends them, right and wrong ones."""
    kind = entry["entry"] if entry["kind"] == "prediction" else entry["kind"]
    options = entry.get("options", [])
    if kind == "choice":
        return [*options, ""]
    if kind == "multiple":
        some = [[o for o in options if draw.random() < 0.5] for _ in range(10)]
        return [list(reading.match_options(fields["answer"], options)), *some]
    if kind == "ordering":
        mixed = [draw.sample(options, len(options)) for _ in range(10)]
        right = list(fields["answer"])
        mixed += [right[:k] + draw.sample(right[k:], len(right) - k) for k in range(1, len(right))]
        return [right, *mixed, options[:-1], [options[0]] * len(options)]
    if kind == "number":
        near = [fields.get("answer", 50), *fields.get("wrong", {})]
        near += [
            x + draw.uniform(-2, 2) * entry.get("tolerance", 1) for x in near for _ in range(3)
        ]
        near += [near[0] / 100, -500, 5000]
        unit = entry.get("unit") or ""
        texts = [f"{x:.6g}" for x in near]
        return [*texts, *(f"{t} {unit}" for t in texts[:3]), "17/19", "1,000", "many", " "]
    if kind == "text" and entry["kind"] == "text":
        accepted = fields["answer"] if isinstance(fields["answer"], list) else [fields["answer"]]
        return [*accepted, *(f" {a.upper()}!" for a in accepted), *fields.get("wrong", {}), "no"]
    return ["Ein Gedanke, straße", " ", ""]


def test_exercises_are_checked_alike(bench: Any) -> None:
    draw, compared, differ = random.Random(22), 0, []
    for source in sorted(exercises_dir().glob("[0-9]*.py")):
        for item in read_table(source):
            if item.kind == "code":
                continue
            plain = plain_entry(item)
            asked = tries(plain, item.fields, draw)
            there = bench.evaluate(
                "async ([entry, asked]) => { const out = [];"
                " for (const one of asked) out.push(await grade(entry, one)); return out }",
                [sealed_entry(item), asked],
            )
            for answer, said in zip(asked, there, strict=True):
                verdict = grading.grade(plain, answer)
                here = {
                    "word": verdict.word,
                    "message": verdict.message,
                    "checked": verdict.checked,
                }
                compared += 1
                if here != said:
                    differ.append((item.identifier, answer, here, said))
    print(f"\n{compared} entries to exercises compared")
    assert compared > 1000
    assert differ == []


def stored(site: Path, name: str) -> dict[str, Any]:
    text = (site / "panels" / f"{name}.js").read_text("utf-8")
    packed = re.fullmatch(r'hrdHold\("[^"]+", "([^"]*)"\);', text)
    assert packed
    return dict(json.loads(gzip.decompress(base64.b64decode(packed[1]))))


def here(panel: Any, setting: str) -> dict[str, Any]:
    try:
        picture = panel.at(setting)
    except ValueError as problem:
        return {"error": str(problem)}
    rows = {name: records(rows) for name, rows in picture.rows.items()}
    plain = {"rows": rows, "sentence": picture.sentence, "table": cells(picture.table)}
    return dict(json.loads(json.dumps({**plain, "error": ""}, default=lambda x: x.item())))


def near(mine: Any, there: Any) -> bool:
    """Tell whether two answers are the same, numbers to 1e-9 and texts to the letter."""
    if isinstance(mine, dict) and isinstance(there, dict):
        return mine.keys() == there.keys() and all(near(mine[k], there[k]) for k in mine)
    if isinstance(mine, list) and isinstance(there, list):
        return len(mine) == len(there) and all(map(near, mine, there))
    if isinstance(mine, float | int) and isinstance(there, float | int):
        return math.isclose(mine, there, rel_tol=1e-9, abs_tol=1e-9)
    return bool(mine == there)


SAID = """([name, setting]) => {
    at[name].open(setting);
    const { rows, sentence, table, error, setting: kept } = at[name].get("frame");
    const ghosts = Object.keys(rows ?? {}).filter((key) => key.endsWith("_ghost"));
    ghosts.forEach((key) => delete rows[key]);
    return error ? { error, kept } : { rows, sentence, table, error, kept };
}"""


def state_at(panel: Any, values: dict[str, Any], usual: list[int], places: list[int]) -> Any:
    chosen = {
        field: known[i]
        for (field, known), i, default in zip(values.items(), places, usual, strict=True)
        if i != default  # a default may name a box that is not drawn
    }
    return type(panel._default)(**{**vars(panel._default), **chosen})


@pytest.mark.parametrize("book", build.chosen(built.BOOKS), ids=lambda path: path.stem)
def test_panels_answer_alike(bench: Any, site: Path, book: Path) -> None:
    draw = random.Random(23)
    found = built.panels_of(book)
    assert found
    for name, panel in found.items():
        kept = stored(site, name)
        bench.evaluate("([name, kept]) => { panel(name, kept) }", [name, kept])
        keys = draw.sample(sorted(kept["frames"]), min(SETTINGS, len(kept["frames"])))
        values = {field: values_of(control) for field, control in panel._controls.items()}
        differ = []
        for key in keys:
            places = [int(part) for part in key.split(".")] if key else []
            state = state_at(panel, values, kept["default"], places)
            setting = panel._write(state)
            there = bench.evaluate(SAID, [name, setting])
            assert there.pop("kept") == setting
            mine = here(panel, setting)
            if mine["error"]:
                mine = {"error": mine["error"]}
            if mine != there:
                differ.append((setting, mine, there))
        print(f"\n{name} {type(panel).__name__}: {len(keys)} compared, {len(differ)} differ")
        assert differ == [], name


ASK = """([name, settings]) => settings.map((setting) => {
    at[name].open(setting);
    const { rows, sentence, table, greyed, error, setting: kept } = at[name].get("frame");
    for (const key of Object.keys(rows ?? {})) if (key.endsWith("_ghost")) delete rows[key];
    return error ? { error, kept } : { rows, sentence, table, greyed, kept };
})"""


def test_tools_of_the_formulas_agree_with_scipy_and_numpy(bench: Any) -> None:
    asked = [[df, x] for df in range(1, 9) for x in (0.0, 1e-6, 0.3, 3.84, 12.4, 12.6, 40.0, 300.0)]
    there = bench.evaluate("asked => asked.map(([df, x]) => chiSquaredTail(df, x))", asked)
    here = [scipy.stats.chi2.sf(x, df) for df, x in asked]
    assert there == pytest.approx(here, rel=1e-11, abs=0)

    draw = np.random.default_rng(25)
    parts = [draw.normal(size=(size, size + 2)) for size in (1, 2, 5)]
    for matrix in (part @ part.T for part in parts):
        right = draw.normal(size=len(matrix))
        there = bench.evaluate("([m, r]) => solved(m, r)", [matrix.tolist(), right.tolist()])
        assert there == pytest.approx(np.linalg.solve(matrix, right), rel=1e-9)
    apart = [[0.3, -0.3, 0.0], [-0.3, 0.3, 0.0], [0.0, 0.0, 0.1]]
    assert bench.evaluate("m => solved(m, [1, 2, 3])", apart) is None


def boxes(control: Any) -> int:
    return len(control.options) if isinstance(control, Several) else 0


@functools.cache
def computed(number: str) -> dict[str, Stored]:
    """Return the panels of a notebook that the page computes."""
    (book,) = build.chosen([number])
    return {name: Stored(panel) for name, panel in built.panels_of(book).items() if given(panel)}


def drawn(stored: Stored, draw: random.Random) -> list[Any]:
    """Return settings: every control at an end, each alone there, the others by chance."""
    start = stored.place_of(stored.panel._start)
    ends = [(0, len(values) - 1) for values in stored.values]
    out = [tuple(low for low, _ in ends), tuple(high for _, high in ends)]
    out += [(*start[:k], end, *start[k + 1 :]) for k, pair in enumerate(ends) for end in pair]
    counts = [boxes(control) for control in stored.panel._controls.values()]
    while len(out) < 60 * SETTINGS:
        # Most controls where they start: with every filter set, hardly an event is left.
        out.append(
            tuple(
                usual
                if draw.random() < 0.6
                else usual ^ sum(1 << k for k in range(count) if draw.random() < 0.3)
                if count
                else draw.randint(*pair)
                for usual, pair, count in zip(start, ends, counts, strict=True)
            )
        )
    return [stored.state_at(place) for place in out]


@pytest.mark.parametrize("number", FORMULAS)
def test_formulas_answer_alike(bench: Any, number: str) -> None:
    draw = random.Random(24)
    found = computed(number)
    assert found
    for name, stored in found.items():
        panel = stored.panel
        bench.evaluate("([name, kept]) => { panel(name, kept) }", [name, stored.content()])
        states = drawn(stored, draw)
        settings = [panel._write(state) for state in states]
        said = bench.evaluate(ASK, [name, settings])
        refusals, differ = 0, []
        for state, setting, there in zip(states, settings, said, strict=True):
            assert there.pop("kept") == setting
            mine = here(panel, setting)
            if mine.pop("error"):
                refusals += 1
                mine = {"error": here(panel, setting)["error"]}
            else:
                mine["greyed"] = type(panel).unavailable(state, panel.data)
            if not near(mine, there):
                differ.append((setting, mine, there))
        print(
            f"\n{name} {type(panel).__name__}: {len(states)} compared ({refusals} refused), "
            f"{len(differ)} differ"
        )
        assert differ == [], name
        assert refusals < len(states) / 2


SENT = """async ([name, messages]) => {
    const frames = [];
    for (const message of messages) {
        at[name].send(message);
        await null; // it answers afterwards
        const { rows, sentence, error, shown, setting } = at[name].get("frame");
        frames.push({ rows, sentence, error, shown, setting });
    }
    return frames;
}"""


@pytest.mark.parametrize("number", FORMULAS)
def test_moves_one_after_the_other_lead_to_the_same(bench: Any, number: str) -> None:
    """Traces of the setting before, what is kept for later, and what stays after a refusal."""
    draw = random.Random(25)
    for name, stored in computed(number).items():
        panel = stored.panel
        bench.evaluate("([name, kept]) => { panel(name, kept) }", [name, stored.content()])
        controls = list(zip(stored.fields, stored.values, strict=True))
        messages: list[dict[str, Any]] = []
        for state in draw.sample(drawn(stored, draw), 10):
            opened = {"kind": "open", "setting": panel._write(state)}
            messages.append(draw.choice([opened, {"kind": "reset"}]))
            for field, values in draw.choices(controls[:2] + controls, k=6):
                messages.append({"kind": "move", "changes": {field: draw.choice(values)}})
        said = bench.evaluate(SENT, [name, messages])
        for message, there in zip(messages, said, strict=True):
            panel._told(message)
            frame = panel._view.frame
            mine = {key: frame[key] for key in there}
            assert near(json.loads(json.dumps(mine, default=lambda x: x.item())), there), (
                name,
                message,
            )


def test_agreement_with_the_key_is_said_alike(bench: Any) -> None:
    draw = random.Random(21)
    vignettes = coding.keyed(load_vignettes())
    rows = coding_bench(coding.CodingBench(vignettes, Path("nowhere") / "codes.csv"))
    drawn: list[dict[str, str]] = [{}]
    for _ in range(300):
        some = vignettes.sample(draw.randint(1, 39), random_state=draw.randint(0, 10**6))
        right = draw.random()
        codes = {}
        for name, key in zip(some["vignette_id"], some["key"], strict=True):
            codes[name] = key if draw.random() < right else draw.choice(coding.CODES)
        drawn.append(codes)
    said = bench.evaluate(
        "([rows, drawn]) => drawn.map((codes) => agreementSaid(rows, codes))", [rows, drawn]
    )
    assert said == [coding.say_agreement(vignettes, codes) for codes in drawn]


def some_weights(evidence: Evidence, draw: random.Random) -> Weights:
    names = evidence.cards["card_id"].tolist()
    return Weights(
        prior={h: draw.randint(1, 20) for h in evidence.keys} if draw.random() < 0.5 else {},
        expected={
            card: {h: draw.choice(list(PROBABILITIES)) for h in evidence.keys}
            for card in names
            if draw.random() < 0.7
        },
        left_out=tuple(card for card in names if draw.random() < 0.1),
        own=(("own-1", "A letter & <b>more</b>", "http://example.org/?a=1&b='2'"),),
    )


def bench_move(bench: TracingBench, draw: random.Random) -> dict[str, Any]:
    """Return what a learner may do next: mostly to weigh a card and to go on."""
    h = draw.choice(bench.evidence.keys)
    partner = json.dumps(as_file(bench.evidence, some_weights(bench.evidence, draw)))
    torn = draw.choice(
        ['{"format": 1}', partner[:90], partner.replace("azerb", "x").replace("viet", "y")]
    )
    moves: list[dict[str, Any]] = [
        {f"if_{h}": draw.choice(list(PROBABILITIES))},
        {f"if_{h}": draw.choice(list(PROBABILITIES)), "next": True},
        {draw.choice(["next", "next_open", "previous"]): True},
        {"card": draw.choice(bench.cards)},
        {f"prior_{h}": draw.randint(1, 20)},
        {"left_out": draw.random() < 0.5},
        {draw.choice(["once", "ours"]): draw.random() < 0.5},
        {"focal": h},
        {"upload": {"name": "x.json", "size": 9, "text": draw.choice([partner, partner, torn])}},
        {
            "own_title": " A  <i>note</i> ",
            "own_source": draw.choice(["", "http://a.b/?'&c"]),
            "add": True,
        },
        {draw.choice(["add", "remove", "same"]): True},
        {draw.choice(["start_over", "undo"]): True},
    ]
    return draw.choices(moves, weights=[8, 20, 4, 8, 3, 2, 2, 2, 2, 1, 2, 0.5])[0]


@pytest.mark.parametrize("case", ["azerbaijan", "vietnam"])
def test_cards_are_weighed_alike(bench: Any, case: str) -> None:
    draw = random.Random(26)
    loads = (data.load_evidence_cards, data.load_hypotheses, data.load_readings)
    mine = TracingBench(Evidence(case, *(load(case) for load in loads)))
    made = json.loads(json.dumps(cases.bench(mine)["tracing"]))
    bench.evaluate("made => { at.bench = tracingModel(made); at.bench.paired = () => {} }", made)
    send = """async (changes) => {
        at.bench.send({ kind: "move", changes });
        await null; await null;
        return [at.bench.get("frame"), at.bench.pair.get("frame")];
    }"""
    asked = ("rows", "sentence", "table", "state", "greyed", "options", "notes", "error")
    refused = compared = 0
    for _ in range(20 * SETTINGS):
        move = bench_move(mine, draw)
        there, beside = bench.evaluate(send, move)
        mine._told({"changes": move})
        here = {key: mine._view.frame[key] for key in asked if key in mine._view.frame}
        refused += bool(here["error"])
        # A trace moves, or stays, where only the last digits have moved.
        here["rows"], there["rows"] = (
            {name: rows for name, rows in side["rows"].items() if not name.endswith("_ghost")}
            for side in (here, there)
        )
        assert there["greyed"].pop("path") == "works in the notebook only"
        assert near(json.loads(json.dumps(here)), {key: there[key] for key in here}), move
        if mine.partner is not None:
            compared += 1
            pair = {key: mine._pair_view.frame[key] for key in ("rows", "sentence", "table")}
            assert near(json.loads(json.dumps(pair)), {key: beside[key] for key in pair}), move
    print(f"\n{case}: {compared} comparisons with a partner, {refused} refusals")
    assert compared > 2 * SETTINGS

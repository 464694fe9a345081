"""The process tracing bench: a learner weighs cards of evidence under rival hypotheses.

`weigh` is the pure part: evidence and weights in, a picture out. `TracingBench` is the
widget around it, which keeps the weights in the work folder after each change.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import html
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

import ipywidgets as widgets
import pandas as pd

from helpers import charts
from helpers.charts import drawing
from helpers.charts import tracing as pictures
from helpers.data.schemas import EXPECTED
from helpers.panels.base.controls import (
    Button,
    Choice,
    Line,
    Piece,
    Slider,
    Steps,
    Toggle,
    Upload,
    Words,
)
from helpers.panels.base.live import BELOW, FIRST, MORE, LiveView
from helpers.panels.base.panel import cells, stacked, with_rows
from helpers.panels.cases.weighing import compare, percent, weigh
from helpers.provenance.kinds import Provenance, provenance_of
from helpers.store.answers import SettingStore, work_dir
from helpers.study.evidence import (
    MOST_OWN,
    NEUTRAL,
    POINTS,
    PROBABILITIES,
    START,
    Evidence,
    Weights,
    as_file,
    card_table,
    from_file,
    prior_of,
    worked_reading,
)

_LONGEST: Final = 1_000_000


_SCALE: Final = {f"{word} ({PROBABILITIES[word]:.2f})": word for word in EXPECTED}
_ROOM: Final = f"There is room for {MOST_OWN} cards of your own."
NOT_OWN: Final = "Only a card of your own can be removed."
NO_UNDO: Final = "Nothing was cleared since you last weighed a card."
OURS: Final = "Our worked reading is shown; take its tick away to weigh again."


class TracingBench:
    """Weigh cards of evidence one at a time; see beliefs, tests and sensitivity follow.

    Parameters
    ----------
    evidence : Evidence
    keep : str, optional
        A name such as "06.tracing" under which weights are kept in the work folder after
        each change and found again after a restart. Without it nothing is kept.
    """

    def __init__(self, evidence: Evidence, keep: str = "") -> None:
        self.evidence = evidence
        self._keep = keep
        self._store = SettingStore()
        self.notice = ""
        self.weights = self._kept()
        self.focal = "H3"
        self.once = False
        self.showing_ours = False
        self.partner: Weights | None = None
        self._before: Weights | None = None
        self._said = dict.fromkeys(("own", "export", "partner"), "")
        self._typed = dict.fromkeys(("own_title", "own_source", "path"), "")
        self._place = self._first_open()
        self._build()
        self._show()

    # What is kept ------------------------------------------------------------------------

    def _kept(self) -> Weights:
        content = self._store.get(self._keep) if self._keep else ""
        if content == "":
            return Weights()
        try:
            return from_file(self.evidence, content, whole=False)
        except ValueError as problem:
            # What was kept stays in the store until the next change of a card.
            self.notice = f"The weights kept from last time cannot be used: {problem}"
            return Weights()

    def _changed(self, weights: Weights, before: Weights | None = None) -> None:
        self.weights = weights
        # Undo is offered until something new is weighed, which it would destroy.
        self._before = before
        if self._keep:
            saved = self._store.record(self._keep, as_file(self.evidence, weights))
            self.notice = "" if saved else self._store.notice
        self._show()

    # What a program can do ---------------------------------------------------------------

    @property
    def cards(self) -> list[str]:
        """Identifiers of all cards, the reader's own last."""
        return card_table(self.evidence, self.weights).index.tolist()

    @property
    def card(self) -> str:
        """The card on show."""
        return self.cards[self._place]

    @property
    def sentence(self) -> str:
        """What the bench says now."""
        return str(self._view.frame.get("sentence", ""))

    @property
    def rows(self) -> dict[str, Any]:
        """The rows drawn now, by data set of the chart."""
        return dict(self._view.frame.get("rows", {}))

    @property
    def error(self) -> str:
        """What is wrong at present; empty when nothing is."""
        return str(self._view.frame.get("error", ""))

    @property
    def partner_note(self) -> str:
        """What was said of the partner's file last; empty before there was one."""
        return self._said["partner"]

    @property
    def shown(self) -> Mapping[str, Any]:
        """What the controls show now, by name."""
        return dict(self._view.frame.get("state", {}))

    def read_as(self, focal: str = "H3", once: bool = False, ours: bool = False) -> None:
        """Choose the hypothesis tested, how one source counts, and whose reading is shown."""
        self.focal, self.once, self.showing_ours = focal, once, ours
        self._show()

    def go(self, card: str) -> None:
        """Show a card."""
        self._place = self.cards.index(card)
        self._show()

    def rate(self, words: Mapping[str, str], card: str = "") -> None:
        """Say how expected a card is under some hypotheses; by default the card on show."""
        card = card or self.card
        mine = {**self.weights.expected.get(card, {}), **words}
        self._changed(
            dataclasses.replace(self.weights, expected={**self.weights.expected, card: mine})
        )

    def add(self, title: str, source: str = "") -> None:
        """Add a card of one's own, and show it."""
        title = " ".join(title.split())[:80]
        taken = {name for name, _, _ in self.weights.own}
        if not title:
            self._say("own", "Write what was seen before you add the card.")
            return
        if len(taken) >= MOST_OWN:
            self._say("own", _ROOM)
            return
        name = next(f"own-{n}" for n in range(1, MOST_OWN + 1) if f"own-{n}" not in taken)
        own = (*self.weights.own, (name, title, " ".join(source.split())[:300]))
        self._changed(dataclasses.replace(self.weights, own=own))
        self._said["own"] = "✓ Added; weigh it now."
        self.go(name)

    def remove(self, card: str) -> None:
        """Take away a card of one's own; the others can only be left out."""
        kept = tuple(row for row in self.weights.own if row[0] != card)
        if kept == self.weights.own:
            self._say("own", NOT_OWN)
            return
        expected = {c: w for c, w in self.weights.expected.items() if c != card}
        out = tuple(c for c in self.weights.left_out if c != card)
        self._place = 0
        self._changed(dataclasses.replace(self.weights, own=kept, expected=expected, left_out=out))

    def export(self) -> None:
        """Write the weights to a file in the work folder and say where."""
        path = work_dir() / f"cards_{self.evidence.case}.json"
        content = json.dumps(as_file(self.evidence, self.weights), ensure_ascii=False, indent=2)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content + "\n", encoding="utf-8")
        except OSError as error:
            self._say(
                "export",
                f"The file could not be written ({error.strerror or error}); check that the "
                f"folder {path.parent.name} can be written to.",
            )
            return
        self._say(
            "export",
            f"Written: {path.parent.name}/{path.name}. Hand it to a partner; it opens in any "
            "text editor.",
            sign="✓",
        )

    def read_partner(self, raw: bytes) -> None:
        """Compare with a partner's file; one that cannot be read gives a sentence."""
        try:
            if len(raw) > _LONGEST:
                raise ValueError("it is larger than a file of evidence cards can be.")
            try:
                content = json.loads(raw.decode("utf-8-sig"))
            except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
                raise ValueError("it is not a JSON file, or it was cut off.") from None
            self.partner = from_file(self.evidence, content)
        except ValueError as problem:
            self.partner = None
            self._say("partner", f"This file cannot be compared: {problem}")
            return
        self._say("partner", "Read; the comparison stands under the bench.", sign="✓")

    def open_partner(self, path: str) -> None:
        """Compare with the file at a path."""
        try:
            with open(Path(path.strip()).expanduser(), "rb") as file:
                raw = file.read(_LONGEST + 1)
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or error
            self.partner = None
            self._say("partner", f"{path!r} cannot be opened ({reason}).")
            return
        self.read_partner(raw)

    def start_over(self) -> None:
        """Clear all weights; `undo` brings them back until something new is weighed."""
        self._place = 0
        if self.weights == Weights():
            self._show()
        else:
            self._changed(Weights(), before=self.weights)

    def undo(self) -> None:
        """Bring back what `start_over` cleared; nothing happens when something was weighed."""
        if self._before is not None:
            self._changed(self._before)

    # Building ----------------------------------------------------------------------------

    def _build(self) -> None:
        kinds = provenance_of(self.evidence.cards)
        self._spec, vega, pair = _templates(tuple(self.evidence.names), kinds)
        pieces = self._pieces()
        self._view = LiveView(
            vega,
            pieces,
            places={field: _place_of(field) for field in pieces},
            name="Process tracing bench",
            on_message=self._told,
        )
        self._pair_view = LiveView({"You and your partner": pair}, name="You and your partner")
        self.widget = widgets.VBox([self._view, self._pair_view])
        self.widget.add_class("hrd-tracing")

    def _pieces(self) -> dict[str, Piece]:
        names = dict(zip(self.evidence.keys, self.evidence.names, strict=True))
        says = self.evidence.hypotheses.set_index("hypothesis")["statement"]
        tests = {name: key for key, name in names.items()}
        return {
            "guide": Words(),
            "card": Choice("Card", {card: card for card in self.cards}),
            "previous": Button("Previous"),
            "next": Button("Next"),
            "next_open": Button("Next not weighed"),
            "text": Words(),
            **{f"if_{h}": Steps(f"If {names[h]}", _SCALE, says[h]) for h in names},
            "left_out": Toggle("Leave this card out"),
            "same": Button("All the same"),
            "once": Toggle("Count cards of one source once"),
            "ours": Toggle("Show one worked reading (ours)"),
            "focal": Choice("Read as tests of", tests),
            **{f"prior_{h}": Slider(f"Prior points of {names[h]}", *POINTS) for h in names},
            "own_title": Line("A card of your own", "what was seen, in a few words"),
            "own_source": Line("Its source", "address, page or interview"),
            "add": Button("Add"),
            "remove": Button("Remove this card"),
            "own": Words(spoken=True),
            "export": Button("Export"),
            "start_over": Button("Start over"),
            "undo": Button("Undo"),
            "exported": Words(spoken=True),
            "path": Line("Path of a partner's file", "work/cards_of_my_partner.json"),
            "upload": Upload("or choose the file", ".json"),
            "partner": Words(spoken=True),
        }

    # What the controls do ----------------------------------------------------------------

    def move(self, **changes: Any) -> None:
        """Move controls as a learner does, one after the other: `move(if_H3="likely")`."""
        for field, value in changes.items():
            self._moved(field, value)

    def _told(self, message: Mapping[str, Any]) -> None:
        self.move(**message.get("changes", {}))

    def _moved(self, field: str, value: Any) -> None:
        what, _, hypothesis = field.partition("_H")
        if field == "card" and value in self.cards:
            self.go(value)
        elif field in self._typed:
            self._typed[field] = str(value)
            if field == "path":
                self.open_partner(str(value))
        elif field in {"once", "ours", "focal"}:
            setattr(self, "showing_ours" if field == "ours" else field, value)
            self._show()
        elif field == "upload":
            text = value.get("text")
            self.read_partner(b" " * (_LONGEST + 1) if text is None else text.encode())
        elif what == "if" and not self.showing_ours:
            self.rate({f"H{hypothesis}": value})
        elif what == "prior" and not self.showing_ours:
            prior = {h: self.weights.prior.get(h, START) for h in self.evidence.keys}
            prior[f"H{hypothesis}"] = int(value)
            self._changed(dataclasses.replace(self.weights, prior=prior))
        elif field == "left_out" and not self.showing_ours:
            rest = tuple(c for c in self.weights.left_out if c != self.card)
            out = (*rest, self.card) if value else rest
            self._changed(dataclasses.replace(self.weights, left_out=out))
        elif field in self._presses and not (field == "same" and self.showing_ours):
            self._presses[field](self)

    _presses: ClassVar[Mapping[str, Callable[[TracingBench], None]]] = {
        "previous": lambda bench: bench._step(-1),
        "next": lambda bench: bench._step(1),
        "next_open": lambda bench: bench._next_open(),
        "same": lambda bench: bench.rate(dict.fromkeys(bench.evidence.keys, NEUTRAL)),
        "add": lambda bench: bench._add_typed(),
        "remove": lambda bench: bench.remove(bench.card),
        "export": lambda bench: bench.export(),
        "start_over": lambda bench: bench.start_over(),
        "undo": lambda bench: bench.undo(),
    }

    def _first_open(self) -> int:
        ids = self.cards
        return next((i for i, c in enumerate(ids) if c not in self.weights.expected), 0)

    def _next_open(self) -> None:
        ids = self.cards
        ahead = [*range(self._place + 1, len(ids)), *range(self._place + 1)]
        open_ = (i for i in ahead if ids[i] not in self.weights.expected)
        self._place = next(open_, self._place)
        self._show()

    def _step(self, by: int) -> None:
        self._place = min(max(self._place + by, 0), len(self.cards) - 1)
        self._show()

    def _add_typed(self) -> None:
        title, source = self._typed["own_title"], self._typed["own_source"]
        self._typed.update(own_title="", own_source="")
        self.add(title, source)

    # Showing -----------------------------------------------------------------------------

    def _say(self, about: str, text: str, sign: str = "⚠") -> None:
        self._said[about] = f"{sign} {text}"
        self._show()

    def _show(self) -> None:
        table = card_table(self.evidence, self.weights)
        self._place = min(self._place, len(table) - 1)
        ours = self.showing_ours
        weights = worked_reading(self.evidence) if ours else self.weights
        controls = self._standing(table, weights)
        whose = "Our worked reading, an illustration; yours is kept" if ours else "Your weights"
        try:
            picture = weigh(self.evidence, weights, self.focal, self.once, whose)
        except ValueError as problem:
            self._view.refuse(str(problem), **controls)
        else:
            words = picture.sentence + (f" ⚠ {self.notice}" if self.notice else "")
            shown = self._view.frame.get("rows", {})
            ghosts = {}
            for name in ("beliefs", "path"):
                same = shown.get(name) == picture.rows[name]
                ghosts[f"{name}_ghost"] = shown.get(f"{name}_ghost" if same else name, [])
            notes = {
                **{f"if_{h}": f"now {text}" for h, text in picture.notes.items()},
                **{
                    f"prior_{h}": percent(share)
                    for h, share in prior_of(self.evidence, weights).items()
                },
            }
            rows = {**picture.rows, **ghosts}
            self._view.show(rows, words, cells(picture.table), notes=notes, **controls)
        self._show_partner()

    def _standing(self, table: pd.DataFrame, weights: Weights) -> dict[str, Any]:
        """Return what the controls show: their values, what is greyed, the cards to choose."""
        ids = table.index.tolist()
        now = ids[self._place]
        done = sum(c in self.weights.expected for c in ids)
        count = f"Card {self._place + 1} of {len(ids)}; {done} weighed."
        mine = weights.expected.get(now, {})
        state = {
            "guide": _guide(self.evidence),
            "card": now,
            "text": _card_html(now, table.loc[now], count),
            **{f"if_{h}": mine.get(h, NEUTRAL) for h in self.evidence.keys},
            "left_out": now in self.weights.left_out,
            "once": self.once,
            "ours": self.showing_ours,
            "focal": self.focal,
            **{f"prior_{h}": weights.prior.get(h, START) for h in self.evidence.keys},
            **self._typed,
            "own": _note(self._said["own"]),
            "exported": _note(self._said["export"]),
            "partner": _note(self._said["partner"]),
        }
        greyed: dict[str, Any] = {}
        if self.showing_ours:
            weighing = [f for f in state if f.startswith(("if_", "prior_"))]
            greyed = dict.fromkeys([*weighing, "same", "left_out"], OURS)
        if now in self.evidence.cards["card_id"].tolist():
            greyed["remove"] = {"true": NOT_OWN}
        if self._before is None:
            greyed["undo"] = {"true": NO_UNDO}
        titles = [[c, f"{i + 1}. {table.at[c, 'title']}{self._sign(c)}"] for i, c in enumerate(ids)]
        return {"state": state, "greyed": greyed, "options": {"card": titles}}

    def _sign(self, card: str) -> str:
        if card in self.weights.left_out:
            return " (left out)"
        return " ✓" if card in self.weights.expected else ""

    def _show_partner(self) -> None:
        self._pair_view.layout.display = "none" if self.partner is None else ""
        if self.partner is None:
            return
        try:
            picture = compare(self.evidence, self.weights, self.partner)
        except ValueError as problem:
            self._pair_view.refuse(str(problem))
            return
        self._pair_view.show(picture.rows, picture.sentence, cells(picture.table))

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = self.widget._repr_mimebundle_()
        # What is saved with the notebook shows the start, whatever a learner has stored.
        start = weigh(self.evidence, Weights(), "H3", False)
        spec = {**with_rows(self._spec, start.rows), "description": start.sentence}
        text = (
            f"[Process tracing bench] {len(self.evidence.cards)} cards, "
            f"{len(self.evidence.keys)} hypotheses; nothing is decided until you weigh them."
        )
        picture = base64.b64encode(drawing.png(spec)).decode("ascii")
        data = {**live, "image/png": picture, "text/plain": text}
        return data, {"image/png": {"alt": text}}


@functools.cache
def _templates(names: tuple[str, ...], kinds: tuple[Provenance, ...]) -> tuple[Any, Any, Any]:
    """Return the bench's spec, and all charts compiled; done once for a list of hypotheses."""
    specs = {
        title: charts.finish(
            picture,
            *kinds,
            Provenance.PUBLISHED,  # the cards from interviews and from Figure 4
            Provenance.ILLUSTRATION,
            title="What the cards, so weighed, do to rival hypotheses",
            description=_SHOWS[title],
        ).to_dict()
        for title, picture in pictures.bench(list(names)).items()
    }
    pair = charts.finish(
        pictures.two_readers(),
        *kinds,
        Provenance.PUBLISHED,
        Provenance.YOURS,
        title="You and your partner, card by card",
        description="For each card the likelihood ratio on which the two differ most.",
    ).to_dict()
    compiled = {title: drawing.compiled(with_rows(spec, {})) for title, spec in specs.items()}
    return stacked(list(specs.values())), compiled, drawing.compiled(with_rows(pair, {}))


_SHOWS: Final = {
    "Beliefs": "Bars: the probability of each hypothesis after the cards; ticks: before them.",
    "Path": "Lines: how each hypothesis fares as the cards are taken in one by one.",
    "Tests": "Each card as a test of the hypothesis chosen, and what happens without it.",
    "Prior": "Lines: what would follow from another prior of the hypothesis chosen.",
}


def _place_of(field: str) -> str:
    """Return where a control stands: the card beside the picture, its weights under it."""
    if field in {"guide", "card", "previous", "next", "next_open", "text"}:
        return FIRST
    if field.startswith("if_") or field in {"left_out", "same", "once", "ours", "focal"}:
        return BELOW
    return MORE


def _note(text: str) -> str:
    return f"<p>{html.escape(text)}</p>" if text else ""


def _link(url: str, text: str) -> str:
    if not url:
        return html.escape(text)
    address, words = html.escape(url, quote=True), html.escape(text)
    return f"<a href='{address}' target='_blank' rel='noopener noreferrer'>{words}</a>"


def _card_html(name: str, card: pd.Series, count: str) -> str:
    quote = f" In words of the source: “{html.escape(card['quote'])}”." if card["quote"] else ""
    refers = f" ({html.escape(card['refers'])})" if card["refers"] else ""
    ask = f"<p><i>Ask:</i> {html.escape(card['ask'])}</p>" if card["ask"] else ""
    return (
        f"<p><b>{html.escape(name)}.</b> {html.escape(card['card'])}{quote}</p>"
        f"<p>Source: {_link(card['source_url'], card['source'])}{refers}. {count}</p>{ask}"
    )


def _guide(evidence: Evidence) -> str:
    items = "".join(
        f"<li><b>{html.escape(row.hypothesis)} {html.escape(row.short)}.</b> "
        f"{html.escape(row.statement)} <i>If true, one expects:</i> {html.escape(row.if_true)} "
        f"({html.escape(row.origin)})</li>"
        for row in evidence.hypotheses.itertuples(index=False)
    )
    return (
        "<details><summary>The rival hypotheses</summary>"
        f"<p>They are taken to exclude each other.</p><ul>{items}</ul></details>"
    )

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
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets
import pandas as pd

from helpers import charts
from helpers.charts import drawing
from helpers.charts import tracing as pictures
from helpers.data.schemas import EXPECTED
from helpers.panels.base.live import LiveView
from helpers.panels.base.panel import cells, with_rows
from helpers.panels.cases.weighing import compare, weigh
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
    worked_reading,
)

_LONGEST: Final = 1_000_000


# The widget -----------------------------------------------------------------------------------

_WIDE: Final = {"description_width": "initial"}
_ROW: Final = widgets.Layout(
    display="flex", flex_flow="row wrap", align_items="center", grid_gap="4px 14px"
)


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
        self._quiet = False
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
        self._over.description = "Start over" if before is None else "Undo"
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
    def error(self) -> str:
        """What is wrong at present; empty when nothing is."""
        return str(self._view.frame.get("error", ""))

    @property
    def partner_note(self) -> str:
        """What was said of the partner's file last; empty before there was one."""
        return html.unescape(re.sub(r"<[^>]*>", "", self._partner_said.value))

    def read_as(self, focal: str = "H3", once: bool = False, ours: bool = False) -> None:
        """Choose the hypothesis tested, how one source counts, and whose reading is shown."""
        self._focal.value, self._once.value, self._ours.value = focal, once, ours

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
            self._own_said.value = _note("Write what was seen before you add the card.")
            return
        if len(taken) >= MOST_OWN:
            self._own_said.value = _note(f"There is room for {MOST_OWN} cards of your own.")
            return
        name = next(f"own-{n}" for n in range(1, MOST_OWN + 1) if f"own-{n}" not in taken)
        own = (*self.weights.own, (name, title, " ".join(source.split())[:300]))
        self._changed(dataclasses.replace(self.weights, own=own))
        self._own_said.value = _note("Added; weigh it above.", good=True)
        self.go(name)

    def remove(self, card: str) -> None:
        """Take away a card of one's own; the others can only be left out."""
        kept = tuple(row for row in self.weights.own if row[0] != card)
        if kept == self.weights.own:
            self._own_said.value = _note("Only a card of your own can be removed.")
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
            self._export_said.value = _note(
                f"The file could not be written ({error.strerror or error}); check that the "
                f"folder {path.parent.name} can be written to."
            )
            return
        self._export_said.value = _note(
            f"Written: {path.parent.name}/{path.name}. Hand it to a partner; it opens in any "
            "text editor.",
            good=True,
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
            self._partner_said.value = _note(f"This file cannot be compared: {problem}")
            self._show_partner()
            return
        self._partner_said.value = _note("Read.", good=True)
        self._show_partner()

    def open_partner(self, path: str) -> None:
        """Compare with the file at a path."""
        try:
            with open(Path(path.strip()).expanduser(), "rb") as file:
                raw = file.read(_LONGEST + 1)
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or error
            self.partner = None
            self._partner_said.value = _note(f"{path!r} cannot be opened ({reason}).")
            self._show_partner()
            return
        self.read_partner(raw)

    def start_over(self) -> None:
        """Clear all weights; a second call, with nothing weighed since, brings them back."""
        self._place = 0
        if self._before is None:
            self._changed(Weights(), before=self.weights)
        else:
            self._changed(self._before)

    # Building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self._guide = widgets.HTML(_guide(self.evidence))
        self._head = widgets.HTML()
        self._text = widgets.HTML()
        self._pick = widgets.Dropdown(
            description="Card", style=_WIDE, layout=widgets.Layout(width="430px", max_width="100%")
        )
        self._pick.observe(lambda c: self._move(c["new"]), names="value")
        scale = [(f"{word} ({PROBABILITIES[word]:.2f})", word) for word in EXPECTED]
        self._words = {}
        for key, name in zip(self.evidence.keys, self.evidence.names, strict=True):
            slider = widgets.SelectionSlider(
                options=scale,
                value=NEUTRAL,
                description=f"If {name}:",
                style={"description_width": "225px"},
                layout=widgets.Layout(width="620px", max_width="100%"),
            )
            slider.observe(lambda c, h=key: self._rated(h, c["new"]), names="value")
            self._words[key] = slider
        self._counts = _check("Leave this card out")
        self._counts.observe(lambda c: self._left_out(c["new"]), names="value")
        self._points = {}
        for key, name in zip(self.evidence.keys, self.evidence.names, strict=True):
            slider = widgets.IntSlider(
                value=START,
                min=POINTS[0],
                max=POINTS[1],
                description=name,
                style={"description_width": "180px"},
                layout=widgets.Layout(width="400px", max_width="100%"),
            )
            slider.observe(lambda c, h=key: self._prior(h, c["new"]), names="value")
            self._points[key] = slider
        self._focal = widgets.Dropdown(
            options=list(zip(self.evidence.names, self.evidence.keys, strict=True)),
            value=self.focal,
            description="Read the cards as tests of",
            style=_WIDE,
            layout=widgets.Layout(width="max-content"),
        )
        self._focal.observe(lambda c: self._set("focal", c["new"]), names="value")
        self._once = _check("Count cards of one source once")
        self._once.observe(lambda c: self._set("once", c["new"]), names="value")
        self._ours = _check("Show one worked reading (ours, an illustration)")
        self._ours.observe(lambda c: self._set("showing_ours", c["new"]), names="value")
        self._spec, vega, _ = _templates(
            tuple(self.evidence.names), provenance_of(self.evidence.cards)
        )
        self._view = LiveView({"The reading": vega})
        self._build_sharing()
        self.widget = widgets.VBox(self._parts())
        self.widget.add_class("hrd-tracing")

    def _build_sharing(self) -> None:
        self._own_title = widgets.Text(
            placeholder="what was seen, in a few words",
            description="A card of your own",
            style=_WIDE,
            layout=widgets.Layout(width="430px", max_width="100%"),
        )
        self._own_source = widgets.Text(
            placeholder="address, page or interview",
            description="Its source",
            style=_WIDE,
            layout=widgets.Layout(width="330px", max_width="100%"),
        )
        self._own_said = _status()
        self._export_said = _status()
        self._partner_said = _status()
        self._path = widgets.Text(
            placeholder="work/cards_of_my_partner.json",
            description="Path of a partner's file",
            continuous_update=False,
            style=_WIDE,
            layout=widgets.Layout(width="430px", max_width="100%"),
        )
        self._upload = widgets.FileUpload(
            accept=".json",
            multiple=False,
            description="or choose the file",
            layout=widgets.Layout(width="max-content"),
        )
        self._upload.observe(self._uploaded, names="value")
        self._over = _button("Start over", self.start_over)
        _, _, pair = _templates(tuple(self.evidence.names), provenance_of(self.evidence.cards))
        self._pair_view = LiveView({"You and your partner": pair})
        self._pair_view.layout.display = "none"

    def _parts(self) -> list[Any]:
        def row(*children: Any) -> Any:
            return widgets.Box(list(children), layout=_ROW)

        head = "<p style='margin:0.6em 0 0'><b>{}</b></p>"
        return [
            self._guide,
            widgets.HTML(
                head.format(
                    "1. The cards: if each hypothesis were true, how expected would this be?"
                )
            ),
            row(
                _button("Previous", lambda: self._step(-1)),
                self._pick,
                _button("Next", lambda: self._step(1)),
                _button("Next not weighed", self._next_open),
            ),
            self._head,
            self._text,
            *self._words.values(),
            row(
                self._counts,
                _button("All the same", lambda: self._all_same()),
                _button("Remove this card", lambda: self.remove(self.card)),
            ),
            widgets.HTML(head.format("2. The prior: points before any card, out of their sum")),
            row(*self._points.values()),
            widgets.HTML(head.format("3. The reading")),
            row(self._focal, self._once, self._ours),
            self._view,
            widgets.HTML(head.format("4. Add, keep, compare")),
            row(
                self._own_title,
                self._own_source,
                _button("Add", self._add_typed),
                self._own_said,
            ),
            row(_button("Export", self.export), self._over, self._export_said),
            row(self._path, _button("Compare", self._open_typed), self._upload),
            self._partner_said,
            self._pair_view,
        ]

    # What the controls do ----------------------------------------------------------------

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

    def _move(self, card: Any) -> None:
        if not self._quiet and card in self.cards:
            self.go(card)

    def _rated(self, hypothesis: str, word: str) -> None:
        if not self._quiet:
            self.rate({hypothesis: word})

    def _all_same(self) -> None:
        self.rate(dict.fromkeys(self.evidence.keys, NEUTRAL))

    def _left_out(self, out: bool) -> None:
        if self._quiet:
            return
        rest = tuple(c for c in self.weights.left_out if c != self.card)
        self._changed(
            dataclasses.replace(self.weights, left_out=(*rest, self.card) if out else rest)
        )

    def _prior(self, hypothesis: str, points: int) -> None:
        if not self._quiet:
            prior = {h: self.weights.prior.get(h, START) for h in self.evidence.keys}
            prior[hypothesis] = points
            self._changed(dataclasses.replace(self.weights, prior=prior))

    def _set(self, name: str, value: Any) -> None:
        if not self._quiet:
            setattr(self, name, value)
            self._show()

    def _add_typed(self) -> None:
        self.add(self._own_title.value, self._own_source.value)
        self._own_title.value = self._own_source.value = ""

    def _open_typed(self) -> None:
        self.open_partner(self._path.value)

    def _uploaded(self, change: Any) -> None:
        if change["new"]:
            self.read_partner(bytes(change["new"][0]["content"]))

    # Showing -----------------------------------------------------------------------------

    def _show(self) -> None:
        self._quiet = True
        table = card_table(self.evidence, self.weights)
        ids = table.index.tolist()
        self._place = min(self._place, len(ids) - 1)
        now = ids[self._place]
        self._pick.options = [
            (f"{i + 1}. {table.at[c, 'title']}{self._sign(c)}", c) for i, c in enumerate(ids)
        ]
        self._pick.value = now
        done = sum(c in self.weights.expected for c in ids)
        self._head.value = f"<p>Card {self._place + 1} of {len(ids)}; {done} weighed.</p>"
        self._text.value = _card_html(now, table.loc[now])
        mine = self.weights.expected.get(now, {})
        for key, slider in self._words.items():
            slider.value = mine.get(key, NEUTRAL)
        self._counts.value = now in self.weights.left_out
        for key, slider in self._points.items():
            slider.value = self.weights.prior.get(key, START)
        self._quiet = False
        self._draw()
        self._show_partner()

    def _sign(self, card: str) -> str:
        if card in self.weights.left_out:
            return " (left out)"
        return " ✓" if card in self.weights.expected else ""

    def _draw(self) -> None:
        ours = self.showing_ours
        weights = worked_reading(self.evidence) if ours else self.weights
        whose = "Our worked reading, an illustration; yours is kept" if ours else "Your weights"
        try:
            picture = weigh(self.evidence, weights, self.focal, self.once, whose)
        except ValueError as problem:
            self._view.refuse(str(problem))
            return
        words = picture.sentence + (f" ⚠ {self.notice}" if self.notice else "")
        shown = self._view.frame.get("rows", {})
        ghosts = {}
        for name in ("beliefs", "path"):
            same = shown.get(name) == picture.rows[name]
            ghosts[f"{name}_ghost"] = shown.get(f"{name}_ghost" if same else name, [])
        self._view.show({**picture.rows, **ghosts}, words, cells(picture.table))

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
    """Return the bench's spec, and both charts compiled; done once for a list of hypotheses."""
    whole = charts.finish(
        pictures.bench(list(names)),
        *kinds,
        Provenance.PUBLISHED,  # the cards from interviews and from Figure 4
        Provenance.ILLUSTRATION,
        title="What the cards, so weighed, do to rival hypotheses",
        description="Beliefs before and after the cards, their path, tests and sensitivity.",
    ).to_dict()
    pair = charts.finish(
        pictures.two_readers(),
        *kinds,
        Provenance.PUBLISHED,
        Provenance.YOURS,
        title="You and your partner, card by card",
        description="For each card the likelihood ratio on which the two differ most.",
    ).to_dict()
    compiled = [drawing.compiled(with_rows(spec, {})) for spec in (whole, pair)]
    return whole, compiled[0], compiled[1]


def _button(text: str, action: Any) -> widgets.Button:
    button = widgets.Button(description=text, layout=widgets.Layout(width="max-content"))
    button.on_click(lambda _: action())
    return button


def _check(text: str) -> widgets.Checkbox:
    layout = widgets.Layout(width="max-content", margin="2px 16px 2px 2px")
    return widgets.Checkbox(description=text, indent=False, layout=layout)


def _status() -> widgets.HTML:
    return widgets.HTML()


def _note(text: str, good: bool = False) -> str:
    sign = "✓" if good else "⚠"
    return f"<div role='status' style='padding:0.2em 0'>{sign} {html.escape(text)}</div>"


def _link(url: str, text: str) -> str:
    if not url:
        return html.escape(text)
    address, words = html.escape(url, quote=True), html.escape(text)
    return f"<a href='{address}' target='_blank' rel='noopener noreferrer'>{words}</a>"


def _card_html(name: str, card: pd.Series) -> str:
    quote = f" In words of the source: “{html.escape(card['quote'])}”." if card["quote"] else ""
    refers = f" ({html.escape(card['refers'])})" if card["refers"] else ""
    ask = f"<p style='margin:0.3em 0'><i>Ask:</i> {html.escape(card['ask'])}</p>"
    return (
        "<blockquote style='font-size:1.12em;line-height:1.45;max-width:46em;margin:0.4em 0'>"
        f"<b>{html.escape(name)}.</b> {html.escape(card['card'])}{quote}"
        f"<br><span style='font-size:0.88em'>Source: {_link(card['source_url'], card['source'])}"
        f"{refers}</span></blockquote>{ask if card['ask'] else ''}"
    )


def _guide(evidence: Evidence) -> str:
    items = "".join(
        f"<li><b>{html.escape(row.hypothesis)} {html.escape(row.short)}.</b> "
        f"{html.escape(row.statement)} <i>If true, one expects:</i> {html.escape(row.if_true)} "
        f"({html.escape(row.origin)})</li>"
        for row in evidence.hypotheses.itertuples(index=False)
    )
    return (
        "<details open style='max-width:60em;line-height:1.4'><summary><b>The rival "
        f"hypotheses</b> (taken to exclude each other)</summary><ul>{items}</ul></details>"
    )

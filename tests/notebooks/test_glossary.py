"""The glossary: in order, each word once and short, and every link to it says what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from helpers.site import build
from helpers.site.prose import prose

BOOKS = Path(__file__).resolve().parents[2] / "notebooks"
TEXT = (BOOKS / "glossary.md").read_text("utf-8")
ENTRY = re.compile(r"^## (.+)\n\n(.+) \[Notebook (\d\d)\]\((\d\d_\w+\.ipynb)\)$", re.MULTILINE)
ENTRIES = {term: (says, number, book) for term, says, number, book in ENTRY.findall(TEXT)}
LINK = re.compile(r"\[([^\]]+)\]\(glossary\.md#([^)\s]+) \"([^\"]*)\"\)")


def prose_of(path: Path) -> str:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_words_are_in_order_and_each_is_there_once() -> None:
    terms = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert terms == list(ENTRIES)  # every heading has an entry of the one form
    assert [t.casefold() for t in terms] == sorted({t.casefold() for t in terms})
    assert len(terms) >= 60


@pytest.mark.parametrize("term", ENTRIES)
def test_a_word_is_said_shortly_and_taught_where_it_says(term: str) -> None:
    says, number, book = ENTRIES[term]
    assert len(says.split()) <= 40
    assert book.startswith(number)
    # A title ends at a quotation mark, a link at a bracket.
    assert not set('"()[]|') & set(says)
    first = re.split(r"[ -]", term)[0].casefold()
    assert first in (BOOKS / book).read_text("utf-8").casefold()


@pytest.mark.parametrize("path", sorted(BOOKS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_a_linked_word_is_in_the_glossary_and_its_hover_says_the_same(path: Path) -> None:
    text = prose_of(path)
    links = LINK.findall(text)
    assert len(links) == text.count("glossary.md#")  # no link of another form
    for word, anchor, title in links:
        term = anchor.replace("-", " ") if anchor.replace("-", " ") in ENTRIES else anchor
        assert ENTRIES[term][0] == title, word
        assert word.casefold().startswith(term.casefold()[:-1]), word


def test_words_are_linked_in_most_notebooks() -> None:
    linked = [p for p in BOOKS.glob("*.ipynb") if "glossary.md#" in prose_of(p)]
    assert len(linked) >= 8


def test_the_web_edition_has_it_too() -> None:
    page = build.glossary()
    assert 'id="hazard-ratio"' in page
    assert 'href="03_survival.html"' in page
    shown = prose('A [spell](glossary.md#spell "The time.") ends.')
    assert '<a href="glossary.html#spell" title="The time.">spell</a>' in shown

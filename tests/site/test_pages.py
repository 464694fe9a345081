"""The pages as a reader with nothing but a folder has them: from file://, with no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.exercises.reading import match_option, match_options
from helpers.exercises.table import plain_entry, read_solutions
from helpers.site import build
from helpers.teaching.returned import read_folder

pytestmark = pytest.mark.browser
SVG = "() => [...document.querySelectorAll('[data-panel]')].every(p => p.querySelector('svg'))"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page that must ask nothing of elsewhere and make no error."""
    made = browser.new_page(viewport={"width": 1200, "height": 900})
    troubles: list[str] = []
    made.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    made.on("pageerror", lambda error: troubles.append(str(error)))
    made.on(
        "request",
        lambda r: (
            troubles.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None
        ),
    )
    yield made
    made.close()
    assert troubles == []


def open_all(page: Any, address: str) -> None:
    page.goto(address)
    for place in page.query_selector_all("[data-panel]"):
        place.scroll_into_view_if_needed()
        page.wait_for_timeout(100)
    page.wait_for_function(SVG, timeout=60_000)


def test_every_page_opens_and_every_control_moves(page: Any, site: Path) -> None:
    books = sorted(site.glob("[0-9]*.html"))
    assert books
    page.goto((site / "index.html").as_uri())
    assert page.locator(".books a").count() == len(books)
    for book in books:
        open_all(page, book.as_uri())
        for panel in page.locator("[data-panel]").all():
            figure = panel.locator(".hrd-figure")
            for more in panel.locator(".hrd-others:not([hidden]) > summary").all():
                more.click()
            for control in panel.locator(".hrd-control:not(.hrd-greyed)").all():
                before = int(figure.get_attribute("data-serial") or 0)
                move(control)
                page.wait_for_function(
                    "([node, was]) => Number(node.dataset.serial) > was",
                    arg=[figure.element_handle(), before],
                )


def move(control: Any) -> None:
    kinds = control.get_attribute("class")
    if "hrd-list" in kinds:
        free = control.locator("option:not([disabled])")
        control.locator("select").select_option(free.last.get_attribute("value"))
        if free.count() > 1:
            control.locator("select").select_option(free.first.get_attribute("value"))
    elif control.locator("input[type=range]").count():
        control.locator("input[type=range]").focus()
        control.page.keyboard.press("ArrowRight")
        control.page.keyboard.press("ArrowLeft")
    elif control.locator("input[type=checkbox]").count():
        control.locator("input[type=checkbox]").first.click()
    else:
        control.locator("button:not([aria-disabled])").last.click()


def fill(form: Any, kind: str, answer: Any) -> None:
    if kind == "choice":
        form.get_by_label(str(answer), exact=True).check()
    elif kind == "multiple":
        for box in form.locator("input[type=checkbox]").all():
            box.set_checked(box.evaluate("node => node.parentElement.innerText.trim()") in answer)
    elif kind == "ordering":
        for place, option in zip(form.locator("select").all(), answer, strict=True):
            place.select_option(label=option)
    else:
        form.locator("input[type=text], textarea").fill(str(answer))


def answers_to(item: Any) -> list[tuple[Any, str]]:
    """Return a wrong answer where there is one, then a right one, with their verdicts."""
    plain = plain_entry(item)
    kind, options = plain["kind"], plain.get("options", [])
    if kind == "prediction":
        return [(options[0] if plain["entry"] == "choice" else "12", "Recorded")]
    if kind == "reflection":
        return [("Ein Gedanke", "Recorded")]
    right = item.fields["answer"]
    if kind == "number":
        return [(right + 1000 * plain.get("tolerance", 1), "Not yet"), (right, "Right")]
    if kind == "ordering":
        right = [match_option(one, options) for one in right]
        return [(right[::-1], "Not yet"), (right, "Right")]
    if kind == "multiple":
        right = match_options(right, options)
        return [([o for o in options if o not in right], "Not yet"), (right, "Right")]
    if kind == "choice":
        right = match_option(right, options)
        return [(next(o for o in options if o != right), "Not yet"), (right, "Right")]
    return [("?!", "Not yet"), (right[0] if isinstance(right, list) else right, "Right")]


def test_one_exercise_of_each_kind_is_worked_and_handed_in(
    page: Any, site: Path, tmp_path: Path
) -> None:
    worked: dict[str, tuple[Any, list[tuple[Any, str]]]] = {}
    seen = set()
    for book in build.chosen([]):
        if not (site / f"{book.stem}.html").exists():
            continue
        for item in read_solutions(book):
            plain = plain_entry(item)
            kind = plain["entry"] if item.kind == "prediction" else item.kind
            if item.kind == "code" or (item.kind, kind) in seen:
                continue
            page.goto((site / f"{book.stem}.html").as_uri())
            form = page.locator(f'[data-exercise="{item.identifier}"]:not([data-found])')
            if not form.count():
                continue
            seen.add((item.kind, kind))
            for answer, word in answers_to(item):
                fill(form, kind, answer)
                label = {"prediction": "Record", "reflection": "Save"}.get(item.kind, "Check")
                form.get_by_role("button", name=label).click()
                form.locator(".hrd-verdict strong", has_text=word).wait_for(timeout=10_000)
            worked[item.identifier] = (item, answers_to(item))
            page.reload()
            assert "Your last entry (20" in form.locator(".hrd-verdict").inner_text()
    assert {"number", "choice", "multiple", "ordering", "prediction"} <= {k for k, _ in seen}
    print(f"\n{len(worked)} exercises worked: {sorted(seen)}")
    page.get_by_label("Name").fill("Ada Löfström")
    with page.expect_download() as given:
        page.get_by_role("button", name="Download my answers").click()
    assert given.value.suggested_filename == "handin_ada-lofstrom.json"
    given.value.save_as(tmp_path / given.value.suggested_filename)
    (collected,) = read_folder(tmp_path).returned
    assert set(collected.answers) == set(worked)
    for name, (_, tried) in worked.items():
        assert collected.answers[name]["verdict"] == tried[-1][1]
        assert len(collected.answers[name]["history"]) == len(tried)


def test_a_link_opens_a_setting(page: Any, site: Path) -> None:
    book = next(site.glob("01_*.html"))
    page.goto(book.as_uri())
    open_all(page, book.as_uri())
    box = page.locator("[data-panel]").first
    toggle = box.locator("input[type=checkbox]").first
    toggle.click()
    page.wait_for_function("location.hash.includes('?')")
    link, said = page.url, box.locator(".hrd-sentence").inner_text()
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_function("() => document.querySelector('[data-panel] svg')")
    assert page.locator("[data-panel] .hrd-sentence").first.inner_text() == said


def test_only_the_path_leaves_headings_and_their_marks(page: Any, site: Path) -> None:
    book = next(site.glob("01_*.html"))
    page.goto(book.as_uri())
    box = page.get_by_label("Only the path of 50 minutes")
    further = page.locator("main > .hrd-further")
    assert further.count() > 3
    assert all(part.is_visible() for part in further.all() if part.inner_text())
    box.check()
    assert not any(part.is_visible() for part in further.all())
    for mark in page.locator("main > p > em:only-child", has_text="Further").all():
        assert mark.is_visible()
    for head in page.locator("main > :is(h2, h3)").all():
        assert head.is_visible()
    page.reload()
    assert box.is_checked()
    # A link to what is left out shows it.
    hidden = page.locator("main > .hrd-further[id]").first
    link = f"{book.as_uri()}#{hidden.get_attribute('id')}"
    page.goto("about:blank")
    page.goto(link)
    hidden.wait_for(state="visible")
    assert not box.is_checked()
    assert "Run All Cells" not in page.locator("main > p", has_text="Minutes:").first.inner_text()


def test_pages_pass_axe_in_light_and_dark(browser: Any, site: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text("utf-8")
    levels = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    for scheme in ("light", "dark"):
        for path in (site / "index.html", *sorted(site.glob("[0-9]*.html"))):
            # The page's own policy would not let the checker in.
            page = browser.new_page(color_scheme=scheme, bypass_csp=True)
            open_all(page, path.as_uri())
            page.evaluate(script)
            found = page.evaluate("how => axe.run(document, how)", levels)["violations"]
            wrong = [(v["id"], n["html"][:160]) for v in found for n in v["nodes"]]
            assert wrong == [], (path.name, scheme)
            page.close()


def test_a_second_build_makes_nothing_again(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    books = [p for p in build.chosen([]) if (site / f"{p.stem}.html").exists()]
    assert build.build(books, site) == []
    assert capsys.readouterr().out.count("nothing changed") == len(books)


def test_pages_name_nothing_from_elsewhere_and_have_a_strict_policy(site: Path) -> None:
    for path in site.glob("*.html"):
        html = path.read_text("utf-8")
        assert "script-src 'self' file:;" in html
        assert "unsafe" not in html.split("</head>")[0]
        assert re.findall(r'<(?:script|img|link)[^>]*(?:src|href)="(?:https?:)?//', html) == []
        assert re.findall(r"<[^>]*\son(?:click|load|error)=", html) == []
        assert len(html.encode()) < 1_500_000

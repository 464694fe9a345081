"""The pages as a reader with nothing but a folder has them: from file://, with no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers import page as controls
from helpers.data import load_vignettes
from helpers.exercises.reading import match_option, match_options
from helpers.exercises.table import plain_entry, read_solutions
from helpers.panels.typology.coding import CODES, CodingBench, keyed
from helpers.site import build
from helpers.site.page import LAB_ONLY, makes_only, shell
from helpers.site.prose import formula, prose
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
            for control in panel.locator(".hrd-control").all():
                if "hrd-greyed" in str(control.get_attribute("class")):  # by now
                    continue
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
        control.locator("input[type=checkbox]:not([aria-disabled])").first.click()
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
    page.wait_for_function("() => location.hash.includes('?')")
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


def test_the_first_page_numbers_the_notebooks_and_finds_words(page: Any, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    assert page.locator("h1").count() == 1
    first = page.locator(".books li").first
    assert re.match(r"00 Start here.* \(40 minutes\)", first.inner_text())
    page.get_by_label("Search").fill("odds ratio")
    page.locator(".hrd-search a", has_text="Glossary: odds ratio").click()
    page.wait_for_url("**/glossary.html#odds-ratio")
    page.get_by_role("link", name="All notebooks").click()
    page.wait_for_url("**/index.html")


def test_a_word_says_what_it_means_at_pointer_and_focus(page: Any, site: Path) -> None:
    page.goto(next(site.glob("00_*.html")).as_uri())
    word = page.get_by_role("link", name="comparison group", exact=True).first
    tip = page.locator(".hrd-means")
    assert "Those with whom" in word.get_attribute("aria-description")
    assert word.get_attribute("title") is None
    word.hover()
    assert tip.inner_text() == word.get_attribute("aria-description")
    tip.hover()  # it can be read with the pointer on it
    page.wait_for_timeout(400)
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    word.focus()
    box, link = tip.bounding_box(), word.bounding_box()
    assert box["y"] >= link["y"] + link["height"] - 1 or box["y"] + box["height"] <= link["y"] + 1
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    word.focus()
    page.keyboard.press("Tab")
    assert tip.is_hidden()


def test_a_word_says_what_it_means_at_a_first_touch(browser: Any, site: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(next(site.glob("00_*.html")).as_uri())
    word = page.get_by_role("link", name="comparison group", exact=True).first
    word.tap()
    assert page.locator(".hrd-means").is_visible()
    word.tap()
    page.wait_for_url("**/glossary.html#comparison-group")
    page.close()


def test_nothing_sticks_out_on_a_phone_and_a_finger_finds_its_target(
    browser: Any, site: Path
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for path in (*sorted(site.glob("[0-9]*.html")), site / "index.html", site / "glossary.html"):
        open_all(page, path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path.name
        small = page.evaluate("""() => [...document.querySelectorAll(
            ".hrd-live :is(button, select, input[type=text], summary), .hrd-tick, nav a, summary")]
            .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < 32 || box.width < 24))
            .map(([html]) => html)""")
        assert small == [], path.name
    page.close()


def test_paper_has_the_picture_and_no_control(page: Any, site: Path) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    open_all(page, next(site.glob("00_*.html")).as_uri())
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})
    for gone in page.locator("header, details, .hrd-panel button, .hrd-panel input").all():
        assert not gone.is_visible()
    for picture in page.locator("[data-panel] svg").all():
        box = picture.bounding_box()
        assert box["width"] > 200
        assert box["x"] + box["width"] <= 680


def test_answers_are_deleted_when_asked_twice(page: Any, site: Path) -> None:
    page.goto(next(site.glob("00_*.html")).as_uri())
    form = page.locator('[data-exercise="00.p1"]').first
    form.locator("input[type=text]").fill("12")
    form.get_by_role("button", name="Record").click()
    form.locator(".hrd-verdict strong", has_text="Recorded").wait_for()
    page.get_by_role("button", name="Delete my answers").click()
    said = page.locator(".hrd-hand-in [role=status]")
    assert "Press again to delete your answers to 1 exercise" in said.inner_text()
    page.get_by_role("button", name="Delete my answers").click()
    page.wait_for_function("() => localStorage.getItem('hrd.answers') === null")
    page.wait_for_load_state()
    assert form.locator("input[type=text]").input_value() == ""


def test_vignettes_are_coded_kept_and_downloaded(page: Any, site: Path, tmp_path: Path) -> None:
    page.goto(next(site.glob("01_*.html")).as_uri())
    bench = page.get_by_role("region", name="Coding bench")
    assert "Nothing is coded yet" in bench.locator(".hrd-sentence").inner_text()
    shown = bench.locator("blockquote p").inner_text()
    rows = load_vignettes().set_index("vignette")
    key = rows.loc[shown, "key"]
    wrong = next(code for code in CODES if code != key)
    bench.get_by_role("button", name=wrong, exact=True).click()
    assert f"✗ You chose {wrong}; the key says {key}." in bench.locator(".hrd-told").inner_text()
    bench.get_by_role("button", name=key, exact=True).click()
    assert rows.loc[shown, "explanation"] in bench.locator(".hrd-told").inner_text()
    page.reload()
    assert "Vignette 2 of 39; 1 coded" in bench.inner_text()
    with page.expect_download() as given:
        bench.get_by_role("button", name="Download my codes").click()
    given.value.save_as(tmp_path / given.value.suggested_filename)
    assert CodingBench(keyed(load_vignettes()), tmp_path / "typology_codes.csv").codes == {
        rows.loc[shown, "vignette_id"]: key
    }


def test_a_mark_holds_until_the_next_mark_or_section(page: Any, site: Path) -> None:
    text = (
        "## One\n\n*On the path.*\n\nkept\n\n*Further.*\n\nleft\n\n### Part\n\nleft\n\n"
        "*On the path.*\n\nkept\n\n## Two\n\nkept\n\n### Part\n\n*Further.*\n\nleft"
    )
    label = '<label class="hrd-path" hidden><input type="checkbox"> Only</label>'
    made = site / "marks.html"
    made.write_text(shell("Marks", f"{label}<main>{prose(text)}</main>", ["site.js"]), "utf-8")
    page.goto(made.as_uri())
    page.get_by_label("Only").check()
    assert [p.is_visible() for p in page.get_by_text("kept").all()] == [True] * 3
    assert [p.is_visible() for p in page.get_by_text("left").all()] == [False] * 3
    made.unlink()


def test_pages_say_nothing_of_running_cells() -> None:
    for book in build.chosen([]):
        cells = json.loads(book.read_text("utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "markdown":
                left = LAB_ONLY.sub("", "".join(cell["source"]))
                assert not re.search(r"Run All|Shift\+Enter|hand_in\(", left), book.name


def test_the_call_that_makes_a_panel_is_left_out() -> None:
    assert makes_only("Panel()")
    assert makes_only("panel = Panel()\npanel")
    assert not makes_only("rows = read()\nPanel(rows)")
    assert not makes_only("rows = read()\npanel = Panel(rows)\npanel")


def test_a_notebook_named_in_the_text_is_a_link_and_a_brace_needs_no_font() -> None:
    assert '<a href="03_survival.html">notebook 03</a>' in prose("As notebook 03 says.")
    assert '<a href="04_logit.html"><code>04_logit</code></a>' in prose("See `04_logit`.")
    linked = prose('A [spell](glossary.md#spell "See notebook 03.") and [notebook 03](x.html)')
    assert linked.count("<a ") == 2
    made = formula(r"\underbrace{a + b}_{c}", True)
    assert 'class="braced"' in made
    assert "\u23df" not in made


def test_pages_pass_axe_in_light_and_dark(browser: Any, site: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text("utf-8")
    levels = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    for scheme in ("light", "dark"):
        for path in (
            site / "index.html",
            site / "glossary.html",
            *sorted(site.glob("[0-9]*.html")),
        ):
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


def test_a_control_that_does_nothing_says_why_to_everybody(bench: Any) -> None:
    own = f"(() => {{\n{controls.script()}\nglobalThis.drawControl = drawControl;\n}})()"
    bench.add_script_tag(content=own)
    said = bench.evaluate(
        """() => {
        const declared = { kind: "toggle", field: "x", label: "Twice", help: "" };
        const drawn = drawControl(declared, () => {});
        const box = drawn.node.querySelector("input");
        const seen = () => ["disabled", "description"].map((x) => box.getAttribute(`aria-${x}`));
        const out = [];
        for (const greyed of ["not here", "not here", { true: "one only" }, {}]) {
            drawn.set(false, { greyed });
            out.push(seen());
        }
        return out;
    }"""
    )
    whole = ["true", "not here"]
    assert said == [whole, whole, ["true", "one only"], [None, None]]

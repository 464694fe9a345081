// A panel: its controls, its sentence, its pictures. One Vega view a picture is drawn once and
// kept: a new frame brings rows, not a new chart.
// The Vega library (0.6 MB) is asked of the kernel once a page and shared by all views.
const SHARED = Symbol.for("hrd.vega");
const PATIENCE = 60_000; // for the library
const SLOW = 150; // after this a move is shown as being worked on
const SILENT = 12_000; // after this the learner is told that no answer came
const LEAST = 11; // pixels of the smallest text in a picture
const NARROW = 500; // pixels of a picture on a phone, held nearer than a screen
const LEAST_NARROW = 9;
const TALLEST = 560; // pixels of a picture beside its controls
const SMALLEST = 0.55; // share of its wanted size to which a plot is narrowed
const RUN = "Choose Run > Run All Cells.";
const STOPPED =
  `This panel is no longer connected: its kernel was restarted or has stopped. ${RUN}`;
const NO_ANSWER =
  "No answer came yet. The kernel may be busy with another cell; if it was stopped, " +
  "choose Run > Run All Cells.";

function askKernel(model) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      model.off("msg:custom", onMessage);
      reject(new Error("no answer from the kernel"));
    }, PATIENCE);
    async function onMessage(message, buffers) {
      if (message.kind !== "vega") return;
      clearTimeout(timer);
      model.off("msg:custom", onMessage);
      const url = URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" }));
      try {
        resolve((await import(url)).vegaEmbed);
      } catch (error) {
        reject(error);
      } finally {
        URL.revokeObjectURL(url);
      }
    }
    model.on("msg:custom", onMessage);
    model.send({ kind: "vega" });
  });
}

function library(model) {
  globalThis[SHARED] ??= askKernel(model).catch((error) => {
    globalThis[SHARED] = undefined; // let the next view try again
    throw error;
  });
  return globalThis[SHARED];
}

async function render({ model, el }) {
  const facts = model.get("facts");
  const root = element("div", "hrd-live hrd-panel", facts.name && { role: "group", "aria-label": facts.name });
  const side = element("div", "hrd-side");
  const figure = element("figure", "hrd-figure");
  const trouble = element("p", "hrd-error", { role: "alert", hidden: true });
  const stale = element("p", "hrd-stale", { hidden: true });
  const stage = element("div", "hrd-stage");
  const sentence = element("p", "hrd-sentence", { "aria-live": "polite" });
  const folded = element("details", "hrd-fold", { hidden: true });
  const summary = own(element("summary", ""));
  const table = own(element("div", "hrd-table", { tabindex: "0", role: "group" }));
  folded.append(summary, table);

  // Moves go to the kernel one at a time: a slider under the hand would fill its queue.
  const me = Math.random().toString(36).slice(2);
  let turn = 0;
  let waiting = "";
  let timers = [];
  const queue = [];
  let gone = false;
  let lost = false;

  function send(message) {
    if (lost) return;
    const last = queue.at(-1);
    if (message.kind === "move" && last?.kind === "move") Object.assign(last.changes, message.changes);
    else queue.push(message);
    if (!waiting) next();
  }

  function next() {
    const message = queue.shift();
    if (!message) return;
    waiting = `${me}-${++turn}`;
    timers = [
      setTimeout(() => working(true), SLOW),
      setTimeout(() => say(NO_ANSWER), SILENT),
    ];
    try {
      model.send({ ...message, turn: waiting });
    } catch {
      disconnected();
    }
  }

  function answered(frame) {
    if (!waiting || frame.turn !== waiting) return;
    timers.forEach(clearTimeout);
    waiting = "";
    working(false);
    next();
  }

  function working(on) {
    root.classList.toggle("hrd-working", on);
    figure.setAttribute("aria-busy", String(on));
  }

  function say(text) {
    trouble.textContent = text ? `⚠ ${text}` : "";
    trouble.hidden = !text;
  }

  function disconnected() {
    lost = true;
    timers.forEach(clearTimeout);
    working(false);
    root.classList.add("hrd-lost");
    say(STOPPED);
  }

  // Controls -----------------------------------------------------------------------------

  const move = (name, value) => send({ kind: "move", changes: { [name]: value } });
  const drawn = facts.controls.map((c) => [c, drawControl(c, move)]);
  const place = (name) => drawn.filter(([c]) => c.place === name).map(([, made]) => made.node);
  const controls = element("div", "hrd-controls", {}, ...place("first"));
  const more = element("details", "hrd-controls hrd-others");
  more.append(own(element("summary", "", {}, facts.more ?? "More controls")), ...place("more"));
  const below = element("div", "hrd-controls hrd-below", {}, ...place("below"));
  const asked = element("p", "hrd-asked", { "aria-live": "polite", hidden: true });
  const presets = facts.presets.map((preset) => {
    const button = own(element("button", "", { type: "button", "aria-pressed": "false" }, preset.label));
    button.addEventListener("click", () => {
      asked.textContent = preset.question;
      asked.hidden = !preset.question;
      send({ kind: "open", setting: preset.setting });
    });
    return button;
  });
  const tries = element("div", "hrd-presets", { role: "group", "aria-label": "Settings to try" }, ...presets);
  const reset = own(element("button", "hrd-reset", { type: "button" }, facts.reset ?? ""));
  reset.addEventListener("click", () => {
    asked.hidden = true;
    send({ kind: "reset" });
  });
  const setting = own(element("input", "", { type: "text", placeholder: "as at the start",
    spellcheck: "false", autocomplete: "off",
    title: "This line holds the panel's setting. Copy it to share; paste one to open it." }));
  whenTyped(setting, (text) => send({ kind: "open", setting: text }));
  const foot = element("div", "hrd-foot", {}, reset, element("label", "", {}, "Setting ", setting));
  foot.hidden = !facts.reset;
  tries.hidden = !presets.length;
  if (presets.length) tries.prepend(element("span", "hrd-label", { "aria-hidden": "true" }, "Try"));
  more.hidden = !place("more").length;
  below.hidden = !place("below").length;

  function follow(frame) {
    const { state = {}, greyed = {}, options = {}, notes = {} } = frame;
    for (const [c, made] of drawn) {
      made.set(state[c.field], { greyed: greyed[c.field], options: options[c.field], text: notes[c.field] });
    }
    if (document.activeElement !== setting) setting.value = frame.setting ?? "";
    facts.presets.forEach((preset, i) => {
      presets[i].setAttribute("aria-pressed", String(preset.setting === (frame.setting ?? "")));
    });
  }

  // Pictures -----------------------------------------------------------------------------

  const pictures = Object.entries(model.get("pictures")).map(([title, spec]) => {
    const box = element("div", "hrd-picture");
    return { title, spec, box, view: null, has: new Map(), names: namesOf(spec) };
  });
  let open = 0;
  let space; // measured once a size: to ask at each frame would lay the page out twice
  const tabs = pictures.map((picture, i) => {
    const tab = own(element("button", "", { type: "button", role: "tab", id: freshName() }, picture.title));
    tab.addEventListener("click", () => turnTo(i));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      turnTo((i + by + pictures.length) % pictures.length);
      tabs[open].focus();
    });
    return tab;
  });
  const bar = element("div", "hrd-tabs", { role: "tablist", "aria-label": "Pictures" }, ...tabs);
  if (pictures.length > 1) {
    stage.append(bar);
    pictures.forEach((picture, i) => {
      picture.box.setAttribute("role", "tabpanel");
      picture.box.setAttribute("aria-labelledby", tabs[i].id);
    });
  }
  stage.append(stale, ...pictures.map((picture) => picture.box));

  function turnTo(number) {
    open = number;
    space = undefined;
    pictures.forEach((picture, i) => {
      picture.box.hidden = i !== number;
      tabs[i].setAttribute("aria-selected", String(i === number));
      tabs[i].tabIndex = i === number ? 0 : -1;
    });
    queueShow();
  }

  async function start(picture) {
    const embed = await library(model);
    if (gone || picture.view) return;
    const canvas = element("div", "hrd-canvas");
    picture.box.append(canvas);
    // Begun with its rows: a chart of none has no size that can be drawn.
    const { rows = {} } = model.get("frame");
    const data = (picture.spec.data ?? []).map((each) => {
      if (!picture.names.includes(each.name) || rows[each.name] === undefined) return each;
      const text = JSON.stringify(rows[each.name]);
      picture.has.set(each.name, text);
      return { ...each, format: undefined, values: JSON.parse(text) };
    });
    const embedded = await embed(canvas, { ...picture.spec, data }, {
      mode: "vega",
      renderer: "svg",
      actions: false,
      loader: { target: "_blank", rel: "noopener noreferrer" },
      tooltip: tooltip(picture.box),
    });
    picture.view = embedded.view;
  }

  async function draw(picture, frame) {
    let changed = false;
    for (const name of picture.names) {
      const rows = frame.rows?.[name];
      if (rows === undefined) continue;
      const text = typeof rows === "string" ? rows : JSON.stringify(rows);
      if (picture.has.get(name) === text) continue; // what did not change is not laid out again
      picture.has.set(name, text);
      picture.view.data(name, JSON.parse(text)); // Vega writes ids into the rows it is given
      changed = true;
    }
    const [room, tall] = (space ??= roomFor(picture));
    const moved = Math.abs(room - (picture.room ?? 0)) > 16 || tall !== picture.tall;
    if (room <= 0 || (!changed && !moved)) return;
    picture.view.resize(); // labels of the new rows may need more room than those of the old
    await picture.view.runAsync();
    if (moved) await reflow(picture, room, tall);
    fit(picture, room, tall);
  }

  function roomFor(picture) {
    const beside = getComputedStyle(root).getPropertyValue("--hrd-beside").trim() === "1";
    return [picture.box.clientWidth - 8, beside ? TALLEST : Infinity];
  }

  // Gives the plots the width and height that are left beside labels and legends, so that
  // text keeps its size; the share of the wanted size is found by one guess and a correction.
  async function reflow(picture, room, tall) {
    Object.assign(picture, { room, tall });
    const shares = { Width: 1, Height: 1 };
    const apply = async () => {
      for (const [name, size, of] of sizesOf(picture.spec)) {
        picture.view.signal(name, Math.max(of.least, Math.round(size * shares[of.side])));
      }
      picture.view.resize();
      await picture.view.runAsync();
    };
    if (picture.narrowed) await apply();
    const before = natural(picture);
    if (!before) return;
    const excess = { Width: before[0] - room, Height: before[1] - tall };
    const sides = Object.keys(excess).filter((side) => excess[side] > 1);
    picture.narrowed = sides.length > 0;
    if (!sides.length) return;
    const crowded = room < NARROW ? crowding(picture) : 0;
    const whole = { Width: before[0], Height: before[1] };
    const clamp = (share) => Math.min(1, Math.max(SMALLEST, share));
    for (const side of sides) shares[side] = clamp(1 - (1.15 * excess[side]) / whole[side]);
    await apply();
    const after = natural(picture);
    for (const side of sides) {
      const gained = whole[side] - after[side === "Width" ? 0 : 1];
      // What does not give way, such as a row of legends, is not narrowed in vain.
      shares[side] = gained > 1 ? clamp(1 - (excess[side] * (1 - shares[side])) / gained) : 1;
    }
    await apply();
    // Rather a picture to be moved sideways than words and boxes over one another.
    for (const share of room < NARROW ? [(1 + shares.Width) / 2, 1] : []) {
      if (shares.Width === 1 || crowding(picture) <= crowded) break;
      shares.Width = share;
      await apply();
    }
  }

  // As large as there is room for, but its smallest text stays readable: then it scrolls.
  function fit(picture, room, tall) {
    const size = natural(picture);
    if (!size) return;
    const svg = picture.box.querySelector("svg");
    // The whole chart is one picture with one text; its marks would be pictures without.
    for (const part of svg.querySelectorAll("[role]")) {
      for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name);
    }
    const [width, height] = size;
    const sizes = [...svg.querySelectorAll("text")]
      .filter((text) => text.textContent.trim())
      .map((text) => parseFloat(text.getAttribute("font-size") ?? "") || LEAST);
    const readable = room < NARROW ? LEAST_NARROW : LEAST;
    const least = Math.min(1.6, readable / Math.min(2 * LEAST, ...sizes));
    const scale = Math.max(Math.min(1, room / width, tall / height), least);
    const drawn = [`${Math.round(width * scale)}px`, `${Math.round(height * scale)}px`];
    if (svg.style.width !== drawn[0] || svg.style.height !== drawn[1]) {
      [svg.style.width, svg.style.height] = drawn;
    }
    picture.box.classList.toggle("hrd-wide", width * scale > room + 8);
    if (width * scale > room + 8 || height * scale > tall + 8) own(picture.box).tabIndex = 0;
    else picture.box.removeAttribute("tabindex");
  }

  function words(frame) {
    say(frame.error ?? "");
    stale.hidden = !frame.error;
    stale.textContent = frame.error ? `Still shown: ${frame.shown || "the last good setting"}.` : "";
    stage.classList.toggle("hrd-dimmed", Boolean(frame.error));
    sentence.classList.toggle("hrd-dimmed", Boolean(frame.error));
    const said = frame.sentence ?? "";
    if (sentence.textContent !== said) sentence.textContent = said;
    for (const { box, title } of pictures) {
      const svg = box.querySelector("svg");
      svg?.setAttribute("role", "img");
      svg?.setAttribute("aria-label", pictures.length > 1 ? `${title}. ${said}` : said || title || "Picture");
    }
    if (!frame.error) fill(folded, summary, table, frame.table ?? {});
  }

  async function show() {
    const frame = model.get("frame");
    const picture = pictures[open];
    if (picture?.view && !frame.error) await draw(picture, frame);
    words(frame);
    figure.dataset.serial = String(frame.serial ?? 0);
  }

  // One repaint at a time: frames that arrive meanwhile are drawn once, the last one.
  let busy = false;
  let again = false;
  async function queueShow() {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again && !gone) {
        again = false;
        const picture = pictures[open];
        if (picture && !picture.view) await start(picture);
        await show();
      }
    } catch (problem) {
      say(`The live chart could not start (${problem.message}). ${RUN}`);
    } finally {
      busy = false;
    }
  }

  function onFrame() {
    const frame = model.get("frame");
    answered(frame);
    if (!waiting) follow(frame);
    queueShow();
  }

  figure.append(stage);
  side.append(tries, asked, controls, trouble, sentence, more);
  root.append(side, figure, below, folded, foot);
  el.append(element("div", "hrd-holder", {}, root));
  tipFor(root);
  const forget = whenStopped(model, disconnected);
  const watcher = new ResizeObserver(() => {
    space = undefined;
    if (pictures[open]?.view) queueShow();
  });
  watcher.observe(stage);
  follow(model.get("frame"));
  words(model.get("frame"));
  model.on("change:frame", onFrame);
  if (pictures.length) turnTo(0);

  return () => {
    gone = true;
    timers.forEach(clearTimeout);
    watcher.disconnect();
    model.off("change:frame", onFrame);
    forget();
    for (const picture of pictures) picture.view?.finalize();
  };
}

function natural({ box }) {
  const drawn = (box.querySelector("svg")?.getAttribute("viewBox") ?? "").split(/\s+/).map(Number);
  return drawn.length === 4 && drawn[2] && drawn[3] ? drawn.slice(2) : null;
}

// How many pairs of words, and of boxes, lie over one another in a picture.
function crowding({ box }) {
  let count = 0;
  for (const kind of ["text:not([opacity='0'])", ".mark-rect path"]) {
    const placed = [...box.querySelectorAll(`svg ${kind}`)]
      .map((node) => node.getBoundingClientRect()).filter(({ width }) => width);
    placed.forEach((a, i) => {
      for (const b of placed.slice(i + 1)) {
        count += a.left + 2 < b.right && b.left + 2 < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
      }
    });
  }
  return count;
}

// The sizes of a chart's plots, and of the steps of its rows, that are plain numbers.
function sizesOf(spec) {
  const found = [["width", spec.width], ["height", spec.height]];
  for (const { name, value } of spec.signals ?? []) found.push([name, value]);
  return found
    .filter(([name, value]) => typeof value === "number" && /(width|height|y_step)$/i.test(name))
    .map(([name, value]) => {
      const step = name.endsWith("y_step");
      const side = /width$/i.test(name) ? "Width" : "Height";
      return [name, value, { side, least: step ? Math.min(value, 17) : 20 }];
    });
}

const namesOf = (spec) => (spec.data ?? []).map((d) => d.name);

// A table of texts; nothing in it is read as markup, and only web addresses become links.
function fill(folded, summary, place, { columns = [], right = [], rows = [] }) {
  folded.hidden = rows.length === 0;
  summary.textContent = `Table: ${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
  place.setAttribute("aria-label", `Table: ${columns.join(", ")}`);
  const aligned = columns.map((name) => (right.includes(name) ? "hrd-right" : ""));
  const head = element("tr", "");
  columns.forEach((name, i) => {
    // A heading without words says nothing; the cell then is an ordinary one.
    const cell = name ? element("th", aligned[i], { scope: "col" }, name) : element("td", "");
    head.append(cell);
  });
  const body = rows.map((texts) => {
    const line = element("tr", "");
    texts.forEach((text, i) => line.append(element("td", aligned[i], {}, linked(text))));
    return line;
  });
  const whole = element("table", "");
  whole.append(head, ...body);
  place.replaceChildren(whole);
}

// An address that cannot be read as one stays text.
function linked(text) {
  if (!/^https?:\/\/\S+$/.test(text) || !URL.canParse(text)) return text;
  const anchor = own(element("a", "", { href: text, target: "_blank", rel: "noopener noreferrer" }));
  anchor.textContent = new URL(text).hostname.replace(/^www\./, "");
  anchor.title = text;
  return anchor;
}

// A plain tooltip: the same rows Vega passes, as text, so nothing in data is read as markup.
function tooltip(picture) {
  const box = element("div", "hrd-tooltip", { role: "tooltip", hidden: true });
  picture.append(box);
  return (handler, event, item, value) => {
    if (value == null || value === "") {
      box.hidden = true;
      return;
    }
    box.replaceChildren();
    const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
    for (const [name, text] of rows) {
      const label = element("b", "", {}, name ? `${name}: ` : "");
      box.append(element("div", "", {}, label, String(text)));
    }
    box.hidden = false;
    const frame = picture.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 14, frame.width - box.offsetWidth - 4);
    box.style.left = `${Math.max(0, left) + picture.scrollLeft}px`;
    box.style.top = `${event.clientY - frame.top + 14 + picture.scrollTop}px`;
  };
}

export default { render };

// Draws one Vega view and keeps it: a new frame brings rows, not a new chart.
// The Vega library (0.6 MB) is asked of the kernel once a page and shared by all views.
const SHARED = Symbol.for("hrd.vega");
const PATIENCE = 60000;

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

function element(tag, className, attributes = {}) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

async function render({ model, el }) {
  const figure = element("figure", "hrd-figure");
  const error = element("p", "hrd-error", { role: "alert" });
  const picture = element("div", "hrd-picture");
  const sentence = element("figcaption", "hrd-sentence", { "aria-live": "polite" });
  const table = element("div", "hrd-table", { tabindex: "0", role: "region" });
  const more = element("p", "hrd-more");
  figure.append(error, picture, sentence, table, more);
  el.append(figure);
  let view = null;
  const drawn = new Map();
  let gone = false;

  function words() {
    const frame = model.get("frame");
    error.textContent = frame.error ? `⚠ ${frame.error}` : "";
    error.hidden = !frame.error;
    sentence.textContent = frame.sentence ?? "";
    picture.querySelector("svg")?.setAttribute("aria-label", frame.sentence ?? "");
    if (frame.error) return;
    fill(table, frame.table ?? {});
    more.hidden = table.scrollHeight <= table.clientHeight + 2;
    more.textContent = `${frame.table?.rows?.length ?? 0} rows: scroll the table to see them all.`;
  }

  async function show() {
    const frame = model.get("frame");
    if (view && !frame.error) {
      for (const [name, rows] of Object.entries(frame.rows ?? {})) {
        const text = JSON.stringify(rows);
        if (drawn.get(name) === text) continue; // what did not change is not laid out again
        drawn.set(name, text);
        view.data(name, JSON.parse(text)); // Vega writes ids into the rows it is given
      }
      view.resize(); // labels of the new rows may need more room than those of the old
      await view.runAsync();
    }
    words();
    figure.dataset.serial = String(frame.serial ?? 0);
  }

  words();
  // One repaint at a time: frames that arrive meanwhile are drawn once, the last one.
  let busy = false;
  let again = false;
  async function queue() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        if (!gone) await show();
      } while (again);
    } finally {
      busy = false;
    }
  }
  model.on("change:frame", queue);

  try {
    const embed = await library(model);
    if (gone) return;
    const canvas = element("div", "hrd-canvas");
    picture.append(canvas);
    const embedded = await embed(canvas, model.get("spec"), {
      mode: "vega",
      renderer: "svg",
      actions: false,
      loader: { target: "_blank", rel: "noopener noreferrer" },
      tooltip: tooltip(picture),
    });
    view = embedded.view;
    await queue();
  } catch (problem) {
    error.hidden = false;
    error.textContent =
      `⚠ The live chart could not start (${problem.message}). ` +
      "Choose Run > Run All Cells; if it stays, Kernel > Restart.";
  }

  return () => {
    gone = true;
    model.off("change:frame", queue);
    view?.finalize();
  };
}

// A table of texts; nothing in it is read as markup, and only web addresses become links.
function fill(place, { columns = [], right = [], rows = [] }) {
  place.hidden = rows.length === 0;
  place.setAttribute("aria-label", `Table: ${columns.join(", ")}`);
  const aligned = columns.map((name) => (right.includes(name) ? "hrd-right" : ""));
  const head = element("tr", "");
  columns.forEach((name, i) => {
    const cell = element("th", aligned[i], { scope: "col" });
    cell.textContent = name;
    head.append(cell);
  });
  const body = rows.map((texts) => {
    const line = element("tr", "");
    texts.forEach((text, i) => {
      const cell = element("td", aligned[i]);
      cell.append(/^https?:\/\/\S+$/.test(text) ? link(text) : text);
      line.append(cell);
    });
    return line;
  });
  const whole = element("table", "");
  whole.append(head, ...body);
  place.replaceChildren(whole);
}

function link(address) {
  const anchor = element("a", "", { href: address, target: "_blank", rel: "noopener noreferrer" });
  anchor.textContent = new URL(address).hostname.replace(/^www\./, "");
  anchor.title = address;
  return anchor;
}

// A plain tooltip: the same rows Vega passes, as text, so nothing in data is read as markup.
function tooltip(picture) {
  const box = element("div", "hrd-tooltip", { role: "tooltip" });
  box.hidden = true;
  picture.append(box);
  return (handler, event, item, value) => {
    if (value == null || value === "") {
      box.hidden = true;
      return;
    }
    box.replaceChildren();
    const rows = typeof value === "object" ? Object.entries(value) : [["", value]];
    for (const [name, text] of rows) {
      const row = element("div", "");
      const label = element("b", "");
      label.textContent = name ? `${name}: ` : "";
      row.append(label, String(text));
      box.append(row);
    }
    box.hidden = false;
    const frame = picture.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 14, frame.width - box.offsetWidth - 4);
    box.style.left = `${Math.max(0, left)}px`;
    box.style.top = `${event.clientY - frame.top + 14}px`;
  };
}

export default { render };

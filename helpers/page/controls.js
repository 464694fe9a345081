// Draws what a learner can move or fill in, from its declaration. This text stands before that
// of a panel or an exercise in one module (see __init__.py).

// Attributes of what is made: a `true` is an attribute without a value, `undefined` is left out.
function element(tag, className, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

// JupyterLab takes letters and arrows from a focused control unless the control itself
// carries this attribute; on an ancestor it does not help.
function own(node) {
  node.setAttribute("data-lm-suppress-shortcuts", "true");
  return node;
}

const STOPS = ["restarting", "autorestarting", "terminating", "dead"];

// Calls `then` once when the kernel behind a model restarts or stops; returns how to forget it.
function whenStopped(model, then) {
  const kernel = model.widget_manager?.kernel;
  if (!kernel?.statusChanged) return () => {};
  const onStatus = (_kernel, status) => STOPS.includes(status) && then();
  const onDisposed = () => then();
  kernel.statusChanged.connect(onStatus);
  kernel.disposed?.connect(onDisposed);
  return () => {
    kernel.statusChanged.disconnect(onStatus);
    kernel.disposed?.disconnect(onDisposed);
  };
}

// Panels and exercises each load this text as a module of their own, so the count is the page's:
// else two views share a name, and a label or a radio button belongs to the wrong one.
const freshName = () => `hrd-${(globalThis.hrdNames = (globalThis.hrdNames ?? 0) + 1)}`;

const KINDS = {
  choice, list, radios, several, toggle, slider, steps, button, line, area, upload, words,
};

// Returns `{field, node, set}`; `move(field, value)` is called when the learner moves it, and
// `set(value, {greyed, options, note})` brings it to a value without calling `move`.
function drawControl(declared, move) {
  const made = KINDS[declared.kind](declared, (value) => move(declared.field, value));
  made.node.classList.add("hrd-control", `hrd-${declared.kind}`);
  made.node.dataset.field = declared.field;
  const note = element("span", "hrd-note");
  made.node.append(note);
  return {
    field: declared.field,
    node: made.node,
    set(value, { greyed = {}, options, text = "" } = {}) {
      const reason = typeof greyed === "string" ? greyed : "";
      if (!reason) whole(made.node, "");
      made.set(value, reason ? undefined : greyed, options);
      if (reason) whole(made.node, reason);
      if (note.textContent !== text) note.textContent = text;
    },
  };
}

const labelled = (c) => (c.unit ? `${c.label} (${c.unit})` : c.label);

// A whole control that does nothing at this setting stays in sight, with the reason.
function whole(node, reason) {
  if (!reason && !node.dataset.reason) return;
  node.dataset.reason = reason;
  node.classList.toggle("hrd-greyed", Boolean(reason));
  node.title = reason ? "" : node.dataset.help ?? "";
  if (reason) node.dataset.why = reason; else delete node.dataset.why;
  for (const one of node.querySelectorAll("button, input, select")) grey(one, reason);
}

const blocked = (event) => {
  const reason = event.currentTarget.closest(".hrd-control")?.dataset.reason;
  return Boolean(reason) || event.currentTarget.getAttribute("aria-disabled") === "true";
};

// Greys one thing with the reason as its description and as a tip on hover and focus.
function grey(node, reason) {
  if ((node.dataset.why ?? "") === (reason ?? "")) return;
  if (reason) {
    node.setAttribute("aria-disabled", "true");
    node.setAttribute("aria-description", reason);
    node.dataset.why = reason;
  } else {
    node.removeAttribute("aria-disabled");
    node.removeAttribute("aria-description");
    delete node.dataset.why;
  }
}

// The tip itself: one for a panel, so that no box cuts it off.
function tipFor(root) {
  const tip = element("div", "hrd-why", { "aria-hidden": "true", hidden: true });
  root.append(tip);
  const show = (event) => {
    const node = event.target.closest?.("[data-why]");
    tip.hidden = !node || !root.contains(node);
    if (tip.hidden) return;
    tip.textContent = node.dataset.why;
    const [box, at] = [root.getBoundingClientRect(), node.getBoundingClientRect()];
    tip.style.left = `${Math.max(0, Math.min(at.left - box.left, box.width - tip.offsetWidth))}px`;
    tip.style.top = `${at.bottom - box.top + 3}px`;
  };
  for (const name of ["pointerover", "focusin"]) root.addEventListener(name, show);
  for (const name of ["pointerleave", "focusout"]) {
    root.addEventListener(name, () => (tip.hidden = true));
  }
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });
}

function group(c, ...inside) {
  const name = element("span", "hrd-label", { id: freshName() }, labelled(c));
  const node = element(
    "div",
    "",
    { role: "group", "aria-labelledby": name.id, title: c.help || undefined },
    name,
    ...inside,
  );
  node.dataset.help = c.help ?? "";
  return node;
}

function field(c, input) {
  input.id = freshName();
  input.dataset.field = c.field;
  const name = element("label", "hrd-label", { for: input.id }, labelled(c));
  const node = element("div", "", { title: c.help || undefined }, name, input);
  node.dataset.help = c.help ?? "";
  return node;
}

function choice(c, move) {
  const buttons = c.options.map(([value, text]) => {
    const button = own(element("button", "", { type: "button", "aria-pressed": "false" }, text));
    button.dataset.value = value;
    button.addEventListener("click", (event) => {
      if (blocked(event)) return;
      mark(value);
      move(value);
    });
    button.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      const at = buttons.indexOf(event.currentTarget) + by;
      buttons[(at + buttons.length) % buttons.length].focus();
    });
    return button;
  });
  const mark = (value) => {
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.value === value));
  };
  return {
    node: group(c, element("span", "hrd-buttons", {}, ...buttons)),
    set(value, greyed = {}) {
      mark(value);
      for (const b of buttons) grey(b, greyed[b.dataset.value]);
    },
  };
}

function list(c, move) {
  const select = own(element("select", ""));
  let drawn = "";
  const fill = (options, greyed) => {
    const now = JSON.stringify([options, greyed]);
    if (now === drawn) return;
    drawn = now;
    select.replaceChildren(
      ...options.map(([value, text]) => {
        const reason = greyed[value];
        return element("option", "", { value, disabled: Boolean(reason), title: reason },
          reason ? `${text} (${reason})` : text);
      }),
    );
  };
  fill(c.options ?? [], {}); // a form sets a list only when an answer was kept
  select.addEventListener("change", () => move(select.value));
  return {
    node: field(c, select),
    set(value, greyed = {}, options = c.options) {
      fill(options, greyed);
      select.value = value ?? "";
    },
  };
}

function tick(text, change) {
  const box = own(element("input", "", { type: "checkbox" }));
  box.addEventListener("click", (event) => {
    if (blocked(event)) event.preventDefault();
  });
  box.addEventListener("change", change);
  return [box, element("label", "hrd-tick", {}, box, element("span", "", {}, text))];
}

function several(c, move) {
  const value = () => c.options.map(([v]) => v).filter((_, i) => boxes[i].checked);
  const pairs = c.options.map(([, text]) => tick(text, () => move(value())));
  const boxes = pairs.map(([box]) => box);
  return {
    node: group(c, element("span", "hrd-ticks", {}, ...pairs.map(([, label]) => label))),
    set(now, greyed = {}) {
      c.options.forEach(([v], i) => {
        boxes[i].checked = (now ?? []).includes(v);
        grey(boxes[i], greyed[v]);
        boxes[i].parentNode.classList.toggle("hrd-greyed", Boolean(greyed[v]));
      });
    },
  };
}

function radios(c, move) {
  const name = freshName();
  const boxes = c.options.map(([value]) => {
    const box = own(element("input", "", { type: "radio", name, value }));
    box.addEventListener("change", () => move(value));
    return box;
  });
  const labels = c.options.map(([, text], i) =>
    element("label", "hrd-tick", {}, boxes[i], element("span", "", {}, text)));
  return {
    node: group(c, element("span", "hrd-ticks", {}, ...labels)),
    set(value) {
      for (const box of boxes) box.checked = box.value === value;
    },
  };
}

function toggle(c, move) {
  const [box, label] = tick(labelled(c), () => move(box.checked));
  const node = element("div", "", { title: c.help || undefined }, label);
  node.dataset.help = c.help ?? "";
  return {
    node,
    set(value, greyed = {}) {
      box.checked = Boolean(value);
      grey(box, greyed[String(!value)]);
      label.classList.toggle("hrd-greyed", Boolean(greyed[String(!value)]));
    },
  };
}

// A range; `say` gives the words of a position, `at` and `from` turn values and positions.
function range(c, move, { low, high, step, say, at, from }) {
  const input = own(element("input", "", { type: "range", min: low, max: high, step }));
  const readout = element("span", "hrd-readout", { "aria-hidden": "true" });
  const told = () => {
    const text = say(Number(input.value));
    readout.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    told();
    if (!c.lazy) move(from(Number(input.value)));
  });
  input.addEventListener("change", () => c.lazy && move(from(Number(input.value))));
  const node = field(c, input);
  node.append(readout);
  return {
    node,
    set(value) {
      input.value = String(at(value));
      told();
    },
  };
}

function slider(c, move) {
  const places = (String(c.step).split(".")[1] ?? "").length;
  const unit = c.unit ? ` ${c.unit}` : "";
  const same = (value) => value;
  const say = (value) => value.toFixed(places).replace("-", "−");
  const made = range(c, move, { ...c, say, at: same, from: same });
  const input = made.node.querySelector("input");
  const set = (value) => {
    made.set(value);
    input.setAttribute("aria-valuetext", say(Number(input.value)) + unit);
  };
  input.addEventListener("input", () => {
    input.setAttribute("aria-valuetext", say(Number(input.value)) + unit);
  });
  return { ...made, set };
}

function steps(c, move) {
  const values = c.options.map(([value]) => value);
  return range(c, move, {
    low: 0,
    high: values.length - 1,
    step: 1,
    say: (place) => c.options[place][1],
    at: (value) => values.indexOf(value),
    from: (place) => values[place],
  });
}

function button(c, move) {
  const node = own(element("button", "", { type: "button", title: c.help || undefined }, c.label));
  node.addEventListener("click", (event) => blocked(event) || move(true));
  const outer = element("div", "", {}, node);
  return {
    node: outer,
    set(_value, greyed = {}) {
      grey(node, greyed.true);
    },
  };
}

// Calls `done` with what was typed, at Enter and when the line is left, once for one text.
function whenTyped(input, done) {
  let told = input.value;
  const tell = () => {
    if (input.value === told) return;
    told = input.value;
    done(told);
  };
  input.addEventListener("focus", () => (told = input.value));
  input.addEventListener("change", tell);
  input.addEventListener("keydown", (event) => event.key === "Enter" && tell());
}

function line(c, move) {
  const input = own(element("input", "", { type: "text", placeholder: c.placeholder,
    spellcheck: "false", autocomplete: "off" }));
  whenTyped(input, move);
  return {
    node: field(c, input),
    set(value) {
      if (document.activeElement !== input) input.value = value ?? "";
    },
  };
}

function area(c, move) {
  const input = own(element("textarea", "", { rows: 6 }));
  input.addEventListener("input", () => move(input.value));
  return { node: field(c, input), set: (value) => (input.value = value ?? "") };
}

const MOST_BYTES = 3_000_000;

function upload(c, move) {
  const input = own(element("input", "", { type: "file", accept: c.accept }));
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    const { name, size } = file;
    move(size > MOST_BYTES ? { name, size } : { name, size, text: await file.text() });
    input.value = "";
  });
  return { node: field(c, input), set() {} };
}

// Words of our own making, as HTML in which Python has escaped whatever was typed or read.
function words(c) {
  const node = element("div", "", c.spoken ? { role: "status" } : {});
  let shown;
  const place = element("div", "");
  node.append(place);
  return {
    node,
    set(html) {
      if (html === shown) return;
      shown = html;
      place.innerHTML = html ?? "";
      place.querySelectorAll("a, summary, button, input").forEach(own);
    },
  };
}

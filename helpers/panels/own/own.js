// The box for a reader's own table: a file or a path in, drop-downs for its columns, what was
// decided, one button. Native elements throughout, so labels, keys and dropped files work as
// everywhere. All decisions are made in Python; here nothing is computed.
const LARGEST = 8e6; // what a message to the kernel can carry; larger files go by their path

function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") Object.entries(value).forEach(([event, f]) => node.addEventListener(event, f));
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  // Lab takes letters and arrows from a focused control inside an output unless it says no.
  if (["INPUT", "SELECT", "BUTTON", "A"].includes(node.tagName)) {
    node.setAttribute("data-lm-suppress-shortcuts", "true");
  }
  return node;
}

function render({ model, el: root }) {
  root.classList.add("hrd-own");
  const send = (content, buffers) => model.send(content, undefined, buffers);
  const note = el("div", { role: "alert", class: "own-alert" });
  const take = async (file) => {
    if (!file) return;
    note.textContent = "";
    if (file.size > LARGEST) {
      note.textContent =
        `${file.name} has ${(file.size / 1e6).toFixed(0)} MB; give its path instead.`;
      return;
    }
    send({ kind: "file", name: file.name }, [await file.arrayBuffer()]);
  };
  const file = el("input", { type: "file", id: "own-file",
    on: { change: (event) => take(event.target.files[0]) } });
  const path = el("input", { type: "text", id: "own-path", spellcheck: "false",
    placeholder: "C:\\data\\women.csv", on: {
      change: (event) => event.target.value.trim() && send({ kind: "path", path: event.target.value }),
    } });
  const frame = () => model.get("frame");
  const template = el("a", { download: "women.csv" }, "Empty table to fill in");
  const bring = el("div", { class: "own-row" },
    el("label", {}, "Your file (or drop it here) ", file),
    el("label", {}, "or its path ", path), template);
  const body = el("div");
  root.append(bring, note, body);
  root.addEventListener("dragover", (event) => event.preventDefault());
  root.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });

  const choice = (id, label, options, value, change) => {
    const select = el("select", { id, on: { change: (event) => change(event.target.value) } });
    for (const [text, key] of options) {
      select.append(el("option", { value: key, selected: key === value }, text));
    }
    return el("label", { class: "own-choice" }, el("span", {}, label), select);
  };

  const draw = () => {
    const f = frame();
    const held = document.activeElement?.closest(".hrd-own") === root ? document.activeElement.id : "";
    template.href = "data:text/csv;charset=utf-8," + encodeURIComponent(f.template);
    const parts = [];
    if (f.table) {
      const head = el("tr", {}, ...["row", ...f.table.names].map((n) => el("th", { scope: "col" }, n)));
      const rows = f.table.rows.map((cells) => el("tr", {}, ...cells.map((c) => el("td", {}, c))));
      parts.push(el("div", { class: "own-table", tabindex: "0", role: "region",
        "aria-label": "First rows as read" },
        el("table", {}, el("caption", {}, `${f.file}: first rows as read`),
          el("thead", {}, head), el("tbody", {}, ...rows))));
      const fields = f.fields.map((x) => choice(`own-${x.key}`, x.label + (x.needed ? " *" : ""),
        x.options, x.value, (v) => send({ kind: "column", key: x.key, value: v })));
      const asks = f.asks.map((x, n) => choice(`own-ask-${n}`, x.label, x.options, x.value,
        (v) => send({ kind: "answer", of: x.of, key: x.key, spelling: x.spelling, value: v })));
      parts.push(el("fieldset", {}, el("legend", {}, "Which column is which? (* needed)"),
        el("div", { class: "own-grid" }, ...fields)));
      if (asks.length) {
        parts.push(el("fieldset", {}, el("legend", {}, "What does it mean?"),
          el("div", { class: "own-grid" }, ...asks)));
      }
    }
    const said = el("div", { role: "status", "aria-live": "polite", class: "own-said",
      tabindex: f.decisions.length ? "0" : null, "aria-label": "How the file was read" });
    if (f.refusal) said.append(el("p", { class: "own-refused" }, f.refusal));
    if (f.summary) said.append(el("p", {}, el("strong", {}, f.summary)));
    if (f.decisions.length) said.append(el("ul", {}, ...f.decisions.map((d) => el("li", {}, d))));
    parts.push(said);
    const buttons = el("div", { class: "own-row" });
    if (f.table) {
      buttons.append(el("button", { id: "own-use", disabled: !f.usable, class: "own-use",
        on: { click: () => send({ kind: "use" }) } }, "Use these rows"));
    }
    if (f.kept) {
      buttons.append(el("button", { id: "own-back", on: { click: () => send({ kind: "back" }) } },
        "Back to the synthetic rows"));
    }
    parts.push(buttons, el("p", { role: "status", class: "own-state" }, f.state));
    body.replaceChildren(...parts);
    if (held) root.querySelector(`#${CSS.escape(held)}`)?.focus();
  };
  model.on("change:frame", draw);
  draw();
  return () => model.off("change:frame", draw);
}
export default { render };

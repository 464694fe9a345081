// An exercise: what is entered, its buttons, and the place where verdicts appear, which is
// there before they do so that a screen reader hears them.
const NO_KERNEL =
  "This form is no longer connected: its kernel was restarted or has stopped. What you recorded " +
  "is kept. Choose Run > Run All Cells.";

function render({ model, el }) {
  const facts = model.get("facts");
  const entry = {};
  const drawn = facts.controls.map((c) => drawControl(c, (field, value) => (entry[field] = value)));
  const root = element("div", "hrd-live hrd-form", { role: "group", "aria-label": facts.name });
  root.classList.add(facts.look);
  const spoken = (name) => element("div", name, { role: "status" });
  const [aside, said, after] = ["hrd-hints", "hrd-verdict", "hrd-solution"].map(spoken);
  const row = element("div", "hrd-actions");
  const buttons = new Map();
  let filled = 0;

  function act(name) {
    const typed = root.contains(document.activeElement) && document.activeElement;
    if (typed?.matches?.("input[type=text], textarea")) entry[typed.dataset.field] = typed.value;
    model.send({ kind: name, entry });
  }

  function follow() {
    const frame = model.get("frame");
    for (const { name, label, off } of frame.actions ?? []) {
      if (!buttons.has(name)) {
        const button = own(element("button", "", { type: "button" }));
        button.addEventListener("click", (event) => blocked(event) || act(name));
        buttons.set(name, button);
        row.append(button);
      }
      const button = buttons.get(name);
      button.textContent = label;
      button.toggleAttribute("hidden", !label);
      grey(button, off);
    }
    if (frame.entry && frame.filled !== filled) {
      filled = frame.filled;
      for (const control of drawn) {
        entry[control.field] = frame.entry[control.field];
        control.set(entry[control.field]);
      }
    }
    put(aside, frame.aside);
    put(said, frame.said);
    put(after, frame.after);
  }

  function put(place, html = "") {
    if (place.dataset.html === html) return;
    place.dataset.html = html;
    place.innerHTML = html;
    place.querySelectorAll("a").forEach(own);
  }

  if (facts.title) root.append(element("strong", "", {}, facts.title));
  root.append(...drawn.map((control) => control.node), row, aside, said, after);
  root.querySelectorAll("input[type=text]").forEach((input) => {
    input.addEventListener("keydown", (event) => event.key === "Enter" && act("submit"));
  });
  el.append(root);
  tipFor(root);
  follow();
  model.on("change:frame", follow);
  const forget = whenStopped(model, () => {
    root.classList.add("hrd-lost");
    said.textContent = `⚠ ${NO_KERNEL}`;
  });
  return () => {
    model.off("change:frame", follow);
    forget();
  };
}

export default { render };

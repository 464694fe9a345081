// What a page does: forms at once, panels when they come into sight.
const registered = {};
const waiting = {};
globalThis.hrdHold = (name, content) => waiting[name]?.(content);

// Pages open from a folder too, where only scripts can be loaded.
function load(name, address) {
  registered[name] ??= new Promise((resolve, reject) => {
    waiting[name] = resolve;
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("error", () => reject(new Error(`${address} is missing`)));
    document.head.append(script);
  });
  return registered[name];
}

async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

const drawVega = () => {
  globalThis[Symbol.for("hrd.vega")] ??= load("vega", "vega.js").then(
    // No text is run as code: expressions are interpreted, as the page's policy asks.
    (embed) => (box, spec, how) => embed(box, spec, { ...how, ast: true, defaultStyle: false }));
};

const models = {};
const says = (place, text) => place.querySelector(".hrd-place-said").replaceChildren(text);

async function openPanel(place) {
  const name = place.dataset.panel;
  if (place.dataset.state) return models[name];
  place.dataset.state = "loading";
  try {
    drawVega();
    const stored = await unpacked(await load(name, `panels/${name}.js`));
    const model = stored.tracing ? tracingModel(stored.tracing)
      : panelModel(stored, (setting) => addressed(addressOf(name, setting)));
    models[name] = model;
    const box = document.createElement("div");
    const asked = fromHash();
    if (asked?.name === name && asked.setting) model.open(asked.setting);
    place.append(box);
    await hrdLive.render({ model, el: box });
    place.querySelector("img")?.remove();
    if (model.pair) beside(place, model);
    else box.querySelector(".hrd-foot").append(copyLink(name, model));
    place.dataset.state = "live";
    return model;
  } catch (problem) {
    place.dataset.state = "";
    says(place, `This panel could not start here (${problem.message}); the picture stays.`);
  }
}

// A second view under the first, once there is something to compare.
function beside(place, model) {
  const box = document.createElement("div");
  let drawn = false;
  model.paired = (there) => {
    box.hidden = !there;
    if (drawn || !there) return;
    drawn = true;
    place.append(box);
    hrdLive.render({ model: model.pair, el: box });
  };
}

const addressOf = (name, setting) =>
  location.href.replace(/#.*/, "") + `#${name}${setting ? `?${encodeURI(setting)}` : ""}`;

// After the last move only: a browser takes time for it, and some allow so many and no more.
let writing = 0;
function addressed(address) {
  clearTimeout(writing);
  writing = setTimeout(() => history.replaceState(null, "", address), 300);
}

function copyLink(name, model) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy link";
  button.addEventListener("click", async () => {
    const address = addressOf(name, model.setting());
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = "Copied";
    } catch {
      history.replaceState(null, "", address);
      button.textContent = "The link is in the address line";
    }
    setTimeout(() => (button.textContent = "Copy link"), 3000);
  });
  return button;
}

function fromHash() {
  const [name, ...rest] = location.hash.slice(1).split("?");
  if (!document.querySelector(`[data-panel="${CSS.escape(name)}"]`)) return null;
  try {
    return { name, setting: decodeURI(rest.join("?")) };
  } catch {
    return { name, setting: rest.join("?") };
  }
}

async function followHash() {
  const asked = fromHash();
  if (!asked) return;
  const place = document.querySelector(`[data-panel="${CSS.escape(asked.name)}"]`);
  const before = models[asked.name];
  const model = await openPanel(place);
  if (before && model && model.setting() !== asked.setting) model.open(asked.setting);
  place.scrollIntoView();
}

function openExercises() {
  const entries = globalThis.hrdExercises ?? {};
  for (const place of document.querySelectorAll("[data-exercise]")) {
    const entry = entries[place.dataset.exercise];
    const found = place.dataset.found;
    const model = found === undefined ? formModel(entry) : revealModel(entry, found);
    place.replaceChildren();
    hrdForm.render({ model, el: place });
  }
}

function download(file, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = file;
  link.click();
}

function openHandIn() {
  const place = document.querySelector(".hrd-hand-in");
  if (!place) return;
  const [name, [give, clear]] = [place.querySelector("input"), place.querySelectorAll("button")];
  const said = place.querySelector("[role=status]");
  place.hidden = false;
  give.addEventListener("click", () => {
    if (!name.value.trim()) return (said.textContent = "Say who hands in: write your name first.");
    const count = Object.keys(answersKept()).length;
    if (!count) return (said.textContent = "There is nothing to hand in yet: no answer is stored.");
    const [file, text] = handInFile(name.value);
    download(file, text, "application/json");
    said.textContent = `Your answers are in ${file}: give that file to your instructor. ` +
      `It holds answers to ${count} ${count === 1 ? "exercise" : "exercises"}.`;
  });
  clear.addEventListener("click", () => {
    const count = Object.keys(answersKept()).length;
    const kept = Object.keys(localStorage).filter((name) => name.startsWith("hrd."));
    if (!kept.length) {
      return (said.textContent = "There is nothing to delete: no answer is stored.");
    }
    if (clear.dataset.asked) {
      for (const name of kept) localStorage.removeItem(name);
      return location.reload();
    }
    clear.dataset.asked = "yes";
    said.textContent = `Press again to delete your answers to ${count} ` +
      `${count === 1 ? "exercise" : "exercises"} and what you coded and weighed from this browser; ` +
      "a file you downloaded stays.";
  });
}

// A word of the glossary says what it means at the pointer, at the focus and at a first touch.
function openGlossary() {
  const tip = document.createElement("div");
  tip.className = "hrd-means";
  tip.setAttribute("aria-hidden", "true"); // it is the link's own description
  tip.hidden = true;
  let [on, leaving, touched] = [null, 0, null];
  const wordAt = (event) => event.target.closest?.("[data-means]");
  const hide = () => (tip.hidden = true, on = null);
  function show(link) {
    clearTimeout(leaving);
    if (link === on) return;
    on = link;
    tip.textContent = link.dataset.means;
    tip.hidden = false;
    const [at, page] = [link.getClientRects()[0], document.documentElement];
    const above = at.bottom + tip.offsetHeight > page.clientHeight && at.top > tip.offsetHeight;
    tip.style.left = `${scrollX + Math.max(8, Math.min(at.left, page.clientWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${scrollY + (above ? at.top - tip.offsetHeight : at.bottom)}px`;
  }
  for (const link of document.querySelectorAll('a[href^="glossary.html#"][title]')) {
    link.dataset.means = link.title;
    link.setAttribute("aria-description", link.title);
    link.removeAttribute("title");
  }
  document.body.append(tip);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = wordAt(event);
    if (link) show(link);
    else if (tip.contains(event.target)) clearTimeout(leaving); // it may be read at leisure
    else if (on && on !== document.activeElement) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, 250);
    }
  });
  document.addEventListener("focusin", (event) => (wordAt(event) ? show(wordAt(event)) : hide()));
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch" ? { link: wordAt(event), before: on } : null;
    if (touched && !touched.link) hide();
  });
  document.addEventListener("click", (event) => {
    const link = wordAt(event);
    if (!link || touched?.link !== link || touched.before === link) return;
    event.preventDefault();
    show(link);
  });
}

// A mark under a heading, or alone, tells where the path goes on and where it is left.
function openPath() {
  const [label, main] = [document.querySelector(".hrd-path"), document.querySelector("main")];
  let [further, found] = [false, false];
  for (const node of label ? main.children : []) {
    const level = /^H[23]$/.test(node.tagName) ? Number(node.tagName[1]) : 0;
    const mark = level ? node.nextElementSibling : node;
    const words = mark?.matches("p") && mark.firstChild?.nodeName === "EM" ? mark.textContent : "";
    const marked = /^(On the path|Further)\b/.test(words);
    if (marked) {
      found ||= words.startsWith("Further");
      further = words.startsWith("Further");
    } else if (level === 2) further = false;
    if (further && !level && !marked) node.classList.add("hrd-further");
  }
  if (!found) return;
  const box = label.querySelector("input");
  const show = (only) => main.classList.toggle("hrd-path-only", (box.checked = only));
  // A link into what is left out shows it.
  const follow = () => {
    const there = document.getElementById(decodeURIComponent(location.hash.slice(1).split("?")[0]));
    if (there?.closest(".hrd-further")) show(false);
  };
  label.hidden = false;
  box.addEventListener("change", () => show(box.checked));
  try { // the choice holds for all pages, where the browser keeps anything
    show(localStorage.getItem("hrd-path") === "only");
    box.addEventListener("change", () => localStorage.setItem("hrd-path", box.checked ? "only" : "all"));
  } catch { show(false); }
  addEventListener("hashchange", follow);
  follow();
}

// A table that goes on beyond the edge says so.
function markWide() {
  for (const node of document.querySelectorAll(".scrolls")) {
    node.classList.toggle("wide", node.scrollWidth > node.clientWidth + 1);
  }
}

function openSearch() {
  const box = document.querySelector(".hrd-search");
  if (!box) return;
  const [input, list] = [box.querySelector("input"), box.querySelector("ul")];
  box.hidden = false;
  input.addEventListener("input", async () => {
    const words = input.value.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
    const index = words.length ? await load("search", "search.js") : [];
    const has = (text) => words.every((word) => text.toLowerCase().includes(word));
    const all = index.filter(({ text }) => has(text));
    const found = [...all.filter(({ title }) => has(title)), ...all.filter(({ title }) => !has(title))];
    list.replaceChildren(...found.slice(0, 20).map(({ page, id, title, text }) => {
      const link = document.createElement("a");
      link.href = `${page}#${id}`;
      link.textContent = `${page === "glossary.html" ? "Glossary" : page.slice(0, 2)}: ${title}`;
      const at = Math.max(0, text.toLowerCase().indexOf(words[0]) - 50);
      const line = document.createElement("li");
      line.append(link, ` … ${text.slice(at, at + 130)} …`);
      return line;
    }));
    if (words.length && !found.length) list.textContent = "Nothing was found.";
  });
}

const watcher = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) if (isIntersecting) openPanel(target);
}, { rootMargin: "300px" });
for (const place of document.querySelectorAll("[data-panel]")) watcher.observe(place);
openExercises();
openCoding();
openPath();
openHandIn();
openGlossary();
openSearch();
markWide();
addEventListener("resize", markWide);
followHash();
addEventListener("hashchange", followHash);

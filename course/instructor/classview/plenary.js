// One objective per screen: the left and right arrows change it, the up and down arrows go through its options.

/** @returns {HTMLElement} An element that the page always has. */
const query = (root, selector) => root.querySelector(selector);

const screens = [...document.querySelectorAll(".screen")];
const list = /** @type {HTMLSelectElement} */ (query(document, "nav select"));
const SAME = 24; // px; a position within this distance counts as the current one
let current = 0;

function show(index) {
  current = Math.max(0, Math.min(screens.length - 1, index));
  screens.forEach((screen, number) => screen.classList.toggle("now", number === current));
  list.value = String(current);
  const head = query(screens[current], "header");
  document.documentElement.style.setProperty("--head", `${head.offsetHeight}px`);
  scrollTo(0, 0);
  try {
    history.replaceState(null, "", `#${screens[current].id}`);
  } catch {
    // an embedded page has no address to change
  }
}

// Scrolls to the next option or row of groups, or back; through a tall one by most of a screen, so that nothing is skipped.
function step(way) {
  const head = query(screens[current], "header").offsetHeight;
  const tops = [...screens[current].querySelectorAll(".option")].flatMap((option) => {
    const heading = query(option, "h2").offsetHeight;
    const rows = [...option.querySelectorAll(".group")].map((group) => group.getBoundingClientRect().top - head - heading);
    return [option.getBoundingClientRect().top - head, ...rows];
  });
  const next = way > 0 ? tops.find((top) => top > SAME) : tops.findLast((top) => top < -SAME);
  const most = 0.75 * (innerHeight - head);
  scrollBy(0, next === undefined || Math.abs(next) > most ? way * most : next);
}

const names = /** @type {HTMLButtonElement} */ (query(document, "[data-names]"));

// Before projecting: a number for each name, or one answer less; nothing is stored.
function withoutNames() {
  const hidden = names.getAttribute("aria-pressed") !== "true";
  names.setAttribute("aria-pressed", String(hidden));
  for (const head of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("h3[data-copy]"))) {
    head.dataset.name ??= head.textContent ?? "";
    const shown = (hidden ? head.dataset.copy : head.dataset.name) ?? "";
    head.textContent = shown;
    const button = head.parentElement?.querySelector(".hide");
    button?.setAttribute("aria-label", `Masquer ${shown}`);
  }
  for (const who of document.querySelectorAll(".none")) {
    query(who, ".who").hidden = hidden;
    query(who, ".count").hidden = !hidden;
  }
}

function hide(button) {
  const hidden = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(hidden));
  button.parentElement.classList.toggle("out", hidden);
}

const KEYS = {
  n: withoutNames,
  ArrowRight: () => show(current + 1),
  ArrowLeft: () => show(current - 1),
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Home: () => show(0),
  End: () => show(screens.length - 1),
};

if (screens.length) {
  document.body.classList.add("alone");
  query(document, "nav").hidden = false;
  document.addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || event.altKey || event.ctrlKey || event.metaKey || event.target === list) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  query(document, "[data-way='-1']").addEventListener("click", () => show(current - 1));
  query(document, "[data-way='1']").addEventListener("click", () => show(current + 1));
  names.addEventListener("click", withoutNames);
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".hide"))) {
    button.hidden = false;
    button.addEventListener("click", () => hide(button));
  }
  list.addEventListener("change", () => show(Number(list.value)));
  show(Math.max(0, screens.findIndex((screen) => `#${screen.id}` === location.hash)));
}

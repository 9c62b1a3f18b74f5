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

const KEYS = {
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
  list.addEventListener("change", () => show(Number(list.value)));
  show(Math.max(0, screens.findIndex((screen) => `#${screen.id}` === location.hash)));
}

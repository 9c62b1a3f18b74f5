// One objective a screen: arrows left and right change it, arrows up and down go through its options.

/** @returns {HTMLElement} An element that the page always has. */
const query = (root, selector) => root.querySelector(selector);

const screens = [...document.querySelectorAll(".screen")];
const list = /** @type {HTMLSelectElement} */ (query(document, "nav select"));
const SAME = 24; // px; nearer than that, it is where one stands
let now = 0;

function show(place) {
  now = Math.max(0, Math.min(screens.length - 1, place));
  screens.forEach((screen, number) => screen.classList.toggle("now", number === now));
  list.value = String(now);
  const head = query(screens[now], "header");
  document.documentElement.style.setProperty("--head", `${head.offsetHeight}px`);
  scrollTo(0, 0);
  try {
    history.replaceState(null, "", `#${screens[now].id}`);
  } catch {
    // a page that is no file of its own has no address to change
  }
}

// To the next option or row of groups, or back; past a tall one by most of a screen, so that nothing is skipped.
function step(way) {
  const head = query(screens[now], "header").offsetHeight;
  const tops = [...screens[now].querySelectorAll(".option")].flatMap((option) => {
    const heading = query(option, "h2").offsetHeight;
    const rows = [...option.querySelectorAll(".group")].map((group) => group.getBoundingClientRect().top - head - heading);
    return [option.getBoundingClientRect().top - head, ...rows];
  });
  const next = way > 0 ? tops.find((top) => top > SAME) : tops.findLast((top) => top < -SAME);
  const most = 0.75 * (innerHeight - head);
  scrollBy(0, next === undefined || Math.abs(next) > most ? way * most : next);
}

const KEYS = {
  ArrowRight: () => show(now + 1),
  ArrowLeft: () => show(now - 1),
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
  query(document, "[data-way='-1']").addEventListener("click", () => show(now - 1));
  query(document, "[data-way='1']").addEventListener("click", () => show(now + 1));
  list.addEventListener("change", () => show(Number(list.value)));
  show(Math.max(0, screens.findIndex((screen) => `#${screen.id}` === location.hash)));
}

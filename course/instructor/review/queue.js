// The order in which copies come: those left to review, or all of them.

const LEFT = (state) => state !== "done";

export class Queue {
  constructor(rows) {
    this.items = rows.map(([key, number, state]) => ({ key, number, state }));
    this.places = new Map(this.items.map(({ key }, place) => [key, place]));
    this.skipped = new Set();
  }

  get left() {
    return this.items.filter(({ state }) => LEFT(state)).length;
  }

  has(key) {
    return this.places.has(key);
  }

  item(key) {
    return this.items[this.places.get(key)];
  }

  state(key, state) {
    const item = this.item(key);
    if (item) item.state = state;
  }

  // The first copy to show.
  first(all) {
    return this.changed() ?? (this.items.find(({ state }) => all || LEFT(state)) ?? this.items[0])?.key;
  }

  // The first copy whose words are others than those that its mark was given to.
  changed() {
    return this.items.find(({ state }) => state === "changed")?.key;
  }

  // The copy after one, round to the beginning; those that were skipped come last. Undefined when there is no other.
  next(key, all) {
    const place = this.places.get(key) ?? -1;
    const round = [...this.items.slice(place + 1), ...this.items.slice(0, Math.max(place, 0))];
    const wanted = round.filter(({ state }) => all || LEFT(state));
    return (wanted.find((item) => all || !this.skipped.has(item.key)) ?? wanted[0])?.key;
  }

  before(key) {
    return this.items[(this.places.get(key) ?? 0) - 1]?.key;
  }
}

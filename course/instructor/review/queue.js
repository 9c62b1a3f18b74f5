// The order of the copies of a canvas: those left to review, or all of them.

const isLeft = (state) => state !== "done";

export class Queue {
  constructor(rows) {
    this.items = rows.map(([key, number, state]) => ({ key, number, state }));
    this.indexes = new Map(this.items.map(({ key }, index) => [key, index]));
    this.skipped = new Set();
  }

  get left() {
    return this.items.filter(({ state }) => isLeft(state)).length;
  }

  has(key) {
    return this.indexes.has(key);
  }

  item(key) {
    return this.items[this.indexes.get(key)];
  }

  setState(key, state) {
    const item = this.item(key);
    if (item) item.state = state;
  }

  // The first copy to show.
  first(all) {
    return this.changed() ?? (this.items.find(({ state }) => all || isLeft(state)) ?? this.items[0])?.key;
  }

  // The first copy whose answers changed since its mark.
  changed() {
    return this.items.find(({ state }) => state === "changed")?.key;
  }

  // The copy after the given one, wrapping round, with skipped copies last; undefined when there is no other.
  next(key, all) {
    const index = this.indexes.get(key) ?? -1;
    const others = [...this.items.slice(index + 1), ...this.items.slice(0, Math.max(index, 0))];
    const wanted = others.filter(({ state }) => all || isLeft(state));
    return (wanted.find((item) => all || !this.skipped.has(item.key)) ?? wanted[0])?.key;
  }

  before(key) {
    return this.items[(this.indexes.get(key) ?? 0) - 1]?.key;
  }
}

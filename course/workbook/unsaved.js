// The registry of what this window holds and no disk has yet: the session of every widget enters itself. The shell
// asks it before it leaves a page, « Remettre » before it packs. No level of a status line decides here.
import { showStatus } from "./bar.js";

const LONGEST_WAIT = 6000; // ms; a kernel that starts again takes a few seconds
const REFUSED_WAIT = 1000; // ms; the kernel has refused, or did not answer the last try
const LOOK = 50;

class Unsaved {
  holders = /** @type {Set<Holder>} */ (new Set());
  left = /** @type {Set<Holder>} */ (new Set()); // those of them whose page was left: nobody waits for them

  /** Enters a session, whose page is shown, or shown again. */
  add(holder) {
    this.holders.add(holder);
    this.left.delete(holder);
  }

  remove(holder) {
    this.holders.delete(holder);
    this.left.delete(holder);
  }

  /** Has all that is shown saved; the holders that are not, once waiting is of no more use. */
  async settle(isWanted = (/** @type {Holder} */ _holder) => true) {
    const open = () => [...this.holders].filter((holder) => holder.isUnsaved && !this.left.has(holder) && isWanted(holder));
    for (const holder of open()) holder.flush();
    const start = Date.now();
    const limit = () => (open().every((holder) => holder.isStuck) ? REFUSED_WAIT : LONGEST_WAIT);
    while (open().length && Date.now() - start < limit()) await new Promise((resolve) => setTimeout(resolve, LOOK));
    return open();
  }

  /** The page is left: the bar says no more of it than what was not saved, and where that is. */
  leave() {
    for (const key of globalThis.courseStatuses?.keys() ?? []) if (!this.left.has(key)) showStatus(key, null);
    for (const holder of this.holders) {
      this.left.add(holder);
      if (!holder.isUnsaved || holder.warning) continue;
      const place = holder.kept ? "C’est gardé dans ce navigateur\u00a0: rouvrez la page pour l’enregistrer." : "Ne fermez pas cette fenêtre, et rouvrez la page.";
      showStatus(holder, ["alarm", `Pas encore enregistré\u00a0: ${holder.name}. ${place}`]);
    }
  }
}

export const unsaved = () => (globalThis.courseUnsaved ??= new Unsaved());

// The types of the constants that the kernel puts here when the module is bundled.

/** @type {{id: string, title: string}[]} */
export const GOALS = [];
/** @type {Record<string, string>} The label of each option. */
export const OPTIONS = {};
/** @type {{id: string, title: string}[]} */
export const PRINCIPLES = [];
/** @type {Record<string, string>} The names of fields. */
export const LABELS = {};
/** @type {Record<string, string[]>} The words of the levels 0 to 3, by field. */
export const LEVELS = {};
/** @type {Record<string, string>} The words of the verdicts on a principle. */
export const VERDICTS = {};
/** @type {Record<string, string>} The words of what became of an action. */
export const STATUSES = {};
/** @type {string} What costs are counted in. */
export const CURRENCY = "";

// The types of the constants that the kernel puts here when the module is bundled.

/**
 * As in core/layouts.py.
 *
 * @type {{headings: Record<string, string>, signs: string, letters: string, arrows: string, spaces: string, invisible: string,
 *   quotes: [string, string][]}}
 */
export const LAYOUT = { headings: {}, signs: "", letters: "", arrows: "", spaces: "", invisible: "", quotes: [] };

/** @type {{title: string, points: number, levels: string[]}[]} The criteria of quality; levels: zero, half, full. */
export const RUBRIC = [];
/** @type {Record<string, {title: string, options: {id: string, label: string, gloss: string}[]}>} By objective. */
export const CANVASES = {};

// The types of the constants that the kernel puts here when the module is bundled.

/** @type {string[]} The names of the levels of a criterion. */
export const LEVELS = [];

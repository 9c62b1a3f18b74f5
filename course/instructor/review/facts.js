// Types of the constants that the kernel inserts here when it bundles the module.

/** @type {string[]} The names of the levels of a criterion. */
export const LEVELS = [];

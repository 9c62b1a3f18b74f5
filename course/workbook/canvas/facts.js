// The types of the constants that the kernel puts here when the module is bundled.

/** @type {string[]} Verbs that say too little, without accents. */
export const VAGUE = [];

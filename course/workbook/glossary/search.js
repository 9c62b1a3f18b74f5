// Finding terms by what somebody types, with or without accents, in capitals or not.

// The same as `searchable` in course/core/glossary.py, which normalised the texts to search.
export function searchable(text) {
  const opened = text.replace(/œ/gi, "oe").replace(/æ/gi, "ae");
  const bare = opened.normalize("NFKD").replace(/[\p{Mn}\p{Cf}]/gu, "");
  return (bare.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
}

// The terms that have every word typed, or a word that begins so, with the parts that have them; matching names first.
export function search(terms, typed) {
  const words = searchable(typed).split(" ").filter(Boolean);
  const has = (text, word) => ` ${text}`.includes(` ${word}`);
  const matches = terms.flatMap((term) => {
    const texts = [term.search, ...term.parts.map((part) => part.search)];
    if (!words.every((word) => texts.some((text) => has(text, word)))) return [];
    const named = words.every((word) => has(term.search, word));
    const places = named ? [] : term.parts.filter((part) => words.some((word) => has(part.search, word)));
    return [{ term, named, places: places.map((part) => part.label) }];
  });
  return [...matches.filter(({ named }) => named), ...matches.filter(({ named }) => !named)];
}

// The unpacking of the canvas's module, which travels packed.

/** The canvas's module; `plain` asks for it as it is, where the browser cannot unpack it (before 2023). */
export default async function boot({ packed }, plain) {
  const { source, style } = "DecompressionStream" in globalThis ? await unpack(packed) : await plain();
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  return (await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))).default;
}

function unpack(packed) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

// Show the chosen variant's own price and stock beside the button. Without this
// script the page says the same, at each variant.
const form = document.querySelector("[data-variants]");

function show() {
  const chosen = form.querySelector("input[name=code]:checked")?.closest("[data-variant]");
  if (!chosen) return;
  for (const part of ["price", "stock"]) {
    const target = document.querySelector(`[data-chosen-${part}]`);
    const source = chosen.querySelector(`[data-${part}]`);
    target?.replaceChildren(...[...source.childNodes].map((node) => node.cloneNode(true)));
  }
  form.querySelector("input[name=quantity]").max = chosen.dataset.most;
}

if (form) {
  form.addEventListener("change", show);
  // After a reload a browser restores the choice without an event.
  addEventListener("pageshow", show);
  show();
}

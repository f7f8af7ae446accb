// Show the chosen variant's own price and stock beside the button, and its picture large.
// Without this script the page shows the same, at each variant.
const form = document.querySelector("[data-variants]");
const wall = document.querySelector("[data-main-picture]");
const cover = wall && [...wall.children];

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

function showPicture() {
  const chosen = form.querySelector("input[name=code]:checked")?.closest("[data-variant]");
  const own = chosen?.querySelector("template[data-picture]");
  wall?.replaceChildren(...(own ? [own.content.cloneNode(true)] : cover));
}

if (form) {
  form.addEventListener("change", (event) => {
    show();
    if (event.target.name === "code") showPicture();
  });
  // After a reload a browser restores the choice without an event. Whoever has not chosen
  // yet sees the product's own first picture.
  addEventListener("pageshow", () => {
    show();
    if (!form.querySelector("input[name=code]:checked")?.defaultChecked) showPicture();
  });
  show();
}

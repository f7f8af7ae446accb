// The cart without a new page: a panel that opens with the shop's answer to "Add to cart",
// and words for screen readers where a part of the page has changed. On the cart page and in the
// checkout, too, it says so when no answer came.
const panel = document.querySelector("dialog[data-cart-panel]");
let opener = null;

function say() {
  const said = (panel ?? document).querySelector("[data-cart-said]");
  const outcome = (panel ?? document).querySelector("[data-cart-outcome]");
  if (!said) return;
  said.textContent = "";
  // A dialog's words are heard once it is open, the same words again once they were gone.
  setTimeout(() => (said.textContent = outcome?.textContent.trim() ?? ""), 150);
}

function open() {
  if (panel && !panel.open) panel.showModal();
  say();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt.closest("form:not([data-heart])");
  if (form) {
    const pressed = event.detail.requestConfig?.triggeringEvent?.submitter;
    opener = pressed ?? form.querySelector("[type=submit]");
    if (!panel) document.querySelector("[data-cart-trouble]")?.replaceChildren();
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.closest("#cart-panel-answer, #cart-contents")) open();
});

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (!event.detail.elt.closest("form:not([data-heart])")) return;
    const failed = document.querySelector("template[data-cart-failed]");
    const place = document.querySelector("[data-cart-trouble]");
    place?.replaceChildren(failed.content.cloneNode(true));
    open();
  });
}

panel?.addEventListener("click", (event) => {
  // Only the dialog itself lies outside what it contains.
  if (event.target === panel) panel.close();
});
panel?.addEventListener("close", () => opener?.focus());

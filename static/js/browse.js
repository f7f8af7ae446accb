// Narrows a listing down in place. Without this, the filters are a form and links: htmx fetches
// the same page they lead to and takes the listing out of it; here is what a new page would
// have done besides: its address, where the reader was, and saying what has changed.
const within = (element) => element?.closest?.("[data-browse]");
const place = () => location.pathname + location.search;
let shown = place();
let goingBack = false;
let focused = "";
let wasOpen = false;

document.addEventListener("htmx:configRequest", (event) => {
  if (!within(event.detail.elt)) return;
  const { formData } = event.detail;
  for (const [name, value] of [...formData]) {
    const field = event.detail.elt.elements?.[name];
    if (value === "" || value === field?.dataset?.usual) formData.delete(name);
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  within(event.detail.elt)?.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const listing = within(event.detail.target);
  if (!listing) return;
  const active = listing.contains(document.activeElement) ? document.activeElement : null;
  focused = active && selectorOf(active);
  wasOpen = listing.querySelector("[data-filters]")?.open;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const listing = document.querySelector("[data-browse]");
  if (!listing || event.detail.target.id !== listing.id) return;
  const filters = listing.querySelector("[data-filters]");
  if (filters) filters.open = wasOpen;
  const address = event.detail.pathInfo.finalRequestPath.replace(/\?$/, "");
  if (!goingBack && address !== place()) history.pushState({ browse: true }, "", address);
  goingBack = false;
  shown = place();
  const count = listing.querySelector("[data-browse-count]");
  document.querySelector("[data-browse-said]").textContent = count.textContent.trim();
  if (focused !== null) (listing.querySelector(focused) ?? count).focus({ preventScroll: true });
});

// What gets no answer in place is gone to, where the shop's own page says what is wrong.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (within(event.detail.elt)) location.assign(event.detail.pathInfo.finalRequestPath);
  });
}

addEventListener("popstate", () => {
  // A jump to a place on the page is no other listing.
  if (place() === shown || !document.querySelector("[data-browse]")) return;
  goingBack = true;
  // Whoever goes back twice leaves the first answer behind; what fails is heard of above.
  htmx.ajax("GET", place(), { source: "#browse", target: "#browse" }).catch(() => {});
});

// What is chosen has a name and a value; a link that was followed may be gone, then the number
// of products is where to go on.
function selectorOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (!element.name) return "[data-browse-count]";
  const name = `[name="${CSS.escape(element.name)}"]`;
  const isTicked = element.type === "checkbox" || element.type === "radio";
  return isTicked ? `${name}[value="${CSS.escape(element.value)}"]` : name;
}

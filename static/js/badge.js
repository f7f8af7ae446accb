// A page that comes back from the browser's memory shows an old cart: ask again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const badge of document.querySelectorAll("[data-badge]")) {
    badge.dispatchEvent(new Event("refresh"));
  }
});

// That is no new view of the page.
addEventListener("htmx:configRequest", (event) => {
  if (event.detail.triggeringEvent?.type === "refresh") event.detail.parameters.again = "1";
});

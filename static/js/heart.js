// Where a heart or a wish gets no answer in place, it is sent as the form that it is: then the
// shop's own page says what is wrong.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    event.detail.elt.closest("form[data-heart]")?.submit();
  });
}

// On a phone the button to buy stays at hand once the form's own has been scrolled past.
const bar = document.querySelector("[data-buybar]");
const button = document.querySelector("#buy [type=submit]");

if (bar && button) {
  const price = document.querySelector(".product__price [data-chosen-price]");
  bar.querySelector("[data-chosen-price]").replaceChildren(...price.cloneNode(true).childNodes);
  new IntersectionObserver(([entry]) => {
    bar.hidden = entry.isIntersecting || entry.boundingClientRect.top > 0;
  }).observe(button);
}

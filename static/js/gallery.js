// The pictures of a product: a row that scrolls by itself (without this script too) is told by
// buttons, keys and small pictures where to go, and says where it is; a picture opens enlarged.
const gallery = document.querySelector("[data-gallery]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function keyStep(event, element) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return 0;
  const forward = getComputedStyle(element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") return event.key === forward ? 1 : -1;
  return { Home: -Infinity, End: Infinity }[event.key] ?? 0;
}

function start() {
  const track = gallery.querySelector("[data-gallery-track]");
  const slides = [...track.children];
  const thumbs = [...gallery.querySelectorAll("[data-gallery-thumb]")];
  const steps = [...gallery.querySelectorAll("[data-gallery-step]")];
  const count = gallery.querySelector("[data-gallery-count]");
  const said = gallery.querySelector("[data-gallery-said]");
  let current = 0;

  const within = (number) => Math.min(Math.max(number, 0), slides.length - 1);
  const words = (number) =>
    gallery.dataset.words.replace("{number}", number + 1).replace("{count}", slides.length);

  function mark(number) {
    if (number === current) return;
    current = number;
    for (const [place, thumb] of thumbs.entries()) {
      if (place === number) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    }
    reveal(thumbs[number]);
    if (count) count.textContent = `${number + 1} / ${slides.length}`;
    if (said) said.textContent = words(number);
    markSteps();
  }

  // Not disabled, or the focus would be lost where somebody comes to the end.
  function markSteps() {
    for (const step of steps) {
      const isEnd = within(current + Number(step.dataset.galleryStep)) === current;
      step.setAttribute("aria-disabled", isEnd);
    }
  }

  // Only the row of small pictures may scroll for it, never the page.
  function reveal(thumb) {
    const row = thumb?.closest("ul");
    if (!row) return;
    const left = thumb.offsetLeft - (row.clientWidth - thumb.clientWidth) / 2;
    row.scrollTo({ left: left - row.offsetLeft, behavior: "instant" });
  }

  function goTo(number, behavior = calm.matches ? "instant" : "smooth") {
    const slide = slides[within(number)];
    track.scrollTo({ left: slide.offsetLeft, behavior });
    if (behavior === "instant") mark(within(number));
  }

  track.addEventListener("scroll", () => {
    mark(within(Math.round(Math.abs(track.scrollLeft) / track.clientWidth)));
  });
  // Another width moves the row: it stays where it was.
  new ResizeObserver(() => goTo(current, "instant")).observe(track);

  gallery.addEventListener("click", (event) => {
    const step = event.target.closest("[data-gallery-step]");
    if (step) goTo(current + Number(step.dataset.galleryStep));
    const thumb = event.target.closest("[data-gallery-thumb]");
    if (!thumb) return;
    event.preventDefault();
    goTo(thumbs.indexOf(thumb));
  });
  gallery.addEventListener("keydown", (event) => {
    if (event.target.closest("dialog")) return;
    const step = keyStep(event, track);
    if (!step) return;
    event.preventDefault();
    const number = within(current + step);
    const focused = document.activeElement;
    goTo(number);
    // The focus goes along, from one large or small picture to the next.
    const links = track.contains(focused) ? slides.map((slide) => slide.firstElementChild) : thumbs;
    if (links.includes(focused)) links[number].focus({ preventScroll: true });
  });
  // Whoever chooses a variant sees its picture; whoever chooses one without sees the first again.
  document.addEventListener("variant:chosen", ({ detail }) => {
    const place = slides.findIndex((slide) => slide.dataset.picture === detail.picture);
    if (place >= 0) goTo(place, detail.atOnce ? "instant" : undefined);
    else if (detail.hadPicture) goTo(0);
  });
  markSteps();
  zoom(slides, words, () => current, goTo);
}

function zoom(slides, words, shown, goTo) {
  const dialog = gallery.querySelector("[data-zoom]");
  const pane = dialog.querySelector("[data-zoom-pane]");
  const size = dialog.querySelector("[data-zoom-size]");
  let number = 0;

  function show(next) {
    number = Math.min(Math.max(next, 0), slides.length - 1);
    pane.replaceChildren(slides[number].querySelector("template").content.cloneNode(true));
    dialog.querySelector("[data-zoom-count]").textContent = words(number);
    for (const step of dialog.querySelectorAll("[data-zoom-step]")) {
      const to = number + Number(step.dataset.zoomStep);
      step.setAttribute("aria-disabled", !slides[to]);
    }
    setSize(false);
  }

  // The point of the picture that was clicked stays under the pointer; else it is the middle.
  function setSize(isLarge, x = 0.5, y = 0.5) {
    pane.classList.toggle("is-large", isLarge);
    size.setAttribute("aria-pressed", isLarge);
    if (!isLarge) return;
    const image = pane.querySelector("img");
    pane.scrollTo({
      left: image.offsetLeft + image.clientWidth * x - pane.clientWidth / 2,
      top: image.offsetTop + image.clientHeight * y - pane.clientHeight / 2,
      behavior: "instant",
    });
  }

  gallery.addEventListener("click", (event) => {
    const link = event.target.closest("[data-gallery-link]");
    // With a key held down it is a link like any other.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(slides.indexOf(link.parentElement));
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    goTo(number, "instant");
    pane.replaceChildren();
    slides[number].querySelector("a").focus({ preventScroll: true });
  });
  size.addEventListener("click", () => setSize(!pane.classList.contains("is-large")));
  for (const step of dialog.querySelectorAll("[data-zoom-step]")) {
    step.addEventListener("click", () => show(number + Number(step.dataset.zoomStep)));
  }
  dialog.addEventListener("keydown", (event) => {
    const isLarge = pane.classList.contains("is-large");
    if (event.key === "+" || event.key === "-") setSize(event.key === "+");
    if (event.key === "Enter" && event.target === pane) setSize(!isLarge);
    // A large picture is looked around in by the same keys.
    const step = isLarge ? 0 : keyStep(event, pane);
    if (!step) return;
    event.preventDefault();
    show(number + step);
  });
  drag(pane, (event) => {
    const image = event.target.closest("img");
    const box = image?.getBoundingClientRect();
    const isLarge = pane.classList.contains("is-large");
    if (image) {
      setSize(!isLarge, (event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height);
    }
  });
}

// A mouse pulls the picture along; a finger scrolls it by itself. What was not pulled is a click.
function drag(pane, click) {
  let held = null;
  let wasPulled = false;
  pane.addEventListener("pointerdown", (event) => {
    wasPulled = false;
    if (event.pointerType !== "mouse" || event.button) return;
    held = { x: event.clientX + pane.scrollLeft, y: event.clientY + pane.scrollTop };
    event.preventDefault();
    pane.focus({ preventScroll: true });
  });
  addEventListener("pointermove", (event) => {
    if (!held || event.pointerType !== "mouse") return;
    const left = held.x - event.clientX;
    const top = held.y - event.clientY;
    if (Math.hypot(left - pane.scrollLeft, top - pane.scrollTop) > 4) wasPulled = true;
    if (!wasPulled) return;
    pane.classList.add("is-held");
    pane.scrollTo({ left, top, behavior: "instant" });
  });
  for (const name of ["pointerup", "pointercancel"]) {
    addEventListener(name, () => {
      held = null;
      pane.classList.remove("is-held");
    });
  }
  // Or the browser would take the picture itself along.
  pane.addEventListener("dragstart", (event) => event.preventDefault());
  pane.addEventListener("click", (event) => wasPulled || click(event));
}

if (gallery) start();

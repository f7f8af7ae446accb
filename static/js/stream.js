// An open stream asks what is new only while somebody can see it, and what comes in at the top
// moves nothing away from under the reader. (Browsers that keep the place by themselves are told
// not to in stream.css, so that it is done once.)
const stream = document.querySelector("#stream");
const isPoll = (event) => event.target.matches?.("[data-stream-poll]");
let reading = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isPoll(event) && document.hidden) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  document.querySelector("[data-stream-poll]")?.dispatchEvent(new Event("wake"));
});

function firstInSight() {
  for (const entry of stream.children) {
    if (entry.getBoundingClientRect().bottom > 0) return { entry, place: placeOf(entry) };
  }
  return null;
}

// Within the page, not the window: a reader who scrolls or tabs on meanwhile is not taken back.
function placeOf(entry) {
  return entry.getBoundingClientRect().top + scrollY;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== stream || !event.detail.shouldSwap) return;
  // Whoever is at the very top wants to see what comes in there.
  reading = scrollY > 0 ? firstInSight() : null;
});

document.addEventListener("htmx:afterSettle", () => {
  forgetRepeated();
  if (!reading?.entry.isConnected) return;
  const moved = placeOf(reading.entry) - reading.place;
  if (moved) scrollBy({ top: moved, behavior: "instant" });
  reading = null;
});

// An action that was written late came in at the top, and stands in its own place further down.
function forgetRepeated() {
  const known = new Set();
  for (const entry of stream.querySelectorAll("[id^=action-]")) {
    if (known.has(entry.id)) entry.remove();
    known.add(entry.id);
  }
}

// Keeps the state of a job fresh while it is unfinished, without loading the page again.
const PAUSE = 1500;

const place = document.querySelector("[data-job]");

async function refresh() {
  try {
    const response = await fetch(place.dataset.job, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
      credentials: "same-origin",
    });
    // Signed out, or gone: the answer would be another page.
    if (!response.ok || response.redirected) return;
    const text = await response.text();
    // A button in use is not taken away from under the keyboard.
    if (!place.contains(document.activeElement) || !text.includes("data-job-unfinished")) {
      place.innerHTML = text;
    } else {
      const next = new DOMParser().parseFromString(text, "text/html");
      for (const part of [".job__state", ".job__bar"]) {
        const [old, fresh] = [place.querySelector(part), next.querySelector(part)];
        if (old && fresh) old.replaceWith(fresh);
      }
    }
  } catch {
    // The network is away for a moment; the next round asks again.
  }
  wait();
}

function wait() {
  if (place.querySelector("[data-job-unfinished]")) setTimeout(refresh, PAUSE);
}

if (place) wait();

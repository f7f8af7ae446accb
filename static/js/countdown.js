// Count down by the clock of whoever looks. What a cache has kept for a while is put right at once.
const SECOND = 1000;

for (const countdown of document.querySelectorAll("[data-countdown]")) {
  const end = Date.parse(countdown.dataset.countdown);
  const before = countdown.querySelector("[data-countdown-before]");
  const after = countdown.querySelector("[data-countdown-after]");
  const units = Object.fromEntries(
    [...before.querySelectorAll("[data-unit]")].map((unit) => [unit.dataset.unit, unit]),
  );

  const show = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / SECOND));
    const values = {
      days: String(Math.floor(left / 86400)),
      hours: String(Math.floor(left / 3600) % 24).padStart(2, "0"),
      minutes: String(Math.floor(left / 60) % 60).padStart(2, "0"),
      seconds: String(left % 60).padStart(2, "0"),
    };
    for (const [name, value] of Object.entries(values)) {
      if (units[name].textContent !== value) units[name].textContent = value;
    }
    before.hidden = left === 0;
    after.hidden = left > 0;
    if (left > 0) {
      setTimeout(show, SECOND - (Date.now() % SECOND));
    } else {
      countdown.setAttribute("aria-label", countdown.dataset.labelAfter);
    }
  };
  if (!Number.isNaN(end)) show();
}

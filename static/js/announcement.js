// Runs before the first paint and decides for each bar above the page whether it is shown: by
// its moments, because the page may have come out of a cache, and by whether it was closed.
(() => {
  const CLOSED = "closed-announcements";
  const MOST_KEPT = 20;
  const LONGEST_TIMER = 2 ** 31 - 1;

  // A browser may refuse to keep anything: then a closed bar is back on the next page.
  const closed = () => {
    try {
      const keys = JSON.parse(localStorage.getItem(CLOSED));
      return Array.isArray(keys) ? keys : [];
    } catch {
      return [];
    }
  };

  const close = (key) => {
    try {
      const keys = [key, ...closed().filter((other) => other !== key)];
      localStorage.setItem(CLOSED, JSON.stringify(keys.slice(0, MOST_KEPT)));
    } catch {
      // As above.
    }
  };

  class AnnouncementBar extends HTMLElement {
    connectedCallback() {
      this.decide();
      this.addEventListener("click", (event) => {
        if (!event.target.closest(".announcement__close")) return;
        close(this.dataset.key);
        this.hidden = true;
      });
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
    }

    decide() {
      const now = Date.now();
      const starts = Number(this.dataset.starts ?? 0);
      const ends = Number(this.dataset.ends ?? Infinity);
      this.hidden = now < starts || now >= ends || closed().includes(this.dataset.key);
      const next = now < starts ? starts : ends;
      if (next > now && next < Infinity) {
        this.timer = setTimeout(() => this.decide(), Math.min(next - now, LONGEST_TIMER));
      }
    }
  }

  customElements.define("announcement-bar", AnnouncementBar);
})();

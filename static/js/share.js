// Share a page by what the device offers, or copy its address. Without this there is the mail.
for (const row of document.querySelectorAll("[data-share]")) {
  const { title, url } = row.dataset;
  const said = row.querySelector("[role=status]");
  const ways = {
    device: navigator.share && (() => navigator.share({ title, url })),
    copy: navigator.clipboard && (() => navigator.clipboard.writeText(url)),
  };
  for (const button of row.querySelectorAll("[data-share-by]")) {
    const name = button.dataset.shareBy;
    const way = ways[name];
    if (!way) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = "";
      try {
        await way();
        if (name === "copy") said.textContent = said.dataset.copied;
      } catch {
        // Whoever closes the device's own dialog has not met with an error.
        if (name === "copy") said.textContent = said.dataset.refused;
      }
    });
  }
}

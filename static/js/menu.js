// The menu opens and closes without this. Here it also closes when one looks elsewhere.
const menu = document.getElementById("menu");
const panels = () => menu.querySelectorAll("details[open]");
const isSheet = () => menu.matches(":popover-open");

const closePanels = () => {
  for (const panel of panels()) panel.open = false;
};

if (menu) {
  // On a desk the panels lie over the page; in the sheet they are part of it.
  addEventListener("click", (event) => {
    if (!isSheet() && !event.target.closest("#menu details")) closePanels();
  });

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isSheet()) return;
    const [panel] = panels();
    if (!panel) return;
    if (panel.contains(document.activeElement)) panel.querySelector("summary").focus();
    closePanels();
  });

  // What has the focus must be seen.
  menu.addEventListener("focusout", (event) => {
    if (!event.relatedTarget) return;
    const panel = event.target.closest("details");
    if (panel && !isSheet() && !panel.contains(event.relatedTarget)) panel.open = false;
    if (isSheet() && !menu.contains(event.relatedTarget)) menu.hidePopover();
  });
}

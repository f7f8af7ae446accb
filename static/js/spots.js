// Close the card of a spot by Escape, and by a click anywhere else.
const open = () => document.querySelector(".spot[open]");

document.addEventListener("keydown", (event) => {
  const spot = event.key === "Escape" && open();
  if (!spot) return;
  const hadFocus = spot.contains(document.activeElement);
  spot.open = false;
  if (hadFocus) spot.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  const spot = open();
  if (spot && !spot.contains(event.target)) spot.open = false;
});

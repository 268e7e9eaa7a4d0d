// The desk's own keys, on the row that has the focus: o opens it, t takes it. j and k are everyone's (js/keyboard.js).
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, dialog[open]")) return;
  const row = document.activeElement?.closest(".desk-row");
  if (!row) return;
  if (event.key === "o") row.querySelector("h2 a").click();
  else if (event.key === "t") row.querySelector("[data-take]")?.click();
  else return;
  event.preventDefault();
});

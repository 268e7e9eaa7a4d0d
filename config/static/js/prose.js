// What is wider than the column scrolls by itself; here it can also be reached and named by keyboard and screen reader.
export function mend(root = document) {
  for (const box of root.querySelectorAll(".prose pre, .table-scroll")) {
    if (box.scrollWidth <= box.clientWidth || box.hasAttribute("tabindex")) continue;
    box.tabIndex = 0;
  }
}

mend();
document.addEventListener("htmx:afterSettle", (event) => mend(event.target));
document.fonts?.ready.then(() => mend());
addEventListener("resize", () => mend());

// Under every text with a limit: how many characters are left, and by how many it is too long.
for (const text of document.querySelectorAll("textarea[data-limit]")) {
  const limit = Number(text.dataset.limit);
  const count = document.createElement("p");
  count.className = "help";
  count.setAttribute("role", "status");
  const show = () => {
    // The server counts code points, not UTF-16 units.
    const left = limit - Array.from(text.value).length;
    count.textContent = left < 0 ? `${(-left).toLocaleString()} over the limit` : `${left.toLocaleString()} characters left`;
    text.setAttribute("aria-invalid", left < 0 ? "true" : "false");
  };
  text.removeAttribute("maxlength"); // a pasted text is counted and refused, never cut without a word
  text.after(count);
  text.addEventListener("input", show);
  show();
}

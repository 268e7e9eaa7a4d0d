// Words that are marked in a post can be quoted: a button beside them, or the key q. They go into the reply with who
// said them and where.
const button = Object.assign(document.createElement("button"), { type: "button", className: "btn quote-it", hidden: true });
const area = document.querySelector("#reply textarea");

function marked() {
  const selection = document.getSelection();
  if (!area || !selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const prose = range.startContainer.parentElement?.closest(".post .prose");
  const post = prose?.closest(".post");
  const text = selection.toString().trim();
  if (!text || !prose || wordsAfter(prose, range)) return null;
  return { post, text, range };
}

// A paragraph that is marked by three clicks ends where the next block begins, which may be outside of the text.
function wordsAfter(prose, range) {
  if (prose.contains(range.endContainer)) return "";
  const rest = range.cloneRange();
  rest.setStartAfter(prose);
  return rest.toString().trim();
}

function quote() {
  const found = marked();
  if (!found) return false;
  const name = found.post.querySelector("[data-reply-name]")?.dataset.replyName;
  const link = found.post.querySelector(".no");
  const who = name ? `@${name}` : "";
  const head = `> ${who ? `${who} ` : ""}[${link.textContent}](${new URL(link.href).pathname}):`;
  const lines = found.text.replace(/\n{2,}/g, "\n\n").split("\n").map((line) => `> ${line}`.trimEnd());
  const before = area.value && !area.value.endsWith("\n\n") ? (area.value.endsWith("\n") ? "\n" : "\n\n") : "";
  area.setRangeText(`${before}${head}\n>\n${lines.join("\n")}\n\n`, area.value.length, area.value.length, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  document.getSelection().removeAllRanges();
  button.hidden = true;
  area.focus();
  area.closest("form").scrollIntoView({ block: "center" });
  return true;
}

if (area) {
  button.textContent = area.closest("form").dataset.quote ?? "“ ”";
  document.body.append(button);
  button.addEventListener("mousedown", (event) => event.preventDefault()); // keeps what is marked
  button.addEventListener("click", quote);
  let soon = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      const found = marked();
      button.hidden = !found;
      if (!found) return;
      const place = found.range.getBoundingClientRect();
      button.style.left = `${Math.max(8, Math.min(place.left, innerWidth - 120)) + scrollX}px`;
      button.style.top = `${place.bottom + scrollY + 6}px`;
    }, 150);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "q" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
    if (quote()) event.preventDefault();
  });
}

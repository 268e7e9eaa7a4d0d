// The queue by keyboard: j and k move, n writes a note, o opens the topic, ? shows the keys. 1, 3 and z are named on
// their buttons (data-key) and pressed by keyboard.js. Without this file it is links and forms.
const panes = () => document.querySelector("[data-review]");
const typing = (target) => target.closest?.("input, textarea, select") !== null;

function move(by) {
  const rows = [...panes().querySelectorAll(".review-list .item")];
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
  if (next && rows.indexOf(next) !== here) next.click();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  n: () => panes().querySelector(".decide-note input")?.focus(),
  o: () => panes().querySelector("[data-review-topic]")?.click(),
  "?": () => panes().querySelector("[data-review-keys]")?.showModal(),
};

// In the capture phase: here these keys mean the queue, not the page.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !panes() || document.querySelector("dialog[open]")) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}, true);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-review-help]")) keys["?"]();
});

// Somebody was faster (409): the answer is the item as it is now, with who decided what.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (panes() && [400, 409].includes(event.detail.xhr.status) && event.detail.xhr.responseText.includes("data-review")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// Something was flagged or decided: the list is fetched again; the item under the eyes stays as it is.
const watch = () => panes()?.dataset.review.split(" ").filter(Boolean)
  .forEach((group) => document.dispatchEvent(new CustomEvent("tw:watch", { detail: group })));
document.addEventListener("tw:ready", watch);
watch();

let again = 0;
document.addEventListener("tw:live", ({ detail }) => {
  if (detail.type !== "review" || !panes()) return;
  clearTimeout(again);
  again = setTimeout(async () => {
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["[data-review-rows]", "[data-review-count]"]) {
      const [old, fresh] = [panes()?.querySelector(part), page.querySelector(part)];
      if (!old || !fresh) return;
      old.replaceWith(fresh);
      window.htmx?.process(fresh);
    }
  }, 500);
});

function ready() {
  panes()?.querySelector("[data-review-help]")?.removeAttribute("hidden");
  panes()?.querySelector(".review-list .item[aria-current]")?.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:afterSettle", ready);
ready();

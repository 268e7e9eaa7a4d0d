// Keys for those who live here. Never while typing, never with a modifier; `?` shows the list.
// Any control may name its own key: <button data-key="1">.
const GO = {
  h: "/", d: "/topics/", q: "/questions/", a: "/kb/", w: "/wiki/", i: "/ideas/", n: "/notifications/", m: "/moderation/", s: "/support/",
};
let leader = 0;

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]") !== null;
const dialog = document.getElementById("keys");
for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row] a, .hit :is(h2, h3) a, .post .no")]
    .filter((link, index, all) => all.findIndex((other) => parent(other) === parent(link)) === index);
  if (!rows.length) return;
  const here = rows.findIndex((link) => parent(link).contains(document.activeElement));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1)];
  next.focus();
  parent(next).scrollIntoView({ block: "nearest" });
}

const parent = (link) => link.closest("[data-row], .hit, .post");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = event.key;
  if (Date.now() - leader < 1_200 && GO[key]) return void location.assign(GO[key]);
  leader = key === "g" ? Date.now() : 0;
  const own = /^[a-z0-9]$/i.test(key) && document.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]:not([disabled])`);
  const posted = event.target.closest?.(".post")?.querySelector(`[data-post-key="${CSS.escape(key)}"]`);
  if (posted) {
    event.preventDefault();
    posted.click();
  } else if (own) {
    event.preventDefault();
    own.click();
  } else if (key === "/") {
    event.preventDefault();
    document.getElementById("q")?.select();
  } else if (key === "?") {
    event.preventDefault();
    dialog.showModal();
  } else if (key === "j" || key === "k") {
    step(key === "j" ? 1 : -1);
  } else if (key === "c") {
    location.assign("/ask/");
  } else if (key === "r") {
    const reply = document.querySelector("#reply textarea");
    if (reply) {
      event.preventDefault();
      reply.focus();
    }
  }
});

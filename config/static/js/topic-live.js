// An open topic hears of new posts: a banner says how many, a click fetches them (the server checks again what may be
// read) and puts them in place. A list says that there is something new. Nothing moves under the reader's eyes.
const topic = document.querySelector("[data-live-topic]");
const list = document.querySelector("[data-live-list]");
const waiting = new Set();

const banner = document.createElement("button");
banner.type = "button";
banner.className = "live";

const ngettext = (place, count) => (count === 1 ? place.dataset.one : place.dataset.many)?.replace("{n}", count) ?? `+${count}`;

function lastNumber() {
  return Math.max(0, ...[...document.querySelectorAll("[data-number]")].map((post) => Number(post.dataset.number)));
}

async function fetchPosts() {
  const after = lastNumber();
  const answer = await fetch(`${topic.dataset.postsUrl}?after=${after}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return void location.reload();
  const place = topic.querySelector("[data-posts]");
  const count = place.children.length;
  place.insertAdjacentHTML("beforeend", await answer.text());
  const fresh = [...place.children].slice(count);
  for (const post of fresh) window.htmx?.process(post);
  waiting.clear();
  banner.remove();
  fresh[0]?.querySelector(".no")?.focus({ preventScroll: true });
  fresh[0]?.scrollIntoView({ block: "center" });
}

if (topic) {
  const id = topic.dataset.liveTopic;
  const place = topic.querySelector("[data-live-banner]");
  banner.addEventListener("click", fetchPosts);
  document.addEventListener("tw:live", ({ detail }) => {
    if (String(detail.topic) !== id || !detail.number || document.querySelector(`[data-number="${Number(detail.number)}"]`)) return;
    waiting.add(detail.number);
    banner.textContent = ngettext(place, waiting.size);
    place.append(banner);
  });
  document.addEventListener("tw:ready", () => document.dispatchEvent(new CustomEvent("tw:watch", { detail: `topic.${id}` })));
  document.dispatchEvent(new CustomEvent("tw:watch", { detail: `topic.${id}` }));
} else if (list) {
  banner.addEventListener("click", () => location.reload());
}

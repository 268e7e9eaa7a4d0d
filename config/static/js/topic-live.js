// An open topic hears of new posts: a banner says how many, a click fetches them (the server checks again what may be
// read) and puts them in place; on an earlier page it leads to the last one. Nothing moves under the reader's eyes.
const topic = document.querySelector("[data-live-topic]");
const waiting = new Set();

const banner = document.createElement("button");
banner.type = "button";
banner.className = "live";

const ngettext = (place, count) => (count === 1 ? place.dataset.one : place.dataset.many)?.replace("{n}", count) ?? `+${count}`;

function lastNumber() {
  return Math.max(0, ...[...document.querySelectorAll("[data-number]")].map((post) => Number(post.dataset.number)));
}

const isLastPage = () => !document.querySelector(".pager [rel=next]");

async function fetchPosts() {
  if (!isLastPage()) return void location.assign(`?post=${Math.min(...waiting)}#post-${Math.min(...waiting)}`);
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

// Reactions of others, and votes in a poll: what is under the post is fetched again, once for a burst of them, and never
// while it is in use or holds a choice that was not sent. Nobody asked for it, so nothing shows that it is on its way.
const stale = new Map();
const isChosen = (place) => [...place.querySelectorAll("input:not([type=hidden])")].some((one) => one.checked !== one.defaultChecked);
function whenFree(post, part) {
  const place = topic.querySelector(`[data-${part}="${Number(post)}"]`);
  if (!place || isChosen(place)) return null;
  if (!place.contains(document.activeElement)) return place;
  place.addEventListener("focusout", () => refresh(post, part), { once: true });
  return null;
}
function refresh(post, part) {
  const mark = `${part} ${post}`;
  clearTimeout(stale.get(mark));
  stale.set(mark, setTimeout(async () => {
    if (!whenFree(post, part)) return;
    const answer = await fetch(`/posts/${Number(post)}/${part}/`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const fresh = await answer.text();
    const place = whenFree(post, part);
    if (place) window.htmx?.swap(place, fresh, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 20 });
  }, 400));
}

if (topic) {
  const id = topic.dataset.liveTopic;
  const place = topic.querySelector("[data-live-banner]");
  banner.addEventListener("click", fetchPosts);
  const offer = (number) => {
    if (!number || document.querySelector(`[data-number="${Number(number)}"]`)) return;
    waiting.add(number);
    banner.textContent = ngettext(place, waiting.size);
    place.append(banner);
  };
  // After a cut: what was written meanwhile is asked for, without marking it as read.
  const lookAgain = async () => {
    const answer = isLastPage() && await fetch(`/api/v1/topics/${id}/posts?after=${lastNumber()}`).catch(() => null);
    if (answer?.ok) for (const post of (await answer.json()).results) offer(post.number);
  };
  document.addEventListener("tw:live", ({ detail }) => {
    if (detail.type === "post" && String(detail.topic) === id) offer(detail.number);
    if (detail.type === "reacted" && String(detail.topic) === id) refresh(detail.post, "reactions");
    if (detail.type === "polled" && String(detail.topic) === id) refresh(detail.post, "poll");
    if (detail.type === "newer" && detail.group === `topic.${id}`) isLastPage() ? lookAgain() : offer(detail.number);
    if (detail.type === "watching" && detail.group === `topic.${id}`) topic.dataset.watched = "";
  });
  document.addEventListener("tw:resync", lookAgain);
  // What was written while the page was on its way is told when the socket says that it watches.
  const have = () => Math.max(Number(topic.dataset.last), lastNumber(), ...waiting);
  const watch = () => document.dispatchEvent(new CustomEvent("tw:watch", { detail: { group: `topic.${id}`, have: have() } }));
  document.addEventListener("tw:ready", watch);
  watch();
}

// An open conversation goes on: what others say is fetched (the server checks again who reads it, and marks it as read)
// and put under the last message. Where somebody writes below, the page moves along, so that nothing moves for them.
const place = document.querySelector("[data-live-conversation]");
const id = place.dataset.liveConversation;
const group = `conversation.${id}`;
const list = place.querySelector("[data-messages]");
const banner = place.querySelector("[data-live-banner]");
let known = Number(place.dataset.last), busy = false, again = false;

const say = (count) => { banner.textContent = (count === 1 ? banner.dataset.one : banner.dataset.many).replace("{n}", count); };

function put(html) {
  const box = document.activeElement?.closest("form.reply");
  const before = box?.getBoundingClientRect().top;
  const count = list.children.length;
  list.insertAdjacentHTML("beforeend", html);
  const fresh = [...list.children].slice(count);
  for (const one of fresh) window.htmx?.process(one);
  if (box) window.scrollBy({ top: box.getBoundingClientRect().top - before, behavior: "instant" });
  return fresh;
}

async function fetchMore() {
  if (document.hidden || place.dataset.earlier !== undefined) return; // looked at again when it is seen
  if (busy) return void (again = true);
  busy = true;
  const answer = await fetch(`${place.dataset.afterUrl}?after=${known}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) {
    const fresh = put(await answer.text());
    known = Math.max(known, ...fresh.map((one) => Number(one.dataset.number)));
    if (fresh.length) say(fresh.length);
  }
  busy = false;
  if (again) {
    again = false;
    fetchMore();
  }
}

document.addEventListener("tw:live", ({ detail }) => {
  const isNew = detail.type === "message" && String(detail.conversation) === id && detail.number > known;
  if (isNew || (detail.type === "newer" && detail.group === group)) fetchMore();
  if (detail.type === "watching" && detail.group === group) place.dataset.watched = "";
});
document.addEventListener("tw:resync", fetchMore);
document.addEventListener("visibilitychange", fetchMore);
const watch = () => document.dispatchEvent(new CustomEvent("tw:watch", { detail: { group, have: known } }));
document.addEventListener("tw:ready", watch);
watch();

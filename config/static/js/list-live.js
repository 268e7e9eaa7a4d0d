// An open list hears that topics of its spaces are new or updated: a banner says how many, a click loads the list anew.
// Nothing moves under the reader's eyes.
const place = document.querySelector("[data-live-list]");
const heard = new Set();
const watched = new Set();

const banner = document.createElement("button");
banner.type = "button";
banner.className = "live";
banner.addEventListener("click", () => location.reload());

const groups = place.dataset.liveList.trim().split(" ").map((space) => `space.${space}`);
const watch = () => groups.forEach((group) => document.dispatchEvent(new CustomEvent("tw:watch", { detail: group })));

// Said on the page once all of them are heard.
document.addEventListener("tw:live", ({ detail }) => {
  if (detail.type !== "watching") return;
  watched.add(detail.group);
  if (groups.every((group) => watched.has(group))) place.dataset.watched = "";
});

// Whoever mutes a space or a tag, or ignores somebody, has a list without them: what is not in it is not announced.
const isInTheList = async (topic) => {
  if (!place.dataset.heard) return true;
  const answer = await fetch(`${place.dataset.heard}?t=${topic}`, { headers: { Accept: "application/json" } });
  return answer.ok && (await answer.json()).heard.includes(topic);
};

document.addEventListener("tw:live", async ({ detail }) => {
  if (detail.type !== "listed" || heard.has(detail.topic)) return;
  if (!(await isInTheList(detail.topic).catch(() => false))) return;
  heard.add(detail.topic);
  banner.textContent = (heard.size === 1 ? place.dataset.one : place.dataset.many).replace("{n}", heard.size);
  place.append(banner);
});
document.addEventListener("tw:ready", watch);
watch();

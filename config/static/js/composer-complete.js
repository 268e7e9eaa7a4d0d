// Lists under the caret: @people, #tags, :emoji: and [[links. The server says what may be offered; the list box, its
// keys and its ARIA are @github/text-expander-element's.
const SOON = 120;

export function complete(box) {
  const expander = box.querySelector("text-expander");
  if (!expander) return;
  let loaded = null, asked = 0;
  const load = () => (loaded ??= import(`${document.body.dataset.static}vendor/text-expander/bundle.js`).catch(() => null));
  const area = box.querySelector("textarea");
  area.addEventListener("focus", load, { once: true });
  if (document.activeElement === area) load(); // one can be quicker than this script

  expander.addEventListener("text-expander-change", ({ detail: { key, text, provide } }) => {
    if (!text || text.length > 60 || /\n/.test(text) || (key !== "[[" && /\s/.test(text))) return;
    provide(offer(key, text));
  });
  expander.addEventListener("text-expander-value", ({ detail }) => { detail.value = detail.item.dataset.value; });

  async function offer(key, text) {
    const turn = ++asked;
    await new Promise((resolve) => setTimeout(resolve, SOON)); // while keys are still coming, nothing is asked
    if (turn !== asked) return { matched: false };
    const answer = await fetch(`${expander.dataset.url}?${new URLSearchParams({ key, q: text })}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || turn !== asked) return { matched: false };
    const list = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("ul");
    return list?.childElementCount ? { matched: true, fragment: document.adoptNode(list) } : { matched: false };
  }
}

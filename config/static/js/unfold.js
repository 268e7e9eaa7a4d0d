// A link of this site that stands alone in its paragraph shows as a card of what it leads to. The server says, for this
// reader, what there is to show; where there is nothing, the link stays as it was written.
const PAGES = /^\/(t|posts|kb|wiki)\//;
const MOST = 10;

function lone(link) {
  const paragraph = link.parentElement;
  return paragraph?.tagName === "P" && paragraph.textContent.trim() === link.textContent.trim() && !paragraph.closest("blockquote, .unfurl");
}

async function unfold(root, address) {
  const links = [...root.querySelectorAll(".prose p > a[href]:only-child:not(.unfurl, .file, .pic)")]
    .filter((link) => link.origin === location.origin && PAGES.test(link.pathname) && lone(link))
    .slice(0, MOST);
  if (!links.length) return;
  const path = (link) => link.pathname + link.search;
  const asked = new URLSearchParams([...new Set(links.map(path))].map((value) => ["u", value]));
  const answer = await fetch(`${address}?${asked}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const cards = new Map([...page.querySelectorAll("[data-for]")].map((card) => [card.dataset.for, card]));
  for (const link of links) {
    const card = cards.get(path(link))?.cloneNode(true);
    if (!card) continue;
    card.href = link.href; // with its place in the page
    link.parentElement.replaceWith(card);
  }
}

const posts = document.querySelector("[data-unfold]");
if (posts) {
  unfold(posts, posts.dataset.unfold);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === 1) unfold(node, posts.dataset.unfold);
  }).observe(posts, { childList: true });
}

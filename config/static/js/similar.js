// While a title is typed: what others asked already, so that nobody writes it twice.
const place = document.querySelector("[data-similar]");
const title = document.querySelector("form input[name=title]");
const url = document.querySelector("form[data-suggest]")?.dataset.suggest;
let timer = 0, last = "";

async function look() {
  const text = title.value.trim();
  if (text === last || text.length < 8) return void (place.hidden = text.length < 8 || place.hidden);
  last = text;
  try {
    const answer = await fetch(`${url}?q=${encodeURIComponent(text)}&for=similar`, { headers: { "HX-Request": "true" } });
    const html = answer.ok && answer.headers.get("content-type")?.includes("html") ? await answer.text() : "";
    place.innerHTML = html;
    place.classList.add("similar", "suggest-inline");
    place.hidden = !place.querySelector("a");
    for (const link of place.querySelectorAll("a")) link.target = "_blank";
  } catch {
    place.hidden = true;
  }
}

if (title && url) title.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 400); });

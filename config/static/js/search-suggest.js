// The list under the search box. The server renders it (search:suggest, an HTML fragment of links); without it, or
// without this script, Enter searches as ever. Arrows walk, Escape closes, Enter on a chosen line follows it.
const form = document.querySelector("form[data-suggest]");
const url = form?.dataset.suggest;
if (url) {
  const input = form.querySelector("input[name=q]");
  const list = form.querySelector("[data-suggest-list]");
  const full = form.querySelector("[data-full]");
  list.id = "suggestions";
  let timer = 0, pending = null, chosen = -1, last = input.value.trim() || null;
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) {
    input.setAttribute(name, value);
  }

  const lines = () => [...list.querySelectorAll("a")];
  const show = (visible) => {
    list.hidden = !visible;
    input.setAttribute("aria-expanded", String(visible));
    if (!visible) choose(-1);
  };
  const choose = (index) => {
    chosen = index;
    lines().forEach((line, at) => {
      line.id ||= `suggestion-${at}`;
      line.setAttribute("aria-selected", String(at === index));
      if (at === index) line.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", lines()[index].id);
  };

  async function ask() {
    const text = input.value.trim();
    full.hidden = input.value.length < input.maxLength; // the browser cuts what is pasted and says nothing
    if (!full.hidden) return show(false); // no title is as long
    if (text === last) return void (list.childElementCount && text.length !== 1 && show(true));
    last = text;
    pending?.abort();
    if (text.length === 1 || (!text && !document.body.dataset.viewer)) return show(false);
    pending = new AbortController();
    try {
      const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, { signal: pending.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || !answer.headers.get("content-type")?.includes("html")) return show(false);
      list.innerHTML = await answer.text();
      list.setAttribute("role", "listbox");
      for (const line of lines()) {
        line.setAttribute("role", "option");
        line.tabIndex = -1;
        for (let up = line.parentElement; up !== list; up = up.parentElement) up.setAttribute("role", "presentation");
      }
      for (const label of list.querySelectorAll(".label")) label.setAttribute("role", "presentation");
      chosen = -1;
      show(lines().length > 0 && document.activeElement === input);
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    }
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 140); });
  input.addEventListener("focus", () => { if (!input.value.trim() || list.childElementCount) ask(); });
  input.addEventListener("keydown", (event) => {
    const count = lines().length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count && !list.hidden) {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      choose(chosen + by < -1 ? count - 1 : chosen + by >= count ? -1 : chosen + by);
    } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      event.preventDefault();
      lines()[chosen].click();
    } else if (event.key === "Escape") {
      if (list.hidden) input.blur();
      show(false);
    }
  });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) setTimeout(() => { show(false); full.hidden = true; }, 120); });
}

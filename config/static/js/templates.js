// The text box of a new topic follows the kind (or the space) that is chosen, while nobody has written in it.
const texts = document.querySelector("[data-templates]");
const form = texts.closest("form");
const box = form.querySelector("textarea[name=body]");
const all = new Map([...texts.querySelectorAll("template")].map((one) => [one.dataset.of, one.content.textContent]));

function untouched() {
  const written = box.value.trim();
  return !written || [...all.values()].some((text) => text.trim() === written);
}

form.addEventListener("change", (event) => {
  if (event.target.name !== texts.dataset.templates || !all.has(event.target.value) || !untouched()) return;
  box.value = all.get(event.target.value);
  box.dispatchEvent(new Event("input", { bubbles: true }));
});

// Small mercies of forms: errors get the focus, passwords can be shown, nothing is sent twice, Ctrl+Enter sends.
document.querySelector("[data-form-errors]")?.focus();

for (const box of document.querySelectorAll("[data-secret]")) {
  const input = box.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn ghost small";
  const say = () => {
    const hidden = input.type === "password";
    button.textContent = hidden ? "●●●" : "abc";
    button.setAttribute("aria-label", hidden ? box.dataset.show : box.dataset.hide);
  };
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    say();
  });
  say();
  box.append(button);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (form && event.target.tagName === "TEXTAREA") form.requestSubmit(form.querySelector(".btn.primary") ?? undefined);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4_000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

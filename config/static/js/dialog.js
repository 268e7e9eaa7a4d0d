// Dialogs: [data-close] closes its own; a link with data-dialog-link opens its page's form in one, and stays a link
// where that fails; a button with data-confirm="…?" asks first.
document.addEventListener("click", (event) => {
  const closer = event.target.closest("dialog [data-close]");
  if (closer) closer.closest("dialog").close();
  if (event.target instanceof HTMLDialogElement) event.target.close(); // the backdrop
});

function dialogOf(...content) {
  const dialog = document.createElement("dialog");
  dialog.append(...content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog-link]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [main, form] = [page.querySelector("#main"), page.querySelector("#main form")];
    if (!main || !form) throw new Error("no form");
    if (!form.getAttribute("action")) form.action = link.href;
    const dialog = dialogOf(...main.childNodes);
    const title = dialog.querySelector("h1");
    if (title) {
      title.id = "dialog-title";
      dialog.setAttribute("aria-labelledby", title.id);
    }
    for (const cancel of dialog.querySelectorAll("[data-cancel], .form-actions a.btn")) {
      cancel.addEventListener("click", (click) => { click.preventDefault(); dialog.close(); });
    }
  } catch {
    location.assign(link.href);
  }
});

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset?.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

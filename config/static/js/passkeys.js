// Passkeys and security keys: allauth's scripts speak with the browser. Here buttons wake when these are there, and what
// went wrong is told in words.
const told = document.querySelector("[data-passkey-told]");
const WORDS = { NotAllowedError: "refused", AbortError: "refused", InvalidStateError: "known", SecurityError: "elsewhere" };

const tell = (exception) => {
  told.textContent = told.dataset[WORDS[exception?.name] ?? "broken"];
  told.hidden = false;
  told.focus();
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  tell(event.detail.exception);
});

// After allauth's own listener, so that no press is lost.
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const button of document.querySelectorAll("[data-passkey]")) button.disabled = false;
});

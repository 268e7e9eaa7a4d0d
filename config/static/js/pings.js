// Tells the server which hit was opened. Browsers that leave out a link's ping are helped; the server counts one.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[ping]");
  if (link) navigator.sendBeacon(link.getAttribute("ping"));
});

// Wagtail's own templates start its choosers of dates and times by an inline script, which the content policy forbids.
// Ours (templates/wagtailadmin/widgets) leave a mark instead; marks also come later, in dialogs.
const start = { Date: "initDateChooser", DateTime: "initDateTimeChooser", Time: "initTimeChooser" };

function begin(root) {
  for (const mark of root.querySelectorAll("template[data-moment]")) {
    const { moment, for: id, config } = mark.dataset;
    window[start[moment]]?.(id, JSON.parse(config));
    mark.remove();
  }
}

begin(document);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) begin(node.parentNode ?? node);
  }
}).observe(document.body, { childList: true, subtree: true });

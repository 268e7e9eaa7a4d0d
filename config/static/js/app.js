// Starts what every page has. Each module looks for its own marks (data-…) and does nothing where there are none.
import "./times.js";
import "./menu.js";
import "./theme.js";
import "./dialog.js";
import "./forms.js";
import "./keyboard.js";
import "./search-suggest.js";
import "./status.js";
import "./prose.js";

// Modules that only some pages need are fetched only there.
if (document.querySelector("[data-composer]")) import("./composer.js");
if (document.body.dataset.viewer) import("./live.js");
if (document.querySelector("[data-live-topic] .prose") && document.querySelector("#reply textarea")) import("./quote.js");
if (document.querySelector("[data-live-topic]")) import("./topic-live.js");
if (document.querySelector("[data-live-conversation]")) import("./conversation-live.js");
if (document.querySelector("[data-unfold] .prose p > a:only-child")) import("./unfold.js");
if (document.querySelector("[data-live-list]")) import("./list-live.js");
if (document.querySelector('main a[href^="/u/"]')) import("./person-card.js");
if (document.querySelector("[data-templates]")) import("./templates.js");
if (document.querySelector("a[ping]")) import("./pings.js");

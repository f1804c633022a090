// What pages gain with JavaScript. Every page works without it; nothing here is inline.
import "./copy.js";
import "./drafts.js";
import "./folders.js";
import "./forms.js";
import "./kanban.js";
import "./keeping.js";
import "./live.js";
import "./network.js";
import "./outbox.js";
import "./overlays.js";
import "./passkeys.js";
import "./password.js";
import "./push.js";
import "./spaces.js";
import "./theme.js";
import "./toasts.js";
import "./upload.js";

// What screens of the back-office gain with JavaScript. Every one of them works without it.
import "./boards.js";
import "./copy.js";
import "./home.js";
import "./roadmap.js";
import "./tasks.js";
import "./calendar.js";
import "./bell.js";
import "./listings.js";
import "./palette.js";
import "./shortcuts.js";
import "./support.js";
import "./look.js";
import "./sms.js";

/*
 * What the pages do beyond links and forms. Everything can be read without it: it adds partial updates, keys, the
 * theme, copying. Choices that must survive (theme, raw or pretty stacks) are cookies, so the server renders them at
 * once and nothing flashes or jumps.
 */
import htmx from "htmx.org";

window.htmx = htmx;
const root = document.documentElement;
const YEAR = 31536000;

function remember(name, value) {
    document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
}

function say(text) {
    const toast = document.getElementById("toast");
    toast.textContent = text;
    toast.classList.add("shown");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => toast.classList.remove("shown"), 1600);
}

function switchTheme() {
    const systemDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const shown = root.dataset.theme || (systemDark ? "dark" : "light");
    const next = shown === "dark" ? "light" : "dark";
    root.dataset.theme = next;
    remember("faultline-theme", next);
}

function showStack(kind) {
    root.dataset.stack = kind;
    remember("faultline-stack", kind);
    markStackButtons();
}

function markStackButtons() {
    for (const button of document.querySelectorAll("[data-show-stack]")) {
        button.setAttribute("aria-pressed", String(button.dataset.showStack === (root.dataset.stack || "pretty")));
    }
}

async function copy(source) {
    const text = (source.dataset.text ?? source.textContent).trim();
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        // no clipboard outside of a secure context: a plain-http server in the lab is one
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
    }
    say("Copied");
}

const help = () => document.getElementById("help");

document.addEventListener("click", event => {
    const target = event.target.closest("[data-action]");
    if (!target) {
        return;
    }
    switch (target.dataset.action) {
        case "theme": switchTheme(); break;
        case "help": help().showModal(); break;
        case "stack": showStack(target.dataset.showStack); break;
        case "copy": copy(document.querySelector(target.dataset.copy)); break;
        case "copy-near": copy(target.parentElement.querySelector("code")); break;
    }
});

/* ── keys ─────────────────────────────────────────────────────────────────── */
const GO = { c: "clusters", x: "crashes", s: "symbols", r: "compare", l: "releases", t: "gates", d: "devices" };
let afterG = 0;

/** Moves the real focus to the next or previous row's link, so that Enter and screen readers need nothing more. */
function move(step) {
    const rows = [...document.querySelectorAll("a[data-open]")].filter(row => row.offsetParent !== null);
    if (rows.length === 0) {
        return;
    }
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
    rows[next].focus({ focusVisible: true });
    rows[next].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
    }
    if (event.target.closest("input, select, textarea, dialog[open]")) {
        if (event.key === "Escape") {
            event.target.blur();
        }
        return;
    }
    if (afterG && event.timeStamp - afterG < 1200 && GO[event.key]) {
        const link = document.querySelector(`.topbar nav a[data-section="${GO[event.key]}"]`);
        afterG = 0;
        link?.click();
        return;
    }
    afterG = event.key === "g" ? event.timeStamp : 0;
    switch (event.key) {
        case "j": move(1); break;
        case "k": move(-1); break;
        case "/": {
            const field = document.querySelector("[data-filter]") ?? document.querySelector(".topbar input");
            field.focus();
            field.select();
            event.preventDefault();
            break;
        }
        case "?": help().showModal(); break;
        case "t": if (document.querySelector("[data-show-stack]")) {
            showStack(root.dataset.stack === "raw" ? "pretty" : "raw");
        } break;
        case "y": if (document.getElementById("stack-text")) {
            copy(document.getElementById("stack-text"));
        } break;
    }
});

/* a form whose fields are empty would fill the address with empty parameters: the address is what people share */
document.addEventListener("htmx:configRequest", event => {
    if (event.detail.verb === "get") {
        for (const [name, value] of [...event.detail.formData.entries()]) {
            if (value === "") {
                event.detail.formData.delete(name);
            }
        }
    }
    const token = document.querySelector("meta[name=csrf]")?.content;
    if (token) {
        event.detail.headers["X-CSRF-Token"] = token;
    }
});
document.addEventListener("submit", event => {
    if (event.target.method === "get") {
        for (const field of event.target.elements) {
            if (field.name && field.value === "") {
                field.disabled = true;
            }
        }
    }
});
/* back and forward restore pages with the fields that the submit above switched off */
addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[method=get] :disabled")) {
        field.disabled = false;
    }
});
document.addEventListener("htmx:afterSwap", markStackButtons);
document.addEventListener("htmx:responseError", () => say("The server refused that: reload the page to see why"));
document.addEventListener("htmx:sendError", () => say("The server does not answer"));
markStackButtons();

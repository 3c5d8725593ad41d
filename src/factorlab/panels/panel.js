// Draws a panel and sends what is pressed to the kernel. The page is built once and then only its
// texts change, so that focus and half-typed words stay where they are.

const GONE = "The kernel was restarted, and what ran here has ended. "
  + "Run the cell that makes the lab, then this one.";

// JupyterLab takes the keys a, b, d … of whatever has the focus, a button too, as its own commands,
// unless that very element says no.
function make(parent, tag, className = "", text = "") {
  const node = parent.appendChild(document.createElement(tag));
  node.dataset.lmSuppressShortcuts = "true";
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function button(parent, text, label, press, className = "") {
  const node = make(parent, "button", className, text);
  node.type = "button";
  node.setAttribute("aria-label", label);
  node.addEventListener("click", () => { if (node.ariaDisabled !== "true") press(); });
  return node;
}

// Out of use for now, and yet with its focus: a disabled button would lose it.
function rest(node, resting) {
  node.ariaDisabled = String(resting);
}

function field(parent, tag, label, className, value = "") {
  const node = make(parent, tag, className);
  node.setAttribute("aria-label", label);
  node.value = value;
  if (tag === "input") node.spellcheck = false;
  return node;
}

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Lines of a list that only grows at its end and is cut at its beginning; the end stays in sight.
function putLines(list, lines) {
  const key = JSON.stringify(lines);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  const items = lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  });
  list.replaceChildren(...items);
  list.scrollTop = list.scrollHeight;
}

// The environment: one row for each variable, and rows that one adds.
function environment(parent, side) {
  make(parent, "h4", "", "Environment of the next Start");
  const rows = make(parent, "div", "fl-env");
  const add = (name, value) => {
    const row = make(rows, "div", "fl-row");
    const n = field(row, "input", `${side.name}: name of a variable`, "fl-name", name);
    const v = field(row, "input", `${side.name}: value of ${name || "the variable"}`, "fl-value", value);
    button(row, "×", `${side.name}: leave out ${name || "this variable"}`, () => {
      row.remove();
      more.focus();
    });
    return { n, v };
  };
  const more = button(parent, "Add a variable", `${side.name}: add a variable`, () => add("", "").n.focus());
  side.env.forEach(([name, value]) => add(name, value));
  return () => [...rows.children].map((row) => [...row.querySelectorAll("input")].map((i) => i.value));
}

function buildSide(parent, side, send, request) {
  const box = make(parent, "section", "fl-side");
  box.setAttribute("aria-label", side.name);
  make(box, "h3", "", side.name);
  const status = make(box, "div", "fl-status");
  status.setAttribute("role", "status");
  const head = make(status, "b");
  const image = make(status, "span");
  const read = environment(box, side);
  const act = (action, more = {}) => send({ action, side: side.name, ...more });
  const keys = make(box, "div", "fl-row");
  const named = (text) => `${text} ${side.name}`;
  const buttons = [
    button(keys, "Start", named("Start"), () => act("start", { env: read() }), "fl-go"),
    button(keys, "Stop", named("Stop"), () => act("stop")),
    button(keys, "Kill", named("Kill"), () => act("kill")),
    button(keys, "Restart", named("Restart"), () => act("restart")),
  ];
  const replicas = field(keys, "input", `${side.name}: number of replicas`, "fl-count", "2");
  Object.assign(replicas, { type: "number", min: 1, max: 5 });
  buttons.push(button(keys, "Scale", named("Scale"), () => act("scale", { replicas: replicas.value, env: read() })));
  buttons.push(button(keys, "Send request", `Send the request to ${side.name}`, () => act("send", request()), "fl-go"));
  const message = make(box, "p", "fl-message");
  message.setAttribute("role", "alert");
  make(box, "h4", "", "Answers");
  const answers = make(box, "ul", "fl-answers");
  make(box, "h4", "", "Log");
  const log = make(box, "pre");
  for (const [node, name] of [[answers, "answers"], [log, "log"]]) {
    node.tabIndex = 0;
    node.setAttribute("aria-label", `${side.name}: ${name}`);
  }
  log.setAttribute("role", "region");
  const draw = (now) => {
    const states = now.apps.map((app) => `${app.name}: ${app.state}`).join(" · ");
    const waits = now.waiting ? " · waiting for the answer …" : "";
    put(head, now.doing ? `${now.doing} …` : (states || "no container yet") + waits);
    put(image, now.image ? `image ${now.image}` : "no image yet");
    put(message, now.message);
    buttons.forEach((node) => rest(node, Boolean(now.doing)));
    putLines(answers, now.answers.map((a) => `${a.by} ← ${a.asked}: ${a.said}`));
    if (log.textContent !== now.log) {
      log.textContent = now.log;
      log.scrollTop = log.scrollHeight;
    }
  };
  return { draw, read };
}

function buildRequest(parent, presets) {
  const first = presets[0] || { method: "GET", path: "/", body: "" };
  make(parent, "h4", "", "The request that Send request sends");
  const row = make(parent, "div", "fl-row");
  let choice;
  if (presets.length > 1) {
    choice = field(row, "select", "A request to begin with", "");
    presets.forEach((preset, number) => choice.add(new Option(`${preset.method} ${preset.path}`, number)));
    choice.add(new Option("your own", -1));
  }
  const method = field(row, "select", "Method", "");
  ["GET", "POST", "PUT", "DELETE"].forEach((name) => method.add(new Option(name)));
  const path = field(row, "input", "Path", "fl-path");
  const body = field(row, "input", "Body, as JSON", "fl-body");
  body.placeholder = "body, as JSON";
  const fill = (preset) => {
    method.value = preset.method;
    path.value = preset.path;
    body.value = preset.body;
  };
  fill(first);
  const request = () => ({ method: method.value, path: path.value, body: body.value });
  choice?.addEventListener("change", () => fill(presets[choice.value] ?? request()));
  // What one writes is no longer what the list says; said so, it can be chosen from the list again.
  row.addEventListener("input", (event) => {
    if (!choice || event.target === choice) return;
    const now = JSON.stringify(request());
    choice.value = presets.findIndex(({ method, path, body }) => JSON.stringify({ method, path, body }) === now);
  });
  return request;
}

// A copy of a file to change; the original is always one press away.
function buildEditor(parent, sources, environmentOf, send) {
  if (Object.keys(sources).length === 0) return () => {}; // only versions of one's own
  const details = make(parent, "details");
  make(details, "summary", "", "Change the code and run your version beside it");
  const row = make(details, "div", "fl-row");
  const choice = field(row, "select", "The file to change", "");
  for (const [side, files] of Object.entries(sources)) {
    for (const file of Object.keys(files)) choice.add(new Option(`${side}/${file}`, JSON.stringify([side, file])));
  }
  const text = field(details, "textarea", "The code", "");
  text.spellcheck = false;
  const chosen = () => JSON.parse(choice.value);
  // What one typed or brought back, kept while one looks at another file: what is run is what stands here.
  const drafts = new Map();
  const keep = () => drafts.set(choice.value, text.value);
  const show = () => {
    const [side, file] = chosen();
    text.value = drafts.get(choice.value) ?? sources[side][file];
  };
  const original = () => {
    drafts.delete(choice.value);
    show();
    keep();
  };
  const last = (end) => [...choice.options].filter((option) => option.text.endsWith(end)).pop();
  choice.value = (last("/app.py") ?? last(".py") ?? choice.options[0]).value;
  text.addEventListener("input", keep);
  choice.addEventListener("change", show);
  show();
  button(row, "Run my version", "Run my version", () => {
    keep();
    const [side] = chosen();
    const files = [...drafts].map(([key, value]) => [...JSON.parse(key), value])
      .filter(([of]) => of === side).map(([, file, value]) => [file, value]);
    const env = environmentOf(`my-${side}`) ?? environmentOf(side);
    send({ action: "edit", side, files: Object.fromEntries(files), env });
  }, "fl-go");
  button(row, "Original back", "Bring the original text back", original);
  make(details, "p", "fl-hint", "Your version gets a column of its own, below. The files of the lesson stay as they are.");
  const how = make(details, "p", "fl-how");
  how.setAttribute("role", "status");
  return (sides) => {
    const words = (side) => (side.doing && `${side.doing} …`) || side.message
      || side.apps.map((app) => app.state).join(", ") || "no container yet";
    const mine = sides.filter((side) => side.name.startsWith("my-"));
    put(how, mine.map((side) => `${side.name}: ${words(side)}`).join("\n"));
  };
}

function buildServices(parent, send) {
  const title = make(parent, "h4", "", "Backing services");
  const list = make(parent, "div", "fl-row fl-services");
  const rows = new Map();
  return (services) => {
    title.hidden = list.hidden = services.length === 0;
    for (const service of services) {
      if (!rows.has(service.name)) {
        const row = make(list, "div");
        const words = make(row, "span");
        const toggle = button(row, "Pause", "", () => send({ action: row.dataset.next, service: service.name }));
        rows.set(service.name, { row, words, toggle });
      }
      const { row, words, toggle } = rows.get(service.name);
      const paused = service.state === "paused";
      row.dataset.next = paused ? "resume" : "pause";
      put(words, `${service.name}: ${service.state}${service.holds ? `, ${service.holds}` : ""}`);
      put(toggle, paused ? "Resume" : "Pause");
      toggle.setAttribute("aria-label", `${paused ? "Resume" : "Pause"} ${service.name}`);
      rest(toggle, !["running", "paused"].includes(service.state));
    }
    for (const [name, { row }] of rows) {
      if (!services.some((service) => service.name === name)) {
        row.remove();
        rows.delete(name);
      }
    }
  };
}

function render({ model, el }) {
  const root = make(el, "div", "factorlab-panel");
  const message = make(root, "p", "fl-message");
  message.setAttribute("role", "alert");
  const send = (command) => {
    try {
      model.send(command);
    } catch { // there is nobody any more to send it to
      put(message, GONE);
    }
  };
  if (model.get("source")) {
    const code = make(root, "details");
    make(code, "summary", "", "Source, with the lines that differ marked");
    make(code, "div").innerHTML = model.get("source"); // our own, escaped in Python
  }
  const sides = new Map();
  const versions = buildEditor(root, model.get("sources"), (name) => sides.get(name)?.read(), send);
  const services = buildServices(root, send);
  const request = buildRequest(root, model.get("requests"));
  const columns = make(root, "div", "fl-sides");
  make(root, "h4", "", "What happened, in seconds since the panel was made");
  const events = make(root, "ol", "fl-events");
  events.tabIndex = 0;
  events.setAttribute("aria-label", "What happened");
  const draw = () => {
    const view = model.get("view");
    put(message, view.message || "");
    for (const side of view.sides) {
      if (!sides.has(side.name)) sides.set(side.name, buildSide(columns, side, send, request));
      sides.get(side.name).draw(side);
    }
    versions(view.sides);
    services(view.services);
    putLines(events, view.events.map((e) => `${e.at.padStart(6)} s  ${e.who}  ${e.what}`));
  };
  draw();
  model.on("change:view", draw);
  return () => model.off("change:view", draw);
}

export default { render };

/*
 * Checks candidates in at the door of one room (templates/exams/check_in.html), with or without a network.
 *
 * The list of the room and its small photos are kept in the device's own database until the room closes, and then deleted.
 * Everything said (present, not the person, undone) is written there first, with a key made here, and sent when there is a
 * network; the server stores each key once. What was not sent is never deleted before it is. Without IndexedDB or without a
 * secure address the page stays with its form.
 */
(function () {
  "use strict";

  const root = document.querySelector("[data-check-in]");
  const MARK = 16;
  const AT_ONCE = 200;
  const EVERY = 15000;
  const LOOK = 250;
  const RECENT = 12;
  const KEPT = 7 * 24 * 3600 * 1000;
  const part = (name) => document.querySelector(`[data-${name}]`);
  const two = (number) => String(number).padStart(2, "0");
  const here = location.pathname;

  if (!root || !window.indexedDB || !window.isSecureContext || !window.crypto || !crypto.subtle) { return; }

  /* ---- the device's database ---- */
  let base = null;

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("exam-check-in", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("lists", { keyPath: "page" });
        asked.result.createObjectStore("photos", { keyPath: "address" });
        asked.result.createObjectStore("said", { keyPath: "key" });
        asked.result.createObjectStore("device", { keyPath: "name" });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  function work(store, mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = base.transaction(store, mode);
      const asked = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked ? asked.result : undefined);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const put = (store, value) => work(store, "readwrite", (rows) => rows.put(value));
  const take = (store, key) => work(store, "readwrite", (rows) => rows.delete(key));
  const get = (store, key) => work(store, "readonly", (rows) => rows.get(key));
  const every = (store) => work(store, "readonly", (rows) => rows.getAll());

  /* ---- what is known ---- */
  const known = { device: "", name: "", list: null, state: {}, said: [], shown: null, isOnline: true, isSending: false, hasEnded: false };

  async function mark(text) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, MARK);
  }

  const ours = () => known.said.filter((one) => one.page === here);
  const waiting = () => ours().filter((one) => !one.sent);
  const seatOf = (id) => known.list.seats.find((seat) => seat.id === id);

  /* The first time counts, of this device or of another; what was undone does not. */
  function presentAt(id) {
    const undone = new Set(ours().map((one) => one.undoes).filter(Boolean));
    const mine = ours().filter((one) => one.seat === id && one.kind === "present" && !undone.has(one.key)).map((one) => one.at);
    const isTakenBack = waiting().some((one) => one.seat === id && one.kind === "undone");
    const theirs = known.state[id] && known.state[id].at && !isTakenBack ? [new Date(known.state[id].at).getTime()] : [];
    const all = mine.concat(theirs);
    return all.length ? Math.min(...all) : 0;
  }

  const clock = (moment) => { const at = new Date(moment); return `${at.getHours()}:${two(at.getMinutes())}`; };

  /* ---- drawing: text only, never markup ---- */
  function element(tag, text, className) {
    const made = document.createElement(tag);
    if (text) { made.textContent = text; }
    if (className) { made.className = className; }
    return made;
  }

  function row(title, note, button, act) {
    const line = element("li");
    const what = element("div", "", "what");
    what.append(element("b", title), element("small", note));
    line.append(what);
    if (button) {
      const pressed = element("button", button, "btn btn-sm btn-outline-primary");
      pressed.type = "button";
      pressed.append(element("span", `：${title}`, "visually-hidden"));
      pressed.addEventListener("click", act);
      line.append(pressed);
    }
    return line;
  }

  const nameOf = (seat) => `${two(seat.seat)} ${seat.name}`;

  function drawCounts() {
    const seats = known.list ? known.list.seats : [];
    const missing = seats.filter((seat) => !presentAt(seat.id));
    part("count").textContent = `已签到 ${seats.length - missing.length} / ${seats.length}`;
    part("missing-title").textContent = `还没有签到：${missing.length} 人`;
    part("missing-list").replaceChildren(...missing.map((seat) => row(nameOf(seat), `准考证 ${seat.number}`, "查看", () => show(seat))));
    const net = part("net"), left = waiting().length;
    net.hidden = known.isOnline && !left;
    net.className = "offline";
    net.replaceChildren(element("b", known.isOnline ? "正在上传" : "网络断开"), element("span", left ? `${left} 条等待上传，签到照常进行。` : "签到照常进行。"));
    if (known.isOnline && !left && ours().length) {
      net.hidden = false;
      net.className = "offline on";
      net.replaceChildren(element("b", "全部已上传"));
    }
  }

  const WORDS = { present: "签到", stranger: "不是本人" };

  function drawRecent() {
    const undone = new Set(ours().map((one) => one.undoes).filter(Boolean));
    const lines = ours().filter((one) => one.kind !== "undone" && seatOf(one.seat)).sort((one, other) => other.at - one.at).slice(0, RECENT);
    part("recent").hidden = !lines.length;
    part("recent-list").replaceChildren(...lines.map((one) => {
      const note = `${clock(one.at)} ${WORDS[one.kind]} · ${undone.has(one.key) ? "已撤销" : one.sent ? "已上传" : "等待上传"}`;
      return row(nameOf(seatOf(one.seat)), note, undone.has(one.key) ? "" : "撤销", () => undo(one));
    }));
  }

  function draw() {
    drawCounts();
    if (known.list) { drawRecent(); }
  }

  async function photo(seat) {
    const kept = seat.photo ? await get("photos", seat.photo) : null;
    return kept ? URL.createObjectURL(kept.content) : "";
  }

  function tell(title, detail) {
    known.shown = null;
    part("thumb").hidden = true;
    const found = part("found");
    found.replaceChildren(element("h2", title), element("p", detail));
    found.hidden = false;
    found.focus();
  }

  async function show(seat) {
    known.shown = seat;
    const found = part("found"), box = element("div", "", "found"), words = element("div");
    const source = await photo(seat);
    if (source) {
      const image = element("img");
      image.width = 250; image.height = 350; image.alt = `${seat.name}的证件照`; image.src = source;
      box.append(image);
    }
    words.append(element("strong", seat.name, "name"), element("span", `座位 ${two(seat.seat)}`, "seat d-block"),
      element("span", known.list.room, "d-block num"), element("span", `身份证 ${seat.card}`, "d-block num"),
      element("span", `准考证 ${seat.number}`, "d-block num text-secondary"));
    box.append(words);
    found.replaceChildren(box);
    const at = presentAt(seat.id);
    if (at) { found.append(element("p", `已于 ${clock(at)} 签到，不用再签。`, "mt-3 mb-0 fw-bold")); }
    if (known.state[seat.id] && known.state[seat.id].strangers) { found.append(element("p", "有人记录过“不是本人”。", "mt-3 mb-0 fw-bold")); }
    found.append(element("p", source ? "请看：照片和本人、身份证是同一个人吗？" : "没有照片，请核对身份证。", "mt-3 mb-0"));
    found.hidden = false;
    part("thumb").hidden = false;
    part("thumb").querySelector("[data-say=present]").hidden = Boolean(at);
    part("matches").replaceChildren();
    found.focus();
  }

  /* ---- finding: a card's code, a number, a seat, a name ---- */
  const codeIn = (text) => (text.trim().match(/([A-Za-z0-9_-]{16,})\/?$/) || ["", text.trim()])[1];

  async function elsewhere(text) {
    const wanted = await mark(text);
    const found = known.list.elsewhere.find((one) => one.marks.includes(wanted));
    return found ? found.where : "";
  }

  async function scanned(text) {
    const code = codeIn(text), wanted = await mark(code);
    const seat = known.list.seats.find((one) => one.mark === wanted || one.number === code);
    if (seat) { return show(seat); }
    return strange(code);
  }

  async function strange(text) {
    const where = await elsewhere(text);
    if (where.includes("作废")) { return tell("准考证已作废", `${where}。`); }
    if (where) { return tell("不在本考场", `这张准考证是：${where}。请去那个考场签到。`); }
    return tell("没有找到", "不是这场考试的准考证号，或者是别的日期的考试。请核对准考证上的考试、日期和考场。");
  }

  /* Telephones type full-width digits and many dots; a number may be read aloud and typed in groups. */
  function plain(text) {
    const half = text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xFEE0)).trim();
    const close = half.replace(/\s+/g, "");
    return /^\d+$/.test(close) ? close : half.replace(/\s*[•‧・･∙⋅．]\s*/g, "·");
  }

  async function search(text) {
    const words = plain(text);
    if (!words) { return; }
    const exact = known.list.seats.filter((seat) => seat.number === words || String(seat.seat) === words || two(seat.seat) === words);
    const found = exact.length ? exact : known.list.seats.filter((seat) => seat.name.includes(words) || (words.length >= 4 && seat.number.endsWith(words)));
    if (found.length === 1) { await show(found[0]); }
    else if (!found.length) { part("matches").replaceChildren(); await strange(words); }
    else { part("matches").replaceChildren(...found.map((seat) => row(nameOf(seat), `准考证 ${seat.number}`, "选他", () => show(seat)))); }
  }

  /* ---- saying ---- */
  async function say(kind, seat, undoes) {
    const one = { key: crypto.randomUUID(), page: here, seat, kind, undoes: undoes || null, at: Date.now(), sent: false, label: nameOf(seatOf(seat)) };
    await put("said", one);
    known.said.push(one);
    draw();
    send();
  }

  async function decide(kind) {
    const seat = known.shown;
    if (!seat) { return; }
    await say(kind, seat.id);
    tell(kind === "present" ? `${nameOf(seat)} 已签到` : `${nameOf(seat)} 已记录“不是本人”`, kind === "present" ? "请接着扫下一位。" : "没有签到。请留住准考证，告诉考点负责人。");
    part("search").querySelector("input").value = "";
  }

  const undo = (one) => say("undone", one.seat, one.key);

  /* ---- the network ---- */
  function ask(address, body) {
    const token = (known.list && known.list.csrf) || root.querySelector("[name=csrfmiddlewaretoken]").value;
    return fetch(address, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token, "Content-Type": "application/json" }, body: JSON.stringify(body) });
  }

  async function answer(response) {
    if (response.status === 410 || response.status === 404) {
      const message = (await response.json().catch(() => ({}))).message;
      /* The list is closed before the sending is: what is left goes first. */
      if (response.url.endsWith(root.dataset.list)) { await send(); }
      if (!known.hasEnded) { await end(message); }
      return null;
    }
    if (response.ok) { return response.json(); }
    throw new Error(String(response.status));
  }

  async function send() {
    if (known.isSending || known.hasEnded) { return; }
    known.isSending = true;
    try {
      do {
        const some = waiting().slice(0, AT_ONCE);
        const said = some.map(({ key, seat, kind, undoes, at }) => ({ key, seat, kind, undoes, at }));
        const merged = await answer(await ask(root.dataset.merge, { device: known.device, by_name: known.name, sent_at: Date.now(), said }));
        if (!merged) { return; }
        known.isOnline = true;
        for (const one of some.filter((each) => merged.taken.includes(each.key) || merged.elsewhere.includes(each.key))) {
          one.sent = true;
          await put("said", one);
        }
        known.state = merged.state;
        if (known.list) { known.list.state = merged.state; await put("lists", { ...known.list, page: here }); }
        if (!some.some((one) => one.sent)) { break; }
      } while (waiting().length);
    } catch (error) {
      known.isOnline = false;
    } finally {
      known.isSending = false;
      draw();
    }
  }

  async function load() {
    let list = null;
    try {
      list = await answer(await ask(root.dataset.list, {}));
      if (list) { await put("lists", { ...list, page: here }); }
      known.isOnline = true;
    } catch (error) {
      known.isOnline = false;
      list = await get("lists", here);
    }
    if (known.hasEnded) { return; }
    if (!list) { tell("还没有名单", "这部手机还没有下载本考场的名单。请连上网络后刷新本页，或者用纸质签到表。"); return; }
    known.list = list;
    known.state = list.state;
    part("search").hidden = part("missing").hidden = false;
    draw();
    if (known.isOnline) { await keepPhotos(list); }
  }

  async function keepPhotos(list) {
    for (const seat of list.seats.filter((one) => one.photo)) {
      if (await get("photos", seat.photo)) { continue; }
      try {
        const found = await fetch(seat.photo, { credentials: "same-origin" });
        if (found.ok) { await put("photos", { address: seat.photo, page: here, until: list.closes, content: await found.blob() }); }
      } catch (error) { return; }
    }
    root.dataset.ready = "1";
  }

  /* Names and photos are for the day; what waits to be sent stays until it is sent. */
  async function forget(isOver) {
    for (const store of ["lists", "photos"]) {
      for (const one of await every(store)) {
        if (isOver(one)) { await take(store, store === "lists" ? one.page : one.address); }
      }
    }
  }

  async function end(message) {
    known.hasEnded = true;
    const left = waiting();
    await forget((one) => one.page === here);
    ["finder", "name-form", "found", "search", "recent", "missing", "net", "thumb"].forEach((name) => { part(name).hidden = true; });
    stopCamera();
    part("ended").hidden = false;
    part("ended-words").textContent = message || "这个签到链接不能再用。";
    if (left.length) {
      part("ended-words").textContent += ` 有 ${left.length} 条没有上传，请抄下来交给考点负责人：`;
      part("unsent").replaceChildren(...left.map((one) => row(one.label, `${clock(one.at)} ${WORDS[one.kind] || "撤销"}`)));
    }
  }

  /* ---- the camera ---- */
  let stream = null, detector = null;

  function stopCamera() {
    if (stream) { stream.getTracks().forEach((track) => track.stop()); stream = null; }
    part("finder").hidden = true;
  }

  async function startCamera() {
    try {
      detector = detector || new BarcodeDetector({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) { tell("摄像头打不开", "请允许网页使用摄像头，或者输入准考证号。"); return; }
    part("finder").hidden = false;
    part("video").srcObject = stream;
    await part("video").play();
    look("");
  }

  async function look(last) {
    if (!stream) { return; }
    let text = last;
    try {
      const [found] = await detector.detect(part("video"));
      if (found && found.rawValue !== last) { text = found.rawValue; await scanned(text); }
    } catch (error) { /* The next picture may be sharper. */ }
    setTimeout(() => look(text), LOOK);
  }

  /* ---- start ---- */
  function keepPage() {
    if (!navigator.serviceWorker) { return; }
    navigator.serviceWorker.register(root.dataset.worker).then(() => navigator.serviceWorker.ready).then((found) => {
      const parts = Array.from(document.querySelectorAll("link[rel=stylesheet], script[src], img[src]"), (one) => one.href || one.src);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { root.dataset.kept = "1"; };
      found.active.postMessage({ keep: [location.href.split("#")[0], ...parts.filter((address) => address.startsWith(location.origin))] }, [channel.port2]);
    }).catch(() => { /* The page works, but is not there after a restart without a network. */ });
  }

  async function begin() {
    part("name-form").hidden = true;
    await load();
    if (known.hasEnded) { return; }
    if (window.BarcodeDetector && navigator.mediaDevices) { part("camera").hidden = false; }
    await send();
    setInterval(() => { if (!document.hidden) { send(); } }, EVERY);
    window.addEventListener("online", send);
    window.addEventListener("offline", () => { known.isOnline = false; draw(); });
  }

  async function start() {
    base = await open();
    const now = Date.now();
    await forget((one) => new Date(one.closes || one.until).getTime() < now);
    for (const one of await every("said")) {
      if (one.at < now - KEPT) { await take("said", one.key); }
    }
    known.said = await every("said");
    const device = (await get("device", "this")) || { name: "this", key: crypto.randomUUID(), person: "" };
    await put("device", device);
    known.device = device.key;
    known.name = device.person;
    part("plain").hidden = true;
    root.hidden = false;
    keepPage();
    part("name-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      known.name = part("name-form").elements.by_name.value.trim();
      if (!known.name) { return; }
      await put("device", { ...device, person: known.name });
      begin();
    });
    part("search").addEventListener("submit", (event) => { event.preventDefault(); search(part("search").elements.words.value); });
    part("camera").addEventListener("click", () => { if (stream) { stopCamera(); } else { startCamera(); } });
    part("thumb").addEventListener("click", (event) => { if (event.target.dataset.say) { decide(event.target.dataset.say); } });
    if (known.name || root.dataset.over) { await begin(); } else { part("name-form").hidden = false; }
  }

  start().catch(() => { root.hidden = true; part("plain").hidden = false; });
})();

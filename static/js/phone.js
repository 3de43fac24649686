/*
 * Keeps a certificate on this device, where its holder asks for it, so that it can be shown without a network
 * (templates/certificates/phone/). What is kept is a page of its own that says from when its state is; it is read anew
 * whenever the certificate is opened with a network. It leaves the device by 从本机删除, at 退出, and when somebody else logs
 * in (portal.js).
 */
(function () {
  "use strict";

  const KEPT = "certificates-1", HOLDER = "/m/holder";
  const ONE = /^\/m\/certificates\/\d+\/kept\/$/;
  const part = (name) => document.querySelector(`[data-pass-${name}]`);
  if (!window.caches || !window.isSecureContext || !navigator.serviceWorker) { return; }

  const match = (address) => caches.match(address, { cacheName: KEPT, ignoreVary: true });

  /* Only addresses of this site: what a kept page is made of. */
  function parts(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const found = [...page.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((one) => one.getAttribute("href"));
    return found.concat([...page.querySelectorAll("script[src], main img[src], .mast img[src]")].map((one) => one.getAttribute("src")));
  }

  async function read(address) {
    const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) { throw new Error(`${address}: ${answer.status}`); }
    return answer;
  }

  /* Everything is read before anything is kept: what is on the device is whole. */
  async function keep(root) {
    const pages = await Promise.all([root.dataset.kept, root.dataset.list].map(async (address) => [address, await read(address)]));
    const texts = await Promise.all(pages.map(([, answer]) => answer.clone().text()));
    const addresses = [...new Set(texts.flatMap(parts))];
    const pieces = await Promise.all(addresses.map(async (address) => [address, await read(address)]));
    const box = await caches.open(KEPT);
    await Promise.all([...pieces, ...pages].map(([address, answer]) => box.put(address, answer)));
    await box.put(HOLDER, new Response(document.body.dataset.login));
    await navigator.serviceWorker.register(root.dataset.worker, { scope: "/m/" });
    await navigator.serviceWorker.ready;
  }

  async function keptOnes() {
    if (!await caches.has(KEPT)) { return []; }
    const requests = await (await caches.open(KEPT)).keys();
    return requests.map((one) => new URL(one.url).pathname).filter((path) => ONE.test(path));
  }

  async function remove(address) {
    const box = await caches.open(KEPT);
    await box.delete(address, { ignoreVary: true });
    await box.delete(address.replace("kept/", "photo/"), { ignoreVary: true });
    if ((await keptOnes()).length) { return; }
    await caches.delete(KEPT);
    const registration = await navigator.serviceWorker.getRegistration("/m/");
    if (registration) { await registration.unregister(); }
  }

  /* ---- the page of a certificate ---- */
  function tell(words) { part("words").textContent = words; }

  async function draw(root, said) {
    const isKept = Boolean(await match(root.dataset.kept));
    part("keep").hidden = isKept;
    part("remove").hidden = !isKept;
    root.dataset.state = isKept ? "kept" : "none";
    tell(said || (isKept ? "已存到本机，没有网络也能出示。" : "没有存到本机。"));
  }

  async function work(root, act, done, failed) {
    part("keep").disabled = part("remove").disabled = true;
    let said = done;
    try { await act(); } catch (error) { said = failed; }
    part("keep").disabled = part("remove").disabled = false;
    await draw(root, said);
  }

  async function ofCertificate(root) {
    part("keep").addEventListener("click", () => work(root, () => keep(root), "已存到本机，没有网络也能出示。", "没有保存成功，请检查网络后再试。"));
    part("remove").addEventListener("click", () => work(root, () => remove(root.dataset.kept), "已从本机删除。", "没有删除成功，请再试一次。"));
    await draw(root);
    root.hidden = false;
    if (root.dataset.state === "kept") {
      await keep(root).catch(() => undefined);      /* the state of this moment goes with it */
      root.dataset.fresh = "1";
    }
  }

  /* ---- a kept certificate: its own end passes without a network, too ---- */
  function ofKept(root) {
    const two = (number) => String(number).padStart(2, "0"), now = new Date();
    const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    part("over").hidden = today <= root.dataset.passUntil;
  }

  /* ---- the list of those that are kept ---- */
  async function ofList(root) {
    const lines = await Promise.all((await keptOnes()).map(async (address) => {
      const page = new DOMParser().parseFromString(await (await match(address)).text(), "text/html");
      const line = document.createElement("li"), what = document.createElement("div"), link = document.createElement("a"), note = document.createElement("small");
      what.className = "what";
      link.href = address;
      link.textContent = page.querySelector("article.pass").getAttribute("aria-label");
      note.textContent = page.querySelector(".offline span").textContent;
      what.append(link, note);
      line.append(what);
      return line;
    }));
    root.replaceChildren(...lines);
    part("none").hidden = lines.length > 0;
  }

  const certificate = document.querySelector("[data-pass]"), list = part("list"), kept = document.querySelector("[data-pass-until]"), way = part("way");
  if (certificate) { ofCertificate(certificate); }
  if (list) { ofList(list); }
  if (kept) { ofKept(kept); }
  if (way) { keptOnes().then((found) => { way.hidden = !found.length; }); }
}());

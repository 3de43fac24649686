/*
 * Asks the device for a passkey (WebAuthn) when a form is sent, and sends the device's answer with the form. Nothing is
 * decided here: the challenge comes from the server, which alone looks at the answer.
 *
 *   <section data-passkey="create|get" hidden data-challenge-url="…">
 *     <form method="post">{% csrf_token %}
 *       <input type="hidden" name="answer">
 *       <p role="alert" data-passkey-message hidden></p>
 *       <button type="submit">…</button>
 *     </form>
 *   </section>
 *   <section data-passkey-missing>…</section> … shown where the browser has no passkeys; may be left out
 */
(function () {
  "use strict";

  const MESSAGES = {
    cancelled: "没有完成：您取消了，或者超过了时间。可以再按一次按钮。",
    known: "这台设备已经添加过通行密钥。",
    insecure: "这个地址不能使用通行密钥，请用 https 开头的网址打开本网站。",
    offline: "网络连接失败，请检查网络后重试。",
    failed: "设备没有完成，请再试一次，或改用其他方式。",
  };

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (known) => (known || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  function optionsFrom(given) {
    const options = { ...given.publicKey, challenge: toBytes(given.publicKey.challenge) };
    if (options.user) {
      options.user = { ...options.user, id: toBytes(options.user.id) };
    }
    if (options.excludeCredentials) {
      options.excludeCredentials = withBytes(options.excludeCredentials);
    }
    if (options.allowCredentials) {
      options.allowCredentials = withBytes(options.allowCredentials);
    }
    return options;
  }

  function answerOf(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) {
        response[name] = toText(credential.response[name]);
      }
    }
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
  }

  class Told extends Error {}

  async function challengeFor(root, form) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const response = await fetch(root.dataset.challengeUrl, { method: "POST", body, credentials: "same-origin" });
    const given = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Told(given.error || MESSAGES.failed);
    }
    return optionsFrom(given);
  }

  function wordsFor(error) {
    if (error instanceof Told) {
      return error.message;
    }
    const words = {
      NotAllowedError: MESSAGES.cancelled,
      InvalidStateError: MESSAGES.known,
      SecurityError: MESSAGES.insecure,
      TypeError: MESSAGES.offline,
    };
    return words[error.name] || MESSAGES.failed;
  }

  function setUp(root) {
    const form = root.querySelector("form");
    const message = root.querySelector("[data-passkey-message]");
    const button = form.querySelector("button[type=submit]");
    root.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) {
        return;
      }
      button.disabled = true;
      message.hidden = true;
      try {
        const publicKey = await challengeFor(root, form);
        const asked = root.dataset.passkey === "create" ? "create" : "get";
        form.elements.answer.value = answerOf(await navigator.credentials[asked]({ publicKey }));
        form.submit();
      } catch (error) {
        message.textContent = wordsFor(error);
        message.hidden = false;
        button.disabled = false;
      }
    });
  }

  if (window.isSecureContext && window.PublicKeyCredential && navigator.credentials) {
    document.querySelectorAll("[data-passkey]").forEach(setUp);
    document.querySelectorAll("[data-passkey-missing]").forEach((part) => {
      part.hidden = true;
    });
  }
})();

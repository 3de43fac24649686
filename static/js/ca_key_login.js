/*
 * Login with a CA key file: opens the .p12 here, with the PIN, and signs the challenge of the page.
 * File and PIN never leave the browser: their inputs have no name, so no form sends them.
 *
 * The page loads vendor/forge/forge.min.js and then this file, both with `defer`, and holds (everything is hidden until
 * the script runs, so that without JavaScript only the way over a signing tool is offered):
 *
 *   <section data-cakey hidden data-challenge-url="{% url 'enterprises:challenge' %}">
 *     <form method="post">{% csrf_token %}
 *       <input type="hidden" name="challenge" value="{{ challenge }}">
 *       <input type="hidden" name="signature">
 *       <label for="ca-file">CA 锁文件</label>
 *       <input type="file" id="ca-file" accept=".p12,.pfx" data-cakey-file>
 *       <label for="ca-pin">PIN 码</label>
 *       <input type="password" id="ca-pin" autocomplete="off" data-cakey-pin>
 *       <p data-cakey-message role="alert" hidden></p>
 *       <button>登录</button>
 *     </form>
 *   </section>
 *
 * `data-challenge-url` is optional: a POST to it gives {"challenge": "…"}, asked for just before signing, because
 * finding file and PIN may take longer than a challenge lives. `signature` receives the base64 of a detached CMS.
 */
(function () {
  "use strict";

  const MAX_FILE = 256 * 1024;
  const MESSAGES = {
    noFile: "请先选择 CA 锁文件（扩展名为 .p12 或 .pfx）。",
    noPin: "请输入 CA 锁的 PIN 码。",
    notKey: "这不是 CA 锁文件。请选择 CA 机构交给您的、扩展名为 .p12 或 .pfx 的文件。",
    wrongPin: "PIN 码不正确。请检查大小写和输入法后重新输入。",
    noPrivateKey: "文件里没有可以签名的密钥。请选择含私钥的 CA 锁文件（.p12 或 .pfx），不要选择证书文件。",
    notRsa: "这把 CA 锁的算法不能在网页中直接使用，请改用 CA 机构的签名工具登录。",
    noCertificate: "文件里没有与密钥配套的证书，请联系 CA 机构重新导出。",
    failed: "CA 锁文件无法使用，请联系 CA 机构重新导出，或改用签名工具登录。",
    noScript: "登录页面没有完整载入，请刷新后重试。",
    working: "正在签名，请稍候……",
  };

  class KeyProblem extends Error {
    constructor(message, field) {
      super(message);
      this.field = field;
    }
  }

  function setUp(root) {
    const form = root.querySelector("form");
    const fields = {
      file: form.querySelector("[data-cakey-file]"),
      pin: form.querySelector("[data-cakey-pin]"),
      challenge: form.querySelector("[name=challenge]"),
      signature: form.querySelector("[name=signature]"),
      message: form.querySelector("[data-cakey-message]"),
      button: form.querySelector("button:not([type=button])"),
    };
    fields.file.removeAttribute("name");
    fields.pin.removeAttribute("name");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      signAndSend(root, form, fields);
    });
    // Back from the next page: the button must not stay as it was left.
    window.addEventListener("pageshow", () => setBusy(fields, false));
    root.hidden = false;
  }

  async function signAndSend(root, form, fields) {
    if (fields.button.disabled) {
      return;
    }
    setBusy(fields, true);
    try {
      const content = await readFile(fields);
      const key = openKey(content, fields);
      await renewChallenge(root, form, fields);
      fields.signature.value = sign(key, fields.challenge.value);
      fields.pin.value = "";
    } catch (problem) {
      setBusy(fields, false);
      tell(fields, problem);
      return;
    }
    form.submit();
  }

  async function readFile(fields) {
    const file = fields.file.files[0];
    if (!file) {
      throw new KeyProblem(MESSAGES.noFile, fields.file);
    }
    if (!fields.pin.value) {
      throw new KeyProblem(MESSAGES.noPin, fields.pin);
    }
    if (!file.size || file.size > MAX_FILE) {
      throw new KeyProblem(MESSAGES.notKey, fields.file);
    }
    if (!window.forge) {
      throw new KeyProblem(MESSAGES.noScript, fields.button);
    }
    const content = new Uint8Array(await file.arrayBuffer());
    // Lets the browser show the message: deriving the key keeps it busy for a moment.
    await new Promise((resolve) => setTimeout(resolve, 30));
    return window.forge.util.binary.raw.encode(content);
  }

  function openKey(content, fields) {
    const { asn1, pkcs12 } = window.forge;
    let structure;
    let store;
    try {
      structure = asn1.fromDer(content);
    } catch (error) {
      throw new KeyProblem(MESSAGES.notKey, fields.file);
    }
    try {
      store = pkcs12.pkcs12FromAsn1(structure, fields.pin.value);
    } catch (error) {
      throw explained(error, fields);
    }
    return pairOf(store, fields);
  }

  /* forge tells its errors apart by their English text only. */
  function explained(error, fields) {
    const text = String(error && error.message);
    if (/password|decrypt/i.test(text)) {
      return new KeyProblem(MESSAGES.wrongPin, fields.pin);
    }
    if (/not a PKCS#12|not an? .*PFX|PKCS#12 PFX of version/i.test(text)) {
      return new KeyProblem(MESSAGES.notKey, fields.file);
    }
    return new KeyProblem(MESSAGES.failed, fields.file);
  }

  function pairOf(store, fields) {
    const { oids } = window.forge.pki;
    const bags = (type) => store.getBags({ bagType: type })[type] || [];
    const keys = [...bags(oids.pkcs8ShroudedKeyBag), ...bags(oids.keyBag)];
    const certificates = bags(oids.certBag).map(readCertificate);
    if (!keys.length) {
      throw new KeyProblem(MESSAGES.noPrivateKey, fields.file);
    }
    const rsaKeys = keys.map((bag) => bag.key).filter((key) => key && key.n);
    if (!rsaKeys.length) {
      throw new KeyProblem(MESSAGES.notRsa, fields.file);
    }
    for (const key of rsaKeys) {
      const own = certificates.find((certificate) => certificate.modulus && certificate.modulus.equals(key.n));
      if (own) {
        return { key, own, certificates };
      }
    }
    throw new KeyProblem(MESSAGES.noCertificate, fields.file);
  }

  /* Read from its structure: forge itself gives up on certificates whose issuer does not sign with RSA. */
  function readCertificate(bag) {
    const { asn1, pki } = window.forge;
    const structure = bag.cert ? pki.certificateToAsn1(bag.cert) : bag.asn1;
    const fields = structure.value[0].value.filter((part) => part.tagClass === asn1.Class.UNIVERSAL);
    const [serial, , issuer, , , publicKey] = fields;
    let modulus = null;
    try {
      modulus = pki.publicKeyFromAsn1(publicKey).n;
    } catch (error) {
      // Not an RSA key: a certificate of the chain, or the second one of a key with two.
      modulus = null;
    }
    return { structure, serial, issuer, modulus };
  }

  async function renewChallenge(root, form, fields) {
    const address = root.dataset.challengeUrl;
    const token = form.querySelector("[name=csrfmiddlewaretoken]");
    if (!address) {
      return;
    }
    const headers = { Accept: "application/json" };
    if (token) {
      headers["X-CSRFToken"] = token.value;
    }
    try {
      const answer = await fetch(address, { method: "POST", headers, credentials: "same-origin" });
      if (answer.ok) {
        fields.challenge.value = (await answer.json()).challenge;
      }
    } catch (error) {
      // The challenge that came with the page may still be good; if not, the next page says so.
      return;
    }
  }

  /* A detached CMS SignedData (RFC 5652) with SHA-256 and RSA, as base64. */
  function sign(pair, challenge) {
    const { asn1, md, pki, util } = window.forge;
    const { Class, Type } = asn1;
    const node = (type, ...parts) => asn1.create(Class.UNIVERSAL, type, true, parts);
    const tagged = (number, parts) => asn1.create(Class.CONTEXT_SPECIFIC, number, true, parts);
    const leaf = (type, value) => asn1.create(Class.UNIVERSAL, type, false, value);
    const oid = (name) => leaf(Type.OID, asn1.oidToDer(pki.oids[name]).getBytes());
    const version = () => leaf(Type.INTEGER, asn1.integerToDer(1).getBytes());
    const algorithm = (name) => node(Type.SEQUENCE, oid(name), leaf(Type.NULL, ""));
    const attribute = (name, value) => node(Type.SEQUENCE, oid(name), node(Type.SET, value));
    const encoded = (part) => asn1.toDer(part).getBytes();

    const digest = md.sha256.create().update(challenge, "utf8").digest().getBytes();
    const attributes = [
      attribute("contentType", oid("data")),
      attribute("messageDigest", leaf(Type.OCTETSTRING, digest)),
    ].sort((one, other) => (encoded(one) < encoded(other) ? -1 : 1));
    const toSign = encoded(node(Type.SET, ...attributes));
    const signature = pair.key.sign(md.sha256.create().update(toSign));

    const signer = node(
      Type.SEQUENCE,
      version(),
      node(Type.SEQUENCE, pair.own.issuer, pair.own.serial),
      algorithm("sha256"),
      tagged(0, attributes),
      algorithm("rsaEncryption"),
      leaf(Type.OCTETSTRING, signature),
    );
    const signedData = node(
      Type.SEQUENCE,
      version(),
      node(Type.SET, algorithm("sha256")),
      node(Type.SEQUENCE, oid("data")),
      tagged(0, pair.certificates.map((certificate) => certificate.structure)),
      node(Type.SET, signer),
    );
    return util.encode64(encoded(node(Type.SEQUENCE, oid("signedData"), tagged(0, [signedData]))));
  }

  function setBusy(fields, busy) {
    fields.button.disabled = busy;
    [fields.file, fields.pin].forEach((field) => field.removeAttribute("aria-invalid"));
    show(fields, busy ? MESSAGES.working : "");
  }

  function tell(fields, problem) {
    const known = problem instanceof KeyProblem;
    const field = known ? problem.field : fields.file;
    show(fields, known ? problem.message : MESSAGES.failed);
    if (field !== fields.button) {
      field.setAttribute("aria-invalid", "true");
    }
    field.focus();
  }

  function show(fields, text) {
    fields.message.textContent = text;
    fields.message.hidden = !text;
  }

  document.querySelectorAll("[data-cakey]").forEach((root) => {
    if (root.querySelector("[data-cakey-file]")) {
      setUp(root);
    }
  });
})();

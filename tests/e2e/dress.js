() => {
  /* Shows native controls as a Chinese browser does: the one that takes the pictures knows English only. Run again it takes that back. */
  const dressed = document.querySelectorAll("[data-dressed]");
  if (dressed.length) {
    dressed.forEach((one) => {
      if (one.dataset.dressed === "shown instead") { one.remove(); return; }
      if (one.type === "file") { one.style.display = ""; delete one.dataset.dressed; return; }
      const value = one.dataset.kept;
      one.type = one.dataset.dressed;
      one.value = value;
      delete one.dataset.dressed;
      delete one.dataset.kept;
    });
    return;
  }
  document.querySelectorAll("input[type=date], input[type=time]").forEach((one) => {
    const kept = one.value, shown = one.type === "date" ? kept.replaceAll("-", "/") || "年 /月/日" : kept || "--:--";
    one.dataset.dressed = one.type;
    one.dataset.kept = kept;
    one.type = "text";
    one.value = shown;
  });
  document.querySelectorAll("input[type=file]").forEach((one) => {
    if (!one.getClientRects().length) { return; }
    const shown = document.createElement("span"), button = document.createElement("span"), files = [...one.files];
    shown.className = one.className;
    shown.dataset.dressed = "shown instead";
    shown.style.display = "block";
    button.textContent = "选择文件";
    button.style.cssText = "padding-right: .8rem; margin-right: .8rem; border-right: 1px solid #7b8796;";
    shown.append(button, files.length ? files.map((file) => file.name).join("、") : "未选择任何文件");
    one.dataset.dressed = "file";
    one.style.display = "none";
    one.after(shown);
  });
}

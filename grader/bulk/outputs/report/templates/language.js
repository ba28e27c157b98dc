// The language that was chosen last, else the browser's; without scripts the two buttons do the same for one page.
(() => {
  const remembered = () => { try { return localStorage.getItem("workshop-language"); } catch { return null; } };
  const wanted = remembered() || (navigator.language.startsWith("zh") ? "zh" : "en");
  for (const button of document.querySelectorAll("input[name=language]")) {
    button.checked = button.value === wanted;
    button.addEventListener("change", () => {
      document.documentElement.lang = button.value === "zh" ? "zh-Hans" : "en";
      try { localStorage.setItem("workshop-language", button.value); } catch { /* then for this page alone */ }
    });
  }
  document.documentElement.lang = wanted === "zh" ? "zh-Hans" : "en";
})();

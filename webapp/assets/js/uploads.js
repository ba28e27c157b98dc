// Uploads: dropping files, taking suggestions.  Without it the same forms work.

export function setUp() {
  for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;
  const form = document.querySelector("[data-upload]");
  if (form) choose(form);
  document.querySelector("[data-preview]")?.addEventListener("click", take);
}

function choose(form) {
  const input = form.querySelector("input[type=file]");
  const place = form.querySelector("[data-drop]");
  const told = form.querySelector("[data-told]");
  const most = Number(form.dataset.most);
  const size = () => [...input.files].reduce((sum, file) => sum + file.size, 0);
  const tell = () => {
    const count = input.files.length;
    const over = size() > most;
    const words = over ? told.dataset.over : count === 1 ? told.dataset.one : told.dataset.many;
    told.textContent = count ? words.replace("{count}", String(count)).replace("{size}", shown(size())) : "";
    input.setAttribute("aria-invalid", String(over));
    input.setCustomValidity(over ? told.textContent : "");
  };
  input.addEventListener("change", tell);
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      place.classList.add("is-over");
    });
  }
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => place.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    tell();
  });
  form.addEventListener("submit", () => {
    // After the form was read: a second press would send everything again.
    setTimeout(() => form.querySelector("button.primary").setAttribute("aria-disabled", "true"));
  });
  form.querySelector("button.primary").addEventListener("click", (event) => {
    if (event.currentTarget.getAttribute("aria-disabled") === "true") event.preventDefault();
  });
  addEventListener("pageshow", () => form.querySelector("button.primary").removeAttribute("aria-disabled"));
}

function shown(bytes) {
  const [number, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1024), "KiB"] : [(bytes / 1024 / 1024).toFixed(1), "MiB"];
  return `${number} ${unit}`;
}

// A suggestion goes into the field, and the rest of what was typed is not sent for it yet.
function take(event) {
  const button = event.target.closest("[data-take]");
  if (!button) return;
  event.preventDefault();
  const field = button.closest("tr").querySelector(".who-field");
  field.value = button.dataset.take;
  field.focus();
}

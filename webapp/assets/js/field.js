// A short answer's plain field behind the editor's few verbs, and its count of words.

export function fieldAsEditor(field, { onChange, onSubmit }) {
  field.addEventListener("input", onChange);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSubmit();
    }
  });
  return {
    get text() { return field.value; },
    get focused() { return document.activeElement === field; },
    focus: () => field.focus(),
    replace(next) {
      field.value = next;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    goTo: () => field.focus(),
  };
}

/** Words as both languages count them: each Han character is one, each run of letters or digits is one. */
export function countWords(text) {
  return (text.match(/\p{Script=Han}|[\p{L}\p{N}]+(?:['’_.-][\p{L}\p{N}]+)*/gu) ?? [])
    .flatMap((run) => run.match(/\p{Script=Han}|[^\p{Script=Han}]+/gu)).length;
}

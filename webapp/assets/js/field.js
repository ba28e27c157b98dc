// Fields that are no code editor behind the editor's few verbs, and the count of words of a short answer.

export function fieldAsEditor(field, { onChange, onSubmit }) {
  field.addEventListener("input", onChange);
  submitByKeys(field, onSubmit);
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

/** A number and the unit beside it; their text is what the form would send, a line each. */
export function numberAsEditor(field, unit, { onChange, onSubmit }) {
  for (const each of [field, unit]) {
    each.addEventListener(each === unit ? "change" : "input", onChange);
    submitByKeys(each, onSubmit);
  }
  const units = [...unit.options].map((option) => option.value);
  return {
    get text() { return textOfNumber(field.value, unit.value); },
    get focused() { return document.activeElement === field || document.activeElement === unit; },
    focus: () => field.focus(),
    replace(next) {
      const lines = next.split("\n");
      const last = lines.length > 1 && units.includes(lines.at(-1)) ? lines.pop() : null;
      field.value = lines.join(" ");
      if (last !== null) unit.value = last;
      onChange();
    },
    goTo: () => field.focus(),
  };
}

/** Without a number there is nothing to keep: a unit alone is what the page began with. */
export const textOfNumber = (number, unit) => (number.trim() && unit ? `${number}\n${unit}` : number);

/** The boxes or buttons of a choice; their text is what the form would send: the chosen numbers, a line each. */
export function choicesAsEditor(inputs, { onChange, onSubmit }) {
  for (const input of inputs) {
    input.addEventListener("change", onChange);
    submitByKeys(input, onSubmit);
  }
  return {
    get text() { return inputs.filter((input) => input.checked).map((input) => input.value).join("\n"); },
    get focused() { return inputs.includes(document.activeElement); },
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus(),
    replace(next) {
      const chosen = next.split("\n");
      for (const input of inputs) input.checked = chosen.includes(input.value);
      onChange();
    },
    goTo() {},
  };
}

function submitByKeys(field, onSubmit) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSubmit();
    }
  });
}

/** Words as both languages count them: each Han character is one, each run of letters or digits is one. */
export function countWords(text) {
  return (text.match(/\p{Script=Han}|[\p{L}\p{N}]+(?:['’_.-][\p{L}\p{N}]+)*/gu) ?? [])
    .flatMap((run) => run.match(/\p{Script=Han}|[^\p{Script=Han}]+/gu)).length;
}

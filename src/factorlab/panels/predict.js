// One question with its options, as radio buttons. The choice goes to the kernel at once.
let count = 0;

function render({ model, el }) {
  const form = document.createElement("fieldset");
  form.className = "factorlab-predict";
  const legend = form.appendChild(document.createElement("legend"));
  const word = legend.appendChild(document.createElement("b"));
  word.textContent = "Predict. ";
  legend.append(model.get("question"));
  const group = `factorlab-predict-${++count}-${Math.random().toString(36).slice(2)}`;
  const inputs = model.get("options").map((option, number) => {
    const label = form.appendChild(document.createElement("label"));
    const input = label.appendChild(document.createElement("input"));
    input.dataset.lmSuppressShortcuts = "true"; // the keys are ours, not JupyterLab's
    input.type = "radio";
    input.name = group;
    input.value = option;
    label.append(` ${"abcdefgh"[number]}) ${option}`);
    input.addEventListener("change", () => {
      model.set("chosen", option);
      model.save_changes();
    });
    return input;
  });
  const note = form.appendChild(document.createElement("p"));
  note.setAttribute("role", "status");
  const draw = () => {
    const chosen = model.get("chosen");
    inputs.forEach((input) => { input.checked = input.value === chosen; });
    note.textContent = chosen
      ? "Kept. Run the next cells and compare."
      : "Choose one, then run the next cells.";
  };
  draw();
  model.on("change:chosen", draw);
  el.appendChild(form);
  return () => model.off("change:chosen", draw);
}

export default { render };

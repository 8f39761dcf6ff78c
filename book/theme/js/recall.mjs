// Recall questions: says aloud what a choice shows, counts first tries, moves by arrow keys.

export function enliven() {
  const questions = [...document.querySelectorAll(".question")];
  if (!questions.length) return;
  const tally = tallyAfter(questions.at(-1));
  const firstTries = new Map();
  for (const question of questions) {
    const choices = [...question.querySelectorAll("details.choice")];
    for (const choice of choices) {
      choice.addEventListener("toggle", () => {
        if (!choice.open) return;
        choice.classList.add("tried");
        if (!firstTries.has(question)) firstTries.set(question, choice.classList.contains("right"));
        tally.show(firstTries, questions.length, choice);
      });
      choice.querySelector("summary").addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        choices.at((choices.indexOf(choice) + step) % choices.length).querySelector("summary").focus();
      });
    }
  }
  tally.onReset(() => {
    firstTries.clear();
    for (const choice of document.querySelectorAll("details.choice")) {
      choice.open = false;
      choice.classList.remove("tried");
    }
    questions[0].querySelector("summary").focus();
  });
}

/** The line under the last question, and a quiet voice for screen readers. */
function tallyAfter(last) {
  const line = document.createElement("p");
  line.className = "tally";
  line.hidden = true;
  line.innerHTML = '<span></span> <button type="button" class="plain">Ask me again</button>';
  last.after(line);
  const voice = document.createElement("p");
  voice.className = "heard";
  voice.setAttribute("role", "status");
  line.after(voice);
  const button = line.querySelector("button");
  return {
    show(firstTries, all, choice) {
      const right = [...firstTries.values()].filter(Boolean).length;
      line.hidden = false;
      line.firstElementChild.textContent =
        `${firstTries.size} of ${all} answered, ${right} right at the first try.`;
      voice.textContent = choice.querySelector(":scope > :not(summary)")?.textContent ?? "";
    },
    onReset(action) {
      button.addEventListener("click", () => {
        action();
        line.hidden = true;
        voice.textContent = "";
      });
    },
  };
}

# What the grader will see. Run all cells from the top first, then this one.
import hashlib
import time

inputs = [source.strip() for source in globals().get("In", [])]  # what was run, in order
answers = []
for name in EXERCISES:
    runs = [source for source in inputs if source.startswith(f"# exercise: {name}\n")]
    answers.append(runs[-1] if runs else "")
    if not runs or "raise NotImplementedError()" in runs[-1]:
        print(f"… {name} is still empty")
for name in TESTS:
    runs = [source for source in inputs if source.startswith(f"# test: {name} ")]
    try:
        exec(runs[-1], globals())
        print(f"✓ {name}")
    except IndexError:
        print(f"… {name} has not been run")
    except NotImplementedError:
        print(f"… {name} waits for an answer")
    except Exception as problem:
        print(f"✗ {name}: {type(problem).__name__}: {problem}")

receipt = hashlib.sha256("\n".join(answers).encode()).hexdigest()[:16]
line = f"CHAPTER, {time.strftime('%Y-%m-%d %H:%M:%S %z')}, receipt {receipt}"
with open("receipt.txt", "a") as file:
    print(line, file=file)
print(line, "\nHidden checks run after you hand in. Save the notebook before you do.")

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which language, by form and number of words: Safar beside CLD2 and a naive Bayes of thirty lines.

  tests/bench/languages.py BUILD [TEXTS]

The texts judged, their forms and Safar's figures are those of tests/language/check.py. CLD2 is left
out where libcld2-dev isn't installed, the naive Bayes where TEXTS (or $SAFAR_TEXTS), the folder that
gateway/text/training/fetch.py fills, isn't named.
"""
import collections
import math
import os
import pathlib
import random
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "language"))
import check  # noqa: E402

UNKNOWN = "–"
CHARACTERS = 60  # of the texts whose cost is measured
BAYES_LINES = 9000


class Bayes:
    """Words and pieces of 1 to 4 letters of 9,000 lines, each in all three forms; add-one, no tuning."""

    def __init__(self, folder):
        dice = random.Random(1)
        self.seen = collections.defaultdict(collections.Counter)
        for tag in check.FIVE:
            lines = [line.split("\t")[-1] for name in ([tag, "uz-Cyrl"] if tag == "uz" else [tag])
                     for line in (folder / f"{name}.tsv").read_text("utf-8").splitlines()]
            for i, line in enumerate(dice.sample(lines, BAYES_LINES // len(check.FIVE))):
                for form in check.FORMS:
                    self.seen[tag].update(self.pieces(check.spell(line, form, i)))
        self.kinds = len(set().union(*self.seen.values()))
        self.sums = {tag: sum(c.values()) for tag, c in self.seen.items()}

    @staticmethod
    def pieces(text):
        for word in re.findall(r"[^\W\d_]+", text.lower()):
            word = f" {word} "
            yield word
            yield from (word[i:i + n] for n in range(1, 5) for i in range(len(word) - n + 1))

    def score(self, tag, pieces):
        seen, room = self.seen[tag], self.sums[tag] + self.kinds
        return sum(math.log((seen[p] + 1) / room) for p in pieces)

    def guess(self, text):
        pieces = list(self.pieces(text))
        return max(check.FIVE, key=lambda tag: self.score(tag, pieces))


def build_cld2(build):
    """The program, or None: it isn't installed."""
    if not pathlib.Path("/usr/include/cld2").is_dir():
        return None
    program = build / "tests" / "bench" / "cld2-guess"
    program.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["g++", "-O2", "-o", program, ROOT / "tests" / "bench" / "cld2_guess.cc",
                    "-lcld2"], check=True)
    return program


def ask_cld2(program, texts):
    lines = "".join(" ".join(t.split()) + "\n" for t in texts)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1], float(done.stderr)


def texts_of_cost():
    """Of 60 characters each, cut from the tests' running text."""
    for _, text in check.texts():
        if len(text) >= CHARACTERS:
            yield text[:CHARACTERS]


def safar_cost(build):
    lines = "".join(t.replace("\n", " ") + "\n" for t in list(texts_of_cost())[:1000])
    done = subprocess.run([build / "tests" / "bench" / "language-cost", ROOT / "messages",
                           ROOT / "locales"], input=lines, capture_output=True, text=True, check=True)
    return map(float, done.stdout.split())


def table(build, folder):
    found = {"Safar": check.language_figures(lambda texts: check.by_safar(build, texts))}
    notes, cost = [], {}
    cld2 = build_cld2(build)
    if cld2:
        found["CLD2"] = check.language_figures(lambda texts: [(t, 1) for t in ask_cld2(cld2, texts)[0]])
        cost["CLD2"] = f"{ask_cld2(cld2, texts_of_cost())[1]:.1f} µs"
    else:
        notes.append("CLD2: not installed (libcld2-dev)")
    if folder:
        bayes = Bayes(folder)
        found["naive Bayes"] = check.language_figures(
            lambda texts: [(bayes.guess(t), 1) for t in texts])
    else:
        notes.append("naive Bayes: no texts (SAFAR_TEXTS=FOLDER; gateway/text/training/fetch.py)")
    load_ms, us = safar_cost(build)
    lines = ["| form | words | " + " | ".join(found) + " |", "| --- | --- |" + " --- |" * len(found)]
    for form in check.FORMS:
        for length in check.LENGTHS:
            lines.append(f"| {form} | {length} | " + " | ".join(
                f"{figures.accuracy[form, length]:.3f}" for figures in found.values()) + " |")
    lines.append("| 60 characters, language and wish | | " + " | ".join(
        f"{us:.1f} µs" if name == "Safar" else cost.get(name, UNKNOWN) for name in found) + " |")
    lines.append(f"\nSafar's keywords, examples, places and texts load in {load_ms:.0f} ms of CPU; "
                 f"{found['Safar'].count} texts that the training never saw.")
    return "\n".join(lines + notes)


def texts_folder(given):
    path = given or os.environ.get("SAFAR_TEXTS")
    return pathlib.Path(path) if path else None


if __name__ == "__main__":
    print(table(pathlib.Path(sys.argv[1]).resolve(), texts_folder(sys.argv[2] if len(sys.argv) > 2 else None)))

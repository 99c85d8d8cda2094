# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds lines that are Russian or English although their package calls them another language's."""
import collections
import math
import re

import uzbek

MARGIN = 6.0     # natural logarithms of odds before a line without letters of its own goes
STRANGERS = {"kk": "ru", "ky": "ru", "tg": "ru", "uz-Cyrl": "ru", "uz": "en"}
OWN = {"kk": "әғқңөұүһі", "ky": "ңөү", "tg": "ғӣқӯҳҷ", "uz-Cyrl": "ўқғҳ", "uz": "ʻʼ"}


def features(line):
    for word in re.findall(r"[^\W\d_]+", line.lower()):
        word = f" {word} "
        yield word
        for i in range(len(word) - 2):
            yield word[i:i + 3]


def english_not_uzbek(found):
    """A test of words: English has it, and Uzbek has not (by its words that are Cyrillic by birth,
    where no English ones hide)."""
    born = {uzbek.skeleton(uzbek.word_to_latin(w)) for w in found["uz-Cyrl"]}
    english = frozenset(found["en"])
    return lambda word: len(word) > 1 and word in english and word not in born


def count(line, is_english):
    return sum(map(is_english, re.findall(r"[^\W\d_]+", line.lower())))


def clean_of_strangers(lines, is_english):
    """The lines that stay, and those dropped as a table."""
    counts = collections.defaultdict(collections.Counter)
    for _, language, line in lines:
        counts[language].update(features(line))
    sums = {language: sum(c.values()) + 1.0 for language, c in counts.items()}
    sizes = {language: len(c) + 1.0 for language, c in counts.items()}

    def strange(language, line):
        other = STRANGERS.get(language)
        if language == "uz" and count(line, is_english) * 5 >= 2 * len(line.split()):
            return True
        if not other or other not in counts or set(line.lower()) & set(OWN[language]):
            return False
        score = 0.0
        own, foreign = counts[language], counts[other]
        for f in features(line):
            mine = max(own[f] - 1, 0)
            score += math.log((foreign[f] + 0.5) / (sums[other] + 0.5 * sizes[other])) \
                - math.log((mine + 0.5) / (sums[language] + 0.5 * sizes[language]))
        return score > MARGIN

    kept, dropped = [], []
    for source, language, line in lines:
        if strange(language, line):
            dropped.append(f"{language}\t{source.name}\t{line}\n")
        else:
            kept.append((source, language, line))
    return kept, "".join(dropped)

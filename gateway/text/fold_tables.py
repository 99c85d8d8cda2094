# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns fold.rules into C tables: python3 fold_tables.py fold.rules >fold_tables.h"""
import sys
import unicodedata

LOW_END, MORE, MORE_END = 0x530, 0x1E00, 0x1F00  # Latin to Cyrillic; Latin Extended Additional
CLAUSE_ENDS = ".,!?;:()\"«»–—\n\r"
APOSTROPHE = "'"


class Rules:
    def __init__(self, path):
        self.sounds, self.printed, self.reads, self.typed = [], [], [], {}
        self.spell, self.first, self.marked = {}, {}, {}
        self.digits, self.pairs, self.alike = {}, [], []
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                words = line.split("#")[0].split()
                try:
                    if words:
                        self.take(words[0], words[1:])
                except (KeyError, ValueError, IndexError, AssertionError) as e:
                    sys.exit(f"{path}:{number}: {line.strip()}: {e!r}")
        self.plain = [i for i, r in enumerate(self.reads) if r == [i]]

    def number(self, name):
        return self.sounds.index(name)

    def list(self, names):
        return [] if names == "-" else [self.number(n) for n in names.split(",")]

    def take(self, rule, words):
        if rule == "sound":
            assert words[0] not in self.sounds, "it is there already"
            self.sounds.append(words[0])
            self.printed.append(words[1])
            self.reads.append([self.number(w) for w in words[2:]] or [len(self.sounds) - 1])
        elif rule == "typed":
            self.typed[self.number(words[0])] = [self.number(w) for w in words[1:]]
        elif rule in ("spell", "first"):
            for letter, names in zip(words[::2], words[1::2], strict=True):
                table = self.spell if rule == "spell" else self.first
                assert ord(letter) < LOW_END and letter not in table
                table[letter] = self.list(names)
                assert len(table[letter]) <= 2
        elif rule == "marked":
            self.marked[words[0]] = self.number(words[1])
        elif rule == "digit":
            self.digits[words[0]] = [self.number(w) for w in words[1:3]]
        elif rule in ("pair", "pair-first", "pair-inside"):
            ends = self.list(words[2])
            assert len(ends) <= 2
            self.pairs.append((self.number(words[0]), self.number(words[1]), rule, ends))
        elif rule == "alike":
            sound = self.number(words[2]) if len(words) > 2 else None
            self.alike.append((words[0], words[1], sound))
        else:
            raise ValueError("no such rule")

    def base(self, c):
        """The letter without its marks, and how it sounds."""
        while c not in self.spell:
            apart = unicodedata.normalize("NFD", c)
            if apart == c or len(apart) < 2:
                return None
            c = apart[:-1]
            c = unicodedata.normalize("NFC", c) if len(c) > 1 else c
        return self.spell[c]


def kind_of(rules, c):
    """Class and sounds of a code point."""
    if c == APOSTROPHE:
        return "APOSTROPHE", []
    if c in "0123456789":
        return "DIGIT", []
    sounds = rules.base(c)
    if sounds is not None:
        latin = ord(c) < 0x250 or c == "ə" or ord(c) >= MORE
        cyrillic = 0x400 <= ord(c) < LOW_END
        return "LATIN" if latin else "CYRILLIC" if cyrillic else "OTHER", sounds
    category = unicodedata.category(c)
    if category in ("Mn", "Me", "Mc"):
        return "MARK", []
    if category[0] == "L" or category in ("Nd", "Nl"):
        return "OTHER", []
    return "CLAUSE_END" if c in CLAUSE_ENDS else "BETWEEN", []


def letter_rows(rules, start, end):
    for c in range(start, end):
        kind, sounds = kind_of(rules, chr(c))
        cells = ", ".join(str(s) for s in (sounds + [0, 0])[:2])
        yield f"\t{{ KIND_{kind}, {len(sounds)}, {{ {cells} }} }},"


def main():
    rules = Rules(sys.argv[1])
    count = len(rules.sounds)
    out = ["/* made by fold_tables.py of fold.rules */",
           f"#define SOUNDS {count}", f"#define SOUND_DIGIT {count}",
           f"#define LOW_END {LOW_END:#x}u", f"#define MORE {MORE:#x}u",
           f"#define MORE_END {MORE_END:#x}u"]
    out += [f"#define SOUND_{name} {rules.number(name)}" for name in ("i", "o", "u")]
    latin_j = rules.spell["j"][0]
    coarse = {"sh": rules.number("SH")}
    coarse.update({c: rules.spell[c][0] for c in "abdefghiklmnoprstvz"})
    coarse["j"] = latin_j
    out.append("static const char *const printed[SOUNDS] = {")
    out += [f'\t"{p}",' for p in rules.printed]
    out.append("};\n/* the sound that the printed letters have */")
    out.append("static const uint8_t coarse[SOUNDS] = {")
    out += [f"\t{coarse[p]}," for p in rules.printed]
    out.append("};\nstatic const uint64_t reads[SOUNDS] = {")
    plain = {s: i for i, s in enumerate(rules.plain)}
    likeliest = ["\t" + str(plain[r[0]]) + "," for r in rules.reads]
    out += ["\t" + " | ".join(f"UINT64_C(1) << {plain[r]}" for r in reads) + ","
            for reads in rules.reads]
    out.append("};\nstatic const uint64_t typed[SOUNDS] = {")
    out += ["\t" + " | ".join(f"UINT64_C(1) << {plain[r]}" for r in reads + rules.typed.get(i, []))
            + "," for i, reads in enumerate(rules.reads)]
    out += ["};", "static const uint8_t likeliest[SOUNDS] = {"] + likeliest
    out.append(f"}};\n#define PLAIN_SOUNDS {len(rules.plain)}")
    for name, start, end in (("low", 0, LOW_END), ("more", MORE, MORE_END)):
        out.append(f"static const struct letter {name}[] = {{")
        out += letter_rows(rules, start, end)
        out.append("};")
    out.append("static const struct { uint16_t letter; uint8_t n, sound[2]; } firsts[] = {")
    out += [f"\t{{ {ord(c):#x}, {len(s)}, {{ {', '.join(map(str, (s + [0])[:2]))} }} }},"
            for c, s in rules.first.items()]
    out.append("};\nstatic const struct { uint16_t letter; uint8_t sound; } marked[] = {")
    out += [f"\t{{ {ord(c):#x}, {s} }}," for c, s in rules.marked.items()]
    out.append("};\n/* how a digit sounds amid Latin, amid Cyrillic letters; NO_SOUND: it doesn't */")
    out.append("static const uint8_t digit_sounds[10][2] = {")
    out += [f"\t{{ {a}, {b} }},"
            for a, b in (rules.digits.get(d, ["NO_SOUND"] * 2) for d in "0123456789")]
    out.append("};\nstatic const struct pair { uint8_t where, n, sound[2]; } pairs[] = {")
    out.append("\t{ PAIR_NONE, 0, { 0, 0 } },")
    where = {"pair": "PAIR_ANYWHERE", "pair-first": "PAIR_FIRST", "pair-inside": "PAIR_INSIDE"}
    out += [f"\t{{ {where[w]}, {len(s)}, {{ {', '.join(map(str, (s + [0, 0])[:2]))} }} }},"
            for a, b, w, s in rules.pairs]
    out.append("};\n/* two rules for one pair: at the start, inside */")
    for turn in (0, 1):
        out.append(f"static const uint8_t pair_{'ab'[turn]}[SOUNDS][SOUNDS] = {{")
        seen = {}
        for i, (a, b, w, s) in enumerate(rules.pairs, 1):
            seen.setdefault((a, b), []).append(i)
        for (a, b), rows in seen.items():
            assert len(rows) <= 2, (a, b)
            if len(rows) > turn:
                out.append(f"\t[{a}][{b}] = {rows[turn]},")
        out.append("};")
    out.append("static const struct { uint16_t latin, cyrillic; uint8_t sound; } alike[] = {")
    out += [f"\t{{ {ord(a):#x}, {ord(b):#x}, {rules.spell[b][0] if s is None else s} }},"
            for a, b, s in rules.alike]
    out.append("};")
    print("\n".join(out))


main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the files in which packages carry text: yields (name of the message, text).

The name is what the same message has in every language: the English text in .mo, the key elsewhere.
A reader gives up quietly on what it does not know: a package has files of many kinds.
"""
import html
import io
import json
import re
import struct
import zipfile

PAIR = re.compile(r"""(?:["']?([\w.@$:/ -]{1,200}?)["']?\]?\s*(?:[:=]|=>)\s*)"""
                  r"""(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')""")
PAIR_TEXT = re.compile(r"""(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')\s*:\s*"""
                       r"""(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')""")


def unescape(text):
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text)
    text = re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m.group(1), 16)), text)
    return text.replace("\\n", "\n").replace("\\t", " ").replace("\\", "")


def mo(data):
    order = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}.get(data[:4])
    if not order:
        return
    count, ids, texts = struct.unpack_from(order + "III", data, 8)
    charset = "utf-8"
    for i in range(count):
        size, at = struct.unpack_from(order + "II", data, ids + 8 * i)
        name = data[at:at + size].decode("utf-8", "replace")
        size, at = struct.unpack_from(order + "II", data, texts + 8 * i)
        raw = data[at:at + size]
        if not name:
            found = re.search(rb"charset=([\w-]+)", raw)
            charset = found.group(1).decode() if found else charset
            continue
        context, _, name = name.rpartition("\4")
        name = name.split("\0")
        if context.startswith(("NAME OF TRANSLATORS", "EMAIL OF")) or "Your names" in name:
            continue
        try:
            forms = raw.decode(charset, "replace").split("\0")
        except LookupError:
            return
        for n, form in enumerate(forms):
            yield name[min(n, len(name) - 1)], form


def qm(data):
    """Qt's: sections, of which Messages has the texts; where it keeps no source, no name either."""
    if data[:4] != b"\x3c\xb8\x64\x18":
        return
    at = 16
    while at + 5 <= len(data):
        tag, size = struct.unpack_from(">BI", data, at)
        at += 5
        if tag == 0x69:
            yield from qm_messages(data[at:at + size])
        at += size


def qm_messages(data):
    at, source, texts, n = 0, "", [], 0
    while at < len(data):
        tag = data[at]
        at += 1
        if tag == 1:
            for text in texts:
                yield source or f"#{n}", text
            source, texts, n = "", [], n + 1
        elif tag == 5:
            at += 4
        elif tag in (2, 3, 4, 6, 7, 8):
            if at + 4 > len(data):
                return
            size, = struct.unpack_from(">I", data, at)
            at += 4
            if size == 0xffffffff:
                continue
            if tag == 3:
                texts.append(data[at:at + size].decode("utf-16-be", "replace"))
            elif tag == 6:
                source = data[at:at + size].decode("utf-8", "replace")
            at += size
        else:
            return


def walk_json(node, path=""):
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from walk_json(item, f"{path}/{i}")
    elif isinstance(node, dict):
        for key, item in node.items():
            if key not in ("@metadata", "sourceLocale", "locale", "_identity", "identity"):
                yield from walk_json(item, f"{path}/{key}")


def json_(data):
    try:
        yield from walk_json(json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return


def script(data):
    """JavaScript, PHP, Python: key and text of literals; the text may be its own key."""
    text = data.decode("utf-8", "replace")
    seen = set()
    for m in PAIR_TEXT.finditer(text):
        seen.add(m.start(3) if m.group(3) is not None else m.start(4))
        yield unescape(m.group(1) or m.group(2) or ""), unescape(m.group(3) or m.group(4) or "")
    for m in PAIR.finditer(text):
        if (m.start(2) if m.group(2) is not None else m.start(3)) not in seen:
            yield m.group(1), unescape(m.group(2) or m.group(3) or "")


def properties(data):
    for line in data.decode("utf-8", "replace").replace("\\\n", " ").split("\n"):
        key, sep, value = line.partition("=")
        if sep and not key.lstrip().startswith(("#", "!")):
            yield key.strip(), unescape(value.strip())


def dtd(data):
    for m in re.finditer(r'<!ENTITY\s+([\w.-]+)\s+(?:"([^"]*)"|\'([^\']*)\')',
                         data.decode("utf-8", "replace")):
        yield m.group(1), m.group(2) or m.group(3) or ""


def ftl(data):
    """Fluent: messages and attributes, with lines that go on; selectors give each variant."""
    key, sub, n = "", "", 0
    parts = []
    for line in data.decode("utf-8", "replace").split("\n") + ["end ="]:
        top = re.match(r"(-?[\w-]+)\s*=\s*(.*)", line)
        attribute = re.match(r"\s+\.([\w-]+)\s*=\s*(.*)", line)
        variant = re.match(r"\s+\*?\[([\w-]+)\]\s*(.*)", line)
        if line.startswith("#"):
            continue
        if top or attribute or variant:
            if parts:
                yield f"{key}.{sub}.{n}", " ".join(parts)
            n += 1
            if top:
                key, sub, n = top.group(1), "", 0
            elif attribute:
                sub, n = attribute.group(1), 0
            rest = (top or attribute or variant).group(2)
            parts = [rest] if rest and "->" not in rest else []
        elif line.startswith(" ") and line.strip() and "->" not in line:
            parts.append(line.strip())
        elif not line.strip() and parts:
            parts.append("\n")


def po(data):
    name, text, into = "", "", None
    for line in data.decode("utf-8", "replace").split("\n") + [""]:
        line = line.strip()
        m = re.match(r'(msgid|msgstr|msgctxt|msgid_plural)(?:\[\d\])? ?"(.*)"$', line)
        if m:
            if m.group(1) == "msgid":
                name = unescape(m.group(2))
            elif m.group(1) == "msgstr":
                if text and name:
                    yield name, text
                text = unescape(m.group(2))
            into = m.group(1)
        elif line.startswith('"') and line.endswith('"'):
            if into == "msgid":
                name += unescape(line[1:-1])
            elif into == "msgstr":
                text += unescape(line[1:-1])
        elif not line:
            if text and name:
                yield name, text
            name, text = "", ""


def strip_markup(text):
    text = re.sub(r"(?is)<(script|style|pre|code|tt|head)\b.*?</\1>", " ", text)
    text = re.sub(r"(?i)</?(b|i|em|strong|a|span|font|u|small|sup|sub|abbr|acronym|q|cite|"
                  r"emphasis|link|xref|guilabel|application|term)\b[^<>]*>", "", text)
    return html.unescape(re.sub(r"<[^<>]*>", "\n\n", text))


def page(data):
    """HTML or XML prose: blocks of text."""
    text = strip_markup(data.decode("utf-8", "replace"))
    for n, block in enumerate(re.split(r"\n\s*\n", text)):
        yield f"#{n}", " ".join(block.split())


def xml_text(data):
    """Simple XML of data: the text of elements and the values that are not identifiers."""
    text = data.decode("utf-8", "replace")
    for n, m in enumerate(re.finditer(r">([^<>]+)<", text)):
        yield f"#{n}", html.unescape(m.group(1))


def xtb(data):
    """Chromium's translations: numbered, with placeholders as elements."""
    text = data.decode("utf-8", "replace")
    for m in re.finditer(r'<translation id="(\d+)">(.*?)</translation>', text, re.DOTALL):
        yield m.group(1), html.unescape(re.sub(r"<[^<>]*>", " ", m.group(2)))


def android(data):
    """Android's strings.xml; what <xliff:g> holds is an example."""
    text = data.decode("utf-8", "replace")
    for m in re.finditer(r'<(string|item)\b([^<>]*)>(.*?)</\1>', text, re.DOTALL):
        inner = re.sub(r"<xliff:g\b.*?</xliff:g>|<[^<>]*>", " ", m.group(3), flags=re.DOTALL)
        yield m.group(2), html.unescape(unescape(inner)).strip('"')


def fortunes(data):
    for n, block in enumerate(re.split(r"\n%\n", data.decode("utf-8", "replace"))):
        for k, line in enumerate(re.split(r"\n\s*\n|\n\s*(?=[-–—])", block)):
            if not re.match(r"\s*(--|—\s*[А-ЯA-Z]\.)", line):
                yield f"#{n}/{k}", " ".join(line.split())


def lines(data):
    for n, line in enumerate(data.decode("utf-8", "replace").split("\n")):
        yield f"#{n}", line


TAG = r"(kk|ky|tg|uz|ru)((?:[-_@][A-Za-z]+)*)"


def desktop(data):
    """Key[language]=text, as in .desktop files; gives (language, key, text)."""
    text = data.decode("utf-8", "replace")
    for m in re.finditer(r"(?m)^\s*\"?([\w-]+)\[" + TAG + r"\]\"?\s*[=:]\s*\"?(.*?)\"?,?$", text):
        yield m.group(2), f"{m.start()}", m.group(4)


def tagged_xml(data):
    """<x xml:lang="language">text</x>; gives (language, key, text)."""
    text = data.decode("utf-8", "replace")
    for m in re.finditer(r'<(\w+)[^<>]*\slang="' + TAG + r'"[^<>]*>(.*?)</\1>',
                         text.replace("xml:lang", "lang"), re.DOTALL):
        yield m.group(2), f"{m.start()}", strip_markup(m.group(4))


def templates(data):
    """debconf's: Field-language.UTF-8: text, and lines that go on."""
    text = data.decode("utf-8", "replace")
    for m in re.finditer(r"(?m)^(?:Description|Choices)-" + TAG + r"\.UTF-8: (.*(?:\n .*)*)", text):
        body = re.sub(r"\n \.?", lambda g: "\n\n" if g.group().endswith(".") else "\n",
                      m.group(3))
        for block in re.split(r"\n\n", body):
            yield m.group(1), f"{m.start()}", block.replace("\n", " ")


# These say for each text which language it is.
TAGGED = {"desktop": desktop, "notifyrc": desktop, "directory": desktop, "service": desktop,
          "protocol": desktop, "colors": desktop, "theme": desktop, "nemo_action": desktop,
          "xml": tagged_xml, "policy": tagged_xml, "templates": templates}
READERS = {"mo": mo, "gmo": mo, "qm": qm, "json": json_, "js": script, "mjs": script,
           "php": script, "inc": script, "properties": properties, "dtd": dtd, "ftl": ftl,
           "po": po, "xcd": xml_text, "kvtml": xml_text, "xtb": xtb, "android": android,
           "paragraphs": lines, "words": lines, "docbook": page, "html": page, "htm": page,
           "txt": lines, "fortunes": fortunes, "page": page}
ARCHIVES = ("zip", "xpi", "jar", "ja")


def members(data):
    """(path, octets) of a zip archive, those inside it too."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        for name in sorted(archive.namelist()):
            if not name.endswith("/"):
                yield name, archive.read(name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return

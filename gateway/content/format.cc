/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only C++ of Safar: icu::MessageFormat has no C interface for named arguments. */
#include "content/format.h"

#include <string>

#include <unicode/fmtable.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>
#include <unicode/unistr.h>

#include "base/banned.h"

static icu::UnicodeString from_utf8(struct span s)
{
	return icu::UnicodeString::fromUTF8(
		icu::StringPiece(reinterpret_cast<const char *>(s.p), static_cast<int32_t>(s.n)));
}

/* Every argument that the pattern names is given: ICU would print "{name}" for one that isn't. */
static bool all_given(const icu::UnicodeString &pattern, const icu::UnicodeString *names,
                      size_t count, UErrorCode &status)
{
	const icu::MessagePattern parsed(pattern, nullptr, status);
	if (U_FAILURE(status))
		return true;
	for (int32_t i = 0; i < parsed.countParts(); i++) {
		const icu::MessagePattern::Part &part = parsed.getPart(i);
		if (part.getType() == UMSGPAT_PART_TYPE_ARG_NUMBER)
			return false;
		if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME)
			continue;
		bool given = false;
		for (size_t n = 0; n < count && !given; n++)
			given = parsed.partSubstringMatches(part, names[n]);
		if (!given)
			return false;
	}
	return true;
}

enum format_err format_render(const char *tag, struct span pattern,
                              const struct format_argument *arguments, size_t count,
                              struct buf *ret)
{
	if (count > FORMAT_ARGUMENTS_MAX || pattern.n > 65536)
		return FORMAT_BAD_PATTERN;
	icu::UnicodeString text = from_utf8(pattern), names[FORMAT_ARGUMENTS_MAX], out;
	icu::Formattable values[FORMAT_ARGUMENTS_MAX];
	text.findAndReplace(icu::UnicodeString(u"'"), icu::UnicodeString(u"''"));
	for (size_t i = 0; i < count; i++) {
		names[i] = from_utf8(span_of(arguments[i].name));
		if (arguments[i].is_number)
			values[i].setInt64(arguments[i].number);
		else
			values[i].setString(from_utf8(arguments[i].text));
	}
	UErrorCode status = U_ZERO_ERROR;
	if (!all_given(text, names, count, status))
		return FORMAT_UNKNOWN_ARGUMENT;
	const icu::Locale locale = icu::Locale::forLanguageTag(tag, status);
	const icu::MessageFormat format(text, locale, status);
	if (U_SUCCESS(status))
		format.format(names, values, static_cast<int32_t>(count), out, status);
	if (U_FAILURE(status))
		return status == U_MEMORY_ALLOCATION_ERROR ? FORMAT_NO_ROOM : FORMAT_BAD_PATTERN;
	std::string octets;
	out.toUTF8String(octets);
	buf_add(ret, span_make(octets.data(), octets.size()));
	return ret->failed ? FORMAT_NO_ROOM : FORMAT_OK;
}

const char *format_err_text(enum format_err e)
{
	switch (e) {
	case FORMAT_OK:
		return "nothing";
	case FORMAT_BAD_PATTERN:
		return "a brace is open, or what stands in braces is no argument";
	case FORMAT_UNKNOWN_ARGUMENT:
		return "what stands in braces is {hotline} or {emergency}";
	case FORMAT_NO_ROOM:
		return "make it shorter";
	}
	return "?";
}

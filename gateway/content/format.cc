/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only C++ of Safar: icu::MessageFormat has no C interface for named arguments. */
#include "content/format.h"

#include <memory>
#include <string>

#include <unicode/fmtable.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>
#include <unicode/plurrule.h>
#include <unicode/strenum.h>
#include <unicode/unistr.h>

#include "base/banned.h"

static icu::UnicodeString from_utf8(struct span s)
{
	return icu::UnicodeString::fromUTF8(
		icu::StringPiece(reinterpret_cast<const char *>(s.p), static_cast<int32_t>(s.n)));
}

/* An apostrophe is a letter. */
static icu::UnicodeString with_plain_apostrophes(struct span pattern)
{
	icu::UnicodeString text = from_utf8(pattern);
	text.findAndReplace(icu::UnicodeString(u"'"), icu::UnicodeString(u"''"));
	return text;
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
	const icu::UnicodeString text = with_plain_apostrophes(pattern);
	icu::UnicodeString names[FORMAT_ARGUMENTS_MAX], out;
	icu::Formattable values[FORMAT_ARGUMENTS_MAX];
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

enum format_err format_names(struct span pattern, void (*name)(const char *, void *), void *arg)
{
	UErrorCode status = U_ZERO_ERROR;
	if (pattern.n > 65536)
		return FORMAT_BAD_PATTERN;
	const icu::MessagePattern parsed(with_plain_apostrophes(pattern), nullptr, status);
	if (U_FAILURE(status))
		return FORMAT_BAD_PATTERN;
	for (int32_t i = 0; i < parsed.countParts(); i++) {
		const icu::MessagePattern::Part &part = parsed.getPart(i);
		const UMessagePatternPartType type = part.getType();
		if (type != UMSGPAT_PART_TYPE_ARG_NUMBER && type != UMSGPAT_PART_TYPE_ARG_NAME)
			continue;
		std::string octets;
		parsed.getSubstring(part).toUTF8String(octets);
		name(octets.c_str(), arg);
	}
	return FORMAT_OK;
}

/* One plural argument: its selectors stand between part `start` and its end; nested messages are
 * skipped, since their own arguments are looked at by themselves. */
static enum format_err check_plural(const icu::MessagePattern &parsed, int32_t start,
                                    const icu::PluralRules &rules)
{
	UErrorCode status = U_ZERO_ERROR;
	const std::unique_ptr<icu::StringEnumeration> all(rules.getKeywords(status));
	int32_t found = 0;
	for (int32_t i = start + 1; i < parsed.getLimitPartIndex(start); i++) {
		const icu::MessagePattern::Part &part = parsed.getPart(i);
		if (part.getType() == UMSGPAT_PART_TYPE_MSG_START)
			i = parsed.getLimitPartIndex(i);
		if (part.getType() != UMSGPAT_PART_TYPE_ARG_SELECTOR)
			continue;
		const icu::UnicodeString selector = parsed.getSubstring(part);
		if (selector.charAt(0) == u'=')
			continue;
		if (!rules.isKeyword(selector))
			return FORMAT_FOREIGN_PLURAL;
		found++;
	}
	const int32_t wanted = all != nullptr ? all->count(status) : 0;
	return U_FAILURE(status) ? FORMAT_NO_ROOM
	       : found == wanted ? FORMAT_OK : FORMAT_PLURAL_LACKS;
}

enum format_err format_plurals(const char *tag, struct span pattern)
{
	UErrorCode status = U_ZERO_ERROR;
	if (pattern.n > 65536)
		return FORMAT_BAD_PATTERN;
	const icu::MessagePattern parsed(with_plain_apostrophes(pattern), nullptr, status);
	const icu::Locale locale = icu::Locale::forLanguageTag(tag, status);
	if (U_FAILURE(status))
		return FORMAT_BAD_PATTERN;
	for (int32_t i = 0; i < parsed.countParts(); i++) {
		const icu::MessagePattern::Part &part = parsed.getPart(i);
		if (part.getType() != UMSGPAT_PART_TYPE_ARG_START ||
		    !UMSGPAT_ARG_TYPE_HAS_PLURAL_STYLE(part.getArgType()))
			continue;
		const bool is_ordinal = part.getArgType() == UMSGPAT_ARG_TYPE_SELECTORDINAL;
		const std::unique_ptr<icu::PluralRules> rules(icu::PluralRules::forLocale(
			locale, is_ordinal ? UPLURAL_TYPE_ORDINAL : UPLURAL_TYPE_CARDINAL, status));
		if (U_FAILURE(status) || rules == nullptr)
			return FORMAT_NO_ROOM;
		const enum format_err e = check_plural(parsed, i, *rules);
		if (e != FORMAT_OK)
			return e;
	}
	return FORMAT_OK;
}

const char *format_err_text(enum format_err e)
{
	switch (e) {
	case FORMAT_OK:
		return "nothing";
	case FORMAT_BAD_PATTERN:
		return "a brace is open, or what stands in braces is no argument";
	case FORMAT_UNKNOWN_ARGUMENT:
		return "what stands in braces isn't known here; see messages/README.md";
	case FORMAT_NO_ROOM:
		return "make it shorter";
	case FORMAT_FOREIGN_PLURAL:
		return "this language has no such plural";
	case FORMAT_PLURAL_LACKS:
		return "a plural of this language is missing: one for each, and other";
	}
	return "?";
}

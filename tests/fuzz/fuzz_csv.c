/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of people: whatever the file is, rows add up and nobody is in it twice. */
#include <stdlib.h>
#include <string.h>

#include "campaign/audience.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] = "{\"texts\":{\"ru\":\"Бесплатно\",\"kk\":\"Тегін\"},\"fallback\":[\"ru\"]}";

static void count_row(unsigned line, const char *reason, void *arg)
{
	unsigned *told = arg;
	if (line == 0 || reason == NULL || reason[0] == '\0')
		abort();
	(*told)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message message;
	struct audience people;
	unsigned told = 0;
	if (err_is(message_read(span_of(text), &message)))
		abort();
	if (!err_is(audience_read(span_make(data, size), &message, count_row, &told, &people))) {
		if (people.bad + people.doubles != told || people.count + told != people.rows)
			abort();
		for (size_t i = 0; i + 1 < people.count && i < 50; i++)
			for (size_t j = i + 1; j < people.count && j < 50; j++)
				if (msisdn_equal(&people.people[i].number, &people.people[j].number))
					abort();
		audience_free(&people);
	}
	message_free(&message);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PDUs as a modem might give them; the first two octets are the length that it tells. */
#include <stdlib.h>

#include "text/tpdu.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	const struct span pdu = span_make(data + 2, size - 2);
	struct tpdu t;
	if (tpdu_check(pdu, (size_t)(data[0] << 8 | data[1]), &t) != TPDU_OK)
		return 0;
	if (t.concat_total == 0 || t.concat_seq == 0 || t.concat_seq > t.concat_total)
		abort();
	if (t.user_data.n > 140 || t.whole.p != pdu.p || t.whole.n > pdu.n || (t.user_data.n > 0 &&
	    (t.user_data.p < pdu.p || t.user_data.p + t.user_data.n > pdu.p + t.whole.n)))
		abort();
	return 0;
}

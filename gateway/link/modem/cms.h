/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cms.h - what a refusal by modem or network means for a delivery.  Room: link.
 * Standard: 3GPP TS 27.005 §3.2.5 (+CMS ERROR), TS 24.011 §8.2.5.4 (RP-cause), TS 23.040 §9.2.3.22
 * (TP-FCS), TS 27.007 §9.2 (+CME ERROR).  Threads: no state. */
#ifndef SAFAR_LINK_MODEM_CMS_H
#define SAFAR_LINK_MODEM_CMS_H

#include "store/delivery.h"

struct cms_meaning {
	enum refusal what;
	enum reason why;
	int64_t after_ms;  /* until the next try */
	bool link_is_ill;  /* the trouble is the modem's or SIM's: give the link a pause */
};

/* kind as in the REFUSED frame: 'S', 'E', 'N'. */
struct cms_meaning cms_meaning(uint8_t kind, int32_t code);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By letters alone: what is sure is likely, else the languages of the script are alike. */
#include "text/guess.h"

#include "text/fold.h"
#include "base/banned.h"

void guess_language(struct span utf8, const struct guess_prior *prior, struct guess *ret)
{
	bool is_sure = false;
	const enum language l = fold_guess(utf8, &is_sure);
	(void)prior;
	*ret = (struct guess){ .best = l };
	for (enum language i = 0; i < LANGUAGE_PEOPLE; i++) {
		const bool is_other_script = l < LANGUAGE_PEOPLE && (l == LANGUAGE_UZ ? i == LANGUAGE_UZ_CYRL
		                                                                     : i == LANGUAGE_UZ);
		ret->p[i] = is_other_script ? 0 : is_sure ? (i == l ? 0.92f : 0.02f) : 0.2f;
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs/passphrase.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/banned.h"

static const char doing[] = "read the passphrase";

/* One octet at a time, and not through stdio, whose buffer nobody wipes. */
static struct err read_line(struct passphrase *ret)
{
	ret->n = 0;
	for (;;) {
		uint8_t octet = 0;
		const ssize_t n = read(STDIN_FILENO, &octet, 1);
		if (n < 0 && errno == EINTR)
			return err_make(ERR_REFUSED, doing, NULL, "(interrupted)");
		if (n < 0)
			return err_os(errno, doing, NULL, NULL);
		if (n == 0 || octet == '\n')
			break;
		if (ret->n == sizeof ret->octets)
			return err_make(ERR_INPUT, doing, "choose a shorter one: 1024 octets at most", NULL);
		ret->octets[ret->n++] = octet;
	}
	if (ret->n > 0 && ret->octets[ret->n - 1] == '\r')
		ret->n--;
	return ret->n > 0 ? ERR_NONE_VALUE
	                  : err_make(ERR_INPUT, doing, "give one that isn't empty", NULL);
}

static void on_signal(int number)
{
	(void)number; /* read() ends with EINTR, and echo is put on again */
}

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
#define ENDINGS (sizeof ending / sizeof ending[0])

static struct err read_hidden(const char *prompt, struct passphrase *ret)
{
	struct termios shown, hidden;
	struct sigaction before[ENDINGS], during = { .sa_handler = on_signal };
	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return err_os(errno, doing, NULL, NULL);
	for (size_t i = 0; i < ENDINGS; i++)
		(void)sigaction(ending[i], &during, &before[i]); /* the numbers are good */
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	struct err e = ERR_NONE_VALUE;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) != 0)
		e = err_os(errno, doing, NULL, NULL);
	if (!err_is(e)) {
		(void)fputs(prompt, stderr);
		e = read_line(ret);
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		(void)fputc('\n', stderr);
	}
	for (size_t i = 0; i < ENDINGS; i++)
		(void)sigaction(ending[i], &before[i], NULL);
	return e;
}

struct err passphrase_read(bool again, struct passphrase *ret)
{
	*ret = (struct passphrase){ .n = 0 };
	if (!isatty(STDIN_FILENO))
		return read_line(ret);
	struct err e = read_hidden("Passphrase: ", ret);
	if (err_is(e) || !again)
		return e;
	struct passphrase second = { .n = 0 };
	e = read_hidden("Once more: ", &second);
	if (!err_is(e) && (second.n != ret->n || memcmp(second.octets, ret->octets, ret->n) != 0))
		e = err_make(ERR_INPUT, doing, "type the same twice", NULL);
	passphrase_wipe(&second);
	return e;
}

struct span passphrase_span(const struct passphrase *p)
{
	return span_make(p->octets, p->n);
}

void passphrase_wipe(struct passphrase *p)
{
	explicit_bzero(p, sizeof *p);
}

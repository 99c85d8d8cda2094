/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net.h - addresses and lists of them, as a setting names them: "10.0.0.0/8 192.0.2.7 2001:db8::/32".
 * Room:      http.  Standard: RFC 4291 for IPv6; an IPv4 address inside IPv6 (::ffff:a.b.c.d) is that IPv4 one.
 * Ownership: values.  Errors: false, and *ret is untouched.  Threads: no state. */
#ifndef SAFAR_HTTP_NET_H
#define SAFAR_HTTP_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buf.h"

#define NETS_MAX 32

struct net {
	uint8_t octets[16]; /* IPv6; IPv4 as ::ffff:a.b.c.d */
	unsigned bits;      /* of the 128 */
};
struct nets {
	struct net list[NETS_MAX];
	size_t n;
};

/* Parted by blanks or commas. */
bool nets_parse(const char *text, struct nets *ret);
/* One address without a length. */
bool net_parse(struct span text, struct net *ret);
bool net_of(const struct sockaddr *from, struct net *ret);
bool net_is_loopback(const struct net *a);
bool nets_have(const struct nets *nets, const struct net *address);
/* "127.0.0.1:8080" or "[::1]:8080"; no names. */
bool net_listen_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_size);

#endif

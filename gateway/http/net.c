/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/banned.h"

#define TEXT_LIMIT 64
#define V4_AT 12 /* of an IPv4 address inside IPv6 */

static void put_v4(const struct in_addr *from, struct net *ret)
{
	*ret = (struct net){ .bits = 128 };
	ret->octets[10] = ret->octets[11] = 0xff;
	memcpy(ret->octets + V4_AT, from, sizeof *from);
}

static void put_v6(const struct in6_addr *from, struct net *ret)
{
	*ret = (struct net){ .bits = 128 };
	memcpy(ret->octets, from, sizeof *from);
}

bool net_parse(struct span text, struct net *ret)
{
	char t[TEXT_LIMIT];
	struct in_addr v4;
	struct in6_addr v6;
	if (text.n == 0 || text.n >= sizeof t || memchr(text.p, '\0', text.n) != NULL)
		return false;
	memcpy(t, text.p, text.n);
	t[text.n] = '\0';
	if (inet_pton(AF_INET, t, &v4) == 1)
		put_v4(&v4, ret);
	else if (inet_pton(AF_INET6, t, &v6) == 1)
		put_v6(&v6, ret);
	else
		return false;
	return true;
}

static bool net_with_length(struct span text, struct net *ret)
{
	struct net net;
	int64_t bits = 0;
	const uint8_t *slash = text.n > 0 ? memchr(text.p, '/', text.n) : NULL;
	if (slash == NULL)
		return net_parse(text, ret);
	const struct span address = span_make(text.p, (size_t)(slash - text.p));
	if (!net_parse(address, &net))
		return false;
	const bool is_v4 = memchr(address.p, ':', address.n) == NULL;
	if (!int_parse(span_make(slash + 1, text.n - address.n - 1), 0, is_v4 ? 32 : 128, &bits))
		return false;
	net.bits = (unsigned)bits + (is_v4 ? 8 * V4_AT : 0);
	*ret = net;
	return true;
}

bool nets_parse(const char *text, struct nets *ret)
{
	struct nets nets = { .n = 0 };
	for (const char *p = text + strspn(text, " ,\t"); *p != '\0';) {
		const size_t n = strcspn(p, " ,\t");
		if (nets.n == NETS_MAX || !net_with_length(span_make(p, n), &nets.list[nets.n]))
			return false;
		nets.n++;
		p += n;
		p += strspn(p, " ,\t");
	}
	*ret = nets;
	return true;
}

bool net_of(const struct sockaddr *from, struct net *ret)
{
	if (from != NULL && from->sa_family == AF_INET) {
		struct sockaddr_in v4;
		memcpy(&v4, from, sizeof v4);
		put_v4(&v4.sin_addr, ret);
		return true;
	}
	if (from != NULL && from->sa_family == AF_INET6) {
		struct sockaddr_in6 v6;
		memcpy(&v6, from, sizeof v6);
		put_v6(&v6.sin6_addr, ret);
		return true;
	}
	return false;
}

static bool is_within(const struct net *net, const struct net *a)
{
	const size_t whole = net->bits / 8;
	const unsigned rest = net->bits % 8;
	if (memcmp(net->octets, a->octets, whole) != 0)
		return false;
	return rest == 0 || (net->octets[whole] ^ a->octets[whole]) >> (8 - rest) == 0;
}

bool net_is_loopback(const struct net *a)
{
	struct nets loopback;
	return nets_parse("127.0.0.0/8 ::1", &loopback) && nets_have(&loopback, a);
}

bool nets_have(const struct nets *nets, const struct net *address)
{
	for (size_t i = 0; i < nets->n; i++)
		if (is_within(&nets->list[i], address))
			return true;
	return false;
}

bool net_listen_parse(const char *text, struct sockaddr_storage *ret, socklen_t *ret_size)
{
	const char *colon = strrchr(text, ':');
	struct net net;
	int64_t port = 0;
	if (colon == NULL || !int_parse(span_of(colon + 1), 0, 65535, &port))
		return false;
	struct span address = span_make(text, (size_t)(colon - text));
	const bool is_v6 = address.n > 2 && address.p[0] == '[' && address.p[address.n - 1] == ']';
	if (is_v6)
		address = span_make(address.p + 1, address.n - 2);
	if (!net_parse(address, &net) || is_v6 != (memchr(address.p, ':', address.n) != NULL))
		return false;
	*ret = (struct sockaddr_storage){ .ss_family = is_v6 ? AF_INET6 : AF_INET };
	if (is_v6) {
		struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
		memcpy(&v6.sin6_addr, net.octets, sizeof v6.sin6_addr);
		memcpy(ret, &v6, sizeof v6);
		*ret_size = sizeof v6;
	} else {
		struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
		memcpy(&v4.sin_addr, net.octets + V4_AT, sizeof v4.sin_addr);
		memcpy(ret, &v4, sizeof v4);
		*ret_size = sizeof v4;
	}
	return true;
}

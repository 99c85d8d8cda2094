/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lengths are millimetres of the sheet. */
#include "programs/sheet.h"

#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define WIDTH 210
#define HEIGHT 297
#define STRIPS 8     /* to tear off */
#define STRIPS_TOP 217
#define QR_SIDE 70
#define QR_QUIET 4   /* modules around it, as ISO/IEC 18004 asks */

static void put_text(struct buf *b, struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		switch (text.p[i]) {
		case '&': buf_add_text(b, "&amp;"); break;
		case '<': buf_add_text(b, "&lt;"); break;
		case '>': buf_add_text(b, "&gt;"); break;
		default: buf_add_octet(b, text.p[i]); break;
		}
	}
}

/* In the middle of the sheet; `size` is lowered where a line is too long for it. */
static void put_line(struct buf *b, int y, double size, bool bold, struct span text)
{
	size_t letters = 0;
	for (size_t i = 0; i < text.n; i++)
		letters += (text.p[i] & 0xC0) != 0x80 ? 1 : 0;
	const double room = (WIDTH - 24) / ((bold ? 0.72 : 0.62) * (double)(letters > 0 ? letters : 1));
	buf_addf(b, "<text x=\"%d\" y=\"%d\" font-size=\"%.1f\" text-anchor=\"middle\"%s>", WIDTH / 2,
	         y, size < room ? size : room, bold ? " font-weight=\"bold\"" : "");
	put_text(b, text);
	buf_add_text(b, "</text>\n");
}

/* +7 701 234 56 78: as people read a number out. */
static void group_number(const char *number, struct buf *ret)
{
	const size_t n = strlen(number), country = n > 2 && number[1] == '7' ? 2 : 4;
	for (size_t i = 0; i < n; i++) {
		const size_t left = n - i;
		if (i == country || (i > country && (left == 7 || left == 4 || left == 2)))
			buf_add_octet(ret, ' ');
		buf_add_octet(ret, (uint8_t)number[i]);
	}
}

static struct err put_qr(const struct sheet *s, int x, int y, struct buf *b)
{
	char content[64];
	const int n = snprintf(content, sizeof content, "SMSTO:%s:%s", s->number, s->word);
	QRcode *code = n > 0 && (size_t)n < sizeof content
	               ? QRcode_encodeString8bit(content, 0, QR_ECLEVEL_Q) : NULL;
	if (code == NULL)
		return err_make(ERR_INPUT, "make a QR code", "give a number of at most 15 digits", NULL);
	const int side = code->width + 2 * QR_QUIET;
	buf_addf(b, "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	         "shape-rendering=\"crispEdges\">\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>"
	         "<path d=\"", x, y, QR_SIDE, QR_SIDE, side, side, side, side);
	for (int row = 0; row < code->width; row++)
		for (int column = 0; column < code->width; column++)
			if ((code->data[row * code->width + column] & 1) != 0)
				buf_addf(b, "M%d %dh1v1h-1z", column + QR_QUIET, row + QR_QUIET);
	buf_add_text(b, "\"/>\n</svg>\n");
	QRcode_free(code);
	return ERR_NONE_VALUE;
}

/* Number and word alone: what is in a pocket tells nothing. */
static void put_strips(const struct sheet *s, const char *number, struct buf *b)
{
	const double width = (double)WIDTH / STRIPS;
	for (int i = 0; i < STRIPS; i++) {
		const double x = width * i, middle = x + width / 2;
		buf_addf(b, "<path d=\"M%.2f %dV%d\" stroke=\"#000\" stroke-width=\"0.2\" "
		         "stroke-dasharray=\"2 2\"/>\n", x, STRIPS_TOP, HEIGHT);
		buf_addf(b, "<g transform=\"translate(%.2f %d) rotate(-90)\" text-anchor=\"middle\">"
		         "<text font-size=\"7\" font-weight=\"bold\" y=\"-1\">%s</text>"
		         "<text font-size=\"6\" y=\"7\">%s</text></g>\n", middle,
		         (STRIPS_TOP + HEIGHT) / 2, number, s->word);
	}
	buf_addf(b, "<path d=\"M0 %dH%d\" stroke=\"#000\" stroke-width=\"0.2\" "
	         "stroke-dasharray=\"2 2\"/>\n", STRIPS_TOP, WIDTH);
}

struct err sheet_svg(const struct sheet *s, struct buf *ret)
{
	struct buf number;
	buf_init(&number, 64);
	group_number(s->number, &number);
	const char *shown = buf_text(&number);
	buf_addf(ret, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%dmm\" height=\"%dmm\" "
	         "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" xml:lang=\"%s\">\n"
	         "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, HEIGHT, WIDTH, HEIGHT,
	         s->language, WIDTH, HEIGHT);
	put_line(ret, 32, 12, true, s->title);
	put_line(ret, 66, 22, true, shown != NULL ? span_of(shown) : span_make(NULL, 0));
	put_line(ret, 88, 10, false, s->missed);
	put_line(ret, 106, 10, false, s->write);
	struct err e = put_qr(s, (WIDTH - QR_SIDE) / 2, 116, ret);
	put_line(ret, 202, 10, false, s->answer);
	put_strips(s, shown != NULL ? shown : "", ret);
	buf_add_text(ret, "</svg>\n");
	buf_free(&number);
	if (!err_is(e) && ret->failed)
		e = err_make(ERR_MEMORY, "make a sheet", NULL, NULL);
	return e;
}

struct err sheet_html(const struct sheet *s, struct buf *ret)
{
	buf_addf(ret, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	         "<title>%s</title>\n<style>\n@page { size: A4; margin: 0 }\n"
	         "html, body { margin: 0 }\nsvg { display: block }\n</style>\n</head>\n<body>\n",
	         s->language, s->word);
	struct err e = sheet_svg(s, ret);
	buf_add_text(ret, "</body>\n</html>\n");
	return e;
}

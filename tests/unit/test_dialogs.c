/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stories of tests/dialogs: each is played, and what is said must be what stands there. With
 * SAFAR_DIALOGS=write in the environment the files are written anew, to be read before they are kept. */
#include "dialog_world.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define STORIES SAFAR_SOURCE "/tests/dialogs"
#define STORIES_MAX 256u
#define FILE_MAX (1u << 16)

struct story {
	const char *path;
	struct world *w;
	char phone[32];
	struct buf out;
};

/* ---- what is said, as it stands in a file */
static void write_lines(struct buf *out, const char *sign, const char *text)
{
	while (*text != '\0') {
		const size_t n = strcspn(text, "\n");
		buf_addf(out, "%s%.*s\n", sign, (int)n, text);
		text += n + (text[n] == '\n' ? 1 : 0);
	}
}

static void write_said(struct story *s)
{
	struct saying said;
	const char *sign = "< ";
	if (!s->w->result.answered)
		buf_add_text(&s->out, "= silence\n");
	for (; look_said(s->w, &said); sign = "<+ ") {
		assert_string_equal(said.phone, s->phone);
		write_lines(&s->out, sign, said.text);
	}
}

/* ---- what happens */
static void load_local(struct story *s)
{
	glob_t all;
	char to[512];
	assert_int_equal(glob(MESSAGES "/*.*", 0, NULL, &all), 0);
	for (size_t i = 0; i < all.gl_pathc; i++) {
		const char *name = strrchr(all.gl_pathv[i], '/') + 1;
		(void)snprintf(to, sizeof to, "%s/%s", s->w->folder, name);
		const bool is_directory = strcmp(name, "directory.json") == 0;
		assert_int_equal(symlink(is_directory ? STORIES "/directory.json" : all.gl_pathv[i], to), 0);
	}
	globfree(&all);
	struct content *c = NULL;
	must(content_load(s->w->folder, LOCALES, ALL_DRAFTS, NULL, NULL, &c));
	dialog_use_content(s->w->d, c);
	content_drop(s->w->c);
	s->w->c = c;
}

static void play_operator(struct story *s, const char *line)
{
	char sender[32];
	const size_t n = strcspn(line, " ");
	(void)snprintf(sender, sizeof sender, "%.*s", (int)n, line);
	when_text(s->w, sender, line + n + strspn(line + n, " >"));
	write_said(s);
}

static bool begins(const char *line, const char *with, const char **ret_rest)
{
	const size_t n = strlen(with);
	*ret_rest = line + n;
	return strncmp(line, with, n) == 0;
}

static void play_line(struct story *s, const char *line)
{
	const char *rest = line;
	if (line[0] == '<' || line[0] == '=')
		return;
	buf_addf(&s->out, "%s\n", line);
	if (line[0] == '#' || line[0] == '\0') {
		return;
	} else if (begins(line, "> ", &rest) || strcmp(line, ">") == 0) {
		when_text(s->w, s->phone, line[1] == '\0' ? "" : rest);
		write_said(s);
	} else if (strcmp(line, "call") == 0) {
		when_call(s->w, s->phone);
		write_said(s);
	} else if (begins(line, "operator ", &rest)) {
		play_operator(s, rest);
	} else if (begins(line, "from ", &rest)) {
		(void)snprintf(s->phone, sizeof s->phone, "%s", rest);
	} else if (begins(line, "wait ", &rest)) {
		int64_t minutes = 0;
		assert_true(int_parse(span_of(rest), 1, 100000, &minutes));
		s->w->now_ms += minutes * MINUTE_MS;
	} else if (strcmp(line, "restart") == 0) {
		when_restarted(s->w);
	} else if (strcmp(line, "local services") == 0) {
		load_local(s);
	} else if (strcmp(line, "people keys") == 0) {
		given_people_keys(s->w);
		when_unlocked(s->w);
	} else if (strcmp(line, "stopped?") == 0) {
		buf_addf(&s->out, "= %s\n", is_stopped(s->w, s->phone) ? "yes" : "no");
	} else if (strcmp(line, "to be rung?") == 0) {
		buf_addf(&s->out, "= %u\n", wishes_to_be_rung(s->w));
	} else {
		fail_msg("%s: what does \"%s\" mean? See tests/dialogs/README.md", s->path, line);
	}
}

/* ---- a file */
static char *read_story(const char *path)
{
	char *text = calloc(1, FILE_MAX);
	FILE *in = fopen(path, "re");
	assert_non_null(text);
	assert_non_null(in);
	assert_true(fread(text, 1, FILE_MAX - 1, in) < FILE_MAX - 1);
	assert_int_equal(fclose(in), 0);
	return text;
}

static void write_story(const struct story *s)
{
	FILE *out = fopen(s->path, "we");
	assert_non_null(out);
	assert_int_equal(fwrite(s->out.p, 1, s->out.n, out), s->out.n);
	assert_int_equal(fclose(out), 0);
}

/* The first line that differs, so that one sees what is said now. */
static void then_same(const struct story *s, const char *stands, const char *said)
{
	unsigned line = 1;
	while (*stands == *said && *stands != '\0') {
		const size_t n = strcspn(stands, "\n"), k = strcspn(said, "\n");
		if (n != k || strncmp(stands, said, n) != 0)
			break;
		stands += n + (stands[n] == '\n' ? 1 : 0);
		said += k + (said[k] == '\n' ? 1 : 0);
		line++;
	}
	if (strcmp(stands, said) != 0)
		fail_msg("%s:%u: it says\n%.*s\nand should say\n%.*s", s->path, line,
		         (int)strcspn(said, "\n"), said, (int)strcspn(stands, "\n"), stands);
}

static void play(void **state)
{
	struct story s = { .path = *state, .phone = KK };
	void *world = NULL;
	assert_int_equal(open_world(&world), 0);
	s.w = world;
	buf_init(&s.out, FILE_MAX);
	char *stands = read_story(s.path), *lines = strdup(stands);
	assert_non_null(lines);
	assert_true(stands[0] != '\0' && stands[strlen(stands) - 1] == '\n');
	for (char *line = lines, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		play_line(&s, line);
	}
	assert_false(s.out.failed);
	if (getenv("SAFAR_DIALOGS") != NULL)
		write_story(&s);
	else
		then_same(&s, stands, buf_text(&s.out));
	free(lines);
	free(stands);
	buf_free(&s.out);
	assert_int_equal(close_world(&world), 0);
}

int main(void)
{
	static struct CMUnitTest tests[STORIES_MAX];
	glob_t all;
	if (glob(STORIES "/*.txt", 0, NULL, &all) != 0 || all.gl_pathc > STORIES_MAX)
		return 1;
	for (size_t i = 0; i < all.gl_pathc; i++)
		tests[i] = (struct CMUnitTest){ .name = strrchr(all.gl_pathv[i], '/') + 1,
			.test_func = play, .initial_state = all.gl_pathv[i] };
	const int failed = _cmocka_run_group_tests("dialogs", tests, all.gl_pathc, NULL, NULL);
	globfree(&all);
	return failed;
}

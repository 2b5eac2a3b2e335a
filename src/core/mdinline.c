/*
 * mdinline.c
 *		What stands within a line of Markdown?  See mdinline.h.
 */
#include "ac.h"

#include "core/htmltext.h"
#include "core/mdinline.h"

/* Longest run of backticks that can quote; two are rare already. */
#define INLINE_MAX_TICKS 16

/* Bytes looked ahead for the end of a link's target, and of emphasis. */
#define INLINE_MAX_TARGET 1024
#define INLINE_MAX_EMPHASIS 200

/* Ends of emphasis waited for; what nests deeper keeps its stars. */
#define INLINE_MAX_OPEN 8

typedef struct Inline
{
	AcMdOut *out;
	const char *text;
	size_t len;
	size_t pos;
	bool unclosed[INLINE_MAX_TICKS + 1]; /* no run of that many ticks follows */
	bool no_tag_end;					 /* no '>' follows */
	size_t ends[INLINE_MAX_OPEN];		 /* of emphasis */
	int n_ends;
} Inline;

void
ac_md_append(AcMdOut *out, AcBuf *buf, const char *text, size_t len)
{
	if (!out->failed && len > 0 && !ac_htmltext_append(buf, text, len, out->err))
		out->failed = true;
}

void
ac_md_put(AcMdOut *out, const char *text, size_t len)
{
	ac_md_append(out, &out->html, text, len);
}

void
ac_md_put_escaped(AcMdOut *out, AcSlice text)
{
	size_t start = 0;
	size_t i;

	for (i = 0; i < text.len; i++)
	{
		const char *escape = text.text[i] == '<' ? "&lt;" : text.text[i] == '&' ? "&amp;"
														: text.text[i] == '"'	? "&quot;"
																				: NULL;

		if (escape == NULL)
			continue;
		ac_md_put(out, text.text + start, i - start);
		ac_md_put(out, escape, strlen(escape));
		start = i + 1;
	}
	ac_md_put(out, text.text + start, text.len - start);
}

static void
put(Inline *in, const char *text)
{
	ac_md_put(in->out, text, strlen(text));
}

static char
at(const Inline *in, size_t pos)
{
	return pos < in->len ? in->text[pos] : '\0';
}

static bool
is_word(char c)
{
	return isalnum((unsigned char) c) || (unsigned char) c >= 0x80;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\0';
}

static size_t
ticks_at(const Inline *in, size_t pos)
{
	size_t n = 0;

	while (at(in, pos + n) == '`')
		n++;
	return n;
}

/* A code span at the position, or the ticks themselves. */
static void
read_ticks(Inline *in)
{
	size_t n = ticks_at(in, in->pos);
	size_t start = in->pos + n;
	size_t end = start;

	in->pos = start;
	if (n <= INLINE_MAX_TICKS && !in->unclosed[n])
	{
		while (end < in->len)
		{
			size_t other = ticks_at(in, end);

			if (other == n)
			{
				put(in, "<code>");
				ac_md_put_escaped(in->out, (AcSlice){in->text + start, end - start});
				put(in, "</code>");
				in->pos = end + n;
				return;
			}
			end += Max(other, 1);
		}
		in->unclosed[n] = true;
	}
	ac_md_put(in->out, in->text + start - n, n);
}

/*
 * The target of a link whose '(' stands at pos, and what comes behind its
 * ')'; 0 if there is none.
 */
static size_t
read_target(const Inline *in, size_t pos, AcSlice *target)
{
	size_t limit = Min(in->len, pos + INLINE_MAX_TARGET);
	size_t start;
	int depth = 0;

	if (at(in, pos) != '(')
		return 0;
	pos++;
	while (at(in, pos) == ' ' || at(in, pos) == '<')
		pos++;
	for (start = pos; pos < limit; pos++)
	{
		char c = in->text[pos];

		if (is_blank(c) || c == '>' || (c == ')' && depth == 0))
			break;
		depth += c == '(' ? 1 : c == ')' ? -1
										 : 0;
	}
	*target = (AcSlice){in->text + start, pos - start};
	while (pos < limit && in->text[pos] != ')' && in->text[pos] != '\n')
		pos++;
	return pos < limit && in->text[pos] == ')' ? pos + 1 : 0;
}

/* The end of the label that begins at pos: ']', and no '[' within. */
static size_t
label_end(const Inline *in, size_t pos)
{
	while (pos < in->len && in->text[pos] != ']' && in->text[pos] != '[')
		pos += in->text[pos] == '\\' ? 2 : 1;
	return at(in, pos) == ']' ? pos : 0;
}

/* Behind the image at pos; 0 if there is none. */
static size_t
skip_image(const Inline *in, size_t pos)
{
	size_t end;
	AcSlice target;

	if (at(in, pos) != '!' || at(in, pos + 1) != '[')
		return 0;
	end = label_end(in, pos + 2);
	return end > 0 ? read_target(in, end + 1, &target) : 0;
}

/* A link at the position; false if there is none. */
static bool
read_link(Inline *in)
{
	AcSlice target;
	size_t end = skip_image(in, in->pos + 1);
	size_t behind;

	/* A picture that is a link is a badge: nothing to read. */
	if (end > 0 && at(in, end) == ']' &&
		(behind = read_target(in, end + 1, &target)) > 0)
	{
		in->pos = behind;
		return true;
	}
	end = label_end(in, in->pos + 1);
	behind = end > 0 ? read_target(in, end + 1, &target) : 0;
	if (behind == 0)
		return false;
	put(in, "<a href=\"");
	ac_md_put_escaped(in->out, target);
	put(in, "\">");
	ac_md_inline(in->out, (AcSlice){in->text + in->pos + 1, end - in->pos - 1});
	put(in, "</a>");
	in->pos = behind;
	return true;
}

/* "<https://...>" */
static bool
is_autolink(AcSlice inside)
{
	return (inside.len > 8 && strncmp(inside.text, "https://", 8) == 0) ||
		   (inside.len > 7 && strncmp(inside.text, "http://", 7) == 0);
}

/* A tag, a link in angle brackets, or a '<' that is none of them. */
static void
read_angle(Inline *in)
{
	const char *start = in->text + in->pos;
	const char *end = in->no_tag_end ? NULL : memchr(start, '>', in->len - in->pos);
	char before = in->pos > 0 ? in->text[in->pos - 1] : '\0';
	char next = at(in, in->pos + 1);
	AcSlice inside;

	in->no_tag_end = end == NULL;
	/* "/users/<id>" is a path, not markup. */
	if (end == NULL || before == '/' || before == '=' ||
		!(isalpha((unsigned char) next) || next == '/' || next == '!'))
	{
		put(in, "&lt;");
		in->pos++;
		return;
	}
	inside = (AcSlice){start + 1, end - start - 1};
	if (is_autolink(inside))
	{
		put(in, "<a href=\"");
		ac_md_put_escaped(in->out, inside);
		put(in, "\">");
		ac_md_put_escaped(in->out, inside);
		put(in, "</a>");
	}
	else
		ac_md_put(in->out, start, end - start + 1);
	in->pos = end - in->text + 1;
}

/* Where the emphasis that a run of c at pos opens ends; 0 if it opens none. */
static size_t
emphasis_end(const Inline *in, size_t pos, size_t n)
{
	char c = in->text[pos];
	size_t limit = Min(in->len, pos + n + INLINE_MAX_EMPHASIS);
	size_t i;

	if (is_blank(at(in, pos + n)) || (pos > 0 && is_word(in->text[pos - 1])) ||
		(pos > 0 && in->text[pos - 1] == '/'))
		return 0;
	for (i = pos + n + 1; i + n <= limit; i++)
	{
		if (in->text[i] == c && at(in, i + n - 1) == c && !is_blank(in->text[i - 1]) &&
			in->text[i - 1] != c && !is_word(at(in, i + n)))
			return i;
	}
	return 0;
}

/* Stars, underscores and tildes: dropped where they are emphasis. */
static void
read_emphasis(Inline *in)
{
	char c = in->text[in->pos];
	size_t n = 1;
	size_t end;
	int i;

	while (n < 3 && at(in, in->pos + n) == c)
		n++;
	for (i = 0; i < in->n_ends; i++)
		if (in->ends[i] == in->pos)
		{
			in->n_ends = i;
			in->pos += n;
			return;
		}
	end = in->n_ends < INLINE_MAX_OPEN ? emphasis_end(in, in->pos, n) : 0;
	if (end > 0)
		in->ends[in->n_ends++] = end;
	else
		ac_md_put(in->out, in->text + in->pos, n);
	in->pos += n;
}

/* A backslash escapes punctuation and, at a line's end, breaks the line. */
static void
read_backslash(Inline *in)
{
	char next = at(in, in->pos + 1);

	if (next == '\n')
		put(in, "<br>");
	else if (ispunct((unsigned char) next))
		ac_md_put_escaped(in->out, (AcSlice){in->text + in->pos + 1, 1});
	else
	{
		put(in, "\\");
		in->pos++;
		return;
	}
	in->pos += 2;
}

/* Two spaces at the end of a line break it. */
static void
read_newline(Inline *in)
{
	bool breaks = in->pos >= 2 && in->text[in->pos - 1] == ' ' &&
				  in->text[in->pos - 2] == ' ';

	put(in, breaks ? "<br>" : "\n");
	in->pos++;
}

static void
read_special(Inline *in)
{
	size_t behind;

	switch (in->text[in->pos])
	{
		case '`':
			read_ticks(in);
			return;
		case '\\':
			read_backslash(in);
			return;
		case '<':
			read_angle(in);
			return;
		case '\n':
			read_newline(in);
			return;
		case '*':
		case '_':
		case '~':
			read_emphasis(in);
			return;
		case '!':
			behind = skip_image(in, in->pos);
			if (behind > 0)
			{
				in->pos = behind;
				return;
			}
			break;
		case '[':
			if (read_link(in))
				return;
			break;
	}
	ac_md_put(in->out, in->text + in->pos, 1);
	in->pos++;
}

void
ac_md_inline(AcMdOut *out, AcSlice text)
{
	Inline in = {.out = out, .text = text.text, .len = text.len};

	while (in.pos < in.len && !out->failed)
	{
		size_t start = in.pos;

		while (in.pos < in.len && strchr("`\\<\n*_~![", in.text[in.pos]) == NULL)
			in.pos++;
		/* strchr finds the NUL byte, too. */
		if (in.pos < in.len && in.text[in.pos] == '\0')
			in.pos++;
		ac_md_put(out, in.text + start, in.pos - start);
		if (in.pos < in.len && strchr("`\\<\n*_~![", in.text[in.pos]) != NULL &&
			in.text[in.pos] != '\0')
			read_special(&in);
	}
}

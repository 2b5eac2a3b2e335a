/*
 * markdown.c
 *		What of a Markdown text could speak of an API?  See markdown.h.
 *
 * Line by line, as CommonMark 0.31.2 has blocks; what stands within lines is
 * core/mdinline's business.  The HTML made is read by core/html, so that
 * HTML within Markdown needs nothing but to be passed on.  Nothing here
 * pallocs, since an error thrown would leak the buffers.
 */
#include "ac.h"

#include "core/buf.h"
#include "core/html.h"
#include "core/markdown.h"
#include "core/mdinline.h"

/* Bytes of the HTML made; no Markdown of documentation comes near. */
#define MARKDOWN_MAX_HTML_BYTES ((size_t) 128 * 1024 * 1024)

/* Quotes and items of lists that begin on one line. */
#define MARKDOWN_MAX_MARKERS 10

/* Lines of front matter; more of it is text. */
#define MARKDOWN_MAX_FRONT_LINES 200

/* Bytes of input between two looks at the interrupt flag. */
#define MARKDOWN_INTERRUPT_BYTES 65536

typedef struct MarkdownReader
{
	const AcJsonText *input;
	size_t pos;	  /* of the next line */
	size_t asked; /* offset at the last look at the interrupt flag */
	AcMdOut out;
	AcBuf paragraph; /* lines of the paragraph being read */
	bool blank_before;
	bool in_list;
	bool in_table;
	bool in_indented;
	const char *html_end; /* what ends raw HTML; "": a blank line; NULL: none */
	char fence;			  /* '`' or '~' within fenced code, else 0 */
	int fence_len;
	int fence_indent;
} MarkdownReader;

static void
put(MarkdownReader *reader, const char *text)
{
	ac_md_put(&reader->out, text, strlen(text));
}

/* The next line without its end; false if there is none. */
static bool
next_line(MarkdownReader *reader, AcSlice *line)
{
	const AcJsonText *input = reader->input;
	const char *start = input->text + reader->pos;
	size_t rest = input->len - reader->pos;
	const char *end;

	if (rest == 0)
		return false;
	end = memchr(start, '\n', rest);
	*line = (AcSlice){start, end != NULL ? (size_t) (end - start) : rest};
	reader->pos += line->len + (end != NULL);
	if (line->len > 0 && start[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* Drops white space in front; its width, a tab going to the next fourth. */
static int
skip_indent(AcSlice *line)
{
	int width = 0;

	while (line->len > 0 && (*line->text == ' ' || *line->text == '\t'))
	{
		width += *line->text == '\t' ? 4 - width % 4 : 1;
		line->text++;
		line->len--;
	}
	return width;
}

static void
trim_end(AcSlice *line)
{
	while (line->len > 0 && (line->text[line->len - 1] == ' ' ||
							 line->text[line->len - 1] == '\t'))
		line->len--;
}

static size_t
run_length(AcSlice line, char c)
{
	size_t n = 0;

	while (n < line.len && line.text[n] == c)
		n++;
	return n;
}

static bool
begins_with(AcSlice line, const char *what)
{
	size_t len = strlen(what);

	return line.len >= len && pg_strncasecmp(line.text, what, len) == 0;
}

static bool
contains(AcSlice line, const char *what)
{
	for (; line.len > 0; line.text++, line.len--)
		if (begins_with(line, what))
			return true;
	return false;
}

/* Tables. */

/* "|---|:-:|": only such characters, a bar and a dash among them. */
static bool
is_delimiter_row(AcSlice line)
{
	bool bar = false;
	bool dash = false;
	size_t i;

	for (i = 0; i < line.len; i++)
	{
		if (strchr("|-: \t", line.text[i]) == NULL || line.text[i] == '\0')
			return false;
		bar |= line.text[i] == '|';
		dash |= line.text[i] == '-';
	}
	return bar && dash;
}

/* The cell that line begins with, which then begins behind its bar. */
static AcSlice
next_cell(AcSlice *line)
{
	AcSlice cell = {line->text, 0};

	while (cell.len < line->len && line->text[cell.len] != '|')
		cell.len += line->text[cell.len] == '\\' && cell.len + 1 < line->len ? 2 : 1;
	line->text += Min(cell.len + 1, line->len);
	line->len -= Min(cell.len + 1, line->len);
	skip_indent(&cell);
	trim_end(&cell);
	return cell;
}

static void
put_row(MarkdownReader *reader, AcSlice line, bool is_head)
{
	trim_end(&line);
	if (line.len > 0 && *line.text == '|')
		line.text++, line.len--;
	put(reader, "<tr>");
	while (line.len > 0 && !reader->out.failed)
	{
		put(reader, is_head ? "<th>" : "<td>");
		ac_md_inline(&reader->out, next_cell(&line));
		put(reader, is_head ? "</th>" : "</td>");
	}
	put(reader, "</tr>\n");
}

/* Paragraphs. */

static void
end_paragraph(MarkdownReader *reader)
{
	AcBuf *buf = &reader->paragraph;

	if (reader->in_table)
		put(reader, "</table>\n");
	reader->in_table = false;
	if (buf->len == 0)
		return;
	put(reader, "<p>");
	ac_md_inline(&reader->out, (AcSlice){buf->data, buf->len});
	put(reader, "</p>\n");
	ac_buf_clear(buf);
}

static void
add_to_paragraph(MarkdownReader *reader, AcSlice line)
{
	if (reader->paragraph.len > 0)
		ac_md_append(&reader->out, &reader->paragraph, "\n", 1);
	ac_md_append(&reader->out, &reader->paragraph, line.text, line.len);
}

static void
put_heading(MarkdownReader *reader, int level, AcSlice text)
{
	char tag[8];

	snprintf(tag, sizeof(tag), "<h%d>", level);
	put(reader, tag);
	ac_md_inline(&reader->out, text);
	snprintf(tag, sizeof(tag), "</h%d>\n", level);
	put(reader, tag);
}

/* "{#id .class}" behind a heading, as many generators have it. */
static void
drop_attributes(AcSlice *line)
{
	size_t start = line->len;

	if (start == 0 || line->text[start - 1] != '}')
		return;
	while (start > 0 && line->text[start - 1] != '{')
		start--;
	if (start >= 2 && line->text[start - 2] == ' ' &&
		(line->text[start] == '#' || line->text[start] == '.'))
		line->len = start - 2;
}

/* "## Users ##" */
static bool
read_heading(MarkdownReader *reader, AcSlice line)
{
	int level = (int) Min(run_length(line, '#'), 7);
	size_t end;

	if (level == 0 || level > 6 ||
		(line.len > (size_t) level && line.text[level] != ' ' && line.text[level] != '\t'))
		return false;
	line.text += level;
	line.len -= level;
	skip_indent(&line);
	trim_end(&line);
	for (end = line.len; end > 0 && line.text[end - 1] == '#';)
		end--;
	if (end == 0 || line.text[end - 1] == ' ')
		line.len = end;
	trim_end(&line);
	drop_attributes(&line);
	end_paragraph(reader);
	put_heading(reader, level, line);
	return true;
}

/* A line of "=" or "-" makes a heading of the paragraph above it. */
static bool
read_underline(MarkdownReader *reader, AcSlice line)
{
	AcBuf *buf = &reader->paragraph;

	trim_end(&line);
	if (buf->len == 0 || line.len == 0 || (*line.text != '=' && *line.text != '-') ||
		run_length(line, *line.text) != line.len)
		return false;
	put_heading(reader, *line.text == '=' ? 1 : 2, (AcSlice){buf->data, buf->len});
	ac_buf_clear(buf);
	return true;
}

/* A row of dashes under a line with bars makes a table of it. */
static bool
read_table(MarkdownReader *reader, AcSlice line)
{
	AcBuf *buf = &reader->paragraph;
	AcSlice head = {buf->data, buf->len};
	size_t start = buf->len;

	if (reader->in_table && contains(line, "|"))
	{
		put_row(reader, line, false);
		return true;
	}
	if (buf->len == 0 || !is_delimiter_row(line))
		return false;
	while (start > 0 && buf->data[start - 1] != '\n')
		start--;
	head.text += start;
	head.len -= start;
	if (!contains(head, "|"))
		return false;
	if (start > 0)
	{
		put(reader, "<p>");
		ac_md_inline(&reader->out, (AcSlice){buf->data, start});
		put(reader, "</p>\n");
	}
	put(reader, "<table>\n");
	put_row(reader, head, true);
	ac_buf_clear(buf);
	reader->in_table = true;
	return true;
}

/* "---", "***" or "___" */
static bool
read_rule(MarkdownReader *reader, AcSlice line)
{
	char c = line.len > 0 ? *line.text : '\0';
	size_t n = 0;
	size_t i;

	if (c != '-' && c != '*' && c != '_')
		return false;
	for (i = 0; i < line.len; i++)
	{
		if (line.text[i] != c && line.text[i] != ' ')
			return false;
		n += line.text[i] == c;
	}
	if (n < 3)
		return false;
	end_paragraph(reader);
	put(reader, "<hr>\n");
	return true;
}

/* Code. */

static void
put_code_line(MarkdownReader *reader, AcSlice line, int indent)
{
	while (indent > 0 && line.len > 0 && *line.text == ' ')
	{
		line.text++;
		line.len--;
		indent--;
	}
	ac_md_put_escaped(&reader->out, line);
	put(reader, "\n");
}

static void
end_code(MarkdownReader *reader)
{
	if (reader->fence != '\0' || reader->in_indented)
		put(reader, "</code></pre>\n");
	reader->fence = '\0';
	reader->in_indented = false;
}

/* A line of fenced code, or the fence that ends it. */
static void
read_fenced(MarkdownReader *reader, AcSlice line)
{
	AcSlice rest = line;
	size_t n;

	skip_indent(&rest);
	trim_end(&rest);
	n = run_length(rest, reader->fence);
	if (n == rest.len && n >= (size_t) reader->fence_len)
		end_code(reader);
	else
		put_code_line(reader, line, reader->fence_indent);
}

static bool
start_fence(MarkdownReader *reader, AcSlice line, int indent)
{
	char c = line.len > 0 ? *line.text : '\0';
	size_t n = run_length(line, c);
	size_t i;

	if ((c != '`' && c != '~') || n < 3)
		return false;
	line.text += n;
	line.len -= n;
	if (c == '`' && line.len > 0 && memchr(line.text, '`', line.len) != NULL)
		return false;
	end_paragraph(reader);
	reader->fence = c;
	reader->fence_len = (int) Min(n, 1000);
	reader->fence_indent = indent;
	skip_indent(&line);
	for (i = 0; i < line.len && (isalnum((unsigned char) line.text[i]) ||
								 strchr("+#-_", line.text[i]) != NULL);)
		i++;
	put(reader, "<pre><code class=\"language-");
	ac_md_put_escaped(&reader->out, (AcSlice){line.text, i});
	put(reader, "\">");
	return true;
}

/* Four spaces after a blank line, outside of lists, are code. */
static bool
read_indented(MarkdownReader *reader, AcSlice line, int indent)
{
	if (indent < 4 || reader->in_list || reader->paragraph.len > 0 ||
		!(reader->blank_before || reader->in_indented))
	{
		if (reader->in_indented)
			end_code(reader);
		return false;
	}
	if (!reader->in_indented)
		put(reader, "<pre><code>");
	else if (reader->blank_before)
		put(reader, "\n");
	reader->in_indented = true;
	put_code_line(reader, line, 4);
	return true;
}

/* HTML. */

static const char *
html_block_end(AcSlice line)
{
	static const char *const blocks[] = {"details", "/details", "summary",
										 "/summary", "div", "/div", "p", "/p", "table", "/table", "tr", "/tr", "td",
										 "/td", "th", "/th", "thead", "tbody", "ul", "/ul", "ol", "/ol", "li", "dl",
										 "/dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "center", "section",
										 "/section", "aside", "hr", "br", "img", "a"};
	int i;

	if (begins_with(line, "<!--"))
		return "-->";
	if (begins_with(line, "<pre"))
		return "</pre>";
	if (begins_with(line, "<script"))
		return "</script>";
	if (begins_with(line, "<style"))
		return "</style>";
	for (i = 0; i < (int) lengthof(blocks); i++)
	{
		size_t len = strlen(blocks[i]);

		if (line.len > len + 1 && line.text[0] == '<' &&
			pg_strncasecmp(line.text + 1, blocks[i], len) == 0 &&
			strchr(" />\t", line.text[len + 1]) != NULL)
			return "";
	}
	return NULL;
}

/* A line of raw HTML, which ends with it or with a blank one. */
static bool
read_html(MarkdownReader *reader, AcSlice line)
{
	if (reader->html_end == NULL)
	{
		if (reader->paragraph.len > 0)
			return false;
		reader->html_end = html_block_end(line);
		if (reader->html_end == NULL)
			return false;
		end_paragraph(reader);
	}
	ac_md_put(&reader->out, line.text, line.len);
	put(reader, "\n");
	if (reader->html_end[0] != '\0' && contains(line, reader->html_end))
		reader->html_end = NULL;
	return true;
}

/* Markers. */

/* Width of "- ", "1. " at the beginning; 0 if the line is no item. */
static size_t
item_marker(AcSlice line)
{
	size_t n = 0;

	if (line.len > 0 && strchr("-*+", *line.text) != NULL && *line.text != '\0')
		n = 1;
	else
	{
		while (n < line.len && n < 9 && isdigit((unsigned char) line.text[n]))
			n++;
		if (n == 0 || n >= line.len || (line.text[n] != '.' && line.text[n] != ')'))
			return 0;
		n++;
	}
	if (n < line.len && line.text[n] != ' ' && line.text[n] != '\t')
		return 0;
	return n;
}

/* Drops quote marks and begins items; the indent of what is left. */
static int
read_markers(MarkdownReader *reader, AcSlice *line)
{
	int indent = skip_indent(line);
	int i;

	for (i = 0; i < MARKDOWN_MAX_MARKERS && line->len > 0; i++)
	{
		size_t width = 1;

		if (*line->text != '>')
		{
			if ((indent >= 4 && !reader->in_list) || read_rule(reader, *line))
				break;
			width = item_marker(*line);
			if (width == 0)
				break;
			end_paragraph(reader);
			put(reader, "<li>");
			reader->in_list = true;
		}
		line->text += width;
		line->len -= width;
		indent = skip_indent(line);
		indent = Max(indent - 1, 0);
	}
	return indent;
}

static void
read_blank(MarkdownReader *reader)
{
	end_paragraph(reader);
	if (reader->html_end != NULL && reader->html_end[0] == '\0')
		reader->html_end = NULL;
	reader->blank_before = true;
}

/* A line that stands in no code and no HTML. */
static void
read_block(MarkdownReader *reader, AcSlice line)
{
	AcSlice rest = line;
	int indent = skip_indent(&rest);

	if (read_indented(reader, line, indent))
		return;
	if (reader->in_list && reader->blank_before && indent < 2 &&
		item_marker(rest) == 0)
		reader->in_list = false;
	if (read_underline(reader, rest))
		return;
	rest = line;
	indent = read_markers(reader, &rest);
	if (rest.len == 0 || start_fence(reader, rest, indent) ||
		read_html(reader, rest) || read_heading(reader, rest) ||
		read_table(reader, rest) || read_rule(reader, rest))
		return;
	if (reader->in_table)
		end_paragraph(reader);
	add_to_paragraph(reader, rest);
}

static void
read_line(MarkdownReader *reader, AcSlice line)
{
	AcSlice rest = line;

	if (reader->fence != '\0')
	{
		read_fenced(reader, line);
		return;
	}
	if (reader->html_end != NULL && reader->html_end[0] != '\0')
	{
		read_html(reader, line);
		return;
	}
	skip_indent(&rest);
	if (rest.len == 0)
	{
		read_blank(reader);
		return;
	}
	if (reader->html_end != NULL)
		read_html(reader, line);
	else
		read_block(reader, line);
	reader->blank_before = false;
}

/* "---", lines of YAML, "---": only the title is of use. */
static void
skip_front_matter(MarkdownReader *reader)
{
	AcSlice line;
	AcSlice title = {NULL, 0};
	size_t start = reader->pos;
	int i;

	if (!next_line(reader, &line) || line.len != 3 || memcmp(line.text, "---", 3) != 0)
	{
		reader->pos = start;
		return;
	}
	for (i = 0; i < MARKDOWN_MAX_FRONT_LINES && next_line(reader, &line); i++)
	{
		if (line.len == 3 && memcmp(line.text, "---", 3) == 0)
		{
			if (title.text == NULL)
				return;
			put(reader, "<title>");
			ac_md_put_escaped(&reader->out, title);
			put(reader, "</title>\n");
			return;
		}
		if (begins_with(line, "title:"))
			title = (AcSlice){line.text + 6, line.len - 6};
	}
	reader->pos = start;
}

static bool
read_lines(MarkdownReader *reader)
{
	const AcJsonText *input = reader->input;
	AcSlice line;

	if (input->len >= 3 && memcmp(input->text, "\xEF\xBB\xBF", 3) == 0)
		reader->pos = 3;
	skip_front_matter(reader);
	while (!reader->out.failed && next_line(reader, &line))
	{
		read_line(reader, line);
		if (reader->pos - reader->asked < MARKDOWN_INTERRUPT_BYTES)
			continue;
		reader->asked = reader->pos;
		if (input->interrupted != NULL && input->interrupted(NULL))
			return ac_error_set(reader->out.err, AC_ERR_INTERRUPTED, "interrupted");
	}
	end_paragraph(reader);
	end_code(reader);
	return !reader->out.failed;
}

bool
ac_markdown_parse(const AcJsonText *input, AcJson **doc, AcError *err)
{
	MarkdownReader reader;
	bool read;

	memset(&reader, 0, sizeof(reader));
	*doc = NULL;
	reader.input = input;
	reader.out.err = err;
	reader.blank_before = true;
	ac_buf_init(&reader.out.html, MARKDOWN_MAX_HTML_BYTES);
	ac_buf_init(&reader.paragraph, MARKDOWN_MAX_HTML_BYTES);
	read = read_lines(&reader);
	if (read)
	{
		AcJsonText html = *input;

		html.text = reader.out.html.len > 0 ? reader.out.html.data : "";
		html.len = reader.out.html.len;
		read = ac_html_parse(&html, doc, err);
	}
	ac_buf_free(&reader.out.html);
	ac_buf_free(&reader.paragraph);
	return read;
}

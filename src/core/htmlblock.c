/*
 * htmlblock.c
 *		Where do the blocks of a page's readable text begin and end?
 *
 * Texts, headings, code and tables; see html.h for what becomes of them.
 */
#include "ac.h"

#include "core/html_internal.h"
#include "core/htmljson.h"
#include "core/htmltext.h"

/* A node of the buffer's text, which is then empty; NULL if it is empty. */
AcJson *
ac_htmlblock_take_text(AcHtmlReader *reader, AcBuf *buf)
{
	AcJson *node = NULL;

	if (buf->len > 0)
		node = ac_json_new_string_len(buf->data, buf->len);
	reader->memory += AC_HTML_STRING_BYTES + buf->len;
	ac_buf_clear(buf);
	return node;
}

/* Appends to a ac_htmlblock_list of the document, which is made when it is needed. */
void
ac_htmlblock_list(AcHtmlReader *reader, const char *name, AcJson *object)
{
	AcJson *array = ac_json_get(reader->html, name);

	if (array == NULL)
	{
		array = ac_json_new_array();
		ac_json_set(reader->html, name, array);
	}
	ac_json_append(array, object);
	reader->memory += AC_HTML_OBJECT_BYTES;
}

static AcJson *
new_block(AcHtmlReader *reader, const char *kind)
{
	AcJson *block = ac_json_new_object();

	ac_json_set_string(block, "kind", kind);
	ac_htmlblock_list(reader, "blocks", block);
	return block;
}

/* The mark that links a heading to itself is no part of it. */
static void
trim_heading(AcBuf *text)
{
	if (text->len >= 2 && memcmp(text->data + text->len - 2, "\xC2\xB6", 2) == 0)
		text->len -= 2;
	else if (text->len >= 2 && memcmp(text->data + text->len - 2, " #", 2) == 0)
		text->len -= 2;
	while (text->len > 0 && text->data[text->len - 1] == ' ')
		text->len--;
}

static void
trim_code(AcBuf *text)
{
	while (text->len > 0 && (text->data[text->len - 1] == '\n' ||
							 text->data[text->len - 1] == ' '))
		text->len--;
}

/* Ends the cell being read, if any. */
void
ac_htmlblock_end_cell(AcHtmlReader *reader)
{
	AcJson *text;

	if (reader->kind != AC_HTML_BLOCK_CELL)
		return;
	text = ac_htmlblock_take_text(reader, &reader->text);
	ac_json_append(reader->row, text != NULL ? text : ac_json_new_string(""));
	reader->kind = AC_HTML_BLOCK_TEXT;
	reader->space = false;
}

/* Code that is an example of JSON says what it says. */
static void
keep_json(AcHtmlReader *reader, AcJson *block)
{
	AcSlice text = {reader->text.data, reader->text.len};
	AcJson *json;

	reader->memory += ac_htmljson_cost(text);
	if (reader->memory > AC_HTML_MAX_MEMORY_BYTES)
		return;
	json = ac_htmljson_parse(text);
	if (json != NULL)
		ac_json_set(block, "json", json);
}

static void
keep_block(AcHtmlReader *reader)
{
	static const char *const kinds[] = {"text", "heading", "code"};
	AcJson *block = new_block(reader, kinds[reader->kind]);

	if (reader->kind == AC_HTML_BLOCK_HEADING)
		ac_json_set(block, "level", ac_json_new_int(reader->level));
	if (reader->kind == AC_HTML_BLOCK_CODE && reader->language[0] != '\0')
		ac_json_set_string(block, "language", reader->language);
	if (reader->kind == AC_HTML_BLOCK_CODE)
		keep_json(reader, block);
	ac_json_set(block, "text", ac_htmlblock_take_text(reader, &reader->text));
	reader->language[0] = '\0';
}

/* Ends the text, heading or code being read and puts it into the document. */
void
ac_htmlblock_end(AcHtmlReader *reader)
{
	AcBuf *text = &reader->text;

	if (reader->kind == AC_HTML_BLOCK_CELL)
	{
		reader->space = true;
		return;
	}
	if (reader->kind == AC_HTML_BLOCK_HEADING)
		trim_heading(text);
	if (reader->kind == AC_HTML_BLOCK_CODE)
		trim_code(text);
	else
		while (text->len > 0 && text->data[text->len - 1] == '\n')
			text->len--;
	if (text->len > 0)
		keep_block(reader);
	ac_buf_clear(text);
	reader->kind = AC_HTML_BLOCK_TEXT;
	reader->space = false;
}

/* Tables. */

static bool
is_row_empty(const AcJson *row)
{
	int i;

	for (i = 0; i < ac_json_length(row); i++)
		if (ac_json_string(ac_json_at(row, i), NULL)[0] != '\0')
			return false;
	return true;
}

void
ac_htmlblock_end_row(AcHtmlReader *reader)
{
	ac_htmlblock_end_cell(reader);
	if (reader->row == NULL)
		return;
	if (is_row_empty(reader->row))
		ac_json_free(reader->row);
	else if (reader->row_is_head && reader->head == NULL &&
			 ac_json_length(reader->rows) == 0)
		reader->head = reader->row;
	else
		ac_json_append(reader->rows, reader->row);
	reader->row = NULL;
}

/* Ends the table being read, if any; it is a block unless it is empty. */
void
ac_htmlblock_end_table(AcHtmlReader *reader)
{
	AcJson *block;

	ac_htmlblock_end_row(reader);
	if (reader->rows == NULL)
		return;
	if (reader->head != NULL || ac_json_length(reader->rows) > 0)
	{
		block = new_block(reader, "table");
		if (reader->head != NULL)
			ac_json_set(block, "head", reader->head);
		ac_json_set(block, "rows", reader->rows);
	}
	else
		ac_json_free(reader->rows);
	reader->head = NULL;
	reader->rows = NULL;
}

void
ac_htmlblock_start_table(AcHtmlReader *reader)
{
	ac_htmlblock_end_table(reader);
	ac_htmlblock_end(reader);
	reader->rows = ac_json_new_array();
	reader->memory += AC_HTML_ARRAY_BYTES;
}

void
ac_htmlblock_start_row(AcHtmlReader *reader)
{
	ac_htmlblock_end_row(reader);
	if (reader->rows == NULL)
		ac_htmlblock_start_table(reader);
	reader->row = ac_json_new_array();
	reader->row_is_head = true;
	reader->memory += AC_HTML_ARRAY_BYTES;
}

void
ac_htmlblock_start_cell(AcHtmlReader *reader, bool is_head)
{
	ac_htmlblock_end_cell(reader);
	if (reader->row == NULL)
		ac_htmlblock_start_row(reader);
	reader->row_is_head &= is_head;
	reader->kind = AC_HTML_BLOCK_CELL;
}

/* Code. */

/* "language-json", "lang-json", "highlight-source-json", "brush: json". */
static bool
language_of_class(AcSlice word, AcSlice *language)
{
	static const char *const prefixes[] = {"language-", "lang-", "highlight-source-",
										   "highlight-text-", "highlight-", "brush:"};
	int i;

	for (i = 0; i < (int) lengthof(prefixes); i++)
	{
		size_t len = strlen(prefixes[i]);

		if (word.len > len && pg_strncasecmp(word.text, prefixes[i], len) == 0)
		{
			*language = (AcSlice){word.text + len, word.len - len};
			return true;
		}
	}
	return false;
}

/* Languages that stand alone as a class. */
static bool
is_language(AcSlice word)
{
	static const char *const names[] = {"json", "shell", "bash", "sh", "http",
										"curl", "console", "yaml", "xml", "javascript", "python", "ruby", "php",
										"java", "go", "text", "csharp"};
	int i;

	for (i = 0; i < (int) lengthof(names); i++)
		if (ac_htmltext_is(word, names[i]))
			return true;
	return false;
}

static void
set_language(AcHtmlReader *reader, AcSlice language)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < language.len && n < AC_HTML_MAX_LANGUAGE - 1; i++)
	{
		unsigned char c = pg_ascii_tolower((unsigned char) language.text[i]);

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("+#-_", c) != NULL)
			reader->language[n++] = (char) c;
		else
			break;
	}
	reader->language[n] = '\0';
}

/* Notes the language that a tag gives to the code within. */
void
ac_htmlblock_note_language(AcHtmlReader *reader, bool is_code)
{
	static const char *const attributes[] = {"data-lang", "data-language", "lang"};
	AcSlice class = ac_htmltoken_attribute(&reader->token, "class");
	AcSlice found;
	size_t at = 0;
	int i;

	for (i = 0; is_code && i < (int) lengthof(attributes); i++)
	{
		found = ac_htmltoken_attribute(&reader->token, attributes[i]);
		if (found.len > 0)
			set_language(reader, found);
	}
	while (at < class.len)
	{
		size_t start = at;
		AcSlice word;

		while (at < class.len && class.text[at] != ' ' && class.text[at] != '\n')
			at++;
		word = (AcSlice){class.text + start, at - start};
		at++;
		if (language_of_class(word, &found))
		{
			set_language(reader, found);
			return;
		}
		if (is_code && is_language(word))
			set_language(reader, word);
	}
}

void
ac_htmlblock_start_code(AcHtmlReader *reader)
{
	char language[AC_HTML_MAX_LANGUAGE];

	strcpy(language, reader->language);
	ac_htmlblock_end_table(reader);
	ac_htmlblock_end(reader);
	strcpy(reader->language, language);
	reader->kind = AC_HTML_BLOCK_CODE;
	ac_htmlblock_note_language(reader, true);
}

bool
ac_htmlblock_new_line(AcHtmlReader *reader)
{
	AcBuf *text = &reader->text;

	reader->space = false;
	if (reader->kind != AC_HTML_BLOCK_CODE && text->len == 0)
		return true;
	if (reader->kind == AC_HTML_BLOCK_CELL || reader->kind == AC_HTML_BLOCK_HEADING)
	{
		reader->space = true;
		return true;
	}
	return ac_htmltext_append(text, "\n", 1, reader->err);
}

/* A block within code is a line of it, as some highlighters have it. */
bool
ac_htmlblock_end_code_line(AcHtmlReader *reader)
{
	if (reader->text.len == 0 || reader->text.data[reader->text.len - 1] == '\n')
		return true;
	return ac_htmlblock_new_line(reader);
}

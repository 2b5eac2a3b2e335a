/*
 * html.c
 *		What of an HTML page could speak of an API?  See html.h.
 *
 * One pass over the tokens of core/htmltoken, without a tree: what the
 * readable text of documentation needs of the structure is where blocks,
 * cells and code begin and end.  Nothing here pallocs, since an error thrown
 * would leak the document.
 */
#include "ac.h"

#include "core/html.h"
#include "core/html_internal.h"
#include "core/htmltext.h"

/* Bytes of one block; a script with a whole description may be this long. */
#define HTML_MAX_BLOCK_BYTES ((size_t) 64 * 1024 * 1024)

/* An anchor's text is a label. */
#define HTML_MAX_ANCHOR_BYTES 400

/* Bytes of input between two looks at the interrupt flag. */
#define HTML_INTERRUPT_BYTES 65536

static bool
name_is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

static bool
spend(AcHtmlReader *reader, int64 bytes)
{
	reader->memory += bytes;
	if (reader->memory > AC_HTML_MAX_MEMORY_BYTES)
		return ac_error_set(reader->err, AC_ERR_TOO_LARGE,
							"HTML page has too many parts");
	return true;
}

/* The value of an attribute as text; NULL if it is not there. */
static AcJson *
attribute_text(AcHtmlReader *reader, AcSlice value)
{
	AcBuf buf;
	AcJson *node = NULL;
	bool space = false;

	if (value.text == NULL)
		return NULL;
	ac_buf_init(&buf, HTML_MAX_BLOCK_BYTES);
	if (ac_htmltext_collapsed(&buf, &space, value, reader->charset, reader->err))
		node = ac_json_new_string_len(buf.len > 0 ? buf.data : "", buf.len);
	reader->memory += AC_HTML_STRING_BYTES + buf.len;
	ac_buf_free(&buf);
	return node;
}

/* The object gets a member if the tag has such an attribute. */
static void
keep_attribute(AcHtmlReader *reader, AcJson *object, const char *name)
{
	AcJson *text =
		attribute_text(reader, ac_htmltoken_attribute(&reader->token, name));

	if (text != NULL)
		ac_json_set(object, name, text);
}

/* Anchors, elements, forms and scripts. */

static void
end_anchor(AcHtmlReader *reader)
{
	AcJson *text;

	if (reader->anchor == NULL)
		return;
	text = ac_htmlblock_take_text(reader, &reader->label);
	if (text != NULL)
		ac_json_set(reader->anchor, "text", text);
	ac_htmlblock_list(reader, "anchors", reader->anchor);
	reader->anchor = NULL;
}

static void
start_anchor(AcHtmlReader *reader)
{
	end_anchor(reader);
	if (ac_htmltoken_attribute(&reader->token, "href").text == NULL)
		return;
	reader->anchor = ac_json_new_object();
	reader->label_space = false;
	keep_attribute(reader, reader->anchor, "href");
}

static bool
names_description(const AcHtmlToken *token)
{
	static const char *const attributes[] = {
		"data-url", "spec-url", "data-spec-url", "apidescriptionurl",
		"apidescriptiondocument", "data-configuration", "spec", "data-spec",
		"swagger-url", "openapi-url", "data-openapi", NULL};
	int i;

	if (strchr(token->name, '-') != NULL || strcmp(token->name, "redoc") == 0)
		return true;
	for (i = 0; attributes[i] != NULL; i++)
		if (ac_htmltoken_attribute(token, attributes[i]).text != NULL)
			return true;
	return false;
}

/* ASCII without control characters? */
static bool
is_printable(AcSlice name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.text[i] <= ' ' || name.text[i] >= 0x7F)
			return false;
	return true;
}

static void
keep_element(AcHtmlReader *reader)
{
	AcHtmlToken *token = &reader->token;
	AcJson *element = ac_json_new_object();
	AcJson *attributes = ac_json_new_object();
	int i;

	ac_json_set_string(element, "name", token->name);
	keep_attribute(reader, element, "id");
	for (i = 0; i < token->n_attributes; i++)
	{
		char name[AC_HTML_MAX_NAME + 1];
		AcSlice own = token->attributes[i].name;
		size_t j;

		if (own.len > AC_HTML_MAX_NAME || !is_printable(own))
			continue;
		for (j = 0; j < own.len; j++)
			name[j] = (char) pg_ascii_tolower((unsigned char) own.text[j]);
		name[own.len] = '\0';
		if (!ac_json_has(attributes, name))
			ac_json_set(attributes, name,
						attribute_text(reader, token->attributes[i].value));
	}
	ac_json_set(element, "attributes", attributes);
	reader->memory += AC_HTML_OBJECT_BYTES;
	ac_htmlblock_list(reader, "elements", element);
}

static void
keep_link(AcHtmlReader *reader)
{
	AcJson *link = ac_json_new_object();

	keep_attribute(reader, link, "rel");
	keep_attribute(reader, link, "type");
	keep_attribute(reader, link, "href");
	ac_htmlblock_list(reader, "links", link);
}

/* <meta http-equiv="refresh" content="0; url=..."> leads elsewhere. */
static void
keep_refresh(AcHtmlReader *reader)
{
	AcSlice content = ac_htmltoken_attribute(&reader->token, "content");
	AcJson *link;

	if (!ac_htmltext_is(ac_htmltoken_attribute(&reader->token, "http-equiv"), "refresh"))
		return;
	while (content.len > 4 && pg_strncasecmp(content.text, "url=", 4) != 0)
		content.text++, content.len--;
	if (content.len <= 4)
		return;
	content.text += 4;
	content.len -= 4;
	if (content.text[0] == '\'' || content.text[0] == '"')
		content.text++, content.len -= 1 + (content.len > 1);
	link = ac_json_new_object();
	ac_json_set_string(link, "rel", "refresh");
	ac_json_set(link, "href", attribute_text(reader, content));
	ac_htmlblock_list(reader, "links", link);
}

static void
start_form(AcHtmlReader *reader)
{
	reader->form = ac_json_new_object();
	keep_attribute(reader, reader->form, "action");
	keep_attribute(reader, reader->form, "method");
	ac_htmlblock_list(reader, "forms", reader->form);
}

static void
keep_input(AcHtmlReader *reader)
{
	if (!ac_htmltext_is(ac_htmltoken_attribute(&reader->token, "type"), "password"))
		return;
	if (reader->form == NULL)
		start_form(reader);
	ac_json_set(reader->form, "password", ac_json_new_bool(true));
}

static void
start_script(AcHtmlReader *reader)
{
	reader->script = ac_json_new_object();
	keep_attribute(reader, reader->script, "id");
	keep_attribute(reader, reader->script, "type");
	keep_attribute(reader, reader->script, "src");
	ac_htmlblock_list(reader, "scripts", reader->script);
}

/* Tags. */

static bool
is_void(const char *name)
{
	static const char *const names[] = {"area", "base", "br", "col", "embed",
										"hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
										NULL};

	return name_is_one_of(name, names);
}

/* Elements between whose content and the rest words do not run together. */
static bool
is_block(const char *name)
{
	static const char *const names[] = {"address", "article", "aside",
										"blockquote", "body", "center", "dd", "details", "dialog", "dir", "div",
										"dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "head",
										"header", "hr", "html", "legend", "li", "main", "menu", "ol", "option",
										"p", "section", "summary", "ul", "caption", NULL};

	return name_is_one_of(name, names);
}

/* Is what stands in this element no readable text? */
static bool
is_hidden(const AcHtmlToken *token)
{
	static const char *const names[] = {"template", "noscript", "svg", "math",
										"button", "select", "datalist", "nav", "object", "canvas", "audio",
										"video", NULL};
	static const char *const gutters[] = {"linenos", "line-numbers", "gutter",
										  "rouge-gutter", NULL};
	AcSlice class = ac_htmltoken_attribute(token, "class");
	AcSlice style = ac_htmltoken_attribute(token, "style");
	int i;

	if (name_is_one_of(token->name, names))
		return true;
	/* The hidden ones of several tabs are what others would look at. */
	if (ac_htmltoken_attribute(token, "hidden").text != NULL)
		return !ac_htmltext_is(ac_htmltoken_attribute(token, "role"), "tabpanel");
	if (style.len > 0 && (ac_htmltext_has(style, "display:none") ||
						  ac_htmltext_has(style, "display: none")))
		return true;
	for (i = 0; (strcmp(token->name, "td") == 0 || strcmp(token->name, "span") == 0) &&
				gutters[i] != NULL;
		 i++)
		if (class.len > 0 && ac_htmltext_has(class, gutters[i]))
			return true;
	return false;
}

static void
start_heading(AcHtmlReader *reader, int level)
{
	ac_htmlblock_end_table(reader);
	ac_htmlblock_end(reader);
	reader->kind = AC_HTML_BLOCK_HEADING;
	reader->level = level;
	reader->language[0] = '\0';
}

static bool
is_heading(const char *name)
{
	return name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0';
}

/* Parts of the page that are not its text; true if it was one. */
static bool
start_part(AcHtmlReader *reader, const char *name)
{
	if (strcmp(name, "script") == 0)
		start_script(reader);
	else if (strcmp(name, "title") == 0)
		reader->in_title = !ac_json_has(reader->html, "title");
	else if (strcmp(name, "base") == 0)
	{
		if (!ac_json_has(reader->html, "base"))
		{
			AcSlice href = ac_htmltoken_attribute(&reader->token, "href");

			if (href.text != NULL)
				ac_json_set(reader->html, "base", attribute_text(reader, href));
		}
	}
	else if (strcmp(name, "link") == 0)
		keep_link(reader);
	else if (strcmp(name, "meta") == 0)
		keep_refresh(reader);
	else if (strcmp(name, "input") == 0)
		keep_input(reader);
	else
		return false;
	return true;
}

/* Structure of the readable text. */
static bool
start_text(AcHtmlReader *reader, const char *name)
{
	if (strcmp(name, "pre") == 0)
		ac_htmlblock_start_code(reader);
	else if (reader->kind == AC_HTML_BLOCK_CODE)
	{
		ac_htmlblock_note_language(reader, strcmp(name, "code") == 0);
		if (strcmp(name, "br") == 0)
			return ac_htmlblock_new_line(reader);
	}
	else if (is_heading(name))
		start_heading(reader, name[1] - '0');
	else if (strcmp(name, "table") == 0)
		ac_htmlblock_start_table(reader);
	else if (strcmp(name, "tr") == 0)
		ac_htmlblock_start_row(reader);
	else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
		ac_htmlblock_start_cell(reader, name[1] == 'h');
	else if (strcmp(name, "br") == 0)
		return ac_htmlblock_new_line(reader);
	else if (is_block(name) && reader->kind != AC_HTML_BLOCK_HEADING)
	{
		ac_htmlblock_end(reader);
		ac_htmlblock_note_language(reader, false);
	}
	return true;
}

static bool
on_start(AcHtmlReader *reader)
{
	const AcHtmlToken *token = &reader->token;

	if (reader->hidden_depth > 0)
		reader->hidden_depth += strcmp(token->name, reader->hidden) == 0;
	if (names_description(token) &&
		is_printable((AcSlice){token->name, strlen(token->name)}))
		keep_element(reader);
	if (start_part(reader, token->name))
		return true;
	if (strcmp(token->name, "a") == 0)
		start_anchor(reader);
	if (strcmp(token->name, "form") == 0)
		start_form(reader);
	if (reader->hidden_depth > 0)
		return true;
	if (!is_void(token->name) && is_hidden(token))
	{
		strcpy(reader->hidden, token->name);
		reader->hidden_depth = 1;
		reader->space |= reader->kind != AC_HTML_BLOCK_CODE;
		return true;
	}
	return start_text(reader, token->name);
}

/* A verb in a badge stands beside its path, often without a space. */
static void
end_inline(AcHtmlReader *reader)
{
	static const char *const verbs[] = {"get", "post", "put", "patch", "delete",
										"head", "options"};
	AcBuf *text = &reader->text;
	int i;

	for (i = 0; i < (int) lengthof(verbs); i++)
	{
		size_t len = strlen(verbs[i]);

		if (text->len >= len &&
			pg_strncasecmp(text->data + text->len - len, verbs[i], len) == 0 &&
			(text->len == len || text->data[text->len - len - 1] == ' ' ||
			 text->data[text->len - len - 1] == '\n'))
			reader->space = true;
	}
}

static bool
end_text(AcHtmlReader *reader, const char *name)
{
	if (strcmp(name, "pre") == 0 || is_heading(name))
		ac_htmlblock_end(reader);
	else if (reader->kind == AC_HTML_BLOCK_CODE)
		return is_block(name) || strcmp(name, "tr") == 0 ? ac_htmlblock_end_code_line(reader) : true;
	else if (strcmp(name, "table") == 0)
	{
		ac_htmlblock_end_table(reader);
		ac_htmlblock_end(reader);
	}
	else if (strcmp(name, "tr") == 0)
		ac_htmlblock_end_row(reader);
	else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
		ac_htmlblock_end_cell(reader);
	else if (is_block(name) && reader->kind != AC_HTML_BLOCK_HEADING)
		ac_htmlblock_end(reader);
	else if (is_block(name))
		reader->space = true;
	else
		end_inline(reader);
	return true;
}

static bool
on_end(AcHtmlReader *reader)
{
	const char *name = reader->token.name;

	if (strcmp(name, "a") == 0)
		end_anchor(reader);
	if (strcmp(name, "form") == 0)
		reader->form = NULL;
	if (strcmp(name, "script") == 0)
		reader->script = NULL;
	if (strcmp(name, "title") == 0)
		reader->in_title = false;
	if (reader->hidden_depth > 0)
	{
		reader->hidden_depth -= strcmp(name, reader->hidden) == 0;
		return true;
	}
	return end_text(reader, name);
}

static bool
on_title(AcHtmlReader *reader)
{
	AcJson *title = attribute_text(reader, reader->token.text);

	if (title != NULL)
		ac_json_set(reader->html, "title", title);
	reader->in_title = false;
	return true;
}

static bool
on_text(AcHtmlReader *reader)
{
	AcSlice text = reader->token.text;

	if (reader->in_title)
		return on_title(reader);
	if (reader->anchor != NULL && reader->label.len < HTML_MAX_ANCHOR_BYTES &&
		!ac_htmltext_collapsed(&reader->label, &reader->label_space,
							   (AcSlice){text.text, Min(text.len, HTML_MAX_ANCHOR_BYTES)},
							   reader->charset, reader->err))
		return false;
	if (reader->hidden_depth > 0)
		return true;
	if (reader->kind != AC_HTML_BLOCK_CODE)
		return ac_htmltext_collapsed(&reader->text, &reader->space, text,
									 reader->charset, reader->err);
	if (reader->text.len == 0 && text.len > 0 && text.text[0] == '\n')
		text.text++, text.len--;
	return ac_htmltext_plain(&reader->text, text, true, reader->charset, reader->err);
}

/* A script's text; that of styles and frames is of no use. */
static bool
on_raw(AcHtmlReader *reader)
{
	AcBuf buf;
	bool appended;

	if (reader->script == NULL)
		return true;
	ac_buf_init(&buf, HTML_MAX_BLOCK_BYTES);
	appended = ac_htmltext_plain(&buf, reader->token.text, false,
								 reader->charset, reader->err);
	if (appended && buf.len > 0)
		ac_json_set(reader->script, "text", ac_htmlblock_take_text(reader, &buf));
	ac_buf_free(&buf);
	return appended;
}

static bool
on_token(AcHtmlReader *reader)
{
	switch (reader->token.kind)
	{
		case AC_HTML_TEXT:
			return on_text(reader);
		case AC_HTML_RAW:
			return on_raw(reader);
		case AC_HTML_START:
			return on_start(reader);
		case AC_HTML_END:
			return on_end(reader);
	}
	return true;
}

static bool
read_tokens(AcHtmlReader *reader)
{
	while (ac_htmltoken_next(&reader->tokens, &reader->token))
	{
		if (reader->tokens.pos - reader->asked >= HTML_INTERRUPT_BYTES)
		{
			reader->asked = reader->tokens.pos;
			if (reader->input->interrupted != NULL && reader->input->interrupted(NULL))
				return ac_error_set(reader->err, AC_ERR_INTERRUPTED, "interrupted");
		}
		if (!on_token(reader) || !spend(reader, 0))
			return false;
	}
	end_anchor(reader);
	ac_htmlblock_end_table(reader);
	ac_htmlblock_end(reader);
	return true;
}

static void
free_reader(AcHtmlReader *reader)
{
	ac_buf_free(&reader->text);
	ac_buf_free(&reader->label);
	ac_json_free(reader->anchor);
	ac_json_free(reader->head);
	ac_json_free(reader->rows);
	ac_json_free(reader->row);
}

bool
ac_html_parse(const AcJsonText *input, AcJson **doc, AcError *err)
{
	AcHtmlReader reader;
	bool read;

	memset(&reader, 0, sizeof(reader));
	reader.tokens.text = input->text;
	reader.tokens.len = input->len;
	reader.input = input;
	reader.err = err;
	reader.charset = ac_htmltext_charset(input);
	reader.html = ac_json_new_object();
	ac_buf_init(&reader.text, HTML_MAX_BLOCK_BYTES);
	ac_buf_init(&reader.label, HTML_MAX_BLOCK_BYTES);
	read = read_tokens(&reader);
	free_reader(&reader);
	*doc = NULL;
	if (!read)
	{
		ac_json_free(reader.html);
		return false;
	}
	*doc = ac_json_new_object();
	ac_json_set(*doc, "html", reader.html);
	return true;
}

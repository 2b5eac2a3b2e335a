/*
 * html_internal.h
 *		What do the parts of the HTML reader share?
 *
 * core/html.c reads tags, core/htmlblock.c makes blocks of what stands
 * between them.  Nobody else includes this.
 */
#ifndef AC_CORE_HTML_INTERNAL_H
#define AC_CORE_HTML_INTERNAL_H

#include "ac.h"

#include "core/buf.h"
#include "core/html.h"
#include "core/htmltext.h"
#include "core/htmltoken.h"

/*
 * Memory that the document's parts may take, by the estimates below.  The
 * largest single-page references have some 100,000 blocks and anchors.
 */
#define AC_HTML_MAX_MEMORY_BYTES ((int64) 160 * 1024 * 1024)

/* Bytes of an object with its members, and of an array or a string. */
#define AC_HTML_OBJECT_BYTES 1000
#define AC_HTML_ARRAY_BYTES 350
#define AC_HTML_STRING_BYTES 100

/* Bytes of a language's name. */
#define AC_HTML_MAX_LANGUAGE 24

typedef enum AcHtmlBlock
{
	AC_HTML_BLOCK_TEXT,
	AC_HTML_BLOCK_HEADING,
	AC_HTML_BLOCK_CODE,
	AC_HTML_BLOCK_CELL /* of the table being read */
} AcHtmlBlock;

typedef struct AcHtmlReader
{
	AcHtmlTokens tokens;
	AcHtmlToken token;
	const AcJsonText *input;
	AcError *err;
	AcHtmlCharset charset;
	AcJson *html;
	int64 memory;
	size_t asked; /* offset at the last look at the interrupt flag */

	/* the block being read */
	AcHtmlBlock kind;
	AcBuf text;
	bool space; /* a space waits for what follows it */
	int level;	/* of a heading */
	char language[AC_HTML_MAX_LANGUAGE];

	/* the table being read; NULL: none */
	AcJson *head;
	AcJson *rows;
	AcJson *row;
	bool row_is_head; /* all cells of the row are <th> */

	/* the anchor being read */
	AcJson *anchor; /* ours until it ends */
	AcBuf label;
	bool label_space;

	/* what is not read: an element and how deep it nests in itself */
	char hidden[AC_HTML_MAX_NAME + 1];
	int hidden_depth;

	AcJson *form;	/* of the document, NULL if none is open */
	AcJson *script; /* waits for its text */
	bool in_title;
} AcHtmlReader;

/* A node of the buffer's text, which is then empty; NULL if it is empty. */
extern AcJson *ac_htmlblock_take_text(AcHtmlReader *reader, AcBuf *buf);

/* Appends to a list of the document, which is made when it is needed. */
extern void ac_htmlblock_list(AcHtmlReader *reader, const char *name,
							  AcJson *object);

/* Ends the text, heading or code being read and puts it into the document. */
extern void ac_htmlblock_end(AcHtmlReader *reader);

/* Tables: each ends what it must, and makes the table or row it stands in. */
extern void ac_htmlblock_start_table(AcHtmlReader *reader);
extern void ac_htmlblock_end_table(AcHtmlReader *reader);
extern void ac_htmlblock_start_row(AcHtmlReader *reader);
extern void ac_htmlblock_end_row(AcHtmlReader *reader);
extern void ac_htmlblock_start_cell(AcHtmlReader *reader, bool is_head);
extern void ac_htmlblock_end_cell(AcHtmlReader *reader);

/* Code, and the language that a tag gives to the code within. */
extern void ac_htmlblock_start_code(AcHtmlReader *reader);
extern void ac_htmlblock_note_language(AcHtmlReader *reader, bool is_code);

/* <br>, and the end of a block within code; false as core/htmltext has it. */
extern bool ac_htmlblock_new_line(AcHtmlReader *reader);
extern bool ac_htmlblock_end_code_line(AcHtmlReader *reader);

#endif /* AC_CORE_HTML_INTERNAL_H */

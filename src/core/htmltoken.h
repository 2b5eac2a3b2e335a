/*
 * htmltoken.h
 *		Which tags and texts make up an HTML page?
 *
 * The tokenizer of the HTML standard (13.2.5) as far as documentation needs
 * it: tags with their attributes, texts, and the raw texts of scripts, styles
 * and titles; comments, declarations and processing instructions are dropped.
 * Everything is a token, nothing is an error, and the work is linear.
 *
 * Not libxml2's parser: up to 2.13 it compares each attribute of a tag with
 * all others, so that 340 kB take it 6 s, its tokens changed with 2.14, and
 * its state is global to a backend that uses it for xml.
 */
#ifndef AC_CORE_HTMLTOKEN_H
#define AC_CORE_HTMLTOKEN_H

#include "ac.h"

/* Attributes kept of one tag; more than twenty are not met in practice. */
#define AC_HTML_MAX_ATTRIBUTES 48

/* Bytes kept of a tag's name; the longest of the standard has ten. */
#define AC_HTML_MAX_NAME 40

typedef enum AcHtmlTokenKind
{
	AC_HTML_TEXT,  /* with character references */
	AC_HTML_RAW,   /* what a script or style holds: no references */
	AC_HTML_START, /* <name ...> */
	AC_HTML_END	   /* </name> */
} AcHtmlTokenKind;

typedef struct AcHtmlAttribute
{
	AcSlice name;  /* as written, of any case */
	AcSlice value; /* as written, empty if none */
} AcHtmlAttribute;

typedef struct AcHtmlToken
{
	AcHtmlTokenKind kind;
	AcSlice text;					 /* TEXT and RAW */
	char name[AC_HTML_MAX_NAME + 1]; /* START and END: lower case, cut */
	AcHtmlAttribute attributes[AC_HTML_MAX_ATTRIBUTES];
	int n_attributes;
} AcHtmlToken;

/* Set text, len, and the rest to 0. */
typedef struct AcHtmlTokens
{
	const char *text;
	size_t len;
	size_t pos;						/* of what is read next */
	char raw[AC_HTML_MAX_NAME + 1]; /* element whose raw text follows */
} AcHtmlTokens;

/* The next token; false at the end. */
extern bool ac_htmltoken_next(AcHtmlTokens *tokens, AcHtmlToken *token);

/* Value of the attribute of that name (lower case); its text is NULL if none. */
extern AcSlice ac_htmltoken_attribute(const AcHtmlToken *token, const char *name);

/*
 * The code point of the character reference at the '&' that text begins with,
 * and its length in *used; 0 if there is none.
 */
extern uint32 ac_htmltoken_reference(const char *text, size_t len, size_t *used);

/* The code point that a byte of windows-1252 means. */
extern uint32 ac_htmltoken_windows(unsigned char byte);

#endif /* AC_CORE_HTMLTOKEN_H */

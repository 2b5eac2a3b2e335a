/*
 * error.c
 *		How does pure code say what went wrong?
 *
 * See error.h.  Formats into fixed buffers with the libc's vsnprintf as
 * PostgreSQL ports it; nothing here allocates.
 */
#include "ac.h"

#include "core/error.h"

/*
 * Formats into buf; a text that does not fit is cut before an incomplete
 * UTF-8 sequence and marked with "...".
 */
static void format_bounded(char *buf, size_t size, const char *fmt,
						   va_list args) pg_attribute_printf(3, 0);

static void
format_bounded(char *buf, size_t size, const char *fmt, va_list args)
{
	int needed = vsnprintf(buf, size, fmt, args);
	size_t cut;

	if (needed < 0)
		buf[0] = '\0';
	if (needed < (int) size)
		return;

	/* A sequence has at most three continuation bytes; more are rubbish. */
	cut = size - 4;
	while (cut > size - 7 && (buf[cut] & 0xC0) == 0x80)
		cut--;
	strcpy(buf + cut, "...");
}

void
ac_error_clear(AcError *err)
{
	err->code = AC_ERR_NONE;
	err->message[0] = err->detail[0] = err->hint[0] = '\0';
}

bool
ac_error_set(AcError *err, AcErrorCode code, const char *fmt, ...)
{
	va_list args;

	Assert(code != AC_ERR_NONE);
	if (err == NULL)
		return false;
	ac_error_clear(err);
	err->code = code;
	va_start(args, fmt);
	format_bounded(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	return false;
}

bool
ac_error_detail(AcError *err, const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return false;
	Assert(err->code != AC_ERR_NONE);
	va_start(args, fmt);
	format_bounded(err->detail, sizeof(err->detail), fmt, args);
	va_end(args);
	return false;
}

bool
ac_error_hint(AcError *err, const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return false;
	Assert(err->code != AC_ERR_NONE);
	va_start(args, fmt);
	format_bounded(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
	return false;
}

const char *
ac_error_code_name(AcErrorCode code)
{
	static const char *const names[] = {
		[AC_ERR_NONE] = "none",
		[AC_ERR_OPTION_NAME] = "option_name",
		[AC_ERR_OPTION_VALUE] = "option_value",
		[AC_ERR_FORBIDDEN] = "forbidden",
		[AC_ERR_UNREACHABLE] = "unreachable",
		[AC_ERR_CONNECTION] = "connection",
		[AC_ERR_TIMEOUT] = "timeout",
		[AC_ERR_AUTH] = "auth",
		[AC_ERR_NOT_FOUND] = "not_found",
		[AC_ERR_THROTTLED] = "throttled",
		[AC_ERR_BREAKER] = "breaker",
		[AC_ERR_READ_ONLY] = "read_only",
		[AC_ERR_NOT_READY] = "not_ready",
		[AC_ERR_CANNOT_EXPRESS] = "cannot_express",
		[AC_ERR_INCOMPLETE] = "incomplete",
		[AC_ERR_HTTP] = "http",
		[AC_ERR_MALFORMED] = "malformed",
		[AC_ERR_VALUE] = "value",
		[AC_ERR_TOO_LARGE] = "too_large",
		[AC_ERR_NO_MEMORY] = "no_memory",
		[AC_ERR_INTERRUPTED] = "interrupted",
		[AC_ERR_INTERNAL] = "internal",
	};

	Assert((int) code >= 0 && (int) code < (int) lengthof(names));
	return names[code];
}

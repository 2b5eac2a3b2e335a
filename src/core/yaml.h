/*
 * yaml.h
 *		What does a YAML document say?
 *
 * YAML 1.2 core schema (chapter 10.3) as descriptions use it, turned into the
 * tree of core/json by way of libyaml's events.  Quoted scalars are strings;
 * plain ones are null, true, false, numbers, else strings (dates, "yes",
 * "on", "1_000" and sexagesimals are strings).  Keys are strings ("200: ...").
 * Merge keys ("<<") are followed.  The first document of a stream counts.
 *
 * Numbers keep their digits; hexadecimal and octal ones of more than 64 bits
 * are strings, as are infinities and NaN, which JSON has not.  An alias shares
 * the node it means, so the tree may be a graph (without circles): whoever
 * changes a node changes it wherever it stands.  Read it, do not write it.
 */
#ifndef AC_CORE_YAML_H
#define AC_CORE_YAML_H

#include "ac.h"

#include "core/error.h"
#include "core/json.h"

/*
 * As ac_json_parse_long(); errors tell line and column.  What aliases expand
 * to when walked is capped, so that a bomb is AC_ERR_TOO_LARGE, as is one of
 * empty nodes.  An alias to a node that it stands in and a key that is no
 * scalar are AC_ERR_MALFORMED.  A text without any document is null.
 */
extern bool ac_yaml_parse(const AcJsonText *input, AcJson **doc, AcError *err);

#endif /* AC_CORE_YAML_H */

/*
 * pushdown.c
 *		May this qual be sent to the API, and if not, why not?
 *
 * See pushdown.h.  A list of refusals in the order in which they help a
 * reader of EXPLAIN most, then the way the value travels.  Recognising a
 * qual, and writing its value, is fdw/qual's business.
 */
#include "ac.h"

#include "policy/pushdown.h"

/*
 * Why values of the column's type never travel, NULL if they may.  Where
 * there is no field to compare with, as for most path variables, the API's
 * reading of the value is the only one, and only its text has to be clear.
 */
static const char *
type_refusal(const AcQualFacts *facts)
{
	bool only_one = facts->is_param_only || facts->is_path_var;

	switch (facts->type_class)
	{
		case AC_TYPE_INTEGER:
		case AC_TYPE_BOOLEAN:
		case AC_TYPE_UUID:
		case AC_TYPE_TEXT:
			return NULL;
		case AC_TYPE_NUMERIC:
			return only_one ? NULL
							: "equal numbers of this type have several spellings";
		case AC_TYPE_FLOAT:
			return only_one ? NULL
							: "equality of floating-point numbers is not exact";
		case AC_TYPE_TEMPORAL:
			return only_one ? NULL
							: "equality of dates and times depends on precision and time zone";
		case AC_TYPE_OTHER:
			break;
	}
	return "the API may compare values of this type differently";
}

/* Why the qual stays here whatever the parameter, NULL if it may be sent. */
static const char *
refusal(const AcQualFacts *facts)
{
	if (!facts->is_equality && !facts->is_bound)
		return "only equality of a column with a value is sent";
	if (facts->is_bound && facts->is_param_only)
		return "rows do not show whether they are within the bound";
	if (!facts->has_param && facts->is_bound)
		return "no parameter takes such a bound of this column";
	if (!facts->has_param && !facts->is_item_key)
		return "no parameter or proved item path serves this column";
	if (!facts->core_operator)
		return "the operator is not a built-in one";
	if (!facts->deterministic)
		return "the collation is not deterministic";
	if (!facts->value_known)
		return "the value is not known before the request";
	if (!facts->leakproof_order)
		return "a security barrier has to be passed first";
	return facts->is_bound ? NULL : type_refusal(facts);
}

AcSendVia
ac_pushdown_decide(const AcQualFacts *facts, const char **reason)
{
	*reason = refusal(facts);
	if (*reason != NULL)
		return AC_SEND_NOT;

	*reason = "";
	if (facts->is_path_var && facts->is_equality)
		return AC_SEND_PATH;
	/* An item is asked for by its own path: no filter can be ignored. */
	if (facts->is_item_key && facts->is_equality)
		return AC_SEND_ITEM;
	if (facts->is_param_only)
		return AC_SEND_QUERY;
	if (!facts->safe_filter)
		*reason = "it is not proved that the answer has all matching rows";
	else if (facts->switched_off)
		*reason = "the API was seen to ignore the parameter";
	else
		return AC_SEND_QUERY;
	return AC_SEND_NOT;
}

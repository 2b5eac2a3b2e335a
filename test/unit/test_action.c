/*
 * test_action.c
 *		Would asking for this path do something?
 */
#include "ac.h"

#include "alloc.h"
#include "api/action.h"
#include "tap.h"

static const char *const actions[] = {
	"/logout", "/auth/logout", "/log-out", "/sign_out", "/SignOut", "/v1/LOGOUT",
	"/users/{id}/delete", "/deleteUser", "/deleteUsers", "/user.delete",
	"/chat.delete", "/delete-user", "/user_delete", "/clear_all_caches",
	"/tokens/revoke", "/orders/{order_id}/cancel", "/operations/{id}:cancel",
	"/mail/unsubscribe", "/unsubscribe/{token}", "/server/restart",
	"/delete/users/{id}", "/restart.json", "/auth.revoke", "/clear-all-keys",
	"/system/shut-down", "/power-off", "/cache/clear", "/clearCache",
	"/jobs/{id}/stop", "/jobs/{id}/start", "/sendMessage", "/orders/create",
	"/conversations.close", "/keys/{id}/rotate", "delete", "/x/%7Bid%7D/remove",
	"/{a}{b/delete", "/{a/delete/b}", "/log%6fut", "/users/%64%65lete"};

static const char *const reads[] = {
	"", "/", "/users", "/users/{id}", "/cancellations", "/orders/cancelled",
	"/deleted", "/deletions", "/removals", "/restarts", "/subscriptions",
	"/start_times", "/startups", "/updates", "/archives", "/checkout/sessions",
	"/sends", "/publishers", "/logs", "/login_events", "/outlets", "/lockers",
	"/resettlements", "/droplets", "/killers", "/banks", "/reports/daily.csv",
	"/payments", "/averyveryverylongwordthatendsinlogout", "/sign/inout",
	"/deploy_keys", "/delete-requests/{id}", "/projects/{id}/deploy-tokens",
	"/cancel_reasons.json", "/reset_alliances", "/audit/{purge_id}/log",
	"/users/{delete}", "/100%", "/%zz", "/a%2"};

static const char *const acting_queries[] = {
	"action=delete", "do=start", "op=stop", "logout", "cmd=reboot",
	"a=1&action=delete&b=2", "do=%73tart"};

static const char *const reading_queries[] = {
	"", "start=0&limit=10", "close=1", "startDate=2024-01-01", "deleted=true",
	"fields=start,stop"};

int
main(void)
{
	for (int i = 0; i < (int) lengthof(actions); i++)
		ok(ac_action_smells(actions[i], NULL), "\"%s\" does something", actions[i]);
	for (int i = 0; i < (int) lengthof(reads); i++)
		ok(!ac_action_smells(reads[i], NULL), "\"%s\" only reads", reads[i]);
	for (int i = 0; i < (int) lengthof(acting_queries); i++)
		ok(ac_action_smells("/index.php", acting_queries[i]),
		   "\"?%s\" does something", acting_queries[i]);
	for (int i = 0; i < (int) lengthof(reading_queries); i++)
		ok(!ac_action_smells("/things", reading_queries[i]),
		   "\"?%s\" only reads", reading_queries[i]);
	ac_alloc_reset();
	return done_testing();
}

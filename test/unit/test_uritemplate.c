/*
 * test_uritemplate.c
 *		Are URI templates (RFC 6570) taken apart as link indexes mean them?
 */
#include "ac.h"

#include "api/uritemplate.h"
#include "tap.h"

/* "path [item] ?query name,name!" */
static char *
show(const char *text)
{
	AcUriTemplate template;
	StringInfoData out;
	int i;

	if (!ac_uritemplate_read(text, &template))
		return NULL;
	initStringInfo(&out);
	appendStringInfoString(&out, template.path);
	if (template.item != NULL)
		appendStringInfo(&out, " [%s]", template.item);
	if (template.query[0] != '\0')
		appendStringInfo(&out, " ?%s", template.query);
	for (i = 0; i < template.n_params; i++)
		appendStringInfo(&out, " %s%s", template.params[i].name,
						 template.params[i].required ? "!" : "");
	return out.data;
}

static const char *const cases[][2] = {
	{"/users", "/users"},
	{"https://h:8080/a/b", "https://h:8080/a/b"},
	{"/repos/{owner}/{repo}", "/repos/{owner}/{repo}"},
	{"/repos/{owner}{?q,page}", "/repos/{owner} q page"},
	{"/gists{/gist_id}", "/gists [/gists/{gist_id}]"},
	{"/a{/b,c}", "/a [/a/{b}/{c}]"},
	{"/a{/b}/c", "/a/{b}/c"},
	{"/commits{/sha}{?since*}", "/commits [/commits/{sha}] since"},
	{"/s?q={query}{&page,per_page}", "/s q! page per_page"},
	{"/s?type=all&q={query}", "/s ?type=all q!"},
	{"/s?{query}", "/s query!"},
	{"/x{+path}", "/x{path}"},
	{"/x{#frag}", "/x"},
	{"/x{;m}{.ext}", "/x"},
	{"/x{name:3}", "/x{name}"},
	{"/users/:id/orders", "/users/{id}/orders"},
	{"/a#b", "/a"},
	{"/{a", NULL},
	{"/a}", NULL},
	{"/{}", NULL},
	{"/{a b}", NULL},
	{"/{a,}", NULL},
	{"", ""},
};

int
main(void)
{
	StringInfoData many;
	int i;

	for (i = 0; i < (int) lengthof(cases); i++)
		is_str(show(cases[i][0]), cases[i][1], "%s", cases[i][0]);
	initStringInfo(&many);
	for (i = 0; i < 200; i++)
		appendStringInfo(&many, "/{a%d}", i);
	is_str(show(many.data), NULL, "too many variables");
	return done_testing();
}

# AutoconnStyles: the ways of paging of the sample API (test/api), as tables
# are told of them, and what they have in common.
#
# way: what leads to the next page (url, token, key: its last row, number, rows:
# their count); end: what tells of the end (said: the absence of a way on, more,
# total, pages, nothing); bare: the body is an array; post; ahead: pages asked
# for at once; with, more: the scenario that makes it so.  style is the sample API's name.  Pages have 4 rows.
package AutoconnStyles;

use strict;
use warnings;

use Exporter 'import';

our @EXPORT = qw(%styles);
our %styles;

my $page = "pagination 'page', page_param 'page', page_size_param 'per_page', page_size '4'";
my $offset = "pagination 'offset', page_param 'offset', page_size_param 'limit', page_size '4', rows_path '/items'";
my $keyset = "pagination 'keyset', cursor_path '/id', page_size_param 'limit', page_size '4'";
my $query = q(method 'POST', body '{"query": "{ things { id } }", "variables": {}}');
%styles = (
	link => { way => 'url', end => 'said', bare => 1, options => "pagination 'link', page_size_param 'per_page', page_size '4'" },
	next_url => { way => 'url', end => 'said', options => "pagination 'next_url', cursor_path '/next', page_size_param 'page_size', page_size '4', rows_path '/results'" },
	odata => { way => 'url', end => 'said', options => q(pagination 'next_url', cursor_path '/@odata.nextLink', page_size_param '$top', page_size '4', rows_path '/value') },
	cursor => { way => 'token', end => 'said', says => 'more', options => "pagination 'cursor', cursor_path '/next_cursor', cursor_param 'cursor', more_path '/has_more', page_size_param 'limit', page_size '4', rows_path '/things'" },
	cursor_header => { way => 'token', end => 'said', bare => 1, options => "pagination 'cursor', cursor_path 'X-Next-Cursor:', cursor_param 'X-Cursor:', page_size_param 'limit', page_size '4'" },
	continue => { way => 'token', end => 'said', options => "pagination 'continue', cursor_path '/continue', page_size_param 'limit', page_size '4', rows_path '/things'" },
	posted => { way => 'token', end => 'said', post => 1, options => q(method 'POST', body '{"page": {}}', pagination 'cursor', cursor_path '/after', cursor_param '/page/after', page_size_param '/page/size', page_size '4', rows_path '/hits') },
	graphql => { way => 'token', end => 'said', says => 'more', post => 1, options => "$query, pagination 'cursor', cursor_path '/data/things/pageInfo/endCursor', cursor_param '/variables/after', more_path '/data/things/pageInfo/hasNextPage', page_size_param '/variables/first', page_size '4', rows_path '/data/things/nodes'" },
	graphql_offset => { way => 'rows', end => 'nothing', post => 1, options => "$query, pagination 'offset', page_param '/variables/offset', page_size_param '/variables/limit', page_size '4', rows_path '/data/things'" },
	keyset => { way => 'key', end => 'more', options => "$keyset, cursor_param 'starting_after', rows_path '/data', more_path '/has_more'" },
	keyset_bare => { way => 'key', end => 'nothing', bare => 1, options => "$keyset, cursor_param 'starting_after'" },
	page => { way => 'number', end => 'nothing', options => "$page, rows_path '/data'" },
	page_total => { style => 'page', way => 'number', end => 'total', options => "$page, rows_path '/data', total_path '/meta/total', total 'exact'" },
	page_header => { way => 'number', end => 'pages', bare => 1, options => $page },
	offset => { way => 'rows', end => 'nothing', options => $offset },
	offset_total => { style => 'offset', way => 'rows', end => 'total', options => "$offset, total_path '/total', total 'exact'" },
	range => { way => 'rows', end => 'nothing', bare => 1, options => "pagination 'range', page_param 'things', page_size '4'" },
	# what lies deeper than the API shows, in windows over a key
	windows => { style => 'offset', with => 'deep', more => ';depth=8', way => 'rows', end => 'nothing', options => "$offset, depth_limit '8', window_path '/id', window_from 'min_id', window_to 'max_id'" },
	none => { way => 'none', end => 'said', bare => 1, options => "pagination 'none'" },);
foreach my $name (qw(page page_total offset offset_total))
{
	$styles{"${name}_8"} = { style => $name =~ s/_total//r, %{ $styles{$name} }, ahead => 8 };
}
$styles{$_}{style} //= $_ foreach keys %styles;

1;

# doc/options.md says what the option table in the code says.
use strict;
use warnings;

use AutoconnTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = start_node('main');
my $documented = slurp_file('doc/options.md');
my $heading = '';
my %rows;

for (split /\n/, $documented)
{
	$heading = lc $1 if /^## (.*)/;
	$rows{"$heading $1"} = $_ if /^\| `(\w+)` \|/;
}

my $options = $node->safe_psql('postgres', q{
	SELECT context || ' ' || name,
		format('| `%s` | %s | %s | %s |', name, replace(type, '|', ', '),
			CASE WHEN "default" = '' THEN 'empty'
				 WHEN "default" IS NULL THEN ''
				 ELSE '`' || "default" || '`' END, description)
	FROM autoconn.options});
my $n = 0;

for (split /\n/, $options)
{
	my ($key, $row) = split /\|/, $_, 2;
	is($rows{$key}, $row, "$key is documented as it is");
	delete $rows{$key};
	$n++;
}
cmp_ok($n, '>', 40, 'there are options');
is(join(', ', sort keys %rows), '', 'nothing is documented that is not there');

done_testing();

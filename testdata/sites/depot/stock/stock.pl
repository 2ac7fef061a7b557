use FindBin;
use lib "$FindBin::Bin/lib";
require "$FindBin::Bin/lib/shelves.pl";
do "$FindBin::Bin/config/shelves.conf.pl";

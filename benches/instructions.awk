# Compares two files of `NAME COUNT`, the baseline first. Ends with 1 if they differ by more than
# `tolerance` percent.

FNR == 1 { file++ }
/^# rustc/ { compiler[file] = $2 " " $3 }
/^#/ { next }
file == 1 { baseline[$1] = $2; next }
!($1 in baseline) { missing = missing " " $1; next }
{
    change = ($2 / baseline[$1] - 1) * 100
    verdict = change > tolerance ? "MORE" : change < -tolerance ? "FEWER" : "ok"
    found[verdict]++
    compared++
    seen[$1]
    printf "%-24s %12d instructions, baseline %12d, %+7.2f %%  %s\n", $1, $2, baseline[$1], change, verdict
}

END {
    for (name in baseline) if (!(name in seen)) gone = gone " " name
    if (missing) print "not in the baseline:" missing
    if (gone) print "in the baseline alone:" gone
    if (missing || gone) print "-> renew it: benches/instructions --write"
    if (found["MORE"]) {
        print "MORE instructions than the baseline's, by over " tolerance " %: find out what costs them. If they are"
        print "worth it: benches/instructions --write, and say why in the commit."
    }
    if (found["FEWER"]) {
        print "FEWER instructions than the baseline's, by over " tolerance " %: keep the gain, so that its loss is"
        print "seen: benches/instructions --write"
    }
    if (compiler[1] != compiler[2]) print "The baseline is of " compiler[1] ", this is " compiler[2] "."
    print compared + 0 " operations compared, " found["ok"] + 0 " within " tolerance " %"
    exit found["ok"] == 0 || found["MORE"] || found["FEWER"] || missing || gone
}

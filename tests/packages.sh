# Sourced by scripts that need programs of Debian's packages. `say` and `fail` tell where from: set $script.
# What a machine has stays as it is: packages that apt-get would install only by removing, upgrading or
# downgrading others are taken apart in a folder of their own instead.
# shellcheck shell=bash

say() { echo "$script: $*" >&2; }
fail() {
    say "$*"
    exit 1
}

# Packages taken apart: `root` as they would stand in /, `bin` with what starts their programs. Behind
# what the machine has, so that nothing of its own is hidden.
apart=$(realpath -m "${CARGO_TARGET_DIR:-$(dirname "${BASH_SOURCE[0]}")/../target}")/packages
PATH=$PATH:$apart/bin

# need_package PACKAGE...: installs packages, or takes them apart.
need_package() {
    local one
    local -a refused=()
    command -v apt-get >/dev/null || fail "missing here, and there is no apt-get to install it with: $*"
    say "installing $*"
    # What the sources in reach have may do.
    apt-get update -qq >&2 || say "apt-get has not updated all its lists of packages"
    if ! add_packages "$@"; then
        for one in "$@"; do
            add_packages "$one" && continue
            say "apt-get does not install $one beside what is here: $said"
            refused+=("$one")
        done
        [ "${#refused[@]}" = 0 ] || take_apart "${refused[@]}"
    fi
    hash -r
}

# add_packages PACKAGE...: with the packages that they recommend, or else without. If that fails or would
# change what is here, apt-get's words are in $said.
add_packages() {
    local recommended
    for recommended in --install-recommends --no-install-recommends; do
        if ! said=$(LC_ALL=C apt-get install -s "$recommended" "$@" 2>&1); then
            said=$(grep -vE '^(Reading|Building|Done)' <<<"$said") || true
            continue
        fi
        # `Inst` with a version in brackets replaces that version.
        said=$(grep -E '^(Remv |Inst [^ ]+ \[)' <<<"$said") && continue
        said=$(LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-remove \
            -o DPkg::Lock::Timeout=300 "$recommended" "$@" 2>&1) && return
    done
    return 1
}

# take_apart PACKAGE...: unpacks them, and what they depend on and is not here, in $apart.
take_apart() {
    local archives=$apart/archives one
    # As on a machine that has nothing: neither what is here nor what is pinned for it counts.
    local -a options=(-qq -o "Dir::Cache=$apart/cache" -o Dir::State::status=/dev/null
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null -o APT::Sandbox::User=root)
    local -a plan
    mkdir -p "$apart/cache/archives/partial" "$apart/bin" "$apart/root" "$archives"
    say "taking apart in $apart: $*"
    said=$(LC_ALL=C apt-get install -s --no-install-recommends "${options[@]}" "$@" 2>&1) ||
        fail "apt-get does not find what is needed for $*: $said"
    mapfile -t plan < <(awk '$1 == "Inst" { print $2 "=" substr($3, 2) }' <<<"$said" | not_here "$@")
    (cd "$archives" && apt-get download "${options[@]}" "${plan[@]}" >&2) || fail "cannot download: ${plan[*]}"
    for one in "$archives"/*.deb; do dpkg-deb -x "$one" "$apart/root"; done
    for one in "$archives"/*.deb; do link_alternatives "$one"; done
    rm -rf "$archives" "$apart/cache"
    move_scripts
    link_programs
}

# not_here PACKAGE...: of the lines NAME=VERSION, those to unpack: what is not here in that version or a later
# one, and all packages that come from the same source as one of PACKAGE, which fit each other only in one version.
not_here() {
    local line name here sources
    local -a lines
    mapfile -t lines
    # NAME=VERSION SOURCE
    sources=$(LC_ALL=C apt-cache "${options[@]}" show --no-all-versions "${lines[@]}" | awk -F': ' '
        function put() { if (name) print name "=" version, source ? source : name; name = source = "" }
        $1 == "Package" { put(); name = $2 }
        $1 == "Version" { version = $2 }
        $1 == "Source" { split($2, words, " "); source = words[1] }
        END { put() }')
    for line in "${lines[@]}"; do
        name=${line%%=*}
        # The C library is the one that the machine's loader belongs to.
        [ "$name" != libc6 ] || continue
        here=$(installed_version "$name")
        if [ -z "$here" ] || dpkg --compare-versions "$here" lt "${line#*=}" ||
            of_same_source "$line" "$@" <<<"$sources"; then
            echo "$line"
        fi
    done
}

# installed_version PACKAGE: prints nothing if it is not here.
installed_version() {
    { dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null || true; } |
        sed -n '0,/^installed /s/^installed //p'
}

# of_same_source NAME=VERSION PACKAGE...: by the lines NAME=VERSION SOURCE.
of_same_source() {
    awk -v line="$1" -v asked=" ${*:2} " '
        { split($1, part, "="); if (index(asked, " " part[1] " ")) wanted[$2] = 1; if ($1 == line) source = $2 }
        END { exit !(source in wanted) }'
}

# link_alternatives ARCHIVE: what its script would link on installing: `--install LINK NAME FILE`.
link_alternatives() {
    local link file
    { dpkg-deb --ctrl-tarfile "$1" | tar -xO ./postinst 2>/dev/null || true; } | tr '\\\n\t' '   ' |
        { grep -oE -- '--(install|slave) +/[^ ]+ +[^ ]+ +/[^ ]+' || true; } |
        while read -r _ link _ file; do
            if [ -e "$apart/root$file" ] && ! [ -e "$apart/root$link" ]; then
                mkdir -p "$apart/root${link%/*}"
                ln -sfr "$apart/root$file" "$apart/root$link"
            fi
        done
}

# move_scripts: programs that are scripts name files of $apart/root by where these stand there.
move_scripts() {
    local one file before='(^|[^A-Za-z0-9_/.])'
    for one in "$apart"/root/{usr/,}{bin,sbin}/*; do
        if ! { [ -f "$one" ] && head -c 2 "$one" | grep -qaF '#!'; }; then continue; fi
        while read -r file; do
            [ ! -e "$apart/root$file" ] ||
                sed -Ei --follow-symlinks "2,\$s#$before$file\\b#\\1$apart/root$file#g" "$one"
        done < <({ sed 1d "$one" | grep -oE "$before/usr/(bin|lib|share)/[A-Za-z0-9._/+-]+" || true; } |
            sed 's|^[^/]*||' | sort -u)
    done
}

# link_programs: a link in $apart/bin for each program of $apart/root.
link_programs() {
    local one
    # Mono looks for its settings beside what it takes for its prefix.
    [ -e "$apart/root/usr/etc" ] || ln -s ../etc "$apart/root/usr/etc"
    # Every folder with shared libraries: some packages keep theirs in one below.
    (cd "$apart/root" && find . -name 'lib*.so*' -printf '%h\n' | sort -u) >"$apart/libraries"
    cat >"$apart/start" <<'END'
#!/bin/sh
# Starts the program of this name from packages taken apart, with their libraries.
apart=$(cd "${0%/*}/.." && pwd) name=${0##*/}
while read -r folder; do
    LD_LIBRARY_PATH=$apart/root/$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done <"$apart/libraries"
export LD_LIBRARY_PATH
for folder in usr/bin bin usr/sbin sbin; do
    [ ! -x "$apart/root/$folder/$name" ] || exec "$apart/root/$folder/$name" "$@"
done
echo "$name is in none of the packages in $apart" >&2
exit 127
END
    chmod +x "$apart/start"
    for one in "$apart"/root/{usr/,}{bin,sbin}/*; do
        [ ! -x "$one" ] || ln -sf ../start "$apart/bin/${one##*/}"
    done
}

# is_here PROGRAM: a program in $PATH or, with a slash, a file.
is_here() { [[ $1 = /* && -e $1 ]] || command -v "$1" >/dev/null; }

# need_all PROGRAM:PACKAGE...: installs, in one go, the packages of the programs that are missing; a
# program with a slash is a file.
need_all() {
    local one
    local -a missing=()
    for one in "$@"; do
        is_here "${one%:*}" || missing+=("${one#*:}")
    done
    [ "${#missing[@]}" != 0 ] || return 0
    need_package "${missing[@]}"
    for one in "$@"; do
        is_here "${one%:*}" || fail "still missing with ${one#*:}: ${one%:*}"
    done
}

# need PROGRAM PACKAGE
need() { need_all "$1:$2"; }

# need_that PACKAGE COMMAND...: for what is no program: installs it unless COMMAND succeeds.
need_that() {
    "${@:2}" >/dev/null 2>&1 || need_package "$1"
    "${@:2}" >/dev/null 2>&1 || fail "still missing with $1: ${*:2}"
}

# has_file COMMAND...: whether the file that it prints is there.
has_file() { [ -e "$("$@")" ]; }

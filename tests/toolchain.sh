# Sourced by scripts that build for microcontrollers. `say` and `fail` tell where from: set $script.
# shellcheck shell=bash

say() { echo "$script: $*" >&2; }
fail() {
    say "$*"
    exit 1
}

# need_package PACKAGE...: installs packages with apt-get.
need_package() {
    command -v apt-get >/dev/null || fail "missing here, and there is no apt-get to install it with: $*"
    say "installing $*"
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null || fail "cannot install: $*"
}

# need_all PROGRAM:PACKAGE...: installs, in one go, the packages of the programs that are missing; a
# program with a slash is a file.
need_all() {
    local one
    local -a missing=()
    for one in "$@"; do
        [[ $one = /* && -e ${one%:*} ]] || command -v "${one%:*}" >/dev/null || missing+=("${one#*:}")
    done
    [ "${#missing[@]}" = 0 ] || need_package "${missing[@]}"
}

# need PROGRAM PACKAGE
need() { need_all "$1:$2"; }

# choose_toolchain TARGET...: defines `microcontroller_cargo COMMAND [OPTIONS]` by the targets that
# rustup has installed, or else by Debian's compiler, which builds `core` from its sources. $compiler
# is that compiler's name and version.
choose_toolchain() {
    local sysroot target missing=""
    local -a packages=(rustc-web cargo-web rust-web-src)
    sysroot=$(rustc --print sysroot 2>/dev/null) || missing=rustc
    for target in "$@"; do
        [ -d "$sysroot/lib/rustlib/$target/lib" ] || missing+=" $target"
    done
    if [ -z "$missing" ]; then
        compiler=$(rustc --version | cut -d' ' -f1,2)
        say "with the targets that $compiler has installed"
        microcontroller_cargo() { cargo "$@"; }
        return
    fi
    if ! dpkg-query -W -f '${Status}\n' "${packages[@]}" 2>/dev/null |
        grep -c 'install ok installed' | grep -qx "${#packages[@]}"; then
        command -v apt-get >/dev/null || fail "run: rustup target add $*"
        apt-get update -qq >&2
        apt-get install -y -qq "${packages[@]}" >/dev/null ||
            fail "cannot install ${packages[*]}; or run: rustup target add $*"
    fi
    # shellcheck disable=SC2034 # for who sources this
    compiler=$(/usr/bin/rustc --version | cut -d' ' -f1,2)
    say "with $compiler of Debian, building \`core\` from its sources"
    microcontroller_cargo() {
        local command=$1
        shift
        local -a std=()
        case $command in build | rustc | clippy) std=(-Zbuild-std=core) ;; esac
        # Clippy must be the one of the same compiler, which cargo looks for in $PATH.
        [ "$command" != clippy ] || need /usr/bin/cargo-clippy rust-web-clippy
        PATH=/usr/bin:$PATH RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc \
            /usr/bin/cargo "$command" "${std[@]}" "$@"
    }
}

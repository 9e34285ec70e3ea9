# Sourced by scripts that build for microcontrollers and for Windows. `say` and `fail` tell where from: set $script.
# shellcheck shell=bash

# shellcheck source=packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

# choose_toolchain TARGET...: defines `microcontroller_cargo COMMAND [OPTIONS]` by the targets that
# rustup has installed, or else by Debian's compiler, which builds `core` from its sources. $compiler
# is that compiler's name and version. $built_parts, where it is set, are what that builds instead, such as `std`.
choose_toolchain() {
    local sysroot target missing=""
    local one
    debian=/usr/bin
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
    command -v apt-get >/dev/null || fail "run: rustup target add $*"
    for one in "${packages[@]}"; do
        [ -n "$(installed_version "$one")" ] || debian=$apart/bin
    done
    if [ "$debian" != /usr/bin ] && ! [ -x "$debian/rustc" ]; then
        need_package "${packages[@]}"
        [ -x "$debian/rustc" ] || debian=/usr/bin
    fi
    # shellcheck disable=SC2034 # for who sources this
    compiler=$("$debian/rustc" --version | cut -d' ' -f1,2)
    say "with $compiler of Debian, building \`${built_parts:-core}\` from its sources"
    microcontroller_cargo() {
        local command=$1
        shift
        local -a std=()
        case $command in build | rustc | clippy) std=("-Zbuild-std=${built_parts:-core}") ;; esac
        # Clippy must be the one of the same compiler, which cargo looks for in $PATH.
        [ "$command" != clippy ] || need "$debian/cargo-clippy" rust-web-clippy
        PATH=$debian:$PATH RUSTC_BOOTSTRAP=1 RUSTC=$debian/rustc RUSTDOC=$debian/rustdoc \
            "$debian/cargo" "$command" "${std[@]}" "$@"
    }
}

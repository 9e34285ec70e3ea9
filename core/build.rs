//! Tells the code which of Arm's microcontrollers it is built for: one with the instruction UMAAL
//! (the DSP extension), or one with the small instruction set, whose product of two words is one
//! word. Stable Rust does not tell: its cfg for the extension is unstable.
//!
//! For x86-64 it writes assembly.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "it runs on the builder's machine, where a panic is an error of the build"
)]

use std::env;
use std::path::Path;

#[path = "build/ifma/mod.rs"]
mod ifma;

/// Processors of `thumbv8m.main` and `thumbv8.1m.main` that always have the extension, as
/// `-C target-cpu` names them.
const WITH_DSP: [&str; 2] = ["cortex-m55", "cortex-m85"];
/// Those that have it if their maker chose so; the compiler takes it for granted, too.
const USUALLY_WITH_DSP: [&str; 3] = ["cortex-m33", "cortex-m35p", "star-mc1"];

fn main() {
    println!("cargo::rustc-check-cfg=cfg(daxsign_thumb, daxsign_umaal)");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    if env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("x86_64") {
        let folder = env::var("OUT_DIR").expect("cargo gives a folder");
        ifma::write(Path::new(&folder)).expect("the folder can be written");
    }
    let target = env::var("TARGET").unwrap_or_default();
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    if env::var_os("CARGO_CFG_DAXSIGN_PORTABLE").is_some() {
        return;
    }
    if has_umaal(&target, &flags) {
        println!("cargo::rustc-cfg=daxsign_umaal");
    }
    if target.starts_with("thumbv6m-") || target.starts_with("thumbv8m.base-") {
        println!("cargo::rustc-cfg=daxsign_thumb");
    }
}

/// By the target, and the compiler's flags, which the unit separator separates.
fn has_umaal(target: &str, flags: &str) -> bool {
    if target.starts_with("thumbv7em-") {
        return true;
    }
    if !(target.starts_with("thumbv8m.main-") || target.starts_with("thumbv8.1m.main-")) {
        return false;
    }
    // `-C option`, `-Coption` and `--codegen=option` alike; the last one of an option counts.
    let (mut cpu, mut feature) = (false, None);
    for flag in flags.split('\x1f') {
        let flag = flag
            .trim_start_matches("-C")
            .trim_start_matches("--codegen=");
        if let Some(name) = flag.strip_prefix("target-cpu=") {
            cpu = WITH_DSP.contains(&name) || USUALLY_WITH_DSP.contains(&name);
        } else if let Some(list) = flag.strip_prefix("target-feature=") {
            for one in list.split(',') {
                match one {
                    "+dsp" => feature = Some(true),
                    "-dsp" => feature = Some(false),
                    _ => {}
                }
            }
        }
    }
    feature.unwrap_or(cpu)
}

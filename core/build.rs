//! Decides which machine kernels the build has, in one place, and tells the code by a cfg for each
//! (`src/machine/mod.rs` lists them). Of Arm's microcontrollers that could not be told otherwise on
//! stable Rust: its cfg for the DSP extension, which the instruction UMAAL belongs to, is unstable.
//!
//! For the kernel with AVX-512 IFMA it writes the assembly.

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

/// The cfgs of the kernels that a build may have.
const X86_64: &str = "daxsign_x86_64";
const IFMA: &str = "daxsign_ifma";
const THUMB: &str = "daxsign_thumb";
const UMAAL: &str = "daxsign_umaal";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rustc-check-cfg=cfg({X86_64}, {IFMA}, {THUMB}, {UMAAL})");
    let kernels = kernels();
    for kernel in &kernels {
        println!("cargo::rustc-cfg={kernel}");
    }
    if kernels.contains(&IFMA) {
        let folder = env::var("OUT_DIR").expect("cargo gives a folder");
        ifma::write(Path::new(&folder)).expect("the folder can be written");
    }
}

/// The kernels of this build beside the one for every machine.
fn kernels() -> Vec<&'static str> {
    if has_cfg("DAXSIGN_PORTABLE") {
        return vec![];
    }
    let value = |name| env::var(name).unwrap_or_default();
    // What works on limbs of 64 bits.
    if value("CARGO_CFG_TARGET_ARCH") == "x86_64"
        && value("CARGO_CFG_TARGET_POINTER_WIDTH") == "64"
        // Without SSE it is a kernel's build: the vector registers belong to programs.
        && value("CARGO_CFG_TARGET_FEATURE").split(',').any(|feature| feature == "sse2")
        && !has_cfg("DAXSIGN_LIMB_32")
    {
        // Valgrind does not know the instructions of AVX-512.
        let watched = has_cfg("DAXSIGN_CONSTANT_TIME");
        return if watched {
            vec![X86_64]
        } else {
            vec![X86_64, IFMA]
        };
    }
    let target = value("TARGET");
    if target.starts_with("thumbv6m-") || target.starts_with("thumbv8m.base-") {
        return vec![THUMB];
    }
    if has_umaal(&target, &value("CARGO_ENCODED_RUSTFLAGS")) {
        return vec![UMAAL];
    }
    vec![]
}

/// Whether the compiler was given a cfg, by RUSTFLAGS or by a wrapper around it.
fn has_cfg(name: &str) -> bool {
    env::var_os(format!("CARGO_CFG_{name}")).is_some()
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

//! Which kernels a processor is offered: with an instruction that it lacks, or whose registers its
//! operating system does not save, a program would end with the first signature.
//!
//! Programs are told what processor they run on; the oracle is the standard library's detection.

#![cfg(target_arch = "x86_64")]

use std::path::Path;
use std::process::Command;

use daxsign_tests::native::steps_program;

/// What a processor says of itself: the last leaf of CPUID, ECX of leaf 1, EBX of leaf 7, and XCR0.
type Processor = [u32; 4];
/// All there is, as far as kernels go.
const ALL: Processor = [7, !0, !0, 0xE7];
/// In ECX of leaf 1.
const XSAVE: u32 = 1 << 26;
const OSXSAVE: u32 = 1 << 27;
const AVX: u32 = 1 << 28;
/// In EBX of leaf 7.
const ADX: u32 = 1 << 19;
/// In XCR0.
const SAVES_AVX: u32 = 1 << 2;

const INTEL: &str = "GenuineIntel";
/// Who makes processors for x86-64, or says so in a virtual machine; and nobody, and almost Intel.
const VENDORS: [&str; 11] = [
    INTEL,
    "AuthenticAMD",
    "HygonGenuine",
    "CentaurHauls",
    "  Shanghai  ",
    "VIA VIA VIA ",
    "KVMKVMKVM...",
    "TCGTCGTCGTCG",
    "............",
    "GenuineIntep",
    "IntelGenuine",
];

/// Asks the core and the standard library; returns what both say of ADX and of IFMA.
fn agreed(program: &Path, vendor: &str, processor: Processor) -> [bool; 2] {
    let output = Command::new(program)
        .args(["processor", vendor])
        .args(processor.map(|number| format!("{number:x}")))
        .output()
        .expect("it starts");
    let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
    assert!(output.status.success(), "{vendor} {processor:x?}: {said}");
    let flags = |line: Option<&str>, what: &str| {
        let line = line.and_then(|line| line.strip_prefix(what));
        let [adx, ifma] = ["adx true", "ifma true"]
            .map(|flag| line.is_some_and(|line| line.split(", ").any(|part| part == flag)));
        [adx, ifma]
    };
    let mut lines = said.lines();
    let kernels = flags(lines.next(), "kernels: ");
    let [adx, ifma] = flags(lines.next(), "instructions: ");
    // With the kernel of AVX-512, keys that it does not take go to that of ADX.
    assert_eq!(
        kernels,
        [adx, ifma && adx],
        "{vendor} {processor:x?}: {said}"
    );
    kernels
}

/// `ALL` without each bit that it has, and some without more.
fn lacking() -> Vec<Processor> {
    let [last_leaf, basic, extended, saved] = ALL;
    let bits = || (0..32).map(|bit| 1_u32 << bit);
    let mut lacking = vec![
        [last_leaf - 1, basic, extended, saved],
        [last_leaf, basic & !OSXSAVE & !XSAVE, extended, saved],
        [last_leaf, basic, 0, saved],
        [last_leaf, basic, extended, 0],
        [last_leaf, 0, extended, 0],
        // A Pentium as its maker sells it, and with the number of its operating system's registers.
        [last_leaf, basic & !AVX, extended & 0xFFFF | ADX, 3],
        [last_leaf, basic & !AVX, extended & 0xFFFF | ADX, saved],
    ];
    lacking.extend(bits().map(|bit| [last_leaf, basic & !bit, extended, saved]));
    lacking.extend(bits().map(|bit| [last_leaf, basic, extended & !bit, saved]));
    lacking.extend(
        bits()
            .filter(|bit| saved & bit != 0)
            .map(|bit| [last_leaf, basic, extended, saved & !bit]),
    );
    lacking
}

#[test]
fn kernels_are_offered_where_their_instructions_are() {
    let program = steps_program("");
    let lacking = lacking();
    assert_eq!(lacking.len(), 7 + 32 + 32 + 6);
    for vendor in VENDORS {
        assert_eq!(agreed(&program, vendor, ALL), [true, true], "{vendor}");
        let (mut without_adx, mut without_ifma) = (0, 0);
        for processor in &lacking {
            let [adx, ifma] = agreed(&program, vendor, *processor);
            without_adx += usize::from(!adx);
            without_ifma += usize::from(!ifma);
        }
        // No leaf 7, nothing in it, no BMI2, no ADX; and from Intel nothing that AVX is not to be used
        // with: XSAVE, OSXSAVE, both, AVX, two of the registers saved, none of them, and four above.
        let trapping = if vendor == INTEL { 4 + 6 } else { 0 };
        assert_eq!(without_adx, 4 + trapping, "{vendor}");
        // Nor all seven above, XSAVE, OSXSAVE, FMA, F16C, five more instruction sets or any of the
        // registers saved; from Intel, AVX.
        let trapping = usize::from(vendor == INTEL);
        assert_eq!(without_ifma, 7 + 2 + 4 + 6 + 5 + trapping, "{vendor}");
    }
}

/// What a program is built for anyway needs no asking, and the rest is asked.
#[test]
fn builds_for_a_processor_ask_for_what_else_there_is() {
    let [_, basic, _, saved] = ALL;
    for (features, offered) in [("+bmi2,+adx", [true, false]), ("+bmi2", [false, false])] {
        let program = steps_program(features);
        for vendor in VENDORS {
            assert_eq!(agreed(&program, vendor, ALL), [true, true]);
            assert_eq!(agreed(&program, vendor, [7, basic, 0, saved]), offered);
            assert_eq!(agreed(&program, vendor, [7, basic, !0, 0]), [true, false]);
            let without_avx = [7, basic & !AVX, !0, saved & !SAVES_AVX];
            assert_eq!(agreed(&program, vendor, without_avx), [true, false]);
        }
    }
}

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
/// XSAVE and OSXSAVE, in ECX of leaf 1.
const XSAVE: u32 = 1 << 26;
const OSXSAVE: u32 = 1 << 27;
/// The parts of XCR0: SSE, AVX, and three of AVX-512.
const SAVED: [u32; 5] = [1, 2, 5, 6, 7];

/// Asks the core and the standard library; gives what both say of ADX and of IFMA.
fn agreed(program: &Path, processor: Processor) -> [bool; 2] {
    let output = Command::new(program)
        .arg("processor")
        .args(processor.map(|number| format!("{number:x}")))
        .output()
        .expect("it starts");
    let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
    assert!(output.status.success(), "{processor:x?}: {said}");
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
    assert_eq!(kernels, [adx, ifma && adx], "{processor:x?}: {said}");
    kernels
}

#[test]
fn kernels_are_offered_where_their_instructions_are() {
    let program = steps_program("");
    assert_eq!(agreed(&program, ALL), [true, true]);
    let [last_leaf, leaf_1, leaf_7, saved] = ALL;
    let mut lacking = vec![
        [last_leaf - 1, leaf_1, leaf_7, saved],
        [last_leaf, leaf_1 & !OSXSAVE, leaf_7, saved],
        [last_leaf, leaf_1 & !OSXSAVE & !XSAVE, leaf_7, saved],
        [last_leaf, leaf_1, 0, saved],
    ];
    lacking.extend((0..32).map(|bit| [last_leaf, leaf_1, leaf_7 & !(1 << bit), saved]));
    lacking.extend(SAVED.map(|bit| [last_leaf, leaf_1, leaf_7, saved & !(1 << bit)]));
    let (mut without_adx, mut without_ifma) = (0, 0);
    for processor in &lacking {
        let [adx, ifma] = agreed(&program, *processor);
        without_adx += usize::from(!adx);
        without_ifma += usize::from(!ifma);
    }
    // No leaf 7, nothing in it, no BMI2, no ADX.
    assert_eq!((lacking.len(), without_adx), (41, 4));
    // Nor without five more instruction sets, OSXSAVE, or any of the registers saved.
    assert_eq!(without_ifma, 4 + 6 + 2 + 5);
}

/// What a program is built for anyway needs no asking, and the rest is asked.
#[test]
fn builds_for_a_processor_ask_for_what_else_there_is() {
    let [_, leaf_1, _, saved] = ALL;
    let program = steps_program("+bmi2,+adx");
    assert_eq!(agreed(&program, ALL), [true, true]);
    assert_eq!(agreed(&program, [7, leaf_1, 0, saved]), [true, false]);
    assert_eq!(agreed(&program, [7, leaf_1, !0, 0]), [true, false]);
}

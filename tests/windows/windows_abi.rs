//! What Windows wants of functions and other systems do not: that XMM6 to XMM15, RDI and RSI are kept, and
//! that a stack grows page by page. Looked for in all code of the archive, whatever processor it is for,
//! and tried with this processor's.

use std::collections::BTreeSet;

use daxsign_tests::c_program::Programs;
use daxsign_tests::native::succeeds;
use daxsign_tests::rsa_keys::{KeyNumbers, seeded_rng};
use daxsign_tests::windows::{GCC, archive, binutils, programs, run, with_archive};
use daxsign_tests::wine::PACKAGES;

/// What tells the stack of a thread is there since Windows 8.
const FLAGS: &[&str] = &["-std=c99", "-static", "-D_WIN32_WINNT=0x0602"];

/// The bounds in the header.
#[test]
fn the_stack_is_as_the_header_says() {
    let printed = run(&programs(), "c/stack.c", &with_archive(GCC, FLAGS));
    println!("{printed}");
    assert_eq!(printed.lines().count(), 33, "eleven classes of three sizes");
}

/// Of `c/jobs.h`: on keys of two kinds and three sizes, those with certificates on one kind.
const CALLS: u32 = 3 * (68 + 59);

/// With a key of the usual kind, and with one of primes of different lengths, which has the kernel of
/// MULX, ADCX and ADOX on processors with AVX-512, too.
#[test]
fn every_call_keeps_the_registers_of_windows() {
    let programs = programs();
    for bits in [2048, 3072, 4096] {
        write_uneven_key(&programs, bits);
    }
    let printed = run(&programs, "windows/registers.c", &with_archive(GCC, FLAGS));
    assert_eq!(printed, format!("{CALLS} calls keep all registers\n"));
}

/// In all forms that `c/jobs.h` reads.
fn write_uneven_key(programs: &Programs, bits: u32) {
    let key = KeyNumbers::generate(
        &mut seeded_rng(bits.into()),
        bits / 2 + 64,
        bits / 2 - 64,
        65537,
    );
    let stem = format!("keys/uneven{bits}");
    let folder = programs.folder();
    folder.write(&format!("{stem}.pkcs1.der"), key.pkcs1_der());
    folder.write(&format!("{stem}.pkcs8.der"), key.pkcs8_der());
    let openssl = programs.openssl();
    for (form, options) in [
        ("pkcs1.pem", "-traditional"),
        ("pkcs8.pem", "-outform PEM"),
        ("spki.pem", "-pubout"),
    ] {
        openssl.run(&format!(
            "pkey -in {stem}.pkcs8.der -inform DER {options} -out {stem}.{form}"
        ));
    }
}

/// A function of the archive, as `objdump` shows it.
struct Function<'a> {
    name: &'a str,
    /// Instructions without their addresses, and relocations.
    lines: Vec<&'a str>,
}

fn functions(text: &str) -> Vec<Function<'_>> {
    let mut found: Vec<Function<'_>> = Vec::new();
    for line in text.lines() {
        let name = line
            .split_once(" <")
            .and_then(|(_, rest)| rest.strip_suffix(">:"));
        if let Some(name) = name {
            let lines = Vec::new();
            found.push(Function { name, lines });
        } else if let (Some(function), Some((_, code))) = (found.last_mut(), line.split_once('\t'))
        {
            function.lines.push(code.trim());
        }
    }
    found
}

/// Whether it is assembly as on other systems, which its callers know it to be.
fn is_foreign(name: &str) -> bool {
    name.contains("machine4ifma8multiply1")
        || name.contains("machine9registers") && name.contains("clear_")
}

impl Function<'_> {
    /// Of 6 to 15: the vector registers that it names.
    fn kept_vectors(&self) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        for line in &self.lines {
            for part in line.split('%').skip(1) {
                let name = part.trim_start_matches(['x', 'y', 'z']);
                let number = name.strip_prefix("mm").map(|rest| {
                    let digits = rest.find(|c: char| !c.is_ascii_digit());
                    &rest[..digits.unwrap_or(rest.len())]
                });
                let number = number.and_then(|digits| digits.parse::<u32>().ok());
                found.extend(number.filter(|number| (6..16).contains(number)));
            }
        }
        found
    }

    fn calls_foreign(&self) -> bool {
        self.lines
            .iter()
            .any(|line| line.contains("IMAGE_REL") && is_foreign(line))
    }

    /// What is wrong with it, and whether there was something to look at: vectors, large frames.
    fn judge(&self, faults: &mut Vec<String>) -> [bool; 2] {
        let mut wanted = self.kept_vectors();
        let mut pushed = vec![];
        if self.calls_foreign() {
            wanted.extend(6..16);
            pushed.extend(["push   %rdi", "push   %rsi"]);
        }
        for number in &wanted {
            // Of 16 bytes, above or below RBP or RSP: to there in the beginning, back at each end.
            let has = |starts: &str, ends: &str| {
                self.lines.iter().any(|line| {
                    let instruction = line.split_whitespace().next().unwrap_or_default();
                    let is_move = ["movaps", "movups", "movdqa", "movdqu"]
                        .contains(&instruction.trim_start_matches('v'));
                    let operands = line.split_whitespace().nth(1).unwrap_or_default();
                    is_move
                        && operands.starts_with(starts)
                        && operands.ends_with(ends)
                        && (operands.contains("(%rsp)") || operands.contains("(%rbp)"))
                })
            };
            let register = format!("%xmm{number}");
            if !has(&format!("{register},"), ")") || !has("", &format!(",{register}")) {
                faults.push(format!("{}: {register} is not kept", self.name));
            }
        }
        for line in pushed {
            if !self.lines.contains(&line) {
                faults.push(format!("{}: not there: {line}", self.name));
            }
        }
        [!wanted.is_empty(), self.judge_frame(faults)]
    }

    /// A frame of a page or more is made by the probe.
    fn judge_frame(&self, faults: &mut Vec<String>) -> bool {
        let mut is_large = false;
        for (at, line) in self.lines.iter().enumerate() {
            let Some(size) = line
                .strip_prefix("sub ")
                .and_then(|rest| rest.trim().strip_suffix(",%rsp"))
            else {
                continue;
            };
            let probed = || {
                let before: Vec<&str> = self.lines[..at].iter().rev().take(3).copied().collect();
                matches!(before[..], [relocation, call, size]
                    if relocation.ends_with("___chkstk_ms") && call.starts_with("call ")
                    && size.starts_with("mov    $0x") && size.ends_with(",%eax"))
            };
            let number = size
                .strip_prefix("$0x")
                .map(|digits| u64::from_str_radix(digits, 16));
            match number {
                Some(Ok(number)) if number < 4096 => {}
                None if size == "%rax" && probed() => is_large = true,
                _ => faults.push(format!("{}: {line} without a probe", self.name)),
            }
        }
        is_large
    }
}

/// What was found wrong, and how many functions keep vectors, or have large frames.
fn judged(text: &str) -> (Vec<String>, [usize; 2]) {
    let mut faults = Vec::new();
    let mut seen = [0; 2];
    for function in functions(text) {
        if !is_foreign(function.name) && function.name != "___chkstk_ms" {
            let found = function.judge(&mut faults);
            for (count, found) in seen.iter_mut().zip(found) {
                *count += usize::from(found);
            }
        }
    }
    (faults, seen)
}

#[test]
fn all_code_keeps_vectors_and_probes_the_stack() {
    let mut objdump = binutils("objdump");
    objdump.args(["-dr", "--no-show-raw-insn"]).arg(archive());
    let text = succeeds(&mut objdump, PACKAGES);
    let (faults, [vectors, frames]) = judged(&text);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    println!("{vectors} with vectors, {frames} with large frames");
    assert!(vectors > 20 && frames > 20, "{vectors}, {frames}");
    assert!(
        text.contains("machine4ifma8multiply11square_10_1>:") && text.contains("clear_avx512>:")
    );

    // What a compiler would write for other systems is found.
    let (faults, _) = judged(&text.replace("%xmm6,", "%xmm5,"));
    assert!(faults.len() >= vectors / 2, "{faults:?}");
    let (faults, _) = judged(&text.replace("push   %rdi", "push   %rbx"));
    assert!(!faults.is_empty());
    let (faults, _) = judged(&text.replace("IMAGE_REL_AMD64_REL32\t___chkstk_ms", ""));
    assert!(faults.len() >= frames, "{faults:?}");
    let (faults, _) = judged(&text.replace("sub    %rax,%rsp", "sub    $0x1008,%rsp"));
    assert!(faults.len() >= frames, "{faults:?}");
}

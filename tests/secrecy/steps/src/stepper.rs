//! Runs code one instruction at a time: the processor's trap flag makes it raise SIGTRAP after each,
//! and the handler notes the next one.

use std::arch::asm;
use std::arch::x86_64::{__cpuid_count, CpuidResult};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};

/// What a handler notes. There is one program and one thread.
static CURRENT: AtomicPtr<Notes> = AtomicPtr::new(ptr::null_mut());

/// The longest instruction of x86.
const MAX_INSTRUCTION: usize = 15;
const BITS: u32 = 64;
/// The bit of the flags that makes the processor trap after each instruction.
const TRAP_FLAG: i64 = 0x100;

/// A step: the instruction's address, and the one that it reads or writes, or 0; for a division,
/// which takes a time that depends on its operands, their hash.
type Step = (u64, u64);

/// What a processor and its operating system say of themselves; the rest is as on this one.
#[derive(Clone, Copy)]
pub(crate) struct Processor {
    /// CPUID leaf 0, EBX, EDX and ECX: the name of who makes it.
    pub(crate) vendor: [u8; 12],
    /// CPUID leaf 0, EAX.
    pub(crate) last_leaf: u32,
    /// CPUID leaf 1, ECX.
    pub(crate) features_ecx: u32,
    /// CPUID leaf 7, EBX.
    pub(crate) extended_ebx: u32,
    /// The lower half of the register that says what the operating system saves.
    pub(crate) xcr0: u32,
}

#[derive(Default)]
struct Notes {
    /// The one to pretend to be.
    processor: Option<Processor>,
    /// The first run.
    steps: Vec<Step>,
    /// Steps of this run.
    count: usize,
    /// So many steps of a run are compared at most; the rest runs by itself.
    limit: Option<usize>,
    runs: usize,
    /// The first step that is not as in the first run.
    fault: Option<String>,
}

impl Notes {
    fn note(&mut self, step: Step) {
        let index = self.count;
        self.count += 1;
        if self.runs == 0 {
            self.steps.push(step);
        } else if self.fault.is_none() && self.steps.get(index) != Some(&step) {
            let first = self.steps.get(index).copied().unwrap_or_default();
            self.fault = Some(format!(
                "step {index} differs: instruction {:#x} on {:#x}, and in the first run {:#x} on {:#x}",
                step.0, step.1, first.0, first.1
            ));
        }
    }
}

/// Compares runs.
pub(crate) struct Stepper(Box<Notes>);

impl Stepper {
    pub(crate) fn new() -> Self {
        // SAFETY: all zeros is a valid one.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        action.sa_sigaction = on_step as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        // SAFETY: the handler has the signature of SA_SIGINFO and stays.
        let result = unsafe { libc::sigaction(libc::SIGTRAP, &raw const action, ptr::null_mut()) };
        assert_eq!(result, 0, "sigaction");
        Self(Box::default())
    }

    /// Operations are told from now on that they run on another processor.
    pub(crate) fn pretend(&mut self, processor: Processor) {
        self.0.processor = Some(processor);
    }

    /// Only so many steps of each run are compared from now on; the rest of it runs at full speed.
    pub(crate) fn limit(&mut self, steps: usize) {
        self.0.limit = Some(steps);
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.0.limit.is_some()
    }

    /// Runs an operation step by step.
    #[inline(never)]
    pub(crate) fn run<T>(&mut self, operation: impl FnOnce() -> T) -> T {
        self.0.count = 0;
        CURRENT.store(&raw mut *self.0, Ordering::SeqCst);
        // SAFETY: the flag changes nothing but that the handler is called, which changes no register.
        unsafe { asm!("pushfq", "or dword ptr [rsp], 0x100", "popfq") };
        let result = operation();
        // SAFETY: as above.
        unsafe { asm!("pushfq", "and dword ptr [rsp], ~0x100", "popfq") };
        CURRENT.store(ptr::null_mut(), Ordering::SeqCst);
        if self.0.runs > 0 && self.0.count != self.0.steps.len() {
            let (count, first) = (self.0.count, self.0.steps.len());
            let fault = format!("{count} steps, and in the first run {first}");
            self.0.fault.get_or_insert(fault);
        }
        self.0.runs += 1;
        result
    }

    /// What was seen. Fails where two runs differ.
    pub(crate) fn summary(&self) -> String {
        if let Some(fault) = &self.0.fault {
            eprintln!("{fault}");
            std::process::exit(1);
        }
        format!("{} runs alike of {} steps", self.0.runs, self.0.steps.len())
    }
}

/// The instruction at `rip` comes next.
extern "C" fn on_step(_: i32, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel hands over a context.
    let registers = unsafe { &mut (*context.cast::<libc::ucontext_t>()).uc_mcontext.gregs };
    // SAFETY: `run` has stored it, and waits for what it runs.
    let Some(notes) = (unsafe { CURRENT.load(Ordering::SeqCst).as_mut() }) else {
        return;
    };
    if notes.limit == Some(notes.count) {
        registers[usize::try_from(libc::REG_EFL).expect("an index")] &= !TRAP_FLAG;
        return;
    }
    let mut instruction = next(registers);
    if let Some(processor) = notes.processor {
        while processor.answers(&instruction, registers) {
            instruction = next(registers);
        }
    }
    notes.note(step(instruction, registers));
}

/// The instruction that comes next.
fn next(registers: &[i64; 23]) -> Instruction {
    let rip = value(registers, Register::RIP).expect("it is there");
    // SAFETY: an instruction is about to run there; code lies in whole pages, with data behind it.
    let code = unsafe { std::slice::from_raw_parts(rip as *const u8, MAX_INSTRUCTION) };
    Decoder::with_ip(BITS, code, rip, DecoderOptions::NONE).decode()
}

fn step(instruction: Instruction, registers: &[i64; 23]) -> Step {
    let mut touched = 0_u64;
    // Those two compute with an address, and touch nothing.
    let computes = matches!(instruction.mnemonic(), Mnemonic::Lea | Mnemonic::Nop);
    for operand in 0..instruction.op_count() {
        if instruction.op_kind(operand) == OpKind::Memory && !computes {
            let address = instruction
                .virtual_address(operand, 0, |register, _, _| value(registers, register));
            touched = address.expect("an address made of general registers");
        }
    }
    if matches!(instruction.mnemonic(), Mnemonic::Div | Mnemonic::Idiv) {
        let divisor = match instruction.op0_kind() {
            OpKind::Register => value(registers, instruction.op0_register()),
            // SAFETY: the instruction is about to read there; aligned or not.
            _ => Some(unsafe { (touched as *const u64).read_unaligned() }),
        };
        let dividend = [Register::RAX, Register::RDX].map(|half| value(registers, half));
        let mut hasher = DefaultHasher::new();
        assert!(divisor.is_some(), "a division of less than 32 bits");
        (divisor, dividend).hash(&mut hasher);
        touched = hasher.finish();
    }
    (instruction.ip(), touched)
}

impl Processor {
    /// Whether the instruction asks the processor what it is: then it is answered, and done.
    fn answers(self, instruction: &Instruction, registers: &mut [i64; 23]) -> bool {
        let asked = [libc::REG_RAX, libc::REG_RCX].map(|index| lower(registers, index));
        let mut set = |index: i32, value: i64| {
            registers[usize::try_from(index).expect("an index")] = value;
        };
        match instruction.mnemonic() {
            Mnemonic::Cpuid => {
                let [leaf, part] = asked;
                let said = self.cpuid(leaf, part);
                set(libc::REG_RAX, said.eax.into());
                set(libc::REG_RBX, said.ebx.into());
                set(libc::REG_RCX, said.ecx.into());
                set(libc::REG_RDX, said.edx.into());
            }
            Mnemonic::Xgetbv => {
                set(libc::REG_RAX, self.xcr0.into());
                set(libc::REG_RDX, 0);
            }
            _ => return false,
        }
        set(libc::REG_RIP, instruction.next_ip().cast_signed());
        true
    }

    fn cpuid(self, leaf: u32, part: u32) -> CpuidResult {
        let real = __cpuid_count(leaf, part);
        let vendor = |from: usize| {
            let word = self.vendor.get(from..from + 4);
            u32::from_le_bytes(word.and_then(|word| word.try_into().ok()).expect("four"))
        };
        match (leaf, part) {
            (0, _) => CpuidResult {
                eax: self.last_leaf,
                ebx: vendor(0),
                edx: vendor(4),
                ecx: vendor(8),
            },
            (1, _) => CpuidResult {
                ecx: self.features_ecx,
                ..real
            },
            (7, 0) => CpuidResult {
                ebx: self.extended_ebx,
                ..real
            },
            _ => real,
        }
    }
}

/// The lower 32 bits of a register.
fn lower(registers: &[i64; 23], index: i32) -> u32 {
    let value = registers[usize::try_from(index).expect("an index")];
    u32::try_from(value & i64::from(u32::MAX)).expect("32 bits")
}

/// All 64 bits: what sets the lower 32 clears the upper ones.
fn value(registers: &[i64; 23], register: Register) -> Option<u64> {
    let index = match register {
        Register::RAX | Register::EAX => libc::REG_RAX,
        Register::RBX | Register::EBX => libc::REG_RBX,
        Register::RCX | Register::ECX => libc::REG_RCX,
        Register::RDX | Register::EDX => libc::REG_RDX,
        Register::RSI | Register::ESI => libc::REG_RSI,
        Register::RDI | Register::EDI => libc::REG_RDI,
        Register::RBP | Register::EBP => libc::REG_RBP,
        Register::RSP | Register::ESP => libc::REG_RSP,
        Register::R8 | Register::R8D => libc::REG_R8,
        Register::R9 | Register::R9D => libc::REG_R9,
        Register::R10 | Register::R10D => libc::REG_R10,
        Register::R11 | Register::R11D => libc::REG_R11,
        Register::R12 | Register::R12D => libc::REG_R12,
        Register::R13 | Register::R13D => libc::REG_R13,
        Register::R14 | Register::R14D => libc::REG_R14,
        Register::R15 | Register::R15D => libc::REG_R15,
        Register::RIP => libc::REG_RIP,
        // They start at 0.
        Register::CS | Register::DS | Register::ES | Register::SS => return Some(0),
        _ => return None,
    };
    let index = usize::try_from(index).ok()?;
    registers.get(index).map(|value| value.cast_unsigned())
}

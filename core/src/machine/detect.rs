//! What an x86-64 processor and its operating system offer, asked without the standard library.

use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

use super::registers::Registers;

/// CPUID leaf 7, EBX.
const BMI2: u32 = 1 << 8;
const AVX2: u32 = 1 << 5;
const AVX512F: u32 = 1 << 16;
const AVX512DQ: u32 = 1 << 17;
const ADX: u32 = 1 << 19;
const AVX512IFMA: u32 = 1 << 21;
const AVX512BW: u32 = 1 << 30;
const AVX512VL: u32 = 1 << 31;
/// CPUID leaf 1, ECX.
const FMA: u32 = 1 << 12;
const XSAVE: u32 = 1 << 26;
/// The operating system saves what XCR0 names.
const OSXSAVE: u32 = 1 << 27;
const AVX: u32 = 1 << 28;
const F16C: u32 = 1 << 29;
/// XCR0: SSE and AVX.
const AVX_STATE: u64 = 0b0110;
/// XCR0: those and the three parts of AVX-512.
const AVX512_STATE: u64 = 0b1110_0110;
/// CPUID leaf 0, EBX, EDX and ECX: "GenuineIntel".
const INTEL: [u32; 3] = [
    u32::from_le_bytes(*b"Genu"),
    u32::from_le_bytes(*b"ineI"),
    u32::from_le_bytes(*b"ntel"),
];

/// Bits of leaf 7, as below.
const FOR_ADX: u32 = BMI2 | ADX;
const FOR_VECTORS: u32 = AVX2 | AVX512F | AVX512DQ | AVX512IFMA | AVX512BW | AVX512VL;
const FOR_IFMA: u32 = BMI2 | FOR_VECTORS;
/// What the build is for anyway, which is not asked.
const BUILT_FOR: Usable = Usable {
    avx: cfg!(target_feature = "avx"),
    leaf_7: BUILT_FOR_LEAF_7,
};
const BUILT_FOR_LEAF_7: u32 = bits(cfg!(target_feature = "bmi2"), BMI2)
    | bits(cfg!(target_feature = "adx"), ADX)
    | bits(cfg!(target_feature = "avx2"), AVX2)
    | bits(cfg!(target_feature = "avx512f"), AVX512F)
    | bits(cfg!(target_feature = "avx512dq"), AVX512DQ)
    | bits(cfg!(target_feature = "avx512ifma"), AVX512IFMA)
    | bits(cfg!(target_feature = "avx512bw"), AVX512BW)
    | bits(cfg!(target_feature = "avx512vl"), AVX512VL);

/// What kernels need.
#[derive(Clone, Copy)]
pub(super) struct Features {
    /// MULX, ADCX and ADOX.
    pub(super) adx: bool,
    /// The 52-bit multiply-add of AVX-512, in registers of 256 and 512 bits.
    pub(super) ifma: bool,
    /// What may hold secrets.
    pub(super) registers: Registers,
}

/// What can be used.
#[derive(Clone, Copy)]
struct Usable {
    /// AVX, which stands in leaf 1.
    avx: bool,
    /// Bits of leaf 7.
    leaf_7: u32,
}

/// Asks once: under a hypervisor each CPUID takes microseconds.
pub(super) fn features() -> Features {
    let mut usable = BUILT_FOR;
    if !has(usable.leaf_7, FOR_ADX | FOR_IFMA) {
        let now = usable_now();
        usable.avx |= now.avx;
        usable.leaf_7 |= now.leaf_7;
    }
    Features {
        adx: has(usable.leaf_7, FOR_ADX),
        ifma: has(usable.leaf_7, FOR_IFMA),
        registers: Registers::new(usable.avx, has(usable.leaf_7, AVX512F)),
    }
}

/// The rules are those of the standard library.
fn usable_now() -> Usable {
    let first = __cpuid(0);
    let offered = if first.eax < 7 {
        0
    } else {
        __cpuid_count(7, 0).ebx
    };
    let basic = __cpuid(1).ecx;
    let saved = saved(basic);
    let avx = has(basic, AVX) && saved & AVX_STATE == AVX_STATE;
    // Rust's AVX-512 comes with FMA and F16C, which Intel does not promise.
    let vectors = has(basic, FMA | F16C) && saved & AVX512_STATE == AVX512_STATE;
    // Intel's processors without AVX, such as Pentium and Celeron of the sixth generation, report BMI1
    // and BMI2 and trap on them: erratum SKL052 and SKD052.
    let traps = !avx && [first.ebx, first.edx, first.ecx] == INTEL;
    Usable {
        avx,
        leaf_7: offered & !bits(traps, BMI2) & !bits(!vectors, FOR_VECTORS),
    }
}

/// XCR0: the registers that the operating system saves.
fn saved(basic: u32) -> u64 {
    if !has(basic, XSAVE | OSXSAVE) {
        return 0;
    }
    // SAFETY: OSXSAVE says that XGETBV exists and is enabled; register 0 exists on all that have it.
    unsafe { _xgetbv(0) }
}

const fn has(set: u32, needed: u32) -> bool {
    set & needed == needed
}

const fn bits(condition: bool, bits: u32) -> u32 {
    if condition { bits } else { 0 }
}

//! What an x86-64 processor and its operating system offer, asked without the standard library.

use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

/// CPUID leaf 7, EBX.
const BMI2: u32 = 1 << 8;
const AVX2: u32 = 1 << 5;
const AVX512F: u32 = 1 << 16;
const AVX512DQ: u32 = 1 << 17;
const ADX: u32 = 1 << 19;
const AVX512IFMA: u32 = 1 << 21;
const AVX512BW: u32 = 1 << 30;
const AVX512VL: u32 = 1 << 31;
/// CPUID leaf 1, ECX: the operating system saves what XCR0 names.
const OSXSAVE: u32 = 1 << 27;
/// XCR0: SSE, AVX, and the three parts of AVX-512.
const AVX512_STATE: u64 = 0b1110_0110;

/// What kernels need.
#[derive(Clone, Copy)]
pub(super) struct Features {
    /// MULX, ADCX and ADOX.
    pub(super) adx: bool,
    /// The 52-bit multiply-add of AVX-512, in registers of 256 and 512 bits.
    pub(super) ifma: bool,
}

/// Asks once: under a hypervisor each CPUID takes microseconds.
pub(super) fn features() -> Features {
    const FOR_ADX: u32 = BMI2 | ADX;
    const FOR_IFMA: u32 = BMI2 | AVX2 | AVX512F | AVX512DQ | AVX512IFMA | AVX512BW | AVX512VL;
    // What the build is for anyway is not asked.
    let built_for = Features {
        adx: cfg!(all(target_feature = "bmi2", target_feature = "adx")),
        ifma: cfg!(all(
            target_feature = "bmi2",
            target_feature = "avx512dq",
            target_feature = "avx512ifma",
            target_feature = "avx512bw",
            target_feature = "avx512vl"
        )),
    };
    if built_for.adx && built_for.ifma {
        return built_for;
    }
    let found = leaf_7();
    Features {
        adx: built_for.adx || found & FOR_ADX == FOR_ADX,
        ifma: built_for.ifma || found & FOR_IFMA == FOR_IFMA && saves_avx512(),
    }
}

fn leaf_7() -> u32 {
    if __cpuid(0).eax < 7 {
        0
    } else {
        __cpuid_count(7, 0).ebx
    }
}

fn saves_avx512() -> bool {
    if __cpuid(1).ecx & OSXSAVE == 0 {
        return false;
    }
    // SAFETY: OSXSAVE says that XGETBV exists and is enabled; register 0 exists on all that have it.
    let xcr0 = unsafe { _xgetbv(0) };
    xcr0 & AVX512_STATE == AVX512_STATE
}

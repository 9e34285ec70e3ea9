//! What stands for detection on machines without kernels to detect.

pub(super) struct Features {
    pub(super) adx: bool,
    pub(super) ifma: bool,
}

pub(super) const fn features() -> Features {
    Features {
        adx: false,
        ifma: false,
    }
}

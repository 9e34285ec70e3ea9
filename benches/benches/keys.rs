//! Signing and verifying by kernel and size, loading by size and format.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use daxsign_benches::inputs::{KEYS, key};
use daxsign_core::{Digest, Kernel, PrivateKey, Signer};

const DIGEST: Digest = Digest([0xA5; 32]);

fn sign(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sign");
    for_all_kernels(|name, bits, key| {
        let mut signature = vec![0; bits / 8];
        group.bench_function(BenchmarkId::new(name, bits), |bencher| {
            bencher.iter(|| key.sign_digest(&DIGEST, &mut signature));
        });
    });
    group.finish();
}

fn verify(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    for_all_kernels(|name, bits, key| {
        let mut signature = vec![0; bits / 8];
        key.sign_digest(&DIGEST, &mut signature).expect("signs");
        group.bench_function(BenchmarkId::new(name, bits), |bencher| {
            bencher.iter(|| key.public_key().verify_digest(&DIGEST, &signature));
        });
    });
    group.finish();
}

fn load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    for file in KEYS {
        for (format, bytes) in [("pem", file.pem.as_bytes()), ("der", file.der)] {
            group.bench_function(BenchmarkId::new(format, file.bits), |bencher| {
                bencher.iter(|| PrivateKey::from_bytes(bytes));
            });
        }
    }
    group.finish();
}

/// Calls `bench` with the kernel's name, the key's size in bits and the key.
fn for_all_kernels(mut bench: impl FnMut(&str, usize, &PrivateKey)) {
    for file in &KEYS {
        for kernel in Kernel::ALL {
            let mut key = key(file);
            if key.use_kernel(kernel) {
                bench(kernel.name(), file.bits, &key);
            }
        }
    }
}

criterion_group!(benches, sign, verify, load);
criterion_main!(benches);

//! The core by itself: canonicalisation, hashing, signing, verifying, key loading.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use daxsign_benches::{BODY, KEYS, TARGET, headers, key};
use daxsign_core::{
    Components, Counter, Digest, Options, PrivateKey, Profile, Request, Sha256, Signer, Sink,
    signing_digest, write_signing_string,
};

fn canonicalisation(criterion: &mut Criterion) {
    let headers = headers();
    let request = Request::new("GET", TARGET, &headers, BODY);
    let list = Components::default_for(&request);
    let options = Options::default();
    let mut group = criterion.benchmark_group("canonicalisation");
    group.bench_function("count", |bencher| {
        bencher.iter(|| write_signing_string(&request, &list, options, &mut Counter::default()));
    });
    group.bench_function("hash", |bencher| {
        bencher.iter(|| signing_digest(&request, &list, Profile::Documented, options));
    });
    group.finish();
}

fn hashing(criterion: &mut Criterion) {
    let body = vec![b'a'; 1 << 20];
    let mut group = criterion.benchmark_group("hashing");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("1-mib", |bencher| {
        bencher.iter(|| {
            let mut hash = Sha256::default();
            hash.write(&body);
            hash.finish()
        });
    });
    group.finish();
}

fn keys(criterion: &mut Criterion) {
    let digest = Digest([0xA5; 32]);
    for (bits, file) in KEYS {
        let key = key(file);
        let mut signature = vec![0; bits / 8];
        key.sign_digest(&digest, &mut signature).expect("signs");
        let mut out = signature.clone();
        criterion.bench_function(&format!("sign/{bits}"), |bencher| {
            bencher.iter(|| key.sign_digest(&digest, &mut out));
        });
        criterion.bench_function(&format!("verify/{bits}"), |bencher| {
            bencher.iter(|| key.public_key().verify_digest(&digest, &signature));
        });
        criterion.bench_function(&format!("load/{bits}"), |bencher| {
            bencher.iter(|| PrivateKey::from_bytes(file.as_bytes()));
        });
    }
}

criterion_group!(benches, canonicalisation, hashing, keys);
criterion_main!(benches);

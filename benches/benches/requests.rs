//! What comes before the signature, by size: canonicalisation and hashing.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use daxsign_benches::inputs::{METHOD, TARGET, headers};
use daxsign_core::{
    Components, Counter, HeaderField, Options, Profile, Request, Sha256, Sink, signing_digest,
    write_signing_string,
};

/// Lengths of bodies in bytes.
const BODIES: [usize; 4] = [0, 64, 1 << 10, 64 << 10];
/// Lengths of what is hashed in bytes.
const HASHED: [usize; 4] = [64, 1 << 10, 64 << 10, 1 << 20];

fn canonicalisation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("canonicalisation");
    for len in BODIES {
        let body = "a".repeat(len);
        let content_length = len.to_string();
        let headers = headers().map(|field| {
            if field.name == b"Content-Length" {
                HeaderField::new("Content-Length", &content_length)
            } else {
                field
            }
        });
        let request = Request::new(METHOD, TARGET, &headers, &body);
        let list = Components::default_for(&request);
        let options = Options::default();
        group.throughput(Throughput::Bytes(len as u64));
        group.bench_function(BenchmarkId::new("count", len), |bencher| {
            bencher
                .iter(|| write_signing_string(&request, &list, options, &mut Counter::default()));
        });
        group.bench_function(BenchmarkId::new("hash", len), |bencher| {
            bencher.iter(|| signing_digest(&request, &list, Profile::Documented, options));
        });
    }
    group.finish();
}

fn hashing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hashing");
    for len in HASHED {
        let bytes = vec![b'a'; len];
        group.throughput(Throughput::Bytes(len as u64));
        group.bench_function(BenchmarkId::from_parameter(len), |bencher| {
            bencher.iter(|| {
                let mut hash = Sha256::default();
                hash.write(&bytes);
                hash.finish()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, canonicalisation, hashing);
criterion_main!(benches);

//! A list of revoked certificates has the entries and the times that a naive walk finds in it, and nothing that is
//! critical and not understood.
#![no_main]

use std::collections::HashSet;

use daxsign_core::{PrivateKey, PublicKey};
use daxsign_fuzz::der::{split, take};
use daxsign_fuzz::{keys, mutator};
use daxsign_pki::{PkiError, RevocationList};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const CONTEXT_0: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

thread_local! {
    static KEY: PublicKey = PrivateKey::public_key(&keys::test_key()).clone();
}

fuzz_target!(|data: &[u8]| {
    let list = match RevocationList::from_bytes(data) {
        Ok(list) => list,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    match KEY.with(|key| list.verify(key)) {
        Ok(()) | Err(PkiError::ListSignature) => {}
        Err(error) => panic!("{error}"),
    }
    if data.first() == Some(&SEQUENCE) {
        compare(data, &list).expect("a list that is read can be walked through");
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate_der(data, size, max_size, seed)
});

/// SEQUENCE { SEQUENCE { version, algorithm, issuer, thisUpdate, nextUpdate, entries, [0] extensions } … }.
fn compare(data: &[u8], list: &RevocationList) -> Option<()> {
    let mut file = data;
    let mut outer = take(&mut file, SEQUENCE)?;
    let mut tbs = take(&mut outer, SEQUENCE)?;
    if tbs.first() == Some(&INTEGER) {
        assert_eq!(take(&mut tbs, INTEGER)?, [1]);
    }
    take(&mut tbs, SEQUENCE)?;
    take(&mut tbs, SEQUENCE)?;
    let mut times = 0;
    while matches!(tbs.first(), Some(&(UTC_TIME | GENERALIZED_TIME))) {
        let (_, _, rest) = split(tbs)?;
        tbs = rest;
        times += 1;
    }
    assert_eq!(times, 1 + usize::from(list.next_update().is_some()));
    let mut entries: &[u8] = &[];
    if tbs.first() == Some(&SEQUENCE) {
        entries = take(&mut tbs, SEQUENCE)?;
    }
    let mut found = HashSet::new();
    while !entries.is_empty() {
        let mut entry = take(&mut entries, SEQUENCE)?;
        let serial = take(&mut entry, INTEGER)?;
        found.insert(serial);
        // Numbers below zero are found by their certificate alone.
        let negative = serial.first().is_some_and(|byte| *byte >= 0x80);
        assert!(negative || list.look_up(serial).is_some(), "{serial:X?}");
    }
    assert_eq!(
        (found.len(), found.is_empty()),
        (list.len(), list.is_empty())
    );
    if tbs.first() == Some(&CONTEXT_0) {
        let mut extensions = take(&mut tbs, CONTEXT_0)?;
        extensions = take(&mut extensions, SEQUENCE)?;
        while !extensions.is_empty() {
            let mut extension = take(&mut extensions, SEQUENCE)?;
            let (_, oid, rest) = split(extension)?;
            extension = rest;
            let critical =
                extension.first() == Some(&BOOLEAN) && take(&mut extension, BOOLEAN)? == [0xFF];
            // Those of the number and of the authority's key.
            assert!(!critical || [[0x55, 0x1D, 20], [0x55, 0x1D, 35]].contains(oid.first_chunk()?));
        }
    }
    assert!(tbs.is_empty());
    Some(())
}

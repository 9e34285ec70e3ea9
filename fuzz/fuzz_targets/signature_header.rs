//! A `Signature` value is read as the naive model reads it; its base64 decodes exactly where another
//! crate's strict decoder does; and what is read is written so that it reads the same.
#![no_main]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use daxsign_core::{
    Error, MAX_SIGNATURE_LEN, SignatureHeader, signature_header_len, write_signature_header,
};
use daxsign_fuzz::model;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let expected = model::signature_field(data);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("ASCII");
    let read = SignatureHeader::parse(data);
    let parts = read
        .map(|header| {
            (
                text(header.headers_parameter()),
                text(header.signature_base64()),
            )
        })
        .map_err(|error| error.name());
    assert_eq!(parts, expected);
    let header = match read {
        Ok(header) => header,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let signature = decode(&header);
    let (Ok(components), Some(signature)) = (header.components(), signature) else {
        return;
    };
    let mut out = vec![0; signature_header_len(signature.len() * 8, components.encoded_len())];
    let written = write_signature_header(&components, &signature, &mut out).expect("room");
    let again = SignatureHeader::parse(written).expect("what was written");
    assert_eq!(again.signature_base64(), header.signature_base64());
    let same = |header: &SignatureHeader<'_>| model_list(header.headers_parameter());
    assert_eq!(same(&again), same(&header));
    assert_eq!(
        again.headers_parameter(),
        model_list(header.headers_parameter()).as_bytes()
    );
    let mut small = vec![0xAA; out.len() - 1];
    let error = write_signature_header(&components, &signature, &mut small).map(str::len);
    assert_eq!(error, Err(Error::BufferTooSmall { needed: out.len() }));
    assert!(small.iter().all(|byte| *byte == 0), "output after an error");
});

/// The signature, for whatever length of modulus it has.
fn decode(header: &SignatureHeader<'_>) -> Option<Vec<u8>> {
    let expected = BASE64_STANDARD.decode(header.signature_base64()).ok();
    let right = expected.as_ref().map(Vec::len);
    for len in (0..16)
        .chain([255, 256, 257, 384, MAX_SIGNATURE_LEN])
        .chain(right)
    {
        let mut out = vec![0xAA; len];
        let result = header.decode_signature(&mut out);
        if Some(len) == right {
            assert_eq!(result, Ok(()));
            assert_eq!(Some(&out), expected.as_ref());
        } else {
            let Err(Error::InvalidSignatureEncoding {
                expected, found, ..
            }) = result
            else {
                panic!("{result:?}");
            };
            assert_eq!((expected, found), (len, header.signature_base64().len()));
            assert!(out.iter().all(|byte| *byte == 0), "output after an error");
        }
    }
    expected
}

fn model_list(list: &[u8]) -> String {
    let list = String::from_utf8_lossy(list);
    model::reduced(&daxsign_fuzz::trial::names(&list)).join(" ")
}

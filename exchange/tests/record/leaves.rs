//! Leaves as bytes.

use daxsign_core::Timestamp;
use daxsign_exchange::record::*;
use daxsign_exchange::{CorrelationId, Party};
use proptest::prelude::*;
use uuid::Uuid;

use crate::made::hex;

/// Made with Python's `struct` and `hmac`.
const BYTES: &str = "01021f010101010101010101010101010101010202020202020202020202020202020200000000\
6553f1000000000503030303030303030303030303030303040404040404040404040404040404040505050505050505050505050505050506\
0606060606060606060606060606060707070707070707070707070707070700000102080808080808080808080808080808080808080808080808\
0808080808080808442a6a41700da2755a58f6e58cdd357cb9904d50f98d3f4e83213f5105ec7d20";

fn all_fields() -> Leaf {
    let id = |number: u8| Uuid::from_bytes([number; 16]);
    let party = |partner, instance| Party {
        partner: id(partner),
        instance: id(instance),
    };
    let mut salt = [0; SALT_LEN];
    for (index, byte) in (0..).zip(&mut salt) {
        *byte = index;
    }
    let content = Content {
        message: b"POST / HTTP/1.1\r\n\r\nabc".to_vec(),
        signature: b"sig".to_vec(),
        statement: b"allowed".to_vec(),
    };
    Leaf {
        kind: Kind::Answer,
        correlation: CorrelationId::from_bytes([1; 16]),
        parent: Some(CorrelationId::from_bytes([2; 16])),
        at: Timestamp::from_unix(1_700_000_000, 5).unwrap(),
        sender: Some(party(3, 4)),
        receiver: Some(party(5, 6)),
        contract: Some(ContractVersion {
            id: id(7),
            version: 258,
        }),
        thumbprint: Some([8; 32]),
        commitment: commitment(&salt, &content),
    }
}

#[test]
fn a_leaf_has_the_bytes_that_another_program_writes() {
    let bytes = all_fields().to_bytes();
    assert_eq!(hex(&bytes), BYTES);
    assert_eq!(bytes.len(), MAX_LEAF_LEN);
    const { assert!(MAX_LEAF_LEN < LEAF_LIMIT) };
}

#[test]
fn a_commitment_tells_its_parts_apart() {
    let content = |message: &str, signature: &str, statement: &str| Content {
        message: message.into(),
        signature: signature.into(),
        statement: statement.into(),
    };
    let all = [
        content("ab", "c", ""),
        content("a", "bc", ""),
        content("abc", "", ""),
        content("", "abc", ""),
        content("", "", "abc"),
        content("", "", ""),
    ];
    for (index, one) in all.iter().enumerate() {
        for other in &all[..index] {
            assert_ne!(commitment(&[1; 32], one), commitment(&[1; 32], other));
        }
        assert_ne!(commitment(&[1; 32], one), commitment(&[2; 32], one));
    }
}

#[test]
fn what_is_no_leaf_is_refused() {
    let bytes = all_fields().to_bytes();
    for len in 0..bytes.len() {
        assert_eq!(
            Leaf::from_bytes(&bytes[..len]),
            Err(LeafProblem::Short),
            "{len}"
        );
    }
    assert_eq!(
        Leaf::from_bytes(&[&bytes[..], b"x"].concat()),
        Err(LeafProblem::Long)
    );
    let with = |place: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[place] = byte;
        Leaf::from_bytes(&bytes)
    };
    assert_eq!(with(0, 2), Err(LeafProblem::Version(2)));
    assert_eq!(with(1, 13), Err(LeafProblem::Kind(13)));
    assert_eq!(with(2, 0x3F), Err(LeafProblem::Fields(0x3F)));
    assert_eq!(with(43, 0xFF), Err(LeafProblem::Time));
}

proptest! {
    /// What is read is written again as it was: no two forms of one leaf.
    #[test]
    fn any_bytes_have_one_form(mut bytes in prop::collection::vec(any::<u8>(), 0..220), kind in 0..13_u8, present in 0..32_u8) {
        for (to, from) in bytes.iter_mut().zip([LEAF_VERSION, kind, present]) {
            *to = from;
        }
        if let Ok(leaf) = Leaf::from_bytes(&bytes) {
            prop_assert_eq!(leaf.to_bytes(), bytes);
        }
    }

    #[test]
    fn fields_that_are_absent_come_back_absent(present in 0..32_u8) {
        let has = |bit: u8| present & (1 << bit) != 0;
        let full = all_fields();
        let leaf = Leaf {
            parent: full.parent.filter(|_| has(0)),
            sender: full.sender.filter(|_| has(1)),
            receiver: full.receiver.filter(|_| has(2)),
            contract: full.contract.filter(|_| has(3)),
            thumbprint: full.thumbprint.filter(|_| has(4)),
            ..full
        };
        prop_assert_eq!(Leaf::from_bytes(&leaf.to_bytes()), Ok(leaf));
    }
}

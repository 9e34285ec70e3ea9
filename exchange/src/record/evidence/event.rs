//! One event: whose signature proves what, what the exchange states, and what nothing covers.

use crate::party::Party;
use crate::record::evidence::file::Bytes;
use crate::record::evidence::logged::{Log, Logged, certified_key};
use crate::record::evidence::message::Signed;
use crate::record::evidence::pins::Pins;
use crate::record::evidence::problem::EvidenceProblem;
use crate::record::evidence::statement::{Grounds, Report, hex, plain, time};
use crate::record::leaf::content::Content;
use crate::record::leaf::kind::Kind;
use crate::record::leaf::leaf::{HASH_LEN, Leaf};

/// Tells events one after the other.
pub(super) struct Telling<'e> {
    pub(super) certificates: &'e [Bytes],
    pub(super) log: &'e Log,
    pub(super) pins: &'e Pins,
    pub(super) report: Report,
}

impl Telling<'_> {
    /// What a party signed in this event, if anything; and what the exchange states of it.
    pub(super) fn event(&mut self, event: &Logged) -> Result<Option<Signed>, EvidenceProblem> {
        let signed = match (&event.content, &event.leaf.sender, &event.leaf.thumbprint) {
            (Some(content), Some(sender), Some(thumbprint)) => {
                Some(self.signature(event.index, content, sender, thumbprint)?)
            }
            _ => None,
        };
        let erased = if event.content.is_none() {
            "; what was said is erased"
        } else {
            ""
        };
        let note = event.content.as_ref().map_or_else(String::new, said);
        let text = format!(
            "at {}: {}{note}{erased}",
            time(event.leaf.at),
            what(&event.leaf)
        );
        self.report.say(Grounds::Stated, text);
        Ok(signed)
    }

    fn signature(
        &mut self,
        index: u64,
        content: &Content,
        sender: &Party,
        thumbprint: &[u8; HASH_LEN],
    ) -> Result<Signed, EvidenceProblem> {
        let key = certified_key(self.certificates, thumbprint, index)?;
        let signed =
            Signed::read(&content.message, &key).ok_or(EvidenceProblem::Signature(index))?;
        if signed.signature != content.signature.trim_ascii() {
            return Err(EvidenceProblem::Signature(index));
        }
        let is_pinned = self.pins.party(sender, thumbprint)?;
        self.key(
            &sender.to_string(),
            thumbprint,
            is_pinned,
            &format!("signed {}", signed.describe()),
        );
        if let Some(parts) = signed.not_signed() {
            self.report.say(
                Grounds::NotSigned,
                format!("in this message of {sender}: {parts}"),
            );
        }
        Ok(signed)
    }

    /// A sentence that somebody's key proves, and whether it is known to be theirs.
    pub(super) fn key(
        &mut self,
        who: &str,
        thumbprint: &[u8; HASH_LEN],
        is_pinned: bool,
        what: &str,
    ) {
        let thumbprint = hex(thumbprint);
        if is_pinned {
            self.report.say(Grounds::Proved, format!("{who} {what}"));
            return;
        }
        self.report.say(
            Grounds::Proved,
            format!("the key of the certificate {thumbprint} {what}"),
        );
        let vouched = format!(
            "that the certificate {thumbprint} is that of {who}, only the operator's authority vouches"
        );
        self.report.say(Grounds::NotPinned, vouched);
    }

    /// The same for the exchange's key.
    pub(super) fn exchange(&mut self, what: &str) -> Result<(), EvidenceProblem> {
        let thumbprint = self.log.thumbprint;
        let is_pinned = self.pins.exchange(&thumbprint)?;
        self.key("the exchange", &thumbprint, is_pinned, what);
        Ok(())
    }
}

/// What the exchange noted beside.
fn said(content: &Content) -> String {
    match content.statement.as_slice() {
        [] => String::new(),
        note => format!("; its note: {}", plain(note)),
    }
}

fn what(leaf: &Leaf) -> String {
    let party = |party: &Option<Party>| {
        party.map_or_else(|| "nobody known".to_owned(), |party| party.to_string())
    };
    let (sender, receiver) = (party(&leaf.sender), party(&leaf.receiver));
    let contract = leaf.contract.map_or_else(String::new, |contract| {
        format!(
            ", under contract {} version {}",
            contract.id, contract.version
        )
    });
    let parent = leaf.parent.map_or_else(String::new, |parent| {
        format!(", as part of the exchange {parent}")
    });
    let kind = match leaf.kind {
        Kind::Request => format!("took a request from {sender} to {receiver} in"),
        Kind::Answer => format!("took the answer of {sender} to {receiver} in"),
        Kind::Refused => format!("refused a message of {sender} to {receiver}"),
        Kind::Expired => format!("found the request from {sender} to {receiver} expired"),
        Kind::Unknown => {
            format!("does not know what became of the request from {sender} to {receiver}")
        }
        Kind::Late => {
            format!("took an answer of {sender} to {receiver} in after the end, which is no result")
        }
        Kind::Contract => {
            format!("recorded a step of the contract between {sender} and {receiver}")
        }
        Kind::Certificate => format!("registered a certificate of {sender}"),
        Kind::Revocation => format!("revoked a certificate of {sender}"),
        Kind::Callbacks => format!("changed the callbacks of {sender}"),
        Kind::Callback => format!("took in what {sender} tells {receiver} by a callback"),
        Kind::Delivered => format!("delivered the callback from {sender} to {receiver}"),
        Kind::LogKey => "began the log".to_owned(),
    };
    format!("it {kind}{contract}{parent}")
}

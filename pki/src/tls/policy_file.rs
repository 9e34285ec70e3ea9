//! The file that says which roots each path trusts, in TOML.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::PkiError;
use crate::tls::identity::IdentityFrom;
use crate::tls::policy::Rule;

/// What stands in place of lists where nobody asks for them.
const NOT_ASKED: &str = "not-asked";

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    roots: BTreeMap<String, SetText>,
    paths: Vec<RuleText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetText {
    certificates: Vec<PathBuf>,
    lists: ListsText,
    identity: Option<String>,
    clients: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ListsText {
    Files(Vec<PathBuf>),
    Word(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    path: String,
    rule: Option<String>,
    roots: Vec<String>,
}

/// A root set whose files are still to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamedSet {
    pub(super) name: String,
    pub(super) authorities: Vec<PathBuf>,
    /// `None`: not asked.
    pub(super) lists: Option<Vec<PathBuf>>,
    pub(super) identity: IdentityFrom,
    pub(super) clients: Option<BTreeMap<String, String>>,
}

/// Reads the file's text; paths in it are taken from `folder` on.
pub(super) fn parse(text: &str, folder: &Path) -> Result<(Vec<NamedSet>, Vec<Rule>), PkiError> {
    let text: Text = toml::from_str(text).map_err(|error| wrong_toml(text, &error))?;
    let sets = text.roots.into_iter();
    let sets = sets.map(|(name, set)| set.named(name, folder));
    let rules = text.paths.into_iter().map(|rule| Rule {
        name: rule.rule.unwrap_or_else(|| rule.path.clone()),
        path: rule.path,
        roots: rule.roots,
    });
    Ok((sets.collect::<Result<_, _>>()?, rules.collect()))
}

impl SetText {
    fn named(self, name: String, folder: &Path) -> Result<NamedSet, PkiError> {
        let files = match &self.lists {
            ListsText::Files(lists) => lists.as_slice(),
            ListsText::Word(_) => &[],
        };
        let mut files = self.certificates.iter().chain(files);
        if files.any(|file| file.as_os_str().is_empty()) {
            return Err(wrong(&format!("roots.{name}: a file without a name")));
        }
        let from = |files: Vec<PathBuf>| -> Vec<PathBuf> {
            files.iter().map(|file| folder.join(file)).collect()
        };
        let lists = match self.lists {
            ListsText::Files(files) => Some(from(files)),
            ListsText::Word(word) if word == NOT_ASKED => None,
            ListsText::Word(word) => {
                return Err(wrong(&format!(
                    "roots.{name}: lists = \"{word}\": name the files in brackets, or say \"{NOT_ASKED}\""
                )));
            }
        };
        let identity = match self.identity.as_deref() {
            None => IdentityFrom::default(),
            Some(word) => IdentityFrom::from_name(word).ok_or_else(|| {
                wrong(&format!(
                    "roots.{name}: identity = \"{word}\": it is dns, uid or subject"
                ))
            })?,
        };
        if let Some(clients) = &self.clients {
            all_are_named(&name, identity, clients)?;
        }
        Ok(NamedSet {
            authorities: from(self.certificates),
            lists,
            identity,
            clients: self.clients,
            name,
        })
    }
}

/// Whether each client is said once, and called something.
fn all_are_named(
    set: &str,
    identity: IdentityFrom,
    clients: &BTreeMap<String, String>,
) -> Result<(), PkiError> {
    let mut seen = BTreeSet::new();
    for (said, name) in clients {
        if said.trim().is_empty() || name.trim().is_empty() {
            return Err(wrong(&format!(
                "roots.{set}.clients: \"{said}\" = \"{name}\": an empty name is nobody's"
            )));
        }
        if !seen.insert(identity.normalised(said)) {
            return Err(wrong(&format!(
                "roots.{set}.clients: \"{said}\" stands there twice, in other letters"
            )));
        }
    }
    Ok(())
}

/// In one line: where, and what.
fn wrong_toml(text: &str, error: &toml::de::Error) -> PkiError {
    let before = error.span().and_then(|span| text.get(..span.start));
    let said = error.message().replace('\n', ", ");
    match before {
        Some(before) => {
            let line = before.matches('\n').count().saturating_add(1);
            wrong(&format!("line {line}: {said}"))
        }
        None => wrong(&said),
    }
}

fn wrong(text: &str) -> PkiError {
    PkiError::Policy {
        text: text.trim_end().to_owned(),
    }
}

//! A page of a list that the exchange answers itself.

use serde_json::{Value, json};

use crate::running::OwnAnswer;

/// How many items stand on a page, unless fewer are asked for: the description's `x-max-limit`.
const MAX_PAGE: usize = 50;

/// Which page is asked for.
pub(super) struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    /// By the query of a target, which fits the operation.
    pub(super) fn of(target: &[u8]) -> Self {
        Self {
            offset: number(target, "offset").unwrap_or(0),
            limit: number(target, "limit").unwrap_or(MAX_PAGE).min(MAX_PAGE),
        }
    }

    /// This page of all items.
    pub(super) fn answer(&self, name: &str, items: Vec<Value>) -> OwnAnswer {
        let (offset, limit, total) = (self.offset, self.limit, items.len());
        let page: Vec<Value> = items.into_iter().skip(offset).take(limit).collect();
        OwnAnswer {
            status: 200,
            data: json!({name: page}),
            paging: json!({"totalCount": total, "offset": offset, "limit": limit}),
        }
    }
}

fn number(target: &[u8], name: &str) -> Option<usize> {
    let target = str::from_utf8(target).ok()?;
    let (_, query) = target.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(found, _)| *found == name)?.1.parse().ok()
}

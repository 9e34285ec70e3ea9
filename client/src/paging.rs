//! Lists in pages, without a socket: which page is next, and which items are new.
//!
//! The clients have this inside; it is here for other transports.

use std::collections::{HashSet, VecDeque};

use crate::api::Paged;
use crate::error::Error;
use crate::response::Response;

/// How many items are remembered, so that none is given twice when the list moves between pages:
/// more than the largest pages hold.
const MAX_REMEMBERED: usize = 1_024;
/// What a server sends whose answer does not say and that was asked for more: its own limit.
const USUAL_LIMIT: u32 = 50;

/// The way through a list of anything: which page is next, and which of its items are new.
pub struct Course {
    /// How the list is called in errors.
    list: &'static str,
    /// How many were asked for.
    limit: u32,
    offset: u64,
    remembered: HashSet<String>,
    in_order: VecDeque<String>,
    ended: bool,
}

impl Course {
    /// From this offset on, `limit` a page.
    #[must_use]
    pub fn new(list: &'static str, limit: u32, offset: u64) -> Self {
        Self {
            list,
            limit,
            offset,
            remembered: HashSet::new(),
            in_order: VecDeque::new(),
            ended: false,
        }
    }

    /// Where the next page begins; `None` at the end.
    #[must_use]
    pub fn next_offset(&self) -> Option<u64> {
        (!self.ended).then_some(self.offset)
    }

    /// Nothing more is asked for.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// Takes a page: what was in an earlier one, by its `key`, is left out of it. After a page that
    /// is shorter than the server's limit none follows, unless the server knows of more.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`](crate::ErrorKind::Unexpected) for a full page of nothing new: the
    /// server does not heed the offset, and the rest of the list cannot be had.
    pub fn take<T>(
        &mut self,
        mut page: Response<Vec<T>>,
        key: impl Fn(&T) -> Option<String>,
    ) -> Result<Response<Vec<T>>, Error> {
        let count = u64::try_from(page.data.len()).unwrap_or(u64::MAX);
        let paging = page.paging.unwrap_or_default();
        page.data.retain(|item| self.is_new(key(item)));
        let seen = self.offset.saturating_add(count);
        self.ended = count == 0
            || match paging.total.filter(|total| *total >= count) {
                Some(total) => seen >= total,
                None => count < self.page_limit(paging.limit),
            };
        if page.data.is_empty() && !self.ended {
            self.ended = true;
            return Err(Error::repeated_page(
                self.list,
                self.offset,
                page.correlation_id,
            ));
        }
        self.offset = seen;
        Ok(page)
    }

    /// How many a full page has.
    fn page_limit(&self, told: Option<u64>) -> u64 {
        let asked = u64::from(self.limit);
        told.filter(|limit| *limit > 0)
            .unwrap_or(u64::from(USUAL_LIMIT))
            .min(asked)
    }

    /// Remembers an item; whether it was not remembered before.
    fn is_new(&mut self, key: Option<String>) -> bool {
        let Some(key) = key else {
            return true;
        };
        if !self.remembered.insert(key.clone()) {
            return false;
        }
        self.in_order.push_back(key);
        if self.in_order.len() > MAX_REMEMBERED
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.remembered.remove(&oldest);
        }
        true
    }
}

impl core::fmt::Debug for Course {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Course({} from {})", self.list, self.offset)
    }
}

/// The way through the list that an operation returns.
pub struct Pages<O: Paged> {
    operation: O,
    course: Course,
}

impl<O: Paged> Pages<O> {
    /// From the offset that the operation has on, with pages as large as it says, or as may be.
    #[must_use]
    pub fn new(mut operation: O) -> Self {
        let (limit, offset) = operation.window();
        let limit = *limit.get_or_insert(O::MAX_LIMIT);
        let course = Course::new(O::INFO.id, limit, offset.unwrap_or_default());
        Self { operation, course }
    }

    /// The next page's operation; `None` at the end.
    // Not an iterator: each page is handed in before the next is asked for.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<O> {
        *self.operation.window().1 = Some(self.course.next_offset()?);
        Some(self.operation.clone())
    }

    /// Nothing more is asked for.
    pub fn end(&mut self) {
        self.course.end();
    }

    /// Takes a page, as [`Course::take`] does.
    ///
    /// # Errors
    /// As there.
    pub fn take(&mut self, page: Response<Vec<O::Item>>) -> Result<Response<Vec<O::Item>>, Error> {
        self.course.take(page, O::key)
    }
}

impl<O: Paged> core::fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Pages({:?})", self.course)
    }
}

//! Something that is told later, in any case.

/// Told once; where it is dropped before, `None` is.
pub struct Promise<T>(Option<Box<dyn FnOnce(Option<T>) + Send>>);

impl<T> Promise<T> {
    /// What to do with what is told.
    #[must_use]
    pub fn new(told: impl FnOnce(Option<T>) + Send + 'static) -> Self {
        Self(Some(Box::new(told)))
    }

    /// Tells it.
    pub fn keep(mut self, value: T) {
        if let Some(told) = self.0.take() {
            told(Some(value));
        }
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if let Some(told) = self.0.take() {
            told(None);
        }
    }
}

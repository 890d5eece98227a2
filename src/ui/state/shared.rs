//! A value that many views hold, compared by where it is.

use std::ops::Deref;
use std::rc::Rc;

/// A value that is not changed but replaced: two are equal if they are the same one.
///
/// The views compare their properties before they draw; with a list of a thousand exports among
/// them, `Rc` would compare every one of them in every frame.
#[derive(Debug)]
pub(crate) struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(value))
    }

    /// The value, to be changed: others that hold it keep what they have.
    pub(crate) fn make_mut(&mut self) -> &mut T
    where
        T: Clone,
    {
        // A new place, so that the views see that it is another value.
        self.0 = Rc::new(T::clone(&self.0));
        Rc::make_mut(&mut self.0)
    }
}

impl<T: Default> Default for Shared<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

//! A linear memory that lies elsewhere, as that of the browser's engine does.

use plugboard::linear::Elsewhere;
use std::cell::RefCell;

/// These bytes, to be had as copies only.
pub struct Apart(pub RefCell<Vec<u8>>);

impl Apart {
    pub fn new(bytes: &[u8]) -> Self {
        Self(RefCell::new(bytes.to_vec()))
    }
}

impl Elsewhere for Apart {
    fn size(&self) -> usize {
        self.0.borrow().len()
    }

    fn read(&self, at: usize, to: &mut [u8]) {
        let bytes = self.0.borrow();
        to.copy_from_slice(bytes.get(at..at + to.len()).expect("it is within the size"));
    }

    fn write(&self, at: usize, from: &[u8]) {
        let mut bytes = self.0.borrow_mut();
        let room = bytes.get_mut(at..at + from.len());
        room.expect("it is within the size").copy_from_slice(from);
    }
}

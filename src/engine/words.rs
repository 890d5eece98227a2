//! The bits that cross between a guest and its host.

/// Room for the bits of arguments or results: on the stack where there are as few as usual.
pub(super) struct Words {
    few: [u64; 16],
    many: Vec<u64>,
    count: usize,
}

impl Words {
    pub(super) fn new(count: usize) -> Self {
        let few = [0; 16];
        let many = match count > few.len() {
            true => vec![0; count],
            false => Vec::new(),
        };
        Self { few, many, count }
    }

    pub(super) fn get(&mut self) -> &mut [u64] {
        match self.few.get_mut(..self.count) {
            Some(few) => few,
            None => &mut self.many,
        }
    }
}

//! A text of bounded length, gathered where it does not lie in one piece.

/// The longest name or value of a contract that is observed; what is longer in a message is none of them.
pub const TEXT_BYTES_MAX: usize = 256;

#[derive(Debug, Clone)]
pub(super) struct Scratch {
    bytes: [u8; TEXT_BYTES_MAX],
    len: u16,
    is_full: bool,
}

impl Scratch {
    pub(super) const fn new() -> Self {
        Self {
            bytes: [0; TEXT_BYTES_MAX],
            len: 0,
            is_full: false,
        }
    }

    pub(super) fn clear(&mut self) {
        self.len = 0;
        self.is_full = false;
    }

    pub(super) fn push(&mut self, byte: u8) {
        self.extend(&[byte]);
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let len = usize::from(self.len);
        match self.bytes.get_mut(len..len + bytes.len()) {
            Some(room) if !self.is_full => {
                room.copy_from_slice(bytes);
                self.len += bytes.len() as u16;
            }
            _ => self.is_full = true,
        }
    }

    /// The text is none that can be compared: what comes further is not looked at.
    pub(super) fn spoil(&mut self) {
        self.is_full = true;
    }

    /// `None` for a text that is longer than any in a contract, or spoilt.
    pub(super) fn text(&self) -> Option<&[u8]> {
        (!self.is_full).then(|| &self.bytes[..usize::from(self.len)])
    }
}

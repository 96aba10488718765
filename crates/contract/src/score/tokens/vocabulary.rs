//! The ranks of the `o200k_base` vocabulary, found by the bytes of a token.

/// Every token in the order of its rank, each after a byte that holds its length: the ranks that the tiktoken project
/// publishes under the MIT licence (`o200k_base.LICENSE`), without their Base64.
static RANKED: &[u8] = include_bytes!("o200k_base.bin");

/// 200,000 tokens fill 38% of it.
const SLOT_COUNT: usize = 1 << 19;

const EMPTY: u32 = u32::MAX;

pub(super) struct Vocabulary {
    /// Open addressing with linear probing; a rank, or `EMPTY`.
    slots: Vec<u32>,
    /// Where the length byte of each rank lies in `RANKED`.
    offsets: Vec<u32>,
}

impl Vocabulary {
    pub(super) fn bundled() -> Self {
        let mut vocabulary = Self {
            slots: vec![EMPTY; SLOT_COUNT],
            offsets: Vec::with_capacity(200_000),
        };
        let mut at = 0;
        while at < RANKED.len() {
            let rank = vocabulary.offsets.len() as u32;
            vocabulary.offsets.push(at as u32);
            let slot = vocabulary.slot(token_at(at));
            vocabulary.slots[slot] = rank;
            at += 1 + RANKED[at] as usize;
        }
        vocabulary
    }

    pub(super) fn rank(&self, token: &[u8]) -> Option<u32> {
        let rank = self.slots[self.slot(token)];
        (rank != EMPTY).then_some(rank)
    }

    /// The slot that holds `token`, or the empty one where it would go.
    fn slot(&self, token: &[u8]) -> usize {
        let mut slot = hash(token) as usize % SLOT_COUNT;
        loop {
            let rank = self.slots[slot];
            if rank == EMPTY || token_at(self.offsets[rank as usize] as usize) == token {
                return slot;
            }
            slot = (slot + 1) % SLOT_COUNT;
        }
    }
}

fn token_at(offset: usize) -> &'static [u8] {
    let len = RANKED[offset] as usize;
    &RANKED[offset + 1..offset + 1 + len]
}

/// A multiplicative hash of eight bytes at a time; the table is fixed, so nobody can choose colliding tokens, and a
/// probe for a text outside of it ends at the next empty slot.
fn hash(token: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = token.len() as u64;
    for chunk in token.chunks(8) {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(23) ^ u64::from_le_bytes(bytes)).wrapping_mul(FACTOR);
    }
    hash ^ hash >> 32
}

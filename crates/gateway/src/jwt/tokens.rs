//! Verdicts on tokens that were verified before: one signature check per token and few minutes, not per request.

use adoption::Micros;
use ring::digest::{Context, SHA256};

use super::{TokenError, Verified, Verifier};

/// 1,024 sets of 4: as many agents and developers as one worker sees in a few minutes.
const SETS: usize = 1024;
const WAYS: usize = 4;
/// A token is looked at again after this long even if it lives longer.
const TRUST_S: i64 = 300;

/// Bounded; used by one thread. Holds claims and digests, never a token, and only of tokens that verified.
#[derive(Debug, Default)]
pub struct VerifiedTokens {
    /// Empty until the first token, then `SETS * WAYS` places.
    places: Vec<Option<Place>>,
}

#[derive(Debug)]
struct Place {
    /// SHA-256 of verifier, claim name and token: a new key set finds nothing of the old one.
    digest: [u8; 32],
    claim: String,
    until: Micros,
}

impl VerifiedTokens {
    /// The text of `claim` in `token` under `verifier`, as `Verifier::verify` gives it.
    pub fn claim(
        &mut self,
        verifier: &Verifier,
        token: &[u8],
        claim: &str,
        now: Micros,
    ) -> Result<&str, TokenError> {
        let digest = digest(verifier, token, claim);
        let index = match self.find(&digest, now) {
            Some(index) => index,
            None => self.insert(digest, verifier.verify(token, claim, now)?, now),
        };
        let place = self.places[index]
            .as_ref()
            .expect("the place was just found or filled");
        Ok(&place.claim)
    }

    fn find(&self, digest: &[u8; 32], now: Micros) -> Option<usize> {
        let first = first_way(digest);
        let ways = self.places.get(first..first + WAYS)?;
        let holds = |place: &Option<Place>| {
            place
                .as_ref()
                .is_some_and(|place| place.digest == *digest && now < place.until)
        };
        ways.iter().position(holds).map(|way| first + way)
    }

    fn insert(&mut self, digest: [u8; 32], verified: Verified, now: Micros) -> usize {
        if self.places.is_empty() {
            self.places.resize_with(SETS * WAYS, || None);
        }
        let first = first_way(&digest);
        let ways = &self.places[first..first + WAYS];
        // An empty place, or the one whose trust ends first.
        let soonest = |way: &usize| {
            ways[*way]
                .as_ref()
                .map_or(Micros(i64::MIN), |place| place.until)
        };
        let index = first + (0..WAYS).min_by_key(soonest).unwrap_or(0);

        let trusted = now.plus_seconds(TRUST_S);
        let until = verified.until.map_or(trusted, |until| until.min(trusted));
        self.places[index] = Some(Place {
            digest,
            claim: verified.claim,
            until,
        });
        index
    }
}

fn digest(verifier: &Verifier, token: &[u8], claim: &str) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(verifier.fingerprint());
    context.update(&(claim.len() as u64).to_le_bytes());
    context.update(claim.as_bytes());
    context.update(token);
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

fn first_way(digest: &[u8; 32]) -> usize {
    usize::from(u16::from_le_bytes([digest[0], digest[1]])) % SETS * WAYS
}

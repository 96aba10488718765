//! Randomness from the operating system: ids and keys.

use adoption::SecretKey;

use crate::error::ControlError;

/// A raw id: 64 random bits, none of the reserved values below 16.
pub(crate) fn raw_id() -> Result<u64, ControlError> {
    loop {
        let raw = getrandom::u64().map_err(ControlError::Random)?;
        if raw >= 16 {
            return Ok(raw);
        }
    }
}

/// A key of 30 characters, each equally likely: bytes from 248 (4 x 62) on are drawn again.
pub(crate) fn secret_key() -> Result<SecretKey, ControlError> {
    let mut random = [0; 30];
    let mut filled = 0;
    while filled < random.len() {
        let mut bytes = [0; 40];
        getrandom::fill(&mut bytes).map_err(ControlError::Random)?;
        for byte in bytes
            .into_iter()
            .filter(|byte| *byte < 248)
            .take(random.len() - filled)
        {
            random[filled] = byte % 62;
            filled += 1;
        }
    }
    Ok(SecretKey::from_random(random))
}

/// 32 random bytes in hexadecimal: the admin token.
pub(crate) fn token() -> Result<String, ControlError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(ControlError::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_well_formed_and_differ() {
        let (one, two) = (secret_key().unwrap(), secret_key().unwrap());
        assert_eq!(adoption::key::check(one.expose().as_bytes()), Ok(()));
        assert_ne!(one.expose(), two.expose());
        assert!(raw_id().unwrap() >= 16);
    }
}

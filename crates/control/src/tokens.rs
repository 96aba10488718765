//! The local admin token: a file that only its owner can read.

use std::fmt;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use subtle::ConstantTimeEq;

use crate::control::make_private_dir;
use crate::error::ControlError;
use crate::random;

pub(crate) const TOKEN_FILE: &str = "admin.token";
/// 128 bits in hexadecimal; a shorter one was cut or made by hand.
const LENGTH_MIN: usize = 32;

/// The token that the admin API asks for.
#[derive(Clone)]
pub struct AdminToken(String);

impl AdminToken {
    /// The text, for the one who prints it or sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `given` is the token; takes the same time wherever they differ.
    pub fn accepts(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(..)")
    }
}

/// The token of a data folder; made with mode 0600 when there is none.
/// Errors: `File`; `Invalid` when the file holds fewer than 32 characters.
pub fn local_token(data_dir: &Path) -> Result<AdminToken, ControlError> {
    make_private_dir(data_dir)?;
    let path = data_dir.join(TOKEN_FILE);
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path);
    let failed = |action| {
        let path = path.clone();
        move |source| ControlError::File {
            action,
            path,
            source,
        }
    };
    match made {
        Ok(mut file) => {
            let token = random::token()?;
            file.write_all(format!("{token}\n").as_bytes())
                .map_err(failed("write"))?;
            file.sync_all().map_err(failed("write"))?;
            Ok(AdminToken(token))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(&path).map_err(failed("read"))?;
            let token = text.trim();
            if token.len() < LENGTH_MIN {
                let message = format!(
                    "{} holds no token of {LENGTH_MIN} characters: remove it to make a new one",
                    path.display()
                );
                return Err(ControlError::Invalid {
                    field: "admin.token",
                    message,
                });
            }
            Ok(AdminToken(token.to_owned()))
        }
        Err(source) => Err(failed("make")(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_token_is_private_stable_and_compared_whole() {
        let dir = tempfile::tempdir().unwrap();
        let token = local_token(dir.path()).unwrap();
        assert_eq!(token.expose().len(), 64);
        assert_eq!(local_token(dir.path()).unwrap().expose(), token.expose());
        let mode = std::fs::metadata(dir.path().join(TOKEN_FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(token.accepts(token.expose().as_bytes()));
        for wrong in [
            "",
            "x",
            &token.expose()[1..],
            &format!("{}0", token.expose()),
        ] {
            assert!(!token.accepts(wrong.as_bytes()), "{wrong:?}");
        }
        assert_eq!(format!("{token:?}"), "AdminToken(..)");
    }

    #[test]
    fn a_cut_token_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(TOKEN_FILE), "short\n").unwrap();
        assert_eq!(local_token(dir.path()).unwrap_err().code(), "invalid_field");
    }
}

//! Is this the password, and is it one that may be chosen?

use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::fault::Fault;

/// Shortest that may be chosen (NIST SP 800-63B: length, nothing else).
const SHORTEST: usize = 12;
const LONGEST: usize = 256;

/// argon2id with the crate's parameters (19 MiB, two passes), as a PHC string.
pub(crate) fn hashed(password: &str) -> Result<String, Fault> {
    let random: Vec<u8> =
        [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].iter().flat_map(|id| *id.as_bytes()).collect();
    let salt = SaltString::encode_b64(&random).map_err(|_| Fault::Ours)?;
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| Fault::Ours)
}

/// `stored` is absent for accounts that are not there: the answer takes as long.
pub(crate) fn is_right(stored: Option<&str>, password: &str) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hashed("nobody's password").unwrap_or_default());
    let hash = stored.unwrap_or(&NOBODY);
    let fits = PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    fits && stored.is_some()
}

/// What speaks against a password, in words.
pub(crate) fn objection(password: &str, name: &str) -> Option<String> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let letters: std::collections::BTreeSet<char> = lower.chars().collect();
    if length < SHORTEST {
        return Some(format!("A password has at least {SHORTEST} characters; three or four words do well."));
    }
    if password.len() > LONGEST {
        return Some(format!("A password has at most {LONGEST} characters."));
    }
    if letters.len() < 5 || lower.contains(name) || lower.contains("password") || lower.contains("chartroom")
    {
        return Some(
            "This password is too easy to guess; take three or four words that do not belong together."
                .into(),
        );
    }
    None
}

/// A new secret for the second factor, base32.
pub(crate) fn new_totp() -> String {
    let random: Vec<u8> =
        [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].iter().flat_map(|id| *id.as_bytes()).collect();
    Secret::Raw(random[..20].to_vec()).to_encoded().to_string()
}

/// The time step of a code that is right now (or was, or will be, half a minute off); each counts once.
pub(crate) fn totp_step(secret: &str, code: &str) -> Option<u64> {
    let bytes = Secret::Encoded(secret.to_owned()).to_bytes().ok()?;
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, bytes).ok()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs() / 30;
    let typed: String = code.chars().filter(char::is_ascii_digit).collect();
    (now - 1..=now + 1).find(|step| totp.generate(step * 30) == typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_is_right_and_nobody_has_none() {
        let stored = hashed("three plain words").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(is_right(Some(&stored), "three plain words"));
        assert!(!is_right(Some(&stored), "three plain word"));
        assert!(!is_right(None, "nobody's password"));
    }

    #[test]
    fn what_is_easy_to_guess_is_refused_with_a_reason() {
        for bad in ["short", "aaaaaaaaaaaaaaaa", "lopez lopez lopez", "my password 2026"] {
            assert!(objection(bad, "lopez").is_some(), "{bad}");
        }
        assert_eq!(objection("copper violin sandbar", "lopez"), None);
    }

    #[test]
    fn a_code_is_right_at_its_time_only() {
        let secret = new_totp();
        let bytes = Secret::Encoded(secret.clone()).to_bytes().unwrap();
        let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, bytes).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let step = totp_step(&secret, &totp.generate(now)).unwrap();
        assert!(step.abs_diff(now / 30) <= 1);
        assert_eq!(totp_step(&secret, &totp.generate(now - 300)), None);
        assert_eq!(totp_step(&secret, ""), None);
    }
}

//! Passwords: argon2id with the OWASP minimum, off the async threads, and never so many at once that nothing else gets on.

mod guessable;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use engine::text::Fault;
use tokio::sync::Semaphore;

use crate::service::Refusal;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
/// How many may wait for a core before others are told to come again.
const QUEUE: usize = 64;
/// In bytes, so that no input makes hashing slow.
const LONGEST: usize = 256;
/// In characters; a workspace may ask for more.
pub const SHORTEST: usize = 10;

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// The hash of a password that nobody has: an unknown account takes as long to refuse as a known one.
    nobody: Arc<str>,
    /// How often one was hashed or checked so far.
    runs: Arc<AtomicU64>,
}

impl Passwords {
    /// # Errors
    /// When the machine gives no randomness.
    pub fn new() -> Result<Passwords, Refusal> {
        // One core is left for those who are not signing in.
        let cores = std::thread::available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
        Ok(Passwords {
            running: Arc::new(Semaphore::new(cores)),
            waiting: Arc::new(Semaphore::new(cores + QUEUE)),
            nobody: hash(b"nobody has this password")?.into(),
            runs: Arc::default(),
        })
    }

    /// The text to store for a new `password` of somebody: `asked` is what their workspace asks of it, `about` what
    /// everybody knows of them. A new password comes in by no other way, so that none is held against less.
    ///
    /// # Errors
    /// `too_short`, `too_long` and `too_common` at `path`; busy when too many are being hashed.
    pub async fn hash(
        &self,
        password: &str,
        asked: wire::PasswordPolicy,
        about: &[&str],
        path: &str,
    ) -> Result<String, Refusal> {
        check(password, asked, about, path)?;
        self.hash_known(password).await
    }

    /// The text to store for a password that its owner has already.
    ///
    /// # Errors
    /// Busy when too many are being hashed.
    pub async fn hash_known(&self, password: &str) -> Result<String, Refusal> {
        let password = password.to_string();
        self.run(move || hash(password.as_bytes())).await?
    }

    /// Whether `password` is the one that was hashed. Without a hash the answer is no, after the same time.
    pub async fn verify(&self, password: &str, hashed: Option<&str>) -> Result<bool, Refusal> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let known = hashed.is_some();
        let hashed = hashed.unwrap_or(&self.nobody).to_string();
        let password = password.to_string();
        let matches = self
            .run(move || {
                let hashed =
                    PasswordHash::new(&hashed).map_err(|error| Refusal::internal(error.to_string()))?;
                Ok::<bool, Refusal>(hasher()?.verify_password(password.as_bytes(), &hashed).is_ok())
            })
            .await??;
        Ok(matches && known)
    }

    /// What signing in costs, in a figure that no other program on the machine changes.
    #[cfg(test)]
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let _place = self.waiting.try_acquire().map_err(|_| Refusal::busy())?;
        let _core = self.running.acquire().await.map_err(Refusal::internal)?;
        self.runs.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(work).await.map_err(Refusal::internal)
    }
}

/// Whether a hash was made with what is asked for today.
pub fn is_current(hashed: &str) -> bool {
    hashed.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$"))
}

/// Whether somebody may take this password.
fn check(password: &str, asked: wire::PasswordPolicy, about: &[&str], path: &str) -> Result<(), Refusal> {
    let least = usize::try_from(asked.min_length).unwrap_or(usize::MAX).max(SHORTEST);
    if password.chars().count() < least {
        return Err(Refusal::invalid(vec![Fault::new(path, "too_short").arg("min", least)]));
    }
    if password.len() > LONGEST {
        return Err(Refusal::invalid(vec![Fault::new(path, "too_long").arg("max", LONGEST)]));
    }
    if guessable::is_guessable(password, about) {
        return Err(Refusal::fault(path, "too_common"));
    }
    Ok(())
}

fn hasher() -> Result<Argon2<'static>, Refusal> {
    let params =
        Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| Refusal::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8]) -> Result<String, Refusal> {
    let hashed = hasher()?.hash_password(password).map_err(|error| Refusal::internal(error.to_string()))?;
    Ok(hashed.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use futures::future::join_all;

    use super::*;

    /// What a workspace asks for that has said nothing.
    const USUAL: wire::PasswordPolicy = wire::PasswordPolicy { min_length: 10 };

    #[tokio::test]
    async fn c18_a_password_is_known_again_and_another_is_not() {
        let passwords = Passwords::new().unwrap();
        let hashed = passwords.hash("correct horse", USUAL, &[], "password").await.unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(is_current(&hashed) && !is_current("$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$aGFzaA"));
        assert!(passwords.verify("correct horse", Some(&hashed)).await.unwrap());
        assert!(!passwords.verify("correct house", Some(&hashed)).await.unwrap());
        assert!(!passwords.verify("nobody has this password", None).await.unwrap());
    }

    /// However many come: each core but one has one to hash, some wait, and the others are told at once.
    #[tokio::test]
    async fn t70_only_so_many_are_hashed_at_once_and_only_so_many_wait() {
        let passwords = Passwords::new().unwrap();
        let cores = passwords.running.available_permits();
        assert_eq!(passwords.waiting.available_permits(), cores + QUEUE);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let work = || {
            let (now, most) = (now.clone(), most.clone());
            passwords.run(move || {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(2));
                now.fetch_sub(1, Ordering::SeqCst);
            })
        };
        let done = join_all((0..cores + QUEUE + 10).map(|_| work())).await;
        let sent_away = done.iter().filter(|done| done.is_err()).count();
        assert_eq!(sent_away, 10);
        assert!(most.load(Ordering::SeqCst) <= cores, "{most:?} at once");
        assert!(
            done.iter().flat_map(|done| done.as_ref().err()).all(|refused| refused.retry_after.is_some())
        );
        assert!(work().await.is_ok());
    }

    #[tokio::test]
    async fn short_and_endless_passwords_are_refused() {
        let passwords = Passwords::new().unwrap();
        let refused = passwords.hash("123456789", USUAL, &[], "password").await.unwrap_err();
        assert_eq!(refused.faults[0].code, "too_short");
        let more = wire::PasswordPolicy { min_length: 14 };
        let refused = passwords.hash("correct horse", more, &[], "password").await.unwrap_err();
        assert_eq!(refused.faults[0].code, "too_short");
        let refused = passwords.hash(&"x".repeat(257), USUAL, &[], "password").await.unwrap_err();
        assert_eq!(refused.faults[0].code, "too_long");
        let refused = passwords.hash("Password2026", USUAL, &[], "password").await.unwrap_err();
        assert_eq!(refused.faults[0].code, "too_common");
    }
}

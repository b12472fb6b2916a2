//! Whether a message comes from its sender, and now (reliability.md T64).

use std::fmt;

use data_encoding::BASE64;
use engine::value::Timestamp;
use jiff::SignedDuration;
use ring::hmac;
use wire::HookProof;

use crate::service::people::secret::same;
use crate::service::secrets::key_in;
use crate::service::{Cause, Refusal};

/// How far the clock of a sender may be from ours, and how old a message may be that somebody sends again.
const APART: SignedDuration = SignedDuration::from_mins(5);
/// Signatures of one message that are looked at: more than there are secrets.
const MOST_SIGNATURES: usize = 8;
/// Letters of a message's name.
const LONGEST_NAME: usize = 200;

/// What comes with a message, and shows where it comes from.
#[derive(Clone, Default)]
pub struct Shown {
    /// `webhook-id`
    pub name: Option<String>,
    /// `webhook-timestamp`
    pub at: Option<String>,
    /// `webhook-signature`
    pub signature: Option<String>,
    /// What stands behind `Bearer` in `Authorization`.
    pub bearer: Option<String>,
}

/// Without what proves anything, whoever prints it.
impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown").field("name", &self.name).field("at", &self.at).finish_non_exhaustive()
    }
}

impl Shown {
    /// Holds it against the secrets that are good.
    ///
    /// # Errors
    /// `bad_signature` or `wrong_secret`; `stale_message` for one that is signed and too old, or from a time to come.
    pub fn check(
        &self,
        proof: HookProof,
        secrets: &[String],
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        match proof {
            HookProof::Sign => {
                let name = self.name.as_deref().filter(|name| is_name(name)).ok_or_else(bad_signature)?;
                let at = self.at.as_deref().ok_or_else(bad_signature)?;
                let signature = self.signature.as_deref().ok_or_else(bad_signature)?;
                if !is_signed(secrets, (name, at), body, signature) {
                    return Err(bad_signature());
                }
                check_time(at, now)
            }
            HookProof::Bearer => {
                let given = self.bearer.as_deref().unwrap_or_default();
                // All are looked at: how long it takes tells nothing of which.
                let is_known = secrets.iter().fold(false, |known, secret| known | same(given, secret));
                if !is_known {
                    return Err(Refusal::new(Cause::SignIn, "wrong_secret"));
                }
                if self.name.as_deref().is_some_and(|name| !is_name(name)) {
                    return Err(Refusal::fault("webhook-id", "bad_message_id"));
                }
                self.at.as_deref().map_or(Ok(()), |at| check_time(at, now))
            }
        }
    }
}

fn bad_signature() -> Refusal {
    Refusal::new(Cause::SignIn, "bad_signature")
}

/// Whether a message can be called so: letters, digits and signs without blanks.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_graphic())
}

fn check_time(at: &str, now: Timestamp) -> Result<(), Refusal> {
    let stale = || Refusal::new(Cause::SignIn, "stale_message");
    let at = at.parse().ok().and_then(|at| Timestamp::from_second(at).ok()).ok_or_else(stale)?;
    if now.duration_since(at).abs() > APART { Err(stale()) } else { Ok(()) }
}

/// Whether one of the signatures is of one of the secrets, as Standard Webhooks have them.
fn is_signed(secrets: &[String], (name, at): (&str, &str), body: &[u8], signatures: &str) -> bool {
    let mut signed = format!("{name}.{at}.").into_bytes();
    signed.extend_from_slice(body);
    let keys: Vec<hmac::Key> = secrets
        .iter()
        .filter_map(|secret| key_in(secret))
        .map(|key| hmac::Key::new(hmac::HMAC_SHA256, &key))
        .collect();
    let tags =
        signatures.split(' ').filter_map(|one| BASE64.decode(one.strip_prefix("v1,")?.as_bytes()).ok());
    tags.take(MOST_SIGNATURES).any(|tag| keys.iter().any(|key| hmac::verify(key, &signed, &tag).is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the standard.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = b"{\"test\": 2432232314}";
    const NAME: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT: i64 = 1_614_265_330;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn shown() -> Shown {
        Shown {
            name: Some(NAME.into()),
            at: Some(AT.to_string()),
            signature: Some(SIGNATURE.into()),
            bearer: None,
        }
    }

    fn code(shown: &Shown, secrets: &[&str], body: &[u8], seconds: i64) -> &'static str {
        let secrets: Vec<String> = secrets.iter().map(|secret| (*secret).to_string()).collect();
        let now = Timestamp::from_second(AT + seconds).unwrap();
        shown.check(HookProof::Sign, &secrets, body, now).err().map_or("taken", |refusal| refusal.code)
    }

    #[test]
    fn t64_a_signature_is_that_of_standard_webhooks() {
        let other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert_eq!(code(&shown(), &[SECRET], BODY, 0), "taken");
        // While the sender changes to another secret both are good, and it may sign with both.
        assert_eq!(code(&shown(), &[other, SECRET], BODY, 0), "taken");
        let both = Shown { signature: Some(format!("v1a,xyz v1,AAAA {SIGNATURE}")), ..shown() };
        assert_eq!(code(&both, &[SECRET], BODY, 0), "taken");
        for secrets in [&[other][..], &[], &["no key"]] {
            assert_eq!(code(&shown(), secrets, BODY, 0), "bad_signature");
        }
        assert_eq!(code(&shown(), &[SECRET], b"{\"test\": 2432232315}", 0), "bad_signature");
        let forged = [
            Shown { name: Some("msg_other".into()), ..shown() },
            Shown { at: Some((AT + 1).to_string()), ..shown() },
            Shown { signature: Some("v1,".into()), ..shown() },
            Shown { signature: Some(SIGNATURE.replace("v1,", "v2,")), ..shown() },
            Shown { signature: Some(SIGNATURE.replace("v1,", "")), ..shown() },
            Shown { name: None, ..shown() },
            Shown { at: None, ..shown() },
            Shown { signature: None, ..shown() },
            Shown { bearer: Some(SECRET.into()), signature: None, ..shown() },
        ];
        for forged in forged {
            assert_eq!(code(&forged, &[SECRET], BODY, 0), "bad_signature", "{forged:?}");
        }
    }

    #[test]
    fn t62_nobody_prints_what_proves_a_message() {
        let printed = format!("{:?}", Shown { bearer: Some("canary".into()), ..shown() });
        assert!(printed.contains(NAME), "{printed}");
        assert!(!printed.contains("canary") && !printed.contains(SIGNATURE), "{printed}");
        let id = "0sbqd00000001";
        let hook = serde_json::json!({"id": id, "version": 1, "form": id, "name": "Shop", "token": "canary-1",
            "url": "https://forms.example.com/canary-2", "proof": "sign", "secret": "canary-3", "secrets": 1,
            "secret_at": "", "on": true, "mode": "create", "map": [], "start_flow": true, "unfilled": [],
            "created_at": "", "created_by": {"id": id, "name": "Ada"}});
        let hook: wire::Hook = serde_json::from_value(hook).unwrap();
        let printed = format!("{hook:?}");
        assert!(printed.contains("Shop") && !printed.contains("canary"), "{printed}");
    }

    #[test]
    fn t64_a_message_is_five_minutes_old_at_most() {
        for (seconds, expected) in [
            (300, "taken"),
            (-300, "taken"),
            (301, "stale_message"),
            (-301, "stale_message"),
            (10_000_000, "stale_message"),
        ] {
            assert_eq!(code(&shown(), &[SECRET], BODY, seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn t64_a_sender_that_signs_nothing_brings_the_secret() {
        let now = Timestamp::from_second(AT).unwrap();
        let secrets = ["new".to_string(), "old".to_string()];
        let with = |shown: Shown| {
            let checked = shown.check(HookProof::Bearer, &secrets, BODY, now);
            checked.err().map_or("taken", |refusal| refusal.code)
        };
        let bearer = |bearer: &str| Shown { bearer: Some(bearer.into()), ..Shown::default() };
        assert_eq!((with(bearer("new")), with(bearer("old"))), ("taken", "taken"));
        for wrong in ["", "ne", "new ", "neww"] {
            assert_eq!(with(bearer(wrong)), "wrong_secret", "{wrong:?}");
        }
        assert_eq!(with(Shown::default()), "wrong_secret");
        // What it says of itself is held against the clock all the same.
        assert_eq!(with(Shown { at: Some((AT - 400).to_string()), ..bearer("new") }), "stale_message");
        assert_eq!(with(Shown { at: Some("now".into()), ..bearer("new") }), "stale_message");
        assert_eq!(with(Shown { name: Some("a b".into()), ..bearer("new") }), "validation");
    }
}

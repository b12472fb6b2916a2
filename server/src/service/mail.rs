//! Letters: written in the transaction of what they tell of, sent after it, and tried again while a mail server is away.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};
use store::mail::Mail;
use store::{Tx, ids};
use tokio::sync::Mutex;

use super::people::Caller;
use super::seal::Seal;
use super::{Cause, Installation, Refusal};
use crate::service::clock;
use crate::settings::MailServer;

/// How long a mail server may take over one letter.
const PATIENCE: Duration = Duration::from_secs(20);
/// Who took letters and fell silent has not sent them: after this long others do. More than a batch takes.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// Letters that are taken at once.
const BATCH: i64 = 20;
/// What a sealed letter is good for.
const BOUND: &str = "mail";

/// Brings letters to the mail server.
#[derive(Clone)]
pub struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Held by the one who is on the way.
    underway: Arc<Mutex<()>>,
}

impl Postman {
    /// # Errors
    /// `bad_mail_server` when the server's address or the sender's is none.
    pub fn of(server: &MailServer) -> Result<Postman, Refusal> {
        let from = server.from.parse::<Mailbox>().map_err(|_| unusable("--mail-from"))?;
        let builder =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(&server.url).map_err(|_| unusable("--smtp"))?;
        let transport = builder.timeout(Some(PATIENCE)).build();
        Ok(Postman { transport, from, underway: Arc::default() })
    }

    async fn send(&self, letter: &Letter) -> Result<(), Refusal> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse::<Mailbox>().map_err(Refusal::internal)?)
            .subject(letter.subject.as_str())
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(Refusal::internal)?;
        self.transport.send(message).await.map(drop).map_err(Refusal::internal)
    }
}

/// Without the address itself: there may be a password in it.
fn unusable(option: &str) -> Refusal {
    Refusal::new(Cause::Invalid, "bad_mail_server").arg("option", option)
}

/// A letter to one person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Writes a letter that is sent once the transaction is done, and is no use any more after `lives`.
///
/// # Errors
/// When it can't be sealed or stored.
pub async fn post(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    letter: &Letter,
    lives: SignedDuration,
) -> Result<(), Refusal> {
    let text = serde_json::to_string(letter).map_err(Refusal::internal)?;
    let now = clock::now();
    let mail = Mail {
        workspace: caller.workspace_id(),
        id: ids::next(),
        sealed: installation.seal.close(&text, BOUND)?,
        due_at: now,
        expires_at: now.checked_add(lives).map_err(Refusal::internal)?,
        attempts: 0,
    };
    Ok(mail.insert(tx).await?)
}

/// Seals every letter anew that waits to be sent.
///
/// # Errors
/// When the database can't be read or written.
pub async fn seal_anew(tx: &mut Tx, seal: &Seal) -> Result<(), Refusal> {
    for mail in Mail::everywhere(tx).await? {
        if let Some(sealed) = seal.anew(&mail.sealed, BOUND)? {
            Mail { sealed, ..mail }.update(tx).await?;
        }
    }
    Ok(())
}

/// Removes every letter that waits to be sent; gives how many there were.
///
/// # Errors
/// When the database can't be written.
pub async fn forget_all(tx: &mut Tx) -> Result<u64, Refusal> {
    Ok(Mail::forget_everywhere(tx).await?)
}

/// Whether a letter is to be sent now, and there is who sends it.
///
/// # Errors
/// When the database can't be read.
pub async fn is_due(installation: &Installation) -> Result<bool, Refusal> {
    let Some(postman) = &installation.postman else { return Ok(false) };
    if postman.underway.try_lock().is_err() {
        return Ok(false);
    }
    Ok(Mail::is_due(&mut installation.store.read().await?, clock::now()).await?)
}

/// Sends what is due. What can't be sent is tried again later, at ever longer intervals.
pub async fn send_due(installation: Installation) {
    let Some(postman) = installation.postman.clone() else { return };
    let Ok(_underway) = postman.underway.try_lock() else { return };
    loop {
        match send_some(&installation, &postman).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(code = error.code, "letters could not be looked through");
                return;
            }
        }
    }
}

async fn send_some(installation: &Installation, postman: &Postman) -> Result<usize, Refusal> {
    let now = clock::now();
    let until = now.checked_add(LEASE).map_err(Refusal::internal)?;
    let taken = installation
        .write(move |tx| {
            Box::pin(async move {
                Mail::purge(tx, now).await?;
                Ok(Mail::take(tx, now, until, BATCH).await?)
            })
        })
        .await?;
    for mail in &taken {
        let letter = installation.seal.open(&mail.sealed, BOUND);
        let letter: Option<Letter> = letter.and_then(|text| serde_json::from_str(&text).ok());
        let outcome = match &letter {
            Some(letter) => postman.send(letter).await,
            // Nobody will ever read it.
            None => Ok(()),
        };
        if let Err(error) = &outcome {
            tracing::warn!(problem = %error, attempts = mail.attempts, "a letter could not be sent");
        }
        settle(installation, mail.clone(), outcome.is_ok()).await?;
    }
    Ok(taken.len())
}

/// Removes what was sent, and puts off what was not.
async fn settle(installation: &Installation, mail: Mail, is_sent: bool) -> Result<(), Refusal> {
    let wait = SignedDuration::from_secs(5_i64 << mail.attempts.clamp(0, 8));
    let due_at = clock::now().checked_add(wait).map_err(Refusal::internal)?;
    installation
        .write(move |tx| {
            Box::pin(async move {
                if is_sent {
                    Mail::delete(tx, mail.workspace, mail.id).await?;
                    return Ok(());
                }
                match (Mail { due_at, ..mail }).update(tx).await {
                    // Its time was over meanwhile.
                    Err(store::Error::NotFound { .. }) => Ok(()),
                    other => Ok(other?),
                }
            })
        })
        .await
}

//! Commands that act on the data folder: done here when no server runs, else by the running server, over its socket.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use engine::text::Language;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::data_folder::{DataFolder, DataFolderError};
use crate::service::operator::{Operation, Order, Outcome, run};
use crate::service::{Cause, Installation, Refusal, upkeep};
use crate::settings::{Options, Settings};
use crate::texts::{accepted, texts};

/// What the server says to an order, one line each way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Said {
    Done(String),
    /// An examination found something: what is printed, and what it comes to in one sentence.
    Wrong {
        found: String,
        problem: String,
    },
    Refused(String),
}

/// Has `operation` done, and prints what it gives.
pub fn execute(options: Options, operation: Operation) -> super::Outcome {
    let settings = Settings::read(options)?;
    let order = Order { language: language(), operation };
    let runtime = super::runtime()?;
    let said = runtime.block_on(async {
        match DataFolder::lock(&settings.data) {
            Ok(_folder) => {
                let installation = if order.operation.examines() {
                    Installation::open_as_it_is(settings).await
                } else {
                    Installation::open(settings).await
                };
                let installation = installation.map_err(|refusal| words(refusal, order.language))?;
                if order.operation.examines() {
                    // A server that was killed has left the entries of its last second open.
                    if let Err(refusal) = upkeep::seal_all(&installation).await {
                        eprintln!("formwork: {}", words(refusal, order.language));
                    }
                }
                let said = answer(&installation, order).await;
                installation.store.close().await;
                Ok(said)
            }
            Err(DataFolderError::InUse(data)) => ask(&data, &order).await,
            Err(error) => Err(error.into()),
        }
    })?;
    match said {
        Said::Done(text) => {
            println!("{text}");
            Ok(())
        }
        Said::Wrong { found, problem } => {
            println!("{found}");
            Err(problem.into())
        }
        Said::Refused(text) => Err(text.into()),
    }
}

/// Listens for orders on a socket in the data folder that only this user can open.
pub fn listen(installation: Installation, data: &Path) -> io::Result<()> {
    let socket = DataFolder::socket(data);
    match fs::remove_file(&socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(&socket)?;
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o600))?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let installation = installation.clone();
            tokio::spawn(async move {
                if let Err(error) = serve_one(&installation, stream).await {
                    tracing::warn!(%error, "an operator's order broke off");
                }
            });
        }
    });
    Ok(())
}

async fn serve_one(installation: &Installation, stream: UnixStream) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reader).read_line(&mut line).await?;
    let said = match serde_json::from_str(&line) {
        Ok(order) => answer(installation, order).await,
        Err(error) => Said::Refused(error.to_string()),
    };
    writer.write_all(serde_json::to_string(&said)?.as_bytes()).await?;
    writer.write_all(b"\n").await
}

async fn answer(installation: &Installation, order: Order) -> Said {
    let (language, next) = (order.language, next(&order.operation));
    match run(installation, order).await {
        Ok(Outcome { text, problem: None }) => Said::Done(text),
        Ok(Outcome { text, problem: Some(problem) }) => Said::Wrong { found: text, problem },
        Err(refusal) => Said::Refused(advised(refusal, next, language)),
    }
}

/// The text that says what to do when this was refused.
fn next(operation: &Operation) -> Option<&'static str> {
    match operation {
        Operation::CreateAdministrator { .. } => Some("next-administrator"),
        Operation::CreateWorkspace { .. } => Some("next-workspace"),
        Operation::InstallTemplate { .. } => Some("next-template"),
        Operation::CreateToken { .. } => Some("next-token"),
        Operation::ListTemplates | Operation::Doctor | Operation::VerifyAudit => None,
    }
}

/// A refusal in one line, with what to do next where nothing of it says so already.
fn advised(refusal: Refusal, next: Option<&str>, language: Language) -> String {
    let is_ours = matches!(refusal.cause, Cause::Internal | Cause::Busy | Cause::DiskFull);
    let next = next.filter(|_| !is_ours && refusal.code != "no_administrator");
    let next = next.and_then(|key| texts(language).get(key, &BTreeMap::new()));
    let space = if language == Language::En { " " } else { "" };
    let words = words(refusal, language);
    next.map_or(words.clone(), |next| format!("{words}{space}{next}"))
}

/// A refusal in one line.
pub fn words(refusal: Refusal, language: Language) -> String {
    let log = refusal.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
    let document = refusal.document(language);
    let detail = document.get("detail").and_then(|detail| detail.as_str()).unwrap_or_default();
    format!("{detail}{log}")
}

async fn ask(data: &Path, order: &Order) -> Result<Said, Box<dyn std::error::Error + Send + Sync>> {
    let socket = DataFolder::socket(data);
    let stream = UnixStream::connect(&socket).await.map_err(|error| {
        format!("the data folder {} is in use, but its server does not answer: {error}", data.display())
    })?;
    let (reader, mut writer) = stream.into_split();
    writer.write_all(serde_json::to_string(order)?.as_bytes()).await?;
    writer.write_all(b"\n").await?;
    let mut line = String::new();
    BufReader::new(reader).read_line(&mut line).await?;
    Ok(serde_json::from_str(&line)?)
}

/// The language of the terminal.
pub fn language() -> Language {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    let tag = named.as_deref().and_then(|value| value.split('.').next()).filter(|tag| tag.starts_with("zh"));
    tag.map_or(Language::En, |tag| accepted(Some(&tag.replace('_', "-"))))
}

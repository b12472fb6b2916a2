//! Forms that visitors fill in by a public link. None of these calls needs a session, and none asks anybody to sign in.

use std::sync::Arc;

use engine::field::Regions;
use leptos::prelude::*;
use web_sys::File;
use wire::records::OptionItem;
use wire::{PublicAnswer, PublicForm, PublicOpen, PublicTaken, StoredFile};

use super::forms::{self, OpenForm};
use super::{Call, Page, Problem, files, regions, segment};

/// What a visitor shows for whatever they ask or send: the link, and what was given out with the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    pub token: String,
    pub ticket: String,
}

/// Who fills in a form: it decides where its files go, and where lists come from. Cheap to copy.
#[derive(Clone, Copy)]
pub enum FilledBy {
    /// Somebody who is signed in.
    Member,
    /// Somebody with a public link.
    Visitor(StoredValue<Visit>),
}

impl FilledBy {
    pub fn is_visitor(self) -> bool {
        matches!(self, FilledBy::Visitor(_))
    }

    /// Sends a file; `on_progress` hears bytes sent and bytes altogether.
    ///
    /// # Errors
    /// What the server refused.
    pub async fn upload(
        self,
        file: &File,
        on_progress: impl Fn(u64, u64) + 'static,
    ) -> Result<StoredFile, Problem> {
        match self {
            FilledBy::Member => files::upload(file, on_progress).await,
            FilledBy::Visitor(visit) => {
                let Visit { token, ticket } = visit.get_value();
                let address = format!("/api/v1{}/files", base(&token));
                files::upload_with_ticket(&address, &ticket, file, on_progress).await
            }
        }
    }

    /// The list of regions with a name, `PACKAGE/KEY`.
    ///
    /// # Errors
    /// What the server refused.
    pub async fn regions(self, name: &str) -> Result<Arc<Regions>, Problem> {
        match self {
            FilledBy::Member => regions::regions(name).await,
            FilledBy::Visitor(visit) => {
                let Visit { token, ticket } = visit.get_value();
                regions::by(name, |path| {
                    Call::get(format!("{}{path}", base(&token))).ticket(&ticket).without_renewal()
                })
                .await
            }
        }
    }
}

/// A public form, ready for the engine, and what was said about it.
#[derive(Clone)]
pub struct OpenLink {
    pub form: OpenForm,
    pub said: PublicForm,
}

fn base(token: &str) -> String {
    format!("/public/{}", segment(token))
}

/// Asks for the form of a link; with the password where the link has one.
///
/// # Errors
/// `password_required`, `wrong_password`, and why the link takes no answers.
pub async fn open(token: &str, password: Option<&str>) -> Result<OpenLink, Problem> {
    let call = match password {
        None => Call::get(base(token)),
        Some(password) => {
            let input = PublicOpen { password: Some(password.to_string()) };
            Call::post(format!("{}/open", base(token))).json(&input)
        }
    };
    let said: PublicForm = call.without_renewal().send().await?;
    let form = forms::build(said.form.clone()).ok_or_else(forms::not_understood)?;
    Ok(OpenLink { form, said })
}

/// Sends an answer, as soon as the server is there. By the ticket it knows a repetition.
///
/// # Errors
/// What the server refused.
pub async fn answer(visit: &Visit, answer: &PublicAnswer) -> Result<PublicTaken, Problem> {
    let call = Call::post(format!("{}/answers", base(&visit.token))).idempotency_key(&visit.ticket);
    call.ticket(&visit.ticket).json(answer).until_answered().without_renewal().send().await
}

/// What a field or column that asks another form offers for what was typed.
///
/// # Errors
/// What the server refused.
pub async fn options(visit: &Visit, field: &str, text: &str) -> Result<Vec<OptionItem>, Problem> {
    let call = Call::get(format!("{}/fields/{}/options", base(&visit.token), segment(field)));
    let page: Page<OptionItem> = call.query("q", text).ticket(&visit.ticket).without_renewal().send().await?;
    Ok(page.items)
}

//! Public links: somebody without an account fills in a form (docs/decisions/0068).
//!
//! Administrators of a form make them ([`change`]). A visitor is known by the link's token alone ([`visit`]), and gets a ticket
//! for one answer with the form ([`ticket`]): files that they send are that ticket's until the answer takes them, and the answer
//! is taken once ([`answer`]).

pub mod answer;
pub mod change;
pub mod embed;
pub mod pace;
mod parameters;
mod ticket;
pub mod visit;

use engine::text::{Label, Language};
use engine::value::{Id, Timestamp, format_timestamp};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::public_link::PublicLink;
use wire::records::Fields;
use wire::{Link, LinkKind, LinkState};

use super::designs::stored;
use super::people::Directory;
use super::people::members::person;
use super::seal::Seal;
use super::{Installation, Refusal};

/// The pages of links, before their tokens.
pub const PAGE: &str = "/f/";
/// What visitors ask the server, before the token.
pub const ADDRESS: &str = "/api/v1/public/";
/// Bytes of a file that a visitor sends.
pub const LARGEST_FILE: u64 = 20 << 20;

/// What a visitor may do, as their link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    pub link: Id,
    /// The form that it makes records of.
    pub form: Id,
    /// The fields that the visitor fills in.
    pub fields: Vec<String>,
    /// Those of them and of their columns that show records of other forms.
    pub lookups: Vec<String>,
    /// What the link gives.
    pub values: Fields,
    /// The answer that is being filled in.
    pub ticket: Option<Id>,
}

/// What a link offers and says, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Offer {
    fields: Vec<String>,
    lookups: Vec<String>,
    values: Fields,
    heading: Option<Label>,
    intro: Option<Label>,
    thanks: Option<Label>,
    again: bool,
    language: Option<Language>,
    /// Origins of pages that show it in a frame.
    embed: Vec<String>,
}

impl Offer {
    fn of(row: &PublicLink) -> Result<Offer, Refusal> {
        stored("public_link", &row.document)
    }

    /// What a visitor may do by it.
    fn pass(&self, row: &PublicLink) -> Pass {
        Pass {
            link: row.id,
            form: row.form,
            fields: self.fields.clone(),
            lookups: self.lookups.clone(),
            values: self.values.clone(),
            ticket: None,
        }
    }
}

/// Whether a link lets anybody in at this moment.
fn state(row: &PublicLink, now: Timestamp) -> LinkState {
    if row.revoked_at.is_some() {
        LinkState::Revoked
    } else if !row.is_on {
        LinkState::Off
    } else if row.expires_at.is_some_and(|end| end <= now) {
        LinkState::Expired
    } else if row.answer_limit.is_some_and(|limit| row.answers >= limit) {
        LinkState::Full
    } else {
        LinkState::Open
    }
}

/// What a sealed token is good for.
fn bound(row: &PublicLink) -> String {
    format!("token of link {}", row.id)
}

/// A link for those who administer its form.
fn view(
    installation: &Installation,
    people: &Directory,
    row: &PublicLink,
    now: Timestamp,
) -> Result<Link, Refusal> {
    let offer = Offer::of(row)?;
    let token = row.sealed.as_deref().and_then(|sealed| installation.seal.open(sealed, &bound(row)));
    let token = token.filter(|_| row.revoked_at.is_none());
    let url = token.as_ref().map(|token| format!("{}{PAGE}{token}", installation.settings.base_url));
    let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Link {
        id: row.id,
        version: row.version,
        form: row.form,
        kind: LinkKind::Fill,
        name: row.name.clone(),
        token,
        url,
        state: state(row, now),
        on: row.is_on,
        password: row.password_hash.is_some(),
        expires: row.expires_at.map(format_timestamp),
        limit: row.answer_limit.map(small),
        answers: small(row.answers),
        fields: offer.fields,
        lookups: offer.lookups,
        values: offer.values,
        heading: offer.heading,
        intro: offer.intro,
        thanks: offer.thanks,
        again: offer.again,
        language: offer.language,
        embed: offer.embed,
        created_at: format_timestamp(row.created_at),
        created_by: person(people, row.created_by.unwrap_or(row.id)),
        answered_at: row.answered_at.map(format_timestamp),
    })
}

/// Seals every token anew.
///
/// # Errors
/// When the database can't be read or written.
pub async fn seal_anew(tx: &mut Tx, seal: &Seal) -> Result<(), Refusal> {
    for row in PublicLink::everywhere(tx).await? {
        let sealed = row.sealed.as_deref().map(|sealed| seal.anew(sealed, &bound(&row))).transpose()?;
        if let Some(sealed) = sealed.flatten() {
            PublicLink { sealed: Some(sealed), ..row }.update(tx).await?;
        }
    }
    Ok(())
}

/// Forgets what tokens are: they stay good for those who have them, and nobody is shown them again.
///
/// # Errors
/// When the database can't be written.
pub async fn forget_all(tx: &mut Tx) -> Result<u64, Refusal> {
    Ok(PublicLink::forget_tokens(tx).await?)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;
    use store::file::File;

    use super::visit::{Visit, Visitor};
    use super::*;
    use crate::service::answer::Answer;
    use crate::service::files::{Purpose, forget_untaken, forget_visitors, upload};
    use crate::service::people::Caller;
    use crate::service::testing::{app, form, id_in, on_an_installation};
    use crate::service::{Cause, clock};

    fn link_of(answer: &Answer) -> Link {
        serde_json::from_str(&answer.body).unwrap()
    }

    /// A form that takes files, with somebody who has opened it by a link.
    async fn visited(installation: &Installation, caller: &Caller) -> Visit {
        let app = app(installation, caller).await;
        let claims = json!({"key": "claims", "label": "c", "fields": [
            {"key": "proof", "label": "p", "kind": "files"}]});
        let claims = form(installation, caller, &app, claims).await;
        let input = serde_json::from_value(json!({"name": "Desk"})).unwrap();
        let made = change::create(installation, caller, None, claims.to_string(), input).await.unwrap();
        let token = link_of(&made).token.unwrap();
        let opened = visit::read(installation, &token, &Visitor::default()).await.unwrap();
        let visitor = Visitor { ticket: Some(opened.ticket), ..Visitor::default() };
        visit::with_ticket(installation, &token, &visitor).await.unwrap().0
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t20_what_a_visitor_sent_goes_after_an_hour() {
        on_an_installation("visitors_files", async |installation, caller| {
            let visit = visited(installation, caller).await;
            let send = async |text: &'static str| {
                let chunks = futures::stream::iter([Ok(Bytes::from_static(text.as_bytes()))]);
                upload(installation, &visit.caller, None, ("a.txt", Purpose::Answer), chunks).await.unwrap()
            };
            let file: Id = id_in(&send("first").await.body).parse().unwrap();
            let kept = async || {
                let mut db = installation.store.read().await.unwrap();
                File::find(&mut db, visit.row.workspace, file).await.unwrap().is_some()
            };
            let ago =
                |minutes: i64| clock::now().checked_sub(jiff::SignedDuration::from_mins(minutes)).unwrap();
            assert_eq!(forget_visitors(installation, ago(60)).await.unwrap(), 0);
            assert!(kept().await);
            // What members send stays for its day.
            let own = futures::stream::iter([Ok(Bytes::from_static(b"own"))]);
            upload(installation, caller, None, ("b.txt", Purpose::Record), own).await.unwrap();
            assert_eq!(forget_visitors(installation, ago(-1)).await.unwrap(), 1);
            assert!(!kept().await);
            assert_eq!(forget_untaken(installation, ago(-1)).await.unwrap(), 1);
        })
        .await;
    }

    /// However many visitors there are, and from wherever they come.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t20_visitors_of_a_form_send_a_gigabyte_on_a_day_and_no_more() {
        on_an_installation("visitors_day", async |installation, caller| {
            let visit = visited(installation, caller).await;
            let (workspace, form) = (visit.row.workspace, visit.row.form);
            let day = clock::now().as_second() / (24 * 60 * 60);
            let sent = installation.write(move |tx| {
                Box::pin(
                    async move { Ok(PublicLink::add_upload(tx, workspace, form, day, (1 << 30) - 4).await?) },
                )
            });
            assert_eq!(sent.await.unwrap(), (1 << 30) - 4);
            let send = async |text: &'static str| {
                let chunks = futures::stream::iter([Ok(Bytes::from_static(text.as_bytes()))]);
                upload(installation, &visit.caller, None, ("a.txt", Purpose::Answer), chunks).await
            };
            let refused = send("12345").await.unwrap_err();
            assert_eq!((refused.cause, refused.code), (Cause::TooMany, "too_many_uploads"));
            send("1234").await.unwrap();
            assert_eq!(send("1").await.unwrap_err().code, "too_many_uploads");
        })
        .await;
    }
}

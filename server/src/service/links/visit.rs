//! A visitor of a public link: who they are for the rest of the product, what they get to fill in, and what they choose from.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use engine::access::{FieldRight, Openness, Operation, openness, public_rights};
use engine::field::FieldKind;
use engine::flow::document::START;
use engine::form::Form;
use engine::text::{Fault, Language};
use store::public_link::PublicLink;
use wire::records::{Fields, OptionItem};
use wire::{LinkState, List, PublicForm};

use super::ticket::{Ticket, WAIT};
use super::{LARGEST_FILE, Offer, Pass, parameters, state};
use crate::service::designs::{Designs, FormDesign};
use crate::service::forms::view::whole_with;
use crate::service::people::directory::guest;
use crate::service::people::secret::hash_of;
use crate::service::people::sign_in::From;
use crate::service::people::{Caller, Credential};
use crate::service::records::{Asker, options};
use crate::service::{Cause, Installation, Refusal, clock, regions as places};

/// Letters of a token; what is longer is none.
const LONGEST_TOKEN: usize = 100;
/// Letters that somebody has typed before anything is looked for.
const LEAST_TYPED: usize = 2;

/// Somebody who came by a link that lets them in.
pub struct Visit {
    pub row: PublicLink,
    pub(super) offer: Offer,
    pub designs: Arc<Designs>,
    pub caller: Caller,
}

/// Where a visitor comes from, and in which language they ask.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    pub from: From,
    pub language: Option<Language>,
    /// What they got with the form.
    pub ticket: Option<String>,
}

pub(super) fn closed() -> Refusal {
    Refusal::new(Cause::Gone, "link_closed")
}

/// Who came by this token, whatever they have shown besides.
///
/// # Errors
/// Not found for a token that is none; `link_closed`.
async fn enter(installation: &Installation, token: &str, visitor: &Visitor) -> Result<Visit, Refusal> {
    if token.len() > LONGEST_TOKEN {
        return Err(Refusal::missing());
    }
    let row = PublicLink::by_hash(&mut installation.store.read().await?, &hash_of(token)).await?;
    let row = row.ok_or_else(Refusal::missing)?;
    if state(&row, clock::now()) != LinkState::Open {
        return Err(closed());
    }
    let offer = Offer::of(&row)?;
    let mut people = installation.directories.get(&installation.store, row.workspace).await?;
    if people.guest(row.id).is_none() {
        // Another server has made the link a moment ago: what it leads to is done in its name.
        installation.directories.doubt(row.workspace);
        people = installation.directories.get(&installation.store, row.workspace).await?;
    }
    let designs = installation.designs.get(&installation.store, row.workspace).await?;
    // Its form, or the app of it, may lie in the recycle bin.
    designs.published(row.form).map_err(|_| closed())?;
    let pass = offer.pass(&row);
    let caller = Caller {
        workspace: people.workspace.clone(),
        member: Arc::new(guest(&people.workspace, row.id, &row.name)),
        people,
        credential: Credential::Link(Arc::new(pass)),
        asked_language: visitor.language.or(offer.language),
        address: visitor.from.address,
        request: visitor.from.request.clone(),
        vouched: false,
    };
    Ok(Visit { row, offer, designs, caller })
}

/// Who came by this token with a ticket of its form.
///
/// # Errors
/// As [`read`]; `ticket_expired`.
pub async fn with_ticket(
    installation: &Installation,
    token: &str,
    visitor: &Visitor,
) -> Result<(Visit, Ticket), Refusal> {
    let mut visit = enter(installation, token, visitor).await?;
    let sealed = visitor.ticket.as_deref().unwrap_or_default();
    let ticket = Ticket::open(&installation.seal, &visit.row, sealed, clock::now())?;
    if let Some(pass) = visit.caller.link() {
        let pass = Pass { ticket: Some(ticket.id), ..pass.clone() };
        visit.caller.credential = Credential::Link(Arc::new(pass));
    }
    Ok((visit, ticket))
}

/// What somebody gets to fill in who has only the link.
///
/// # Errors
/// Not found; `link_closed`; `password_required`.
pub async fn read(
    installation: &Installation,
    token: &str,
    visitor: &Visitor,
) -> Result<PublicForm, Refusal> {
    let visit = enter(installation, token, visitor).await?;
    if visit.row.password_hash.is_some() {
        return Err(Refusal::forbidden("password_required"));
    }
    visit.form(installation)
}

/// As [`read`], for who gives the password.
///
/// # Errors
/// Not found; `link_closed`; `wrong_password`; `too_many_requests` after too many of them.
pub async fn open(
    installation: &Installation,
    token: &str,
    visitor: &Visitor,
    password: &str,
) -> Result<PublicForm, Refusal> {
    let visit = enter(installation, token, visitor).await?;
    let Some(hash) = visit.row.password_hash.as_deref() else { return visit.form(installation) };
    // Wrong ones count as sign-ins that failed, for the link and for the address.
    let (account, now) = (format!("link {}", visit.row.id), Instant::now());
    let address = visitor.from.address.unwrap_or([127, 0, 0, 1].into());
    installation.throttle.admit(&account, address, now)?;
    let known = installation.passwords.verify(password, Some(hash)).await;
    if !matches!(known, Ok(false)) {
        installation.throttle.forgive(&account, address, now);
    }
    if known? { visit.form(installation) } else { Err(Refusal::forbidden("wrong_password")) }
}

/// What a field of the form offers while somebody types: of each record what it is called by and what the field shows.
///
/// # Errors
/// As [`with_ticket`]; not found for every field that was not confirmed; a fault of what is too short to look for.
pub async fn choices(
    installation: &Installation,
    token: &str,
    visitor: &Visitor,
    (field, typed): (&str, &str),
) -> Result<List<OptionItem>, Refusal> {
    let (visit, _) = with_ticket(installation, token, visitor).await?;
    let design = visit.design()?;
    let form = visit.designs.compiled(design)?.form;
    let column = form.column(field).filter(|column| openness(column) == Openness::Lookup);
    let is_open = column.is_some() && visit.shown(&form)?.contains_key(field);
    if !is_open {
        return Err(Refusal::missing());
    }
    if typed.trim().chars().count() < LEAST_TYPED {
        return Err(Refusal::invalid(vec![Fault::new("q", "too_short").arg("min", LEAST_TYPED)]));
    }
    let form = visit.row.form.to_string();
    options::options(installation, &visit.caller, (&form, field), typed, &Asker::default()).await
}

/// The list of regions that an address of the form is chosen from.
///
/// # Errors
/// As [`with_ticket`]; not found for a list that no field names which the visitor sees.
pub async fn regions(
    installation: &Installation,
    token: &str,
    visitor: &Visitor,
    name: &str,
) -> Result<wire::Regions, Refusal> {
    let (visit, _) = with_ticket(installation, token, visitor).await?;
    let form = visit.designs.compiled(visit.design()?)?.form;
    let shown = visit.shown(&form)?;
    let is_named = form.all_columns().filter(|column| shown.contains_key(&column.path)).any(|column| {
        matches!(&column.field.kind, FieldKind::Address(address) if address.regions.as_deref() == Some(name))
    });
    if !is_named {
        return Err(Refusal::missing());
    }
    places::read(installation, &visit.caller, name).await
}

impl Visit {
    pub fn design(&self) -> Result<&FormDesign, Refusal> {
        self.designs.published(self.row.form).map_err(|_| closed())
    }

    /// What of the form the visitor sees, and whether they fill it in: the fields of the link, as far as they may stand there
    /// and its flow lets whoever submits fill them in.
    pub fn shown(&self, form: &Form) -> Result<BTreeMap<String, String>, Refusal> {
        let flow = self.design()?.flow.as_ref().map(|(_, flow)| flow.clone());
        let start = flow.as_ref().and_then(|flow| flow.fields(START));
        let rights = public_rights(form, &self.offer.fields, &self.offer.lookups);
        let shown = rights.into_iter().filter(|(path, right)| {
            *right > FieldRight::None && start.as_ref().is_none_or(|start| start.is_visible(path))
        });
        Ok(shown
            .map(|(path, _)| {
                let is_input = form.column(&path).is_some_and(|column| column.field.is_input());
                let is_editable = start.as_ref().is_none_or(|start| start.is_editable(&path));
                let right = if is_input && is_editable { "edit" } else { "read" };
                (path, right.to_string())
            })
            .collect())
    }

    /// The form as the visitor gets it, with a ticket for one answer.
    fn form(&self, installation: &Installation) -> Result<PublicForm, Refusal> {
        let design = self.design()?;
        let compiled = self.designs.compiled(design)?.form;
        let shown = self.shown(&compiled)?;
        let mut form = whole_with(&self.designs, design, &self.caller, Some(&shown))?;
        form.may.operations = vec![Operation::Create.name().to_string()];
        // Of the people and the way of its flow, and of groups, nobody is told.
        form.choose.clear();
        form.groups.clear();
        form.flow = None;
        let said = form.definition.clone().unwrap_or_default();
        form.parameters.retain(|parameter| parameters::reads(&said, &parameter.key));
        let is_seen = |path: &String| shown.contains_key(path);
        let values: Fields =
            self.offer.values.clone().into_iter().filter(|(path, _)| is_seen(path)).collect();
        let is_lookup =
            |path: &String| compiled.column(path).is_some_and(|column| openness(column) == Openness::Lookup);
        Ok(PublicForm {
            form,
            heading: self.offer.heading.clone(),
            intro: self.offer.intro.clone(),
            values,
            lookups: shown.keys().filter(|path| is_lookup(path)).cloned().collect(),
            language: self.offer.language,
            workspace: self.caller.workspace.name.clone(),
            currency: self.caller.workspace.currency.clone(),
            zone: self.caller.workspace.zone.clone(),
            ticket: Ticket::new(clock::now()).close(&installation.seal, &self.row)?,
            wait: WAIT,
            largest_file: LARGEST_FILE,
        })
    }
}

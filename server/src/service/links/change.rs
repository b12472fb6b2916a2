//! Making, changing and revoking public links, for those who administer their form.

use engine::access::{public_faults, usual_fields};
use engine::field::Reference;
use engine::form::{Column, Form};
use engine::record::{ReadPolicy, read_new_fields};
use engine::text::{Fault, Faults, Label, Language};
use engine::value::{Id, Timestamp, format_timestamp, parse_timestamp};
use serde_json::{Value as Json, json};
use store::public_link::PublicLink;
use store::{Reader, Tx, ids};
use wire::records::Fields;
use wire::{Link, LinkInput, LinkPatch};

use super::{Offer, bound, embed, view};
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::once::Key;
use crate::service::people::secret::{hash_of, new_secret};
use crate::service::people::{Caller, in_one_line};
use crate::service::{Cause, Installation, Refusal, clock};

/// Links of one form that are not revoked.
const MOST: usize = 50;
/// With those that are revoked: what they are called stays, for what came by them.
const MOST_EVER: usize = 1_000;
const LONGEST_NAME: usize = 200;
/// Letters of a text on its page, in each language.
const LONGEST_TEXT: usize = 2_000;

/// # Errors
/// Not found; forbidden for who does not administer the form.
pub async fn list(installation: &Installation, caller: &Caller, form: &str) -> Result<Vec<Link>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let rows =
        PublicLink::of_form(&mut installation.store.read().await?, caller.workspace_id(), form).await?;
    rows.iter().map(|row| view(installation, &caller.people, row, clock::now())).collect()
}

/// What it shows of other forms its maker has to see themselves, in every record.
///
/// # Errors
/// Not found, forbidden; `form_not_published`; everything that is wrong with what was given; `reads_hidden_field`,
/// `reads_hidden_records`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    input: LinkInput,
) -> Result<Answer, Refusal> {
    let password_hash = match &input.password {
        Some(password) => Some(hashed(installation, caller, password).await?),
        None => None,
    };
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let designs = Designs::load(tx, workspace).await?;
                let design = designs.form_to_administer(&form, &actor)?;
                let compiled = designs.published_form(design.row.id)?;
                let known = PublicLink::of_form(tx, workspace, design.row.id).await?;
                if known.iter().filter(|row| row.revoked_at.is_none()).count() >= MOST {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
                }
                if known.len() >= MOST_EVER {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST_EVER)]));
                }
                let token = new_secret()?;
                let mut row = PublicLink {
                    workspace,
                    id: ids::next(),
                    form: design.row.id,
                    name: in_one_line(&input.name),
                    hash: hash_of(&token),
                    sealed: None,
                    password_hash,
                    is_on: true,
                    expires_at: None,
                    revoked_at: None,
                    answer_limit: input.limit.map(i64::from),
                    answers: 0,
                    answered_at: None,
                    document: String::new(),
                    created_at: clock::now(),
                    created_by: Some(actor.id()),
                    version: 1,
                };
                let mut faults = Faults::new();
                row.expires_at = moment(input.expires.as_deref(), &mut faults);
                let offer = Offer {
                    fields: input.fields.unwrap_or_else(|| usual_fields(&compiled)),
                    lookups: input.lookups,
                    values: input.values,
                    heading: input.heading,
                    intro: input.intro,
                    thanks: input.thanks,
                    again: input.again,
                    language: input.language,
                    embed: embed::origins(&input.embed, &mut faults),
                };
                check(&compiled, &row, &offer, faults)?;
                let opened = designs.opened_by_link(&compiled, &offer.pass(&row))?;
                designs.may_open(&actor, &opened, &[])?;
                row.document = to_json(&offer)?;
                row.sealed = Some(parts.seal.close(&token, &bound(&row))?);
                row.insert(tx).await?;
                finish(&parts, tx, &actor, (None, &row), "link.create").await?;
                let link = view(&parts, &actor.people, &row, clock::now())?;
                Ok(Answer::created(&link)?.version(row.version))
            })
        })
        .await
}

/// Changes the members of a link that are given. Whoever lets in somebody by it whom it kept out opens what it shows, as its
/// maker did, and has to see that themselves.
///
/// # Errors
/// Not found, forbidden; stale; `link_revoked`; everything that is wrong with what was given; `reads_hidden_field` and
/// `reads_hidden_records` for what it did not show before, or not to those whom it lets in now.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
    patch: LinkPatch,
) -> Result<Answer, Refusal> {
    let password_hash = match &patch.password {
        Some(Some(password)) => Some(Some(hashed(installation, caller, password).await?)),
        Some(None) => Some(None),
        None => None,
    };
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let (designs, mut row) = to_change(tx, &actor, id, version).await?;
                let (old, mut faults) = (row.clone(), Faults::new());
                let mut offer = Offer::of(&row)?;
                let pass = offer.pass(&row);
                // A link is named, ended and switched off by whoever administers its form, whatever it opens.
                let is_redesigned =
                    patch.fields.is_some() || patch.lookups.is_some() || patch.values.is_some();
                if let Some(hash) = password_hash {
                    row.password_hash = hash;
                }
                row.is_on = patch.on.unwrap_or(row.is_on);
                if let Some(name) = &patch.name {
                    row.name = in_one_line(name);
                }
                if let Some(expires) = &patch.expires {
                    row.expires_at = moment(expires.as_deref(), &mut faults);
                }
                if let Some(limit) = patch.limit {
                    row.answer_limit = limit.map(i64::from);
                }
                offer.take(patch, &mut faults);
                let form = designs.published_form(row.form)?;
                check(&form, &row, &offer, faults)?;
                let lets_in = lets_in_more(&old, &row);
                if is_redesigned || lets_in {
                    // To those who are let in anew nothing was open before.
                    let before = if lets_in { Vec::new() } else { designs.opened_by_link(&form, &pass)? };
                    let opened = designs.opened_by_link(&form, &offer.pass(&row))?;
                    designs.may_open(&actor, &opened, &before)?;
                }
                row.document = to_json(&offer)?;
                row.version += 1;
                row.update(tx).await?;
                finish(&parts, tx, &actor, (Some(&old), &row), "link.update").await?;
                let link = view(&parts, &actor.people, &row, clock::now())?;
                Ok(Answer::done(&link)?.version(row.version))
            })
        })
        .await
}

/// Gives a link another address; nobody comes in by the old one any more.
///
/// # Errors
/// As [`update`].
pub async fn renew(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let (_, mut row) = to_change(tx, &actor, id, version).await?;
                let (token, old) = (new_secret()?, row.clone());
                row.hash = hash_of(&token);
                row.sealed = Some(parts.seal.close(&token, &bound(&row))?);
                row.version += 1;
                row.update(tx).await?;
                finish(&parts, tx, &actor, (Some(&old), &row), "link.renew").await?;
                let link = view(&parts, &actor.people, &row, clock::now())?;
                Ok(Answer::done(&link)?.version(row.version))
            })
        })
        .await
}

/// Ends a link for good. What came by it goes on being told to be of it.
///
/// # Errors
/// Not found, forbidden; stale; `link_revoked`.
pub async fn revoke(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
) -> Result<(), Refusal> {
    caller.may_change()?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (_, mut row) = to_change(tx, &actor, id, version).await?;
                let old = row.clone();
                row.revoked_at = Some(clock::now());
                row.is_on = false;
                row.sealed = None;
                row.version += 1;
                row.update(tx).await?;
                finish(&parts, tx, &actor, (Some(&old), &row), "link.revoke").await
            })
        })
        .await
}

/// Whether a change lets somebody in whom the link kept out: it was off, asked for a password that not everybody has, or would have
/// ended sooner.
fn lets_in_more(old: &PublicLink, new: &PublicLink) -> bool {
    fn is_later<T: PartialOrd>(old: Option<T>, new: Option<T>) -> bool {
        old.is_some_and(|old| new.is_none_or(|new| new > old))
    }
    let was_locked = old.password_hash.is_some() && new.password_hash != old.password_hash;
    (new.is_on && !old.is_on)
        || was_locked
        || is_later(old.expires_at, new.expires_at)
        || is_later(old.answer_limit, new.answer_limit)
}

/// Refuses another version of a form where its links would then show what whoever publishes it may not see, and did not before.
///
/// # Errors
/// `reads_hidden_field`; `reads_hidden_records`.
pub async fn may_publish(
    db: &mut Reader,
    caller: &Caller,
    designs: &Designs,
    (before, form): (Option<&Form>, &Form),
) -> Result<(), Refusal> {
    let rows = PublicLink::of_form(db, caller.workspace_id(), form.sketch.id).await?;
    for row in rows.iter().filter(|row| row.revoked_at.is_none()) {
        let pass = Offer::of(row)?.pass(row);
        let was_open =
            before.map(|before| designs.opened_by_link(before, &pass)).transpose()?.unwrap_or_default();
        designs.may_open(caller, &designs.opened_by_link(form, &pass)?, &was_open)?;
    }
    Ok(())
}

/// Switches off those links of a form that has come out of the bin which show what whoever brings it back may not see: meanwhile they
/// let nobody in.
///
/// # Errors
/// When the database can't be read or written.
pub async fn come_back(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    form: Id,
) -> Result<(), Refusal> {
    let rows = PublicLink::of_form(tx, caller.workspace_id(), form).await?;
    for old in rows.into_iter().filter(|row| row.revoked_at.is_none() && row.is_on) {
        let pass = Offer::of(&old)?.pass(&old);
        let is_open = designs.may_open_again(caller, form, |form| designs.opened_by_link(form, &pass))?;
        if is_open {
            continue;
        }
        let row = PublicLink { is_on: false, version: old.version + 1, ..old.clone() };
        row.update(tx).await?;
        finish(installation, tx, caller, (Some(&old), &row), "link.update").await?;
    }
    Ok(())
}

/// A link for one who changes it, kept from others until the transaction ends.
async fn to_change(
    tx: &mut Tx,
    caller: &Caller,
    id: Id,
    version: Option<i64>,
) -> Result<(Designs, PublicLink), Refusal> {
    let workspace = caller.workspace_id();
    let row = PublicLink::lock(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    let designs = Designs::load(tx, workspace).await?;
    // Who does not administer the form knows nothing of its links.
    designs.form_to_administer(&row.form.to_string(), caller).map_err(|_| Refusal::missing())?;
    if row.revoked_at.is_some() {
        return Err(Refusal::conflict("link_revoked"));
    }
    if version.is_some_and(|version| version != row.version) {
        return Err(Refusal::new(Cause::Stale, "stale"));
    }
    Ok((designs, row))
}

async fn hashed(installation: &Installation, caller: &Caller, password: &str) -> Result<String, Refusal> {
    let asked = caller.people.rules.password;
    installation.passwords.hash(password, asked, &[], "password").await
}

impl Offer {
    /// Takes over what was given.
    fn take(&mut self, patch: LinkPatch, faults: &mut Faults) {
        fn put<T>(place: &mut T, given: Option<T>) {
            if let Some(given) = given {
                *place = given;
            }
        }
        put(&mut self.fields, patch.fields);
        put(&mut self.lookups, patch.lookups);
        put(&mut self.values, patch.values);
        put::<Option<Label>>(&mut self.heading, patch.heading);
        put::<Option<Label>>(&mut self.intro, patch.intro);
        put::<Option<Label>>(&mut self.thanks, patch.thanks);
        put(&mut self.again, patch.again);
        put::<Option<Language>>(&mut self.language, patch.language);
        put(&mut self.embed, patch.embed.map(|given| embed::origins(&given, faults)));
    }
}

fn moment(text: Option<&str>, faults: &mut Faults) -> Option<Timestamp> {
    let moment = parse_timestamp(text?);
    if moment.is_none() {
        faults.push(Fault::new("expires", "not_a_moment"));
    }
    moment
}

/// Everything that is wrong with a link.
fn check(form: &Form, row: &PublicLink, offer: &Offer, mut faults: Faults) -> Result<(), Refusal> {
    if row.name.is_empty() {
        faults.push(Fault::new("name", "required"));
    }
    if row.name.chars().count() > LONGEST_NAME {
        faults.push(Fault::new("name", "too_long").arg("max", LONGEST_NAME));
    }
    if row.answer_limit == Some(0) {
        faults.push(Fault::new("limit", "too_small").arg("min", 1));
    }
    for (path, label) in [("heading", &offer.heading), ("intro", &offer.intro), ("thanks", &offer.thanks)] {
        let is_long =
            |label: &Label| Language::ALL.iter().any(|one| label.get(*one).chars().count() > LONGEST_TEXT);
        if label.as_ref().is_some_and(is_long) {
            faults.push(Fault::new(path, "too_long").arg("max", LONGEST_TEXT));
        }
    }
    faults.extend(public_faults(form, &offer.fields, &offer.lookups));
    faults.extend(values_faults(form, &offer.values));
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// What is wrong with what a link gives: it fits its fields, and is no file, which belongs to who sent it.
fn values_faults(form: &Form, values: &Fields) -> Faults {
    let all = |_: &str| true;
    let policy = ReadPolicy { readable: &all, writable: &all, serials: false, scripts: false };
    let unfit = read_new_fields(form, values, &policy).err().unwrap_or_default();
    let mut faults: Faults = unfit.into_iter().map(|fault| fault.under("values")).collect();
    let holds_files = |column: &&Column| column.field.kind.reference() == Some(Reference::File);
    for column in form.all_columns().filter(holds_files) {
        let field = column.subform().unwrap_or(&column.path);
        let is_given = match column.subform() {
            None => values.contains_key(field),
            Some(_) => values.get(field).is_some_and(|rows| names(rows, &column.field.key)),
        };
        if is_given {
            faults.push(Fault::new(format!("values.{field}"), "not_public").arg("field", field));
        }
    }
    faults
}

/// Whether a row has a member of this name.
fn names(rows: &Json, key: &str) -> bool {
    rows.as_array().is_some_and(|rows| rows.iter().any(|row| row.get(key).is_some()))
}

/// Notes a change of a link, and makes known what links are called.
async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    (old, row): (Option<&PublicLink>, &PublicLink),
    action: &str,
) -> Result<(), Refusal> {
    if old.is_none_or(|old| old.name != row.name) {
        installation.directories.changed(tx, row.workspace).await?;
    }
    let changes = match old {
        Some(old) => audit::difference(&described(old)?, &described(row)?),
        None => described(row)?,
    };
    let note = Note { action, object: Some(row.id), label: Some(&row.name), changes: Some(changes) };
    audit::note(tx, caller, note).await
}

/// A link for the audit trail: of its token and its password nothing but that there is one.
fn described(row: &PublicLink) -> Result<Json, Refusal> {
    let mut all = json!({
        "form": row.form,
        "name": row.name,
        "on": row.is_on,
        "password": row.password_hash.is_some(),
        "expires": row.expires_at.map(format_timestamp),
        "limit": row.answer_limit,
    });
    let offer = serde_json::to_value(Offer::of(row)?).map_err(Refusal::internal)?;
    if let (Json::Object(all), Json::Object(offer)) = (&mut all, offer) {
        all.extend(offer);
    }
    Ok(all)
}

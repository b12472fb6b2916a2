//! Beginning with a flow that comes with the product: its fields and roles are those of the form and the workspace at hand.

use std::collections::BTreeMap;

use engine::flow::{FlowDocument, Names, Needs, State, fits};
use engine::form::{Column, Field, Form, pattern_paths};
use engine::package::Package;
use engine::text::{Fault, Faults, Label, Language};
use wire::NamedField;
use wire::ready_made::{ReadyMadeField, ReadyMadeFlow, ReadyMadeInput, ReadyMadeRole};

use super::design::write_draft;
use super::drawing::drawing;
use crate::service::answer::Answer;
use crate::service::cached::Snapshot;
use crate::service::designs::{Compiled, Designs, FormDesign};
use crate::service::once::Key;
use crate::service::people::{Caller, Directory};
use crate::service::templates::own_packages;
use crate::service::{Installation, Refusal};

/// A flow of one of the product's packages.
struct ReadyMade {
    key: String,
    package: &'static Package,
    /// What its actions do is about the forms of its package: elsewhere it is without them.
    document: FlowDocument,
    needs: Needs,
    /// The fields that it names, as its own form has them.
    fields: BTreeMap<String, &'static Field>,
}

/// All that can be put under another form.
fn all() -> Result<Vec<ReadyMade>, Refusal> {
    let packages = own_packages()?;
    let flows = packages.iter().flat_map(|(key, package)| {
        package.flows.iter().map(move |(form, document)| (format!("{key}/{form}"), package, form, document))
    });
    Ok(flows.filter_map(|(key, package, form, document)| found(key, package, form, document)).collect())
}

fn found(
    key: String,
    package: &'static Package,
    form: &str,
    document: &'static FlowDocument,
) -> Option<ReadyMade> {
    let own = package.forms.get(form)?;
    let document = document.without_actions();
    let needs = document.needs()?;
    let field = |path: &String| Some((path.clone(), own.field(path)?));
    let fields: BTreeMap<String, &'static Field> = needs.fields.keys().filter_map(field).collect();
    // One that reads through links names more than a field of its form.
    let is_whole = needs.fields.keys().all(|path| fields.contains_key(path));
    is_whole.then_some(ReadyMade { key, package, document, needs, fields })
}

/// What a role is called in the package of a flow, or in one that this needs.
fn role_label(package: &Package, key: &str) -> Label {
    let needed = own_packages().ok();
    let needed = package.manifest.needs.iter().filter_map(|need| needed?.get(&need.key));
    let mut rules = std::iter::once(package).chain(needed).flat_map(|package| &package.roles);
    rules.find(|rule| rule.key == key).map_or_else(|| Label::from(key), |rule| rule.label.clone())
}

/// The ready-made flows, with what of the form and the workspace can stand for what each names.
///
/// # Errors
/// Not found, forbidden; `form_not_published`.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    form: &str,
) -> Result<Vec<ReadyMadeFlow>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let form = compiled(&designs, designs.form_to_administer(form, caller)?)?.form;
    Ok(all()?.into_iter().map(|flow| view(&flow, &form, &caller.people)).collect())
}

fn compiled(designs: &Designs, design: &FormDesign) -> Result<Compiled, Refusal> {
    if design.sketch.is_none() {
        return Err(Refusal::conflict("form_not_published"));
    }
    designs.compiled(design)
}

fn view(flow: &ReadyMade, form: &Form, people: &Directory) -> ReadyMadeFlow {
    let fields = flow.needs.fields.iter().filter_map(|(path, required)| {
        let needed = flow.fields.get(path)?;
        let fitting: Vec<&Column> = in_order(form).filter(|column| can_stand(path, needed, column)).collect();
        Some(ReadyMadeField {
            path: path.clone(),
            label: needed.label.clone(),
            kind: needed.kind.name().to_string(),
            required: *required,
            suggested: suggested(path, needed, *required, &fitting),
            choices: fitting
                .into_iter()
                .map(|column| NamedField { path: column.path.clone(), label: column.field.label.clone() })
                .collect(),
        })
    });
    let roles = flow.needs.roles.iter().map(|key| ReadyMadeRole {
        key: key.clone(),
        label: role_label(flow.package, key),
        suggested: people.role(key).map(|role| role.id),
    });
    ReadyMadeFlow {
        key: flow.key.clone(),
        label: flow.document.label.clone(),
        package: flow.package.manifest.label.clone(),
        steps: drawing(&flow.document, &State::default())
            .into_iter()
            .filter(|step| ["approve", "fill", "cc"].contains(&step.kind.as_str()))
            .map(|step| step.label)
            .collect(),
        fields: fields.collect(),
        roles: roles.collect(),
    }
}

/// The fields of a form with the columns of its sub-forms, in the order of the design.
fn in_order(form: &Form) -> impl Iterator<Item = &Column> {
    form.fields().flat_map(|column| std::iter::once(column).chain(form.columns_of(&column.path)))
}

/// Whether a field can stand where the flow has another: of the same sort, and in the rows of a sub-form where that is.
fn can_stand(path: &str, needed: &Field, offered: &Column) -> bool {
    path.contains('.') == offered.path.contains('.') && fits(&needed.kind, &offered.read_kind)
}

/// The field that has the same key, else the same name in some language, else the only one, where the flow needs one.
fn suggested(path: &str, needed: &Field, required: bool, fitting: &[&Column]) -> Option<String> {
    let has_name = |column: &&&Column| {
        let mut languages = Language::ALL.iter();
        languages.any(|language| {
            let name = needed.label.get(*language);
            !name.is_empty() && name == column.field.label.get(*language)
        })
    };
    let same_key = fitting.iter().find(|column| column.path == path);
    let found = same_key.or_else(|| fitting.iter().find(has_name));
    let only = fitting.first().filter(|_| required && fitting.len() == 1);
    found.or(only).map(|column| column.path.clone())
}

/// Makes a ready-made flow the form's draft.
///
/// # Errors
/// Not found, forbidden; `form_not_published`; stale; a fault for every field and role that is missing or does not fit.
pub async fn take(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: String,
    version: Option<Option<i64>>,
    input: ReadyMadeInput,
) -> Result<Answer, Refusal> {
    let actor = caller.clone();
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let design = designs.form_to_administer(&form, &actor)?;
                let compiled = compiled(&designs, design)?;
                let found = all()?.into_iter().find(|flow| flow.key == input.key);
                let flow = found.ok_or_else(|| Refusal::fault("key", "unknown_ready_made"))?;
                let document = fitted(&flow, &input, &compiled.form, &actor.people)?;
                write_draft(tx, &actor, design, version, &document).await
            })
        })
        .await
}

/// The flow with the names that were chosen.
fn fitted(
    flow: &ReadyMade,
    input: &ReadyMadeInput,
    form: &Form,
    people: &Directory,
) -> Result<FlowDocument, Refusal> {
    let mut faults = Faults::new();
    let mut names = Names::default();
    for (path, required) in &flow.needs.fields {
        let at = format!("fields.{path}");
        let Some(needed) = flow.fields.get(path) else { continue };
        match (input.fields.get(path).filter(|chosen| !chosen.is_empty()), *required) {
            (None, true) => faults.push(Fault::new(at, "required")),
            (None, false) => {}
            (Some(chosen), _) => match form.column(chosen) {
                None => faults.push(Fault::new(at, "unknown_field").arg("field", chosen)),
                Some(column) if !can_stand(path, needed, column) => {
                    faults.push(Fault::new(at, "unfit_field").arg("field", chosen));
                }
                Some(_) => drop(names.fields.insert(path.clone(), chosen.clone())),
            },
        }
    }
    for key in &flow.needs.roles {
        let at = format!("roles.{key}");
        let chosen = input.roles.get(key).filter(|chosen| !chosen.is_empty());
        match (people.role(chosen.unwrap_or(key)), chosen) {
            (Some(role), _) => drop(names.roles.insert(key.clone(), role.key.clone())),
            (None, Some(chosen)) => faults.push(Fault::new(at, "unknown_role").arg("role", chosen)),
            (None, None) => faults.push(Fault::new(at, "required")),
        }
    }
    let strange = |member: &str, given: &BTreeMap<String, String>, is_known: &dyn Fn(&str) -> bool| {
        let unknown = given.keys().filter(|name| !is_known(name));
        let fault =
            |name: &String| Fault::new(format!("{member}.{name}"), "unknown_member").arg("member", name);
        unknown.map(fault).collect::<Faults>()
    };
    faults.extend(strange("fields", &input.fields, &|name| flow.needs.fields.contains_key(name)));
    faults.extend(strange("roles", &input.roles, &|name| flow.needs.roles.contains(name)));
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    // A title goes along where the form has what it names.
    for path in pattern_paths(flow.document.title.as_deref().unwrap_or_default()) {
        if !flow.needs.fields.contains_key(&path) && form.column(&path).is_some() {
            names.fields.insert(path.clone(), path);
        }
    }
    Ok(flow.document.fitted(&names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flow_of_the_product_can_be_put_under_another_form() {
        let keys: Vec<String> = all().unwrap().into_iter().map(|flow| flow.key).collect();
        let expected = [
            "crm/quotation",
            "inventory/purchase_order",
            "loyalty/redemption",
            "office/budget",
            "office/contract",
            "office/expense",
            "office/leave",
            "office/onboarding",
            "office/refund",
        ];
        assert_eq!(keys, expected);
    }

    #[test]
    fn every_flow_of_the_product_parts_its_way_and_speaks_every_language() {
        for flow in all().unwrap() {
            let text = serde_json::to_value(&flow.document).unwrap().to_string();
            assert!(text.contains("\"branch\""), "{} has no branch", flow.key);
            for step in drawing(&flow.document, &State::default()) {
                for language in Language::ALL {
                    assert!(!step.label.get(language).is_empty(), "{} {} {language}", flow.key, step.key);
                }
                let [cn, tw, en] = Language::ALL.map(|language| step.label.get(language));
                assert!(cn != en && tw != en, "{} {}: {en}", flow.key, step.key);
            }
            for role in &flow.needs.roles {
                assert_ne!(role_label(flow.package, role), Label::from(role.as_str()), "{} {role}", flow.key);
            }
        }
    }
}

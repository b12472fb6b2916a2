//! Who may do what with a design and with the records of a form.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, Grant, PermissionGroup, Who};
use engine::context::{CallsByName, Context, Dice, KnownNames};
use engine::value::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use store::app::App;

use super::{Compiled, Designs, FormDesign};
use crate::service::Refusal;
use crate::service::people::{Caller, Directory};

/// One entry of an app's administrators: members, departments (with their parts) or roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppWho {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Id>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<Id>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

impl AppWho {
    /// The members behind it.
    pub fn members(&self, people: &Directory) -> Vec<Id> {
        let mut all: Vec<Id> =
            self.members.iter().copied().filter(|member| people.is_active(*member)).collect();
        all.extend(self.departments.iter().flat_map(|id| people.active_in_department(*id, true)));
        all.extend(self.roles.iter().flat_map(|role| people.active_in_role(role)));
        all
    }
}

/// Who administers an app.
pub fn admins(app: &App) -> Vec<AppWho> {
    serde_json::from_str(&app.admins).unwrap_or_default()
}

/// Whether the caller administers the app: administrators of the workspace administer all of them.
pub fn administers(caller: &Caller, app: &App) -> bool {
    caller.is_administrator()
        || admins(app).iter().any(|who| who.members(&caller.people).contains(&caller.id()))
}

impl Designs {
    /// Whether the caller administers a form: with its app, or alone.
    pub fn administers_form(&self, design: &FormDesign, caller: &Caller) -> bool {
        self.app_of(design).is_some_and(|app| administers(caller, app))
            || design.admins.iter().any(|who| who.members(&caller.people).contains(&caller.id()))
    }

    /// What the caller may do with the records of a form.
    pub fn access(&self, design: &FormDesign, compiled: &Compiled, caller: &Caller) -> Access {
        if let Some(pass) = caller.link() {
            return self.access_by_link(design, compiled, pass);
        }
        if let Some(pass) = caller.hook() {
            return self.access_by_hook(design, compiled, pass);
        }
        if self.administers_form(design, caller) {
            return Access::administrator();
        }
        let groups = design.groups.iter().map(|group| &group.document).zip(&compiled.grants);
        granted_to(caller, groups.map(|(group, grant)| (group, grant.as_ref())))
    }

    /// As [`Self::access`], with what the caller may see of the records that links lead to, however far.
    ///
    /// # Errors
    /// When a published form no longer compiles.
    pub fn access_through_links(
        &self,
        design: &FormDesign,
        compiled: &Compiled,
        caller: &Caller,
    ) -> Result<Access, Refusal> {
        let access = self.access(design, compiled, caller);
        if caller.is_administrator() {
            return Ok(access);
        }
        let mut linked = BTreeMap::new();
        let mut waiting: Vec<Id> = compiled.form.all_columns().filter_map(|column| column.target).collect();
        while let Some(form) = waiting.pop() {
            let Ok(there) = self.published(form) else { continue };
            if linked.contains_key(&form) {
                continue;
            }
            let compiled = self.compiled(there)?;
            waiting.extend(compiled.form.all_columns().filter_map(|column| column.target));
            linked.insert(form, self.access(there, &compiled, caller));
        }
        linked.retain(|_, access: &mut Access| !access.is_unrestricted());
        Ok(access.seeing(linked))
    }

    /// The app of this id or key, for one who administers it.
    ///
    /// # Errors
    /// Not found for who can see nothing of it, forbidden for others.
    pub fn app_to_administer(&self, name: &str, caller: &Caller) -> Result<&App, Refusal> {
        let app = self.app(name).ok_or_else(Refusal::missing)?;
        if administers(caller, app) {
            Ok(app)
        } else if self.is_visible(app, caller) {
            Err(Refusal::forbidden("forbidden"))
        } else {
            Err(Refusal::missing())
        }
    }

    /// The form of this name, for one who administers it, with its app or alone.
    ///
    /// # Errors
    /// As for [`Designs::app_to_administer`].
    pub fn form_to_administer(&self, name: &str, caller: &Caller) -> Result<&FormDesign, Refusal> {
        let design = self.form_named(name).ok_or_else(Refusal::missing)?;
        self.app_of(design).ok_or_else(Refusal::missing)?;
        self.when(design, self.administers_form(design, caller), caller)
    }

    /// The form of this name, for one who administers its app: who else administers it, and whether it is there at all, is
    /// the app's matter.
    ///
    /// # Errors
    /// As for [`Designs::app_to_administer`].
    pub fn form_of_app_to_administer(&self, name: &str, caller: &Caller) -> Result<&FormDesign, Refusal> {
        let design = self.form_named(name).ok_or_else(Refusal::missing)?;
        let app = self.app_of(design).ok_or_else(Refusal::missing)?;
        self.when(design, administers(caller, app), caller)
    }

    /// A form for whom it is open; others learn no more than they may know.
    fn when<'a>(
        &self,
        design: &'a FormDesign,
        is_open: bool,
        caller: &Caller,
    ) -> Result<&'a FormDesign, Refusal> {
        if is_open {
            Ok(design)
        } else if self.may_use(design, caller) {
            Err(Refusal::forbidden("forbidden"))
        } else {
            Err(Refusal::missing())
        }
    }

    /// The published form of this name, for one who may do something with its records.
    ///
    /// # Errors
    /// Not found for everybody else.
    pub fn form_to_use(&self, name: &str, caller: &Caller) -> Result<&FormDesign, Refusal> {
        let design = self.form_named(name).filter(|design| design.sketch.is_some());
        design.filter(|design| self.may_use(design, caller)).ok_or_else(Refusal::missing)
    }

    /// Whether the caller may do anything with records of the form.
    pub fn may_use(&self, design: &FormDesign, caller: &Caller) -> bool {
        if let Some(pass) = caller.link() {
            return pass.form == design.row.id;
        }
        if let Some(pass) = caller.hook() {
            return pass.form == design.row.id;
        }
        self.administers_form(design, caller)
            || design.sketch.is_some()
                && design.groups.iter().any(|group| {
                    let document = &group.document;
                    document.enabled && !document.operations.is_empty() && names(&document.who, caller)
                })
    }

    /// Whether the caller may read a thing of an app that names its readers; without any it is the administrators' alone.
    pub fn may_read(&self, app: Id, readers: Option<&Who>, caller: &Caller) -> bool {
        self.apps.get(&app).is_some_and(|app| administers(caller, app))
            || readers.is_some_and(|who| names(who, caller))
    }

    /// How many dashboards and reports of the app have the caller among their readers. Whether the records behind a report are
    /// open to them is asked where it is listed: that takes longer.
    pub fn count_dashboards(&self, app: Id, caller: &Caller) -> usize {
        let dashboards = self.dashboards.values();
        let dashboards = dashboards.map(|design| (design.row.app, design.document.read.as_ref()));
        let reports = self.reports.values().map(|design| (design.row.app, design.document.read.as_ref()));
        let all = dashboards.chain(reports);
        all.filter(|(of, readers)| *of == app && self.may_read(app, *readers, caller)).count()
    }

    /// Whether the caller may use at least one thing in the app.
    pub fn is_visible(&self, app: &App, caller: &Caller) -> bool {
        administers(caller, app)
            || self.forms.values().any(|design| design.row.app == app.id && self.may_use(design, caller))
            || self.readers_in(app.id).flatten().any(|who| names(who, caller))
    }

    /// The readers of the aggregate tables, reports and dashboards of an app.
    fn readers_in(&self, app: Id) -> impl Iterator<Item = Option<&Who>> {
        let aggregates = self.aggregates.values().map(|design| (design.row.app, &design.document.read));
        let reports = self.reports.values().map(|design| (design.row.app, &design.document.read));
        let dashboards = self.dashboards.values().map(|design| (design.row.app, &design.document.read));
        let all = aggregates.chain(reports).chain(dashboards);
        all.filter(move |(of, _)| *of == app).map(|(_, read)| read.as_ref())
    }
}

/// What those of these groups grant together that are active and name the caller.
pub fn granted_to<'g>(
    caller: &Caller,
    groups: impl Iterator<Item = (&'g PermissionGroup, Option<&'g Grant>)>,
) -> Access {
    let mine = groups.filter(|(group, _)| group.enabled && names(&group.who, caller));
    Access::granted(mine.filter_map(|(_, grant)| grant.cloned()).collect())
}

/// The active members whom a `who` names, by name.
pub fn named(who: &Who, people: &Directory) -> Vec<Id> {
    let mut all: BTreeSet<Id> = BTreeSet::new();
    if who.everyone {
        all.extend(people.members.keys().copied());
    }
    all.extend(who.members.iter().filter_map(|id| id.parse::<Id>().ok()));
    let departments = who.departments.iter().filter_map(|id| id.parse().ok());
    all.extend(departments.flat_map(|department| people.active_in_department(department, true)));
    all.extend(who.roles.iter().flat_map(|role| people.active_in_role(role)));
    people.ordered(all)
}

/// Whether a group's `who` names the caller.
pub fn names(who: &Who, caller: &Caller) -> bool {
    let people = &caller.people;
    let member = caller.id();
    // Everybody is a member: who comes by a public link is none.
    (who.everyone && people.members.contains_key(&member))
        || who.members.iter().any(|id| id.parse() == Ok(member))
        || who.roles.iter().any(|role| {
            let role = people.role(role).and_then(|role| people.in_role.get(&role.id));
            role.is_some_and(|members| members.contains(&member))
        })
        || who
            .departments
            .iter()
            .filter_map(|id| id.parse().ok())
            .any(|department| people.active_in_department(department, true).contains(&member))
}

/// The moment and the person, for what is computed for `caller`.
pub fn context(caller: &Caller, now: Timestamp) -> Context {
    let people = &caller.people;
    let zone = jiff::tz::TimeZone::get(&caller.workspace.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let departments = people.departments_of(caller.id());
    Context {
        user: Some(caller.id()).filter(|id| people.members.contains_key(id)),
        departments: departments.iter().flat_map(|department| people.with_parts(*department)).collect(),
        own_departments: departments.into_iter().collect(),
        above: people.above.clone(),
        subordinates: people.subordinates_of(caller.id()).into_iter().collect(),
        names: KnownNames::of(caller.people.clone()),
        dice: dice(),
        ..Context::system(now, zone)
    }
}

/// What comes by chance in one save, or one answer.
fn dice() -> Dice {
    let half = || u128::from(getrandom::u64().unwrap_or_default());
    Dice::new((half() << 64) | half())
}

impl CallsByName for Directory {
    fn name(&self, id: Id) -> Option<String> {
        let member = Some(Directory::name(self, id)).filter(|name| !name.is_empty()).map(str::to_string);
        member.or_else(|| self.departments.get(&id).map(|department| department.name.clone()))
    }
}

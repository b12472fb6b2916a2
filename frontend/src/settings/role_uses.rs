//! What a role may do, and where: the permission groups, steps of flows, administrators, readers and fields that name it.

use engine::text::Label;
use engine::value::Id;
use leptos::prelude::*;
use wire::{List, RoleUse, RoleUseKind};

use super::people_change::where_it_is;
use crate::api::people;
use crate::ui::{Badge, Loaded};
use crate::{i18n, t, text};

/// The places that name a role, each with the way there.
#[component]
pub fn RoleUses(role: Id) -> impl IntoView {
    let known = LocalResource::new(move || people::role_uses(role));
    let shown = move |list: List<RoleUse>| {
        if list.items.is_empty() {
            return view! { <p class="muted">{t!("role-uses-none")}</p> }.into_any();
        }
        let line = |place: RoleUse| view! { <li><Use place=place/></li> };
        view! { <ul class="stack g3">{list.items.into_iter().map(line).collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="stack">
            <h3>{t!("role-uses")}</h3>
            <Loaded answer=known lines=2 view=shown/>
        </section>
    }
}

#[component]
fn Use(place: RoleUse) -> impl IntoView {
    let to = address(&place);
    let is_off = !place.enabled;
    let place = StoredValue::new(place);
    let words = move || place.with_value(said);
    let where_it_is = move || place.with_value(where_is);
    view! {
        <div class="row wrap role-use">
            <a class="link" href=to>{words}</a>
            {is_off.then(|| view! { <Badge>{t!("role-uses-off")}</Badge> })}
        </div>
        <div class="note muted">{where_it_is}</div>
    }
}

fn named(label: Option<&Label>) -> String {
    label.map(|label| label.get(i18n::language()).to_string()).unwrap_or_default()
}

/// What the role is there: `权限组「出纳」：查看、新增`.
fn said(place: &RoleUse) -> String {
    let name = named(place.label.as_ref());
    match place.kind {
        RoleUseKind::Group => {
            let operation =
                |name: &String| i18n::lookup(&format!("permissions-op-{}", name.replace('_', "-")), &[]);
            let operations = i18n::listed(place.operations.iter().map(operation));
            text!("role-uses-group", name = name, operations = operations)
        }
        RoleUseKind::Step => text!("role-uses-step", name = name),
        RoleUseKind::AppAdministration => text!("role-uses-app"),
        RoleUseKind::FormAdministration => text!("role-uses-form"),
        RoleUseKind::MemberField => text!("role-uses-field", name = name),
        RoleUseKind::Dashboard => text!("role-uses-dashboard", name = name),
        RoleUseKind::Report => text!("role-uses-report", name = name),
        RoleUseKind::Table => text!("role-uses-table", name = name),
    }
}

fn where_is(place: &RoleUse) -> String {
    where_it_is(&place.app_label, place.form_label.as_ref())
}

/// The page on which that is set; of a dashboard and a report, whose readers are set on none, its own.
fn address(place: &RoleUse) -> String {
    let app = &place.app_key;
    let target = place.target.as_deref().unwrap_or_default();
    match (place.kind, place.form) {
        (RoleUseKind::Step, Some(form)) => format!("/apps/{app}/forms/{form}/flow"),
        (RoleUseKind::MemberField, Some(form)) => format!("/apps/{app}/forms/{form}/design"),
        (RoleUseKind::Dashboard, _) => format!("/apps/{app}/dashboards/{target}"),
        (RoleUseKind::Report, _) => format!("/apps/{app}/reports/{target}"),
        (RoleUseKind::Table, _) => format!("/apps/{app}/aggregates/{target}/design"),
        (_, Some(form)) => format!("/apps/{app}/forms/{form}/permissions"),
        (_, None) => format!("/apps/{app}/settings"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_says_what_the_role_is_there_and_leads_to_it() {
        i18n::set_language(i18n::Language::En);
        let place = |kind: &str, form: bool| -> RoleUse {
            let form = form.then_some("0000000000007");
            let json = json!({"kind": kind, "app": "0000000000001", "app_key": "till", "app_label": "Till",
                "form": form, "form_label": form.map(|_| "Orders"), "label": "Tellers",
                "operations": ["view", "bulk_edit"], "enabled": true});
            serde_json::from_value(json).unwrap()
        };
        let group = place("group", true);
        assert_eq!(said(&group), "Permission group “Tellers”: View, Bulk edit");
        assert_eq!(where_is(&group), "Till / Orders");
        assert_eq!(address(&group), "/apps/till/forms/0000000000007/permissions");
        assert_eq!(address(&place("step", true)), "/apps/till/forms/0000000000007/flow");
        let field = place("member_field", true);
        assert_eq!(said(&field), "Can be chosen in the field “Tellers”");
        assert_eq!(address(&field), "/apps/till/forms/0000000000007/design");
        for (kind, words, to) in [
            ("dashboard", "Sees the dashboard “Tellers”", "/apps/till/dashboards/sales"),
            ("report", "Sees the report “Tellers”", "/apps/till/reports/sales"),
            ("table", "Sees the aggregate table “Tellers”", "/apps/till/aggregates/sales/design"),
        ] {
            let read = RoleUse { target: Some("sales".to_string()), ..place(kind, false) };
            assert_eq!((said(&read).as_str(), address(&read).as_str()), (words, to));
        }
        let app = place("app_administration", false);
        assert_eq!((where_is(&app).as_str(), address(&app).as_str()), ("Till", "/apps/till/settings"));
    }
}

//! The lines of the audit trail. What was done to many things by one work is one line, which unfolds.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use leptos_router::components::A;
use wire::Audit;

use super::details::{Line, lines, tried};
use super::words::{kind_word, verb_word};
use crate::i18n;
use crate::ui::{Button, ButtonKind, ControlSize};
use crate::{t, text};

/// Entries that follow each other and tell the same are one line from so many on.
const ALIKE: usize = 4;

/// The lines of a page.
pub(super) fn rows(entries: Vec<Audit>) -> impl IntoView + use<> {
    folded(entries).into_iter().map(|alike| view! { <Alike entries=alike/> }).collect_view()
}

/// Entries that follow each other, together where they tell the same of one thing after the other.
fn folded(entries: Vec<Audit>) -> Vec<Vec<Audit>> {
    let mut all: Vec<Vec<Audit>> = Vec::new();
    for entry in entries {
        match all.last_mut() {
            Some(last) if last.last().is_some_and(|before| is_alike(before, &entry)) => last.push(entry),
            _ => all.push(vec![entry]),
        }
    }
    let apart = |alike: Vec<Audit>| -> Vec<Vec<Audit>> {
        if alike.len() < ALIKE { alike.into_iter().map(|entry| vec![entry]).collect() } else { vec![alike] }
    };
    all.into_iter().flat_map(apart).collect()
}

/// Whether two entries are the same, done by the same person to two records of one form.
fn is_alike(one: &Audit, other: &Audit) -> bool {
    let told = |entry: &Audit| {
        let way = entry.changes.as_ref().and_then(|changes| changes.get("path").cloned());
        (entry.action.clone(), entry.who, entry.path.clone(), entry.form.as_ref().map(|form| form.id), way)
    };
    one.object.kind == "record" && told(one) == told(other)
}

/// One entry, or the newest of several that are alike, with a button that shows the others.
#[component]
fn Alike(entries: Vec<Audit>) -> impl IntoView {
    let open = RwSignal::new(false);
    let mut entries = entries.into_iter();
    let first = entries.next();
    let others = StoredValue::new(entries.collect::<Vec<_>>());
    let count = others.with_value(Vec::len);
    let more = (count > 0).then(|| {
        view! {
            <Button
                kind=ButtonKind::Ghost
                size=ControlSize::Small
                expanded=open
                on_press=move |_| open.update(|open| *open = !*open)
            >
                {t!("audit-alike", count = count)}
            </Button>
        }
    });
    view! {
        {first.map(|entry| row(entry, more.into_any()))}
        {move || {
            open.get()
                .then(|| others.get_value().into_iter().map(|entry| row(entry, ().into_any())).collect_view())
        }}
    }
}

fn row(entry: Audit, more: AnyView) -> impl IntoView + use<> {
    let at = entry.at.clone();
    let at = move || parse_timestamp(&at).map_or_else(|| at.clone(), i18n::date_time);
    let who = entry.who_name.clone();
    let who = move || who.clone().unwrap_or_else(|| text!("audit-nobody"));
    let (kind, action) = (entry.object.kind.clone(), entry.action.clone());
    let verb = action.split_once('.').map(|(_, verb)| verb.to_string()).unwrap_or_default();
    let did = move || format!("{} · {}", kind_word(&kind), verb_word(&kind, &verb));
    let way = [entry.path.clone(), entry.ip.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let seal = entry.seq.map(|seq| format!("{seq} {}", entry.chain.clone().unwrap_or_default()));
    view! {
        <tr data-action=action title=seal>
            <td class="num">{at}</td>
            <td>{who}</td>
            <td><span class="stack g1">{did}{more}</span></td>
            <td>{object(&entry)}</td>
            <td class="num">{way}</td>
            <td>{details(&entry)}</td>
        </tr>
    }
}

/// What it was done to: a record by its title, with the way to it; what was tried, of a refusal; all with the form that they are of.
fn object(entry: &Audit) -> impl IntoView + use<> {
    let id = entry.object.id;
    let now = id.and_then(|id| entry.names.get(&id.to_string()).cloned());
    let label = entry.object.label.clone();
    let form = entry.form.clone().filter(|_| entry.object.kind != "form");
    let address = form.as_ref().zip(id).filter(|_| entry.object.kind == "record" && now.is_some());
    let address = address.map(|(form, id)| format!("/apps/{}/forms/{}/records/{id}", form.app, form.id));
    let called = match entry.object.kind.as_str() {
        "access" => None,
        // What is kept of a record is its form, and of a group its key.
        "record" if form.is_some() => now,
        "permission_group" => now.or(label),
        _ => label.or(now),
    };
    let refused = entry.changes.clone().filter(|_| entry.object.kind == "access");
    let refused = refused.map(|changes| move || tried(&changes));
    let named = called.map(|called| match address {
        Some(address) => {
            view! { <A href=address attr:class="link" attr:translate="no">{called}</A> }.into_any()
        }
        None => view! { <span translate="no">{called}</span> }.into_any(),
    });
    let of_form = form.map(|form| {
        let label = move || form.label.get(i18n::language()).to_string();
        view! { <span class="note muted" translate="no">{label}</span> }
    });
    view! { <span class="stack">{named}{refused.map(|refused| view! { <span>{refused}</span> })}{of_form}</span> }
}

/// What an entry tells besides, line by line, and as it is kept.
fn details(entry: &Audit) -> Option<impl IntoView + use<>> {
    let changes = entry.changes.clone()?;
    let kept = serde_json::to_string_pretty(&changes).unwrap_or_default();
    let names = entry.names.clone();
    let told = move || {
        let line = |Line { of, told }: Line| view! { <li><span class="muted">{of}": "</span><span translate="no">{told}</span></li> };
        lines(&changes, &names).into_iter().map(line).collect_view()
    };
    Some(view! {
        <details>
            <summary>{t!("audit-show")}</summary>
            <ul class="stack g1 small-text">{told}</ul>
            <details>
                <summary>{t!("audit-kept")}</summary>
                <pre class="small-text" translate="no">{kept}</pre>
            </details>
        </details>
    })
}

#[cfg(test)]
mod tests {
    use engine::value::Id;
    use serde_json::json;

    use super::*;

    fn entry(action: &str, object: i64, way: &str) -> Audit {
        let id = |number: i64| Id::from_i64(number).unwrap().to_string();
        let (kind, _) = action.split_once('.').unwrap();
        let form = json!({"id": id(3), "app": id(2), "label": "Orders"});
        let entry = json!({"id": id(1), "seq": 1, "at": "2026-11-30T16:00:00Z", "who": id(9), "who_name": "Ada",
            "on_behalf_of": null, "action": action, "object": {"kind": kind, "id": id(object), "label": "order"},
            "path": "web", "ip": null, "request_id": null, "changes": {"form": id(3), "path": way},
            "hash": "", "chain": null, "form": form});
        serde_json::from_value(entry).unwrap()
    }

    #[test]
    fn what_is_done_to_many_records_by_one_work_is_one_line() {
        let many = (1..=5).map(|record| entry("record.update", record, "bulk_edit"));
        let few = (1..=3).map(|record| entry("record.update", record, "web"));
        let others = (1..=5).map(|member| entry("member.update", member, "web"));
        let lines: Vec<usize> =
            folded(many.chain(few).chain(others).collect()).iter().map(Vec::len).collect();
        assert_eq!(lines, [5, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert!(folded(Vec::new()).is_empty());
    }
}

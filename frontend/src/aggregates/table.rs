//! The groups of an aggregate table: as they are, with the records behind each number, or as they were on a day.

use engine::value::{Id, format_timestamp, parse_date};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use serde_json::Value as Json;
use wire::{Aggregate, AggregateBehindInput, AggregateGroup};

use super::behind::{Asked, MadeOf};
use super::{document_of, measures_of, name_of, table_param};
use crate::api::{Problem, aggregates};
use crate::i18n::{self, group_digits};
use crate::records::app_param;
use crate::shell::{ShellContext, Top};
use crate::ui::{Button, Crumb, DateInput, Empty, Field, Loaded, ProblemView, Skeleton};
use crate::{t, text};

#[component]
pub fn AggregatePage() -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let id = table_param();
    let may_design = Memo::new(move |_| shell.current_app().is_some_and(|app| app.administrator));
    let answer = LocalResource::new(move || {
        let id = id.get();
        async move { aggregates::get(&id).await }
    });
    let crumbs = Signal::derive(move || {
        let name = answer.get().and_then(Result::ok).map(|table| name_of(&table));
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(text!("aggregates-title"), format!("/apps/{}/aggregates", app.get())),
            Crumb::here(name.unwrap_or_default()),
        ]
    });
    let day = RwSignal::new(String::new());
    let asked = RwSignal::new(None::<Asked>);
    // Another table or day has other numbers.
    Effect::new(move |before: Option<()>| {
        id.track();
        day.track();
        if before.is_some() {
            asked.set(None);
        }
    });
    let body = move |table: Aggregate| view! { <Groups table=table day=day asked=asked/> };
    view! {
        <Top crumbs=crumbs>
            {move || may_design.get().then(|| view! {
                <A href=format!("/apps/{}/aggregates/{}/design", app.get(), id.get()) attr:class="btn">{t!("aggregate-design")}</A>
            })}
        </Top>
        <div class="data" class:with-drawer=move || asked.with(Option::is_some)>
            <main class="page">
                <div class="page-in wide stack g4">
                    <div class="filters">
                        <Field label=t!("aggregate-as-of") help=Signal::derive(t!("aggregate-as-of-help"))>
                            <DateInput value=day on_change=move |text: String| day.set(text) name="as_of"/>
                        </Field>
                    </div>
                    <Loaded answer=answer view=body/>
                </div>
            </main>
            {move || asked.get().map(|question| view! {
                <MadeOf asked=question on_close=move |()| asked.set(None)/>
            })}
        </div>
    }
}

/// The last moment of a day, as the wire has it.
fn end_of(day: Date, zone: TimeZone) -> Option<String> {
    let next = day.tomorrow().ok()?.to_zoned_datetime(zone).ok()?.timestamp();
    let last = next.checked_sub(jiff::SignedDuration::from_micros(1)).ok()?;
    Some(format_timestamp(last))
}

/// The moment that is asked for: the end of a past day. Nothing for the present.
fn moment_of(day: &str) -> Option<String> {
    let day = parse_date(day).filter(|day| *day < i18n::today())?;
    end_of(day, i18n::zone())
}

/// The groups of a table, a page at a time.
#[component]
fn Groups(table: Aggregate, day: RwSignal<String>, asked: RwSignal<Option<Asked>>) -> impl IntoView {
    let id = StoredValue::new(table.id.to_string());
    let document = document_of(&table);
    let dimensions: Vec<(String, String)> = document
        .iter()
        .flat_map(|document| &document.dimensions)
        .map(|known| (known.key.clone(), known.label.get(i18n::language()).to_string()))
        .collect();
    let measures = document.as_ref().map(measures_of).unwrap_or_default();
    let heads = StoredValue::new((dimensions, measures));
    let items = RwSignal::new(None::<Vec<AggregateGroup>>);
    let next = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    // Raised with another day, so that late answers about the one before are dropped.
    let round = StoredValue::new(0_u32);
    let load = move |cursor: Option<String>| {
        busy.set(true);
        let at = moment_of(&day.get_untracked());
        let (id, now) = (id.get_value(), round.get_value());
        spawn_local(async move {
            let answer = aggregates::rows(&id, at.as_deref(), cursor.as_deref()).await;
            if round.try_get_value() != Some(now) || busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    items.update(|items| items.get_or_insert_default().extend(page.items));
                    next.set(page.next);
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    Effect::new(move || {
        day.track();
        round.update_value(|round| *round += 1);
        items.set(None);
        next.set(None);
        problem.set(None);
        load(None);
    });
    let line = move |group: AggregateGroup| {
        heads.with_value(|(dimensions, measures)| {
            let names: Vec<String> = dimensions.iter().map(|(key, _)| label_of(&group, key)).collect();
            let of_group = i18n::listed(&names);
            let cells = measures.iter().map(|(key, name)| {
                let Some(value) = group.values.get(key).cloned().flatten() else {
                    return view! { <td class="num muted">"—"</td> }.into_any();
                };
                let shown = group_digits(&value);
                // What made a number of the past is not what makes it now.
                if moment_of(&day.get_untracked()).is_some() {
                    return view! { <td class="num">{shown}</td> }.into_any();
                }
                let input = AggregateBehindInput {
                    group: group.group.clone(),
                    measure: key.clone(),
                    ..AggregateBehindInput::default()
                };
                let title = format!("{name} · {of_group}");
                let question = Asked { table: id.get_value(), input, title };
                view! {
                    <td class="num">
                        <button type="button" class="cell-link" on:click=move |_| asked.set(Some(question.clone()))>{shown}</button>
                    </td>
                }
                .into_any()
            });
            let cells = cells.collect_view();
            let names = names.into_iter().map(|name| view! { <td>{name}</td> }).collect_view();
            view! { <tr>{names}{cells}</tr> }
        })
    };
    let head = move || {
        heads.with_value(|(dimensions, measures)| {
            let groups = dimensions.iter().map(|(_, name)| view! { <th>{name.clone()}</th> }).collect_view();
            let numbers =
                measures.iter().map(|(_, name)| view! { <th class="num">{name.clone()}</th> }).collect_view();
            view! { <tr>{groups}{numbers}</tr> }
        })
    };
    move || match (problem.get(), items.get()) {
        (Some(problem), _) => view! { <ProblemView problem=problem/> }.into_any(),
        (None, None) => view! { <Skeleton lines=6/> }.into_any(),
        (None, Some(groups)) if groups.is_empty() => {
            view! { <div class="card"><Empty icon="rollup" title=t!("aggregate-empty")/></div> }.into_any()
        }
        (None, Some(groups)) => {
            let rows = groups.into_iter().map(line).collect_view();
            view! {
                <div class="sub-scroll card">
                    <table class="grid plain auto">
                        <thead>{head()}</thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {move || next.get().map(|cursor| view! {
                    <div><Button busy=busy on_press=move |_| load(Some(cursor.clone()))>{t!("report-more")}</Button></div>
                })}
            }
            .into_any()
        }
    }
}

/// A dimension of a group as people read it: an id is nothing to read.
fn label_of(group: &AggregateGroup, dimension: &str) -> String {
    let value = group.group.get(dimension).and_then(Json::as_str);
    match (group.labels.get(dimension), value) {
        (Some(label), _) if !label.is_empty() => label.clone(),
        (Some(_untitled), _) => text!("record-untitled"),
        (None, Some(id)) if id.parse::<Id>().is_ok() => text!("fill-no-access"),
        (None, Some(value)) => value.to_string(),
        (None, None) => "—".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_ids_in_place_of_names() {
        let id = Id::from_i64(7).unwrap().to_string();
        let group = |labels: Json| {
            let group = serde_json::json!({"group": {"a": id, "b": null, "c": "2026-01"}, "values": {}, "labels": labels});
            serde_json::from_value::<AggregateGroup>(group).unwrap()
        };
        let labelled = group(serde_json::json!({"a": "Desk"}));
        let read = |group: &AggregateGroup| ["a", "b", "c"].map(|dimension| label_of(group, dimension));
        assert_eq!(read(&labelled), ["Desk", "—", "2026-01"]);
        for unknown in [serde_json::json!({}), serde_json::json!({"a": ""})] {
            assert!(!read(&group(unknown))[0].contains(&id));
        }
    }

    #[test]
    fn a_day_ends_where_the_reader_is() {
        let day = parse_date("2026-11-22").unwrap();
        let end = |zone: &str| end_of(day, TimeZone::get(zone).unwrap()).unwrap();
        assert_eq!(end("Asia/Shanghai"), "2026-11-22T15:59:59.999999Z");
        assert_eq!(end("UTC"), "2026-11-22T23:59:59.999999Z");
        // The clock of the tests stands at the epoch: no day of this century has passed.
        assert_eq!(moment_of("2026-11-22"), None);
        assert_eq!(moment_of("half"), None);
        assert!(moment_of("1969-01-01").is_some());
    }
}

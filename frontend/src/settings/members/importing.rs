//! Members from a file: what it would make of them, and the import itself.

use std::collections::BTreeMap;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{
    MemberColumn, MemberImport, MemberImportInput, MemberImportPreview, MemberRowChange, RowFate, RowFault,
    StoredFile,
};

use crate::api::people;
use crate::imports::{EncodingNote, Run, RunProgress, SheetInput};
use crate::ui::{Badge, Banner, Button, ButtonKind, Checkbox, Choice, ControlSize, Dialog, Select, Tone};
use crate::{browser, i18n, t, text};

const COLUMNS: [(MemberColumn, &str); 7] = [
    (MemberColumn::Email, "member-email"),
    (MemberColumn::Name, "member-name"),
    (MemberColumn::Title, "member-title"),
    (MemberColumn::Phone, "member-phone"),
    (MemberColumn::Departments, "member-departments"),
    (MemberColumn::Roles, "member-roles"),
    (MemberColumn::Manager, "member-manager"),
];

/// The line of the example, in the order of the columns.
const EXAMPLE: &str = "lin@example.com,Lin Wang,,555 0100,Sales/East,,";

/// What the dialog holds.
#[derive(Clone, Copy)]
struct Importing {
    file: RwSignal<Option<Id>>,
    seen: RwSignal<Option<MemberImportPreview>>,
    make_departments: RwSignal<bool>,
    reading: RwSignal<bool>,
    fault: RwSignal<Option<String>>,
    done: RwSignal<Option<MemberImport>>,
    run: Run,
}

impl Importing {
    fn new() -> Importing {
        Importing {
            file: RwSignal::new(None),
            seen: RwSignal::new(None),
            make_departments: RwSignal::new(true),
            reading: RwSignal::new(false),
            fault: RwSignal::new(None),
            done: RwSignal::new(None),
            run: Run::new(),
        }
    }

    fn forget(self) {
        self.file.set(None);
        self.seen.set(None);
        self.fault.set(None);
        self.done.set(None);
        self.run.fault.set(None);
    }

    fn input(self, mapping: Option<BTreeMap<String, MemberColumn>>) -> Option<MemberImportInput> {
        let file = self.file.get_untracked()?;
        let make_departments = self.make_departments.get_untracked();
        Some(MemberImportInput { file, sheet: None, mapping, make_departments })
    }

    /// Asks the server what the file would make of the members.
    fn look(self, mapping: Option<BTreeMap<String, MemberColumn>>) {
        let Some(input) = self.input(mapping) else { return };
        self.reading.set(true);
        self.fault.set(None);
        spawn_local(async move {
            let answer = people::preview_import(&input).await;
            let _ = self.reading.try_set(false);
            match answer {
                Ok(seen) => drop(self.seen.try_set(Some(seen))),
                Err(problem) => drop(self.fault.try_set(Some(problem.sentence()))),
            }
        });
    }
}

#[component]
pub(super) fn PeopleFromFileDialog(open: RwSignal<bool>, on_imported: Callback<()>) -> impl IntoView {
    let importing = Importing::new();
    Effect::new(move || {
        if open.get() {
            importing.forget();
        }
    });
    let begin = move |_| {
        let mapping = importing.seen.with_untracked(|seen| seen.as_ref().map(|seen| seen.mapping.clone()));
        let Some(input) = importing.input(mapping) else { return };
        spawn_local(async move {
            let run = importing.run;
            let done = run.follow::<MemberImport>(people::import(&input), "import-cancelled").await;
            if let Some((_, done)) = done {
                let _ = importing.done.try_set(Some(done));
            }
            let _ = on_imported.try_run(());
        });
    };
    let unready = Signal::derive(move || {
        let brings = importing
            .seen
            .with(|seen| seen.as_ref().is_some_and(|seen| seen.outcome.created + seen.outcome.updated > 0));
        (!brings).then(|| text!("members-import-nothing"))
    });
    let is_over = move || importing.done.with(Option::is_some);
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>
                {move || if is_over() { text!("ui-close") } else { text!("ui-cancel") }}
            </Button>
            {move || (!is_over()).then(|| view! {
                <Button
                    kind=ButtonKind::Primary
                    busy=importing.run.running
                    disabled_reason=unready
                    on_press=begin
                >
                    {t!("members-import-begin")}
                </Button>
            })}
        }
    };
    let sent = move |file: StoredFile| {
        importing.file.set(Some(file.id));
        importing.look(None);
    };
    let shown = move || {
        if let Some(done) = importing.done.get() {
            return view! { <Outcome outcome=done is_done=true/> }.into_any();
        }
        if importing.run.running.get() {
            let label = Signal::derive(t!("members-importing"));
            return view! { <RunProgress run=importing.run label=label/> }.into_any();
        }
        match importing.seen.get() {
            Some(seen) => view! { <Seen importing=importing seen=seen/> }.into_any(),
            None => view! {
                <Columns/>
                <SheetInput on_sent=sent fault=importing.fault reading=importing.reading/>
            }
            .into_any(),
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(t!("members-import")) foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                {move || importing.run.fault.get().map(|fault| view! { <Banner tone=Tone::Danger>{fault}</Banner> })}
                {shown}
            </div>
        </Dialog>
    }
}

/// How the file would be taken: what its columns say, and what becomes of its rows.
#[component]
fn Seen(importing: Importing, seen: MemberImportPreview) -> impl IntoView {
    let mapping = StoredValue::new(seen.mapping.clone());
    let choices = Signal::derive(|| {
        let columns = COLUMNS.iter().enumerate();
        columns.map(|(place, (_, name))| Choice::new(place.to_string(), i18n::lookup(name, &[]))).collect()
    });
    let columns = seen.headers.into_iter().map(|header| {
        let column = seen.mapping.get(&header).copied();
        let place = column.and_then(|column| COLUMNS.iter().position(|(known, _)| *known == column));
        let value = Signal::stored(place.map(|place| place.to_string()));
        let changed = header.clone();
        let change = move |key: Option<String>| {
            let place = key.and_then(|key| key.parse::<usize>().ok());
            let column = place.and_then(|place| COLUMNS.get(place)).map(|(column, _)| *column);
            let mut next = mapping.get_value();
            next.retain(|_, taken| Some(*taken) != column);
            next.remove(&changed);
            next.extend(column.map(|column| (changed.clone(), column)));
            importing.look(Some(next));
        };
        view! {
            <tr>
                <td>{header.clone()}</td>
                <td>
                    <Select
                        choices=choices
                        value=value
                        on_change=change
                        clearable=true
                        label=Signal::stored(header)
                        size=ControlSize::Small
                    />
                </td>
            </tr>
        }
    });
    let columns = columns.collect_view();
    let rows = seen.rows.into_iter().map(|row| {
        let badge = match row.fate {
            RowFate::Created => view! { <Badge tone=Tone::Success>{t!("members-row-created")}</Badge> },
            RowFate::Updated => view! { <Badge tone=Tone::Info>{t!("members-row-updated")}</Badge> },
            RowFate::Unchanged => view! { <Badge>{t!("members-row-unchanged")}</Badge> },
            RowFate::Refused => view! { <Badge tone=Tone::Danger>{t!("members-row-refused")}</Badge> },
        };
        let changes =
            row.changes.into_iter().map(|change| view! { <span class="note">{told(change)}</span> });
        view! {
            <tr>
                <td>{row.name}</td>
                <td>{row.email}</td>
                <td><div class="stack">{badge}{changes.collect_view()}</div></td>
            </tr>
        }
    });
    let turn = move |on: bool| {
        importing.make_departments.set(on);
        importing.look(Some(mapping.get_value()));
    };
    view! {
        {move || importing.fault.get().map(|fault| view! { <Banner tone=Tone::Danger>{fault}</Banner> })}
        <table class="grid plain auto"><tbody>{columns}</tbody></table>
        <EncodingNote encoding=Signal::stored(seen.encoding)/>
        <Checkbox checked=importing.make_departments on_change=turn name="make-departments">
            {t!("members-import-departments")}
        </Checkbox>
        <Outcome outcome=seen.outcome is_done=false/>
        <div class="sub-scroll"><table class="grid plain auto"><tbody>{rows.collect_view()}</tbody></table></div>
    }
}

/// What a row changes about a member, in the language on the screen.
fn told(change: MemberRowChange) -> impl Fn() -> String + Send + Sync + 'static {
    move || {
        let MemberRowChange { column, old, new } = &change;
        let name = COLUMNS.iter().find(|(known, _)| known == column).map_or("", |(_, name)| *name);
        let (column, now) = (i18n::lookup(name, &[]), i18n::listed(new));
        match (old.is_empty(), new.is_empty()) {
            (true, _) => text!("members-import-sets", column = column, now = now),
            (false, true) => text!("members-import-clears", column = column, before = i18n::listed(old)),
            (false, false) => {
                text!("members-import-changes", column = column, before = i18n::listed(old), now = now)
            }
        }
    }
}

/// What the file may hold, with an example to begin with: its headings are those that are known.
#[component]
fn Columns() -> impl IntoView {
    let example = move |_| {
        let heads: Vec<String> = COLUMNS.iter().map(|(_, name)| i18n::lookup(name, &[])).collect();
        // The mark says to Excel that it is UTF-8.
        let text = format!("\u{feff}{}\r\n{EXAMPLE}\r\n", heads.join(","));
        browser::download(&format!("{}.csv", text!("members-import")), "text/csv;charset=utf-8", &text);
    };
    view! {
        <p class="soft-text">{t!("members-import-help")}</p>
        <div><Button icon="download" size=ControlSize::Small on_press=example>{t!("members-import-example")}</Button></div>
    }
}

/// What an import does or did, and why not more.
#[component]
fn Outcome(outcome: MemberImport, is_done: bool) -> impl IntoView {
    let MemberImport { created, updated, unchanged, failed, departments, faults } = outcome;
    let counts = move || {
        if is_done {
            text!(
                "members-import-done",
                created = created,
                updated = updated,
                unchanged = unchanged,
                failed = failed
            )
        } else {
            text!(
                "members-import-seen",
                created = created,
                updated = updated,
                unchanged = unchanged,
                failed = failed
            )
        }
    };
    let made = (!departments.is_empty()).then(|| i18n::listed(departments));
    view! {
        <p role="status">{counts}</p>
        {made.map(|names| view! { <p class="note muted">{t!("members-import-makes", names = names)}</p> })}
        {(!faults.is_empty()).then(|| view! { <Faults faults=faults/> })}
    }
}

#[component]
fn Faults(faults: Vec<RowFault>) -> impl IntoView {
    let rows = faults.into_iter().map(|fault| {
        let place = text!("members-import-line", line = fault.line);
        view! {
            <tr>
                <td class="nowrap">{place}</td>
                <td>{fault.column.unwrap_or_default()}</td>
                <td>{fault.value.unwrap_or_default()}</td>
                <td>{fault.message}</td>
            </tr>
        }
    });
    view! {
        <div class="sub-scroll">
            <table class="grid plain auto"><tbody>{rows.collect_view()}</tbody></table>
        </div>
    }
}

//! Choosing records: the boxes before the rows, and the bar with what can be done with the chosen ones.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::chosen::Chosen;
use super::giving::{GiveDialog, MOST_GIVEN};
use super::many;
use super::rows::Rows;
use crate::api::forms::OpenForm;
use crate::prints::PrintDialog;
use crate::ui::{
    Button, ButtonKind, Checkbox, ConfirmDialog, ControlSize, Icon, IconButton, IconSize, toast,
};
use crate::{i18n, t, text};

/// Records that are deleted at once at most.
const MOST_DELETED: usize = 5_000;

/// Records that are printed at once at most: as many as the server puts into one document.
const MOST_PRINTED: usize = 200;

/// The first cell of a row: its number, and the box that chooses it. With Shift all from the last one that was chosen are.
#[component]
pub fn PickCell(
    place: usize,
    rows: Rows,
    chosen: Chosen,
    /// The row that the keys act on.
    active: RwSignal<usize>,
    /// Whether the reader may not change the record.
    #[prop(into)]
    locked: Signal<bool>,
) -> impl IntoView {
    let is_chosen = Memo::new(move |_| rows.id_at(place).is_some_and(|id| chosen.has(id)));
    let press = move |event: MouseEvent| {
        if !chosen.may {
            return;
        }
        // The row would open.
        event.stop_propagation();
        let before = active.get_untracked();
        active.set(place);
        if event.shift_key() { chosen.extend(before, place) } else { chosen.turn(place) }
    };
    let number = i18n::whole(place as u64 + 1);
    view! {
        <td
            class="pick"
            class:choosable=chosen.may
            title=move || locked.get().then(|| text!("grid-row-locked"))
            on:click=press
        >
            <span class="number">{place + 1}</span>
            {chosen.may.then(|| view! {
                <span class="check">
                    <input
                        type="checkbox"
                        tabindex="-1"
                        aria-label=t!("grid-choose-row", number = number)
                        prop:checked=is_chosen
                    />
                </span>
            })}
            {move || locked.get().then(|| view! {
                <Icon name="lock" size=IconSize::Small class="row-lock"/>
                <span class="sr">{t!("grid-row-locked")}</span>
            })}
        </td>
    }
}

/// The box over the rows: all records that the filter leaves, or none.
#[component]
pub fn PickAll(chosen: Chosen) -> impl IntoView {
    let turn = move |on: bool| if on { chosen.choose_all() } else { chosen.clear() };
    let (all, some) = (move || chosen.is_all(), move || chosen.any() && !chosen.is_all());
    if !chosen.may {
        return view! { "#" }.into_any();
    }
    view! {
        <Checkbox
            checked=Signal::derive(all)
            mixed=Signal::derive(some)
            on_change=turn
            label=Signal::derive(t!("grid-choose-all"))
        />
    }
    .into_any()
}

/// What the reader may do with several records of the form.
#[derive(Clone, Copy)]
pub struct Doings {
    pub edit: bool,
    pub export: bool,
    pub print: bool,
    pub give: bool,
    pub delete: bool,
}

impl Doings {
    pub fn any(self) -> bool {
        self.edit || self.export || self.print || self.give || self.delete
    }
}

/// The bar with what can be done with the chosen records; nothing while none is.
#[component]
pub fn ChoiceBar(
    form: StoredValue<OpenForm>,
    rows: Rows,
    chosen: Chosen,
    doings: Doings,
    #[prop(into)] on_edit: Callback<()>,
    #[prop(into)] on_export: Callback<()>,
) -> impl IntoView {
    let (deleting, giving) = (RwSignal::new(false), RwSignal::new(false));
    let is_shown = Memo::new(move |_| chosen.choosing.get() || chosen.any());
    let nothing = Signal::derive(move || (!chosen.any()).then(|| text!("grid-choose-first")));
    let too_many = move || chosen.count() > MOST_DELETED as u64;
    let why_kept = Signal::derive(move || {
        let most = i18n::whole(MOST_DELETED as u64);
        nothing.get().or_else(|| too_many().then(|| text!("grid-delete-most", count = most)))
    });
    let too_many_to_give = move || chosen.count() > MOST_GIVEN as u64;
    let why_not_given = Signal::derive(move || {
        let most = i18n::whole(MOST_GIVEN as u64);
        nothing.get().or_else(|| too_many_to_give().then(|| text!("grid-give-most", count = most)))
    });
    let too_many_sheets = move || chosen.count() > MOST_PRINTED as u64;
    let why_unprinted = Signal::derive(move || {
        nothing.get().or_else(|| too_many_sheets().then(|| text!("prints-most", count = MOST_PRINTED)))
    });
    let (printing, to_print) = (RwSignal::new(false), RwSignal::new(Vec::new()));
    let form_id = form.with_value(|form| form.info.id);
    let print = move |_| {
        spawn_local(async move {
            match chosen.ids(MOST_PRINTED).await {
                Ok(Some(ids)) => {
                    if to_print.try_set(ids).is_none() {
                        printing.set(true);
                    }
                }
                Ok(None) => {}
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let all = move || rows.count.with(|count| count.as_ref().map_or(0, |count| count.value));
    let rest = move || {
        let is_part = chosen.any() && !chosen.is_all();
        is_part.then(|| {
            view! {
                <Button kind=ButtonKind::Ghost size=ControlSize::Small on_press=move |_| chosen.choose_all()>
                    {move || text!("grid-choose-these", count = i18n::whole(all()))}
                </Button>
            }
        })
    };
    let count = move || text!("grid-chosen", count = i18n::whole(chosen.count()));
    view! {
        <Show when=move || is_shown.get()>
            <div class="choice-bar" role="toolbar" aria-label=t!("grid-chosen-tools")>
                <span class="num" role="status">{count}</span>
                {rest}
                <span class="push row wrap">
                    {doings.edit.then(|| view! {
                        <Button size=ControlSize::Small icon="edit" disabled_reason=nothing on_press=move |_| on_edit.run(())>
                            {t!("grid-chosen-edit")}
                        </Button>
                    })}
                    {doings.export.then(|| view! {
                        <Button size=ControlSize::Small icon="download" disabled_reason=nothing on_press=move |_| on_export.run(())>
                            {t!("grid-export")}
                        </Button>
                    })}
                    {doings.print.then(|| view! {
                        <Button size=ControlSize::Small icon="print" disabled_reason=why_unprinted on_press=print>
                            {t!("record-print")}
                        </Button>
                    })}
                    {doings.give.then(|| view! {
                        <Button size=ControlSize::Small icon="transfer" disabled_reason=why_not_given on_press=move |_| giving.set(true)>
                            {t!("record-change-owner")}
                        </Button>
                    })}
                    {doings.delete.then(|| view! {
                        <Button kind=ButtonKind::DangerQuiet size=ControlSize::Small icon="trash" disabled_reason=why_kept on_press=move |_| deleting.set(true)>
                            {t!("grid-chosen-delete")}
                        </Button>
                    })}
                    <IconButton icon="close" label=Signal::derive(t!("grid-choose-none")) size=ControlSize::Small on_press=move |_| chosen.clear()/>
                </span>
            </div>
        </Show>
        {doings.print.then(|| view! { <PrintDialog open=printing form=form_id records=to_print/> })}
        {doings.give.then(|| view! { <GiveDialog open=giving form=form rows=rows chosen=chosen/> })}
        <DeleteDialog open=deleting form=form rows=rows chosen=chosen/>
    }
}

/// Asks before it deletes the chosen records, and offers the way back afterwards.
#[component]
fn DeleteDialog(
    open: RwSignal<bool>,
    form: StoredValue<OpenForm>,
    rows: Rows,
    chosen: Chosen,
) -> impl IntoView {
    let (id, has_flow) = form.with_value(|form| (form.info.id, form.info.flow.is_some()));
    let busy = RwSignal::new(false);
    // How many are through, of how many.
    let through = RwSignal::new(None::<(usize, usize)>);
    let delete = move |()| {
        busy.set(true);
        through.set(None);
        spawn_local(async move {
            match chosen.ids(MOST_DELETED).await {
                Err(problem) => toast::refused(&problem),
                Ok(None) => {
                    toast::show(text!("grid-delete-most", count = i18n::whole(MOST_DELETED as u64)));
                }
                Ok(Some(ids)) => {
                    let all = ids.len();
                    let told = |done: usize| {
                        let _ = through.try_set(Some((done, all)));
                    };
                    let fate = many::delete(id, &ids, told).await;
                    many::tell_deleted(id, fate, move || rows.refresh());
                    // The list may be left by now.
                    if busy.try_get_untracked().is_some() {
                        chosen.clear();
                        rows.refresh();
                    }
                }
            }
            let _ = (busy.try_set(false), open.try_set(false));
        });
    };
    let title = Signal::derive(move || {
        let count = chosen.count();
        text!("grid-delete-question", count = i18n::whole(count), number = count)
    });
    view! {
        <ConfirmDialog open=open title=title action=Signal::derive(t!("record-delete")) busy=busy on_confirm=delete>
            <p>{t!("grid-delete-text")}</p>
            {has_flow.then(|| view! { <p>{t!("grid-delete-running")}</p> })}
            {move || through.get().map(|(done, all)| view! {
                <p class="note muted" role="status">{text!("grid-deleting", done = i18n::whole(done as u64), count = i18n::whole(all as u64))}</p>
            })}
        </ConfirmDialog>
    }
}

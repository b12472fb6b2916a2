//! The dialog of a bulk edit.

use engine::condition::Condition;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::bulk_edit::{BulkEditInput, BulkEdited, Undone};

use super::lines::{Lines, LinesView};
use super::outcome::{Outcome, TakenBack, Tense};
use crate::api::forms::OpenForm;
use crate::api::jobs;
use crate::api::records::{self, Searched};
use crate::fill::Titles;
use crate::imports::{Run, RunProgress};
use crate::ui::{Banner, Button, ButtonKind, Dialog, DialogSize, Steps, Tone, toast};
use crate::{i18n, t, text};

/// Where one is in the dialog.
#[derive(Clone, PartialEq)]
enum Stage {
    Change,
    /// What a preview found.
    Tried(BulkEdited),
    /// The job that changed the records, and what it did.
    Done(String, BulkEdited),
    /// What taking it back did.
    Undone(Undone),
}

impl Stage {
    fn number(&self) -> usize {
        match self {
            Stage::Change => 1,
            Stage::Tried(_) => 2,
            Stage::Done(..) | Stage::Undone(_) => 3,
        }
    }
}

/// Which records are changed.
#[derive(Clone, Copy)]
pub struct Meant {
    /// What leaves them.
    pub filter: Signal<Option<Condition>>,
    /// What is searched for among them.
    pub search: Signal<Searched>,
    /// The permission group whose records alone are listed.
    pub group: Signal<Option<String>>,
    /// Whether somebody chose them in the list.
    pub is_chosen: Signal<bool>,
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct BulkEdit {
    form: StoredValue<OpenForm>,
    of: Meant,
    titles: Titles,
    lines: Lines,
    stage: RwSignal<Stage>,
    /// What the preview was of: the same is then done.
    tried: StoredValue<BulkEditInput>,
    run: Run,
    on_changed: Callback<()>,
}

impl BulkEdit {
    fn try_out(self) {
        let Ok(set) = untrack(|| self.lines.set()) else { return };
        let filter = self.of.filter.get_untracked();
        let Searched { words, fields } = self.of.search.get_untracked();
        let input = BulkEditInput {
            filter,
            q: words,
            q_fields: fields,
            permission_group: self.of.group.get_untracked(),
            set,
            trigger: true,
            preview: true,
            ..BulkEditInput::default()
        };
        self.tried.set_value(BulkEditInput { preview: false, ..input.clone() });
        let form = self.form.with_value(|form| form.info.id);
        spawn_local(async move {
            let started = records::bulk_edit(form, &input);
            let found = self.run.follow::<BulkEdited>(started, "bulk-edit-preview-cancelled").await;
            // A preview that was cancelled says nothing.
            if let Some((_, edited)) = found
                && self.run.fault.try_with_untracked(Option::is_none) == Some(true)
            {
                self.stage.set(Stage::Tried(edited));
            }
        });
    }

    fn carry_out(self) {
        let input = self.tried.get_value();
        let form = self.form.with_value(|form| form.info.id);
        spawn_local(async move {
            let started = records::bulk_edit(form, &input);
            let done = self.run.follow::<BulkEdited>(started, "bulk-edit-cancelled").await;
            let Some((job, edited)) = done else { return };
            toast::show(text!("bulk-edit-toast", count = edited.changed));
            let _ = self.stage.try_set(Stage::Done(job, edited));
            let _ = self.on_changed.try_run(());
        });
    }

    fn undo(self, job: String) {
        spawn_local(async move {
            let done = self.run.follow::<Undone>(jobs::undo(&job), "bulk-edit-undo-cancelled").await;
            let Some((_, undone)) = done else { return };
            toast::show(text!("bulk-edit-undone", count = undone.restored));
            let _ = self.stage.try_set(Stage::Undone(undone));
            let _ = self.on_changed.try_run(());
        });
    }
}

/// Changes the records of a list that are meant.
#[component]
pub fn BulkEditDialog(
    open: RwSignal<bool>,
    form: StoredValue<OpenForm>,
    of: Meant,
    /// What linked records and members are called.
    titles: Titles,
    /// Records were changed.
    #[prop(into)]
    on_changed: Callback<()>,
) -> impl IntoView {
    let edit = BulkEdit {
        form,
        of,
        titles,
        lines: Lines::new(form, titles),
        stage: RwSignal::new(Stage::Change),
        tried: StoredValue::default(),
        run: Run::new(),
        on_changed,
    };
    // A new opening begins with what was set last; what was done is done.
    Effect::new(move || {
        if open.get() && !edit.run.running.get_untracked() {
            edit.run.fault.set(None);
            edit.stage.set(Stage::Change);
        }
    });
    let labels = move || {
        vec![
            Signal::derive(t!("bulk-edit-step-change")),
            Signal::derive(t!("bulk-edit-step-preview")),
            Signal::derive(t!("bulk-edit-step-done")),
        ]
    };
    let at = Signal::derive(move || edit.stage.with(Stage::number));
    view! {
        <Dialog
            open=open
            title=Signal::derive(t!("grid-bulk-edit"))
            size=DialogSize::Large
            foot=Some(ViewFn::from(move || view! { <Foot edit=edit open=open/> }))
        >
            <div class="stack g4">
                <Steps labels=labels() at=at/>
                {move || edit.run.fault.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                <Body edit=edit/>
            </div>
        </Dialog>
    }
}

#[component]
fn Body(edit: BulkEdit) -> impl IntoView {
    let BulkEdit { form, titles, .. } = edit;
    let is_narrowed =
        move || edit.of.filter.with(Option::is_some) || edit.of.search.with(|search| search.words.is_some());
    let of_group = move || {
        let key = edit.of.group.get()?;
        let label = |group: &wire::NamedGroup| group.label.get(i18n::language()).to_string();
        form.with_value(|form| form.info.groups.iter().find(|group| group.key == key).map(label))
    };
    let whom = move || match (edit.of.is_chosen.get(), of_group(), is_narrowed()) {
        (true, ..) => text!("bulk-edit-of-chosen"),
        (false, Some(group), true) => text!("bulk-edit-of-group-filter", group = group),
        (false, Some(group), false) => text!("bulk-edit-of-group", group = group),
        (false, None, true) => text!("bulk-edit-of-filter"),
        (false, None, false) => text!("bulk-edit-of-all"),
    };
    let body = move || match edit.stage.get() {
        Stage::Change => view! {
            <p class="small-text soft-text">{whom}</p>
            <LinesView lines=edit.lines/>
        }
        .into_any(),
        Stage::Tried(edited) => view! {
            <Verdict edited=edited.clone()/>
            <Outcome edited=edited tense=Tense::Would form=form titles=titles/>
        }
        .into_any(),
        Stage::Done(_, edited) => {
            view! { <Outcome edited=edited tense=Tense::Did form=form titles=titles/> }.into_any()
        }
        Stage::Undone(undone) => view! { <TakenBack undone=undone/> }.into_any(),
    };
    let label = Signal::derive(move || match edit.stage.with(Stage::number) {
        1 => text!("bulk-edit-trying"),
        2 => text!("bulk-edit-running"),
        _done => text!("bulk-edit-undoing"),
    });
    let progress = move || {
        let running = edit.run.running.get();
        running.then(|| view! { <RunProgress run=edit.run label=label refused="bulk-edit-failed-so-far"/> })
    };
    view! {
        {body}
        {progress}
    }
}

/// One sentence about what a preview found.
#[component]
fn Verdict(edited: BulkEdited) -> impl IntoView {
    let (good, bad) = (edited.changed, edited.failed);
    match (good, bad) {
        (0, 0) => view! { <Banner tone=Tone::Info>{t!("bulk-edit-none")}</Banner> }.into_any(),
        (_, 0) => {
            view! { <Banner tone=Tone::Success>{t!("bulk-edit-good", count = good)}</Banner> }.into_any()
        }
        _some => view! { <Banner tone=Tone::Warning>{t!("bulk-edit-bad", count = bad)}</Banner> }.into_any(),
    }
}

#[component]
fn Foot(edit: BulkEdit, open: RwSignal<bool>) -> impl IntoView {
    let running = edit.run.running;
    let leave = move |_| match running.get_untracked() {
        true => edit.run.cancel(),
        false => open.set(false),
    };
    let busy = Signal::derive(move || running.get().then(|| text!("import-busy")));
    let back = move |_| {
        edit.run.fault.set(None);
        edit.stage.set(Stage::Change);
    };
    let obstacle = Signal::derive(move || edit.lines.set().err());
    move || {
        match edit.stage.get() {
        Stage::Change => view! {
            <Button on_press=leave>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=running disabled_reason=obstacle on_press=move |_| edit.try_out()>
                {t!("bulk-edit-try")}
            </Button>
        }
        .into_any(),
        Stage::Tried(edited) => {
            let count = edited.changed;
            let nothing = Signal::derive(move || (count == 0).then(|| text!("bulk-edit-none")));
            view! {
                <Button on_press=leave>{t!("ui-cancel")}</Button>
                <Button disabled_reason=busy on_press=back>{t!("import-back")}</Button>
                <Button kind=ButtonKind::Primary busy=running disabled_reason=nothing on_press=move |_| edit.carry_out()>
                    {t!("bulk-edit-run", count = count)}
                </Button>
            }
            .into_any()
        }
        Stage::Done(job, edited) => view! {
            {move || running.get().then(|| view! { <Button on_press=leave>{t!("ui-cancel")}</Button> })}
            {(edited.changed > 0).then(|| {
                let undo = move |_| edit.undo(job.clone());
                view! { <Button icon="undo" busy=running on_press=undo>{t!("ui-undo")}</Button> }
            })}
            <Button kind=ButtonKind::Primary on_press=move |_| open.set(false)>{t!("ui-close")}</Button>
        }
        .into_any(),
        Stage::Undone(_) => view! {
            <Button kind=ButtonKind::Primary on_press=move |_| open.set(false)>{t!("ui-close")}</Button>
        }
        .into_any(),
    }
    }
}

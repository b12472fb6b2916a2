//! The question before publishing: what changes, and what that does to the records that are there.

use engine::form::FormDocument;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::PublishPreview;
use wire::bulk_edit::{BulkEditInput, BulkEdited};

use super::form_versions::differences;
use super::publish_preview::Preview;
use super::state::Designer;
use crate::api::jobs::JobState;
use crate::api::{Problem, drafts, forms, jobs, records};
use crate::draft_editor::{DraftEditor, InForce, MayUse};
use crate::records::app_param;
use crate::ui::{Banner, Button, ButtonKind, Dialog, Skeleton, Tone, toast};
use crate::{browser, t, text};

/// A form of the same name without its fields.
fn nothing_of(document: &FormDocument) -> FormDocument {
    FormDocument { fields: Vec::new(), layout: Vec::new(), rules: Vec::new(), ..document.clone() }
}

/// What is asked when the dialog opens.
#[derive(Clone)]
struct Before {
    /// The form as it is in force.
    published: Option<FormDocument>,
    preview: Result<PublishPreview, Problem>,
}

async fn look(id: Id) -> Before {
    let published = async {
        let (_, sketches) = forms::sketches(&id.to_string()).await.ok()?;
        sketches.into_iter().find(|sketch| sketch.id == id).map(|sketch| sketch.document.clone())
    };
    let (published, preview) = futures::future::join(published, drafts::preview(id)).await;
    Before { published, preview }
}

/// Records up to which they are computed anew unless somebody says otherwise: that is done within a minute.
const AT_ONCE: u64 = 10_000;

/// Whether what formulas give is computed in the records that are there, where nobody has decided it.
fn computes_at_once(preview: &PublishPreview) -> bool {
    !preview.computed.is_empty() && preview.records <= AT_ONCE
}

/// Computes what formulas give in all records of a form, and says how many had it otherwise. It goes on when the page is left.
async fn compute_anew(form: Id) {
    let input = BulkEditInput { recompute: true, ..BulkEditInput::default() };
    let ended = match records::bulk_edit(form, &input).await {
        Ok(job) => jobs::watch(&job, |_| {}).await,
        Err(problem) => Err(problem),
    };
    match ended {
        Ok(job) if job.state == JobState::Done => {
            let changed = serde_json::from_value::<BulkEdited>(job.result).map_or(0, |edited| edited.changed);
            toast::show(text!("designer-computed", count = changed));
        }
        Ok(job) => toast::show(job.problem.map_or_else(|| text!("import-failed"), |it| it.sentence())),
        Err(problem) => toast::refused(&problem),
    }
}

/// Asks before publishing and says what changes.
#[component]
pub fn PublishDialog(
    designer: Designer,
    open: RwSignal<bool>,
    #[prop(into)] on_published: Callback<()>,
) -> impl IntoView {
    let app = app_param();
    let id = designer.id;
    let busy = RwSignal::new(false);
    let recompute = RwSignal::new(false);
    // Nobody has decided it yet: it goes by how many records there are.
    let decided = RwSignal::new(None::<bool>);
    let is_published = Memo::new(move |_| designer.is_published());
    let before = LocalResource::new(move || {
        let wanted = open.get() && is_published.get_untracked();
        async move { if wanted { Some(look(id).await) } else { None } }
    });
    Effect::new(move || {
        let preview = before.get().flatten().and_then(|before| before.preview.ok());
        recompute.set(preview.is_some_and(|preview| decided.get().unwrap_or(computes_at_once(&preview))));
    });
    let publish = move |_| {
        busy.set(true);
        let recomputes = recompute.get_untracked();
        spawn_local(async move {
            if designer.save_now().await {
                match drafts::publish(&id.to_string()).await {
                    Ok(published) => {
                        if recomputes {
                            spawn_local(compute_anew(id));
                        }
                        if designer.editing().is_over() {
                            return toast::show(text!("designer-published"));
                        }
                        open.set(false);
                        decided.set(None);
                        let to = untrack(|| format!("/apps/{}/forms/{id}", app.get()));
                        toast::show_with(
                            text!("designer-published"),
                            text!("designer-open-form"),
                            move || {
                                browser::follow(&to);
                            },
                        );
                        on_published.run(());
                        designer.hear_published(published.version).await;
                    }
                    Err(problem) => {
                        toast::refused(&problem);
                        if problem.status == 422 {
                            designer.problems.set(problem.errors);
                            open.set(false);
                        }
                    }
                }
            } else {
                toast::show(text!("designer-not-saved"));
            }
            let _ = busy.try_set(false);
        });
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=publish>{t!("designer-publish")}</Button>
        }
    };
    view! {
        <Dialog open=open title=t!("designer-publish-title") foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                <p>{t!("designer-publish-text")}</p>
                <Changes designer=designer is_published=is_published before=before/>
                {move || is_published.get().then(|| consequences(id, before, recompute, decided))}
                <MayUse form=id what=InForce::Form leads=is_published/>
            </div>
        </Dialog>
    }
}

/// What differs from the form in force.
#[component]
fn Changes(
    designer: Designer,
    is_published: Memo<bool>,
    before: LocalResource<Option<Before>>,
) -> impl IntoView {
    move || {
        // Everything is new in a form that was never published.
        let published = match is_published.get() {
            true => before.get().flatten().and_then(|before| before.published),
            false => Some(designer.document.with(nothing_of)),
        };
        published.map(|before| designer.document.with(|document| differences(&before, document)))
    }
}

/// What it does to the records that are there.
fn consequences(
    id: Id,
    before: LocalResource<Option<Before>>,
    recompute: RwSignal<bool>,
    decided: RwSignal<Option<bool>>,
) -> AnyView {
    match before.get().flatten().map(|before| before.preview) {
        None => view! {
            <p class="muted" role="status">{t!("designer-preview-looking")}</p>
            <Skeleton lines=2/>
        }
        .into_any(),
        Some(Ok(preview)) => {
            view! { <Preview preview=preview form=id recompute=recompute decided=decided/> }.into_any()
        }
        // The server says the same when it is published.
        Some(Err(problem)) => view! { <Banner tone=Tone::Warning>{problem.sentence()}</Banner> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use wire::NamedField;

    use super::*;

    #[test]
    fn records_are_computed_anew_unless_there_are_very_many() {
        let preview = |computed: usize, records: u64| {
            let field = NamedField { path: "days".into(), label: "Days".into() };
            PublishPreview { computed: vec![field; computed], records, ..PublishPreview::default() }
        };
        assert!(computes_at_once(&preview(1, 828)) && computes_at_once(&preview(2, 10_000)));
        assert!(!computes_at_once(&preview(1, 10_001)), "so many take their time");
        assert!(!computes_at_once(&preview(0, 5)), "there is nothing to compute");
    }
}

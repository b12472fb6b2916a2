//! The print templates of a form, for who designs it.

use engine::text::Label;
use engine::value::Id;
use leptos::prelude::*;
use leptos_router::components::A;
use wire::PrintTemplate;

use crate::api::{Problem, forms, prints};
use crate::draft_editor::{DesignTabs, Part};
use crate::i18n;
use crate::records::{app_param, form_param};
use crate::shell::{ShellContext, Top};
use crate::t;
use crate::ui::{Badge, Crumb, Empty, Loaded};

#[component]
pub fn PrintsPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let (app, form) = (app_param(), form_param());
    let answer = LocalResource::new(move || {
        let form = form.get();
        async move {
            let info = forms::sketches(&form).await?.0;
            Ok::<_, Problem>((info.id, info.label, prints::all(&form).await?))
        }
    });
    let base = move || format!("/apps/{}/forms/{}", app.get(), form.get());
    let crumbs = Signal::derive(move || {
        let label = answer.get().and_then(Result::ok).map(|(_, label, _)| label);
        let label = label.map(|label| label.get(i18n::language()).to_string());
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(label.unwrap_or_default(), base()),
            Crumb::here(Part::Prints.title()),
        ]
    });
    let list = move |(_, _, all): (Id, Label, Vec<PrintTemplate>)| {
        if all.is_empty() {
            let text = t!("prints-empty-text");
            return view! {
                <div class="card"><Empty icon="print" title=t!("prints-empty") text=Signal::derive(text)/></div>
            }
            .into_any();
        }
        let lines = all.into_iter().map(|one| line(&untrack(base), one)).collect_view();
        view! {
            <div class="sub-scroll card">
                <table class="grid plain auto">
                    <thead>
                        <tr>
                            <th>{t!("prints-name")}</th>
                            <th>{t!("prints-paper")}</th>
                            <th>{t!("prints-offered")}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let id = move || answer.get().and_then(Result::ok).map(|(id, ..)| id);
    view! {
        <Top crumbs=crumbs>
            {move || id().map(|id| view! {
                <DesignTabs form=id part=Part::Prints/>
                <A href=move || format!("{}/prints/new", base()) attr:class="btn primary">{t!("prints-new")}</A>
            })}
        </Top>
        <main class="page">
            <div class="page-in wide stack g4">
                <p class="note muted">{t!("prints-about")}</p>
                <Loaded answer=answer view=list/>
            </div>
        </main>
    }
}

fn line(base: &str, template: PrintTemplate) -> impl IntoView + use<> {
    let href = format!("{base}/prints/{}", template.id);
    let (label, first) = (template.label, template.is_default);
    let paper = template.document.map(|document| document.paper.name()).unwrap_or_default();
    view! {
        <tr>
            <td><A href=href attr:class="link">{move || label.get(i18n::language()).to_string()}</A></td>
            <td class="muted">{move || i18n::lookup(&format!("prints-paper-{paper}"), &[])}</td>
            <td>{first.then(|| view! { <Badge>{t!("prints-is-default")}</Badge> })}</td>
        </tr>
    }
}

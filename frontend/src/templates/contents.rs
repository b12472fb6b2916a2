//! What is in a template: its picture, its forms with their fields, its dashboards and its reports.

use engine::text::Label;
use leptos::prelude::*;
use wire::{TemplateContent, TemplateField, TemplateForm};

use super::picture::Picture;
use crate::api::templates::content;
use crate::ui::Loaded;
use crate::{i18n, t, text};

#[component]
pub(super) fn Contents(template: String) -> impl IntoView {
    let key = template.clone();
    let inside = LocalResource::new(move || {
        let key = key.clone();
        async move { content(&key).await }
    });
    let shown = |content: TemplateContent| {
        let TemplateContent { forms, dashboards, reports, .. } = content;
        let named = |labels: &[Label]| {
            let language = i18n::language();
            i18n::listed(labels.iter().map(|label| label.get(language)))
        };
        let has_dashboards = !dashboards.is_empty();
        let has_reports = !reports.is_empty();
        view! {
            <ul class="stack g1" data-inside="">{forms.into_iter().map(form).collect_view()}</ul>
            {has_dashboards.then(|| view! {
                <p class="small-text soft-text">{move || text!("template-has-dashboards", names = named(&dashboards))}</p>
            })}
            {has_reports.then(|| view! {
                <p class="small-text soft-text">{move || text!("template-has-reports", names = named(&reports))}</p>
            })}
        }
        .into_any()
    };
    view! {
        <section class="stack">
            <div class="template"><div class="pic"><Picture template=template/></div></div>
            <h3>{t!("template-inside")}</h3>
            <Loaded answer=inside view=shown/>
        </section>
    }
}

/// A form; its fields are folded until somebody asks for them.
fn form(form: TemplateForm) -> impl IntoView {
    let TemplateForm { label, fields, has_flow, demo, .. } = form;
    let count = fields.len() as u64;
    let note = move || {
        let mut parts = vec![text!("template-fields", count = count)];
        if has_flow {
            parts.push(text!("template-approved"));
        }
        if demo > 0 {
            parts.push(text!("template-samples", count = u64::from(demo)));
        }
        parts.join(" · ")
    };
    view! {
        <li>
            <details>
                <summary class="link">
                    {move || label.get(i18n::language()).to_string()}" "
                    <span class="note muted">{note}</span>
                </summary>
                <ul class="stack g1 template-fields">{fields.into_iter().map(field).collect_view()}</ul>
            </details>
        </li>
    }
}

fn field(field: TemplateField) -> impl IntoView {
    let TemplateField { label, kind, columns, .. } = field;
    let kind = format!("designer-kind-{}", kind.replace('_', "-"));
    let has_columns = !columns.is_empty();
    let named = move || i18n::listed(columns.iter().map(|column| column.get(i18n::language())));
    view! {
        <li class="small-text">
            <span class="row between">
                <span>{move || label.get(i18n::language()).to_string()}</span>
                <span class="note muted">{move || i18n::lookup(&kind, &[])}</span>
            </span>
            {has_columns.then(|| view! { <span class="note muted">{named}</span> })}
        </li>
    }
}

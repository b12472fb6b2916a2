//! What the workspace asks of those who sign in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{SecondFactorDemand, SignInPolicy};

use crate::api::sign_in;
use crate::browser;
use crate::settings::again::Again;
use crate::ui::{Loaded, Segment, Segmented, toast};
use crate::{t, text};

const DEMANDS: [(&str, SecondFactorDemand); 3] = [
    ("nobody", SecondFactorDemand::Nobody),
    ("administrators", SecondFactorDemand::Administrators),
    ("everybody", SecondFactorDemand::Everybody),
];

#[component]
pub fn Policy(again: Again) -> impl IntoView {
    let policy = LocalResource::new(sign_in::policy);
    let refresh = Callback::new(move |()| policy.refetch());
    let content = move |known: SignInPolicy| {
        let chosen =
            DEMANDS.iter().find(|(_, demand)| *demand == known.second_factor).map_or("", |(key, _)| *key);
        let segments = vec![
            Segment::new("nobody", t!("policy-nobody")),
            Segment::new("administrators", t!("policy-administrators")),
            Segment::new("everybody", t!("policy-everybody")),
        ];
        let choose = Callback::new(move |key: &'static str| {
            if let Some((_, demand)) = DEMANDS.iter().find(|(known, _)| *known == key) {
                replace(again, *demand, refresh);
            }
        });
        view! {
            <Segmented
                segments=segments
                selected=Signal::stored(chosen.to_string())
                on_select=choose
                label=Signal::derive(|| text!("policy-second-step"))
            />
        }
    };
    view! {
        <section class="card" id="policy">
            <div class="card-head"><h2>{t!("policy-title")}</h2></div>
            <div class="card-body stack g4">
                <span class="label">{t!("policy-second-step")}</span>
                <div><Loaded answer=policy view=content lines=1/></div>
                <span class="note muted">{t!("policy-help")}</span>
            </div>
        </section>
    }
}

fn replace(again: Again, demand: SecondFactorDemand, refresh: Callback<()>) {
    spawn_local(async move {
        match sign_in::replace_policy(demand).await {
            Ok(_) => {
                toast::show(text!("policy-saved"));
                // Who asks it of themselves has to do it, too.
                match crate::api::session::load().await {
                    Ok(me) if me.must_set_up_second_factor => browser::go_anew("/second-step"),
                    _other => refresh.run(()),
                }
            }
            Err(problem) => again.meet(&problem, Callback::new(move |()| replace(again, demand, refresh))),
        }
    });
}

//! What the workspace asks of those who sign in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{SecondFactorDemand, SignInPolicyRead};

use super::again::Again;
use crate::api::sign_in;
use crate::browser;
use crate::ui::{ButtonKind, ConfirmDialog, Segment, Segmented, toast};
use crate::{t, text};

const DEMANDS: [(&str, SecondFactorDemand); 3] = [
    ("nobody", SecondFactorDemand::Nobody),
    ("administrators", SecondFactorDemand::Administrators),
    ("everybody", SecondFactorDemand::Everybody),
];

/// How many have no second step yet of whom one would be asked.
fn concerned(policy: &SignInPolicyRead, demand: SecondFactorDemand) -> u32 {
    let Some(without) = policy.without else { return 0 };
    match demand {
        SecondFactorDemand::Nobody => 0,
        SecondFactorDemand::Administrators => without.administrators,
        SecondFactorDemand::Everybody => without.everybody,
    }
}

#[component]
pub fn Policy(again: Again, policy: SignInPolicyRead) -> impl IntoView {
    let known = RwSignal::new(policy);
    let open = RwSignal::new(false);
    let wanted = RwSignal::new(SecondFactorDemand::Nobody);
    let refresh = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(policy) = sign_in::policy().await {
                let _ = known.try_set(policy);
            }
        });
    });
    let chosen = Signal::derive(move || {
        let holds = known.with(|known| known.second_factor);
        DEMANDS.iter().find(|(_, demand)| *demand == holds).map_or("", |(key, _)| *key).to_string()
    });
    let choose = Callback::new(move |key: &'static str| {
        let Some((_, demand)) = DEMANDS.iter().find(|(known, _)| *known == key) else { return };
        let (holds, many) =
            known.with_untracked(|known| (known.second_factor == *demand, concerned(known, *demand)));
        if holds {
            return;
        }
        // It holds at once, for whoever is at work, too: how many it stops is told before.
        if many == 0 {
            replace(again, *demand, refresh);
        } else {
            wanted.set(*demand);
            open.set(true);
        }
    });
    let confirmed = move |()| {
        open.set(false);
        replace(again, wanted.get_untracked(), refresh);
    };
    let many = move || known.with(|known| concerned(known, wanted.get()));
    let oneself = move || known.with(|known| known.without.is_some_and(|without| without.oneself));
    let segments = vec![
        Segment::new("nobody", t!("policy-nobody")),
        Segment::new("administrators", t!("policy-administrators")),
        Segment::new("everybody", t!("policy-everybody")),
    ];
    view! {
        <section class="card" id="policy">
            <div class="card-head"><h2>{t!("policy-title")}</h2></div>
            <div class="card-body stack g4">
                <span class="label">{t!("policy-second-step")}</span>
                <div>
                    <Segmented
                        segments=segments
                        selected=chosen
                        on_select=choose
                        label=Signal::derive(|| text!("policy-second-step"))
                    />
                </div>
                <span class="note muted">{t!("policy-help")}</span>
            </div>
        </section>
        <ConfirmDialog
            open=open
            title=t!("policy-ask-question")
            action=t!("policy-ask-action")
            kind=ButtonKind::Primary
            on_confirm=confirmed
        >
            <div class="stack g2">
                <p>{move || text!("policy-ask-text", count = many())}</p>
                {move || oneself().then(|| view! { <p>{t!("policy-ask-oneself")}</p> })}
            </div>
        </ConfirmDialog>
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

#[cfg(test)]
mod tests {
    use wire::WithoutSecondFactor;

    use super::*;

    #[test]
    fn only_those_count_of_whom_it_is_asked() {
        let without = WithoutSecondFactor { administrators: 2, everybody: 7, oneself: true };
        let policy = SignInPolicyRead { second_factor: SecondFactorDemand::Nobody, without: Some(without) };
        let counts = DEMANDS.map(|(_, demand)| concerned(&policy, demand));
        assert_eq!(counts, [0, 2, 7]);
    }
}

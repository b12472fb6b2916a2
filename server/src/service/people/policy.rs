//! What a workspace asks of those who sign in.

use std::sync::Arc;

use serde_json::json;
use store::member::{Member, MemberState};
use store::sign_in_policy::{Demand, SignInPolicy};

use super::Caller;
use super::confirm::is_fresh;
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::{Installation, Refusal};

/// What holds now; administrators are told, too, who would have to set up a second step where one is asked.
pub fn read(caller: &Caller) -> wire::SignInPolicyRead {
    let people = &caller.people;
    let lacks = |member: &&Arc<Member>| {
        member.state == MemberState::Active && !people.second_factors.contains(&member.id)
    };
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let without = caller.is_administrator().then(|| wire::WithoutSecondFactor {
        administrators: count(
            people.members.values().filter(lacks).filter(|member| member.administrator).count(),
        ),
        everybody: count(people.members.values().filter(lacks).count()),
        oneself: !people.second_factors.contains(&caller.id()),
    });
    wire::SignInPolicyRead { second_factor: wired(people.demand), without }
}

/// Has something else hold from now on. Who is signed in without the second step that is asked of them can do nothing
/// but set one up, from their next request on.
///
/// # Errors
/// `reauth_required`, `session_required`.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    input: wire::SignInPolicy,
) -> Result<Answer, Refusal> {
    is_fresh(installation, caller).await?;
    let demand = match input.second_factor {
        wire::SecondFactorDemand::Nobody => Demand::Nobody,
        wire::SecondFactorDemand::Administrators => Demand::Administrators,
        wire::SecondFactorDemand::Everybody => Demand::Everybody,
    };
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let known = SignInPolicy::find(tx, workspace).await?;
                let version = known.as_ref().map_or(0, |policy| policy.version) + 1;
                let policy = SignInPolicy { workspace, second_factor: demand, version };
                match known {
                    Some(_) => policy.update(tx).await?,
                    None => policy.insert(tx).await?,
                }
                let changes = json!({"second_factor": demand});
                let note = Note {
                    action: "workspace.sign_in_policy",
                    object: Some(workspace),
                    label: Some(&actor.workspace.name),
                    changes: Some(changes),
                };
                audit::note(tx, &actor, note).await?;
                parts.directories.changed(tx, workspace).await?;
                Ok(Answer::done(&input)?.version(version))
            })
        })
        .await
}

fn wired(demand: Demand) -> wire::SecondFactorDemand {
    match demand {
        Demand::Nobody => wire::SecondFactorDemand::Nobody,
        Demand::Administrators => wire::SecondFactorDemand::Administrators,
        Demand::Everybody => wire::SecondFactorDemand::Everybody,
    }
}

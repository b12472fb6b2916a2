//! T04: what goes by a link, where that link comes to lead to another form: a path through it, a group, a flow.

use serde_json::{Value, json};
use tests::design::{Design, Field, approve, form, group, link, select, test, text};
use tests::workspace::id_of;
use tests::{Answer, Person, Workspace, on_both_shared};

/// People of whom `mei` sees those in the north, without their phones; and an app of her own.
struct Story {
    mei: Person,
    /// The form of the people, as links name it.
    person: String,
    /// The id of her app.
    own: String,
}

impl Story {
    async fn build(workspace: &Workspace) -> Story {
        let app = workspace.app("People").await;
        let fields = [text("name"), text("phone"), select("region", &["north", "south"])];
        let person = app.form(form("person", fields).with("title", "{name}")).await;
        person.add(json!({"name": "Nora", "phone": "canary", "region": "north"})).await;
        person.add(json!({"name": "canary", "phone": "canary", "region": "south"})).await;
        let mei = workspace.person("mei").await;
        let north = group("north", &[&mei.id]).may(&["view"]).field("*", "read").field("phone", "none");
        person.allow(north.rows(test("region", "eq", "north"))).await;
        let own = id_of(&mei.post("/apps", json!({"label": "Own"})).await.created());
        Story { mei, person: format!("{}/person", app.key), own }
    }

    /// A form of hers; gives its path.
    async fn form(&self, design: Design) -> String {
        let made = self.mei.post(&format!("/apps/{}/forms", self.own), design.document()).await.created();
        format!("/forms/{}", id_of(&made))
    }

    /// A form like that of the people.
    async fn like_people(&self) {
        self.form(form("like", [text("name"), text("phone")]).with("title", "{name}")).await;
    }

    async fn draft(&self, form: &str, edit: Value) {
        let base = self.mei.get(&format!("{form}/draft")).await.ok()["base"].clone();
        let edits = json!({"base": base, "edits": [edit]});
        self.mei.post(&format!("{form}/draft/edits"), edits).await.ok();
    }

    /// She leads a link of a form to the people, and publishes that.
    async fn leads_to_people(&self, form: &str, key: &str) -> Answer {
        self.draft(form, json!({"do": "set", "key": key, "member": "options.form", "value": self.person}))
            .await;
        self.mei.post(&format!("{form}/publish"), json!({})).await
    }
}

/// A link of hers, which may come to lead to records that are not hers to hold.
fn free(key: &str, form: &str) -> Field {
    link(key, form).option("on_target_delete", "clear")
}

/// What is kept by a path through two links is another one's value once the second leads elsewhere, or once a lookup stands at the end
/// of the first.
#[tokio::test]
async fn t04_what_others_read_through_a_form_is_looked_at_when_its_links_lead_elsewhere() {
    on_both_shared(async |workspace| {
        let story = Story::build(&workspace).await;
        let mei = &story.mei;
        story.like_people().await;
        let middle = [text("nm"), free("sub", "like"), free("far", &story.person)];
        let middle = story.form(form("middle", middle)).await;
        let kept = [
            text("note"),
            free("lk", "middle"),
            text("kept").computed("lk.sub.phone"),
            text("named").computed("lk.nm"),
        ];
        story.form(form("keeper", kept)).await;

        story.leads_to_people(&middle, "sub").await.refused(403, "reads_hidden_field");
        let back = json!({"do": "set", "key": "sub", "member": "options.form", "value": "like"});
        story.draft(&middle, back).await;
        let lookup = json!({"do": "set_kind", "key": "nm", "kind": "lookup",
            "options": {"link": "far", "field": "name"}});
        story.draft(&middle, lookup).await;
        mei.post(&format!("{middle}/publish"), json!({})).await.refused(403, "reads_hidden_records");

        // Whoever sees all of it may lead it there.
        workspace.admin.post(&format!("{middle}/publish"), json!({})).await.ok();
    })
    .await;
}

/// Who sees which records, and which way a request goes, is decided whoever looks: by what a link leads to, too.
#[tokio::test]
async fn t04_groups_and_flows_are_looked_at_when_a_link_leads_elsewhere() {
    on_both_shared(async |workspace| {
        let story = Story::build(&workspace).await;
        let mei = &story.mei;
        story.like_people().await;
        let asks = |key: &str| form(key, [text("note"), free("lk", "like")]);
        let by_phone = || test("lk.phone", "contains", "can");

        let grouped = story.form(asks("grouped")).await;
        let rows = group("phones", &[&mei.id]).rows(by_phone()).document();
        mei.post(&format!("{grouped}/permissions"), rows).await.created();
        story.leads_to_people(&grouped, "lk").await.refused(403, "reads_hidden_field");

        let flowing = story.form(asks("flowing")).await;
        let boss = approve("boss", &[&mei.id], json!({}));
        let arm = json!({"key": "can", "label": "Can", "when": by_phone(), "steps": [boss]});
        let branch = json!({"kind": "branch", "key": "way", "label": "Way", "mode": "exclusive", "arms": [arm],
            "default": {"steps": []}});
        let flow = json!({"format": 1, "label": "Flow", "steps": [branch]});
        mei.put(&format!("{flowing}/flow/draft"), "*", flow).await.ok();
        mei.post(&format!("{flowing}/flow/publish"), json!({})).await.ok();
        story.leads_to_people(&flowing, "lk").await.refused(403, "reads_hidden_field");

        // A form that decides by nothing of it leads there.
        let plain = story.form(asks("plain")).await;
        story.leads_to_people(&plain, "lk").await.ok();
    })
    .await;
}

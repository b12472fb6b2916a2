//! Search: things by what they are called, and nothing that one may not see.

use serde_json::{Value, json};
use tests::{Client, on_both};

async fn hits(client: &Client, question: &str) -> Vec<(String, String)> {
    let escaped = question.replace('%', "%25").replace(' ', "%20");
    let found = client.get(&format!("/search?q={escaped}")).await.ok();
    let items = found["items"].as_array().unwrap().clone();
    let text = |hit: &Value, member: &str| hit[member].as_str().unwrap().to_owned();
    items.iter().map(|hit| (text(hit, "kind"), text(hit, "title"))).collect()
}

fn names(hits: &[(String, String)]) -> Vec<(&str, &str)> {
    hits.iter().map(|(kind, title)| (kind.as_str(), title.as_str())).collect()
}

#[tokio::test]
async fn things_are_found_by_their_names_as_far_as_one_may_see_them() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = admin.post("/apps", json!({"label": "Apple farm", "key": "farm"})).await.created();
        let app = app["id"].as_str().unwrap();
        let form = json!({"key": "tree", "label": "Apple tree", "title": "{name}", "fields": [
            {"key": "name", "label": "Name", "kind": "text"},
            {"key": "place", "label": "Place", "kind": "text"}]});
        let form = admin.post(&format!("/apps/{app}/forms"), form).await.created();
        let form = form["id"].as_str().unwrap();
        for (name, place) in [("Old apple", "north"), ("Pear", "apple lane"), ("ＡＰＰＬＥ young", "south")] {
            let fields = json!({"name": name, "place": place});
            admin.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created();
        }
        let page = json!({"key": "fruit", "label": "Apples by place", "read": {"everyone": true}, "tiles": [
            {"key": "trees", "at": [0, 0, 6, 3], "kind": "figure", "source": "tree", "measures": [{"key": "n", "fn": "count"}]}]});
        admin.post(&format!("/apps/{app}/dashboards"), page).await.created();
        assert_eq!(
            names(&hits(&admin, "apple").await),
            [
                ("app", "Apple farm"),
                ("form", "Apple tree"),
                ("dashboard", "Apples by place"),
                ("record", "ＡＰＰＬＥ young"),
                ("record", "Old apple"),
            ]
        );
        assert_eq!(hits(&admin, "  ").await, []);
        assert_eq!(hits(&admin, "%").await, []);

        // A dashboard for everybody shows its app and itself; records and their names are another matter.
        let member = server.member(&admin, "member@example.com", &[]).await;
        let all = hits(&member, "apple").await;
        assert_eq!(names(&all), [("app", "Apple farm"), ("dashboard", "Apples by place")]);
        let north = json!({"key": "north", "label": "North", "who": {"everyone": true}, "operations": ["view"],
            "fields": {"*": "read"}, "rows": {"field": "place", "op": "eq", "value": "north"}});
        admin.post(&format!("/forms/{form}/permissions"), north).await.created();
        let all = hits(&member, "apple").await;
        assert_eq!(names(&all)[3..], [("record", "Old apple")]);
        let nameless = json!({"key": "place", "label": "Place", "who": {"everyone": true}, "operations": ["view"],
            "fields": {"*": "read", "name": "none"}});
        admin.post(&format!("/forms/{form}/permissions"), nameless).await.created();
        assert!(hits(&member, "young").await.is_empty(), "a name that may not be read is not searched");

        let long = "x".repeat(101);
        admin.get(&format!("/search?q={long}")).await.refused(422, "validation");
        admin.get("/search?query=x").await.refused(422, "unknown_member");
        server.client().get("/search?q=apple").await.refused(401, "sign_in_required");
    })
    .await;
}

/// Names are found by how they sound, by initials or spelled out, and the browser is told the sounds of those that it searches.
#[tokio::test]
async fn names_are_found_by_pinyin() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = admin.post("/apps", json!({"label": "销售管理", "key": "sales"})).await.created();
        let app = app["id"].as_str().unwrap();
        let form = json!({"key": "quote", "label": "报价单", "fields": [{"key": "name", "label": "名称", "kind": "text"}]});
        admin.post(&format!("/apps/{app}/forms"), form).await.created();
        for typed in ["bjd", "BJ", "baojiadan", "bao jia"] {
            assert_eq!(names(&hits(&admin, typed).await), [("form", "报价单")], "{typed}");
        }
        assert_eq!(names(&hits(&admin, "xsgl").await), [("app", "销售管理")]);
        assert_eq!(hits(&admin, "jd").await, [], "a name is found from its beginning on");
        // Who may not see it hears of it by no sound either.
        let member = server.member(&admin, "member@example.com", &[]).await;
        assert_eq!(hits(&member, "bjd").await, []);

        let asked = json!({"texts": ["报价单", "VIP", "重庆 A1", ""]});
        let sounds = member.post("/sounds", asked).await.ok();
        assert_eq!(sounds["sounds"], json!({"报价单": "bjd baojiadan", "重庆 A1": "cqa1 chongqinga1"}));
        member.post("/sounds", json!({"texts": vec!["报"; 2001]})).await.refused(422, "validation");
        member.post("/sounds", json!({"texts": [], "more": 1})).await.refused(422, "unknown_member");
        server.client().post("/sounds", json!({"texts": []})).await.refused(401, "sign_in_required");
    })
    .await;
}

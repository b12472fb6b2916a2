//! What becomes of a contract whose approval is through: it is active, and what is to be paid is planned.

use serde_json::{Value, json};
use tests::on_both;
use tests::workspace::{id_of, items};

use super::{People, contract, way};

impl People {
    /// The parts of the payment plans that somebody sees, with the contract that each is of, by the day on which they are due.
    async fn plan(&self, who: &str) -> Vec<Value> {
        let path = format!("/forms/{}/records/query", self.forms["payment"]);
        let found = self.client(who).post(&path, json!({"sort": [{"field": "due"}]})).await.ok();
        items(&found).clone()
    }

    /// What was planned for a contract: which part, when it is due, and how much.
    async fn planned(&self, contract: &str) -> Vec<[String; 3]> {
        let plan = self.plan("FIN").await;
        let of_it = plan.iter().filter(|part| part["fields"]["contract"] == contract);
        let text = |part: &Value, field: &str| part["fields"][field].as_str().unwrap().to_owned();
        of_it.map(|part| ["part", "due", "amount"].map(|field| text(part, field))).collect()
    }

    async fn contract(&self, id: &str) -> Value {
        self.admin.get(&format!("/forms/{}/records/{id}", self.forms["contract"])).await.ok()
    }
}

/// domain.md 1.3: a contract becomes `active` and creates its payment plan rows.
#[tokio::test]
async fn an_approved_contract_is_active_and_has_its_payment_plan() {
    on_both(async |server| {
        let people = People::install(server).await;
        let rows = |rows: &[[&str; 3]]| rows.iter().map(|row| row.map(str::to_owned)).collect::<Vec<_>>();
        // All at once; that it was sent back on its way plans nothing twice.
        let all = way("contract", "rep", contract("99999.99", true, 60), &[("manager", "lead")]);
        let (whole, instance) = people.walk(&all, true).await;
        assert_eq!(people.planned(&whole).await, rows(&[["whole", "2027-01-30", "99999.99"]]));
        assert_eq!(people.contract(&whole).await["fields"]["status"], "active");
        // Nor does one that is opened again and approved anew.
        let path = format!("/instances/{instance}/reactivate");
        people.admin.post(&path, json!({"step": "manager"})).await.ok();
        people.decide("lead", &whole, "manager").await;
        assert_eq!(people.planned(&whole).await, rows(&[["whole", "2027-01-30", "99999.99"]]));
        // A part in advance: both parts are the amount, to the cent.
        let mut fields = contract("1000.01", false, 30);
        fields["advance_pct"] = json!("33");
        let asked = &[("manager", "lead"), ("legal", "LEGAL"), ("finance", "FIN")];
        let (parts, _) = people.walk(&way("contract", "rep", fields, asked), false).await;
        let planned = rows(&[["advance", "2026-12-01", "330.00"], ["rest", "2026-12-31", "670.01"]]);
        assert_eq!(people.planned(&parts).await, planned);
        // One under approval is a draft without a plan, and so is one that was rejected or ended.
        let file = people.client("rep").upload("contract.txt", "text/plain", b"Contract".to_vec()).await;
        let mut fields = contract("5", true, 30);
        fields["files"] = json!([file]);
        let path = format!("/forms/{}/records", people.forms["contract"]);
        let open = people.client("rep").post(&path, json!({"fields": fields})).await.created();
        let id = id_of(&open);
        assert_eq!(people.contract(&id).await["fields"]["status"], "draft");
        let instance = open["instance"]["id"].as_str().unwrap();
        people.admin.post(&format!("/instances/{instance}/terminate"), json!({})).await.ok();
        assert_eq!(people.contract(&id).await["fields"]["status"], "draft");
        assert!(people.planned(&id).await.is_empty());

        // Whoever asked sees their plans, their manager none; finance writes down what is settled, and nothing else.
        assert_eq!((people.plan("rep").await.len(), people.plan("lead").await.len()), (3, 0));
        let part = people.plan("FIN").await.remove(0);
        let path = format!("/forms/{}/records/{}", people.forms["payment"], id_of(&part));
        let version = part["version"].as_i64().unwrap();
        let settled = json!({"fields": {"settled_on": "2026-12-02"}});
        people.client("rep").patch(&path, version, settled.clone()).await.with_status(403);
        let less = json!({"fields": {"amount": "1"}});
        people.client("FIN").patch(&path, version, less).await.refused(422, "not_writable");
        let seen = people.client("FIN").patch(&path, version, settled).await.ok();
        assert_eq!(seen["fields"]["settled_on"], "2026-12-02");
    })
    .await;
}

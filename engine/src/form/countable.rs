//! What the records of other forms hold, as the designer of a formula finds it in a list: the forms that can be counted, and
//! the fields behind their names.

use super::formula_input::{FormulaInput, Readable};
use crate::formula::{self, Name, Names};

impl FormulaInput<'_> {
    /// The forms whose records a formula can count, this one first. What is written for one is the first argument of
    /// `SUMOF` and its kin; its path is its name in documents.
    pub fn countable(&self) -> Vec<Readable> {
        let forms = self.forms();
        let readable = |name: &Name| Readable {
            path: vec![name.key.clone()],
            label: name.label.clone(),
            kind: None,
            written: formula::shown(name, &forms),
            opens: !self.members_of(&name.key, &[]).is_empty(),
        };
        forms.iter().map(readable).collect()
    }

    /// What can be read of the records of a form where they are counted, behind a path of keys in it: each is written behind
    /// the form's name.
    pub fn counted(&self, form: &str, path: &[String]) -> Vec<Readable> {
        let forms = self.forms();
        let Some(counted) = forms.iter().find(|name| name.key == form) else { return Vec::new() };
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut before = format!("{}.", formula::shown(counted, &forms));
        for (place, key) in keys.iter().enumerate() {
            let members = self.members_of(form, keys.get(..place).unwrap_or_default());
            let Some(name) = members.iter().find(|name| name.key == *key) else { return Vec::new() };
            before = format!("{before}{}.", formula::shown(name, &members));
        }
        let members = self.members_of(form, &keys);
        let readable = |name: &Name| {
            let inside: Vec<&str> = keys.iter().copied().chain([name.key.as_str()]).collect();
            let leads_on = matches!(name.kind, Some("link" | "subform"));
            Readable {
                path: inside.iter().map(|key| (*key).to_string()).collect(),
                label: name.label.clone(),
                kind: name.kind,
                written: format!("{before}{}", formula::shown(name, &members)),
                opens: leads_on && !self.members_of(form, &inside).is_empty(),
            }
        };
        members.iter().map(readable).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};

    use super::*;
    use crate::form::{Catalogue, Sketch};
    use crate::formula::Type;
    use crate::text::Language;
    use crate::value::Id;

    struct Forms(Vec<Arc<Sketch>>);

    impl Catalogue for Forms {
        fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
            let (app, key) = name.split_once('/').unwrap_or((app, name));
            let named = |sketch: &&Arc<Sketch>| {
                (sketch.app == app && sketch.document.key == key) || sketch.id.to_string() == name
            };
            self.0.iter().find(named).cloned()
        }

        fn forms(&self) -> Vec<Arc<Sketch>> {
            self.0.clone()
        }
    }

    fn sketch(id: i64, app: &str, json: Json) -> Arc<Sketch> {
        let document = serde_json::from_value(json).unwrap();
        Arc::new(Sketch { id: Id::from_i64(id).unwrap(), app: app.into(), document })
    }

    fn forms() -> Forms {
        let customer = json!({"key": "customer", "label": "客户", "fields": [
            {"key": "cost", "label": "获客成本", "kind": "money"}]});
        let payment = json!({"key": "payment", "label": "回款", "fields": [
            {"key": "amount", "label": "金额(元)", "kind": "money"},
            {"key": "customer", "label": "客户", "kind": "link", "options": {"form": "customer"}},
            {"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
                {"key": "part", "label": "分摊", "kind": "money"}]}}]});
        let order = json!({"key": "order", "label": "订单", "fields": [
            {"key": "total", "label": "合计", "kind": "money"},
            {"key": "by", "label": "负责人", "kind": "text"}]});
        let visit = json!({"key": "visit", "label": "回款", "fields": [
            {"key": "day", "label": "日期", "kind": "date"}]});
        let table = json!({"key": "stock", "label": "库存", "fields": [
            {"key": "pieces", "label": "件数", "kind": "number"}]});
        Forms(vec![
            sketch(1, "crm", customer),
            sketch(2, "crm", payment),
            sketch(3, "crm", order),
            sketch(4, "field", visit),
            sketch(5, "crm/aggregates", table),
        ])
    }

    fn input(forms: &Forms) -> FormulaInput<'_> {
        let language = Language::ZhCn;
        FormulaInput { sketch: &forms.0[2], catalogue: forms, of: "total", language, initials: None }
    }

    #[test]
    fn the_forms_that_can_be_counted_are_listed_as_they_are_written() {
        let forms = forms();
        let listed: Vec<(String, bool)> =
            input(&forms).countable().into_iter().map(|form| (form.written, form.opens)).collect();
        let is = |written: &str| (written.to_string(), true);
        // The own one too; two of one name are told apart; what a table adds up is no record.
        let wanted = [is("订单"), is("客户"), is("[回款#payment]"), is("[回款#field/visit]")];
        assert_eq!(listed, wanted);
    }

    #[test]
    fn their_fields_are_written_behind_their_names_and_understood_there() {
        let forms = forms();
        let input = input(&forms);
        let listed = |form: &str, path: &[&str]| -> Vec<(String, bool)> {
            let path: Vec<String> = path.iter().map(|key| (*key).to_string()).collect();
            let found = input.counted(form, &path).into_iter().filter(|field| !field.is_of_system());
            found.map(|field| (field.written, field.opens)).collect()
        };
        let is = |written: &str, opens: bool| (written.to_string(), opens);
        assert_eq!(listed("customer", &[]), [is("客户.获客成本", false)]);
        assert_eq!(
            listed("payment", &[]),
            [
                is("[回款#payment].[金额(元)]", false),
                is("[回款#payment].客户", true),
                is("[回款#payment].明细", true)
            ]
        );
        assert_eq!(listed("payment", &["lines"]), [is("[回款#payment].明细.分摊", false)]);
        assert_eq!(listed("payment", &["customer"]), [is("[回款#payment].客户.获客成本", false)]);
        assert_eq!(listed("field/visit", &[]), [is("[回款#field/visit].日期", false)]);
        assert!(listed("nothing", &[]).is_empty() && listed("payment", &["nothing", "part"]).is_empty());

        // What the lists put in is what a formula takes.
        let written = |form: &str| {
            input.countable().into_iter().find(|it| it.path == [form]).map(|it| it.written).unwrap()
        };
        for (function, form, key) in [("SUMOF", "payment", "amount"), ("LASTOF", "field/visit", "day")] {
            let fields = input.counted(form, &[]);
            let field = fields.into_iter().find(|field| field.path == [key]).unwrap();
            let source = format!("{function}({}, TRUE, {})", written(form), field.written);
            let stored = input.check(&source, &Type::Any).unwrap();
            assert_eq!(input.to_labels(&stored), source);
        }
    }
}

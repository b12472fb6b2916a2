//! What keeps a flow from being published, and where it says so.

use super::*;
use crate::text::Language;

/// The faults of a document, as `path code`.
fn faults(document: Json) -> Vec<String> {
    let document = FlowDocument::read(document).unwrap();
    let found = Flow::publish(document, &TestForm, &directory()).err().unwrap_or_default();
    for fault in &found {
        for language in Language::ALL {
            let sentence = crate::text::Texts::of(language).fault(fault, language);
            assert!(sentence != fault.code && !sentence.contains('{'), "{language}: {sentence}");
        }
    }
    found.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
}

fn of_steps(steps: Json) -> Vec<String> {
    faults(json!({"format": 1, "label": "Test", "steps": steps}))
}

fn of_step(members: Json) -> Vec<String> {
    of_steps(json!([with(approve("first", &["ann"]), members)]))
}

const NONE: [&str; 0] = [];

#[test]
fn the_flows_of_the_templates_can_be_run() {
    for document in [
        include_str!("../../../../workflows/crm/flows/quotation.json"),
        include_str!("../../../../workflows/inventory/flows/purchase_order.json"),
        include_str!("../../../../workflows/loyalty/flows/redemption.json"),
    ] {
        let document = FlowDocument::read(serde_json::from_str(document).unwrap()).unwrap();
        Flow::stored(document).unwrap();
    }
}

#[test]
fn documents_are_read_and_written_unchanged() {
    let document = json!({
        "format": 1, "label": {"zh-CN": "请假", "en": "Leave"}, "title": "{label} {serial}",
        "start": {"fields": {"amount": "edit"}, "withdraw": "never"},
        "auto_pass": "consecutive", "self_approval": "manager", "nobody": {"member": id("ann")},
        "steps": [
            {"kind": "approve", "key": "a", "label": "A", "policy": {"ratio": {"percent": 60}}, "on_reject": "exhausted",
             "who": [{"departments": [id("bob")], "with_children": true}, {"managers_up_to": 3}, {"managers_up_to": {"role": "MGR"}},
                     {"chosen_by": "previous"}, {"head_of_previous": true}, {"submitter": true}, {"manager": 2}, {"head_of_field": "d"}],
             "reject_to": "start", "nobody": "hold", "fields": {"*": "read", "lines.qty": "required"},
             "actions": {"transfer": false, "return": {"label": "打回"}}, "opinion": "required", "signature": "off",
             "return_to": ["start"], "validate": [{"key": "v", "formula": "a > 0.1", "message": "no"}],
             "deadlines": [{"after": "PT24H", "do": "remind"}, {"after": "PT36H", "do": {"remind": [{"manager": 1}]}},
                           {"at": {"field": "d", "offset": "-P1D"}, "do": {"transfer": {"roles": ["X"]}}}]},
            {"kind": "branch", "key": "b", "label": "B", "mode": "inclusive",
             "arms": [{"key": "x", "when": {"field": "n", "op": "gt", "value": 0.1}, "steps": []}], "default": {"steps": []}},
            {"kind": "parallel", "key": "p", "label": "P", "join": {"n": 2}, "arms": [{"key": "y", "label": "Y", "steps": []}]},
            {"kind": "subflow", "key": "s", "label": "S", "form": "f", "for_each": "lines", "wait": true, "map_in": {"a": "b"}},
            {"kind": "action", "key": "d", "label": "D", "action": {"create": {"form": "x", "n": 1e2}}},
            {"kind": "delay", "key": "e", "label": "E", "for": "P1D"}
        ]
    });
    let read = FlowDocument::read(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), document);
}

#[test]
fn what_can_not_be_read_is_named_by_its_place() {
    let read = |document: Json| -> Vec<String> {
        let faults = FlowDocument::read(document).unwrap_err();
        faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
    };
    let steps = |steps: Json| read(json!({"format": 1, "label": "T", "steps": steps}));
    assert_eq!(read(json!({"format": 1, "label": "T", "steps": [], "stepz": []})), [" malformed"]);
    assert_eq!(read(json!({"format": 1, "label": "T", "steps": {}})), [" malformed"]);
    assert_eq!(read(json!({"format": 1, "label": "T"})), [" malformed"]);
    assert_eq!(read(json!(7)), [" malformed"]);
    assert_eq!(
        steps(json!([{"kind": "jump", "key": "a", "label": "A"}, 7])),
        ["/steps/0/kind malformed", "/steps/1 malformed"]
    );
    assert_eq!(steps(json!([{"key": "a", "label": "A"}])), ["/steps/0 malformed"]);
    assert_eq!(steps(json!([with(approve("a", &["ann"]), json!({"whom": 1}))])), ["/steps/0 malformed"]);
    assert_eq!(
        steps(json!([with(approve("a", &[]), json!({"who": [{"submitter": true, "manager": 1}]}))])),
        ["/steps/0 malformed"]
    );
    assert_eq!(
        steps(json!([with(approve("a", &[]), json!({"who": [{"manager": 0.5}]}))])),
        ["/steps/0 malformed"]
    );
    let inner = branch("b", &[(1, json!([approve("a", &["ann"])]))], json!([{"kind": "nil"}]));
    let outer = parallel("p", &[json!([]), json!([inner])]);
    assert_eq!(steps(json!([outer])), ["/steps/0/arms/1/steps/0/default/steps/0/kind malformed"]);
}

/// Reads parts whose labels are texts.
struct Texts;

impl document::ReadPart for Texts {
    fn read<T: serde::de::DeserializeOwned>(&self, json: Json) -> Result<T, Faults> {
        let members = json.as_object().into_iter().flatten();
        let wrong = members.filter(|(name, value)| *name == "label" && !value.is_string());
        let faults: Faults = wrong.map(|(name, _)| Fault::new(format!("/{name}"), "wrong_type")).collect();
        if faults.is_empty() { serde_json::from_value(json).map_err(|_| Faults::new()) } else { Err(faults) }
    }
}

#[test]
fn whoever_reads_the_parts_says_what_is_wrong_in_each_by_its_place_in_the_whole() {
    let mut nameless = approve("a", &["ann"]);
    nameless["label"] = json!(7);
    let inner = branch("b", &[(1, json!([nameless.clone()]))], json!([]));
    let steps = json!([nameless, parallel("p", &[json!([]), json!([inner])])]);
    let document = json!({"format": 1, "label": 8, "steps": steps});
    let faults = FlowDocument::read_by(document, &Texts).unwrap_err();
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["/steps/0/label", "/steps/1/arms/1/steps/0/arms/0/steps/0/label", "/label"]);
}

#[test]
fn every_document_that_is_read_fits_its_schema_by_name() {
    let schema = schemars::schema_for!(FlowDocument);
    let text = serde_json::to_string(&schema).unwrap();
    for name in ["self_approval", "managers_up_to", "on_reject", "add_sign", "map_out"] {
        assert!(text.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn steps_and_arms_have_keys_of_their_own() {
    assert_eq!(
        of_steps(json!([approve("a", &["ann"]), approve("a", &["bob"])])),
        ["/steps/1/key duplicate_key"]
    );
    assert_eq!(of_steps(json!([approve("start", &["ann"])])), ["/steps/0/key duplicate_key"]);
    assert_eq!(of_steps(json!([approve("A b", &["ann"])])), ["/steps/0/key invalid_key"]);
    let mut block = parallel("p", &[json!([]), json!([])]);
    block["arms"][1]["key"] = json!("p_0");
    assert_eq!(of_steps(json!([block])), ["/steps/0/arms/1/key duplicate_key"]);
}

#[test]
fn a_step_without_people_is_refused() {
    assert_eq!(of_step(json!({"who": []})), ["/steps/0/who empty_who"]);
    assert_eq!(of_step(json!({"who": [{"members": []}]})), ["/steps/0/who/0 empty_who"]);
    assert_eq!(of_step(json!({"who": [{"roles": []}]})), ["/steps/0/who/0 empty_who"]);
    assert_eq!(of_step(json!({"who": [{"departments": []}]})), ["/steps/0/who/0 empty_who"]);
    let cc = json!({"kind": "cc", "key": "c", "label": "C", "who": []});
    assert_eq!(of_steps(json!([cc])), ["/steps/0/who empty_who"]);
}

#[test]
fn people_who_are_not_there_are_refused() {
    assert_eq!(
        of_step(json!({"who": [{"members": [id("zoe")]}]})),
        ["/steps/0/who/0/members/0 unknown_member"]
    );
    assert_eq!(of_step(json!({"who": [{"roles": ["FIN", "NIL"]}]})), ["/steps/0/who/0/roles/1 unknown_role"]);
    assert_eq!(
        of_step(json!({"who": [{"managers_up_to": {"role": "NIL"}}]})),
        ["/steps/0/who/0/managers_up_to/role unknown_role"]
    );
    assert_eq!(
        of_step(json!({"who": [{"departments": [id("ann")]}]})),
        ["/steps/0/who/0/departments/0 unknown_department"]
    );
    assert_eq!(of_step(json!({"who": [{"field": "nothing"}]})), ["/steps/0/who/0/field unknown_field"]);
    assert_eq!(
        of_step(json!({"who": [{"field": "amount"}]})),
        ["/steps/0/who/0/field not_a_field_of_people"]
    );
    assert_eq!(
        of_step(json!({"who": [{"head_of_field": "inspector"}]})),
        ["/steps/0/who/0/head_of_field not_a_field_of_people"]
    );
    assert_eq!(of_step(json!({"who": [{"manager": 0}]})), ["/steps/0/who/0 level_zero"]);
    assert_eq!(of_step(json!({"who": [{"field": "$owner"}, {"head_of_field": "team"}]})), NONE);
}

#[test]
fn a_fallback_that_is_not_there_is_none() {
    assert_eq!(of_step(json!({"nobody": {"member": id("zoe")}})), ["/steps/0/nobody/member no_fallback"]);
    let document = json!({"format": 1, "label": "T", "nobody": {"member": id("zoe")}, "steps": []});
    assert_eq!(faults(document), ["/nobody/member no_fallback"]);
}

#[test]
fn a_branch_needs_a_default_and_arms_that_can_match() {
    let mut block = branch("b", &[(100, json!([]))], json!([]));
    block.as_object_mut().unwrap().remove("default");
    assert_eq!(of_steps(json!([block])), ["/steps/0 no_default_arm"]);
    let twice = branch("b", &[(100, json!([])), (500, json!([]))], json!([]));
    assert_eq!(of_steps(json!([twice])), ["/steps/0/arms/1/when arm_never_matches"]);
    assert_eq!(of_steps(json!([with(twice, json!({"mode": "inclusive"}))])), NONE);
    let mut never = branch("b", &[(100, json!([]))], json!([]));
    never["arms"][0]["when"] = json!({"any": []});
    assert_eq!(of_steps(json!([never])), ["/steps/0/arms/0/when no_condition"]);
    never["arms"][0]["when"] = json!({"any": [{"any": []}]});
    assert_eq!(of_steps(json!([never])), ["/steps/0/arms/0/when arm_never_matches"]);
    assert_eq!(of_steps(json!([branch("b", &[], json!([]))])), ["/steps/0/arms no_arms"]);
}

#[test]
fn conditions_formulas_and_rights_name_fields_that_exist() {
    let mut block = branch("b", &[(100, json!([]))], json!([]));
    block["arms"][0]["when"]["field"] = json!("price");
    assert_eq!(of_steps(json!([block])), ["/steps/0/arms/0/when unknown_field"]);
    assert_eq!(of_step(json!({"fields": {"price": "read"}})), ["/steps/0/fields/price unknown_field"]);
    assert_eq!(
        of_step(json!({"fields": {"lines.price": "read"}})),
        ["/steps/0/fields/lines.price unknown_field"]
    );
    assert_eq!(
        of_step(json!({"fields": {"total": "required"}})),
        ["/steps/0/fields/total field_not_editable"]
    );
    let check = |formula: &str| json!({"validate": [{"key": "v", "formula": formula, "message": "no"}]});
    assert_eq!(of_step(check("amount ?")), ["/steps/0/validate/0/formula unknown_field"]);
    assert_eq!(of_step(check("amount > 0")), NONE);
}

#[test]
fn a_field_is_not_required_and_hidden_at_once() {
    let fields = |fields: Json| of_step(json!({"fields": fields}));
    assert_eq!(
        fields(json!({"lines": "hidden", "lines.qty": "required"})),
        ["/steps/0/fields/lines.qty required_and_hidden"]
    );
    assert_eq!(fields(json!({"*": "hidden", "lines.qty": "required"})), NONE);
    let start = |fields: Json, step: Json| {
        faults(
            json!({"format": 1, "label": "T", "start": {"fields": fields}, "steps": [with(approve("a", &["ann"]), step)]}),
        )
    };
    assert_eq!(start(json!({"must": "hidden"}), json!({})), ["/start/fields/must required_and_hidden"]);
    assert_eq!(start(json!({"must": "read"}), json!({})), ["/start/fields/must required_and_read_only"]);
    assert_eq!(start(json!({"must": "hidden"}), json!({"fields": {"must": "edit"}})), NONE);
}

#[test]
fn rejections_and_returns_go_to_earlier_steps() {
    let steps = |members: Json| {
        json!([approve("a", &["ann"]), with(approve("b", &["bob"]), members), approve("c", &["cid"])])
    };
    assert_eq!(of_steps(steps(json!({"reject_to": "a", "return_to": ["start", "a"]}))), NONE);
    assert_eq!(of_steps(steps(json!({"reject_to": "nil"}))), ["/steps/1/reject_to unknown_step"]);
    assert_eq!(of_steps(steps(json!({"reject_to": "c"}))), ["/steps/1/reject_to target_not_earlier"]);
    assert_eq!(of_steps(steps(json!({"reject_to": "b"}))), ["/steps/1/reject_to target_not_earlier"]);
    assert_eq!(
        of_steps(steps(json!({"return_to": ["c", "nil"]}))),
        ["/steps/1/return_to/0 target_not_earlier", "/steps/1/return_to/1 unknown_step"]
    );
}

#[test]
fn a_step_that_may_have_been_left_out_can_be_returned_to_but_not_be_where_rejections_go() {
    let block = branch("size", &[(100, json!([approve("a", &["ann"])]))], json!([]));
    let steps = |members: Json| json!([block, with(approve("b", &["bob"]), members)]);
    assert_eq!(of_steps(steps(json!({"return_to": ["a"]}))), NONE);
    assert_eq!(of_steps(steps(json!({"reject_to": "a"}))), ["/steps/1/reject_to target_not_earlier"]);
    let arms = parallel(
        "p",
        &[
            json!([approve("a", &["ann"])]),
            json!([with(approve("b", &["bob"]), json!({"return_to": ["a"]}))]),
        ],
    );
    assert_eq!(of_steps(json!([arms])), ["/steps/0/arms/1/steps/0/return_to/0 target_not_earlier"]);
}

#[test]
fn policies_and_joins_ask_for_what_there_is() {
    assert_eq!(of_step(json!({"policy": {"ratio": {"n": 0}}})), ["/steps/0/policy/ratio bad_ratio"]);
    assert_eq!(of_step(json!({"policy": {"ratio": {"percent": 101}}})), ["/steps/0/policy/ratio bad_ratio"]);
    let ratio = with(fill("f", &["ann"]), json!({"policy": {"ratio": {"n": 1}}}));
    assert_eq!(of_steps(json!([ratio])), ["/steps/0/policy ratio_without_votes"]);
    let block = with(parallel("p", &[json!([]), json!([])]), json!({"join": {"n": 3}}));
    assert_eq!(of_steps(json!([block])), ["/steps/0/join/n bad_join"]);
    assert_eq!(of_steps(json!([parallel("p", &[])])), ["/steps/0/arms no_arms"]);
}

#[test]
fn the_action_that_passes_a_step_stays_on() {
    assert_eq!(of_step(json!({"actions": {"approve": false}})), ["/steps/0/actions/approve action_needed"]);
    let submit = with(fill("f", &["ann"]), json!({"actions": {"submit": false}}));
    assert_eq!(of_steps(json!([submit])), ["/steps/0/actions/submit action_needed"]);
    assert_eq!(of_step(json!({"actions": {"reject": false, "approve": {"label": "同意"}}})), NONE);
    assert_eq!(
        of_step(json!({"actions": {"add_sign": {"label": " "}}})),
        ["/steps/0/actions/add_sign/label label_missing"]
    );
}

#[test]
fn a_subflow_names_a_form_and_fields_of_both_forms() {
    let of = |members: Json| of_steps(json!([subflow("s", members)]));
    assert_eq!(of(json!({"wait": true, "map_in": {"sum": "amount"}, "map_out": {"amount": "sum"}})), NONE);
    assert_eq!(of(json!({"for_each": "lines", "map_in": {"sum": "lines.qty"}})), NONE);
    assert_eq!(of(json!({"form": "gone"})), ["/steps/0/form unknown_form"]);
    assert_eq!(of(json!({"form": "test"})), ["/steps/0/form subflow_cycle"]);
    assert_eq!(of(json!({"for_each": "amount"})), ["/steps/0/for_each not_a_subform"]);
    assert_eq!(of(json!({"map_out": {"amount": "sum"}})), ["/steps/0/map_out map_out_without_wait"]);
    assert_eq!(of(json!({"map_in": {"gone": "amount"}})), ["/steps/0/map_in/gone unknown_field"]);
    assert_eq!(
        of(json!({"map_in": {"computed": "amount"}})),
        ["/steps/0/map_in/computed field_not_editable"]
    );
    assert_eq!(of(json!({"map_in": {"sum": "lines.qty"}})), ["/steps/0/map_in/sum unknown_field"]);
    assert_eq!(
        of(json!({"wait": true, "map_out": {"total": "sum"}})),
        ["/steps/0/map_out/total field_not_editable"]
    );
    assert_eq!(
        of(json!({"wait": true, "map_out": {"amount": "gone"}})),
        ["/steps/0/map_out/amount unknown_field"]
    );
    assert_eq!(of(json!({"wait": true, "map_out": {"amount": "$owner"}})), NONE);
    assert_eq!(
        of(json!({"wait": true, "map_out": {"amount": "$gone"}})),
        ["/steps/0/map_out/amount unknown_field"]
    );
}

#[test]
fn fields_that_never_hold_the_same_are_not_mapped_onto_each_other() {
    let of = |members: Json| of_steps(json!([subflow("s", members)]));
    assert_eq!(of(json!({"map_in": {"sum": "due"}})), ["/steps/0/map_in/sum unfit_field"]);
    assert_eq!(of(json!({"wait": true, "map_out": {"due": "sum"}})), ["/steps/0/map_out/due unfit_field"]);
}

#[test]
fn a_title_names_fields_that_exist() {
    let titled = |title: &str| faults(json!({"format": 1, "label": "T", "title": title, "steps": []}));
    assert_eq!(titled("{label} {serial} {title} {amount} {$owner}"), NONE);
    assert_eq!(titled("{amount} {price}"), ["/title unknown_field"]);
}

#[test]
fn a_condition_reads_the_outcome_of_a_subflow_before_it() {
    let reads = |op: &str, value: &str| {
        json!({"kind": "branch", "key": "b", "label": "B", "default": {"steps": []}, "arms": [
            {"key": "no", "when": {"field": "steps.s.outcome", "op": op, "value": value}, "steps": []}]})
    };
    let waited = subflow("s", json!({"wait": true}));
    assert_eq!(of_steps(json!([waited, reads("eq", "rejected")])), NONE);
    assert_eq!(of_steps(json!([reads("eq", "rejected"), waited])), ["/steps/0/arms/0/when no_outcome"]);
    assert_eq!(
        of_steps(json!([subflow("s", json!({})), reads("eq", "rejected")])),
        ["/steps/1/arms/0/when no_outcome"],
        "one that is not waited for has none"
    );
    assert_eq!(
        of_steps(json!([waited, reads("gt", "rejected")])),
        ["/steps/1/arms/0/when outcome_not_readable"]
    );
}

#[test]
fn an_action_is_one_of_those_that_automations_have() {
    assert_eq!(of_steps(json!([action("a")])), NONE);
    let unknown = with(action("a"), json!({"action": {"kind": "explode"}}));
    assert_eq!(of_steps(json!([unknown])), ["/steps/0/action/kind unknown_action"]);
}

#[test]
fn a_delay_says_how_long_or_until_when() {
    let of =
        |members: Json| of_steps(json!([with(json!({"kind": "delay", "key": "d", "label": "D"}), members)]));
    assert_eq!(of(json!({"for": "P1D"})), NONE);
    assert_eq!(of(json!({"until": {"field": "due", "offset": "-P1D"}})), NONE);
    assert_eq!(of(json!({})), ["/steps/0 one_moment"]);
    assert_eq!(of(json!({"for": "P1D", "until": {"field": "due"}})), ["/steps/0 one_moment"]);
    assert_eq!(of(json!({"for": "a while"})), ["/steps/0/for bad_duration"]);
    assert_eq!(of(json!({"for": "-P1D"})), ["/steps/0/for bad_duration"]);
    assert_eq!(of(json!({"until": {"field": "amount"}})), ["/steps/0/until/field not_a_date_field"]);
    assert_eq!(of(json!({"until": {"field": "gone"}})), ["/steps/0/until/field unknown_field"]);
    // Each row has a day of its own: none of them is the one that is waited for.
    assert_eq!(of(json!({"until": {"field": "lines.day"}})), ["/steps/0/until/field not_a_date_field"]);
}

#[test]
fn deadlines_are_up_to_five_and_each_says_when_and_what() {
    let of = |rules: Json| of_step(json!({"deadlines": rules}));
    assert_eq!(
        of(json!([
            {"after": "PT24H", "do": "remind"},
            {"after": "P1DT4H", "working_time": true, "do": "escalate"},
            {"at": {"field": "due"}, "do": "auto_approve"},
            {"at": {"field": "due", "offset": "P1D"}, "do": {"auto_return": "start"}},
            {"after": "P9D", "do": {"transfer": {"manager": 1}}}
        ])),
        NONE
    );
    let rule = json!({"after": "PT1H", "do": "remind"});
    assert_eq!(of(json!(vec![rule; 6])), ["/steps/0/deadlines too_many"]);
    assert_eq!(of(json!([{"do": "remind"}])), ["/steps/0/deadlines/0 one_moment"]);
    assert_eq!(of(json!([{"after": "soon", "do": "remind"}])), ["/steps/0/deadlines/0/after bad_duration"]);
    assert_eq!(
        of(json!([{"after": "P1M", "working_time": true, "do": "remind"}])),
        ["/steps/0/deadlines/0/after bad_duration"]
    );
    assert_eq!(
        of(json!([{"at": {"field": "due"}, "working_time": true, "do": "remind"}])),
        ["/steps/0/deadlines/0/working_time working_time_of_moment"]
    );
    assert_eq!(
        of(json!([{"after": "PT1H", "do": {"transfer": {"roles": ["GONE"]}}}])),
        ["/steps/0/deadlines/0/do/transfer/0/roles/0 unknown_role"]
    );
    assert_eq!(
        of(json!([{"after": "PT1H", "do": {"remind": [{"manager": 1}, {"field": "amount"}]}}])),
        ["/steps/0/deadlines/0/do/remind/1/field not_a_field_of_people"]
    );
    let step = with(fill("f", &["ann"]), json!({"deadlines": [{"after": "PT1H", "do": "auto_reject"}]}));
    assert_eq!(of_steps(json!([step])), ["/steps/0/deadlines/0/do nothing_to_reject"]);
}

#[test]
fn labels_and_the_format_are_needed() {
    assert_eq!(
        faults(json!({"format": 2, "label": " ", "steps": []})),
        ["/format unknown_format", "/label label_missing"]
    );
    assert_eq!(of_step(json!({"label": ""})), ["/steps/0/label label_missing"]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let steps =
        json!([with(approve("a", &[]), json!({"who": [], "reject_to": "b"})), approve("a", &["ann"])]);
    assert_eq!(
        of_steps(steps),
        ["/steps/1/key duplicate_key", "/steps/0/who empty_who", "/steps/0/reject_to unknown_step"]
    );
}

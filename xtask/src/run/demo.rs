//! What the first start makes, all through the API: an administrator, five members in roles, the templates.
//!
//! Each step looks whether it was done, so that a start that was broken off is completed by the next.

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::server::Server;
use super::sign_ins::{self, SignIn};
use crate::api::Api;
use crate::{cache, progress};

/// The roles of the five members, in the order of who manages whom: each reports to the next where that is so.
pub const ROLES: [&str; 5] = ["REP", "MGR", "DIR", "FIN", "WH"];

/// Who a role reports to.
const MANAGERS: [(&str, &str); 2] = [("REP", "MGR"), ("MGR", "DIR")];

const TEMPLATES: [&str; 3] = ["crm", "inventory", "loyalty"];

/// Makes what is missing and gives the words for where to go and who can sign in.
pub fn fill(server: &Server, data: &Path, language: &str) -> Result<String> {
    if server.set_up_code.is_none() && !sign_ins::exist(data) {
        return Ok(format!("Formwork is at {}; its people were not made by this command.\n", server.url));
    }
    let people = sign_ins::read_or_make(data)?;
    let (administrator, members) = people.split_first().context("the file of sign-ins is empty")?;
    let mut api = Api::new(&server.url, language);
    if let Some(code) = &server.set_up_code {
        set_up(&api, code, administrator, language)?;
    }
    api.sign_in(&administrator.email, &administrator.password)
        .context("the administrator's password is no longer that of the file of sign-ins")?;
    // Before the templates: their demo records then belong to the people in the roles.
    make_roles(&api, language)?;
    make_members(&api, members, language)?;
    for template in TEMPLATES {
        install(&api, template, language)?;
    }
    Ok(format!(
        "Formwork is at {}. These people can sign in (kept in {}):\n\n{}\nCtrl-C stops it.\n",
        server.url,
        data.display(),
        sign_ins::table(&people)
    ))
}

fn set_up(api: &Api, code: &str, administrator: &SignIn, language: &str) -> Result<()> {
    let workspace = match language {
        "en" => "Example company",
        "zh-TW" => "範例公司",
        _ => "示例公司",
    };
    let (email, password) = (&administrator.email, &administrator.password);
    api.post(
        "/setup",
        &json!({"code": code, "email": email, "password": password, "name": name("", language), "workspace": workspace, "language": language}),
    )?;
    Ok(())
}

fn install(api: &Api, template: &str, language: &str) -> Result<()> {
    let templates = items(api.get("/templates")?);
    let known = templates
        .iter()
        .find(|known| known["key"] == template)
        .with_context(|| format!("the server has no template {template}"))?;
    if known["installed"].as_array().is_some_and(|apps| !apps.is_empty()) {
        return Ok(());
    }
    progress::step(&format!("template {template} with its demo records"), || {
        let started =
            api.post(&format!("/templates/{template}/install"), &json!({"locale": language, "demo": true}))?;
        api.job(&started, template)
    })?;
    Ok(())
}

/// The members' roles, called as the templates call them.
fn make_roles(api: &Api, language: &str) -> Result<()> {
    let file = cache::checkout().join("form-templates/base/roles.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let named: Vec<Value> = serde_json::from_str(&text)?;
    let known = items(api.get("/roles?limit=500")?);
    for role in ROLES.iter().filter(|role| known.iter().all(|known| known["key"] != **role)) {
        let named = named.iter().find(|named| named["key"] == *role);
        let name = named.and_then(|named| named.get("label")?.get(language)?.as_str()).unwrap_or(role);
        api.post("/roles", &json!({"key": role, "name": name}))?;
    }
    Ok(())
}

/// Managers come before those who report to them.
fn make_members(api: &Api, members: &[SignIn], language: &str) -> Result<()> {
    for member in members.iter().rev() {
        let known = items(api.get("/members?limit=500")?);
        if find(&known, &member.email).is_some() {
            continue;
        }
        let manager = MANAGERS.iter().find(|(role, _)| *role == member.role).map(|(_, manager)| *manager);
        let manager = manager.and_then(|role| members.iter().find(|other| other.role == role));
        let manager =
            manager.and_then(|manager| find(&known, &manager.email)).map(|manager| manager["id"].clone());
        api.post(
            "/members",
            &json!({
                "email": member.email, "password": member.password, "name": name(&member.role, language),
                "roles": [member.role], "manager": manager, "language": language,
            }),
        )?;
    }
    Ok(())
}

fn find<'a>(members: &'a [Value], email: &str) -> Option<&'a Value> {
    members.iter().find(|member| member["email"] == email)
}

fn items(mut list: Value) -> Vec<Value> {
    list.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default()
}

/// What a person of the demo is called.
fn name(role: &str, language: &str) -> &'static str {
    match (language, role) {
        ("en", "REP") => "Ray (sales)",
        ("en", "MGR") => "Mia (sales manager)",
        ("en", "DIR") => "Dora (sales director)",
        ("en", "FIN") => "Finn (finance)",
        ("en", "WH") => "Will (warehouse)",
        ("en", _) => "Ada (administrator)",
        ("zh-TW", "REP") => "林業務",
        ("zh-TW", "MGR") => "陳主管",
        ("zh-TW", "DIR") => "張總監",
        ("zh-TW", "FIN") => "李財務",
        ("zh-TW", "WH") => "王倉管",
        ("zh-TW", _) => "管理員",
        (_, "REP") => "林销售",
        (_, "MGR") => "陈主管",
        (_, "DIR") => "张总监",
        (_, "FIN") => "李财务",
        (_, "WH") => "王仓管",
        (_, _) => "管理员",
    }
}

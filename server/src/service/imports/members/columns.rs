//! What the columns of a file of members say, by the names that people give them.

use std::collections::BTreeMap;

use wire::MemberColumn;

/// The columns with the names that they are known by, in small letters.
const NAMES: [(MemberColumn, &str, &[&str]); 7] = [
    (
        MemberColumn::Email,
        "email",
        &["e-mail", "email address", "mail", "邮箱", "电子邮箱", "信箱", "電子郵件"],
    ),
    (MemberColumn::Name, "name", &["full name", "姓名", "名字", "成员", "成員"]),
    (MemberColumn::Title, "title", &["job title", "position", "职务", "职位", "職稱", "職務"]),
    (MemberColumn::Phone, "phone", &["telephone", "mobile", "电话", "手机", "手机号", "電話", "手機"]),
    (MemberColumn::Departments, "departments", &["department", "部门", "部門"]),
    (MemberColumn::Roles, "roles", &["role", "角色"]),
    (MemberColumn::Manager, "manager", &["supervisor", "reports to", "上级", "直属上级", "主管", "直屬主管"]),
];

/// What each column says whose name is known; the first of a kind counts.
pub fn guess(headers: &[String]) -> BTreeMap<String, MemberColumn> {
    let mut mapping = BTreeMap::new();
    for header in headers {
        let name = header.trim().to_lowercase();
        let known = NAMES.iter().find(|(_, own, others)| *own == name || others.contains(&name.as_str()));
        if let Some((column, ..)) = known
            && !mapping.values().any(|taken| taken == column)
        {
            mapping.insert(header.clone(), *column);
        }
    }
    mapping
}

/// The column that the path of a fault names.
pub fn named(path: &str) -> Option<MemberColumn> {
    NAMES.iter().find(|(_, own, _)| *own == path).map(|(column, ..)| *column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_their_names_in_every_language() {
        let headers = ["姓名", "Email", " 部门 ", "E-mail", "Shoe size"].map(String::from);
        let expected = [
            ("姓名", MemberColumn::Name),
            ("Email", MemberColumn::Email),
            (" 部门 ", MemberColumn::Departments),
        ];
        let expected: BTreeMap<String, MemberColumn> =
            expected.into_iter().map(|(header, column)| (header.to_string(), column)).collect();
        assert_eq!(guess(&headers), expected);
    }

    /// The example that the browser hands out has its headings in the reader's language.
    #[test]
    fn every_column_of_the_example_is_known() {
        for headers in [
            ["E-mail", "Name", "Title", "Telephone", "Departments", "Roles", "Manager"],
            ["邮箱", "姓名", "职务", "电话", "部门", "角色", "直属上级"],
            ["電子郵件", "姓名", "職稱", "電話", "部門", "角色", "直屬主管"],
        ] {
            assert_eq!(guess(&headers.map(String::from)).len(), headers.len(), "{headers:?}");
        }
    }
}

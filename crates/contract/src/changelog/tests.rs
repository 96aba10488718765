//! Categories of changes, and the text under a release.

use std::sync::Arc;

use super::*;
use crate::change::{Change, ChangedOperation};
use crate::level::{Breaks, Level};
use crate::source::Source;

#[derive(Clone, Copy)]
enum On {
    Base,
    Revision,
    Both,
}

fn change(id: &'static str, level: Level, on: On, path: Option<&str>, message: &str) -> Change {
    let source = Source::read(b"a: 1", "a.yaml").unwrap();
    let site = || Arc::new(source.site(source.root().id()));
    Change {
        id,
        level,
        breaks: vec![],
        operation: path.map(|path| {
            Arc::new(ChangedOperation {
                method: "GET".into(),
                path: path.into(),
                operation_id: None,
            })
        }),
        base: matches!(on, On::Base | On::Both).then(site),
        revision: matches!(on, On::Revision | On::Both).then(site),
        message: message.into(),
        fingerprint: String::new(),
        cause: 0,
    }
}

#[test]
fn each_change_has_a_category() {
    let of = |id, on| Category::of(&change(id, Level::Info, on, None, ""));
    assert_eq!(of("endpoint-added", On::Revision), Category::Added);
    assert_eq!(
        of("new-required-request-parameter", On::Both),
        Category::Added
    );
    assert_eq!(
        of("response-property-enum-value-removed", On::Both),
        Category::Removed
    );
    assert_eq!(of("some-rule", On::Base), Category::Removed);
    assert_eq!(of("endpoint-deprecated", On::Both), Category::Deprecated);
    assert_eq!(of("sunset-deleted", On::Base), Category::Removed);
    assert_eq!(of("api-security-removed", On::Base), Category::Security);
    assert_eq!(
        of("request-parameter-type-changed", On::Both),
        Category::Changed
    );
    let mut wording = change("description-changed", Level::Info, On::Both, None, "");
    wording.breaks = vec![Breaks::Docs];
    assert_eq!(Category::of(&wording), Category::Fixed);
}

fn changes() -> Vec<Change> {
    vec![
        change(
            "api-removed",
            Level::Error,
            On::Base,
            Some("/old"),
            "the operation was removed",
        ),
        change(
            "new-x",
            Level::Info,
            On::Revision,
            Some("/a_b"),
            "the parameter `limit` was added",
        ),
        change(
            "new-x",
            Level::Info,
            On::Revision,
            Some("/a_b"),
            "the parameter `limit` was added",
        ),
        change(
            "new-y",
            Level::Info,
            On::Revision,
            Some("/a_b"),
            "the parameter `page` was added",
        ),
        change(
            "x-changed",
            Level::Warning,
            On::Both,
            None,
            "the *title* changed",
        ),
    ]
}

#[test]
fn a_changelog_is_grouped_by_category_and_operation() {
    let changelog = Changelog::of(&changes(), Some("1.0.0"), Some("2.0.0"), Some("Payments"));
    insta::assert_snapshot!(markdown(&changelog), @r"
    ## Payments 2.0.0

    ### Added

    - `GET /a_b`
      - the parameter `limit` was added
      - the parameter `page` was added

    ### Changed

    - The whole contract: **May break:** the \*title\* changed

    ### Removed

    - `GET /old`: **Breaking:** the operation was removed
    ");
}

#[test]
fn the_same_version_is_unreleased() {
    let changelog = Changelog::of(&[], Some("1.0.0"), Some("1.0.0"), None);
    insta::assert_snapshot!(markdown(&changelog), @r"
    ## Unreleased

    No changes.
    ");
}

#[test]
fn json_carries_the_same_lines() {
    let changelog = Changelog::of(&changes()[4..], None, Some("2.0.0"), None);
    insta::assert_snapshot!(serde_json::to_string_pretty(&changelog).unwrap(), @r#"
    {
      "schema_version": 1,
      "title": null,
      "from": null,
      "to": "2.0.0",
      "sections": [
        {
          "category": "changed",
          "operations": [
            {
              "operation": null,
              "items": [
                {
                  "id": "x-changed",
                  "level": "warning",
                  "breaks": [],
                  "message": "the *title* changed",
                  "fingerprint": ""
                }
              ]
            }
          ]
        }
      ]
    }
    "#);
}

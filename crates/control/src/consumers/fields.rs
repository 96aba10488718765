//! What a person says of a consumer, and its rules.

use adoption::ConsumerKind;
use serde::{Deserialize, Serialize};

use crate::error::ControlError;

const CONTACTS_MAX: usize = 50;
const TEXT_CHARS_MAX: usize = 200;

/// How to reach people of a consumer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// An e-mail address, a web address, or a channel such as `#payments`.
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What they answer for, such as `oncall` or `billing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// What to change of a consumer; an absent field stays, an empty text clears an optional one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsumerUpdate {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub kind: Option<ConsumerKind>,
    #[serde(default)]
    pub contacts: Option<Vec<Contact>>,
    #[serde(default)]
    pub plan: Option<String>,
    #[serde(default)]
    pub sla: Option<String>,
    #[serde(default)]
    pub external_id: Option<String>,
}

pub(super) fn checked_text(
    field: &'static str,
    text: Option<String>,
) -> Result<Option<String>, ControlError> {
    let Some(text) = text
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    if text.chars().count() > TEXT_CHARS_MAX || text.chars().any(char::is_control) {
        let message =
            format!("at most {TEXT_CHARS_MAX} characters, none of them a control character");
        return Err(ControlError::Invalid { field, message });
    }
    Ok(Some(text))
}

pub(super) fn contacts_json(contacts: &[Contact]) -> Result<String, ControlError> {
    let invalid = |message| {
        Err(ControlError::Invalid {
            field: "contacts",
            message,
        })
    };
    if contacts.len() > CONTACTS_MAX {
        return invalid(format!("at most {CONTACTS_MAX} contacts"));
    }
    let mut checked = Vec::with_capacity(contacts.len());
    for contact in contacts {
        let Some(address) = checked_text("contacts", Some(contact.address.clone()))? else {
            return invalid("a contact needs an address".to_owned());
        };
        checked.push(Contact {
            address,
            name: checked_text("contacts", contact.name.clone())?,
            role: checked_text("contacts", contact.role.clone())?,
        });
    }
    Ok(serde_json::to_string(&checked).expect("texts are always JSON"))
}

//! Whether the document has the form that its version of OpenAPI prescribes.

use super::call::{Call, Fault};
use super::formats::SpecFormat;
use super::view::Slot;

mod checker;
mod common;
mod extra;
mod form;
mod v3_0;
mod v3_1;

pub(super) fn check(call: &Call<'_, '_>, faults: &mut Vec<Fault>) {
    let form = match () {
        () if call.is(SpecFormat::Oas3_0) => &v3_0::DOCUMENT,
        () if call.is(SpecFormat::Oas3_1) => &v3_1::DOCUMENT,
        () if call.is(SpecFormat::Oas3_2) => &v3_1::DOCUMENT_3_2,
        () => return,
    };
    for wrong in checker::check(form, call.document.root) {
        let slot = Slot {
            node: wrong.node,
            by_ref: false,
        };
        faults.push(Fault {
            place: slot.into(),
            message: wrong.message,
        });
    }
}

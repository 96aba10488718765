//! What the tests of some cases do or ask that the table of the corpus has no column for.

/// Texts replaced in a file, as the test changes the loaded document in code.
pub type Edits = &'static [(&'static str, &'static str)];

/// How the ids of the table are meant.
#[derive(Clone, Copy)]
pub enum Wish {
    AsTable,
    /// The test names the ids to say that they must not be reported.
    Absent,
    /// It names this one to say so, and asks for the others.
    OnlyOf {
        absent: &'static str,
    },
    /// It asks for one of them at least.
    AnyOf,
}

pub struct Note {
    tests: &'static [&'static str],
    /// Of the base and of the revision.
    pub edits: [Edits; 2],
    pub wish: Wish,
}

pub fn of(test: &str) -> Option<&'static Note> {
    NOTES.iter().find(|note| note.tests.contains(&test))
}

const STRING: &str = "type: \"string\"";
const BOTH: Edits = &[(STRING, "type: [string, integer]")];
const NONE: Edits = &[(STRING, "description: any")];

const NOTES: &[Note] = &[
    Note {
        tests: &["TestRequestBodyTypeWideningMultiTypeNotBreaking"],
        edits: [&[], BOTH],
        wish: Wish::Absent,
    },
    Note {
        tests: &["TestRequestBodyTypeRemovedNotBreaking"],
        edits: [&[], NONE],
        wish: Wish::Absent,
    },
    Note {
        tests: &["TestRequestBodyTypeNarrowingStillBreaking"],
        edits: [BOTH, &[]],
        wish: Wish::AsTable,
    },
    Note {
        tests: &["TestRequestBodyTypeAddedFromUntypedStillBreaking"],
        edits: [NONE, &[]],
        wish: Wish::AsTable,
    },
    Note {
        tests: &["TestRequestBodyTypeWidenWithBreakingFormatStillBreaking"],
        edits: [
            &[(STRING, "{type: integer, format: int64}")],
            &[(STRING, "{type: [integer, string], format: int32}")],
        ],
        wish: Wish::AsTable,
    },
    Note {
        tests: &["TestResponseBodyTypeNarrowingMultiTypeNotBreaking"],
        edits: [BOTH, &[]],
        wish: Wish::OnlyOf {
            absent: "response-body-type-changed",
        },
    },
    Note {
        tests: &["TestResponseBodyTypeSpecializedIsInfo"],
        edits: [&[(STRING, "type: number")], &[(STRING, "type: integer")]],
        wish: Wish::AsTable,
    },
    Note {
        tests: &["TestResponseBodyTypeAddedFromUntypedNotBreaking"],
        edits: [NONE, &[]],
        wish: Wish::Absent,
    },
    Note {
        tests: &["TestResponseBodyTypeWideningStillBreaking"],
        edits: [&[], BOTH],
        wish: Wish::AsTable,
    },
    Note {
        tests: &["TestResponseBodyTypeRemovedStillBreaking"],
        edits: [&[], NONE],
        wish: Wish::AsTable,
    },
    Note {
        tests: &["TestResponseBodyTypeNarrowWithBreakingFormatStillBreaking"],
        edits: [
            &[(STRING, "{type: [string, integer], format: int32}")],
            &[(STRING, "{type: [integer], format: int64}")],
        ],
        wish: Wish::AsTable,
    },
    Note {
        // The path stays, and its only operation goes.
        tests: &["TestBreaking_RemoveEndpointWithInvalidSunset"],
        edits: [&[], &[("get:", "x-get:")]],
        wish: Wish::AsTable,
    },
    Note {
        tests: &["TestRequestPropertyAnyOfInlineEnumRefactorToRef"],
        edits: [&[], &[]],
        wish: Wish::Absent,
    },
    Note {
        tests: &["TestListOfTypesIntegration_EdgeCases"],
        edits: [&[], &[]],
        wish: Wish::AnyOf,
    },
];

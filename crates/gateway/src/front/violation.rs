//! Every reason for which the strict front refuses a request: stable code, status, and what to do about it.

use http::StatusCode;

macro_rules! violations {
    ($($(#[$doc:meta])* $name:ident = $status:ident $code:literal $detail:literal;)*) => {
        /// Why a request is refused. All are the consumer's to mend; the request has had no effect upstream.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Violation {
            $($(#[$doc])* $name,)*
        }

        impl Violation {
            /// In the order of this file.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Stable, snake_case; it ends the `type` of the problem and labels the count of refusals.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// What is wrong and what to do, for whoever wrote the client.
            pub const fn detail(self) -> &'static str {
                match self { $(Self::$name => $detail,)* }
            }
        }
    };
}

violations! {
    // Lines.
    BareLf = BAD_REQUEST "bare_lf"
        "a line of the request ends with LF alone; end every line with CRLF";
    BareCr = BAD_REQUEST "bare_cr"
        "a line of the request holds a CR that is not part of CRLF; remove it";
    ControlCharacter = BAD_REQUEST "control_character"
        "the request head or a trailer holds NUL or another control character; remove or encode it";
    EmptyLines = BAD_REQUEST "empty_lines"
        "more than one empty line stands before the request line; send the request line first";

    // The request line.
    MethodInvalid = BAD_REQUEST "method_invalid"
        "the method is not a token of 1 to 32 letters, digits or token punctuation; check the request line";
    ConnectUnsupported = NOT_IMPLEMENTED "connect_unsupported"
        "this gateway opens no tunnels; send requests to the API itself instead of using it as a proxy";
    TargetForm = BAD_REQUEST "target_form"
        "the request target is neither a path nor an http(s) URL (nor * with OPTIONS); start it with /";
    TargetCharacter = BAD_REQUEST "target_character"
        "the request target holds a space, a control character, a non-ASCII byte or another character that \
         must not stand there as it is; percent-encode it";
    TargetTooLong = URI_TOO_LONG "target_too_long"
        "the request target is longer than this gateway accepts; send long parameters in the body";
    VersionMissing = BAD_REQUEST "version_missing"
        "the request line has no HTTP version; end it with HTTP/1.1";
    VersionInvalid = BAD_REQUEST "version_invalid"
        "the request line does not end with an HTTP version; end it with HTTP/1.1";
    VersionUnsupported = HTTP_VERSION_NOT_SUPPORTED "version_unsupported"
        "this HTTP version is not spoken on this connection; use HTTP/1.1, or HTTP/2 with its own preface";

    // Header fields.
    FieldFolded = BAD_REQUEST "field_folded"
        "a header line starts with a space or tab (obsolete line folding); send each header on one line";
    FieldColonMissing = BAD_REQUEST "field_colon_missing"
        "a header line has no colon; write `Name: value`";
    FieldNameInvalid = BAD_REQUEST "field_name_invalid"
        "a header name is empty or holds a character that is not a token character; correct the name";
    FieldNameSpace = BAD_REQUEST "field_name_space"
        "a space or tab stands between a header name and its colon; remove it";
    /// `Content_Length` and `Transfer_Encoding`, which some servers read as the real ones.
    FieldLookalike = BAD_REQUEST "field_lookalike"
        "a header is named like Content-Length or Transfer-Encoding but with an underscore; use the real name";
    FieldsTooMany = REQUEST_HEADER_FIELDS_TOO_LARGE "fields_too_many"
        "the request has more headers than this gateway accepts; send fewer";
    HeadTooLarge = REQUEST_HEADER_FIELDS_TOO_LARGE "head_too_large"
        "the request head is larger than this gateway accepts; send smaller headers or cookies";
    FieldConnectionSpecific = BAD_REQUEST "field_connection_specific"
        "HTTP/2 has no Connection, Keep-Alive, Proxy-Connection, Transfer-Encoding or Upgrade header; remove it";
    TeInvalid = BAD_REQUEST "te_invalid"
        "in HTTP/2 the TE header may only say trailers; remove it";
    ConnectionOption = BAD_REQUEST "connection_option"
        "the Connection header names a header that is meant for the API, such as Host or Authorization; \
         name only headers of this connection";

    // Host.
    HostMissing = BAD_REQUEST "host_missing"
        "the request has no Host header; send exactly one";
    HostRepeated = BAD_REQUEST "host_repeated"
        "the request has more than one Host header; send exactly one";
    HostInvalid = BAD_REQUEST "host_invalid"
        "the host is not a name or an IP address with an optional port; send it without user, list or spaces";
    HostMismatch = BAD_REQUEST "host_mismatch"
        "the request target names another host than the Host header; send the same in both";
    SchemeInvalid = BAD_REQUEST "scheme_invalid"
        "the request's scheme is neither http nor https; use one of the two";

    // Message framing.
    LengthInvalid = BAD_REQUEST "length_invalid"
        "Content-Length is not one plain decimal number without sign, list or leading zero; correct it";
    LengthRepeated = BAD_REQUEST "length_repeated"
        "Content-Length is given more than once; send it once";
    LengthWithEncoding = BAD_REQUEST "length_with_encoding"
        "Content-Length and Transfer-Encoding are both given; send only one of them";
    EncodingUnsupported = BAD_REQUEST "encoding_unsupported"
        "Transfer-Encoding is not exactly `chunked`; send chunked, or use Content-Length";
    EncodingRepeated = BAD_REQUEST "encoding_repeated"
        "Transfer-Encoding is given more than once; send it once";
    EncodingInHttp10 = BAD_REQUEST "encoding_in_http10"
        "HTTP/1.0 has no Transfer-Encoding; use HTTP/1.1 or Content-Length";
    ChunkSizeInvalid = BAD_REQUEST "chunk_size_invalid"
        "a chunk size is not 1 to 16 hexadecimal digits followed by CRLF; correct the chunk framing";
    ChunkExtension = BAD_REQUEST "chunk_extension"
        "a chunk has an extension, which readers disagree about; send the chunk size alone";
    ChunkEnd = BAD_REQUEST "chunk_end"
        "a chunk's data is not followed by CRLF: its size is wrong; correct the chunk framing";
    TrailerForbidden = BAD_REQUEST "trailer_forbidden"
        "a trailer has a name that only the request head may have, such as Host or Content-Length; \
         send it in the head";
    TrailersTooLarge = REQUEST_HEADER_FIELDS_TOO_LARGE "trailers_too_large"
        "the trailers are larger than this gateway accepts; send fewer";

    // The path.
    PathDotSegment = BAD_REQUEST "path_dot_segment"
        "the path holds a `.` or `..` segment, plain or encoded; send the resolved path";
    PathEmptySegment = BAD_REQUEST "path_empty_segment"
        "the path holds `//`; remove the empty segment or the empty parameter that made it";
    PathEncodedSlash = BAD_REQUEST "path_encoded_slash"
        "the path holds an encoded slash (%2F), which servers disagree about; the API's owner can permit it";
    PathBackslash = BAD_REQUEST "path_backslash"
        "the path holds a backslash, plain or encoded; use / between segments";
    PathEncodedControl = BAD_REQUEST "path_encoded_control"
        "the path holds an encoded control character such as %00 or %0A; remove it";
    PathPercentInvalid = BAD_REQUEST "path_percent_invalid"
        "the path holds a % that does not start a valid encoded character; write %25 for a percent sign";
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.detail())
    }
}

impl std::error::Error for Violation {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_snake_case_and_every_status_is_the_consumers() {
        let mut codes: Vec<&str> = Violation::ALL
            .iter()
            .map(|violation| violation.code())
            .collect();
        assert!(codes.iter().all(|code| {
            code.bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        }));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Violation::ALL.len());
        for violation in Violation::ALL {
            let status = violation.status().as_u16();
            assert!(
                matches!(status, 400 | 414 | 431 | 501 | 505),
                "{violation:?}: {status}"
            );
            assert!(
                violation.detail().contains(';'),
                "{violation:?} names no next step"
            );
        }
    }
}

//! The schema keywords that are compared.

macro_rules! keywords {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// A schema keyword.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Keyword { $($name),* }

        impl Keyword {
            pub(crate) const COUNT: usize = [$(Self::$name),*].len();

            pub(crate) fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

// A macro, so that a keyword and its text stand in one place.
keywords! {
    AdditionalProperties = "additionalProperties", AllOf = "allOf", AnyOf = "anyOf", Const = "const",
    Contains = "contains", ContentEncoding = "contentEncoding", ContentMediaType = "contentMediaType",
    ContentSchema = "contentSchema", Default = "default", DependentRequired = "dependentRequired",
    DependentSchemas = "dependentSchemas", Deprecated = "deprecated", Description = "description",
    Discriminator = "discriminator", DynamicRef = "$dynamicRef", Else = "else", Enum = "enum",
    ExclusiveMaximum = "exclusiveMaximum", ExclusiveMinimum = "exclusiveMinimum", Format = "format", If = "if",
    Items = "items", MaxContains = "maxContains", MaxItems = "maxItems", MaxLength = "maxLength",
    MaxProperties = "maxProperties", Maximum = "maximum", MinContains = "minContains", MinItems = "minItems",
    MinLength = "minLength", MinProperties = "minProperties", Minimum = "minimum", MultipleOf = "multipleOf",
    Not = "not", Nullable = "nullable", OneOf = "oneOf", Pattern = "pattern",
    PatternProperties = "patternProperties", PrefixItems = "prefixItems", Properties = "properties",
    PropertyNames = "propertyNames", ReadOnly = "readOnly", Required = "required", Stability = "x-stability-level",
    Sunset = "x-sunset", Then = "then", Title = "title", Type = "type", UnevaluatedItems = "unevaluatedItems",
    UnevaluatedProperties = "unevaluatedProperties", UniqueItems = "uniqueItems", WriteOnly = "writeOnly",
    ExtensibleEnum = "x-extensible-enum",
}

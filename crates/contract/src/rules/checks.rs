//! Every check, each in a file of its own: a new one is a file, a `mod` line and a line of the list.

use super::check::Check;

mod added_request_body;
mod additional_properties_updated;
mod api_added;
mod api_components_schema_removed;
mod api_components_security_updated;
mod api_deprecation;
mod api_global_security_updated;
mod api_global_servers_updated;
mod api_global_tags_updated;
mod api_invalid_stability_level;
mod api_operation_id_renamed;
mod api_operation_id_updated;
mod api_operation_text_updated;
mod api_removed;
mod api_security_updated;
mod api_servers_updated;
mod api_stability_level;
mod api_sunset_changed;
mod api_tag_updated;
mod body_enum_value_added;
mod callback_updated;
mod dynamic_ref_changed;
mod exclusive_maximum_updated;
mod exclusive_minimum_updated;
mod items_updated;
mod max_items_updated;
mod max_length_updated;
mod max_properties_updated;
mod maximum_updated;
mod media_type_encoding_changed;
mod media_type_schema_existence;
mod min_items_updated;
mod min_length_updated;
mod min_properties_updated;
mod minimum_updated;
mod multiple_of_updated;
mod new_request_non_path_default_parameter;
mod new_request_non_path_parameter;
mod new_request_path_parameter;
mod new_required_request_header_property;
mod not_updated;
mod parameter_const_changed;
mod property_stability_level;
mod request_body_became_enum;
mod request_body_enum_value_removed;
mod request_body_media_type_changed;
mod request_body_media_type_name_updated;
mod request_body_removed;
mod request_body_required_updated;
mod request_discriminator_updated;
mod request_header_property_became_enum;
mod request_header_property_became_required;
mod request_order_changed;
mod request_parameter_became_enum;
mod request_parameter_became_nullable;
mod request_parameter_default_value_changed;
mod request_parameter_deprecation;
mod request_parameter_description_updated;
mod request_parameter_enum_value_updated;
mod request_parameter_list_of_types_changed;
mod request_parameter_max_items_updated;
mod request_parameter_max_length_set;
mod request_parameter_max_length_updated;
mod request_parameter_max_set;
mod request_parameter_max_updated;
mod request_parameter_min_items_set;
mod request_parameter_min_items_updated;
mod request_parameter_min_length_updated;
mod request_parameter_min_set;
mod request_parameter_min_updated;
mod request_parameter_pattern_added_or_changed;
mod request_parameter_removed;
mod request_parameter_required_value_updated;
mod request_parameter_serialization_changed;
mod request_parameter_sunset_changed;
mod request_parameter_type_changed;
mod request_parameter_x_extensible_enum_value_removed;
mod request_property_all_of_updated;
mod request_property_any_of_updated;
mod request_property_became_enum;
mod request_property_became_nullable;
mod request_property_const_changed;
mod request_property_contains_updated;
mod request_property_content_updated;
mod request_property_default_value_changed;
mod request_property_dependent_required_changed;
mod request_property_dependent_schemas_updated;
mod request_property_deprecation;
mod request_property_enum_value_updated;
mod request_property_if_updated;
mod request_property_list_of_types_changed;
mod request_property_max_length_set;
mod request_property_max_length_updated;
mod request_property_max_set;
mod request_property_max_updated;
mod request_property_min_items_increased;
mod request_property_min_items_set;
mod request_property_min_length_updated;
mod request_property_min_set;
mod request_property_min_updated;
mod request_property_one_of_updated;
mod request_property_pattern_properties_updated;
mod request_property_pattern_updated;
mod request_property_prefix_items_updated;
mod request_property_property_names_updated;
mod request_property_required_updated;
mod request_property_type_changed;
mod request_property_unevaluated_updated;
mod request_property_updated;
mod request_property_write_only_read_only;
mod request_property_x_extensible_enum_value_removed;
mod response_discriminator_updated;
mod response_header_added;
mod response_header_became_nullable;
mod response_header_became_optional;
mod response_header_became_required;
mod response_header_default_value_changed;
mod response_header_enum_updated;
mod response_header_enum_value_updated;
mod response_header_pattern_updated;
mod response_header_removed;
mod response_header_serialization_changed;
mod response_header_type_changed;
mod response_links_updated;
mod response_media_type_enum_value_removed;
mod response_media_type_name_updated;
mod response_media_type_updated;
mod response_non_success_status_updated;
mod response_optional_property_updated;
mod response_optional_property_write_only_read_only;
mod response_pattern_added_or_changed;
mod response_property_all_of_updated;
mod response_property_any_of_updated;
mod response_property_became_nullable;
mod response_property_became_optional;
mod response_property_became_required;
mod response_property_const_changed;
mod response_property_contains_updated;
mod response_property_content_updated;
mod response_property_default_value_changed;
mod response_property_dependent_required_changed;
mod response_property_dependent_schemas_updated;
mod response_property_deprecation;
mod response_property_enum_value_added;
mod response_property_enum_value_removed;
mod response_property_if_updated;
mod response_property_list_of_types_changed;
mod response_property_max_increased;
mod response_property_max_length_increased;
mod response_property_max_length_unset;
mod response_property_min_decreased;
mod response_property_min_items_decreased;
mod response_property_min_items_unset;
mod response_property_min_length_decreased;
mod response_property_one_of_updated;
mod response_property_pattern_properties_updated;
mod response_property_prefix_items_updated;
mod response_property_property_names_updated;
mod response_property_type_changed;
mod response_property_unevaluated_updated;
mod response_required_property_updated;
mod response_required_property_write_only_read_only;
mod response_success_status_updated;
mod undeclared_property_required;
mod unique_items_updated;
mod version_policy;
mod webhook_updated;

/// In no particular order: the report orders what they find.
pub(crate) const CHECKS: &[Check] = &[
    added_request_body::CHECK,
    additional_properties_updated::CHECK,
    api_added::CHECK,
    api_components_schema_removed::CHECK,
    api_components_security_updated::CHECK,
    api_deprecation::CHECK,
    api_global_security_updated::CHECK,
    api_global_servers_updated::CHECK,
    api_global_tags_updated::CHECK,
    api_invalid_stability_level::CHECK,
    api_operation_id_renamed::CHECK,
    api_operation_id_updated::CHECK,
    api_operation_text_updated::CHECK,
    api_removed::CHECK,
    api_security_updated::CHECK,
    api_servers_updated::CHECK,
    api_stability_level::CHECK,
    api_sunset_changed::CHECK,
    api_tag_updated::CHECK,
    body_enum_value_added::CHECK,
    callback_updated::CHECK,
    dynamic_ref_changed::CHECK,
    exclusive_maximum_updated::CHECK,
    exclusive_minimum_updated::CHECK,
    items_updated::CHECK,
    max_items_updated::CHECK,
    max_length_updated::CHECK,
    max_properties_updated::CHECK,
    maximum_updated::CHECK,
    media_type_encoding_changed::CHECK,
    media_type_schema_existence::CHECK,
    min_items_updated::CHECK,
    min_length_updated::CHECK,
    min_properties_updated::CHECK,
    minimum_updated::CHECK,
    multiple_of_updated::CHECK,
    new_request_non_path_default_parameter::CHECK,
    new_request_non_path_parameter::CHECK,
    new_request_path_parameter::CHECK,
    new_required_request_header_property::CHECK,
    not_updated::CHECK,
    parameter_const_changed::CHECK,
    property_stability_level::CHECK,
    request_body_became_enum::CHECK,
    request_body_enum_value_removed::CHECK,
    request_body_media_type_changed::CHECK,
    request_body_media_type_name_updated::CHECK,
    request_body_removed::CHECK,
    request_body_required_updated::CHECK,
    request_discriminator_updated::CHECK,
    request_header_property_became_enum::CHECK,
    request_header_property_became_required::CHECK,
    request_order_changed::OF_PARAMETERS,
    request_order_changed::OF_PROPERTIES,
    request_parameter_became_enum::CHECK,
    request_parameter_became_nullable::CHECK,
    request_parameter_default_value_changed::CHECK,
    request_parameter_deprecation::CHECK,
    request_parameter_description_updated::CHECK,
    request_parameter_enum_value_updated::CHECK,
    request_parameter_list_of_types_changed::CHECK,
    request_parameter_max_items_updated::CHECK,
    request_parameter_max_length_set::CHECK,
    request_parameter_max_length_updated::CHECK,
    request_parameter_max_set::CHECK,
    request_parameter_max_updated::CHECK,
    request_parameter_min_items_set::CHECK,
    request_parameter_min_items_updated::CHECK,
    request_parameter_min_length_updated::CHECK,
    request_parameter_min_set::CHECK,
    request_parameter_min_updated::CHECK,
    request_parameter_pattern_added_or_changed::CHECK,
    request_parameter_removed::CHECK,
    request_parameter_required_value_updated::CHECK,
    request_parameter_serialization_changed::CHECK,
    request_parameter_sunset_changed::CHECK,
    request_parameter_type_changed::CHECK,
    request_parameter_x_extensible_enum_value_removed::CHECK,
    request_property_all_of_updated::CHECK,
    request_property_any_of_updated::CHECK,
    request_property_became_enum::CHECK,
    request_property_became_nullable::CHECK,
    request_property_const_changed::CHECK,
    request_property_contains_updated::CHECK,
    request_property_content_updated::CHECK,
    request_property_default_value_changed::CHECK,
    request_property_dependent_required_changed::CHECK,
    request_property_dependent_schemas_updated::CHECK,
    request_property_deprecation::CHECK,
    request_property_enum_value_updated::CHECK,
    request_property_if_updated::CHECK,
    request_property_list_of_types_changed::CHECK,
    request_property_max_length_set::CHECK,
    request_property_max_length_updated::CHECK,
    request_property_max_set::CHECK,
    request_property_max_updated::CHECK,
    request_property_min_items_increased::CHECK,
    request_property_min_items_set::CHECK,
    request_property_min_length_updated::CHECK,
    request_property_min_set::CHECK,
    request_property_min_updated::CHECK,
    request_property_one_of_updated::CHECK,
    request_property_pattern_properties_updated::CHECK,
    request_property_pattern_updated::CHECK,
    request_property_prefix_items_updated::CHECK,
    request_property_property_names_updated::CHECK,
    request_property_required_updated::CHECK,
    request_property_type_changed::CHECK,
    request_property_unevaluated_updated::CHECK,
    request_property_updated::CHECK,
    request_property_write_only_read_only::CHECK,
    request_property_x_extensible_enum_value_removed::CHECK,
    response_discriminator_updated::CHECK,
    response_header_added::CHECK,
    response_header_became_nullable::CHECK,
    response_header_became_optional::CHECK,
    response_header_became_required::CHECK,
    response_header_default_value_changed::CHECK,
    response_header_enum_updated::CHECK,
    response_header_enum_value_updated::CHECK,
    response_header_pattern_updated::CHECK,
    response_header_removed::CHECK,
    response_header_serialization_changed::CHECK,
    response_header_type_changed::CHECK,
    response_links_updated::CHECK,
    response_media_type_enum_value_removed::CHECK,
    response_media_type_name_updated::CHECK,
    response_media_type_updated::CHECK,
    response_non_success_status_updated::CHECK,
    response_optional_property_updated::CHECK,
    response_optional_property_write_only_read_only::CHECK,
    response_pattern_added_or_changed::CHECK,
    response_property_all_of_updated::CHECK,
    response_property_any_of_updated::CHECK,
    response_property_became_nullable::CHECK,
    response_property_became_optional::CHECK,
    response_property_became_required::CHECK,
    response_property_const_changed::CHECK,
    response_property_contains_updated::CHECK,
    response_property_content_updated::CHECK,
    response_property_default_value_changed::CHECK,
    response_property_dependent_required_changed::CHECK,
    response_property_dependent_schemas_updated::CHECK,
    response_property_deprecation::CHECK,
    response_property_enum_value_added::CHECK,
    response_property_enum_value_removed::CHECK,
    response_property_if_updated::CHECK,
    response_property_list_of_types_changed::CHECK,
    response_property_max_increased::CHECK,
    response_property_max_length_increased::CHECK,
    response_property_max_length_unset::CHECK,
    response_property_min_decreased::CHECK,
    response_property_min_items_decreased::CHECK,
    response_property_min_items_unset::CHECK,
    response_property_min_length_decreased::CHECK,
    response_property_one_of_updated::CHECK,
    response_property_pattern_properties_updated::CHECK,
    response_property_prefix_items_updated::CHECK,
    response_property_property_names_updated::CHECK,
    response_property_type_changed::CHECK,
    response_property_unevaluated_updated::CHECK,
    response_required_property_updated::CHECK,
    response_required_property_write_only_read_only::CHECK,
    response_success_status_updated::CHECK,
    undeclared_property_required::CHECK,
    unique_items_updated::CHECK,
    version_policy::CHECK,
    webhook_updated::CHECK,
];

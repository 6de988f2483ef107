//! Causes and remedies of refusals about who acts: tokens, users, roles and keys.
use crate::kernel::Code;

/// Plain sentences: why it comes, and what to do. Empty for a code of others.
pub fn remedy(code: Code) -> &'static str {
    match code {
        Code::Unauthenticated => {
            "Send an access token (POST /v1/oauth/token gives one) or an API key's secret: Authorization: Bearer."
        }
        Code::InvalidToken => {
            "The token or key has expired, was ended or is not of this service. The detail says which: refresh it, \
             sign in again, or use the key's other secret."
        }
        Code::Forbidden => {
            "Your roles, or this API key, do not include the permission; for what belongs to no location, such as \
             users, they must include it everywhere. GET /v1/me or /v1/me/api-key tells what they do include."
        }
        Code::GrantBeyondOwn => {
            "It gives a permission that you do not hold there for that long. Ask someone who does, or give less."
        }
        Code::ChannelNotAllowed => "Use the key of that channel, or sell through the channel that this key has.",
        Code::ApiKeyRevoked => "A revoked key stays as it is. Make another one: POST /v1/api-keys.",
        Code::ApiKeySecrets => {
            "A key has one secret, and two while it is rotated. End the one that nobody uses, or revoke the key."
        }
        Code::EmailTaken => "A user with this address exists. Change their roles instead.",
        Code::GrantExists => {
            "The user holds this role at this place at that time. Revoke that grant first to give it other dates."
        }
        Code::UserDisabled => "Enable the user first.",
        Code::LastAdmin => "Make someone else an admin everywhere first, who has chosen a password.",
        Code::InvitationInvalid => {
            "Ask for a new invitation: tokens work once, for seven days, while whoever gave it may give as much."
        }
        Code::WrongPassword => "Type the password that you sign in with.",
        Code::RoleExists => "Choose another code, or change the role that has it (PATCH /v1/roles/{role_code}).",
        Code::RoleBuiltIn => {
            "Create a role of your own with the permissions you want (POST /v1/roles), and grant that."
        }
        Code::RoleInUse => "Revoke the grants first: GET /v1/users?role= lists who has them.",
        Code::LocationGroupExists => "Choose another code, or change the group that has it.",
        Code::LocationGroupInUse => "Revoke the grants first: GET /v1/users?location_group_id= lists who has them.",
        Code::UnknownRole => "GET /v1/roles lists the roles, built-in ones and those of the brand.",
        Code::UnknownLocationGroup => "GET /v1/location-groups lists them.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use crate::{kernel::Code, platform::http::response::remedies::remedy};

    #[test]
    fn every_code_has_a_remedy() {
        for code in Code::ALL {
            assert!(!remedy(*code).is_empty(), "{}", code.as_str());
        }
    }
}

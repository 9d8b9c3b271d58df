//! Origins as far as a URL tells: which may be fetched from, what they are told, where a redirect leads,
//! and what is said of them when they fail. Nothing is resolved or connected to here.

pub mod address;
mod allowed;
mod error;
pub mod guard;
mod headers;
mod hop;
mod name;

pub use self::address::{AddressRules, Network, NetworkError};
pub use self::allowed::AllowedOrigin;
pub use self::error::{Cause, Fault, FetchError, RuleError};
pub use self::guard::{Guard, Refusal, Standing};
pub use self::headers::{ACCEPT, ACCEPT_ENCODING, Authorization, Forwarding};
pub use self::hop::{Hop, Leads, is_whole, refused, retry_after};
pub use self::name::OriginName;

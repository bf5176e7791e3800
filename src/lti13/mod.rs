//! LTI 1.3 (1EdTech LTI Core 1.3, Security Framework 1.0) as Canvas does it.

pub mod claims;
pub mod deep_linking;
mod members;
pub mod message;
mod platform;
pub mod timestamp;

pub use deep_linking::{DeepLinking, DeepLinkingResponse};
pub use platform::{Deployments, Environment, Platform, find};

//! LTI 1.3.

mod message;

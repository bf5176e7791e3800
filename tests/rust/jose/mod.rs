//! JSON, keys, signatures and encryption: the RFCs' examples, other implementations, and what is refused.

mod claims;
mod decryption;
mod defaults;
mod external;
mod jose_jwk;
mod jose_jws;
mod josekit;
mod json;
mod jwk_set;
mod key_limits;
mod keys;
mod mutation;
mod pem;
mod prepared;
mod properties;
mod rfc;
mod rsa;
mod strict;
mod strict_header;
mod strict_jwe;

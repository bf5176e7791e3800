//! AES with a key of any of its lengths, told at run time: the modes built on it are then there once, not three times.

use aes::cipher::common::{Block, BlockSizeUser, ParBlocksSizeUser};
use aes::cipher::consts::{U1, U16};
use aes::cipher::inout::InOut;
use aes::cipher::{
    BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncBackend, BlockCipherEncClosure,
    BlockCipherEncrypt, KeyInit,
};
use aes::{Aes128, Aes192, Aes256};

/// The block cipher with its key, which is zeroized when it is dropped.
pub(crate) enum Aes {
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

impl Aes {
    /// A key of 16, 24 or 32 bytes.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Some(Self::Aes128(Aes128::new_from_slice(key).ok()?)),
            24 => Some(Self::Aes192(Aes192::new_from_slice(key).ok()?)),
            32 => Some(Self::Aes256(Aes256::new_from_slice(key).ok()?)),
            _ => None,
        }
    }
}

impl BlockSizeUser for Aes {
    type BlockSize = U16;
}

/// One block at a time: so does the implementation for WebAssembly.
impl ParBlocksSizeUser for Aes {
    type ParBlocksSize = U1;
}

impl BlockCipherEncrypt for Aes {
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = U16>) {
        f.call(self);
    }
}

impl BlockCipherEncBackend for Aes {
    fn encrypt_block(&self, block: InOut<'_, '_, Block<Self>>) {
        match self {
            Self::Aes128(aes) => aes.encrypt_block_inout(block),
            Self::Aes192(aes) => aes.encrypt_block_inout(block),
            Self::Aes256(aes) => aes.encrypt_block_inout(block),
        }
    }
}

impl BlockCipherDecrypt for Aes {
    fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = U16>) {
        f.call(self);
    }
}

impl BlockCipherDecBackend for Aes {
    fn decrypt_block(&self, block: InOut<'_, '_, Block<Self>>) {
        match self {
            Self::Aes128(aes) => aes.decrypt_block_inout(block),
            Self::Aes192(aes) => aes.decrypt_block_inout(block),
            Self::Aes256(aes) => aes.decrypt_block_inout(block),
        }
    }
}

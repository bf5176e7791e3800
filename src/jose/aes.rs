//! AES with a key of any of its lengths, told at run time: the modes built on it are then there once, not three times.

use aes::cipher::array::typenum::Unsigned;
use aes::cipher::common::{Block, BlockSizeUser, ParBlocks, ParBlocksSizeUser};
use aes::cipher::consts::{U4, U16};
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

/// Blocks to be replaced. A single one goes the way of as many as the implementation does at a time, so that it needs
/// no code of its own.
struct Blocks<'b>(&'b mut [Block<Aes>]);

macro_rules! replace {
    ($blocks:expr, $B:ty, $replace:expr) => {
        for blocks in $blocks.0.chunks_mut(<$B>::ParBlocksSize::USIZE) {
            let mut batch = ParBlocks::<$B>::default();
            batch.iter_mut().zip(&*blocks).for_each(|(to, from)| *to = *from);
            $replace((&mut batch).into());
            blocks.iter_mut().zip(&batch).for_each(|(to, from)| *to = *from);
        }
    };
}

impl BlockSizeUser for Blocks<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Blocks<'_> {
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        replace!(self, B, |batch| backend.encrypt_par_blocks(batch));
    }
}

impl BlockCipherDecClosure for Blocks<'_> {
    fn call<B: BlockCipherDecBackend<BlockSize = U16>>(self, backend: &B) {
        replace!(self, B, |batch| backend.decrypt_par_blocks(batch));
    }
}

impl Aes {
    fn encrypt(&self, blocks: &mut [Block<Self>]) {
        match self {
            Self::Aes128(aes) => aes.encrypt_with_backend(Blocks(blocks)),
            Self::Aes192(aes) => aes.encrypt_with_backend(Blocks(blocks)),
            Self::Aes256(aes) => aes.encrypt_with_backend(Blocks(blocks)),
        }
    }

    fn decrypt(&self, blocks: &mut [Block<Self>]) {
        match self {
            Self::Aes128(aes) => aes.decrypt_with_backend(Blocks(blocks)),
            Self::Aes192(aes) => aes.decrypt_with_backend(Blocks(blocks)),
            Self::Aes256(aes) => aes.decrypt_with_backend(Blocks(blocks)),
        }
    }
}

impl BlockSizeUser for Aes {
    type BlockSize = U16;
}

/// As many as the portable implementation does at a time.
impl ParBlocksSizeUser for Aes {
    type ParBlocksSize = U4;
}

impl BlockCipherEncrypt for Aes {
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = U16>) {
        f.call(self);
    }
}

impl BlockCipherEncBackend for Aes {
    fn encrypt_block(&self, mut block: InOut<'_, '_, Block<Self>>) {
        let mut out = [block.clone_in()];
        self.encrypt(&mut out);
        [*block.get_out()] = out;
    }

    fn encrypt_par_blocks(&self, mut blocks: InOut<'_, '_, ParBlocks<Self>>) {
        let mut out = blocks.clone_in();
        self.encrypt(&mut out);
        *blocks.get_out() = out;
    }
}

impl BlockCipherDecrypt for Aes {
    fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = U16>) {
        f.call(self);
    }
}

impl BlockCipherDecBackend for Aes {
    fn decrypt_block(&self, mut block: InOut<'_, '_, Block<Self>>) {
        let mut out = [block.clone_in()];
        self.decrypt(&mut out);
        [*block.get_out()] = out;
    }

    fn decrypt_par_blocks(&self, mut blocks: InOut<'_, '_, ParBlocks<Self>>) {
        let mut out = blocks.clone_in();
        self.decrypt(&mut out);
        *blocks.get_out() = out;
    }
}
